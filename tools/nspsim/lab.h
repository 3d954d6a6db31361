// What the commands of `nspsim lab` share: which lab is meant.
#ifndef NSP_TOOLS_NSPSIM_LAB_H_
#define NSP_TOOLS_NSPSIM_LAB_H_

#include <filesystem>
#include <string>

#include "sim/lab/control.h"
#include "tools/nspsim/command.h"

namespace nsp::cli {

struct WhichLab {
  std::string name = "default";
  std::string home;  // empty: lab::default_home()

  [[nodiscard]] std::filesystem::path socket() const;
};

// Adds `--name` and `--home`.
void add_which_lab(CLI::App& command, WhichLab& which);

// Asks, prints what was done or why not; the exit status.
[[nodiscard]] int tell_lab(const WhichLab& which, const lab::ControlRequest& request);

// Each adds one group of commands below `nspsim lab`.
void setup_lab_up(CLI::App& lab, int& status);
void setup_lab_changes(CLI::App& lab, int& status);
void setup_lab_questions(CLI::App& lab, int& status);
void setup_lab_exec(CLI::App& lab, int& status);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_LAB_H_

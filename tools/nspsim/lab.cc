// `nspsim lab`: the environment as live nodes on loopback.
#include "tools/nspsim/lab.h"

#include <fmt/format.h>

#include <cstdio>

#include "sim/lab/control_client.h"
#include "sim/lab/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {

std::filesystem::path WhichLab::socket() const {
  return lab::control_socket(home.empty() ? lab::default_home() : std::filesystem::path(home),
                             name);
}

void add_which_lab(CLI::App& command, WhichLab& which) {
  command.add_option("--name", which.name, "name of the lab")->capture_default_str();
  command.add_option("--home", which.home,
                     "folder of all labs (default $XDG_RUNTIME_DIR/nspsim or /tmp/nspsim-UID)");
}

int tell_lab(const WhichLab& which, const lab::ControlRequest& request) {
  const auto line = lab::ask_lab(which.socket(), request);
  if (!line) {
    print_error(line.error());
    return kInvalidInput;
  }
  const auto answer = lab::parse_answer(*line);
  if (!answer) {
    for (const std::string& reason : answer.error()) print_error(reason);
    return kInvalidInput;
  }
  for (const std::string& warning : answer->warnings) {
    std::fputs(fmt::format("nspsim: warning: {}\n", warning).c_str(), stderr);
  }
  std::string text = answer->done + '\n';
  if (answer->behind_ms != 0) {
    text += fmt::format("the data plane follows in {:.1f} s\n",
                        static_cast<double>(answer->behind_ms) / 1000);
  }
  return finish(text, {}, kOk);
}

void setup_lab(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("lab", "run the environment as live nodes on loopback");
  setup_lab_up(*command, status);
  setup_lab_changes(*command, status);
  setup_lab_questions(*command, status);
  setup_lab_exec(*command, status);
  command->require_subcommand(1);
  command->footer(
      "example:\n  nspsim lab up --env site.json --callers callers.json &\n"
      "  nspsim lab set accessMode=Enforced --association a-docs");
}

}  // namespace nsp::cli

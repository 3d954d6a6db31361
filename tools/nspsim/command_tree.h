// The program's command line as plain data, for what the program prints of itself: shell completion
// and manual page.
//
// Read from the CLI11 tree, so that a new option is described everywhere as soon as it is declared.
// The values of an option come from its IsMember check; an option or argument takes files when its
// type name, or the name of an argument, says FILE, PATH or DIR. Hidden options (those of no group)
// are left out.
#ifndef NSP_TOOLS_NSPSIM_COMMAND_TREE_H_
#define NSP_TOOLS_NSPSIM_COMMAND_TREE_H_

#include <string>
#include <vector>

#include "tools/nspsim/command.h"

namespace nsp::cli {

struct OptionFacts {
  std::vector<std::string> names;  // `--format`, `-f`; for an argument its name alone
  std::string description;
  std::string placeholder;          // `FILE`, `TEXT`; empty for a flag
  std::vector<std::string> values;  // the only ones accepted; empty: any
  bool positional = false;
  bool takes_file = false;
  bool repeats = false;

  [[nodiscard]] bool takes_value() const { return !placeholder.empty(); }
};

struct CommandFacts {
  std::string name;
  std::string description;
  std::string footer;
  std::vector<OptionFacts> options;    // sorted by name
  std::vector<OptionFacts> arguments;  // in order
  std::vector<CommandFacts> commands;  // sorted by name
};

[[nodiscard]] CommandFacts describe(const CLI::App& app);

// What every exit status means, a line each, for help and manual.
[[nodiscard]] const std::vector<std::pair<int, std::string>>& exit_meanings();

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_COMMAND_TREE_H_

// One file a subcommand: an options struct, a `setup_…` that adds it to the program's command line,
// a `run_…`.
//
// A setup function declares options and, when its subcommand is chosen, stores the exit status
// through `status`. Exit statuses are the contract's: 0 all held, 1 an expectation failed or a
// finding, 2 usage, 3 input invalid, 4 something could not be decided, 5 nothing was selected.
#ifndef NSP_TOOLS_NSPSIM_COMMAND_H_
#define NSP_TOOLS_NSPSIM_COMMAND_H_

#include <CLI/CLI.hpp>

namespace nsp::cli {

struct MergedTraffic;

enum Exit : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kInvalidInput = 3,
  kUndecided = 4,
  kNothingSelected = 5,
};

void setup_run(CLI::App& app, int& status);
void setup_explain(CLI::App& app, int& status);
void setup_eval(CLI::App& app, int& status);
void setup_matrix(CLI::App& app, int& status);
void setup_import(CLI::App& app, int& status);
void setup_init(CLI::App& app, int& status);
void setup_lint(CLI::App& app, int& status);
// `merged`: what the parts of a merge hold, instead of what the files do.
void setup_replay(CLI::App& app, int& status, const MergedTraffic* merged = nullptr);
void setup_readiness(CLI::App& app, int& status, const MergedTraffic* merged = nullptr);
void setup_merge(CLI::App& app, int& status);
void setup_completion(CLI::App& app, int& status);
void setup_man(CLI::App& app, int& status);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_COMMAND_H_

// `nspsim run`: run scenario pages.
#include "sim/scenario/run.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "sim/analysis/lint_block.h"
#include "sim/analysis/traffic.h"
#include "sim/lab/live_run.h"
#include "sim/report/run_report.h"
#include "sim/scenario/update.h"
#include "tools/nspsim/access_log_option.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

namespace fs = std::filesystem;

struct RunCommand {
  std::vector<std::string> paths;
  std::vector<std::string> environment;
  std::string effective;
  std::vector<std::string> assume;
  TemplateOptions templates;
  std::string filter;
  bool list = false;
  bool watch = false;
  bool update = false;
  bool strict = false;
  AccessLogOptions access_log;
  bool live = false;
  CommonOptions common;
};

// The pages that come with the program, found from where the executable stands.
fs::path installed_scenarios() {
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path share = self.parent_path().parent_path() / "share" / "nspsim" / "scenarios";
  return fs::exists(share, ignored) ? share : fs::path();
}

// `scenarios/` here, else the installed ones, else `scenarios` for the message that it is missing.
fs::path default_path() {
  std::error_code ignored;
  if (fs::exists("scenarios", ignored)) return "scenarios";
  const fs::path installed = installed_scenarios();
  return installed.empty() ? fs::path("scenarios") : installed;
}

RunOptions run_options(const RunCommand& command) {
  RunOptions options;
  options.paths.assign(command.paths.begin(), command.paths.end());
  if (options.paths.empty()) options.paths.push_back(default_path());
  options.filter = command.filter;
  options.list = command.list;
  options.strict = command.strict;
  options.read_traffic = read_observations;
  options.lint = lint_block;
  options.effective = effective_side(command.effective);
  options.replace_environment.assign(command.environment.begin(), command.environment.end());
  // Checked when the command line was read.
  for (const auto& text : command.assume) {
    [[maybe_unused]] const bool read = add_assumptions(options.readings, text).has_value();
  }
  return options;
}

// One cell a line, as an editor can open it.
std::string list_text(const RunResult& result) {
  std::string text;
  for (const auto& page : result.pages) {
    for (const auto& cell : page.cells) {
      text += fmt::format("{}: {} [{}]\n", to_string(cell.place), printable(cell.case_name),
                          cell.column);
    }
  }
  return text;
}

// A report for programs says what is wrong with a page in its own way; people at the terminal want
// to read it, too.
void print_page_errors(const RunResult& result) {
  for (const auto& page : result.pages) {
    Diagnostics errors = page.diagnostics;
    std::erase_if(errors, [](const Diagnostic& each) { return each.severity != Severity::Error; });
    print_diagnostics(errors);
  }
}

void print_updates(const UpdateResult& update, bool quiet) {
  if (quiet) return;
  for (const auto& page : update.updated) {
    std::fputs(fmt::format("updated {} in {}\n", count_of(page.cells, "cell"), printable(page.path))
                   .c_str(),
               stderr);
  }
}

// What came undecided is a cell that held or failed; exit status 4 is for commands that expect
// nothing.
int report(const RunCommand& command, const RunResult& result) {
  const int status = exit_status(result);
  const bool for_people =
      command.common.report_format() == ReportFormat::Text && command.common.output.empty();
  if (command.list || !for_people) print_page_errors(result);
  if (status == kNothingSelected) print_error("nothing was selected: no page has a case that fits");
  const std::string text =
      command.list ? list_text(result)
                   : render_run(result, command.common.report_format(), command.common.render());
  return finish(text, command.common.output, status);
}

// Both hear of every decision.
DecisionListener both(DecisionListener log, lab::LiveCases* live) {
  if (live == nullptr) return log;
  return [log = std::move(log), live](const Decided& decided) {
    if (log) log(decided);
    if (decided.cell != nullptr) live->add(decided);
  };
}

// What the network decided goes where people read it; a report for programs stays as it is.
int report_live(const RunCommand& command, const lab::LiveCases& cases) {
  const auto result = lab::run_live(cases);
  if (!result) {
    print_error(result.error());
    return kInvalidInput;
  }
  const bool for_people =
      command.common.report_format() == ReportFormat::Text && command.common.output.empty();
  const std::string text = lab::live_text(*result);
  if (for_people) {
    const int written = write_output("\n" + text, {});
    if (written != kOk) return written;
  } else {
    std::fputs(text.c_str(), stderr);
  }
  return result->differences.empty() ? kOk : kFailed;
}

// The log is in its place before the report tells of the run.
int run_and_log(const RunCommand& command, RunOptions options) {
  auto log = AccessLog::open(command.access_log, {command.common.output});
  if (!log) return log.error();
  lab::LiveCases cases;
  options.on_decision = both(log->listener(), command.live ? &cases : nullptr);
  const RunResult result = run_pages(options);
  const int logged = log->commit();
  const int status = report(command, result);
  if (logged != kOk) return logged;
  const int live = command.live ? report_live(command, cases) : kOk;
  return status == kOk ? live : status;
}

int run_once(const RunCommand& command) {
  RunOptions options = run_options(command);
  auto told = read_options(command.templates);
  if (!told) {
    print_diagnostics(told.error());
    return kInvalidInput;
  }
  options.read = *std::move(told);
  if (!command.update) return run_and_log(command, std::move(options));
  const UpdateResult update = update_pages(options);
  print_updates(update, command.common.quiet);
  return report(command, update.result);
}

using Times = std::map<fs::path, fs::file_time_type>;

void note_time(const fs::path& file, Times& times) {
  std::error_code failed;
  const auto time = fs::last_write_time(file, failed);
  if (!failed) times[file] = time;
}

// Every file that could change the outcome: the given paths and all beside them, since environments
// stand there.
Times file_times(const RunOptions& options) {
  Times times;
  std::vector<fs::path> roots = options.paths;
  roots.insert(roots.end(), options.replace_environment.begin(), options.replace_environment.end());
  for (const auto& root : roots) {
    std::error_code failed;
    const bool folder = fs::is_directory(root, failed);
    const fs::path within = folder                   ? root
                            : root.has_parent_path() ? root.parent_path()
                                                     : fs::path(".");
    note_time(root, times);
    fs::recursive_directory_iterator walk(within, failed);
    for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
      if (walk->is_regular_file(failed)) note_time(walk->path(), times);
    }
  }
  return times;
}

std::atomic<bool> watch_interrupted = false;

int watch(const RunCommand& command) {
  std::signal(SIGINT, [](int) { watch_interrupted = true; });
  const RunOptions options = run_options(command);
  int status = run_once(command);
  Times before = file_times(options);
  while (!watch_interrupted) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    Times now = file_times(options);
    if (watch_interrupted || now == before) continue;
    before = std::move(now);
    std::fputs("\n", stderr);
    status = run_once(command);
  }
  return status;
}

int run_run(const RunCommand& command) {
  if (command.list && command.common.report_format() != ReportFormat::Text) {
    return usage_error("`--list` prints text, it takes no `--format`");
  }
  return command.watch ? watch(command) : run_once(command);
}

}  // namespace

void setup_run(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("run", "run scenario pages");
  auto options = std::make_shared<RunCommand>();
  command->add_option("PATH", options->paths, "pages and folders of pages (default: scenarios/)")
      ->type_name("");
  command
      ->add_option("--filter", options->filter,
                   "only pages or cases whose path or name contains this")
      ->type_name("TEXT");
  auto* list = command->add_flag("--list", options->list, "name the cells, judge none");
  auto* watching =
      command->add_flag("--watch", options->watch, "run again whenever a file changes");
  auto* update = command->add_flag("--update", options->update,
                                   "write what came into the outcome cells that fail");
  auto* environment = command
                          ->add_option("--env", options->environment,
                                       "judge against these documents instead of the pages' own")
                          ->type_name("FILE");
  add_assume_option(*command, options->assume);
  add_effective_option(*command, options->effective);
  add_template_options(*command, options->templates);
  command->add_flag("--strict", options->strict,
                    "warnings, and undecided outcomes nobody expected, are errors");
  auto* log = add_access_log_options(*command, options->access_log);
  auto* live =
      command->add_flag("--live", options->live, "send every attempt over a lab, too, and compare");
  update->excludes(list)->excludes(watching)->excludes(environment)->excludes(log)->excludes(live);
  list->excludes(watching)->excludes(log)->excludes(live);
  add_common_options(*command, options->common, kRunFormats);
  command->footer(
      "example:\n  nspsim run scenarios --filter blob --format junit --output result.xml");
  command->callback([options, &status] { status = run_run(*options); });
}

}  // namespace nsp::cli

// `nspsim lint`: say what in an environment will not do what its author thinks.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sim/analysis/lint_suppressions.h"
#include "sim/document/file.h"
#include "sim/report/lint_report.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"
#include "tools/nspsim/source_columns.h"

namespace nsp::cli {
namespace {

struct LintCommand {
  EnvironmentOptions environment;
  CommonOptions common;
  std::vector<std::string> enable;
  std::vector<std::string> disable;
  std::string threshold = "warning";
  std::string suppressions;
  std::string today;
  bool list = false;
};

std::string check_selection(const std::string& text) {
  const auto selection = select_checks(std::vector{text}, {});
  return selection ? std::string() : selection.error();
}

std::expected<Day, std::string> read_day(const std::string& text) {
  if (const auto day = parse_day(text)) return *day;
  return std::unexpected(fmt::format("`{}` is no date, expected one like `2026-06-30`", text));
}

// REQUIRES: CLI11 has checked the text.
Day today(const LintCommand& options) {
  if (!options.today.empty()) return *read_day(options.today);
  return day_of(
      std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()));
}

Severity threshold(const LintCommand& options) {
  if (options.threshold == "error") return Severity::Error;
  return options.threshold == "note" ? Severity::Note : Severity::Warning;
}

Result<std::vector<Suppression>> load_suppressions(const std::string& file) {
  if (file.empty()) return std::vector<Suppression>{};
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  return read_suppressions(*bytes, file);
}

int print_list(const LintCommand& options, const LintSelection& selection) {
  switch (options.common.report_format()) {
    case ReportFormat::Text:
      return finish(checks_as_text(selection, options.common.render()), options.common.output, kOk);
    case ReportFormat::Json:
      return finish(checks_as_json(selection), options.common.output, kOk);
    default:
      return usage_error("`--list` knows the formats `text` and `json`");
  }
}

int find_and_report(const LintCommand& options, LintSelection selection) {
  const auto suppressions = load_suppressions(options.suppressions);
  if (!suppressions) {
    print_diagnostics(suppressions.error());
    return kInvalidInput;
  }
  const auto environment = load(options.environment, options.common.quiet, TellDrift::No);
  if (!environment) return environment.error();
  // Pages and `--callers` tell who calls; where neither is given nothing follows from silence.
  const bool told = !options.environment.callers.empty() || !environment->callers.empty();
  const LintInput input{environment->policy, told ? &environment->callers : nullptr,
                        environment->readings, environment->drift};
  LintFacts facts;
  facts.report = lint(input, selection, *suppressions, today(options));
  facts.selection = std::move(selection);
  facts.character = SourceColumns();
  const bool found = facts.report.count_from(threshold(options)) != 0;
  return finish(render_lint(facts, options.common.report_format(), options.common.render()),
                options.common.output, found ? kFailed : kOk);
}

int run_lint_command(const LintCommand& options) {
  auto selection = select_checks(options.enable, options.disable);
  if (!selection) return usage_error(selection.error());
  if (selected_checks(*selection).empty()) {
    print_error("nothing was selected: every check is disabled");
    return kNothingSelected;
  }
  if (options.list) return print_list(options, *selection);
  if (options.environment.files.empty()) return usage_error("--env is required");
  return find_and_report(options, *std::move(selection));
}

void add_selection_options(CLI::App& command, LintCommand& options) {
  const auto add = [&](const char* name, std::vector<std::string>& into, const char* text) {
    command.add_option(name, into, text)
        ->allow_extra_args(false)
        ->type_name("CHECKS")
        ->check(check_selection);
  };
  add("--enable", options.enable,
      "only these checks: ids, names, ranges like `NSP1xx`, commas between; may be repeated");
  add("--disable", options.disable, "not these checks; may be repeated");
  command.add_flag("--list", options.list, "list the checks, look at nothing");
}

}  // namespace

void setup_lint(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("lint", "find what will not do what it seems to do");
  auto options = std::make_shared<LintCommand>();
  add_environment_options(*command, options->environment);
  command->get_option("--env")->required(false);  // `--list` needs none
  add_selection_options(*command, *options);
  command
      ->add_option("--threshold", options->threshold,
                   "a finding of this severity, or a worse one, gives status 1 (default: warning)")
      ->check(CLI::IsMember({"error", "warning", "note"}));
  auto* suppressions = command
                           ->add_option("--suppressions", options->suppressions,
                                        "JSON file of accepted findings, with reasons and dates")
                           ->type_name("FILE");
  command
      ->add_option("--today", options->today,
                   "the day that suppressions are held against (default: the clock's, UTC)")
      ->type_name("DATE")
      ->needs(suppressions)
      ->check(check_with(read_day));
  add_common_options(*command, options->common, kLintFormats);
  command->footer(
      "examples:\n"
      "  nspsim lint --env site.json\n"
      "  nspsim lint --env site.json --disable NSP4xx --threshold error\n"
      "  nspsim lint --env plan.json --suppressions accepted.json --format sarif\n"
      "  nspsim lint --list");
  command->callback([options, &status] { status = run_lint_command(*options); });
}

}  // namespace nsp::cli

// `nspsim diff`: what changes between two environments.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "sim/base/text.h"
#include "sim/report/diff_report.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 4> kDiffFormats{"text", "json", "markdown", "github"};
// Beside the words of Turn: whatever would only be if all were Enforced.
constexpr std::string_view kIfEnforced = "if-enforced";

struct DiffOptions {
  std::string base;
  std::string candidate;
  std::vector<std::string> base_files;
  std::vector<std::string> candidate_files;
  std::string plan;
  std::string callers;
  std::vector<std::string> assume;
  std::vector<std::string> allow;
  TemplateOptions templates;
  CommonOptions common;
  bool reasons = false;
  bool strict = false;
};

// What a side is read from.
struct Side {
  EnvironmentOptions environment;
  std::string name;
};

Side side_of(const DiffOptions& options, std::vector<std::string> files, PlanSide plan_side) {
  Side side;
  side.name = join(files, ", ");
  side.environment.files = std::move(files);
  side.environment.callers = options.callers;
  side.environment.assume = options.assume;
  side.environment.templates = options.templates;
  side.environment.plan_side = plan_side;
  return side;
}

std::array<Side, 2> sides_of(const DiffOptions& options) {
  if (!options.plan.empty()) {
    std::array sides{side_of(options, {options.plan}, PlanSide::Before),
                     side_of(options, {options.plan}, PlanSide::After)};
    sides[0].name += ", before";
    sides[1].name += ", after";
    return sides;
  }
  if (!options.base.empty()) {
    return {side_of(options, {options.base}, PlanSide::After),
            side_of(options, {options.candidate}, PlanSide::After)};
  }
  return {side_of(options, options.base_files, PlanSide::After),
          side_of(options, options.candidate_files, PlanSide::After)};
}

// Two sides, said in one of three ways; empty: all is well.
std::string check_sides(const DiffOptions& options) {
  const bool plan = !options.plan.empty();
  const bool pair = !options.base.empty() || !options.candidate.empty();
  const bool files = !options.base_files.empty() || !options.candidate_files.empty();
  const bool whole = options.base.empty() == options.candidate.empty() &&
                     options.base_files.empty() == options.candidate_files.empty();
  if (whole && static_cast<int>(plan) + static_cast<int>(pair) + static_cast<int>(files) == 1) {
    return {};
  }
  return "expected two environments: BASE CANDIDATE, `--base FILE… --candidate FILE…` or "
         "`--terraform-plan FILE`";
}

Allowance allowance_of(const std::vector<std::string>& words) {
  Allowance allowance;
  for (const std::string& text : words) {
    for (const std::string_view word : split_words(text, ',')) {
      if (iequals(word, kIfEnforced)) allowance.only_enforced = true;
      const auto turn = parse_word<Turn>(word);
      if (turn) allowance.turns.set(static_cast<std::size_t>(*turn));
    }
  }
  return allowance;
}

std::string check_allowed(const std::string& text) {
  for (const std::string_view word : split_words(text, ',')) {
    if (iequals(word, kIfEnforced) || parse_word<Turn>(word)) continue;
    return fmt::format("`{}` is no change of a verdict, expected one of {}, {}", word,
                       fmt::join(Vocabulary<Turn>::words, ", "), kIfEnforced);
  }
  return {};
}

// 1 for what changed and was not allowed, 4 where all of it became undecided.
int status_of(const EnvironmentDiff& diff, const DiffOptions& options) {
  const auto worst = worst_not_allowed(diff.verdicts, allowance_of(options.allow));
  if (worst && *worst != Turn::Clouded) return kFailed;
  if (options.strict && !diff.empty()) return kFailed;
  return worst ? kUndecided : kOk;
}

std::string render(const DiffReport& report, const CommonOptions& options) {
  switch (options.report_format()) {
    case ReportFormat::Json:
      return diff_as_json(report);
    case ReportFormat::Markdown:
      return diff_as_markdown(report);
    case ReportFormat::Github:
      return diff_as_github(report);
    default:
      return diff_as_text(report, options.render());
  }
}

// The candidate's, and those that only the base has.
std::vector<Caller> callers_of(const LoadedEnvironment& base, const LoadedEnvironment& candidate) {
  std::vector<Caller> callers = candidate.callers;
  const CallerBook known(callers);
  for (const Caller& caller : base.callers) {
    if (known.find(caller.name) == nullptr) callers.push_back(caller);
  }
  return callers;
}

int run_diff(const DiffOptions& options) {
  if (const std::string wrong = check_sides(options); !wrong.empty()) {
    print_error(wrong);
    return kUsage;
  }
  const std::array<Side, 2> sides = sides_of(options);
  const auto base = load(sides[0].environment, options.common.quiet);
  const auto candidate = load(sides[1].environment, options.common.quiet);
  if (!base) return base.error();
  if (!candidate) return candidate.error();
  VerdictQuestion question;
  question.base = &base->policy;
  question.candidate = &candidate->policy;
  question.callers = callers_of(*base, *candidate);
  question.readings = candidate->readings;
  question.reasons = options.reasons;
  const DiffReport report{sides[0].name, sides[1].name, diff_environments(question)};
  return finish(render(report, options.common), options.common.output,
                status_of(report.diff, options));
}

void add_side_options(CLI::App& command, DiffOptions& options) {
  constexpr std::string_view kWhat = "Azure documents in a file or folder, or a scenario page: ";
  command.add_option("BASE", options.base, fmt::format("{}what there is", kWhat))
      ->type_name("FILE");
  command.add_option("CANDIDATE", options.candidate, fmt::format("{}what would be", kWhat))
      ->type_name("FILE");
  command.add_option("--base", options.base_files, "files of the base, instead of BASE")
      ->type_name("FILE");
  command.add_option("--candidate", options.candidate_files, "files of the candidate")
      ->type_name("FILE");
  command
      .add_option("--terraform-plan", options.plan,
                  "a Terraform plan as JSON: what is there before it, and after")
      ->type_name("FILE");
  command.add_option("--callers", options.callers, "JSON table of callers from outside")
      ->type_name("FILE");
  add_assume_option(command, options.assume);
  add_template_options(command, options.templates);
}

void add_outcome_options(CLI::App& command, DiffOptions& options) {
  command
      .add_option(
          "--allow", options.allow,
          "changes of verdicts that do not fail: opened, closed, undecided, decided, added, "
          "removed, if-enforced; may be repeated")
      ->type_name("CHANGE")
      ->allow_extra_args(false)
      ->check(check_allowed);
  command.add_flag("--strict", options.strict, "any difference fails, one of configuration too");
  command.add_flag("--reasons", options.reasons,
                   "tell of the same verdict for another reason, too");
}

}  // namespace

void setup_diff(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("diff", "show what changes between two environments");
  auto options = std::make_shared<DiffOptions>();
  add_side_options(*command, *options);
  add_outcome_options(*command, *options);
  add_common_options(*command, options->common, kDiffFormats);
  command->footer(
      "examples:\n"
      "  nspsim diff site.json site-after.json\n"
      "  nspsim diff --terraform-plan plan.json --allow closed --format markdown\n"
      "  nspsim diff --base live/ --candidate live/ --candidate new-rule.json\n"
      "without --allow every change of a verdict fails (1), one to undecided as 4");
  command->callback([options, &status] { status = run_diff(*options); });
}

}  // namespace nsp::cli

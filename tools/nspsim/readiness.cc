// `nspsim readiness`: what breaks when associations are Enforced, what would help, and whether the
// evidence is enough to say so.
#include "sim/analysis/readiness.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <string>

#include "sim/base/text.h"
#include "sim/report/environment_json.h"
#include "sim/report/explain.h"
#include "sim/report/readiness_report.h"
#include "tools/nspsim/traffic_options.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 4> kReadinessFormats{"text", "json", "markdown", "html"};
constexpr Day kMostDays = 3650;

struct ReadinessCommand {
  EnvironmentOptions environment;
  TrafficOptions traffic;
  CommonOptions common;
  std::vector<std::string> associations;
  std::string window = "14d";
  std::string period = "7d";
  std::string silent_days;
  std::string as_of;
  std::vector<std::string> logged;
  std::vector<std::string> accept;
  std::uint64_t max_unseen = SuggestOptions{}.max_unseen;
  std::string emit;
  std::string emit_to;
  std::string candidate;
  bool all = false;
};

std::expected<Day, std::string> parse_days(const std::string& text) {
  std::string_view digits = text;
  if (digits.ends_with('d')) digits.remove_suffix(1);
  Day days = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), days);
  if (error == std::errc{} && end == digits.data() + digits.size() && days >= 0 &&
      days <= kMostDays) {
    return days;
  }
  return std::unexpected(fmt::format(
      "`{}` is no number of days, expected one like `14d`, at most {}", text, kMostDays));
}

std::expected<Day, std::string> parse_some_days(const std::string& text) {
  const auto days = parse_days(text);
  if (days && *days == 0) return std::unexpected("expected at least `1d`");
  return days;
}

std::expected<Instant, std::string> parse_as_of(const std::string& text) {
  if (const auto instant = parse_instant(text)) return *instant;
  return std::unexpected(
      fmt::format("`{}` is no time, expected one like `2026-06-30T12:00:00Z`", text));
}

// `all`, or a category of the access log.
std::string check_logged(const std::string& word) {
  if (iequals(word, "all") || parse_word<LogCategory>(word)) return {};
  const std::string_view near = nearest_word(word, Vocabulary<LogCategory>::words);
  return fmt::format("`{}` is no category of the access log, and not `all`{}", word,
                     near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near));
}

std::vector<std::string> acceptable_gaps() {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < kGapCount; ++i) {
    const auto gap = static_cast<Gap>(i);
    if (may_be_accepted(gap)) words.emplace_back(to_string(gap));
  }
  return words;
}

// REQUIRES: CLI11 has checked every text.
CoverageOptions coverage_of(const ReadinessCommand& options) {
  CoverageOptions coverage;
  coverage.window = *parse_days(options.window);
  coverage.period = *parse_days(options.period);
  if (!options.silent_days.empty()) coverage.max_silent_days = *parse_days(options.silent_days);
  if (!options.as_of.empty()) coverage.as_of = *parse_as_of(options.as_of);
  for (const std::string& word : options.logged) {
    if (const auto category = parse_word<LogCategory>(word)) {
      coverage.logged.set(static_cast<std::size_t>(*category));
    } else {
      coverage.logged.set();
    }
  }
  for (const std::string& word : options.accept) {
    coverage.accepted.set(static_cast<std::size_t>(*parse_word<Gap>(word)));
  }
  return coverage;
}

// The error is the exit status.
std::expected<std::vector<bool>, int> selected_associations(const ReadinessCommand& options,
                                                            const Environment& environment) {
  if (options.associations.empty()) return std::vector<bool>{};
  std::vector<bool> selected(environment.associations.size());
  for (const std::string& name : options.associations) {
    const auto association = find_association(environment, name);
    if (!association) {
      print_error(association.error());
      return std::unexpected(kUsage);
    }
    selected[*association] = true;
  }
  return selected;
}

ReadinessFacts find_out(const ReadinessCommand& options, const LoadedEnvironment& environment,
                        const Traffic& traffic, std::vector<bool> selected) {
  ReadinessFacts facts;
  facts.policy = &environment.policy;
  CoverageOptions coverage = coverage_of(options);
  coverage.lost_records = total(traffic.counts.unreadable) + total(traffic.counts.unusable) +
                          total(traffic.counts.unknown_categories);
  facts.report = assess_readiness(
      environment.policy, traffic.observations,
      {coverage, std::move(selected), environment.readings, options.traffic.threads()});
  facts.suggestions =
      suggest(environment.policy, facts.report, environment.readings, {options.max_unseen});
  facts.rollout =
      plan_rollout(environment.policy, facts.report, facts.suggestions, environment.readings);
  const Comparison by{&environment.policy,
                      &environment.policy,
                      {},
                      enforced_scope(facts.report.selected),
                      environment.readings};
  facts.replay.about = "as it is, and as if the selected associations were Enforced";
  facts.replay.counts = traffic.counts;
  facts.replay.replay = make_replay(facts.report.judged, by);
  facts.replay.agreement = compare_records(facts.report.judged, by, traffic.versions);
  facts.all = options.all;
  if (!options.emit.empty() && options.emit_to.empty()) {
    facts.emit = parse_word<EmitForm>(options.emit);
  }
  return facts;
}

std::string render(const ReadinessFacts& facts, const CommonOptions& options) {
  switch (options.report_format()) {
    case ReportFormat::Json:
      return readiness_as_json(facts);
    case ReportFormat::Markdown:
      return readiness_as_markdown(facts);
    case ReportFormat::Html:
      return readiness_as_html(facts);
    default:
      return readiness_as_text(facts, options.render());
  }
}

// The files beside the report.
int write_files(const ReadinessCommand& options, const ReadinessFacts& facts) {
  if (!options.emit_to.empty()) {
    const EmitForm form = parse_word<EmitForm>(options.emit).value_or(EmitForm::Az);
    const std::string text = emit(facts.policy->environment(), facts.suggestions, form);
    if (const int done = write_output(text, options.emit_to); done != kOk) return done;
  }
  if (options.candidate.empty()) return kOk;
  return write_output(environment_as_json(facts.suggestions.candidate), options.candidate);
}

void say_nothing_selected(const ReadinessFacts& facts) {
  print_error(facts.report.log.empty() ? "no record was read: there is no evidence"
                                       : "the environment has no association to switch");
}

int run_readiness(const CLI::App& command, const ReadinessCommand& options) {
  if (!options.emit.empty() && options.emit_to.empty() &&
      options.common.report_format() != ReportFormat::Text) {
    print_error("`--emit` shows its commands in the text form only, expected `--emit-to FILE`");
    return kUsage;
  }
  if (!options.candidate.empty() &&
      effective_side(options.environment.effective) != EffectiveSide::Perimeter) {
    print_error("`--candidate-output` writes down a perimeter, expected `--effective perimeter`");
    return kUsage;
  }
  const auto environment = load(options.environment, options.common.quiet);
  if (!environment) return environment.error();
  auto selected = selected_associations(options, environment->policy.environment());
  if (!selected) return selected.error();
  const auto obtained =
      obtain_traffic({command, options.traffic, options.common, *environment, {}});
  if (!obtained) return obtained.error();
  const ReadinessFacts facts =
      find_out(options, *environment, obtained->traffic, std::move(*selected));
  const int status = exit_status(facts.report);
  if (status == kNothingSelected) say_nothing_selected(facts);
  if (const int written = write_files(options, facts); written != kOk) return written;
  return finish(render(facts, options.common), options.common.output, status);
}

void add_evidence_options(CLI::App& command, ReadinessCommand& options) {
  command
      .add_option("--window", options.window, "days with records that the log should have (14d)")
      ->type_name("DAYS")
      ->check(check_with(parse_some_days));
  command
      .add_option("--period", options.period,
                  "callers of this period must not be missed by the log (7d)")
      ->type_name("DAYS")
      ->check(check_with(parse_some_days));
  command
      .add_option("--silent-days", options.silent_days,
                  "days of the window on which a resource may be silent (half of it)")
      ->type_name("DAYS")
      ->check(check_with(parse_days));
  command
      .add_option("--as-of", options.as_of,
                  "until when the log was collected (default: its last record)")
      ->type_name("TIME")
      ->check(check_with(parse_as_of));
  command
      .add_option("--logged", options.logged,
                  "a category that is collected, or `all`, where no document says so; may be "
                  "repeated")
      ->allow_extra_args(false)
      ->type_name("CATEGORY")
      ->check(check_logged);
  command
      .add_option("--accept", options.accept,
                  "a gap in the evidence that does not matter to you; may be repeated")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(acceptable_gaps(), CLI::ignore_case));
}

void add_suggestion_options(CLI::App& command, ReadinessCommand& options) {
  command
      .add_option("--max-unseen", options.max_unseen,
                  "addresses that nobody has seen and a suggested rule may admit (16)")
      ->type_name("N");
  command.add_option("--emit", options.emit, "show the suggestions as commands or templates")
      ->check(CLI::IsMember(std::vector<std::string>(Vocabulary<EmitForm>::words.begin(),
                                                     Vocabulary<EmitForm>::words.end())));
  command
      .add_option(
          "--emit-to", options.emit_to,
          "write the suggestions into this file (as az commands, unless `--emit` says otherwise)")
      ->type_name("FILE");
  command
      .add_option("--candidate-output", options.candidate,
                  "write the environment with the suggestions, for every other command")
      ->type_name("FILE");
}

}  // namespace

void setup_readiness(CLI::App& app, int& status, const MergedTraffic* merged) {
  auto* command = app.add_subcommand(
      "readiness", "say what breaks when enforced, and whether the evidence is enough");
  auto options = std::make_shared<ReadinessCommand>();
  options->traffic.merged = merged;
  add_environment_and_readings(*command, options->environment);
  add_log_options(*command, options->traffic)->required();
  command
      ->add_option("--association", options->associations,
                   "only this association, by its name or its resource's; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME");
  add_evidence_options(*command, *options);
  add_suggestion_options(*command, *options);
  command->add_flag("--all", options->all, "list everything, not the heaviest only");
  add_common_options(*command, options->common, kReadinessFormats);
  command->footer(
      "examples:\n"
      "  nspsim readiness --env site.json --logs insights-logs/\n"
      "  nspsim readiness --env site.json --logs export.csv --window 30d --emit terraform\n"
      "  nspsim readiness --env site.json --logs insights-logs/ --candidate-output new.json");
  command->callback([command, options, &status] { status = run_readiness(*command, *options); });
}

}  // namespace nsp::cli

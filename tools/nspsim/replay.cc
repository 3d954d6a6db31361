// `nspsim replay`: recorded traffic through the engine, now and under a changed configuration.
#include "sim/analysis/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "sim/base/text.h"
#include "sim/report/explain.h"
#include "sim/report/replay_report.h"
#include "tools/nspsim/access_log_option.h"
#include "tools/nspsim/live_options.h"
#include "tools/nspsim/traffic_options.h"

namespace nsp::cli {
namespace {

constexpr std::array<std::string_view, 6> kReplayFormats{"text",     "json", "ndjson",
                                                         "markdown", "html", "csv"};

struct ReplayOptions {
  EnvironmentOptions environment;
  TrafficOptions traffic;
  LiveWords live;
  CommonOptions common;
  AccessLogOptions access_log;
  std::vector<std::string> candidate;
  bool if_enforced = false;
  std::vector<std::string> enforced;
  ReplayFilter filter;
  std::vector<std::string> categories;
  bool all = false;
};

// What is compared. The environments are where the comparison points to.
struct Sides {
  LoadedEnvironment now;
  std::optional<LoadedEnvironment> candidate;
  std::vector<bool> enforced;
  bool if_enforced = false;

  [[nodiscard]] const Policy& then() const { return candidate ? candidate->policy : now.policy; }
  [[nodiscard]] Comparison comparison() const {
    Comparison comparison{&now.policy, &then(), {}, {}, now.readings};
    if (if_enforced) comparison.scope_then = nsp::if_enforced();
    if (if_enforced && !enforced.empty()) comparison.scope_then.only = &enforced;
    return comparison;
  }
};

std::string association_name(const Environment& environment, Index index) {
  const Association& association = environment.associations[index];
  return fmt::format("{}/{}", environment.perimeters[association.perimeter].name, association.name);
}

std::expected<std::vector<bool>, std::string> chosen_associations(
    const std::vector<std::string>& names, const Environment& environment) {
  if (names.empty()) return std::vector<bool>{};
  std::vector<bool> chosen(environment.associations.size());
  for (const std::string& name : names) {
    const auto association = find_association(environment, name);
    if (!association) return std::unexpected(association.error());
    chosen[*association] = true;
  }
  return chosen;
}

// Both sides. The error is the exit status.
std::expected<Sides, int> load_sides(const ReplayOptions& options) {
  auto now = load(options.environment, options.common.quiet);
  if (!now) return std::unexpected(now.error());
  Sides sides;
  sides.now = std::move(*now);
  if (!options.candidate.empty()) {
    EnvironmentOptions of_candidate = options.environment;
    of_candidate.files = options.candidate;
    of_candidate.callers.clear();
    auto candidate = load(of_candidate, options.common.quiet);
    if (!candidate) return std::unexpected(candidate.error());
    sides.candidate = std::move(*candidate);
  }
  sides.if_enforced = options.if_enforced || !sides.candidate;
  auto enforced = chosen_associations(options.enforced, sides.then().environment());
  if (!enforced) {
    print_error(enforced.error());
    return std::unexpected(kUsage);
  }
  sides.enforced = std::move(*enforced);
  return sides;
}

std::string enforced_text(const Sides& sides) {
  if (sides.enforced.empty()) return "every association were Enforced";
  std::vector<std::string> names;
  for (Index i = 0; i < sides.enforced.size(); ++i) {
    if (sides.enforced[i]) names.push_back(association_name(sides.then().environment(), i));
  }
  return fmt::format("{} were Enforced", join(names, ", "));
}

void describe_sides(const Sides& sides, ReplayReport& report) {
  report.then = sides.if_enforced ? "if enforced" : "candidate";
  report.about = "as it is, and ";
  if (!sides.candidate) {
    report.about += "as if " + enforced_text(sides);
  } else if (sides.if_enforced) {
    report.about += "in the candidate as if " + enforced_text(sides);
  } else {
    report.about += "in the candidate";
  }
}

std::string render(const ReplayReport& report, const CommonOptions& options) {
  switch (options.report_format()) {
    case ReportFormat::Json:
      return replay_as_json(report);
    case ReportFormat::Ndjson:
      return replay_as_ndjson(report);
    case ReportFormat::Csv:
      return replay_as_csv(report);
    case ReportFormat::Markdown:
      return replay_as_markdown(report);
    case ReportFormat::Html:
      return replay_as_html(report);
    default:
      return replay_as_text(report, options.render());
  }
}

// The contract's: a difference, else something open, else nothing at all, else all held.
int status_of(const Replay& replay) {
  if (replay.weight(Change::Revoked) + replay.weight(Change::Gained) != 0) return kFailed;
  if (replay.weight(Change::Undecided) + replay.unjudged_weight != 0) return kUndecided;
  return replay.empty() ? kNothingSelected : kOk;
}

// The records that the service would write: in the candidate where there is one, else as it is.
void write_records(const std::vector<Judged>& judged, const Sides& sides, AccessLog& log) {
  if (!log.wanted()) return;
  const Comparison comparison = sides.comparison();
  const bool of_candidate = sides.candidate.has_value();
  for (const Judged& one : judged) {
    if (!one.error.empty()) continue;
    const Judgement& judgement = of_candidate ? one.then : one.now;
    const Activity& seen = one.observation->seen;
    std::optional<Direction> only;
    if (one.observation->recorded) only = direction_of(one.observation->recorded->category);
    log.add({of_candidate ? *comparison.then : *comparison.now, one.observation->attempt,
             judgement.bound, of_candidate ? comparison.scope_then : comparison.scope_now,
             comparison.readings, judgement.decision},
            {seen.first, seen.last, seen.weight}, only);
  }
}

// Why nothing passed.
void say_nothing_selected(const std::vector<Judged>& judged, const Comparison& comparison,
                          const ReplayFilter& filter) {
  if (judged.empty()) return print_error("no record and no flow was read");
  for (const std::string& sentence : unknown_names(judged, comparison, filter)) {
    print_error(sentence);
  }
  print_error("nothing passes the filters");
}

std::vector<std::string> files_in_use(const ReplayOptions& options) {
  std::vector<std::string> files = options.traffic.logs;
  files.insert(files.end(), options.traffic.captures.begin(), options.traffic.captures.end());
  files.push_back(options.traffic.bindings);
  files.push_back(options.common.output);
  files.push_back(options.live.write);
  return files;
}

int judge_and_report(const ReplayOptions& options, const Sides& sides,
                     const ObtainedTraffic& traffic, AccessLog& log) {
  const Comparison comparison = sides.comparison();
  const std::vector<Judged> judged =
      judge_all(traffic.traffic.observations, comparison, options.traffic.threads());
  write_records(judged, sides, log);
  if (const int done = log.commit(); done != kOk) return done;
  ReplayReport report;
  describe_sides(sides, report);
  report.counts = traffic.traffic.counts;
  report.replay = make_replay(judged, comparison, options.filter);
  report.agreement = compare_records(judged, comparison, traffic.traffic.versions);
  report.all = options.all;
  if (report.replay.empty()) say_nothing_selected(judged, comparison, options.filter);
  return finish(render(report, options.common), options.common.output, status_of(report.replay));
}

int run_replay(const CLI::App& command, const ReplayOptions& options) {
  const TrafficOptions& traffic = options.traffic;
  if (traffic.logs.empty() && traffic.captures.empty() && options.live.interface.empty()) {
    print_error("nothing to replay, expected `--logs`, `--capture` or `--interface`");
    return kUsage;
  }
  auto sides = load_sides(options);
  if (!sides) return sides.error();
  Fingerprint fingerprint;
  if (sides->candidate) {
    fingerprint["candidate"] = digest_of(sides->candidate->policy.environment());
  }
  // A shard judges nothing, so it writes no records.
  auto log = AccessLog::open(traffic.shard.empty() ? options.access_log : AccessLogOptions{},
                             files_in_use(options));
  if (!log) return log.error();
  const TrafficJob job{command, traffic, options.common, sides->now, std::move(fingerprint)};
  const auto obtained =
      options.live.interface.empty() ? obtain_traffic(job) : listen_to(options.live, job);
  if (!obtained) return obtained.error();
  return judge_and_report(options, *sides, *obtained, *log);
}

std::string check_category(const std::string& word) {
  if (parse_word<LogCategory>(word)) return {};
  const std::string_view near = nearest_word(word, Vocabulary<LogCategory>::words);
  return fmt::format("`{}` is no category of the access log{}", word,
                     near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near));
}

// One value a use: several are several uses.
CLI::Option* add_filter(CLI::App& command, const std::string& name,
                        std::vector<std::string>& values, const std::string& description) {
  return command.add_option(name, values, description)->allow_extra_args(false)->type_name("NAME");
}

void add_filters(CLI::App& command, ReplayOptions& options) {
  add_filter(command, "--profile", options.filter.profiles,
             "only what is of this profile; may be repeated");
  add_filter(command, "--rule", options.filter.rules,
             "only what this rule matched; may be repeated");
  add_filter(command, "--resource", options.filter.resources,
             "only what has this resource at an end; may be repeated");
  command
      .add_option("--category", options.categories,
                  "only records of this category of the access log; may be repeated")
      ->allow_extra_args(false)
      ->check(check_category)
      ->check(CLI::IsMember(std::vector<std::string>(Vocabulary<LogCategory>::words.begin(),
                                                     Vocabulary<LogCategory>::words.end()),
                            CLI::ignore_case));
}

CLI::Option* add_candidate_options(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--candidate", options.candidate,
                  "the environment to compare with; default: --env as if enforced")
      ->type_name("FILE");
  return command
      .add_option("--if-enforced", options.enforced,
                  "compare as if these associations, or all, were Enforced")
      ->type_name("[ASSOCIATION ...]")
      ->expected(0, CLI::detail::expected_max_vector_size);
}

}  // namespace

void setup_replay(CLI::App& app, int& status, const MergedTraffic* merged) {
  auto* command =
      app.add_subcommand("replay", "run recorded traffic through a changed configuration");
  auto options = std::make_shared<ReplayOptions>();
  options->traffic.merged = merged;
  add_environment_and_readings(*command, options->environment);
  auto* logs = add_log_options(*command, options->traffic);
  auto* captures = add_capture_option(*command, options->traffic);
  add_live_options(*command, options->live)
      ->excludes(logs)
      ->excludes(captures)
      ->excludes(command->get_option("--shard"));
  auto* enforced = add_candidate_options(*command, *options);
  add_filters(*command, *options);
  command->add_flag("--all", options->all, "list every tuple, unchanged ones too");
  add_access_log_options(*command, options->access_log);
  add_common_options(*command, options->common, kReplayFormats);
  command->footer(
      "examples:\n"
      "  nspsim replay --env site.json --logs insights-logs/\n"
      "  nspsim replay --env site.json --candidate new.json --logs export.csv --format html "
      "--output replay.html\n"
      "  nspsim replay --env site.json --capture day.pcapng --bindings who.json --if-enforced "
      "a-search");
  command->callback([command, options, enforced, &status] {
    options->if_enforced = enforced->count() != 0;
    std::erase(options->enforced, "");
    for (const std::string& word : options->categories) {
      options->filter.categories.push_back(*parse_word<LogCategory>(word));
    }
    status = run_replay(*command, *options);
  });
}

}  // namespace nsp::cli

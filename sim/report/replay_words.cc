#include "sim/report/replay_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/base/text.h"

namespace nsp {

std::string caller_text(const ReplayKey& key) {
  if (key.caller.empty()) return "an unknown caller";
  if (key.address.empty() || key.address == key.caller) return key.caller;
  return fmt::format("{} ({})", key.caller, key.address);
}

std::string destination_text(const ReplayKey& key) {
  return key.to.empty() ? "an unknown host" : key.to;
}

std::string outcome_text(const ReplayOutcome& outcome) {
  return fmt::format("{}: {}", to_string(outcome.verdict), outcome.reason);
}

std::vector<std::string> choice_texts(const ReplayOutcome& outcome) {
  std::vector<std::string> texts;
  for (const OpenChoice& choice : outcome.choices) {
    texts.push_back(
        fmt::format("{}: {} ({})", choice.value, to_string(choice.verdict), choice.reason));
  }
  return texts;
}

std::string date_text(Instant instant) {
  constexpr std::size_t kLengthOfDate = 10;
  return to_string(instant).substr(0, kLengthOfDate);
}

std::string window_text(const Activity& seen) {
  if (seen.weight == 0) return {};
  const std::string first = date_text(seen.first);
  const std::string last = date_text(seen.last);
  return first == last ? first : fmt::format("{} to {}", first, last);
}

std::string window_and_days_text(const Activity& seen) {
  std::string text = window_text(seen);
  if (seen.weight == 0) return text;
  const auto window = static_cast<std::size_t>(day_of(seen.last) - day_of(seen.first)) + 1;
  const std::size_t days = seen.days.size();
  if (days < window) text += fmt::format(", on {}", grouped_count(days, "day"));
  return text;
}

std::string amount_text(const TrafficCounts& counts) {
  if (counts.capture_files == 0) return grouped_count(counts.records, "record");
  if (counts.log_files == 0) return grouped_count(counts.flows, "flow");
  return fmt::format("{} and {}", grouped_count(counts.records, "record"),
                     grouped_count(counts.flows, "flow"));
}

std::string recorded_text(const ReplayTuple& tuple) {
  if (tuple.recorded.empty()) return "seen on the wire";
  std::string text;
  for (const LogCategory category : tuple.recorded) {
    if (!text.empty()) text += " + ";
    text += to_string(category);
  }
  return text;
}

namespace {

void add_tally(std::vector<std::string>& sentences, const Tally& tally, std::string_view noun) {
  for (const auto& [what, count] : tally) {
    sentences.push_back(fmt::format("{}: {}", grouped_count(count, noun), what));
  }
}

}  // namespace

std::vector<std::string> reading_problems(const TrafficCounts& counts) {
  std::vector<std::string> sentences;
  add_tally(sentences, counts.unreadable, "unreadable record");
  add_tally(sentences, counts.unknown_categories, "record of an unknown category");
  add_tally(sentences, counts.unusable, "event of records that tell too little");
  add_tally(sentences, counts.unknown_columns, "record with an unknown column");
  for (const auto& [kind, count] : counts.packet_problems) {
    sentences.push_back(fmt::format("captures: {} × {}", grouped(count), kind));
  }
  for (const Diagnostic& warning : counts.capture_warnings) {
    sentences.push_back(to_string(warning));
  }
  return sentences;
}

std::string share_text(double share) {
  if (share >= 1.0) return "100 %";
  constexpr double kTenths = 1000;  // of a percent, in a share
  return fmt::format("{:.1f} %", std::floor(share * kTenths) / 10);
}

std::string agreement_text(const Agreement& agreement) {
  return fmt::format("{} of {} {} as the environment predicts", share_text(agreement.share()),
                     grouped_count(agreement.agreeing + agreement.disagreeing, "recorded event"),
                     agreement.agreeing + agreement.disagreeing == 1 ? "is" : "are");
}

std::string recorded_text(const RecordedOutcome& outcome) {
  return outcome.rule.empty() ? outcome.category
                              : fmt::format("{} by {}", outcome.category, outcome.rule);
}

TextTable unchanged_table(const Replay& replay) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> weights;
  for (const ReplayTuple& tuple : replay.tuples) {
    if (tuple.change != Change::Unchanged) continue;
    weights[{destination_text(tuple), outcome_text(tuple.now)}] += tuple.seen.weight;
  }
  std::vector<std::pair<std::pair<std::string, std::string>, std::uint64_t>> sorted(weights.begin(),
                                                                                    weights.end());
  std::ranges::stable_sort(sorted,
                           [](const auto& a, const auto& b) { return a.second > b.second; });
  TextTable table;
  table.header = {"events", "to", "outcome"};
  for (const auto& [key, weight] : sorted) {
    table.rows.push_back({grouped(weight), key.first, key.second});
  }
  return table;
}

namespace {

// The outcome, and in the lines under it the values that it depends on.
std::string outcome_cell(const ReplayOutcome& outcome) {
  std::string cell = outcome_text(outcome);
  for (const std::string& choice : choice_texts(outcome)) cell += "; " + choice;
  return cell;
}

}  // namespace

TextTable change_table(const ReplayReport& report, Change change) {
  TextTable table;
  table.header = {"events",  "from",     "to",        "as",           "leg", "path",
                  "profile", report.now, report.then, "nearest miss", "seen"};
  for (const ReplayTuple& tuple : report.replay.tuples) {
    if (tuple.change != change) continue;
    table.rows.push_back({grouped(tuple.seen.weight), caller_text(tuple), destination_text(tuple),
                          tuple.credential ? std::string(to_string(*tuple.credential)) : "",
                          std::string(to_string(tuple.direction)),
                          std::string(to_string(tuple.path)), tuple.profile,
                          outcome_cell(tuple.now), outcome_cell(tuple.then), tuple.nearest_miss,
                          window_and_days_text(tuple.seen)});
  }
  return table;
}

TextTable unjudged_table(const Replay& replay) {
  TextTable table;
  table.header = {"events", "why", "seen"};
  for (const Unjudged& unjudged : replay.unjudged) {
    table.rows.push_back(
        {grouped(unjudged.seen.weight), unjudged.why, window_and_days_text(unjudged.seen)});
  }
  return table;
}

TextTable disagreement_table(const Agreement& agreement) {
  TextTable table;
  table.header = {"events",    "resource",    "profile", "recorded",
                  "predicted", "for example", "why",     "seen"};
  for (const Disagreement& one : agreement.disagreements) {
    table.rows.push_back({grouped(one.seen.weight), one.resource, one.profile,
                          recorded_text(one.recorded), recorded_text(one.predicted),
                          fmt::format("{} to {}", one.from, one.to), one.explanation,
                          window_and_days_text(one.seen)});
  }
  return table;
}

}  // namespace nsp

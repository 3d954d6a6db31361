#include "sim/scenario/outcome.h"

#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/decision/describe.h"

namespace nsp {
namespace {

bool reason_matches(const ExpectedReason& expected, Reason reason, Fact fact,
                    std::string_view rule) {
  if (expected.reason != reason) return false;
  if (expected.fact != Fact::None && expected.fact != fact) return false;
  return expected.name.empty() || iequals(expected.name, rule);
}

// The words of facts without the empty one of `None`.
std::span<const std::string_view> fact_words() {
  return std::span<const std::string_view>(Vocabulary<Fact>::words).subspan(1);
}

// A reason that is followed by a name: `inbound rule office`, `missing address`.
std::expected<ExpectedReason, std::string> parse_named(Reason reason, std::string_view name) {
  ExpectedReason expected{reason, {}, Fact::None};
  if (reason != Reason::Missing) {
    expected.name = name;
    return expected;
  }
  const auto index = find_word(fact_words(), name);
  if (!index) return std::unexpected(unknown_word("fact", name, fact_words()));
  expected.fact = static_cast<Fact>(*index + 1);
  return expected;
}

bool takes_a_name(Reason reason) { return names_a_rule(reason) || reason == Reason::Missing; }

}  // namespace

std::string unknown_word(std::string_view what, std::string_view word,
                         std::span<const std::string_view> known) {
  const auto near = nearest_word(word, known);
  if (!near.empty()) return fmt::format("unknown {} `{}`, did you mean `{}`?", what, word, near);
  std::string list;
  for (const auto each : known) list += fmt::format("{}`{}`", list.empty() ? "" : ", ", each);
  return fmt::format("unknown {} `{}`, expected one of {}", what, word, list);
}

std::expected<ExpectedReason, std::string> parse_reason(std::string_view text) {
  const auto trimmed = trim(text);
  if (const auto whole = parse_word<Reason>(trimmed)) {
    return ExpectedReason{*whole, {}, Fact::None};
  }
  for (std::size_t i = 0; i < Vocabulary<Reason>::words.size(); ++i) {
    const auto word = Vocabulary<Reason>::words[i];
    const auto reason = static_cast<Reason>(i);
    const bool begins = takes_a_name(reason) && trimmed.size() > word.size() &&
                        iequals(trimmed.substr(0, word.size()), word) &&
                        trimmed[word.size()] == ' ';
    if (begins) return parse_named(reason, trim(trimmed.substr(word.size())));
  }
  return std::unexpected(unknown_word("reason", trimmed, Vocabulary<Reason>::words));
}

std::expected<ExpectedOutcome, std::string> parse_outcome(std::string_view text) {
  const auto colon = text.find(':');
  const auto word = trim(text.substr(0, colon));
  const auto verdict = parse_word<Verdict>(word);
  if (!verdict) return std::unexpected(unknown_word("verdict", word, Vocabulary<Verdict>::words));
  ExpectedOutcome outcome{*verdict, std::nullopt};
  if (colon == std::string_view::npos) return outcome;
  auto reason = parse_reason(text.substr(colon + 1));
  if (!reason) return std::unexpected(reason.error());
  outcome.reason = *std::move(reason);
  return outcome;
}

std::expected<std::vector<LogCategory>, std::string> parse_categories(std::string_view text) {
  std::vector<LogCategory> categories;
  if (iequals(trim(text), "none")) return categories;
  for (const auto word : split(text, '+')) {
    const auto category = parse_word<LogCategory>(word);
    if (!category) {
      return std::unexpected(unknown_word("log category", word, Vocabulary<LogCategory>::words));
    }
    categories.push_back(*category);
  }
  return categories;
}

std::string to_string(const ExpectedReason& reason) {
  std::string text(to_string(reason.reason));
  if (!reason.name.empty()) text += " " + reason.name;
  if (reason.fact != Fact::None) text += " " + std::string(to_string(reason.fact));
  return text;
}

std::string to_string(const ExpectedOutcome& outcome) {
  std::string text(to_string(outcome.verdict));
  if (outcome.reason) text += ": " + to_string(*outcome.reason);
  return text;
}

bool matches(const ExpectedOutcome& expected, const Policy& policy, const Leg& leg) {
  if (expected.verdict != leg.verdict) return false;
  return !expected.reason ||
         reason_matches(*expected.reason, leg.reason, leg.missing,
                        names_a_rule(leg.reason) ? policy.rule_name(leg.rule) : std::string());
}

bool matches(const ExpectedOutcome& expected, Verdict verdict, std::string_view reason) {
  if (expected.verdict != verdict) return false;
  if (!expected.reason) return true;
  const auto given = parse_reason(reason);
  return given && reason_matches(*expected.reason, given->reason, given->fact, given->name);
}

bool matches(const ExpectedOutcome& expected, const Policy& policy, const Decision& decision) {
  if (decision.leg_count > 0 && decision.deciding_leg < decision.leg_count) {
    ExpectedOutcome of_leg = expected;
    of_leg.verdict = decision.leg[decision.deciding_leg].verdict;
    return expected.verdict == decision.verdict &&
           matches(of_leg, policy, decision.leg[decision.deciding_leg]);
  }
  if (expected.verdict != decision.verdict) return false;
  return !expected.reason ||
         reason_matches(*expected.reason, decision.reason, decision.missing, {});
}

}  // namespace nsp

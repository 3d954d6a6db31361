// What a page expects of a decision: `deny`, `deny: no inbound rule`, `allow: inbound rule office`.
//
// The words are those of decision.h. A reason may leave its NAME out; then any name fits.
// Thread safety: plain values, pure functions.
#ifndef NSP_SIM_SCENARIO_OUTCOME_H_
#define NSP_SIM_SCENARIO_OUTCOME_H_

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/decision/decision.h"
#include "sim/policy/policy.h"

namespace nsp {

struct ExpectedReason {
  Reason reason = Reason::NoInboundRule;
  std::string name;        // of the rule; empty: any
  Fact fact = Fact::None;  // of `missing`; None: any
  bool operator==(const ExpectedReason&) const = default;
};

struct ExpectedOutcome {
  Verdict verdict = Verdict::Deny;
  std::optional<ExpectedReason> reason;  // nothing: any
  bool operator==(const ExpectedOutcome&) const = default;
};

// The errors say which words would have been read.
[[nodiscard]] std::expected<ExpectedReason, std::string> parse_reason(std::string_view text);
[[nodiscard]] std::expected<ExpectedOutcome, std::string> parse_outcome(std::string_view text);
// `NspOutboundAttempt + NspIntraPerimeterInboundAllowed`, or `none`.
[[nodiscard]] std::expected<std::vector<LogCategory>, std::string> parse_categories(
    std::string_view text);

[[nodiscard]] std::string to_string(const ExpectedReason& reason);
[[nodiscard]] std::string to_string(const ExpectedOutcome& outcome);

[[nodiscard]] bool matches(const ExpectedOutcome& expected, const Policy& policy,
                           const Decision& decision);
[[nodiscard]] bool matches(const ExpectedOutcome& expected, const Policy& policy, const Leg& leg);
// An outcome in words, as a Judgement has it.
[[nodiscard]] bool matches(const ExpectedOutcome& expected, Verdict verdict,
                           std::string_view reason);

// `unknown column `expct`: did you mean `expect`?`-style text, or the list of words where none is
// near.
[[nodiscard]] std::string unknown_word(std::string_view what, std::string_view word,
                                       std::span<const std::string_view> known);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_OUTCOME_H_

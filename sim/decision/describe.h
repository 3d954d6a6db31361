// Decisions in words, for pages, reports and the line protocol.
#ifndef NSP_SIM_DECISION_DESCRIBE_H_
#define NSP_SIM_DECISION_DESCRIBE_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/decision/decision.h"
#include "sim/policy/policy.h"

namespace nsp {

// `inbound rule office`, `no inbound rule`, `missing address`, `resource rule ip 203.0.113.14`.
[[nodiscard]] std::string reason_text(const Policy& policy, const Leg& leg);
[[nodiscard]] std::string reason_text(const Policy& policy, const Decision& decision);

// What a record of this leg names as its matched rule: the short name of the rule that admitted,
// `trusted service`, or nothing (U11: a denial names none).
[[nodiscard]] std::string matched_rule(const Policy& policy, const Leg& leg);

// `allow: inbound rule office`.
[[nodiscard]] std::string outcome_text(const Policy& policy, const Decision& decision);

// `NspOutboundAttempt + NspIntraPerimeterInboundAllowed`, or `none`.
[[nodiscard]] std::string categories_text(std::span<const LogCategory> categories);

// The values that only a deployment tells and that the leg's missing fact rests on; none where it
// lacks nothing, or something else. They live as long as the policy.
[[nodiscard]] std::vector<const Unresolved*> open_values(const Policy& policy, const Leg& leg);

// "publicNetworkAccess is `[parameters('access')]`, which only a deployment tells (site.json:9:5)".
[[nodiscard]] std::string open_value_text(const Unresolved& value);

// What there is to say beside the verdict, a sentence each: the notes, then the open values.
[[nodiscard]] std::vector<std::string> note_texts(const Policy& policy, const Leg& leg);

// One character for a grid: `.` allowed, `X` denied, `?` undecided.
[[nodiscard]] std::string_view grid_mark(Verdict verdict);

// What a denied caller is shown by the destination's service, from the catalogue of observed and
// documented errors.
struct Denial {
  std::string_view status;      // `403`; empty where the service speaks no HTTP
  std::string_view code;        // `AuthorizationFailure`
  std::string_view message;     // in our words
  std::string_view look_alike;  // what else yields the same answer
  Grade grade;
};
// By the perimeter, or by the resource's own settings: most services use other words for the one
// than for the other. Null where no source says what is shown.
[[nodiscard]] bool denied_by_perimeter(Clause clause);
[[nodiscard]] const Denial* denial_seen(Service service, Clause clause);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_DESCRIBE_H_

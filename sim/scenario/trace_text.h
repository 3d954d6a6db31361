// The trace of a decision as text, for a failed cell and for `explain`.
//
// One line a step, in the evaluator's order; under a step, indented, each rule that was tried:
//
//   inbound leg at `stcontoso`
//     passed   IN-2   documented  not in the same perimeter: …
//     passed   IN-4   documented  no inbound rule matches
//         miss  `office` 203.0.113.0/28: 203.0.113.20 is 5 past the end of 203.0.113.0/28
//     decided  IN-5   documented  the association is Enforced
#ifndef NSP_SIM_SCENARIO_TRACE_TEXT_H_
#define NSP_SIM_SCENARIO_TRACE_TEXT_H_

#include <string>

#include "sim/decision/bind.h"
#include "sim/decision/trace.h"
#include "sim/policy/policy.h"

namespace nsp {

// Lines, each ended by `\n`. Empty for an empty trace (the control plane).
[[nodiscard]] std::string trace_text(const Policy& policy, const BoundAttempt& attempt,
                                     const Trace& trace);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TRACE_TEXT_H_

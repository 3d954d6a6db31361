// The nearest miss: of everything that was tried and did not match, what came closest.
//
// Example: `office: source 203.0.113.20 is 5 past the end of 203.0.113.0/28` tells more about a
// refused call than that no rule matched. Taken from the evaluator's own trace; nothing is decided
// here.
//
// Thread safety: pure functions. Lifetime: pointers are into the trials given.
#ifndef NSP_SIM_DECISION_NEAREST_H_
#define NSP_SIM_DECISION_NEAREST_H_

#include <string>
#include <vector>

#include "sim/decision/bind.h"
#include "sim/decision/trace.h"

namespace nsp {

// The trial that says most: one that matched, else the nearest prefix, else the first. REQUIRES:
// not empty.
[[nodiscard]] const RuleTrial* most_telling(const BoundAttempt& bound,
                                            const std::vector<const RuleTrial*>& trials);

// The nearest miss of the leg's perimeter rules, else of the resource's own: a rule's name, a colon
// and why it did not match. A prefix counts as near within 65535 addresses; after those come a
// managed identity of another subscription, the host name with the longest common end, a prefix far
// away, any other. Empty where no rule was tried.
[[nodiscard]] std::string nearest_miss(const BoundAttempt& bound, const Trace& trace,
                                       Direction direction);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_NEAREST_H_

// Decides one attempt, and says why.
//
// Properties, all tested in tests/differential:
//   - Total: every bound attempt gets a verdict.
//   - Pure: the same policy, attempt, scope and readings give the same Decision, on any thread.
//   - Monotone: rules only allow, so adding one never turns Allow into Deny (G-3).
//   - Explained: the trace is made by this evaluator; asking for it changes no decision.
//
// See tests/reference/ for the same function without any index. Cost: no allocation without a
// trace.
#ifndef NSP_SIM_DECISION_EVALUATE_H_
#define NSP_SIM_DECISION_EVALUATE_H_

#include <optional>
#include <vector>

#include "sim/decision/bind.h"
#include "sim/decision/decision.h"
#include "sim/decision/trace.h"
#include "sim/policy/policy.h"

namespace nsp {

// Under which circumstances: "as it is" when nothing is set. The scope of "as if enforced" is
// always explicit.
struct Scope {
  std::optional<AccessMode> mode;  // every association (or those of `only`) in this mode
  // By association index; not owned; null: all of them. REQUIRES: as long as the associations.
  const std::vector<bool>* only = nullptr;
  // This resource with `public_network_access` instead of its own.
  Index resource_with_access = kNone;
  PublicNetworkAccess public_network_access = PublicNetworkAccess::Enabled;
  Index not_associated = kNone;  // this resource without its association
};

// All associations as if Enforced.
[[nodiscard]] inline Scope if_enforced() {
  Scope scope;
  scope.mode = AccessMode::Enforced;
  return scope;
}

[[nodiscard]] Decision evaluate(const Policy& policy, const BoundAttempt& attempt,
                                const Scope& scope = {}, const Readings& readings = {});

// The same decision, and every step that was looked at, appended to `trace`.
[[nodiscard]] Decision evaluate(const Policy& policy, const BoundAttempt& attempt,
                                const Scope& scope, const Readings& readings, Trace& trace);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_EVALUATE_H_

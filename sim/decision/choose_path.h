// Which path an attempt takes that does not say so itself (clauses P-1 to P-5): a private answer of
// DNS first, then the caller's own shared private link, then a service endpoint, else the public
// one.
//
// bind() asks this for every attempt with `via: auto`; whoever answers DNS for a live network asks
// the same function, so that names lead where attempts are judged to go.
//
// Thread safety: pure functions of an immutable policy.
#ifndef NSP_SIM_DECISION_CHOOSE_PATH_H_
#define NSP_SIM_DECISION_CHOOSE_PATH_H_

#include <string>

#include "sim/policy/policy.h"

namespace nsp {

// Who calls whom by which name, as indices of the policy.
struct Route {
  Index caller = kNone;       // a resource, or kNone for an outside caller
  Index subnet = kNone;       // where the caller sits; others than those described count as none
  Index destination = kNone;  // a resource, or kNone for a host outside the environment
  // The name that the caller uses, in lower case; must outlive the route.
  const std::string& host;
};

struct PathChoice {
  Path path = Path::Public;
  Index zone = kNone;  // the private DNS zone that made the path private

  bool operator==(const PathChoice&) const = default;
};

[[nodiscard]] PathChoice choose_path(const Policy& policy, const Route& route);

// The private endpoint connection that a private path runs over.
enum class PrivateState : std::uint8_t { Approved, NotApproved, NotDescribed };

// How the caller's own shared private links to the destination stand: one Approved is enough.
[[nodiscard]] PrivateState shared_link_state(const Policy& policy, const Route& route);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_CHOOSE_PATH_H_

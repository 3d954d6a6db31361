// Ties an attempt to a policy: names to indices, the path resolved (clauses P-1 to P-9), the host
// name normalised.
//
// A BoundAttempt is what evaluate() takes. It refers to nothing of the Attempt it came from, but
// its indices are valid only for the Policy it was bound to.
//
// The errors of bind() are an attempt's, not a verdict: an unknown or ambiguous name, a host name
// where nobody is modelled, a managed identity claimed by a resource without one (P-9).
#ifndef NSP_SIM_DECISION_BIND_H_
#define NSP_SIM_DECISION_BIND_H_

#include <expected>
#include <string>

#include "sim/decision/choose_path.h"
#include "sim/decision/reading.h"
#include "sim/policy/policy.h"
#include "sim/traffic/attempt.h"

namespace nsp {

enum class AddressView : std::uint8_t {
  Visible,  // `address` is what the destination sees
  Hidden,   // none is visible: IP rules do not match
  Missing,  // an outside caller on the public path that did not say
  Private,  // a private address, which never arrives on the public path (P-6)
};

// In some subnet that no document names, so that no rule lists it.
inline constexpr Index kUnlistedSubnet = kNone - 1;

enum class Operation : std::uint8_t { Data, Control, Capability };

struct BoundAttempt {
  Index caller = kNone;       // a resource, or kNone for an outside caller
  Index destination = kNone;  // a resource, or kNone for a host outside the environment
  Credential credential = Credential::Unknown;
  Path path = Path::Public;
  PrivateState private_state = PrivateState::Approved;
  AddressView address_view = AddressView::Hidden;
  Protocol protocol = Protocol::Https;
  Operation operation = Operation::Data;
  bool trusted_service = false;
  bool identity_unknown = false;    // a stub calls, and nobody said with which credential
  bool limited_capability = false;  // fine-tuning, assistants
  IpAddress address;
  Index subscription = kNone;       // interned by the policy; kNone: not listed in any rule
  bool subscription_known = false;  // false: a managed identity whose subscription nobody stated
  Index subnet = kNone;             // or kUnlistedSubnet
  Index resolved_by_zone = kNone;  // the private DNS zone that made the path private, for the trace
  MatterSet readings;              // readings that binding used: U3, C8
  HostName host;                   // the destination's name as the caller uses it
};

[[nodiscard]] std::expected<BoundAttempt, std::string> bind(const Policy& policy,
                                                            const Attempt& attempt,
                                                            const Readings& readings = {});

}  // namespace nsp

#endif  // NSP_SIM_DECISION_BIND_H_

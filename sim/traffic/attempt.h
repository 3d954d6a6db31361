// An attempt: one try of a caller to reach a destination, described without knowing any policy.
//
// Names are as the user wrote them; sim/decision/bind.h ties them to an environment. A fact that
// nobody stated is left empty and never guessed: the engine says `undecided` where it matters
// (clause G-10).
//
// Thread safety: plain values.
#ifndef NSP_SIM_TRAFFIC_ATTEMPT_H_
#define NSP_SIM_TRAFFIC_ATTEMPT_H_

#include <compare>
#include <optional>
#include <string>

#include "sim/base/guid.h"
#include "sim/base/vocabulary.h"
#include "sim/net/address.h"
#include "sim/net/domain.h"

namespace nsp {

struct Attempt {
  std::string
      from;  // a resource's name or id; for an outside caller only what to call it in reports
  bool outside =
      false;       // the caller is not a resource of the environment: its facts are those below
  std::string to;  // a resource's name or id, or a host name; empty: nobody knows
  std::optional<Credential>
      credential;  // empty: a resource's default; for an outside caller not known
  Via via = Via::Auto;
  std::optional<IpAddress> address;  // the source address that the destination would see
  bool address_hidden = false;       // none is visible (clause P-7)
  std::optional<Guid> subscription;  // of the caller's managed identity; a resource has its own
  std::string subnet;                // `vnet/subnet` or an id: where the caller sits
  bool unlisted_subnet = false;      // it sits in some subnet that nobody names; `subnet` is empty
  std::optional<DomainName> name;    // the host name used, where the destination has several
  Protocol protocol = Protocol::Https;
  std::string operation = "data";  // `data`, `control`, or a named capability such as `fine-tuning`
  bool trusted_service = false;

  auto operator<=>(const Attempt&) const = default;  // some order, for tables of attempts
};

}  // namespace nsp

#endif  // NSP_SIM_TRAFFIC_ATTEMPT_H_

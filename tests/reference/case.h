// The facts of an attempt: names looked up, the path resolved (P-1 to P-9), the association and the
// switches in effect.
#ifndef NSP_TESTS_REFERENCE_CASE_H_
#define NSP_TESTS_REFERENCE_CASE_H_

#include <expected>
#include <optional>
#include <string>

#include "sim/decision/decision.h"
#include "sim/decision/evaluate.h"
#include "sim/decision/reading.h"
#include "sim/model/environment.h"
#include "sim/traffic/attempt.h"

namespace nsp::reference {

// One attempt under one scope, with every name looked up.
struct Case {
  const Environment& env;
  const Attempt& attempt;
  const Scope& scope;
  const Readings& readings;
  const Resource* caller = nullptr;       // null: an outside caller
  const Resource* destination = nullptr;  // null: a host outside the environment
  std::optional<DomainName> host = {};    // the name used; nothing: the destination has none
  const Subnet* subnet = nullptr;
  Credential credential = Credential::Unknown;
  std::optional<Guid> subscription = {};  // the caller's
  Path path = Path::Public;
  std::optional<IpAddress> address = {};  // what the destination sees and a rule may match
  bool address_missing = false;           // there is one, and nobody said which
};

// How the resource of a leg stands: its association and its two switches, as the scope has them.
struct Standing {
  const Association* association = nullptr;
  AccessMode mode = AccessMode::Unknown;
  PublicNetworkAccess access = PublicNetworkAccess::Unknown;
};

// True when `matter` is read otherwise than by default.
[[nodiscard]] bool chosen(const Case& c, Matter matter);

// The association in effect; null for an outside caller, for none, and for one that the scope takes
// away.
[[nodiscard]] const Association* association_of(const Case& c, const Resource* resource);
[[nodiscard]] const Profile& profile_of(const Case& c, const Association& association);
[[nodiscard]] Standing standing_of(const Case& c, const Resource* resource);
[[nodiscard]] Index index_of(const Case& c, const Resource* resource);

// What is unknown of a caller whose credential nobody stated: a stub's identity, an outside
// caller's credential.
[[nodiscard]] Fact unknown_credential(const Case& c);

// The error says why the attempt is none.
[[nodiscard]] std::expected<Case, std::string> look_up(const Environment& env,
                                                       const Attempt& attempt, const Scope& scope,
                                                       const Readings& readings);

}  // namespace nsp::reference

#endif  // NSP_TESTS_REFERENCE_CASE_H_

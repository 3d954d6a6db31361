// A decision: the verdict on one attempt with everything it rests on.
//
// An attempt touches at most two associations: the caller's (outbound leg) and the destination's
// (inbound leg). Each is decided alone (G-2); the attempt is allowed when every leg allows it. The
// reason of an attempt is that of the leg that denied, else of the leg that could not be decided;
// of an allowed attempt, the inbound leg's where there is one.
//
// The closed sets below (reasons, facts, notes, log categories) are the whole vocabulary of
// outcomes; each word is written once, in the vocabularies of this header, and pages, JSON and
// text all use it.
//
// A Decision holds no strings and owns no memory: names of rules are looked up in the Policy
// (describe.h). Thread safety: plain values.
#ifndef NSP_SIM_DECISION_DECISION_H_
#define NSP_SIM_DECISION_DECISION_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sim/base/vocabulary.h"
#include "sim/decision/clause.h"
#include "sim/decision/reading.h"
#include "sim/model/environment.h"
#include "sim/policy/rule_ref.h"

namespace nsp {

enum class Reason : std::uint8_t {
  PrivateEndpoint,
  PrivateEndpointNotApproved,
  SamePerimeter,
  PerimeterLink,
  InboundRule,  // + rule name
  NoInboundRule,
  OutboundRule,  // + rule name
  NoOutboundRule,
  ProtocolNotSupported,
  LockedDown,
  TrustedService,
  PublicAccessDisabled,
  ResourceRule,  // + rule name
  ResourceRules,
  ResourceEgressLimit,
  OutboundNotRestricted,
  ControlPlane,
  Missing,  // + fact
};

// A fact that nobody stated and that would change the verdict.
enum class Fact : std::uint8_t {
  None,
  Address,
  Credential,
  Subscription,
  Subnet,
  HostName,
  PublicNetworkAccess,
  AccessMode,
  Identity,
  Firewall,
  PrivateEndpoint,
  ServiceTag,
  RuleValue,       // an access rule has a value that only a deployment tells
  EgressLimit,     // so has the resource's own limit
  TrustedService,  // only where a record leaves it open (evidence.h)
};

enum class Note : std::uint8_t {
  AuditAsLearning,              // C1
  Widening,                     // Learning admitted what the resource would refuse
  DisabledWhileLearning,        // C5: the documents contradict each other here
  MaskedProtocol,               // C11: will stop when enforced
  CapabilityMayBeUnavailable,   // Foundry fine-tuning, Assistants
  LinkUnsupported,              // a service at one end does not support links
  TagUnsupported,
  PrivateMayNotBeLogged,        // C3: Search and Foundry
  PrivateSourceOnPublicPath,    // P-6
  NoOutboundRulesForService,    // Key Vault never uses outbound rules
  KeySwitchedOff,               // the network admits it, the service will refuse the key or SAS
  Ipv6Varies,                   // U2
  NoIdentityOutbound,           // cannot act as a member outbound
  SasNeverProvesMembership,
  EndpointNotDescribed,         // the attempt states the private path, the environment describes no
                                // endpoint
  ServiceEndpointHidesAddress,  // P-5
};
inline constexpr std::size_t kNoteCount =
    static_cast<std::size_t>(Note::ServiceEndpointHidesAddress) + 1;
using NoteSet = std::bitset<kNoteCount>;

template <>
struct Vocabulary<Reason> {
  static constexpr std::array<std::string_view, 18> words{
      "private endpoint",       "private endpoint not approved",
      "same perimeter",         "perimeter link",
      "inbound rule",           "no inbound rule",
      "outbound rule",          "no outbound rule",
      "protocol not supported", "locked down",
      "trusted service",        "public access disabled",
      "resource rule",          "resource rules",
      "resource egress limit",  "outbound not restricted",
      "control plane",          "missing"};
};

template <>
struct Vocabulary<Fact> {
  static constexpr std::array<std::string_view, 15> words{
      "",           "address",      "credential",          "subscription",
      "subnet",     "host name",    "publicNetworkAccess", "accessMode",
      "identity",   "firewall",     "private endpoint",    "service tag",
      "rule value", "egress limit", "trusted service"};
};

// A sentence for people.
[[nodiscard]] std::string_view to_string(Note note);

// True for the reasons that are followed by a rule's name.
[[nodiscard]] constexpr bool names_a_rule(Reason reason) {
  return reason == Reason::InboundRule || reason == Reason::OutboundRule ||
         reason == Reason::ResourceRule;
}

// At most two, in the order in which the records would be written.
struct Categories {
  std::array<LogCategory, 2> list{};
  std::uint8_t count = 0;

  [[nodiscard]] std::span<const LogCategory> view() const { return {list.data(), count}; }
  bool operator==(const Categories& other) const {
    return count == other.count && (count < 1 || list[0] == other.list[0]) &&
           (count < 2 || list[1] == other.list[1]);
  }
};

struct Leg {
  Direction direction = Direction::Inbound;
  Verdict verdict = Verdict::Deny;
  Reason reason = Reason::NoInboundRule;
  Clause clause = Clause::In5;
  Fact missing = Fact::None;              // when undecided
  AccessMode mode = AccessMode::Unknown;  // in effect for this decision; meaningful when associated
  PublicNetworkAccess public_network_access = PublicNetworkAccess::Unknown;  // in effect
  Categories categories;
  RuleRef rule;
  Index resource = kNone;     // the resource whose leg it is
  Index association = kNone;  // kNone: not associated (or the association was taken away)
  MatterSet readings;         // contradictions and assumptions used
  NoteSet notes;

  bool operator==(const Leg&) const = default;
};

struct Decision {
  Verdict verdict = Verdict::Deny;
  Reason reason = Reason::NoInboundRule;
  Fact missing = Fact::None;
  std::uint8_t leg_count = 0;     // 0 for the control plane
  std::uint8_t deciding_leg = 0;  // whose reason is the attempt's
  std::array<Leg, 2> leg{};       // outbound before inbound

  [[nodiscard]] std::span<const Leg> legs() const { return {leg.data(), leg_count}; }
  [[nodiscard]] const Leg* find(Direction direction) const;
  bool operator==(const Decision&) const = default;
};

// The records that are written, in order: a call refused on its way out never reaches the
// destination, so its inbound leg writes nothing.
struct WrittenCategories {
  std::array<LogCategory, 4> list{};
  std::array<std::uint8_t, 4> leg{};  // parallel to `list`: whose record it is, into Decision::leg
  std::uint8_t count = 0;
  [[nodiscard]] std::span<const LogCategory> view() const { return {list.data(), count}; }
};
[[nodiscard]] WrittenCategories written_categories(const Decision& decision);

// How a change of mode changes an attempt: allowed now and denied then is `Revoked`.
enum class Change : std::uint8_t { Unchanged, Revoked, Gained, Undecided };
template <>
struct Vocabulary<Change> {
  static constexpr std::array<std::string_view, 4> words{"unchanged", "revoked", "gained",
                                                         "undecided"};
};
[[nodiscard]] Change change_between(Verdict now, Verdict then);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_DECISION_H_

// The compiled policy: an environment with indexes, immutable, shared freely between threads.
//
// Three forms of a perimeter, three types: Environment (plain structs), Policy (compiled, this),
// Decision (made by evaluate()). compile() takes the environment whole; the Policy owns it, so that
// names and places stay at hand.
//
// Thread safety: immutable after compile().
#ifndef NSP_SIM_POLICY_POLICY_H_
#define NSP_SIM_POLICY_POLICY_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/model/environment.h"
#include "sim/policy/name_table.h"
#include "sim/policy/prefix_table.h"
#include "sim/policy/rule_ref.h"

namespace nsp {

// The inbound and outbound rules of one profile. Ranks order rules by name: the smallest rank
// that matches is the rule that is logged.
struct CompiledProfile {
  std::vector<Index> rule_of_rank;  // rank → index into Profile::rules
  PrefixTable prefixes;             // inbound address prefixes
  PrefixTable tag_prefixes;         // … of service tags whose prefixes are known
  SubscriptionTable subscriptions;  // inbound, by interned subscription
  NameTable names;                  // outbound
  bool has_tags = false;
  bool has_unknown_tag = false;  // some tag's prefixes were not given
  bool has_public_v4 = false;    // some inbound prefix holds a public IPv4 address
  bool has_public_v6 = false;    // … IPv6
  bool open_inbound = false;     // some rule may hold values that are not known now
  bool open_outbound = false;
};

// How the private endpoints that serve one host name stand, all connections taken together.
enum class EndpointState : std::uint8_t { NotDescribed, NotApproved, Approved };

struct CompiledResource {
  Index perimeter = kNone;
  Index profile = kNone;  // within the perimeter
  Index compiled_profile = kNone;
  Index association = kNone;
  Index subscription = kNone;  // interned
  Service service = Service::Other;
  PrefixTable ip_rules;
  std::vector<Index> ip_rule_of_rank;  // rank -> index into firewall.ip_rules, by name
  bool has_public_ip_rule = false;
  std::vector<Index> subnet_rules;            // subnet numbers, parallel to firewall.subnet_rules
  std::vector<Index> subnet_rules_by_name;    // indices of them, in order of names
  std::vector<Index> instance_rules_by_name;  // indices of firewall.instance_rules, likewise
  NameTable egress;                           // allowed FQDNs
  std::vector<HostName> hosts;                // as Resource::host_names
  std::vector<EndpointState> endpoints;       // parallel to hosts; one where there is none
};

// The host names that a private DNS zone answers for: LABEL.SUFFIX.
struct PrivateNames {
  std::string suffix;  // empty: a zone that shadows no service
  std::unordered_set<std::string> labels;
};

class Policy {
 public:
  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] const CompiledResource& resource(Index index) const { return resources_[index]; }
  [[nodiscard]] const CompiledProfile& profile(Index compiled) const { return profiles_[compiled]; }

  // The rule's short name: `office`, `default action`, `ip 203.0.113.14`, `subnet vnet/apps`,
  // `resource search-1`.
  [[nodiscard]] std::string rule_name(const RuleRef& rule) const;

  // The number of a subscription that some rule of the environment names, or kNone.
  [[nodiscard]] Index subscription(const Guid& guid) const;

  // The approved link that joins the two profiles, or kNone.
  [[nodiscard]] Index link_between(Index from_perimeter, Index from_profile, Index to_perimeter,
                                   Index to_profile) const;
  // Some path of two or more approved links joins the perimeters (U5).
  [[nodiscard]] bool linked_through_others(Index from_perimeter, Index to_perimeter) const;

  // Indices by short name or id (without case), as find_resource() of the environment but in
  // constant time.
  [[nodiscard]] Lookup find_resource(std::string_view name_or_id) const;
  // As display_name() of the environment, in constant time.
  [[nodiscard]] std::string display_name(Index resource) const;
  // Subnets that only a firewall rule names are numbered after those that the environment
  // describes.
  [[nodiscard]] Lookup find_subnet(std::string_view name_or_id) const;
  [[nodiscard]] Index find_host(std::string_view lower_case_host) const;

  // The private DNS zone that answers for `host` in this virtual network (P-2), or kNone.
  [[nodiscard]] Index private_zone(Index network, const std::string& lower_case_host) const;

 private:
  friend class Compiler;

  Environment environment_;
  std::vector<CompiledProfile> profiles_;
  std::vector<CompiledResource> resources_;
  std::vector<std::vector<Index>> links_of_;  // perimeter → its approved links
  std::vector<std::vector<bool>> reachable_;  // perimeter × perimeter through approved links
  std::unordered_map<std::string, Lookup> resource_names_;
  std::unordered_map<std::string, Lookup> subnet_names_;
  std::unordered_map<std::string, Index> hosts_;
  std::vector<PrivateNames> private_names_;   // of each zone
  std::vector<std::vector<Index>> zones_of_;  // network → the zones it is linked to
  std::vector<Guid> subscriptions_;           // sorted; the index is the number
};

// REQUIRES: an environment that build_environment() accepted.
[[nodiscard]] Policy compile(Environment environment);

// The compiled form as text, for people and for golden tests.
[[nodiscard]] std::string dump(const Policy& policy);

}  // namespace nsp

#endif  // NSP_SIM_POLICY_POLICY_H_

#include "sim/policy/policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

// The key that a name or an id is indexed under; empty for a text that should be an id and is none.
std::string policy_key(std::string_view name_or_id) {
  if (!name_or_id.starts_with('/')) return lower(name_or_id);
  const auto id = ResourceId::parse(name_or_id);
  return id ? id->key() : std::string();
}

Lookup find_name(const std::unordered_map<std::string, Lookup>& names, std::string_view name) {
  const auto found = names.find(policy_key(name));
  return found == names.end() ? Lookup{} : found->second;
}

bool answers_for(const PrivateNames& names, std::string_view host) {
  if (names.suffix.empty() || !host.ends_with(names.suffix)) return false;
  host.remove_suffix(names.suffix.size());
  return host.ends_with('.') && names.labels.contains(std::string(host.substr(0, host.size() - 1)));
}

bool names_profile(bool all, const std::vector<Index>& profiles, Index profile) {
  return all || std::ranges::find(profiles, profile) != profiles.end();
}

}  // namespace

std::string Policy::rule_name(const RuleRef& rule) const {
  switch (rule.kind) {
    case RuleRef::Kind::None:
      return {};
    case RuleRef::Kind::Access:
      return environment_.perimeters[rule.owner].profiles[rule.profile].rules[rule.index].name;
    case RuleRef::Kind::DefaultAction:
      return "default action";
    case RuleRef::Kind::Ip:
      return "ip " + environment_.resources[rule.owner].firewall.ip_rules[rule.index].text;
    case RuleRef::Kind::Subnet: {
      const ResourceId& id = environment_.resources[rule.owner].firewall.subnet_rules[rule.index];
      return fmt::format("subnet {}/{}", id.parent().name(), id.name());
    }
    case RuleRef::Kind::Instance:
      return fmt::format(
          "resource {}",
          environment_.resources[rule.owner].firewall.instance_rules[rule.index].name());
  }
  return {};
}

Index Policy::subscription(const Guid& guid) const {
  const auto found = std::ranges::lower_bound(subscriptions_, guid);
  if (found == subscriptions_.end() || *found != guid) return kNone;
  return static_cast<Index>(found - subscriptions_.begin());
}

Index Policy::link_between(Index from_perimeter, Index from_profile, Index to_perimeter,
                           Index to_profile) const {
  for (const Index i : links_of_[from_perimeter]) {
    const PerimeterLink& link = environment_.links[i];
    const bool outward = link.local == from_perimeter && link.remote == to_perimeter;
    const bool inward = link.remote == from_perimeter && link.local == to_perimeter;
    if (!outward && !inward) continue;
    const Index local = outward ? from_profile : to_profile;
    const Index remote = outward ? to_profile : from_profile;
    if (names_profile(link.all_local_profiles, link.local_profiles, local) &&
        names_profile(link.all_remote_profiles, link.remote_profiles, remote)) {
      return i;
    }
  }
  return kNone;
}

bool Policy::linked_through_others(Index from_perimeter, Index to_perimeter) const {
  return reachable_[from_perimeter][to_perimeter];
}

Lookup Policy::find_resource(std::string_view name_or_id) const {
  return find_name(resource_names_, name_or_id);
}

std::string Policy::display_name(Index resource) const {
  const Resource& entry = environment_.resources[resource];
  return find_name(resource_names_, entry.name).ambiguous ? entry.id.text() : entry.name;
}

Lookup Policy::find_subnet(std::string_view name_or_id) const {
  return find_name(subnet_names_, name_or_id);
}

Index Policy::find_host(std::string_view lower_case_host) const {
  const auto found = hosts_.find(std::string(lower_case_host));
  return found == hosts_.end() ? kNone : found->second;
}

Index Policy::private_zone(Index network, const std::string& lower_case_host) const {
  for (const Index zone : zones_of_[network]) {
    if (answers_for(private_names_[zone], lower_case_host)) return zone;
  }
  return kNone;
}

}  // namespace nsp

#include "tests/differential/edited_world.h"

#include <array>
#include <vector>

#include "tests/reference/small_world.h"

namespace nsp::differential {
namespace {

template <class T>
T& any_of(Dice& dice, std::vector<T>& items) {
  return items[dice.roll(items.size())];
}

template <class T>
void drop_one(Dice& dice, std::vector<T>& items) {
  if (items.empty()) return;
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(dice.roll(items.size())));
}

Profile& any_profile(Dice& dice, Environment& env) {
  return any_of(dice, any_of(dice, env.perimeters).profiles);
}

void edit_rules(Dice& dice, Environment& env) {
  Profile& profile = any_profile(dice, env);
  if (dice.one_in(3)) return drop_one(dice, profile.rules);
  const auto direction = static_cast<Direction>(dice.roll(2));
  profile.rules.push_back(random_rule(dice, "added", direction));
}

void edit_mode(Dice& dice, Environment& env) {
  if (env.associations.empty()) return;
  any_of(dice, env.associations).mode = static_cast<AccessMode>(dice.roll(4));
}

void edit_profile(Dice& dice, Environment& env) {
  if (env.associations.empty()) return;
  any_of(dice, env.associations).profile = static_cast<Index>(dice.roll(3));
}

void edit_access(Dice& dice, Environment& env) {
  any_of(dice, env.resources).public_network_access =
      static_cast<PublicNetworkAccess>(dice.roll(4));
}

void edit_firewall(Dice& dice, Environment& env) {
  Resource& resource = any_of(dice, env.resources);
  if (!resource.described) return;
  Firewall& firewall = resource.firewall;
  switch (dice.roll(6)) {
    case 0:
      firewall.default_allow = !firewall.default_allow;
      break;
    case 1:
      firewall.trusted_services = !firewall.trusted_services;
      break;
    case 2:
      firewall.ip_rules.push_back(
          reference::prefix(to_string(random_address(dice)) + (dice.one_in(2) ? "" : "/28")));
      break;
    case 3:
      drop_one(dice, firewall.ip_rules);
      break;
    case 4:
      if (resource.service != Service::Search) {
        firewall.subnet_rules.push_back(dice.pick(env.subnets).id);
      }
      break;
    default:
      firewall.instance_rules.push_back(dice.pick(env.resources).id);
  }
}

void edit_egress(Dice& dice, Environment& env) {
  Resource& resource = any_of(dice, env.resources);
  resource.restrict_outbound = !resource.restrict_outbound;
  if (dice.one_in(2)) {
    resource.allowed_fqdns.push_back(reference::pattern(dice.one_in(2) ? "*.org" : "example.com"));
  }
}

void edit_identity(Dice& dice, Environment& env) {
  Resource& resource = any_of(dice, env.resources);
  if (resource.described) resource.identity = !*resource.identity;
}

void edit_links(Dice& dice, Environment& env) {
  if (env.links.empty()) return;
  PerimeterLink& link = any_of(dice, env.links);
  link.status =
      dice.one_in(2) ? ConnectionStatus::Approved : static_cast<ConnectionStatus>(dice.roll(5));
  if (dice.one_in(3)) link.all_local_profiles = true;
}

void edit_endpoints(Dice& dice, Environment& env) {
  Resource& resource = any_of(dice, env.resources);
  if (!env.private_endpoints.empty() && dice.one_in(2)) {
    any_of(dice, env.private_endpoints).status = static_cast<ConnectionStatus>(dice.roll(5));
  } else if (!resource.shared_private_links.empty()) {
    resource.shared_private_links.front().status = static_cast<ConnectionStatus>(dice.roll(5));
  } else {
    resource.private_connections.push_back(
        {"edited", {}, {}, static_cast<ConnectionStatus>(dice.roll(5))});
  }
}

void edit_networks(Dice& dice, Environment& env) {
  if (!env.zones.empty() && dice.one_in(2)) {
    PrivateDnsZone& zone = any_of(dice, env.zones);
    if (dice.one_in(2)) {
      zone.networks = {static_cast<Index>(dice.roll(env.networks.size()))};
    } else {
      drop_one(dice, zone.records);
    }
    return;
  }
  Subnet& subnet = any_of(dice, env.subnets);
  if (dice.one_in(2)) {
    subnet.service_endpoints.emplace_back("Microsoft.Storage");
  } else {
    drop_one(dice, subnet.service_endpoints);
  }
}

void edit_open_values(Dice& dice, Environment& env) {
  Resource& resource = any_of(dice, env.resources);
  if (!resource.described) return;
  const std::string_view setting =
      std::array{"allowedFqdnList", "restrictOutboundNetworkAccess"}[dice.roll(2)];
  const std::vector<Unresolved> open{{std::string(setting), "[parameters('y')]", {}}};
  if (dice.one_in(2)) {
    resource.unresolved = open;
  } else {
    resource.firewall.unresolved = {{"ipRules", "[parameters('z')]", {}}};
  }
}

void edit_tags(Dice& dice, Environment& env) {
  if (dice.one_in(2)) {
    env.service_tags.erase("known.two");
  } else {
    env.service_tags["nobody.knows"] = {reference::prefix("203.0.113.64/27").prefix};
  }
}

}  // namespace

Environment edited(Dice& dice, Environment env, std::size_t edits) {
  using Edit = void (*)(Dice&, Environment&);
  constexpr std::array<Edit, 12> kEdits{
      edit_rules,    edit_mode,  edit_profile,   edit_access,   edit_firewall, edit_egress,
      edit_identity, edit_links, edit_endpoints, edit_networks, edit_tags,     edit_open_values};
  for (; edits > 0; --edits) kEdits[dice.roll(kEdits.size())](dice, env);
  return env;
}

}  // namespace nsp::differential

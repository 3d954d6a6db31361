#include "tests/differential/changed_world.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

namespace nsp::differential {
namespace {

// The new index of each old one.
using Moved = std::vector<Index>;

void move_along(Index& index, const Moved& moved) {
  if (index != kNone) index = moved[index];
}

void move_along(std::vector<Index>& indices, const Moved& moved) {
  for (Index& index : indices) move_along(index, moved);
}

template <class T>
Moved shuffle_and_tell(Dice& dice, std::vector<T>& items) {
  std::vector<Index> old_of_new(items.size());
  std::iota(old_of_new.begin(), old_of_new.end(), Index{0});
  dice.shuffle(old_of_new);
  Moved new_of_old(items.size());
  std::vector<T> reordered;
  for (Index i = 0; i < items.size(); ++i) {
    new_of_old[old_of_new[i]] = i;
    reordered.push_back(std::move(items[old_of_new[i]]));
  }
  items = std::move(reordered);
  return new_of_old;
}

void shuffle_rules(Dice& dice, Profile& profile) {
  for (AccessRule& rule : profile.rules) {
    dice.shuffle(rule.prefixes);
    dice.shuffle(rule.subscriptions);
    dice.shuffle(rule.service_tags);
    dice.shuffle(rule.host_names);
  }
  dice.shuffle(profile.rules);
}

void shuffle_profiles(Dice& dice, Environment& env) {
  for (Index p = 0; p < env.perimeters.size(); ++p) {
    for (Profile& profile : env.perimeters[p].profiles) shuffle_rules(dice, profile);
    const Moved moved = shuffle_and_tell(dice, env.perimeters[p].profiles);
    for (Association& a : env.associations) {
      if (a.perimeter == p) move_along(a.profile, moved);
    }
    for (PerimeterLink& link : env.links) {
      if (link.local == p) move_along(link.local_profiles, moved);
      if (link.remote == p) move_along(link.remote_profiles, moved);
    }
  }
}

void shuffle_perimeters(Dice& dice, Environment& env) {
  const Moved moved = shuffle_and_tell(dice, env.perimeters);
  for (Association& a : env.associations) move_along(a.perimeter, moved);
  for (PerimeterLink& link : env.links) {
    move_along(link.local, moved);
    move_along(link.remote, moved);
    dice.shuffle(link.local_profiles);
    dice.shuffle(link.remote_profiles);
  }
  dice.shuffle(env.links);
}

void shuffle_resources(Dice& dice, Environment& env) {
  const Moved moved = shuffle_and_tell(dice, env.resources);
  for (Association& a : env.associations) move_along(a.resource, moved);
  for (PrivateEndpoint& endpoint : env.private_endpoints) move_along(endpoint.resource, moved);
  const Moved associations = shuffle_and_tell(dice, env.associations);
  for (Resource& resource : env.resources) {
    move_along(resource.association, associations);
    dice.shuffle(resource.firewall.ip_rules);
    dice.shuffle(resource.firewall.subnet_rules);
    dice.shuffle(resource.firewall.instance_rules);
    dice.shuffle(resource.private_connections);
    dice.shuffle(resource.shared_private_links);
    dice.shuffle(resource.allowed_fqdns);
  }
}

void shuffle_networks(Dice& dice, Environment& env) {
  const Moved networks = shuffle_and_tell(dice, env.networks);
  for (Subnet& subnet : env.subnets) {
    move_along(subnet.network, networks);
    dice.shuffle(subnet.service_endpoints);
  }
  for (PrivateDnsZone& zone : env.zones) {
    move_along(zone.networks, networks);
    dice.shuffle(zone.networks);
    dice.shuffle(zone.records);
  }
  const Moved subnets = shuffle_and_tell(dice, env.subnets);
  for (PrivateEndpoint& endpoint : env.private_endpoints) move_along(endpoint.subnet, subnets);
  dice.shuffle(env.private_endpoints);
  dice.shuffle(env.zones);
}

void drop_association(Environment& env, Index resource) {
  const Index dropped = std::exchange(env.resources[resource].association, kNone);
  if (dropped == kNone) return;
  env.associations.erase(env.associations.begin() + dropped);
  for (Resource& other : env.resources) {
    if (other.association != kNone && other.association > dropped) --other.association;
  }
}

}  // namespace

Environment as_supposed(Environment env, const Scope& scope) {
  for (Index i = 0; scope.mode && i < env.associations.size(); ++i) {
    if (scope.only == nullptr || (*scope.only)[i]) env.associations[i].mode = *scope.mode;
  }
  if (scope.resource_with_access != kNone) {
    env.resources[scope.resource_with_access].public_network_access = scope.public_network_access;
  }
  if (scope.not_associated != kNone) drop_association(env, scope.not_associated);
  return env;
}

Environment shuffled(Dice& dice, Environment env) {
  shuffle_profiles(dice, env);
  shuffle_perimeters(dice, env);
  shuffle_resources(dice, env);
  shuffle_networks(dice, env);
  for (auto& [tag, prefixes] : env.service_tags) dice.shuffle(prefixes);
  return env;
}

Environment with_other_policy(Dice& dice, Environment env) {
  for (Perimeter& perimeter : env.perimeters) {
    for (Profile& profile : perimeter.profiles) {
      profile.rules.clear();
      for (std::size_t r = dice.roll(5); r-- > 0;) {
        const auto direction = static_cast<Direction>(dice.roll(2));
        profile.rules.push_back(random_rule(dice, fmt::format("other{}", r), direction));
      }
    }
  }
  for (Association& a : env.associations) a.mode = static_cast<AccessMode>(dice.roll(4));
  for (Resource& resource : env.resources) {
    resource.public_network_access = static_cast<PublicNetworkAccess>(dice.roll(4));
  }
  return env;
}

}  // namespace nsp::differential

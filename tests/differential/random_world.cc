#include "tests/differential/random_world.h"

#include <fmt/format.h>

#include <array>

#include "sim/base/text.h"
#include "sim/model/services.h"
#include "tests/reference/small_world.h"

namespace nsp::differential {
namespace {

using reference::guid;
using reference::host;
using reference::pattern;
using reference::prefix;
using reference::SmallWorld;

constexpr std::size_t kSubscriptions = 6;

AccessMode random_mode(Dice& dice) {
  if (dice.one_in(12)) return AccessMode::Unknown;
  return static_cast<AccessMode>(dice.roll(3));
}

PublicNetworkAccess random_access(Dice& dice) {
  if (dice.one_in(12)) return PublicNetworkAccess::Unknown;
  return static_cast<PublicNetworkAccess>(dice.roll(3));
}

// Prefixes of every length around few addresses, so that they nest and overlap; some private.
WrittenPrefix random_prefix(Dice& dice) {
  if (dice.one_in(10)) return prefix(fmt::format("10.{}.0.0/16", dice.roll(3)));
  const IpAddress address = random_address(dice);
  const std::size_t widest = address.v4 ? 22 : 100;
  const std::size_t longest = address.v4 ? 32 : 128;
  const std::size_t length = widest + dice.roll(longest - widest + 1);
  const std::string text = fmt::format("{}/{}", to_string(address), length);
  return prefix(dice.one_in(200) ? "0.0.0.0/0" : text);
}

std::string random_host(Dice& dice) {
  static const std::vector<std::string> kHosts{
      "api.example.com",     "a.b.example.com",
      "example.com",         "example.org",
      "www.example.org",     "deep.down.www.example.org",
      "r3.openai.azure.com", "store.blob.core.windows.net"};
  return dice.pick(kHosts);
}

DomainPattern random_pattern(Dice& dice, const std::string& resource_host) {
  static const std::vector<std::string> kPatterns{"*",
                                                  "*.example.com",
                                                  "*.b.example.com",
                                                  "example.com",
                                                  "*.www.example.org",
                                                  "*.org",
                                                  "*.search.windows.net",
                                                  "*.blob.core.windows.net",
                                                  "*.windows.net"};
  switch (dice.roll(4)) {
    case 0:
      return pattern(resource_host);
    case 1:
      return pattern(random_host(dice));
    default:
      return pattern(kPatterns[dice.one_in(6) ? 0 : 1 + dice.roll(kPatterns.size() - 1)]);
  }
}

void add_perimeters(Dice& dice, SmallWorld& world, const Size& size) {
  const std::size_t count = 2 + dice.roll(4);
  for (std::size_t p = 0; p < count; ++p) {
    const Index perimeter = world.add_perimeter(fmt::format("p{}", p), {"a", "b", "c"});
    for (Index profile = 0; profile < 3; ++profile) {
      auto& rules = world.env.perimeters[perimeter].profiles[profile].rules;
      const std::size_t rule_count = dice.roll(size.rules + 1);
      for (std::size_t r = 0; r < rule_count; ++r) {
        const auto direction = static_cast<Direction>(dice.roll(2));
        const std::string_view form = dice.one_in(2) ? "Rule{}" : "rule{}";
        rules.push_back(random_rule(dice, fmt::format(fmt::runtime(form), r), direction));
      }
      dice.shuffle(rules);
    }
  }
}

void add_links(Dice& dice, SmallWorld& world) {
  const std::size_t perimeters = world.env.perimeters.size();
  for (std::size_t l = dice.roll(5); l-- > 0;) {
    const auto local = static_cast<Index>(dice.roll(perimeters));
    const auto remote = static_cast<Index>(dice.roll(perimeters));
    if (local == remote) continue;
    const auto status =
        dice.one_in(3) ? static_cast<ConnectionStatus>(dice.roll(5)) : ConnectionStatus::Approved;
    PerimeterLink& link = world.add_link(fmt::format("l{}", l), local, remote, status);
    link.all_local_profiles = dice.one_in(2);
    link.all_remote_profiles = dice.one_in(2);
    if (!link.all_local_profiles) link.local_profiles = {static_cast<Index>(dice.roll(3))};
    if (!link.all_remote_profiles) link.remote_profiles = {0, static_cast<Index>(dice.roll(3))};
  }
}

void add_networks(Dice& dice, SmallWorld& world) {
  const std::vector<std::string> endpoints{"Microsoft.Storage", "microsoft.keyvault",
                                           "Microsoft.CognitiveServices", "Microsoft.Sql"};
  for (std::size_t s = 0; s < 6; ++s) {
    std::vector<std::string> of_subnet;
    for (const std::string& endpoint : endpoints) {
      if (dice.one_in(3)) of_subnet.push_back(endpoint);
    }
    world.add_subnet(fmt::format("vnet{}", s / 2), fmt::format("s{}", s % 2), of_subnet);
  }
}

void set_firewall(Dice& dice, SmallWorld& world, Resource& resource) {
  Firewall& firewall = resource.firewall;
  firewall.default_allow = dice.one_in(3);
  firewall.trusted_services = dice.one_in(2);
  for (std::size_t i = dice.roll(4); i-- > 0;) firewall.ip_rules.push_back(random_prefix(dice));
  if (resource.service == Service::Search) return;
  if (dice.one_in(3)) firewall.subnet_rules.push_back(dice.pick(world.env.subnets).id);
  if (dice.one_in(3)) firewall.subnet_rules.push_back(dice.pick(world.env.subnets).id);
  if (resource.service != Service::Storage) return;
  for (std::size_t i = dice.roll(3); i-- > 0;) {
    const Resource& peer = dice.pick(world.env.resources);
    std::string id = peer.id.text();
    if (dice.one_in(4)) id = id.substr(0, id.rfind('/') + 1) + "*";
    firewall.instance_rules.push_back(ResourceId::parse(dice.one_in(3) ? lower(id) : id).value());
  }
}

void set_egress(Dice& dice, Resource& resource) {
  resource.restrict_outbound = dice.one_in(3);
  for (std::size_t i = dice.roll(3); i-- > 0;) {
    resource.allowed_fqdns.push_back(random_pattern(dice, "r1.search.windows.net"));
  }
}

void set_connections(Dice& dice, Resource& resource) {
  if (!dice.one_in(4)) return;
  for (std::size_t i = 1 + dice.roll(2); i-- > 0;) {
    resource.private_connections.push_back(
        {fmt::format("c{}", i), {}, {}, static_cast<ConnectionStatus>(dice.roll(5))});
  }
}

void add_resources(Dice& dice, SmallWorld& world, const Size& size) {
  constexpr std::array kCommon{Service::Storage, Service::Search, Service::Foundry, Service::OpenAi,
                               Service::KeyVault};
  const std::vector<std::string> regions{"westeurope", "WestEurope", "northeurope", ""};
  for (std::size_t r = 0; r < size.resources; ++r) {
    const Service service =
        dice.one_in(6) ? static_cast<Service>(dice.roll(12)) : kCommon[dice.roll(kCommon.size())];
    Resource& resource =
        world.add_resource(fmt::format("r{}", r), service, guid(dice.roll(kSubscriptions)));
    resource.identity = !dice.one_in(4);
    resource.location = dice.pick(regions);
    resource.public_network_access = random_access(dice);
    if (service != Service::Storage) set_egress(dice, resource);
    set_connections(dice, resource);
    if (dice.one_in(12)) SmallWorld::make_stub(resource);
  }
  for (Index r = 0; r < size.resources; ++r) {
    Resource& resource = world.env.resources[r];
    if (resource.described) set_firewall(dice, world, resource);
    if (dice.one_in(4) && resource.described) continue;
    const auto perimeter = static_cast<Index>(dice.roll(world.env.perimeters.size()));
    world.associate(r, {perimeter, static_cast<Index>(dice.roll(3))}, random_mode(dice));
  }
}

// Values that only a deployment tells, in one environment of four.
void leave_open(Dice& dice, Environment& env) {
  if (!dice.one_in(4)) return;
  const auto open = [](std::string setting) {
    return std::vector<Unresolved>{{std::move(setting), "[parameters('x')]", {}}};
  };
  for (Perimeter& perimeter : env.perimeters) {
    for (Profile& profile : perimeter.profiles) {
      for (AccessRule& rule : profile.rules) {
        if (dice.one_in(20)) rule.unresolved = open(dice.one_in(4) ? "direction" : "serviceTags");
      }
    }
  }
  for (Resource& resource : env.resources) {
    if (!resource.described) continue;
    if (dice.one_in(6)) resource.firewall.unresolved = open("ipRules");
    if (dice.one_in(8)) resource.unresolved = open("restrictOutboundNetworkAccess");
    if (dice.one_in(8)) resource.unresolved = open("allowedFqdnList");
  }
}

void add_private_links(Dice& dice, SmallWorld& world) {
  Environment& env = world.env;
  for (std::size_t i = 0; i < env.resources.size() / 4; ++i) {
    const auto target = static_cast<Index>(dice.roll(env.resources.size()));
    world.add_endpoint(fmt::format("pe{}", i), target, static_cast<ConnectionStatus>(dice.roll(5)));
    const auto& hosts = env.resources[target].host_names;
    if (hosts.empty()) continue;
    const std::size_t which = dice.roll(hosts.size());
    const std::string name = hosts[which].text();
    const std::size_t dot = name.find('.');
    std::vector<Index> networks{static_cast<Index>(dice.roll(env.networks.size()))};
    const auto& known = facts(env.resources[target].service).hosts;
    world.add_zone(known[which].zone, name.substr(0, dot), networks);
  }
  for (Resource& resource : env.resources) {
    if (resource.service != Service::Search || dice.one_in(2)) continue;
    const Resource& target = dice.pick(env.resources);
    resource.shared_private_links.push_back(
        {"shared", target.id, "", static_cast<ConnectionStatus>(dice.roll(5))});
  }
}

}  // namespace

IpAddress random_address(Dice& dice) {
  if (dice.one_in(3)) {
    const std::uint64_t low = dice.roll(600);
    return reference::address(fmt::format("2001:db8::{:x}", low));
  }
  return reference::address(fmt::format("203.0.{}.{}", 112 + dice.roll(3), dice.roll(256)));
}

AccessRule random_rule(Dice& dice, std::string name, Direction direction) {
  AccessRule rule;
  rule.name = std::move(name);
  rule.direction = direction;
  if (direction == Direction::Outbound) {
    for (std::size_t i = 1 + dice.roll(3); i-- > 0;) {
      rule.host_names.push_back(
          random_pattern(dice, fmt::format("r{}.search.windows.net", dice.roll(50))));
    }
    return rule;
  }
  const std::vector<std::string> tags{"Known.One", "known.two", "Nobody.Knows"};
  if (dice.one_in(2)) {
    for (std::size_t i = dice.roll(4); i-- > 0;) rule.prefixes.push_back(random_prefix(dice));
  } else if (dice.one_in(2)) {
    for (std::size_t i = dice.roll(3); i-- > 0;) {
      rule.subscriptions.push_back(guid(dice.roll(kSubscriptions)));
    }
  }
  if (dice.one_in(6)) rule.service_tags.push_back(dice.pick(tags));
  return rule;
}

Environment random_environment(Dice& dice, const Size& size) {
  SmallWorld world;
  add_perimeters(dice, world, size);
  add_links(dice, world);
  add_networks(dice, world);
  add_resources(dice, world, size);
  add_private_links(dice, world);
  world.env.service_tags["known.one"] = {prefix("203.0.113.0/26").prefix,
                                         prefix("2001:db8::/120").prefix};
  world.env.service_tags["known.two"] = {prefix("203.0.112.128/25").prefix};
  leave_open(dice, world.env);
  return std::move(world.env);
}

Attempt random_attempt(Dice& dice, const Environment& env) {
  Attempt attempt;
  attempt.outside = dice.one_in(2);
  const Resource& caller = dice.pick(env.resources);
  const Resource& target = dice.pick(env.resources);
  attempt.from = attempt.outside ? "someone" : dice.one_in(2) ? caller.name : caller.id.text();
  const bool elsewhere = !attempt.outside && dice.one_in(3);
  attempt.to = elsewhere ? random_host(dice) : target.name;
  if (!elsewhere && !target.host_names.empty() && dice.one_in(4)) {
    attempt.name = dice.pick(target.host_names);
  }
  if (!dice.one_in(3)) attempt.credential = static_cast<Credential>(dice.roll(6));
  if (dice.one_in(2)) attempt.credential = Credential::ManagedIdentity;
  if (!dice.one_in(3))
    attempt.via = Via::Auto;
  else
    attempt.via = static_cast<Via>(dice.roll(4));
  if (dice.one_in(2)) attempt.address = random_address(dice);
  if (dice.one_in(20)) attempt.address = reference::address("10.1.2.3");
  attempt.address_hidden = dice.one_in(10);
  if (dice.one_in(2)) attempt.subscription = guid(dice.roll(kSubscriptions + 1));
  if (dice.one_in(3)) attempt.subnet = fmt::format("vnet{}/s{}", dice.roll(3), dice.roll(2));
  if (dice.one_in(8)) attempt.protocol = static_cast<Protocol>(dice.roll(4));
  if (dice.one_in(20)) attempt.operation = dice.one_in(2) ? "control" : "fine-tuning";
  attempt.trusted_service = dice.one_in(5);
  return attempt;
}

Scope random_scope(Dice& dice, const Environment& env) {
  Scope scope;
  if (dice.one_in(3)) scope.mode = static_cast<AccessMode>(dice.roll(3));
  if (dice.one_in(6)) scope.not_associated = static_cast<Index>(dice.roll(env.resources.size()));
  if (dice.one_in(6)) {
    scope.resource_with_access = static_cast<Index>(dice.roll(env.resources.size()));
    scope.public_network_access = static_cast<PublicNetworkAccess>(dice.roll(3));
  }
  return scope;
}

}  // namespace nsp::differential

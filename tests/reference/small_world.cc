#include "tests/reference/small_world.h"

#include <fmt/format.h>

#include "sim/model/services.h"

namespace nsp::reference {
namespace {

ResourceId make_id(const Guid& subscription, std::string_view type, std::string_view name) {
  return ResourceId::parse(fmt::format("/subscriptions/{}/resourceGroups/page/providers/{}/{}",
                                       to_string(subscription), type, name))
      .value();
}

ResourceId network_id(std::string_view type, std::string_view name) {
  return make_id(guid(0), fmt::format("Microsoft.Network/{}", type), name);
}

}  // namespace

Index SmallWorld::add_perimeter(std::string_view name,
                                std::initializer_list<std::string_view> profiles) {
  Perimeter perimeter;
  perimeter.name = name;
  perimeter.id = network_id("networkSecurityPerimeters", name);
  perimeter.guid = Guid::from_text(perimeter.id.text());
  for (std::string_view profile_name : profiles) {
    Profile profile;
    profile.name = profile_name;
    profile.id = perimeter.id.child("profiles", profile_name);
    perimeter.profiles.push_back(profile);
  }
  env.perimeters.push_back(perimeter);
  return static_cast<Index>(env.perimeters.size() - 1);
}

Resource& SmallWorld::add_resource(std::string_view name, Service service,
                                   const Guid& subscription) {
  const ServiceFacts& known = facts(service);
  Resource resource;
  resource.name = name;
  resource.service = service;
  resource.arm_type = known.arm_type;
  resource.id = make_id(subscription, known.arm_type, name);
  resource.identity = true;
  resource.subscription = subscription;
  for (const ServiceHost& known_host : known.hosts) {
    resource.host_names.push_back(host(fmt::format("{}.{}", name, known_host.suffix)));
  }
  env.resources.push_back(resource);
  return env.resources.back();
}

void SmallWorld::make_stub(Resource& resource) {
  resource.described = false;
  resource.identity.reset();
  resource.public_network_access = PublicNetworkAccess::Unknown;
  resource.firewall = Firewall{};
  resource.firewall.known = false;
}

void SmallWorld::associate(Index resource, ProfileRef to, AccessMode mode) {
  Association association;
  association.name = "a-" + env.resources[resource].name;
  association.id = env.perimeters[to.perimeter].id.child("resourceAssociations", association.name);
  association.resource = resource;
  association.perimeter = to.perimeter;
  association.profile = to.profile;
  association.mode = mode;
  env.resources[resource].association = static_cast<Index>(env.associations.size());
  env.associations.push_back(association);
}

AccessRule& SmallWorld::add_rule(ProfileRef to, std::string_view name, Direction direction) {
  AccessRule rule;
  rule.name = name;
  rule.direction = direction;
  auto& rules = env.perimeters[to.perimeter].profiles[to.profile].rules;
  rules.push_back(rule);
  return rules.back();
}

PerimeterLink& SmallWorld::add_link(std::string_view name, Index local, Index remote,
                                    ConnectionStatus status) {
  PerimeterLink link;
  link.name = name;
  link.local = local;
  link.remote = remote;
  link.all_local_profiles = link.all_remote_profiles = true;
  link.status = status;
  env.links.push_back(link);
  return env.links.back();
}

Index SmallWorld::add_subnet(std::string_view network, std::string_view subnet,
                             std::vector<std::string> service_endpoints) {
  Index at = 0;
  while (at < env.networks.size() && env.networks[at].name != network) ++at;
  if (at == env.networks.size()) {
    env.networks.push_back({std::string(network), network_id("virtualNetworks", network), Place{}});
  }
  env.subnets.push_back({std::string(subnet), env.networks[at].id.child("subnets", subnet), at,
                         std::move(service_endpoints)});
  return static_cast<Index>(env.subnets.size() - 1);
}

PrivateDnsZone& SmallWorld::add_zone(std::string_view name, std::string_view label,
                                     std::vector<Index> networks) {
  PrivateDnsZone zone;
  zone.name = host(name);
  zone.id = network_id("privateDnsZones", name);
  if (!label.empty()) zone.records.push_back({std::string(label), {address("10.0.0.4")}});
  zone.networks = std::move(networks);
  env.zones.push_back(zone);
  return env.zones.back();
}

PrivateEndpoint& SmallWorld::add_endpoint(std::string_view name, Index resource,
                                          ConnectionStatus status) {
  PrivateEndpoint endpoint;
  endpoint.name = name;
  endpoint.id = network_id("privateEndpoints", name);
  endpoint.resource = resource;
  endpoint.status = status;
  env.private_endpoints.push_back(endpoint);
  return env.private_endpoints.back();
}

WrittenPrefix prefix(std::string_view text) {
  return {IpPrefix::parse(text).value(), std::string(text)};
}
IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
DomainPattern pattern(std::string_view text) { return DomainPattern::parse(text).value(); }
DomainName host(std::string_view text) { return DomainName::parse(text).value(); }
Guid guid(std::uint64_t low) { return Guid{0, low}; }

}  // namespace nsp::reference

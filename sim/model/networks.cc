// Virtual networks with their subnets, private DNS zones with records and network links.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

Index find_or_add_network(Builder& builder, const ResourceId& id, const Place& place) {
  const auto next = static_cast<Index>(builder.environment.networks.size());
  const auto [found, is_new] = builder.network_at.try_emplace(id.key(), next);
  if (is_new) builder.environment.networks.push_back({std::string(id.name()), id, place});
  return found->second;
}

// A subnet stands inside its network's document, alone, or in both.
void add_subnet(Builder& builder, const Spot& body, const ResourceId& id, Index network,
                const Unknown& unknown) {
  const auto next = static_cast<Index>(builder.environment.subnets.size());
  const auto [found, is_new] = builder.subnet_at.try_emplace(id.key(), next);
  if (is_new) builder.environment.subnets.push_back({std::string(id.name()), id, network, {}});
  Subnet& subnet = builder.environment.subnets[found->second];
  add_unknown(subnet.unknown, unknown);
  auto& endpoints = subnet.service_endpoints;
  const Spot list = builder.list(builder.properties(body), "serviceEndpoints");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string service = builder.text(list.item(i), "service");
    const auto same = [&](const std::string& known) { return iequals(known, service); };
    if (!service.empty() && std::ranges::none_of(endpoints, same)) endpoints.push_back(service);
  }
}

void build_network(Builder& builder, const ResourceDocument& document) {
  Unknown unknown = builder.unknown(document, kNetworkShape);
  const Unknown of_subnets = unknown.at("properties").at("subnets");
  const Spot body = body_of(document);
  const Index network = find_or_add_network(builder, document.id, body.place());
  builder.environment.networks[network].unknown = std::move(unknown);
  const Spot subnets = builder.list(builder.properties(body), "subnets");
  for (std::size_t i = 0; i < subnets.size(); ++i) {
    const Spot subnet = subnets.item(i);
    const ResourceId id = document.id.child("subnets", builder.text(subnet, "name"));
    if (id.empty()) {
      builder.error(subnet.place(), "a subnet needs a `name`");
    } else {
      add_subnet(builder, subnet, id, network, of_subnets.item(i));
    }
  }
}

void build_subnet(Builder& builder, const ResourceDocument& document) {
  const Spot body = body_of(document);
  const Index network = find_or_add_network(builder, document.id.parent(), body.place());
  add_subnet(builder, body, document.id, network, builder.unknown(document, kSubnetShape));
}

// The zone of that id; made where only its records or links are given. kNone when its name is no
// host name.
Index find_or_add_zone(Builder& builder, const ResourceId& id, const Place& place) {
  const auto found = builder.zone_at.find(id.key());
  if (found != builder.zone_at.end()) return found->second;
  auto name = DomainName::parse(id.name());
  const Index index = name ? static_cast<Index>(builder.environment.zones.size()) : kNone;
  builder.zone_at.emplace(id.key(), index);
  if (name) {
    PrivateDnsZone zone;
    zone.name = std::move(*name);
    zone.id = id;
    zone.place = place;
    builder.environment.zones.push_back(std::move(zone));
  } else {
    builder.error(place, std::move(name.error()));
  }
  return index;
}

void build_record(Builder& builder, const ResourceDocument& document) {
  Unknown unknown = builder.unknown(document, kRecordShape);
  const Spot body = body_of(document);
  const Index zone = find_or_add_zone(builder, document.id.parent(), body.place());
  if (zone == kNone) return;
  DnsRecord record{lower(document.name), {}, std::move(unknown)};
  const Spot addresses = builder.list(builder.properties(body), "aRecords");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const Spot item = addresses.item(i);
    const Spot open = item.node->is_object() ? item.find("ipv4Address") : item;
    if (open && is_unresolved(*open.node)) {
      builder.say_open(open);
      continue;
    }
    const std::string written = builder.text(item, "ipv4Address");
    if (const auto address = IpAddress::parse(written)) {
      record.addresses.push_back(*address);
    } else {
      builder.error(item.place(), fmt::format("`{}` is not an address", written));
    }
  }
  builder.environment.zones[zone].records.push_back(std::move(record));
}

void build_zone_link(Builder& builder, const ResourceDocument& document) {
  Unknown unknown = builder.unknown(document, kZoneLinkShape);
  const Spot body = body_of(document);
  const Index zone = find_or_add_zone(builder, document.id.parent(), body.place());
  const Spot properties = builder.properties(body);
  const auto network = builder.reference(properties, "virtualNetwork");
  if (zone == kNone || !network) return;
  const auto found = builder.network_at.find(network->key());
  if (found == builder.network_at.end()) {
    return builder.warn(properties.find("virtualNetwork").place(),
                        fmt::format("virtual network `{}` is not described: the zone link has no "
                                    "effect",
                                    network->name()));
  }
  builder.environment.zones[zone].networks.push_back(found->second);
  builder.environment.zones[zone].links.push_back({document.name, std::move(unknown)});
}

void build_zone(Builder& builder, const ResourceDocument& document) {
  Unknown unknown = builder.unknown(document, kZoneShape);
  const Index zone = find_or_add_zone(builder, document.id, body_of(document).place());
  if (zone != kNone) builder.environment.zones[zone].unknown = std::move(unknown);
}

// A firewall may name a subnet of somebody else's, so the rule stands; but a caller of that subnet
// takes the service endpoint only where we know that there is one.
void check_named_subnets(Builder& builder) {
  for (const NamedSubnet& named : builder.named_subnets) {
    if (builder.subnet_at.contains(named.id.key())) continue;
    builder.warn(named.place, fmt::format("subnet `{}/{}` is not described: its service endpoints "
                                          "are not known",
                                          named.id.parent().name(), named.id.name()));
  }
}

}  // namespace

void build_networks(Builder& builder) {
  for (const auto* document : builder.of(types::kVirtualNetwork)) build_network(builder, *document);
  for (const auto* document : builder.of(types::kSubnet)) build_subnet(builder, *document);
  for (const auto* document : builder.of(types::kDnsZone)) build_zone(builder, *document);
  for (const auto* document : builder.of(types::kDnsRecord)) build_record(builder, *document);
  for (const auto* document : builder.of(types::kDnsLink)) build_zone_link(builder, *document);
  check_named_subnets(builder);
}

}  // namespace nsp

// The zone groups of private endpoints. Azure writes the records of an endpoint into the zones that
// its group names; a template or an export without those records says the same by the group.
//
// Source: Azure Private Link, "Private DNS zone group".

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// The label of a resource's name in that zone: `st` of `st.blob.core.windows.net` in
// `privatelink.blob.core.windows.net`; empty when none of its names belongs there.
std::string label_in(const PrivateDnsZone& zone, const Resource& resource) {
  for (const ServiceHost& host : facts(resource.service).hosts) {
    if (host.zone != zone.name.text()) continue;
    const auto name = std::ranges::find_if(
        resource.host_names, [&](const DomainName& one) { return one.is_under(host.suffix); });
    if (name == resource.host_names.end()) continue;
    return name->text().substr(0, name->text().size() - host.suffix.size() - 1);
  }
  return {};
}

void add_record(PrivateDnsZone& zone, const std::string& label,
                const std::vector<IpAddress>& addresses) {
  const auto same = [&](const DnsRecord& record) { return record.label == label; };
  if (label.empty() || std::ranges::any_of(zone.records, same)) return;
  zone.records.push_back({label, addresses, {}});
}

void register_endpoint(Builder& builder, const ResourceId& endpoint_id, PrivateDnsZone& zone) {
  for (const PrivateEndpoint& endpoint : builder.environment.private_endpoints) {
    if (endpoint.id != endpoint_id || endpoint.resource == kNone) continue;
    const Resource& resource = builder.environment.resources[endpoint.resource];
    add_record(zone, label_in(zone, resource), endpoint.addresses);
  }
}

void build_zone_group(Builder& builder, const ResourceDocument& document) {
  (void)builder.unknown(document, kZoneGroupShape);
  const Spot configs = builder.list(builder.properties(body_of(document)), "privateDnsZoneConfigs");
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const Spot inside = builder.properties(configs.item(i));
    const auto id = builder.reference(inside, "privateDnsZoneId");
    if (!id) continue;
    const auto zone = builder.zone_at.find(id->key());
    if (zone == builder.zone_at.end()) {
      builder.warn(inside.find("privateDnsZoneId").place(),
                   fmt::format("private DNS zone `{}` is not described: the zone group has no "
                               "effect",
                               id->name()));
    } else if (zone->second != kNone) {
      register_endpoint(builder, document.id.parent(), builder.environment.zones[zone->second]);
    }
  }
}

}  // namespace

void build_zone_groups(Builder& builder) {
  for (const auto* document : builder.of(types::kZoneGroup)) build_zone_group(builder, *document);
}

}  // namespace nsp

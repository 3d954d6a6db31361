#include "sim/report/environment_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/secrets.h"
#include "sim/report/environment_members.h"
#include "sim/report/environment_parts.h"

namespace nsp {
namespace {

// `unknown`: of the connection's properties.
void write_state(JsonWriter& json, ConnectionStatus status, const Unknown& unknown) {
  const Unknown& inside = unknown.at("privateLinkServiceConnectionState");
  if (status == ConnectionStatus::Unknown && inside.empty()) return;
  json.key("privateLinkServiceConnectionState").object();
  if (status != ConnectionStatus::Unknown) json.member("status", to_string(status));
  write_unknown(json, inside);
  json.end();
}

void write_firewall(JsonWriter& json, const Resource& resource) {
  const Firewall& firewall = resource.firewall;
  const std::string_view name =
      resource.service == Service::Search ? "networkRuleSet" : "networkAcls";
  const std::vector<Unresolved>& unresolved = firewall.unresolved;
  if (const Unresolved* whole = find_unresolved(unresolved, name)) {
    json.member(name, whole->expression);
  }
  if (!firewall.known) return;
  const Unknown& unknown = resource.unknown.at("properties").at(name);
  json.key(name).object();
  write_word(json, "bypass", firewall.trusted_services ? "AzureServices" : "None", unresolved);
  if (resource.service != Service::Search) {
    write_word(json, "defaultAction", firewall.default_allow ? "Allow" : "Deny", unresolved);
  }
  std::vector<std::string> ip_rules = with_open(texts_of(firewall.ip_rules), "ipRules", unresolved);
  ip_rules = with_open(std::move(ip_rules), "ipv6Rules", unresolved);
  // AI Search has no other word for closed: an empty rule shuts out all and admits nothing.
  if (resource.service == Service::Search && !firewall.default_allow && ip_rules.empty()) {
    ip_rules.emplace_back();
  }
  Unknown of_ip_rules = unknown.at("ipRules");
  add_unknown(of_ip_rules, unknown.at("ipv6Rules"));
  write_objects(json, "ipRules", "value", ip_rules, of_ip_rules);
  write_objects(json, "virtualNetworkRules", "id",
                with_open(texts_of(firewall.subnet_rules), "virtualNetworkRules", unresolved),
                unknown.at("virtualNetworkRules"));
  write_objects(json, "resourceAccessRules", "resourceId",
                with_open(texts_of(firewall.instance_rules), "resourceAccessRules", unresolved),
                unknown.at("resourceAccessRules"));
  write_unknown(json, unknown);
  json.end();
}

void write_connections(JsonWriter& json, const Resource& resource) {
  if (resource.private_connections.empty()) return;
  json.key("privateEndpointConnections").array();
  for (const PrivateConnection& connection : resource.private_connections) {
    json.object();
    if (!connection.name.empty()) json.member("name", connection.name);
    json.key("properties").object();
    const Unknown& unknown = connection.unknown.at("properties");
    write_reference(json, "privateEndpoint", connection.endpoint, unknown);
    write_texts(json, "groupIds", connection.groups);
    write_state(json, connection.status, unknown);
    close_resource(json, connection.unknown);
  }
  json.end();
}

void write_shared_links(JsonWriter& json, const Resource& resource) {
  if (resource.shared_private_links.empty()) return;
  json.key("sharedPrivateLinkResources").array();
  for (const SharedPrivateLink& link : resource.shared_private_links) {
    json.object().member("name", link.name).key("properties").object();
    if (!link.target.empty()) json.member("privateLinkResourceId", link.target.text());
    if (!link.group.empty()) json.member("groupId", link.group);
    if (link.status != ConnectionStatus::Unknown) json.member("status", to_string(link.status));
    close_resource(json, link.unknown);
  }
  json.end();
}

// An account of Cognitive Services may answer to another label than its name.
void write_label(JsonWriter& json, const Resource& resource) {
  const bool cognitive = resource.service == Service::Foundry ||
                         resource.service == Service::OpenAi ||
                         resource.service == Service::CognitiveServices;
  if (const Unresolved* open = find_unresolved(resource.unresolved, "customSubDomainName")) {
    json.member("customSubDomainName", open->expression);
  }
  if (!cognitive || resource.host_names.empty()) return;
  const std::string& host = resource.host_names.front().text();
  const std::string label = host.substr(0, host.find('.'));
  if (!iequals(label, resource.name)) json.member("customSubDomainName", label);
}

void write_switches(JsonWriter& json, const Resource& resource) {
  if (!resource.public_network_access_text.empty()) {
    json.member("publicNetworkAccess", resource.public_network_access_text);
  }
  if (resource.shared_key_access) json.member("allowSharedKeyAccess", *resource.shared_key_access);
  if (resource.local_auth_disabled) json.member("disableLocalAuth", *resource.local_auth_disabled);
  constexpr std::string_view kRestrict = "restrictOutboundNetworkAccess";
  if (const Unresolved* open = find_unresolved(resource.unresolved, kRestrict)) {
    json.member(kRestrict, open->expression);
  } else if (resource.restrict_outbound) {
    json.member(kRestrict, true);
  }
  write_patterns(json, "allowedFqdnList", resource.allowed_fqdns, resource.unresolved);
  write_label(json, resource);
  write_protocols(json, resource);
}

void write_resource(JsonWriter& json, const Resource& resource) {
  if (!resource.described) return;
  json.object().member("id", resource.id.text()).member("name", resource.name);
  json.member("type", resource.arm_type);
  if (!resource.kind.empty()) json.member("kind", resource.kind);
  if (!resource.location.empty()) json.member("location", resource.location);
  write_identity(json, resource);
  json.key("properties").object();
  write_switches(json, resource);
  write_firewall(json, resource);
  write_connections(json, resource);
  write_shared_links(json, resource);
  close_resource(json, resource.unknown);
  write_children(json, resource);
}

void write_subnet(JsonWriter& json, const Subnet& subnet) {
  json.object().member("id", subnet.id.text()).member("name", subnet.name);
  json.key("properties").object();
  write_objects(json, "serviceEndpoints", "service", subnet.service_endpoints,
                subnet.unknown.at("properties").at("serviceEndpoints"));
  close_resource(json, subnet.unknown);
}

void write_network(JsonWriter& json, const Environment& environment, Index network) {
  open_resource(json, environment.networks[network].id, types::kVirtualNetwork);
  json.key("subnets").array();
  for (const Subnet& subnet : environment.subnets) {
    if (subnet.network == network) write_subnet(json, subnet);
  }
  json.end();
  close_resource(json, environment.networks[network].unknown);
}

void write_endpoint_connection(JsonWriter& json, const Environment& environment,
                               const PrivateEndpoint& endpoint) {
  json.object().member("name", endpoint.name).key("properties").object();
  if (endpoint.resource != kNone) {
    json.member("privateLinkServiceId", environment.resources[endpoint.resource].id.text());
  }
  write_texts(json, "groupIds", endpoint.groups);
  const Unknown& unknown = endpoint.unknown_connection;
  // Always with its status: an absent one would be read as approved.
  json.key("privateLinkServiceConnectionState").object();
  json.member("status", to_string(endpoint.status));
  write_unknown(json, unknown.at("properties").at("privateLinkServiceConnectionState"));
  json.end();
  close_resource(json, unknown);
}

// Where the document listed the addresses, its lists are kept whole.
void write_addresses(JsonWriter& json, const PrivateEndpoint& endpoint) {
  const auto& written = endpoint.unknown.at("properties").members;
  const auto lists_addresses = [](const auto& member) {
    return iequals(member.first, "customDnsConfigs") || iequals(member.first, "ipConfigurations");
  };
  if (endpoint.addresses.empty() || std::ranges::any_of(written, lists_addresses)) return;
  // As a list that was kept whole: reading it back keeps this one.
  const std::string addresses = join(texts_of(endpoint.addresses), R"(",")");
  json.key("customDnsConfigs").raw(fmt::format(R"([{{"ipAddresses":["{}"]}}])", addresses));
}

// An endpoint with several connections is several entries of one id, which stand together.
void write_endpoints(JsonWriter& json, const Environment& environment) {
  const auto& all = environment.private_endpoints;
  for (std::size_t begin = 0; begin < all.size();) {
    const PrivateEndpoint& first = all[begin];
    open_resource(json, first.id, types::kPrivateEndpoint);
    if (first.subnet != kNone) {
      write_reference(json, "subnet", environment.subnets[first.subnet].id,
                      first.unknown.at("properties"));
    }
    json.key("privateLinkServiceConnections").array();
    for (; begin < all.size() && all[begin].id == first.id; ++begin) {
      write_endpoint_connection(json, environment, all[begin]);
    }
    json.end();
    write_addresses(json, first);
    close_resource(json, first.unknown);
  }
}

void write_record(JsonWriter& json, const PrivateDnsZone& zone, const DnsRecord& record) {
  open_resource(json, zone.id.child("A", record.label), types::kDnsRecord);
  write_objects(json, "aRecords", "ipv4Address", texts_of(record.addresses),
                record.unknown.at("properties").at("aRecords"));
  close_resource(json, record.unknown);
}

// A zone that a page's table makes has links without documents.
void write_zone_link(JsonWriter& json, const Environment& environment, const PrivateDnsZone& zone,
                     std::size_t i) {
  const VirtualNetwork& network = environment.networks[zone.networks[i]];
  const ZoneLink link =
      i < zone.links.size() ? zone.links[i] : ZoneLink{fmt::format("{}-{}", network.name, i)};
  open_resource(json, zone.id.child("virtualNetworkLinks", link.name), types::kDnsLink);
  write_reference(json, "virtualNetwork", network.id, link.unknown.at("properties"));
  close_resource(json, link.unknown);
}

void write_zone(JsonWriter& json, const Environment& environment, const PrivateDnsZone& zone) {
  open_resource(json, zone.id, types::kDnsZone);
  close_resource(json, zone.unknown);
  for (const DnsRecord& record : zone.records) write_record(json, zone, record);
  for (std::size_t i = 0; i < zone.networks.size(); ++i) {
    write_zone_link(json, environment, zone, i);
  }
}

void write_tags(JsonWriter& json, const Environment& environment) {
  if (environment.service_tags.empty()) return;
  json.key("values").array();
  for (const auto& [name, prefixes] : environment.service_tags) {
    json.object().member("name", name).key("properties").object();
    std::vector<std::string> texts;
    for (const IpPrefix& prefix : prefixes) texts.push_back(to_string(prefix));
    write_texts(json, "addressPrefixes", texts);
    json.end().end();
  }
  json.end();
}

}  // namespace

std::string environment_as_json(const Environment& environment, std::string_view schema,
                                const std::function<void(JsonWriter&)>& more) {
  JsonWriter json;
  json.object();
  if (!schema.empty()) json.member("schema", schema);
  json.key("resources").array();
  write_perimeters(json, environment);
  for (const Resource& resource : environment.resources) write_resource(json, resource);
  write_associations(json, environment);
  write_links(json, environment);
  for (Index i = 0; i < environment.networks.size(); ++i) write_network(json, environment, i);
  write_endpoints(json, environment);
  for (const PrivateDnsZone& zone : environment.zones) write_zone(json, environment, zone);
  for (const DiagnosticSetting& setting : environment.diagnostic_settings) {
    write_diagnostic_setting(json, setting);
  }
  for (const RoleAssignment& assignment : environment.role_assignments) {
    write_role_assignment(json, assignment);
  }
  json.end();
  write_tags(json, environment);
  if (more) more(json);
  json.end();
  return json.take();
}

}  // namespace nsp

#include "sim/scenario/table_networks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/scenario/table_firewall.h"

namespace nsp {
namespace {

constexpr std::string_view kEndpointType = "Microsoft.Network/privateEndpoints";
constexpr std::string_view kZoneType = "Microsoft.Network/privateDnsZones";
constexpr std::string_view kRecordType = "Microsoft.Network/privateDnsZones/A";
constexpr std::string_view kZoneLinkType = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

// Private endpoints get 10.200.0.4, .5, …: the first addresses that Azure hands out in a subnet.
std::string address_of(std::size_t number) {
  const std::size_t host = number + 4;
  return fmt::format("10.200.{}.{}", host / 256 % 256, host % 256);
}

// The id of the virtual network that a subnet's id lies in.
std::string_view network_of(std::string_view subnet_id) {
  return subnet_id.substr(0, lower(subnet_id).rfind("/subnets/"));
}

std::string_view last_segment(std::string_view id) { return id.substr(id.rfind('/') + 1); }

std::vector<std::string> hosts_of(const NamedResource& resource) {
  std::vector<std::string> hosts;
  for (const auto& host : facts(resource.service).hosts) {
    hosts.push_back(fmt::format("{}.{}", resource.label, host.suffix));
  }
  return hosts;
}

}  // namespace

void TableNetworks::read_subnets(const std::vector<PageTable>& tables) {
  for (const auto& table : tables) {
    const TableView view(table);
    for (const auto& row : table.rows) read_subnet(view, row);
  }
}

void TableNetworks::read_subnet(const TableView& view, const PageRow& row) {
  const auto& cell = row.cells.front();
  if (cell.text.empty()) return;
  const std::string id = subnet_id(cell, names_, problems_);
  if (id.empty()) return;
  const auto [entry, added] = service_endpoints_.try_emplace(lower(id));
  if (!added) problems_.error(cell, fmt::format("subnet `{}` stands twice", cell.text));
  const auto* kinds = view.find(row, "service endpoints");
  if (kinds == nullptr) return;
  for (auto kind : split_cell(*kinds)) {
    kind.text = service_endpoint(kind);
    if (!kind.text.empty()) entry->second.push_back(std::move(kind));
  }
}

// `storage` → `Microsoft.Storage`; the service's own word is read, too.
std::string TableNetworks::service_endpoint(const PageCell& kind) {
  if (kind.text.find('.') != std::string::npos) return kind.text;
  std::vector<std::string_view> known;
  for (const auto& service : all_services()) {
    if (service.service_endpoint.empty() || service.page_kind.empty()) continue;
    if (iequals(service.page_kind, kind.text)) return std::string(service.service_endpoint);
    known.push_back(service.page_kind);
  }
  problems_.error(kind, unknown_word("service endpoint", kind.text, known));
  return {};
}

void TableNetworks::read_callers(std::span<const Caller> callers) {
  for (const auto& caller : callers) {
    if (caller.subnet.empty()) continue;
    const PageCell cell{caller.subnet, caller.place.line, caller.place.column, 0, 0};
    static_cast<void>(subnet_id(cell, names_, problems_));
  }
}

void TableNetworks::read_endpoints(const std::vector<PageTable>& tables) {
  for (const auto& table : tables) {
    const TableView view(table);
    for (const auto& row : table.rows) read_endpoint(view, row);
  }
}

void TableNetworks::read_endpoint(const TableView& view, const PageRow& row) {
  EndpointRow endpoint;
  endpoint.name = row.cells.front();
  const auto* resource_cell = view.find(row, "resource");
  const auto* subnet_cell = view.find(row, "subnet");
  if (resource_cell == nullptr || subnet_cell == nullptr) {
    return problems_.error(endpoint.name, "a private endpoint needs a `resource` and a `subnet`");
  }
  const auto* resource = names_.find_resource(resource_cell->text);
  if (resource == nullptr) {
    return problems_.error(*resource_cell,
                           fmt::format("unknown resource `{}`", resource_cell->text));
  }
  const auto same = [&](const EndpointRow& other) {
    return iequals(other.name.text, endpoint.name.text);
  };
  if (std::ranges::any_of(endpoints_, same)) {
    return problems_.error(endpoint.name,
                           fmt::format("private endpoint `{}` stands twice", endpoint.name.text));
  }
  if (const auto* status = view.find(row, "status")) {
    const auto word = parse_word<ConnectionStatus>(status->text);
    if (!word)
      problems_.error(*status,
                      unknown_word("status", status->text, Vocabulary<ConnectionStatus>::words));
    endpoint.status = word.value_or(ConnectionStatus::Approved);
  }
  endpoint.id = page_id(kEndpointType, endpoint.name.text);
  endpoint.resource_id = resource->id;
  endpoint.subnet = subnet_id(*subnet_cell, names_, problems_);
  endpoint.network = network_of(endpoint.subnet);
  endpoint.address = address_of(endpoints_.size());
  endpoint.hosts = hosts_of(*resource);
  plan_zones(endpoint, *resource, view.find(row, "zone"));
  endpoints_.push_back(std::move(endpoint));
}

void TableNetworks::plan_zones(const EndpointRow& endpoint, const NamedResource& resource,
                               const PageCell* cell) {
  if (cell == nullptr || iequals(cell->text, "absent")) return;
  const bool linked = iequals(cell->text, "linked");
  if (linked || iequals(cell->text, "unlinked")) {
    for (const auto& host : facts(resource.service).hosts) {
      plan_zone(endpoint, resource, host, linked, *cell);
    }
    return;
  }
  for (const auto& word : split_cell(*cell)) {
    if (const auto* host = find_host(resource, word)) {
      plan_zone(endpoint, resource, *host, true, word);
    }
  }
}

// By its word (`blob`), its suffix, its zone or the whole name.
const ServiceHost* TableNetworks::find_host(const NamedResource& resource, const PageCell& word) {
  const auto& hosts = facts(resource.service).hosts;
  const auto fits = [&](const ServiceHost& host) {
    return iequals(word.text, host.word) || iequals(word.text, host.suffix) ||
           iequals(word.text, host.zone) ||
           iequals(word.text, fmt::format("{}.{}", resource.label, host.suffix));
  };
  const auto found = std::ranges::find_if(hosts, fits);
  if (found != hosts.end()) return &*found;
  std::vector<std::string_view> known{"linked", "unlinked", "absent"};
  for (const auto& host : hosts) known.push_back(host.word);
  problems_.error(word, unknown_word("zone", word.text, known));
  return nullptr;
}

void TableNetworks::plan_zone(const EndpointRow& endpoint, const NamedResource& resource,
                              const ServiceHost& host, bool linked, const PageCell& cell) {
  const std::string group = fmt::format(
      "page-{}", linked ? last_segment(endpoint.network) : std::string_view(endpoint.name.text));
  const std::string id = page_id(kZoneType, host.zone, kPageSubscription, group);
  auto zone = std::ranges::find(zones_, id, &ZonePlan::id);
  if (zone == zones_.end()) {
    zones_.push_back(
        {std::string(host.zone), id, linked ? endpoint.network : std::string(), cell, {}});
    zone = zones_.end() - 1;
  }
  zone->records[resource.label].push_back(endpoint.address);
}

Node TableNetworks::connection_state(const EndpointRow& endpoint) const {
  return nodes_.object_of("status", std::string(to_string(endpoint.status)), endpoint.name);
}

Node TableNetworks::connections_of(const std::string& resource_id, const PageCell& where) const {
  Node connections = nodes_.array(where);
  for (const auto& endpoint : endpoints_) {
    if (endpoint.resource_id != resource_id) continue;
    Node properties = nodes_.object(endpoint.name);
    properties.add("privateEndpoint", nodes_.object_of("id", endpoint.id, endpoint.name));
    properties.add("privateLinkServiceConnectionState", connection_state(endpoint));
    Node connection = nodes_.object_of("name", endpoint.name.text, endpoint.name);
    connection.add("properties", std::move(properties));
    connections.push(std::move(connection));
  }
  return connections;
}

void TableNetworks::write(Node& resources) const {
  write_networks(resources);
  for (const auto& endpoint : endpoints_) write_endpoint(endpoint, resources);
  for (const auto& zone : zones_) write_zone(zone, resources);
}

Node TableNetworks::subnet_node(const NamedThing& subnet) const {
  Node properties = nodes_.object(subnet.where);
  Node& list = properties.add("serviceEndpoints", nodes_.array(subnet.where));
  const auto found = service_endpoints_.find(lower(subnet.id));
  if (found != service_endpoints_.end()) {
    for (const auto& endpoint : found->second) {
      list.push(nodes_.object_of("service", endpoint.text, endpoint));
    }
  }
  Node node = nodes_.object_of("id", subnet.id, subnet.where);
  node.add("name", nodes_.text(subnet.name, subnet.where));
  node.add("properties", std::move(properties));
  return node;
}

void TableNetworks::write_networks(Node& resources) const {
  for (const auto& network : names_.networks()) {
    if (!network.made) continue;
    Node properties = nodes_.object(network.where);
    Node& subnets = properties.add("subnets", nodes_.array(network.where));
    for (const auto& subnet : network.children) subnets.push(subnet_node(subnet));
    Node node = nodes_.resource(network.id, types::kVirtualNetwork, network.name, network.where);
    node.add("properties", std::move(properties));
    resources.push(std::move(node));
  }
}

void TableNetworks::write_endpoint(const EndpointRow& endpoint, Node& resources) const {
  const auto& where = endpoint.name;
  Node connection_properties =
      nodes_.object_of("privateLinkServiceId", endpoint.resource_id, where);
  connection_properties.add("privateLinkServiceConnectionState", connection_state(endpoint));
  Node connection = nodes_.object_of("name", where.text, where);
  connection.add("properties", std::move(connection_properties));
  Node properties = nodes_.object(where);
  if (!endpoint.subnet.empty()) {
    properties.add("subnet", nodes_.object_of("id", endpoint.subnet, where));
  }
  properties.add("privateLinkServiceConnections", nodes_.array(where)).push(std::move(connection));
  Node& configurations = properties.add("customDnsConfigs", nodes_.array(where));
  for (const auto& host : endpoint.hosts) {
    Node configuration = nodes_.object_of("fqdn", host, where);
    configuration.add("ipAddresses", nodes_.array(where))
        .push(nodes_.text(endpoint.address, where));
    configurations.push(std::move(configuration));
  }
  Node node = nodes_.resource(endpoint.id, kEndpointType, where.text, where);
  node.add("properties", std::move(properties));
  resources.push(std::move(node));
}

void TableNetworks::write_zone(const ZonePlan& zone, Node& resources) const {
  Node node = nodes_.resource(zone.id, kZoneType, zone.name, zone.where);
  node.add("properties", nodes_.object(zone.where));
  resources.push(std::move(node));
  for (const auto& [label, addresses] : zone.records) {
    Node record =
        nodes_.resource(fmt::format("{}/A/{}", zone.id, label), kRecordType, label, zone.where);
    Node properties = nodes_.object(zone.where);
    Node& list = properties.add("aRecords", nodes_.array(zone.where));
    for (const auto& address : addresses)
      list.push(nodes_.object_of("ipv4Address", address, zone.where));
    record.add("properties", std::move(properties));
    resources.push(std::move(record));
  }
  if (zone.network.empty()) return;
  const auto name = last_segment(zone.network);
  Node link = nodes_.resource(fmt::format("{}/virtualNetworkLinks/{}", zone.id, name),
                              kZoneLinkType, name, zone.where);
  Node properties = nodes_.object(zone.where);
  properties.add("virtualNetwork", nodes_.object_of("id", zone.network, zone.where));
  link.add("properties", std::move(properties));
  resources.push(std::move(link));
}

}  // namespace nsp

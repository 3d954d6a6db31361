// Private endpoints. The state of a connection stands in two places, at the endpoint and at the
// resource. They are brought together here and nowhere else: where the two differ the worse one
// counts, as an old copy must not open what the other side has closed.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

void add_address(Builder& builder, const Spot& spot, std::vector<IpAddress>& out) {
  if (!spot || !spot.node->is_string()) return;
  const auto address = IpAddress::parse(spot.node->text);
  if (!address) {
    return builder.error(spot.place(), fmt::format("`{}` is not an address", spot.node->text));
  }
  if (std::ranges::find(out, *address) == out.end()) out.push_back(*address);
}

std::vector<IpAddress> read_addresses(Builder& builder, const Spot& properties) {
  std::vector<IpAddress> out;
  const Spot names = builder.list(properties, "customDnsConfigs");
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const Spot& item : builder.strings(names.item(i), "ipAddresses")) {
      add_address(builder, item, out);
    }
  }
  const Spot configurations = builder.list(properties, "ipConfigurations");
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const Spot inside = builder.properties(configurations.item(i));
    add_address(builder, inside.find("privateIPAddress"), out);
  }
  return out;
}

Index find(const std::unordered_map<std::string, Index>& map, const std::optional<ResourceId>& id) {
  if (!id) return kNone;
  const auto found = map.find(id->key());
  return found == map.end() ? kNone : found->second;
}

// An endpoint may have one connection for each group; a side that names no group means any.
bool share_group(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto is_in_b = [&](const std::string& group) {
    return std::ranges::any_of(b, [&](const std::string& other) { return iequals(group, other); });
  };
  return a.empty() || b.empty() || std::ranges::any_of(a, is_in_b);
}

// Of two that are not Approved the resource's is shown: it accepts or rejects.
ConnectionStatus worse(ConnectionStatus at_resource, ConnectionStatus at_endpoint) {
  const bool is_open =
      at_resource == ConnectionStatus::Approved || at_resource == ConnectionStatus::Unknown;
  return is_open ? at_endpoint : at_resource;
}

// The two descriptions of one connection brought together. `when_absent`: the status where neither
// side says one.
void join_with_resource(Builder& builder, PrivateEndpoint& endpoint,
                        std::optional<ConnectionStatus> stated, ConnectionStatus when_absent) {
  endpoint.status = stated.value_or(when_absent);
  if (endpoint.resource == kNone) return;
  auto& connections = builder.environment.resources[endpoint.resource].private_connections;
  const auto same = [&](const PrivateConnection& c) {
    return c.endpoint == endpoint.id && share_group(c.groups, endpoint.groups);
  };
  const auto found = std::ranges::find_if(connections, same);
  if (found == connections.end()) {
    connections.push_back({endpoint.name, endpoint.id, endpoint.groups, endpoint.status});
    return;
  }
  if (stated) {
    endpoint.status = worse(found->status, *stated);
  } else if (found->status != ConnectionStatus::Unknown) {
    endpoint.status = found->status;
  }
  found->status = endpoint.status;
  if (found->groups.empty()) found->groups = endpoint.groups;
}

// The status that the endpoint's own description states.
std::optional<ConnectionStatus> read_status(Builder& builder, const Spot& connection) {
  const Spot state = builder.object(connection, "privateLinkServiceConnectionState");
  if (builder.text(state, "status").empty()) return std::nullopt;
  return builder.status(state, ConnectionStatus::Unknown);
}

// What an endpoint has whatever it connects to.
PrivateEndpoint read_common(Builder& builder, const ResourceDocument& document,
                            const Spot& properties) {
  PrivateEndpoint endpoint;
  endpoint.name = document.name;
  endpoint.id = document.id;
  endpoint.place = body_of(document).place();
  endpoint.unknown = builder.unknown(document, kEndpointShape);
  const auto subnet = builder.reference(properties, "subnet");
  endpoint.subnet = find(builder.subnet_at, subnet);
  if (subnet && endpoint.subnet == kNone) {
    builder.warn(
        properties.find("subnet").place(),
        fmt::format("subnet `{}/{}` is not described", subnet->parent().name(), subnet->name()));
  }
  endpoint.addresses = read_addresses(builder, properties);
  return endpoint;
}

// `when_absent`: a template's connection is approved by itself, a manual one waits.
void read_connections(Builder& builder, const PrivateEndpoint& common, const Spot& properties,
                      std::string_view name, ConnectionStatus when_absent) {
  const Spot list = builder.list(properties, name);
  const Unknown& unknown = common.unknown.at("properties").at(name);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Spot inside = builder.properties(list.item(i));
    PrivateEndpoint endpoint = common;
    endpoint.unknown_connection = unknown.item(i);
    const auto target = builder.reference(inside, "privateLinkServiceId");
    endpoint.resource = find(builder.resource_at, target);
    if (target && endpoint.resource == kNone) {
      builder.warn(
          inside.find("privateLinkServiceId").place(),
          fmt::format("resource `{}` is not described: this private endpoint has no effect",
                      target->name()));
    }
    for (const Spot& group : builder.strings(inside, "groupIds")) {
      endpoint.groups.push_back(group.node->text);
    }
    join_with_resource(builder, endpoint, read_status(builder, inside), when_absent);
    builder.environment.private_endpoints.push_back(std::move(endpoint));
  }
}

}  // namespace

void build_endpoints(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kPrivateEndpoint)) {
    const Spot properties = builder.properties(body_of(*document));
    if (!properties) continue;
    const PrivateEndpoint common = read_common(builder, *document, properties);
    read_connections(builder, common, properties, "privateLinkServiceConnections",
                     ConnectionStatus::Approved);
    read_connections(builder, common, properties, "manualPrivateLinkServiceConnections",
                     ConnectionStatus::Pending);
  }
}

}  // namespace nsp

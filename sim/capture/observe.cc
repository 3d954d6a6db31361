#include "sim/capture/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/base/text.h"
#include "sim/capture/privatelink_name.h"
#include "sim/model/services.h"

namespace nsp {
namespace {

constexpr std::uint16_t kDns = 53;
constexpr std::uint16_t kHttps = 443;
constexpr std::uint16_t kNfs = 2049;
constexpr std::uint16_t kSmb = 445;
constexpr std::uint16_t kSsh = 22;

// The host name of a resource for the group (`blob`) of a private endpoint, if the group tells it.
std::optional<DomainName> name_of_group(const Resource& resource,
                                        const std::vector<std::string>& groups) {
  if (groups.size() != 1) return std::nullopt;
  for (const ServiceHost& host : facts(resource.service).hosts) {
    if (!iequals(host.word, groups.front())) continue;
    const auto found = std::ranges::find_if(
        resource.host_names, [&](const DomainName& name) { return name.is_under(host.suffix); });
    if (found != resource.host_names.end()) return *found;
  }
  return std::nullopt;
}

}  // namespace

bool is_attempt(const Flow& flow) {
  if (flow.client.port == kDns || flow.server.port == kDns) return false;
  return flow.transport == Transport::Tcp || flow.server.port == kHttps;
}

std::vector<std::string> notes(const Flow& flow) {
  std::vector<std::string> words;
  if (flow.client_by_port && flow.transport == Transport::Tcp) {
    words.emplace_back("no SYN was seen: the client is the side with the higher port");
  }
  if (flow.encrypted_client_hello) {
    words.push_back(fmt::format(
        "the ClientHello is encrypted: `{}` is the outer name, the inner one cannot be seen",
        flow.name.text()));
  }
  return words;
}

FlowObserver::FlowObserver(const Policy& policy, const Bindings& bindings)
    : policy_(policy), bindings_(bindings) {
  add_private_endpoints();
  add_zone_records();
}

std::size_t FlowObserver::AddressHash::operator()(const IpAddress& address) const {
  const auto folded = static_cast<std::uint64_t>(address.bits >> 64) * 31 +
                      static_cast<std::uint64_t>(address.bits);
  return static_cast<std::size_t>(folded * 0x9e37'79b9'7f4a'7c15U);
}

void FlowObserver::add_private_address(const IpAddress& address, const AtAddress& at) {
  if (!address.is_private()) return;
  const auto [entry, is_new] = private_addresses_.try_emplace(address, at);
  if (is_new) return;
  AtAddress& known = entry->second;
  if (known.resource != at.resource) known = {};
  if (!known.name) known.name = at.name;
  if (at.name && known.name != at.name) known.name = {};
}

void FlowObserver::add_private_endpoints() {
  const Environment& environment = policy_.environment();
  for (const PrivateEndpoint& endpoint : environment.private_endpoints) {
    if (endpoint.resource == kNone) continue;
    const Resource& resource = environment.resources[endpoint.resource];
    for (const IpAddress& address : endpoint.addresses) {
      add_private_address(address, {endpoint.resource, name_of_group(resource, endpoint.groups)});
    }
  }
}

void FlowObserver::add_zone_records() {
  for (const PrivateDnsZone& zone : policy_.environment().zones) {
    for (const DnsRecord& record : zone.records) {
      const auto name = DomainName::parse(fmt::format("{}.{}", record.label, zone.name.text()));
      if (!name) continue;
      const DomainName seen = public_name(*name);
      const Index resource = policy_.find_host(seen.text());
      if (resource == kNone) continue;
      for (const IpAddress& address : record.addresses) {
        add_private_address(address, {resource, seen});
      }
    }
  }
}

const FlowObserver::AtAddress* FlowObserver::at_private_address(const IpAddress& address) const {
  const auto found = private_addresses_.find(address);
  if (found == private_addresses_.end() || found->second.resource == kNone) return nullptr;
  return &found->second;
}

FlowObserver::Destination FlowObserver::named(const DomainName& name) const {
  const Index resource = policy_.find_host(name.text());
  if (resource == kNone) return {kNone, name.text(), std::nullopt};
  return {resource, policy_.display_name(resource), name};
}

FlowObserver::Destination FlowObserver::bound(const Binding& binding) const {
  const Lookup found = policy_.find_resource(binding.resource);
  const bool known = found.index != kNone && !found.ambiguous;
  return {known ? found.index : kNone, known ? policy_.display_name(found.index) : binding.resource,
          binding.name};
}

FlowObserver::Destination FlowObserver::find_destination(const Flow& flow) const {
  const DomainName name = public_name(flow.name);
  const AtAddress* at = at_private_address(flow.server.address);
  const Binding* binding = bindings_.find(flow.server.address);
  Destination by_name;
  if (!name.empty()) by_name = named(name);
  by_name.by_private_address = at != nullptr && at->resource == by_name.resource;
  if (by_name.resource != kNone) return by_name;
  if (binding != nullptr && !binding->resource.empty()) {
    Destination destination = bound(*binding);
    destination.by_private_address = at != nullptr && at->resource == destination.resource;
    return destination;
  }
  if (at != nullptr) return {at->resource, policy_.display_name(at->resource), at->name, true};
  if (by_name.to.empty() && binding != nullptr && binding->name) return named(*binding->name);
  return by_name;
}

bool FlowObserver::has_service_endpoint(const std::string& subnet, Index resource) const {
  if (subnet.empty() || resource == kNone) return false;
  const Lookup found = policy_.find_subnet(subnet);
  const auto& subnets = policy_.environment().subnets;
  if (found.ambiguous || found.index >= subnets.size()) return false;
  return nsp::has_service_endpoint(subnets[found.index], policy_.resource(resource).service);
}

Via FlowObserver::find_path(const Flow& flow, const Destination& destination,
                            const Attempt& attempt) const {
  if (!flow.server.address.is_private()) {
    return has_service_endpoint(attempt.subnet, destination.resource) ? Via::ServiceEndpoint
                                                                      : Via::Public;
  }
  const bool is_private =
      destination.by_private_address || flow.privatelink || has_privatelink_label(flow.name.text());
  return is_private ? Via::PrivateEndpoint : Via::Auto;
}

void FlowObserver::set_caller(Attempt& attempt, const Flow& flow) const {
  const Binding* binding = bindings_.find(flow.client.address);
  if (binding == nullptr) {
    attempt.outside = true;
    attempt.from = to_string(flow.client.address);
    return;
  }
  const Caller& caller = binding->caller;
  attempt.outside = binding->resource.empty();
  attempt.from = attempt.outside ? caller.name : bound(*binding).to;
  attempt.credential = caller.credential;
  attempt.subscription = caller.subscription;
  attempt.subnet = caller.subnet;
  attempt.trusted_service = caller.trusted_service;
  attempt.address = caller.address;
  attempt.address_hidden = caller.address_hidden;
}

Protocol FlowObserver::find_protocol(const Flow& flow, Index resource) const {
  if (flow.server.port == kNfs) return Protocol::Nfs;
  if (flow.server.port == kSmb) return Protocol::Smb;
  const bool is_storage =
      resource != kNone && policy_.resource(resource).service == Service::Storage;
  return flow.server.port == kSsh && is_storage ? Protocol::Sftp : Protocol::Https;
}

Observation FlowObserver::observe(const Flow& flow) const {
  assert(is_attempt(flow));
  Observation seen;
  Attempt& attempt = seen.attempt;
  set_caller(attempt, flow);
  Destination destination = find_destination(flow);
  attempt.via = find_path(flow, destination, attempt);
  attempt.protocol = find_protocol(flow, destination.resource);
  const bool arrives = !flow.client.address.is_private() || attempt.via == Via::PrivateEndpoint;
  if (!attempt.address && !attempt.address_hidden && arrives) attempt.address = flow.client.address;
  attempt.to = std::move(destination.to);
  attempt.name = std::move(destination.name);
  seen.seen.add(1, flow.first, flow.last);
  seen.packets = flow.sent.packets + flow.received.packets;
  return seen;
}

}  // namespace nsp

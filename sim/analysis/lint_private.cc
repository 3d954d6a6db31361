// Will surprise: private endpoints that nobody's name leads to. An endpoint is used only by callers
// who resolve the resource's name to it (P-2); the others arrive in public, and find what the
// perimeter makes of them.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_prove.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

// One name that an endpoint serves, and what its resolution lacks in the endpoint's own network.
enum class Lack : std::uint8_t { Nothing, Zone, Link, Record };
struct ServedName {
  DomainName host;
  std::string_view zone;
  Lack lack = Lack::Nothing;
};

bool is_foundry(Service service) {
  return service == Service::Foundry || service == Service::OpenAi;
}

// The groups of Storage are words of its names (`blob`); other services have one for all names.
bool serves(const PrivateEndpoint& endpoint, const Resource& resource, const ServiceHost& host) {
  if (resource.service != Service::Storage) return true;
  return std::ranges::any_of(endpoint.groups,
                             [&](const std::string& group) { return iequals(group, host.word); });
}

Lack lack_of(const LintInput& input, Index network, const DomainName& host,
             std::string_view zone_name) {
  if (input.policy.private_zone(network, host.text()) != kNone) return Lack::Nothing;
  Lack lack = Lack::Zone;
  for (const PrivateDnsZone& zone : input.environment().zones) {
    if (zone.name.text() != zone_name) continue;
    if (std::ranges::find(zone.networks, network) != zone.networks.end()) return Lack::Record;
    lack = Lack::Link;
  }
  return lack;
}

// Empty where the endpoint's network or target is not described, or no traffic can use it.
std::vector<ServedName> served_names(const LintInput& input, const PrivateEndpoint& endpoint) {
  std::vector<ServedName> names;
  if (endpoint.subnet == kNone || endpoint.resource == kNone ||
      endpoint.status != ConnectionStatus::Approved) {
    return names;
  }
  const Resource& resource = input.environment().resources[endpoint.resource];
  const Index network = input.environment().subnets[endpoint.subnet].network;
  for (const ServiceHost& host : facts(resource.service).hosts) {
    const auto name = std::ranges::find_if(
        resource.host_names, [&](const DomainName& one) { return one.is_under(host.suffix); });
    if (name == resource.host_names.end() || !serves(endpoint, resource, host)) continue;
    names.push_back({*name, host.zone, lack_of(input, network, *name, host.zone)});
  }
  return names;
}

bool is_whole(const std::vector<ServedName>& names) {
  return std::ranges::all_of(names, [](const ServedName& n) { return n.lack == Lack::Nothing; });
}

bool is_partly_there(const std::vector<ServedName>& names) {
  return std::ranges::any_of(names, [](const ServedName& n) { return n.lack == Lack::Nothing; });
}

std::string network_of(const LintInput& input, const PrivateEndpoint& endpoint) {
  const Environment& environment = input.environment();
  return environment.networks[environment.subnets[endpoint.subnet].network].name;
}

// Of an account of several names, some of which lead to the endpoint, NSP332 tells.
bool is_half_foundry(const LintInput& input, const PrivateEndpoint& endpoint,
                     const std::vector<ServedName>& names) {
  return is_foundry(input.environment().resources[endpoint.resource].service) &&
         is_partly_there(names);
}

// Each distinct zone of the names that lack this.
std::vector<std::string> zones_lacking(const std::vector<ServedName>& names, Lack lack) {
  std::vector<std::string> zones;
  for (const ServedName& name : names) {
    if (name.lack == lack && std::ranges::find(zones, name.zone) == zones.end()) {
      zones.emplace_back(name.zone);
    }
  }
  return zones;
}

// Zones may live in a hub that nobody gave: where no document has any, it is a note.
void find_without_zone(const LintInput& input, FindingSink& sink) {
  for (const PrivateEndpoint& endpoint : input.environment().private_endpoints) {
    const auto names = served_names(input, endpoint);
    const auto zones = zones_lacking(names, Lack::Zone);
    if (zones.empty() || is_half_foundry(input, endpoint, names)) continue;
    const Resource& resource = input.environment().resources[endpoint.resource];
    const std::string message = fmt::format(
        "private endpoint `{}` of `{}` has no zone {}: callers in `{}` arrive in public",
        endpoint.name, resource.name, some_names(zones), network_of(input, endpoint));
    if (input.environment().zones.empty()) {
      sink.note(endpoint.place, endpoint.name, message);
    } else {
      sink.add(endpoint.place, endpoint.name, message);
    }
  }
}

void find_without_link(const LintInput& input, FindingSink& sink) {
  for (const PrivateEndpoint& endpoint : input.environment().private_endpoints) {
    const auto names = served_names(input, endpoint);
    const auto zones = zones_lacking(names, Lack::Link);
    if (zones.empty() || is_half_foundry(input, endpoint, names)) continue;
    sink.add(endpoint.place, endpoint.name,
             fmt::format("zone {} is not linked to network `{}`, where private endpoint `{}` "
                         "stands: callers there arrive in public",
                         some_names(zones), network_of(input, endpoint), endpoint.name));
  }
}

void find_without_record(const LintInput& input, FindingSink& sink) {
  for (const PrivateEndpoint& endpoint : input.environment().private_endpoints) {
    const auto names = served_names(input, endpoint);
    if (is_half_foundry(input, endpoint, names)) continue;
    for (const ServedName& name : names) {
      if (name.lack != Lack::Record) continue;
      sink.add(endpoint.place, endpoint.name,
               fmt::format("zone `{}` holds no record of `{}`: callers of private endpoint `{}` "
                           "arrive in public",
                           name.zone, name.host.text(), endpoint.name));
    }
  }
}

void find_half_foundry(const LintInput& input, FindingSink& sink) {
  for (const PrivateEndpoint& endpoint : input.environment().private_endpoints) {
    const auto names = served_names(input, endpoint);
    if (names.empty() || is_whole(names) || !is_half_foundry(input, endpoint, names)) continue;
    std::vector<std::string> missing;
    for (const ServedName& name : names) {
      if (name.lack != Lack::Nothing) missing.push_back(name.host.text());
    }
    sink.add(endpoint.place, endpoint.name,
             fmt::format(
                 "private endpoint `{}` of `{}` is not reached by {} of its {} names: callers of "
                 "{} arrive in public",
                 endpoint.name, input.environment().resources[endpoint.resource].name,
                 missing.size(), names.size(), some_names(missing)));
  }
}

bool has_endpoint_for(const LintInput& input, Index resource, std::string_view group) {
  return std::ranges::any_of(
      input.environment().private_endpoints, [&](const PrivateEndpoint& endpoint) {
        return endpoint.resource == resource &&
               std::ranges::any_of(endpoint.groups,
                                   [&](const std::string& one) { return iequals(one, group); });
      });
}

// The files of a hierarchical namespace are reached by either name, and tools change between them.
void find_half_namespace(const LintInput& input, FindingSink& sink) {
  const auto& resources = input.environment().resources;
  for (Index i = 0; i < resources.size(); ++i) {
    if (!resources[i].protocols.is_hierarchical.value_or(false)) continue;
    const bool blob = has_endpoint_for(input, i, "blob");
    const bool dfs = has_endpoint_for(input, i, "dfs");
    if (blob == dfs) continue;
    const std::string name = input.policy.display_name(i);
    sink.add(resources[i].place, name,
             fmt::format("`{}` has a hierarchical namespace and a private endpoint for `{}` alone: "
                         "calls to its `{}` name arrive in public",
                         name, blob ? "blob" : "dfs", blob ? "dfs" : "blob"));
  }
}

void find_not_approved(const LintInput& input, FindingSink& sink) {
  const auto& resources = input.environment().resources;
  const auto carries_nothing = [](ConnectionStatus status) {
    return status != ConnectionStatus::Approved && status != ConnectionStatus::Unknown;
  };
  for (Index i = 0; i < resources.size(); ++i) {
    const std::string name = input.policy.display_name(i);
    for (const PrivateConnection& one : resources[i].private_connections) {
      if (!carries_nothing(one.status)) continue;
      const std::string_view endpoint = one.endpoint.empty() ? one.name : one.endpoint.name();
      sink.add(resources[i].place, name,
               fmt::format("the connection of private endpoint `{}` to `{}` is {}: who resolves to "
                           "it is refused",
                           endpoint, name, to_string(one.status)));
    }
    for (const SharedPrivateLink& one : resources[i].shared_private_links) {
      if (!carries_nothing(one.status)) continue;
      sink.add(resources[i].place, name,
               fmt::format("shared private link `{}` of `{}` to `{}` is {}: it carries nothing",
                           one.name, name, one.target.name(), to_string(one.status)));
    }
  }
}

void find_shared_links(const LintInput& input, FindingSink& sink) {
  for (const PerimeterMember& member : members_of(input)) {
    for (const SharedPrivateLink& one : member.document->shared_private_links) {
      if (one.status != ConnectionStatus::Approved) continue;
      sink.add(member.document->place, member.name,
               fmt::format("shared private link `{}` of `{}` reaches `{}` beside the perimeter: no "
                           "rule of profile `{}` limits it and nothing logs it",
                           one.name, member.name, one.target.name(), member.profile->name));
    }
  }
}

constexpr std::array kPrivateChecks{
    Check{
        .id = "NSP330",
        .name = "endpoint-without-zone",
        .severity = Severity::Warning,
        .title = "a private endpoint has no private DNS zone",
        .basis = {Basis{"P-2"}, Basis{"P-4"}},
        .remedy = "create the zone with the endpoint's record and link it to the callers' networks",
        .find = find_without_zone},
    Check{.id = "NSP331",
          .name = "zone-not-linked",
          .severity = Severity::Warning,
          .title = "a private DNS zone is not linked to the network of its endpoint",
          .basis = {Basis{"P-2"}},
          .remedy = "link the zone to every network whose callers should take the endpoint",
          .find = find_without_link},
    Check{.id = "NSP332",
          .name = "foundry-name-missing",
          .severity = Severity::Warning,
          .title = "some of the three names of a Foundry account resolve privately and some do not",
          .basis = {Basis{"P-4"}, Basis{"P-2"}},
          .remedy = "give each of the three zones the endpoint's record and the network's link",
          .find = find_half_foundry},
    Check{.id = "NSP333",
          .name = "endpoint-without-record",
          .severity = Severity::Note,
          .title = "a private DNS zone holds no record of the endpoint's resource",
          .basis = {Basis{"P-2"}},
          .remedy = "give the endpoint a zone group, which writes the record",
          .find = find_without_record},
    Check{.id = "NSP334",
          .name = "hierarchical-name-missing",
          .severity = Severity::Note,
          .title = "a data lake has a private endpoint for one of its two names",
          .basis = {Basis{"P-1"}, Basis{"P-4"}},
          .remedy = "add the endpoint and zone of the other name",
          .find = find_half_namespace},
    Check{.id = "NSP335",
          .name = "private-connection-not-approved",
          .severity = Severity::Warning,
          .title = "a private connection is not Approved",
          .basis = {Basis{"P-3"}},
          .remedy = "approve the connection at the resource, or remove the endpoint and its record",
          .find = find_not_approved},
    Check{.id = "NSP370",
          .name = "shared-private-link-beside-perimeter",
          .severity = Severity::Note,
          .title = "a shared private link of AI Search leaves the perimeter aside",
          .basis = {Basis{"OUT-1"}},
          .remedy = "count it as a way out, or remove it where the destination is a member",
          .find = find_shared_links},
};

}  // namespace

std::span<const Check> private_checks() { return kPrivateChecks; }

}  // namespace nsp

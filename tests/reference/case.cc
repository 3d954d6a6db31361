#include "tests/reference/case.h"

#include <algorithm>

#include "sim/base/text.h"
#include "sim/model/services.h"

namespace nsp::reference {

bool chosen(const Case& c, Matter matter) { return !c.readings.is_default(matter); }

Index index_of(const Case& c, const Resource* resource) {
  return static_cast<Index>(resource - c.env.resources.data());
}

const Association* association_of(const Case& c, const Resource* resource) {
  if (resource == nullptr || resource->association == kNone) return nullptr;
  if (index_of(c, resource) == c.scope.not_associated) return nullptr;
  return &c.env.associations[resource->association];
}

const Profile& profile_of(const Case& c, const Association& association) {
  return c.env.perimeters[association.perimeter].profiles[association.profile];
}

Standing standing_of(const Case& c, const Resource* resource) {
  Standing own{association_of(c, resource), AccessMode::Unknown, resource->public_network_access};
  if (index_of(c, resource) == c.scope.resource_with_access) {
    own.access = c.scope.public_network_access;
  }
  if (own.association != nullptr) {
    const bool in_scope = c.scope.only == nullptr || (*c.scope.only)[resource->association];
    own.mode = c.scope.mode && in_scope ? *c.scope.mode : own.association->mode;
  }
  return own;
}

Fact unknown_credential(const Case& c) {
  return c.caller != nullptr && !c.caller->identity ? Fact::Identity : Fact::Credential;
}

namespace {

// ------------------------------------------------------------------------------------------------------------
// names

using Found = std::expected<const Resource*, std::string>;

// By id, or by short name where only one resource bears it.
Found find_resource_named(const Environment& env, const std::string& name) {
  const Resource* found = nullptr;
  for (const Resource& resource : env.resources) {
    if (iequals(resource.id.text(), name)) return &resource;
    if (!iequals(resource.name, name)) continue;
    if (found != nullptr) return std::unexpected("`" + name + "` fits several resources");
    found = &resource;
  }
  return found;
}

std::expected<void, std::string> look_up_caller(Case& c) {
  if (c.attempt.outside) {
    c.credential = c.attempt.credential.value_or(Credential::Unknown);
    c.subscription = c.attempt.subscription;
    return {};
  }
  const Found found = find_resource_named(c.env, c.attempt.from);
  if (!found) return std::unexpected(found.error());
  c.caller = *found;
  if (c.caller == nullptr) return std::unexpected("no resource `" + c.attempt.from + "`");
  c.subscription = c.caller->subscription;
  if (c.attempt.credential) {
    c.credential = *c.attempt.credential;
  } else if (c.caller->identity) {
    c.credential = *c.caller->identity ? Credential::ManagedIdentity : Credential::Key;
  }
  const bool claims_identity = c.credential == Credential::ManagedIdentity;
  if (claims_identity && c.caller->identity == false) {
    return std::unexpected("`" + c.attempt.from + "` has no managed identity");  // P-9
  }
  return {};
}

std::expected<void, std::string> look_up_destination(Case& c) {
  const Found found = find_resource_named(c.env, c.attempt.to);
  if (!found) return std::unexpected(found.error());
  c.destination = *found;
  if (c.destination != nullptr) {
    const auto& hosts = c.destination->host_names;
    if (!hosts.empty()) c.host = hosts.front();
  } else {
    const auto host = DomainName::parse(c.attempt.to);
    if (!host) return std::unexpected(host.error());
    c.host = *host;
    for (const Resource& resource : c.env.resources) {
      if (std::ranges::count(resource.host_names, *host) > 0) c.destination = &resource;
    }
  }
  if (c.attempt.name) c.host = c.attempt.name;
  if (c.destination == nullptr && c.caller == nullptr) {
    return std::unexpected("neither end is modelled");
  }
  return {};
}

std::expected<void, std::string> look_up_subnet(Case& c) {
  if (c.attempt.subnet.empty()) return {};
  for (const Subnet& subnet : c.env.subnets) {
    const std::string name = c.env.networks[subnet.network].name + "/" + subnet.name;
    const std::string& wanted = c.attempt.subnet;
    if (iequals(name, wanted) || iequals(subnet.id.text(), wanted)) c.subnet = &subnet;
  }
  if (c.subnet == nullptr) return std::unexpected("no subnet `" + c.attempt.subnet + "`");
  return {};
}

// -------------------------------------------------------------------------------------------------------------
// path

// P-4: the private zone that shadows a host name.
std::string_view zone_of(const DomainName& host) {
  for (const ServiceFacts& service : all_services()) {
    for (const ServiceHost& name : service.hosts) {
      if (host.is_under(name.suffix)) return name.zone;
    }
  }
  return "";
}

// P-2: the caller's network is linked to the zone, and the zone holds a record for the host's first
// label.
bool resolves_privately(const Case& c) {
  if (c.subnet == nullptr || !c.host) return false;
  const std::string label = c.host->text().substr(0, c.host->text().find('.'));
  return std::ranges::any_of(c.env.zones, [&](const PrivateDnsZone& zone) {
    return zone.name.text() == zone_of(*c.host) &&
           std::ranges::count(zone.networks, c.subnet->network) > 0 &&
           std::ranges::any_of(zone.records, [&](const DnsRecord& r) { return r.label == label; });
  });
}

// OUT-1: a shared private link that the caller opened and the destination approved needs no zone.
bool has_shared_link(const Case& c) {
  if (c.caller == nullptr || c.destination == nullptr) return false;
  return std::ranges::any_of(c.caller->shared_private_links, [&](const SharedPrivateLink& shared) {
    return shared.target == c.destination->id && shared.status == ConnectionStatus::Approved;
  });
}

bool has_service_endpoint(const Case& c) {
  if (c.subnet == nullptr || c.destination == nullptr) return false;
  const std::string_view wanted = facts(c.destination->service).service_endpoint;
  return !wanted.empty() &&
         std::ranges::any_of(c.subnet->service_endpoints,
                             [&](const std::string& have) { return iequals(have, wanted); });
}

Path resolve_path(const Case& c) {
  switch (c.attempt.via) {
    case Via::Public:
      return Path::Public;
    case Via::PrivateEndpoint:
      return Path::PrivateEndpoint;
    case Via::ServiceEndpoint:
      return Path::ServiceEndpoint;
    case Via::Auto:
      break;
  }
  if (resolves_privately(c) || has_shared_link(c)) return Path::PrivateEndpoint;
  return has_service_endpoint(c) ? Path::ServiceEndpoint : Path::Public;
}

// P-7, where U3 is read as `hidden`: a resource calling a Storage account that may be of its own region shows
// no address.
bool same_region_hides(const Case& c) {
  if (!chosen(c, Matter::U3) || c.caller == nullptr || c.destination == nullptr) return false;
  const bool apart = !c.caller->location.empty() && !c.destination->location.empty() &&
                     !iequals(c.caller->location, c.destination->location);
  return c.destination->service == Service::Storage && !apart;
}

// P-5 to P-8: the address that rules may match, if there is one.
void look_up_address(Case& c) {
  if (c.path != Path::Public || c.attempt.address_hidden || same_region_hides(c)) return;
  const auto& stated = c.attempt.address;
  c.address_missing = !stated && c.caller == nullptr;
  if (stated && !stated->is_private()) c.address = stated;
}

}  // namespace

std::expected<Case, std::string> look_up(const Environment& env, const Attempt& attempt,
                                         const Scope& scope, const Readings& readings) {
  Case c{.env = env, .attempt = attempt, .scope = scope, .readings = readings};
  for (auto step : {look_up_caller, look_up_destination, look_up_subnet}) {
    if (const auto done = step(c); !done) return std::unexpected(done.error());
  }
  c.path = resolve_path(c);
  look_up_address(c);
  return c;
}

}  // namespace nsp::reference

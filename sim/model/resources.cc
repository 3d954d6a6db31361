// The resources themselves: what kind of service, which switches, which names.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

constexpr std::string_view kConnectionsName = "privateEndpointConnections";
constexpr std::string_view kSharedLinksName = "sharedPrivateLinkResources";

bool is_cognitive(Service service) {
  return service == Service::Foundry || service == Service::OpenAi ||
         service == Service::CognitiveServices;
}

void read_public_access(Builder& builder, const Spot& properties, Resource& resource) {
  const Spot written = properties.find("publicNetworkAccess");
  if (builder.leave_open(written, "publicNetworkAccess", resource.unresolved)) {
    resource.public_network_access = PublicNetworkAccess::Unknown;
    resource.public_network_access_text = written.node->text;
    return;
  }
  const std::string word = builder.text(properties, "publicNetworkAccess");
  if (word.empty()) return;
  const Place place = properties.find("publicNetworkAccess").place();
  const auto known = parse_word<PublicNetworkAccess>(word);
  resource.public_network_access = known.value_or(PublicNetworkAccess::Unknown);
  resource.public_network_access_text = word;
  if (!known) {
    builder.warn(place, fmt::format("`{}` is not a known `publicNetworkAccess`, expected "
                                    "`Enabled`, `Disabled` or `SecuredByPerimeter`",
                                    word));
  } else if (*known == PublicNetworkAccess::SecuredByPerimeter && is_cognitive(resource.service)) {
    builder.warn(place,
                 "no api-version of Microsoft.CognitiveServices accepts "
                 "`SecuredByPerimeter`");
  }
}

void read_egress(Builder& builder, const Spot& properties, Resource& resource) {
  (void)builder.leave_open(properties.find("restrictOutboundNetworkAccess"),
                           "restrictOutboundNetworkAccess", resource.unresolved);
  builder.leave_elements_open(properties, "allowedFqdnList", resource.unresolved);
  resource.restrict_outbound =
      builder.boolean(properties, "restrictOutboundNetworkAccess").value_or(false);
  for (const Spot& item : builder.strings(properties, "allowedFqdnList")) {
    auto pattern = DomainPattern::parse(trim(item.node->text));
    if (pattern) {
      resource.allowed_fqdns.push_back(std::move(*pattern));
    } else {
      builder.error(item.place(), std::move(pattern.error()));
    }
  }
}

// The names of the service's facts under `label`; an example's placeholder is no host name and
// gives none.
void add_host_names(Resource& resource, std::string_view label) {
  for (const ServiceHost& host : facts(resource.service).hosts) {
    auto name = DomainName::parse(fmt::format("{}.{}", label, host.suffix));
    if (name) resource.host_names.push_back(std::move(*name));
  }
}

// Accounts of Cognitive Services have a label of their own, all else their name. A label that is
// not known gives no host name.
void read_host_names(Builder& builder, const Spot& properties, Resource& resource) {
  constexpr std::string_view kLabel = "customSubDomainName";
  if (!is_cognitive(resource.service)) return add_host_names(resource, resource.name);
  if (builder.leave_open(properties.find(kLabel), kLabel, resource.unresolved)) return;
  const std::string label = builder.text(properties, kLabel);
  add_host_names(resource, label.empty() ? std::string_view(resource.name) : label);
}

void read_connections(Builder& builder, const Spot& properties, Resource& resource) {
  const Unknown& unknown = resource.unknown.at("properties");
  const Spot connections = builder.list(properties, kConnectionsName);
  for (std::size_t i = 0; i < connections.size(); ++i) {
    resource.private_connections.push_back(
        read_connection(builder, connections.item(i), unknown.at(kConnectionsName).item(i)));
  }
  const Spot links = builder.list(properties, kSharedLinksName);
  for (std::size_t i = 0; i < links.size(); ++i) {
    resource.shared_private_links.push_back(
        read_shared_link(builder, links.item(i), unknown.at(kSharedLinksName).item(i)));
  }
}

void read_switches(Builder& builder, const Spot& properties, Resource& resource) {
  read_public_access(builder, properties, resource);
  read_firewall(builder, properties, resource);
  read_connections(builder, properties, resource);
  resource.shared_key_access = builder.boolean(properties, "allowSharedKeyAccess");
  resource.local_auth_disabled = builder.boolean(properties, "disableLocalAuth");
  if (resource.service == Service::Storage) {
    read_protocols(builder, properties, resource.protocols);
  }
  if (is_cognitive(resource.service)) read_egress(builder, properties, resource);
}

void build_resource(Builder& builder, const ResourceDocument& document) {
  const Spot body = body_of(document);
  Resource resource;
  resource.name = document.name;
  resource.id = document.id;
  resource.place = body.place();
  resource.arm_type = document.type;
  resource.kind = builder.text(body, "kind");
  resource.service = service_of(resource.arm_type, resource.kind);
  resource.unknown = builder.unknown(document, resource_shape(resource.service));
  resource.location = builder.text(body, "location");
  read_identity(builder, body, resource);
  resource.subscription = document.id.subscription();
  const Spot properties = builder.properties(body);
  if (properties) read_switches(builder, properties, resource);
  read_host_names(builder, properties, resource);
  builder.resource_at.emplace(document.id.key(),
                              static_cast<Index>(builder.environment.resources.size()));
  builder.environment.resources.push_back(std::move(resource));
}

// The described resource that a child document belongs to; a child without one is counted.
Resource* owner_of(Builder& builder, const ResourceDocument& document) {
  const auto found = builder.resource_at.find(document.id.parent().key());
  if (found != builder.resource_at.end()) return &builder.environment.resources[found->second];
  ++builder.environment.ignored[document.type];
  return nullptr;
}

// A child may stand inside its resource's document and in one of its own.
template <class T>
void add_or_join(std::vector<T>& list, T entry) {
  const auto same = [&](const T& other) { return iequals(other.name, entry.name); };
  const auto found = std::ranges::find_if(list, same);
  if (found == list.end()) {
    list.push_back(std::move(entry));
  } else {
    add_unknown(found->unknown, entry.unknown);
  }
}

}  // namespace

void build_resources(Builder& builder) {
  for (const ResourceDocument* document : builder.resources) build_resource(builder, *document);
  for (const ResourceDocument* document : builder.connections) {
    if (Resource* owner = owner_of(builder, *document)) {
      add_or_join(owner->private_connections,
                  read_connection(builder, body_of(*document),
                                  builder.unknown(*document, kConnectionShape)));
    }
  }
  for (const ResourceDocument* document : builder.of(types::kSharedPrivateLink)) {
    if (Resource* owner = owner_of(builder, *document)) {
      add_or_join(owner->shared_private_links,
                  read_shared_link(builder, body_of(*document),
                                   builder.unknown(*document, kSharedLinkShape)));
    }
  }
  build_identities(builder);
  build_shares(builder);
}

}  // namespace nsp

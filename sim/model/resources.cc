// The resources themselves: what kind of service, which switches, which names.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 10> kKnownProperties{"publicNetworkAccess",
                                                            "networkAcls",
                                                            "networkRuleSet",
                                                            "privateEndpointConnections",
                                                            "sharedPrivateLinkResources",
                                                            "customSubDomainName",
                                                            "restrictOutboundNetworkAccess",
                                                            "allowedFqdnList",
                                                            "allowSharedKeyAccess",
                                                            "disableLocalAuth"};

bool is_cognitive(Service service) {
  return service == Service::Foundry || service == Service::OpenAi ||
         service == Service::CognitiveServices;
}

// `{"type": "SystemAssigned, UserAssigned"}`; absent, null and `None` mean that there is none.
bool read_identity(Builder& builder, const Spot& body) {
  const Spot identity = builder.object(body, "identity");
  if (!identity) return false;
  const std::string type = lower(builder.text(identity, "type"));
  return type.find("systemassigned") != std::string::npos ||
         type.find("userassigned") != std::string::npos;
}

void read_public_access(Builder& builder, const Spot& properties, Resource& resource) {
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

void read_connections(Builder& builder, const Spot& properties, Resource& resource) {
  const Spot connections = builder.list(properties, "privateEndpointConnections");
  for (std::size_t i = 0; i < connections.size(); ++i) {
    resource.private_connections.push_back(read_connection(builder, connections.item(i)));
  }
  const Spot links = builder.list(properties, "sharedPrivateLinkResources");
  for (std::size_t i = 0; i < links.size(); ++i) {
    resource.shared_private_links.push_back(read_shared_link(builder, links.item(i)));
  }
}

void keep_unknown(Builder& builder, const ResourceDocument& document, Resource& resource) {
  builder.count_unknown(document, kKnownProperties);
  const Node* inside = document.body.find("properties");
  if (inside == nullptr) return;
  for (const Member& member : inside->members) {
    const auto same = [&](std::string_view known) { return iequals(known, member.name); };
    if (std::ranges::any_of(kKnownProperties, same)) continue;
    resource.unknown_properties.emplace(member.name, to_json(member.value));
  }
}

void read_switches(Builder& builder, const Spot& properties, Resource& resource) {
  read_public_access(builder, properties, resource);
  read_firewall(builder, properties, resource);
  read_connections(builder, properties, resource);
  resource.shared_key_access = builder.boolean(properties, "allowSharedKeyAccess");
  resource.local_auth_disabled = builder.boolean(properties, "disableLocalAuth");
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
  resource.location = builder.text(body, "location");
  resource.identity = read_identity(builder, body);
  resource.subscription = document.id.subscription();
  const Spot properties = builder.properties(body);
  if (properties) read_switches(builder, properties, resource);
  std::string label;
  if (is_cognitive(resource.service)) label = builder.text(properties, "customSubDomainName");
  add_host_names(resource, label.empty() ? std::string_view(resource.name) : label);
  keep_unknown(builder, document, resource);
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

template <class T>
void add_unless_known(std::vector<T>& list, T entry) {
  const auto same = [&](const T& other) { return iequals(other.name, entry.name); };
  if (std::ranges::none_of(list, same)) list.push_back(std::move(entry));
}

}  // namespace

void build_resources(Builder& builder) {
  for (const ResourceDocument* document : builder.resources) build_resource(builder, *document);
  for (const ResourceDocument* document : builder.connections) {
    if (Resource* owner = owner_of(builder, *document)) {
      auto connection = read_connection(builder, body_of(*document));
      add_unless_known(owner->private_connections, std::move(connection));
    }
  }
  for (const ResourceDocument* document : builder.of(types::kSharedPrivateLink)) {
    if (Resource* owner = owner_of(builder, *document)) {
      auto link = read_shared_link(builder, body_of(*document));
      add_unless_known(owner->shared_private_links, std::move(link));
    }
  }
  for (const ResourceDocument* document : builder.of(types::kProject)) {
    ++builder.environment.ignored[document->type];
  }
}

}  // namespace nsp

// The managed identities of resources, and those of the projects inside Foundry accounts, which
// call in the account's place.

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// A text; what only a deployment knows, and what is no text, is empty.
std::string known_text(const Spot& parent, std::string_view name) {
  const Spot spot = parent.find(name);
  const bool known = spot && spot.node->is_string() && !is_unresolved(*spot.node);
  return known ? spot.node->text : std::string();
}

void add_identity(Resource& resource, ManagedIdentity identity) {
  const auto same = [&](const ManagedIdentity& other) { return other.of == identity.of; };
  if (std::ranges::none_of(resource.identities, same)) {
    resource.identities.push_back(std::move(identity));
  }
}

// `{"/subscriptions/…/userAssignedIdentities/x": {"principalId": …, "clientId": …}}`
void read_lent(const Spot& identity, Resource& resource) {
  const Spot lent = identity.find("userAssignedIdentities");
  if (!lent || !lent.node->is_object()) return;
  for (const Member& member : lent.node->members) {
    auto id = ResourceId::parse(member.name);
    const Spot inside{&member.value, {}};
    if (!id) continue;
    add_identity(resource, {std::move(*id), known_text(inside, "principalId"),
                            known_text(inside, "clientId")});
  }
}

// What `identity` says, of the resource itself or of a project: `of`.
void read_members(const Spot& identity, const ResourceId& of, Resource& resource) {
  const std::string type = lower(known_text(identity, "type"));
  std::string principal = known_text(identity, "principalId");
  if (!principal.empty() || type.contains("systemassigned")) {
    add_identity(resource, {of, std::move(principal), {}});
  }
  read_lent(identity, resource);
}

void fill_principal(Builder& builder, const ResourceDocument& document) {
  bool is_used = false;
  const Spot properties = builder.properties(body_of(document));
  for (Resource& resource : builder.environment.resources) {
    for (ManagedIdentity& identity : resource.identities) {
      if (identity.of != document.id) continue;
      is_used = true;
      if (identity.principal.empty()) identity.principal = known_text(properties, "principalId");
      if (identity.client.empty()) identity.client = known_text(properties, "clientId");
    }
  }
  if (!is_used) ++builder.environment.ignored[document.type];
}

}  // namespace

// `{"type": "SystemAssigned, UserAssigned"}`; absent, null and `None` mean that there is none.
void read_identity(Builder& builder, const Spot& body, Resource& resource) {
  const Spot identity = body.find("identity");
  if (builder.leave_open(identity, "identity", resource.unresolved) ||
      builder.leave_open(identity.find("type"), "identity", resource.unresolved)) {
    return;
  }
  const Spot known = builder.object(body, "identity");
  resource.identity_type = builder.text(known, "type");
  const std::string type = lower(resource.identity_type);
  resource.identity = type.find("systemassigned") != std::string::npos ||
                      type.find("userassigned") != std::string::npos;
  read_members(known, resource.id, resource);
}

void build_identities(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kProject)) {
    ++builder.environment.ignored[document->type];
    const auto owner = builder.resource_at.find(document->id.parent().key());
    if (owner == builder.resource_at.end()) continue;
    read_members(body_of(*document).find("identity"), document->id,
                 builder.environment.resources[owner->second]);
  }
  for (const ResourceDocument* document : builder.of(types::kUserAssignedIdentity)) {
    fill_principal(builder, *document);
  }
}

}  // namespace nsp

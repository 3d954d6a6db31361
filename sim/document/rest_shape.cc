// What az prints of a resource, back in the shape of REST. Two things differ: the members of
// `properties` may stand beside it, and the storage commands rename some of them.

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/readers.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// The members that REST itself puts beside `properties`, and those that tools add there.
constexpr std::array<std::string_view, 25> kEnvelope{"id",
                                                     "name",
                                                     "type",
                                                     "location",
                                                     "tags",
                                                     "kind",
                                                     "sku",
                                                     "identity",
                                                     "etag",
                                                     "systemData",
                                                     "zones",
                                                     "managedBy",
                                                     "plan",
                                                     "properties",
                                                     "extendedLocation",
                                                     "apiVersion",
                                                     "dependsOn",
                                                     "resourceGroup",
                                                     "tenantId",
                                                     "subscriptionId",
                                                     "condition",
                                                     "managedByExtended",
                                                     "comments",
                                                     "scope",
                                                     "resources"};

struct Rename {
  std::string_view from;
  std::string_view to;
};

constexpr std::array<Rename, 3> kStorageRenames{
    Rename{"networkRuleSet", "networkAcls"},
    Rename{"enableHttpsTrafficOnly", "supportsHttpsTrafficOnly"},
    Rename{"enableNfsV3", "isNfsV3Enabled"}};

constexpr std::array<Rename, 2> kStorageRuleMembers{Rename{"ipAddressOrRange", "value"},
                                                    Rename{"virtualNetworkResourceId", "id"}};

// A member keeps its own name where the object has the new one already.
void rename_members(Node& object, std::span<const Rename> renames) {
  for (Member& member : object.members) {
    for (const Rename& rename : renames) {
      if (iequals(member.name, rename.from) && object.find(rename.to) == nullptr) {
        member.name = rename.to;
      }
    }
  }
}

void rename_storage_members(Node& properties) {
  rename_members(properties, kStorageRenames);
  Node* acls = properties.find("networkAcls");
  if (acls == nullptr) return;
  for (Member& list : acls->members) {
    for (Node& rule : list.value.items) rename_members(rule, kStorageRuleMembers);
  }
}

// Moves every member that is not of the envelope under a new `properties`.
void gather_properties(Node& body) {
  std::erase_if(body.members, [](const Member& member) {
    return iequals(member.name, "properties") && member.value.is_null();
  });
  Node properties = Node::object(body);
  std::vector<Member> outside;
  for (Member& member : body.members) {
    (is_envelope(member.name) ? outside : properties.members).push_back(std::move(member));
  }
  body.members = std::move(outside);
  if (properties.members.empty()) return;
  body.add("properties", std::move(properties));
}

}  // namespace

bool is_envelope(std::string_view member) {
  return std::ranges::any_of(kEnvelope,
                             [&](std::string_view known) { return iequals(known, member); });
}

void restore_rest_shape(Node& body, std::string_view type) {
  const Node* properties = body.find("properties");
  if (properties == nullptr || properties->is_null()) gather_properties(body);
  Node* gathered = body.find("properties");
  if (gathered != nullptr && type == types::kStorage) rename_storage_members(*gathered);
}

}  // namespace nsp

// The zone group of a private endpoint: a block of the endpoint in azurerm, a resource of its own
// in Resource Manager.

#include <fmt/format.h>

#include <utility>

#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// As Azure's portal calls it.
constexpr std::string_view kUsualName = "default";

Node stands_at(Node made, std::string_view path) {
  made.path = shared_text(path);
  return made;
}

// One configuration for each zone, `{"properties":{"privateDnsZoneId":…}}`.
Node configurations(const Node& zones) {
  const bool is_list = zones.is_array();
  Node list = Node::array(zones);
  list.path = zones.path != nullptr ? zones.path : shared_text("private_dns_zone_ids");
  for (std::size_t i = 0; i < (is_list ? zones.items.size() : 1); ++i) {
    const Node& zone = is_list ? zones.items[i] : zones;
    const bool is_written = is_list && zone.path == nullptr;
    Node& one =
        list.push(stands_at(Node::object(zone), is_written ? std::to_string(i) : std::string()));
    Node& properties = one.add("properties", stands_at(Node::object(zone), {}));
    properties.add("privateDnsZoneId", stands_at(zone, {}));
  }
  return list;
}

}  // namespace

std::optional<ResourceDocument> zone_group_of(const TerraformResource& resource,
                                              const ResourceId& endpoint, const Node& values) {
  const Node* block = values.find("private_dns_zone_group");
  if (block == nullptr || block->items.empty() || !block->items[0].is_object()) return std::nullopt;
  const Node& group = block->items[0];
  const Node* zones = group.find("private_dns_zone_ids");
  if (zones == nullptr || zones->is_null()) return std::nullopt;
  const std::string_view given = group.string_at("name");
  const std::string_view name = given.empty() ? kUsualName : given;
  const auto id =
      ResourceId::parse(fmt::format("{}/privateDnsZoneGroups/{}", endpoint.text(), name));
  if (!id) return std::nullopt;
  Node body = Node::object(group);
  body.add("id", stands_at(Node::string(id->text(), group), {}));
  body.add("name", given.empty() ? stands_at(Node::string(std::string(name), group), {})
                                 : *group.find("name"));
  body.add("properties", stands_at(Node::object(group), {}))
      .add("privateDnsZoneConfigs", configurations(*zones));
  return ResourceDocument{*id, std::string(types::kZoneGroup), std::string(name), std::move(body),
                          resource.pointer + "/private_dns_zone_group/0"};
}

}  // namespace nsp

// The values of a resource with what is unknown put in its place.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/resource_id.h"
#include "sim/base/text.h"
#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// What an argument of that name can point to; a reference that leads elsewhere was not the whole
// expression.
struct Target {
  std::string_view argument;
  std::string_view type;
};

constexpr std::array kTargets{Target{"network_security_perimeter_id", types::kPerimeter},
                              Target{"network_security_perimeter_profile_id", types::kProfile},
                              Target{"profile", types::kProfile},
                              Target{"subnet_id", types::kSubnet},
                              Target{"subnet", types::kSubnet},
                              Target{"virtual_network_subnet_ids", types::kSubnet},
                              Target{"virtual_network_id", types::kVirtualNetwork},
                              Target{"virtualNetwork", types::kVirtualNetwork},
                              Target{"private_dns_zone_ids", types::kDnsZone},
                              Target{"storage_account_id", types::kStorage},
                              Target{"search_service_id", types::kSearch},
                              Target{"autoApprovedRemotePerimeterResourceId", types::kPerimeter}};

// A value that the plan does not hold stands where the object would that it belongs to.
Node at_parent(Node value) {
  value.path = shared_text({});
  return value;
}

bool is_true(const Node& node) { return node.is(Node::Kind::Bool) && node.boolean; }

// The argument's own name: of `body.properties.profile.id` it is `profile`.
std::string_view argument_of(std::string_view path) {
  if (path.ends_with(".id")) path.remove_suffix(3);
  path = path.substr(path.rfind('.') + 1);
  return path.substr(0, path.find('['));
}

bool fits(std::string_view path, const std::string& text) {
  const std::string_view argument = argument_of(path);
  const auto id = ResourceId::parse(text);
  if (!id) return false;
  if (argument == "privateLinkResource") {
    return !lower(id->type()).starts_with("microsoft.network/");
  }
  const auto found = std::ranges::find(kTargets, argument, &Target::argument);
  return found == kTargets.end() || iequals(found->type, id->type());
}

bool is_id_argument(std::string_view path) {
  const std::string_view argument = argument_of(path);
  return path == "scope" || path.ends_with(".id") || argument.ends_with("_id") ||
         argument.ends_with("_ids") || argument.ends_with("Id");
}

bool is_unevaluated(const Node& node) {
  return node.find("references") != nullptr || node.find("constant_value") != nullptr;
}

// One expression may stand for a whole tree, as azapi's `body` does.
const Node* expression_in(const Node* expression, std::string_view name) {
  if (expression == nullptr || is_unevaluated(*expression)) return expression;
  return expression->find(name);
}

const Node* expression_in(const Node* expression, std::size_t index) {
  if (expression == nullptr || !expression->is_array()) return expression;
  return index < expression->items.size() ? &expression->items[index] : nullptr;
}

}  // namespace

Node TerraformPlan::complete(TerraformResource& resource) {
  const bool has_id = resource.values->find("id") != nullptr;
  Node values = std::move(*resource.values);
  const Node* expressions =
      resource.block != nullptr ? resource.block->find("expressions") : nullptr;
  if (resource.unknown != nullptr) {
    fill(values, *resource.unknown, expressions, resource, {});
    *resource.unknown = Node();
  }
  if (expressions != nullptr && !has_id) {
    fill_absent(values, *expressions, resource);
  }
  return values;
}

// Planned values alone do not say what is unknown: it is what was written and is not there.
void TerraformPlan::fill_absent(Node& into, const Node& expressions, TerraformResource& resource) {
  for (const Member& written : expressions.members) {
    const bool refers = written.value.find("references") != nullptr;
    if (!refers || into.find(written.name) != nullptr) continue;
    auto value = unknown_value(&written.value, into, resource, written.name);
    if (value) into.add(written.name, at_parent(std::move(*value)));
  }
}

// Recursion is bounded by kMaxDepth.
void TerraformPlan::fill(Node& into, const Node& unknown, const Node* expression,
                         TerraformResource& resource, const std::string& path) {
  if (unknown.is_object() && into.is_object()) {
    for (const Member& member : unknown.members) {
      fill_member(into, member, expression, resource, path);
    }
  }
  if (!unknown.is_array() || !into.is_array()) return;
  for (std::size_t i = 0; i < unknown.items.size(); ++i) {
    const std::string at = fmt::format("{}[{}]", path, i);
    if (i >= into.items.size()) into.push(at_parent(Node::object(into))).kind = Node::Kind::Null;
    if (!is_true(unknown.items[i])) {
      fill(into.items[i], unknown.items[i], expression_in(expression, i), resource, at);
    } else if (auto value = unknown_value(expression_in(expression, i), into, resource, at)) {
      into.items[i] = at_parent(std::move(*value));
    }
  }
}

void TerraformPlan::fill_member(Node& into, const Member& unknown, const Node* expression,
                                TerraformResource& resource, const std::string& path) {
  const std::string at = path.empty() ? unknown.name : path + "." + unknown.name;
  const Node* inside = expression_in(expression, unknown.name);
  Node* known = into.find(unknown.name);
  if (!is_true(unknown.value)) {
    if (known != nullptr) fill(*known, unknown.value, inside, resource, at);
    return;
  }
  if (known != nullptr && !known->is_null()) return;
  auto value = unknown_value(inside, into, resource, at);
  if (!value) return;
  if (known != nullptr) {
    *known = at_parent(std::move(*value));
  } else {
    into.add(unknown.name, at_parent(std::move(*value)));
  }
}

std::optional<Node> TerraformPlan::unknown_value(const Node* expression, const Node& where,
                                                 TerraformResource& resource,
                                                 const std::string& path) {
  if (expression == nullptr && resource.is_created && resource.block != nullptr) {
    return std::nullopt;
  }
  Ids ids;
  if (expression != nullptr && is_id_argument(path)) {
    ids = resolve(*expression, {resource.module, resource.index, resource.block, 0});
  }
  if (ids && ids->size() == 1 && argument_of(path) == "principal_id" &&
      ids->front().starts_with('[')) {
    return Node::unresolved(ids->front(), where);
  }
  if (ids) std::erase_if(*ids, [&](const std::string& id) { return !fits(path, id); });
  const bool is_list = argument_of(path).ends_with("_ids");
  if (!ids || ids->empty() || (ids->size() > 1 && !is_list)) {
    return Node::unresolved(fmt::format("[{}.{}]", resource.address, path), where);
  }
  if (ids->size() == 1) return Node::string(ids->front(), where);
  Node list = Node::array(where);
  for (const std::string& id : *ids) list.push(at_parent(Node::string(id, where)));
  return list;
}

}  // namespace nsp

#include <algorithm>
#include <initializer_list>

#include "sim/base/text.h"
#include "sim/document/readers.h"

namespace nsp {
namespace {

bool has(const Node& node, std::string_view name) { return node.find(name) != nullptr; }

bool has_array(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return member != nullptr && member->is_array();
}

bool has_object(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return member != nullptr && member->is_object();
}

bool has_any(const Node& node, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return has(node, name); });
}

bool schema_names(const Node& root, std::string_view word) {
  const std::string schema = lower(root.string_at("$schema"));
  return schema.find(lower(word)) != std::string::npos;
}

bool is_template(const Node& root) {
  if (schema_names(root, "deploymentTemplate")) return true;
  return has(root, "contentVersion") && has(root, "resources");
}

bool is_parameters(const Node& root) {
  if (schema_names(root, "deploymentParameters")) return true;
  return has(root, "contentVersion") && has_object(root, "parameters");
}

// `mock` wraps the plans that policy libraries test with.
bool is_terraform(const Node& root) {
  if (has(root, "terraform_version")) return true;
  if (has(root, "format_version") && has_any(root, {"planned_values", "values"})) return true;
  if (has_any(root, {"planned_values", "resource_changes"})) return true;
  const Node* mock = root.find("mock");
  if (mock == nullptr) return false;
  const auto is_plan = [](const Member& member) { return has(member.value, "resource_changes"); };
  return has(*mock, "resource_changes") || std::ranges::any_of(mock->members, is_plan);
}

// The download has `values`; no REST list does.
bool is_service_tags(const Node& root) { return has_array(root, "values"); }

bool is_resource(const Node& root) {
  if (is_powershell(root)) return true;
  const Node* id = root.find("id");
  return id != nullptr && id->is_string();
}

Format detect_object(const Node& root) {
  if (is_template(root)) return Format::Template;
  if (is_parameters(root)) return Format::Parameters;
  if (is_terraform(root)) return Format::Terraform;
  if (is_policy(root)) return Format::Policy;
  if (has_object(root, "responses")) return Format::Example;
  if (is_resource(root)) return Format::Resource;
  if (has(root, "resources")) return Format::Environment;
  if (is_service_tags(root)) return Format::ServiceTags;
  if (has_array(root, "value")) return Format::List;
  if (is_graph_answer(root)) return Format::Graph;
  if (has_object(root, "error")) return Format::ErrorResponse;
  if (has_object(root, "properties") || has_any(root, {"location", "type"}) ||
      !guess_by_members(root).empty()) {
    return Format::RequestBody;
  }
  return Format::Unknown;
}

struct Signature {
  std::string_view what;
  std::initializer_list<std::string_view> members;
};

}  // namespace

Format detect_format(const Node& root) {
  if (root.is_array()) return Format::Array;
  return root.is_object() ? detect_object(root) : Format::Unknown;
}

std::string_view guess_by_members(const Node& body) {
  static const Signature kSignatures[] = {
      {"an association", {"privateLinkResource", "accessMode"}},
      {"an access rule", {"direction", "addressPrefixes"}},
      {"an access rule", {"direction", "fullyQualifiedDomainNames"}},
      {"an access rule", {"addressPrefixes"}},
      {"an access rule", {"subscriptions"}},
      {"a link", {"autoApprovedRemotePerimeterResourceId"}},
      {"a link reference", {"remotePerimeterResourceId"}},
      {"a profile", {"accessRulesVersion"}},
      {"a perimeter", {"perimeterGuid"}},
      {"a logging configuration", {"enabledLogCategories"}}};
  const Node* properties = body.find("properties");
  const Node& members = properties != nullptr && properties->is_object() ? *properties : body;
  for (const Signature& signature : kSignatures) {
    const auto present = [&](std::string_view name) { return has(members, name); };
    if (std::ranges::all_of(signature.members, present)) return signature.what;
  }
  return {};
}

}  // namespace nsp

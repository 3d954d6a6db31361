// The resources of the provider azapi: REST already, but for the envelope. Its `body` is JSON text
// up to version 1.12 and an object from 2.0 on.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// A text inside the file has no lines of its own there, and no pointer leads into it.
void move_to(Node& node, const Node& where) {
  node.path = shared_text({});
  node.file = where.file;
  node.line = where.line;
  node.column = where.column;
  for (Node& item : node.items) move_to(item, where);
  for (Member& member : node.members) {
    member.line = where.line;
    member.column = where.column;
    move_to(member.value, where);
  }
}

Node parse_body(DocumentSet& set, const TerraformResource& resource, const Node& text) {
  auto parsed = parse_json(text.text, "body");
  if (!parsed || !parsed->is_object()) {
    add_warning(
        set, text, pointer_join(resource.pointer, "body"),
        fmt::format("`body` of `{}` is not a JSON object and is ignored", resource.address));
    return Node::object(text);
  }
  if (set.secrets.contains(text.text)) add_strings(set.secrets, *parsed);
  move_to(*parsed, text);
  return std::move(*parsed);
}

// The members of a body that is an object or a text of one.
std::vector<Member> stood_in_body(Node body, bool is_text) {
  for (Member& member : body.members) {
    const bool inside = !is_text && member.value.path == nullptr;
    member.value.path = shared_text(inside ? pointer_join("body", member.name) : "body");
  }
  return std::move(body.members);
}

// What a body that nobody knows may hold. Of other types nothing is acted on without it.
void leave_open(Node& body, const Node& expression, std::string_view type) {
  Node& properties = body.add("properties", Node::object(expression));
  properties.path = shared_text({});
  const auto open = [&](std::string_view name) { properties.add(std::string(name), expression); };
  if (type == types::kAccessRule) return open("direction");
  if (type == types::kAssociation) return open("privateLinkResource");
  if (type == types::kDiagnosticSetting) return open("logs");
  if (type == types::kRoleAssignment) return open("roleDefinitionId"), open("principalId");
  open("publicNetworkAccess");
  open(type == types::kSearch ? "networkRuleSet" : "networkAcls");
}

}  // namespace

bool is_azapi(std::string_view type) { return type.starts_with("azapi_"); }

void overlay(Node& into, Node from, const std::string& pointer) {
  if (!into.is_object() || !from.is_object()) {
    into = std::move(from);
    into.path = shared_text(pointer);
    return;
  }
  for (Member& member : from.members) {
    const std::string at = pointer_of(pointer, member);
    if (Node* known = into.find(member.name)) {
      overlay(*known, std::move(member.value), at);
    } else {
      into.members.push_back(std::move(member));
      into.members.back().value.path = shared_text(at);
    }
  }
}

Node azapi_body(DocumentSet& set, const TerraformResource& resource, Node& values) {
  Node body = Node::object(values);
  const Node* written = values.find("body");
  const std::string_view type = values.string_at("type");
  if (written != nullptr && written->is_string()) {
    body.members = stood_in_body(parse_body(set, resource, *written), true);
  }
  if (written != nullptr && written->is_object()) body.members = stood_in_body(*written, false);
  if (written != nullptr && written->is_unresolved()) {
    leave_open(body, *written, types::canonical(type.substr(0, type.find('@'))));
  }
  for (const std::string_view name : {"location", "kind"}) {
    const Node* value = values.find(name);
    if (value == nullptr || value->is_null() || body.find(name) != nullptr) continue;
    body.add(std::string(name), *value);
  }
  const Node* identity = values.find("identity");
  if (identity != nullptr && !identity->items.empty() && body.find("identity") == nullptr) {
    if (auto made = identity_body(identity->items[0])) {
      body.add("identity", *std::move(made)).path = shared_text("identity/0");
    }
  }
  return body;
}

}  // namespace nsp

// The resources of the provider azapi: REST already, but for the envelope. Its `body` is JSON text
// up to version 1.12 and an object from 2.0 on.

#include <fmt/format.h>

#include <string>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// A text inside the file has no lines of its own there.
void move_to(Node& node, const Node& where) {
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
  move_to(*parsed, text);
  return std::move(*parsed);
}

// What a body that nobody knows may hold. Of other types nothing is acted on without it.
void leave_open(Node& body, const Node& expression, std::string_view type) {
  Node& properties = body.add("properties", Node::object(expression));
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

void overlay(Node& into, Node from) {
  if (!into.is_object() || !from.is_object()) {
    into = std::move(from);
    return;
  }
  for (Member& member : from.members) {
    if (Node* known = into.find(member.name)) {
      overlay(*known, std::move(member.value));
    } else {
      into.members.push_back(std::move(member));
    }
  }
}

Node azapi_body(DocumentSet& set, const TerraformResource& resource, Node& values) {
  Node body = Node::object(values);
  const Node* written = values.find("body");
  const std::string_view type = values.string_at("type");
  if (written != nullptr && written->is_string()) body = parse_body(set, resource, *written);
  if (written != nullptr && written->is_object()) body = *written;
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
    if (auto made = identity_body(identity->items[0])) body.add("identity", *std::move(made));
  }
  return body;
}

}  // namespace nsp

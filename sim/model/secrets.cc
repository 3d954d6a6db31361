#include "sim/model/secrets.h"

#include "sim/document/json.h"

namespace nsp {
namespace {

// `secret`: the name of a member above says so.
bool hide(Node& node, bool secret) {
  bool hidden = false;
  if (node.is_string() && !node.text.empty() && (secret || looks_secret(node.text))) {
    hidden = node.text != kRedacted;
    node.text = kRedacted;
  }
  for (Node& item : node.items) hidden = hide(item, secret) || hidden;
  for (Member& member : node.members) {
    hidden = hide(member.value, secret || is_secret_name(member.name)) || hidden;
  }
  return hidden;
}

// As hide(), by what the document calls secret.
void hide_texts(Node& node, const SecretTexts& secrets) {
  if (node.is_string() && secrets.hides(node.text)) node.text = kRedacted;
  for (Node& item : node.items) hide_texts(item, secrets);
  for (Member& member : node.members) hide_texts(member.value, secrets);
}

}  // namespace

std::string without_secrets(std::string_view name, std::string_view json) {
  auto node = parse_json(json, {});
  if (!node) return looks_secret(json) ? "\"redacted\"" : std::string(json);
  return hide(*node, is_secret_name(name)) ? to_json(*node) : std::string(json);
}

std::string json_without(const SecretTexts& secrets, const Node& node) {
  if (secrets.empty()) return to_json(node);
  Node shown = node;
  hide_texts(shown, secrets);
  return to_json(shown);
}

}  // namespace nsp

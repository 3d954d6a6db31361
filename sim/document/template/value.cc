#include "sim/document/template/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nsp {
namespace {

bool equal_members(const Node& a, const Node& b) {
  if (a.members.size() != b.members.size()) return false;
  return std::ranges::all_of(a.members, [&](const Member& member) {
    const Node* other = b.find(member.name);
    return other != nullptr && equal_values(member.value, *other);
  });
}

// 1, 1.0 and 1e0 are one number.
bool equal_numbers(const std::string& a, const std::string& b) {
  if (a == b) return true;
  double left = 0;
  double right = 0;
  std::from_chars(a.data(), a.data() + a.size(), left);
  std::from_chars(b.data(), b.data() + b.size(), right);
  return left == right;
}

}  // namespace

Value share(Node node) { return std::make_shared<const Node>(std::move(node)); }

Value member_of(const Value& object, std::string_view name) {
  const Node* found = object->find(name);
  return found == nullptr ? nullptr : Value(object, found);
}

Value item_of(const Value& array, std::size_t index) {
  return index < array->items.size() ? Value(array, &array->items[index]) : nullptr;
}

Node string_node(std::string text, const Node& where) {
  return Node::string(std::move(text), where);
}

Node integer_node(std::int64_t number, const Node& where) {
  Node node = Node::make(Node::Kind::Number, where);
  node.text = std::to_string(number);
  return node;
}

Node boolean_node(bool flag, const Node& where) {
  Node node = Node::make(Node::Kind::Bool, where);
  node.boolean = flag;
  return node;
}

Node null_node(const Node& where) { return Node::make(Node::Kind::Null, where); }

bool holds_unresolved(const Node& node) {
  return node.is_unresolved() || std::ranges::any_of(node.items, holds_unresolved) ||
         std::ranges::any_of(node.members,
                             [](const Member& member) { return holds_unresolved(member.value); });
}

namespace {

void measure(const Node& node, std::size_t depth, Extent& extent) {
  ++extent.nodes;
  extent.bytes += node.text.size();
  extent.depth = std::max(extent.depth, depth);
  extent.unresolved |= node.is_unresolved();
  for (const Node& item : node.items) measure(item, depth + 1, extent);
  for (const Member& member : node.members) {
    extent.bytes += member.name.size();
    measure(member.value, depth + 1, extent);
  }
}

}  // namespace

Extent extent_of(const Node& node) {
  Extent extent;
  measure(node, 1, extent);
  return extent;
}

std::optional<std::int64_t> integer_of(const Node& node) {
  if (!node.is(Node::Kind::Number)) return std::nullopt;
  std::int64_t number = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [last, error] = std::from_chars(node.text.data(), end, number);
  if (error != std::errc() || last != end) return std::nullopt;
  return number;
}

bool equal_values(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Node::Kind::Null:
      return true;
    case Node::Kind::Bool:
      return a.boolean == b.boolean;
    case Node::Kind::Number:
      return equal_numbers(a.text, b.text);
    case Node::Kind::String:
    case Node::Kind::Unresolved:
      return a.text == b.text;
    case Node::Kind::Array:
      return std::ranges::equal(a.items, b.items, equal_values);
    case Node::Kind::Object:
      return equal_members(a, b);
  }
  return false;
}

std::string text_of(const Node& node) {
  if (node.is(Node::Kind::Bool)) return node.boolean ? "True" : "False";
  return node.is_string() ? node.text : to_json(node);
}

}  // namespace nsp

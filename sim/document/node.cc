#include "sim/document/node.h"

#include <fmt/format.h>

#include <iterator>
#include <mutex>
#include <set>

#include "sim/base/text.h"

namespace nsp {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

// `members` is const or not, and so is the node that is found.
template <class Members>
auto find_in(Members& members, std::string_view name) -> decltype(&members.front().value) {
  decltype(&members.front().value) found = nullptr;
  for (auto& member : members) {
    if (member.name == name) return &member.value;
    if (found == nullptr && iequals(member.name, name)) found = &member.value;
  }
  return found;
}

// REQUIRES: the node has a path.
std::string along(std::string_view pointer, const std::string& path) {
  if (path.starts_with('/')) return path;
  return path.empty() ? std::string(pointer) : fmt::format("{}/{}", pointer, path);
}

void append_json(std::string& out, const Node& node);

void append_items(std::string& out, const Node& array) {
  out += '[';
  for (const Node& item : array.items) {
    if (&item != array.items.data()) out += ',';
    append_json(out, item);
  }
  out += ']';
}

void append_members(std::string& out, const Node& object) {
  out += '{';
  for (const Member& member : object.members) {
    if (&member != object.members.data()) out += ',';
    append_quoted(out, member.name);
    out += ':';
    append_json(out, member.value);
  }
  out += '}';
}

// Recursion is bounded by kMaxDepth (json.h).
void append_json(std::string& out, const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      out += "null";
      return;
    case Node::Kind::Bool:
      out += node.boolean ? "true" : "false";
      return;
    case Node::Kind::Number:
      out += node.text;
      return;
    case Node::Kind::String:
    case Node::Kind::Unresolved:
      return append_quoted(out, node.text);
    case Node::Kind::Array:
      return append_items(out, node);
    case Node::Kind::Object:
      return append_members(out, node);
  }
}

}  // namespace

const Node* Node::find(std::string_view name) const { return find_in(members, name); }

Node* Node::find(std::string_view name) { return find_in(members, name); }

const Node* Node::at(std::initializer_list<std::string_view> names) const {
  const Node* node = this;
  for (const std::string_view name : names) {
    node = node->find(name);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string_view Node::string_at(std::string_view name) const {
  const Node* node = find(name);
  return node != nullptr && node->is_string() ? std::string_view(node->text) : std::string_view();
}

Place Node::place(std::string pointer) const {
  return {file != nullptr ? *file : std::string(), line, column, std::move(pointer)};
}

Node Node::make(Kind kind, const Node& where) {
  Node node;
  node.kind = kind;
  node.file = where.file;
  node.line = where.line;
  node.column = where.column;
  return node;
}

Node Node::string(std::string value, const Node& where) {
  Node node = make(Kind::String, where);
  node.text = std::move(value);
  return node;
}

Node Node::unresolved(std::string expression, const Node& where) {
  Node node = make(Kind::Unresolved, where);
  node.text = std::move(expression);
  return node;
}

Node Node::object(const Node& where) { return make(Kind::Object, where); }

Node Node::array(const Node& where) { return make(Kind::Array, where); }

Node& Node::add(std::string name, Node value) {
  const std::uint32_t at_line = value.line;
  const std::uint32_t at_column = value.column;
  members.push_back({std::move(name), std::move(value), at_line, at_column});
  return members.back().value;
}

Node& Node::push(Node value) { return items.emplace_back(std::move(value)); }

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::Null:
      return "null";
    case Node::Kind::Bool:
      return "a boolean";
    case Node::Kind::Number:
      return "a number";
    case Node::Kind::String:
      return "a string";
    case Node::Kind::Array:
      return "an array";
    case Node::Kind::Object:
      return "an object";
    case Node::Kind::Unresolved:
      return "an unresolved value";
  }
  return "a value";
}

std::string to_json(const Node& node) {
  std::string out;
  append_json(out, node);
  return out;
}

const std::string* shared_text(std::string_view text) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> texts;
  const std::scoped_lock lock(mutex);
  const auto found = texts.find(text);
  return &*(found != texts.end() ? found : texts.emplace(text).first);
}

std::string pointer_of(std::string_view pointer, const Member& child) {
  const std::string* path = child.value.path;
  return path != nullptr ? along(pointer, *path) : pointer_join(pointer, child.name);
}

std::string pointer_of(std::string_view pointer, const Node& item, std::size_t index) {
  return item.path != nullptr ? along(pointer, *item.path) : pointer_join(pointer, index);
}

std::string pointer_join(std::string_view pointer, std::string_view name) {
  std::string out(pointer);
  out += '/';
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_join(std::string_view pointer, std::size_t index) {
  return fmt::format("{}/{}", pointer, index);
}

}  // namespace nsp

// A JSON value that remembers its place.
//
// Azure's documents are read into trees of Nodes by one reader a format; everything later that
// finds a mistake can say file, line, column and pointer. Members keep their order; duplicates are
// refused by the JSON reader.
//
// Lifetime: a Node owns its children. Pointers returned by find() and at() live as long as the Node
// is not changed.
#ifndef NSP_SIM_DOCUMENT_NODE_H_
#define NSP_SIM_DOCUMENT_NODE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp {

struct Member;

struct Node {
  // Unresolved: a value that the document does not tell, only a deployment does: `text` is the
  // expression that would give it, `[reference('st').endpoint]`.
  enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object, Unresolved };

  Kind kind = Kind::Null;
  bool boolean = false;
  std::string text;         // of a String; of a Number as written; the expression of an Unresolved
  std::vector<Node> items;  // of an Array
  std::vector<Member> members;  // of an Object
  // The file as the user named it, by shared_text(); null: no file.
  const std::string* file = nullptr;
  // Where it stands in its file, by shared_text(), if that is not by its name or index in its
  // parent: the way from the parent's own place (`network_rules/0`; empty: there), or from the root
  // with a `/` in front. A reader that gives values other names says so here. Null: by its name.
  const std::string* path = nullptr;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  [[nodiscard]] bool is_string() const { return kind == Kind::String; }
  [[nodiscard]] bool is_object() const { return kind == Kind::Object; }
  [[nodiscard]] bool is_array() const { return kind == Kind::Array; }
  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
  [[nodiscard]] bool is_unresolved() const { return kind == Kind::Unresolved; }

  // The member of that name, compared without case (an exact match wins); null when absent or not
  // an object.
  [[nodiscard]] const Node* find(std::string_view name) const;
  [[nodiscard]] Node* find(std::string_view name);
  // As find, through a path of names: at({"properties", "networkAcls"}).
  [[nodiscard]] const Node* at(std::initializer_list<std::string_view> names) const;
  // The text of the string member `name`, or empty.
  [[nodiscard]] std::string_view string_at(std::string_view name) const;

  // Where this node stands; `pointer` is the caller's, which knows the way it came.
  [[nodiscard]] Place place(std::string pointer = {}) const;

  // For trees that are made, not read: a page's tables expand to nodes that stand at the place of
  // their cell.
  [[nodiscard]] static Node make(Kind kind, const Node& where);
  [[nodiscard]] static Node string(std::string value, const Node& where);
  [[nodiscard]] static Node unresolved(std::string expression, const Node& where);
  [[nodiscard]] static Node object(const Node& where);
  [[nodiscard]] static Node array(const Node& where);
  Node& add(std::string name, Node value);  // REQUIRES: an object; returns the value added
  Node& push(Node value);                   // REQUIRES: an array; returns the value added
};

struct Member {
  std::string name;
  Node value;
  std::uint32_t line = 0;  // of the name
  std::uint32_t column = 0;
};

// "an object", "a string", … for messages.
[[nodiscard]] std::string_view kind_name(Node::Kind kind);

// The value as JSON text on one line, numbers as they were written; an unresolved value is its
// expression, as a string.
[[nodiscard]] std::string to_json(const Node& node);

// A text that many nodes have, kept once until the program ends: names of files and paths, of which
// there are few. Any thread may call it.
[[nodiscard]] const std::string* shared_text(std::string_view text);

// The pointer of a child whose parent has `pointer`: by its own path, else by its name or index.
[[nodiscard]] std::string pointer_of(std::string_view pointer, const Member& child);
[[nodiscard]] std::string pointer_of(std::string_view pointer, const Node& item, std::size_t index);

// `pointer` + `/` + name, escaped by RFC 6901.
[[nodiscard]] std::string pointer_join(std::string_view pointer, std::string_view name);
[[nodiscard]] std::string pointer_join(std::string_view pointer, std::size_t index);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_NODE_H_

// Values of template expressions: JSON trees that are shared, not copied.
//
// A loop asks for `parameters('rules')[copyIndex()]` once a turn; copying the array each time would
// make expansion quadratic. So a Value is a pointer to a Node that never changes, and a member or
// an item of it is a pointer into the same tree that keeps the whole alive.
//
// A value can be unresolved (Node::Kind::Unresolved), and so can a part of an array or object: the
// functions that look only at the outside of a value (length, createObject) work on it, those that
// need its inside give an unresolved value in turn.
//
// Thread safety: immutable.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_VALUE_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/document/node.h"

namespace nsp {

using Value = std::shared_ptr<const Node>;

[[nodiscard]] Value share(Node node);
// Null pointers where there is no such member or item.
[[nodiscard]] Value member_of(const Value& object, std::string_view name);
[[nodiscard]] Value item_of(const Value& array, std::size_t index);

// Made at the place of `where`, whose own value does not matter.
[[nodiscard]] Node string_node(std::string text, const Node& where);
[[nodiscard]] Node integer_node(std::int64_t number, const Node& where);
[[nodiscard]] Node boolean_node(bool flag, const Node& where);
[[nodiscard]] Node null_node(const Node& where);

// Something in it is unresolved. Recursion is bounded as trees are.
[[nodiscard]] bool holds_unresolved(const Node& node);

// How large a value is, and whether all of it is known.
struct Extent {
  std::size_t nodes = 0;
  std::size_t bytes = 0;  // of its texts
  std::size_t depth = 0;  // 1 for a scalar
  bool unresolved = false;

  // In steps of a budget.
  [[nodiscard]] std::size_t cost() const { return nodes + bytes / 32; }
};
[[nodiscard]] Extent extent_of(const Node& node);

// How long one text may become: as long as a template may be.
inline constexpr std::size_t kLongestText = std::size_t{4} << 20;

// Of a Number without a fraction that fits.
[[nodiscard]] std::optional<std::int64_t> integer_of(const Node& node);

// As the function `equals`: kinds and values, strings with case, members in any order.
[[nodiscard]] bool equal_values(const Node& a, const Node& b);

// As the function `string`: text as it is, all else as JSON; `True` and `False` as Resource Manager
// writes booleans.
[[nodiscard]] std::string text_of(const Node& node);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_VALUE_H_

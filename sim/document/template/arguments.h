// How functions read their arguments. Inside this folder only.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_ARGUMENTS_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_ARGUMENTS_H_

#include <fmt/format.h>

#include <string>
#include <utility>

#include "sim/document/template/functions.h"

namespace nsp {

using NotThis = std::unexpected<std::string>;

[[nodiscard]] inline NotThis expected_instead(std::string_view what, const Node& found) {
  return NotThis(fmt::format("expected {}, found {}", what, kind_name(found.kind)));
}

// The text of a string argument; the error names the kind that was found.
[[nodiscard]] inline std::expected<std::string_view, std::string> string_argument(const Call& call,
                                                                                  std::size_t i) {
  if (!call[i].is_string()) return expected_instead("a string", call[i]);
  return std::string_view(call[i].text);
}

[[nodiscard]] inline std::expected<std::int64_t, std::string> integer_argument(const Call& call,
                                                                               std::size_t i) {
  const auto number = integer_of(call[i]);
  if (!number) return expected_instead("an integer", call[i]);
  return *number;
}

// Pays for copying all arguments; false when the budget is spent.
[[nodiscard]] inline bool pay_arguments(const Call& call) {
  std::size_t cost = 0;
  for (const Value& one : call.arguments) cost += extent_of(*one).cost();
  return call.budget.spend(cost);
}
[[nodiscard]] inline NotThis too_many_steps() { return NotThis(std::string(kTooManySteps)); }
[[nodiscard]] inline NotThis too_long() { return NotThis("the text is too long"); }

// What the functions of this language give back.
[[nodiscard]] inline FunctionResult give(const Call& call, std::string text) {
  return share(string_node(std::move(text), call.where));
}
[[nodiscard]] inline FunctionResult give(const Call& call, std::int64_t number) {
  return share(integer_node(number, call.where));
}
[[nodiscard]] inline FunctionResult give(const Call& call, bool flag) {
  return share(boolean_node(flag, call.where));
}
[[nodiscard]] inline FunctionResult give(Node node) { return share(std::move(node)); }

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_ARGUMENTS_H_

// The functions of the template language, in one table: name, arity, meaning, where it is
// described.
//
// A function is pure: it takes values and gives a value. What it needs of its surroundings (the
// parameters, the deployment, the place of an expression) it asks the Call for. Special forms,
// which do not evaluate all their arguments (`if`, `and`, `or`, `lambda`, …), are in evaluate.cc.
//
// Unresolved arguments: unless the table says that a function looks only at the outside of its
// arguments, the evaluator gives an unresolved value without calling it, when any argument is or
// holds one.
//
// Source: Azure Resource Manager, "ARM template functions". Thread safety: constant data.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_FUNCTIONS_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_FUNCTIONS_H_

#include <cstdint>
#include <expected>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/document/template/scope.h"
#include "sim/document/template/value.h"

namespace nsp {

// The arguments of one call, evaluated. `where` gives results their place.
struct Call {
  std::string_view name;  // as written
  std::span<const Value> arguments;
  TemplateScope& scope;
  const Node& where;
  Budget& budget;

  [[nodiscard]] const Node& operator[](std::size_t i) const { return *arguments[i]; }
  [[nodiscard]] std::size_t size() const { return arguments.size(); }
};

// The error is a message without the function's name: "expected a string, found an array".
using FunctionResult = std::expected<Value, std::string>;

inline constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

struct Function {
  std::string_view name;
  std::size_t fewest = 0;
  std::size_t most = 0;
  FunctionResult (*run)(const Call& call) = nullptr;
  // Also called when arguments are, or hold, unresolved values; it charges what it copies itself.
  bool takes_unresolved = false;
  std::string_view page;  // the documentation's anchor: `template-functions-string#concat`
};

// Without case; null when nobody knows it. Whatever begins with `list` asks a resource for what
// only it knows.
[[nodiscard]] const Function* find_function(std::string_view name);
// All of them, in order of names.
[[nodiscard]] std::span<const Function> all_functions();
// The nearest known name to a misspelt one, or empty.
[[nodiscard]] std::string_view nearest_function(std::string_view name);

// The parts of the table, one file each. Inside this folder only.
[[nodiscard]] std::span<const Function> string_functions();
[[nodiscard]] std::span<const Function> array_functions();
[[nodiscard]] std::span<const Function> object_functions();
[[nodiscard]] std::span<const Function> number_functions();
[[nodiscard]] std::span<const Function> logic_functions();
[[nodiscard]] std::span<const Function> date_functions();
[[nodiscard]] std::span<const Function> network_functions();
[[nodiscard]] std::span<const Function> scope_functions();

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_FUNCTIONS_H_

// Comparison, logic, and integers. `if`, `and`, `or` and `coalesce` are special forms
// (evaluate.cc).

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <limits>

#include "sim/base/text.h"
#include "sim/document/template/arguments.h"

namespace nsp {
namespace {

using Integer = std::int64_t;

FunctionResult run_true(const Call& call) { return give(call, true); }
FunctionResult run_false(const Call& call) { return give(call, false); }

FunctionResult run_not(const Call& call) {
  if (!call[0].is(Node::Kind::Bool)) return expected_instead("a boolean", call[0]);
  return give(call, !call[0].boolean);
}

FunctionResult run_xor(const Call& call) {
  if (!call[0].is(Node::Kind::Bool)) return expected_instead("a boolean", call[0]);
  if (!call[1].is(Node::Kind::Bool)) return expected_instead("a boolean", call[1]);
  return give(call, call[0].boolean != call[1].boolean);
}

FunctionResult run_bool(const Call& call) {
  if (call[0].is(Node::Kind::Bool)) return call.arguments[0];
  if (const auto number = integer_of(call[0])) return give(call, *number != 0);
  if (iequals(call[0].text, "true") || call[0].text == "1") return give(call, true);
  if (iequals(call[0].text, "false") || call[0].text == "0") return give(call, false);
  return NotThis(fmt::format("`{}` is no boolean", call[0].text));
}

// Bicep's assertion inside a value.
FunctionResult run_fail(const Call& call) {
  const auto message = string_argument(call, 0);
  return NotThis(message ? fmt::format("the template says `{}`", *message) : message.error());
}

FunctionResult run_equals(const Call& call) { return give(call, equal_values(call[0], call[1])); }

// Two integers by size, two texts by bytes.
std::expected<std::strong_ordering, std::string> order(const Call& call) {
  const auto a = integer_of(call[0]);
  const auto b = integer_of(call[1]);
  if (a && b) return *a <=> *b;
  if (call[0].is_string() && call[1].is_string()) return call[0].text <=> call[1].text;
  return NotThis(fmt::format("expected two integers or two strings, found {} and {}",
                             kind_name(call[0].kind), kind_name(call[1].kind)));
}

template <bool (*holds)(std::strong_ordering)>
FunctionResult compared(const Call& call) {
  const auto ordering = order(call);
  if (!ordering) return NotThis(ordering.error());
  return give(call, holds(*ordering));
}
bool is_less(std::strong_ordering o) { return o < 0; }
bool is_less_or_equal(std::strong_ordering o) { return o <= 0; }
bool is_greater(std::strong_ordering o) { return o > 0; }
bool is_greater_or_equal(std::strong_ordering o) { return o >= 0; }

template <bool (*compute)(Integer, Integer, Integer*)>
FunctionResult computed(const Call& call) {
  const auto a = integer_argument(call, 0);
  const auto b = integer_argument(call, 1);
  if (!a || !b) return NotThis((a ? b : a).error());
  Integer result = 0;
  if (compute(*a, *b, &result)) return NotThis("the result does not fit in 64 bits");
  return give(call, result);
}
// True: overflow.
bool add(Integer a, Integer b, Integer* out) { return __builtin_add_overflow(a, b, out); }
bool sub(Integer a, Integer b, Integer* out) { return __builtin_sub_overflow(a, b, out); }
bool mul(Integer a, Integer b, Integer* out) { return __builtin_mul_overflow(a, b, out); }

FunctionResult divided(const Call& call, bool remainder) {
  const auto a = integer_argument(call, 0);
  const auto b = integer_argument(call, 1);
  if (!a || !b) return NotThis((a ? b : a).error());
  if (*b == 0) return NotThis("division by zero");
  if (*b == -1) {
    if (remainder) return give(call, Integer{0});
    if (*a == std::numeric_limits<Integer>::min()) {
      return NotThis("the result does not fit in 64 bits");
    }
  }
  return give(call, remainder ? *a % *b : *a / *b);
}
FunctionResult run_div(const Call& call) { return divided(call, false); }
FunctionResult run_mod(const Call& call) { return divided(call, true); }

FunctionResult run_int(const Call& call) {
  if (integer_of(call[0])) return call.arguments[0];
  if (!call[0].is_string()) return expected_instead("a string or an integer", call[0]);
  const std::string_view text = trim(call[0].text);
  Integer number = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || last != text.data() + text.size()) {
    return NotThis(fmt::format("`{}` is no integer", text));
  }
  return give(call, number);
}

FunctionResult run_float(const Call& call) {
  double number = 0;
  const std::string_view text = trim(call[0].text);
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || last != text.data() + text.size() || text.empty()) {
    return NotThis(fmt::format("`{}` is no number", text));
  }
  Node node = integer_node(0, call.where);
  node.text = std::string(text);
  return give(std::move(node));
}

// Of several integers, or of one array of them.
FunctionResult extreme(const Call& call, bool largest) {
  std::vector<Integer> numbers;
  const auto take = [&](const Node& node) {
    const auto number = integer_of(node);
    if (number) numbers.push_back(*number);
    return number.has_value();
  };
  for (const Value& one : call.arguments) {
    if (one->is_array() ? !std::ranges::all_of(one->items, take) : !take(*one)) {
      return expected_instead("integers", *one);
    }
  }
  if (numbers.empty()) return NotThis("expected at least one integer");
  return give(call, largest ? std::ranges::max(numbers) : std::ranges::min(numbers));
}
FunctionResult run_max(const Call& call) { return extreme(call, true); }
FunctionResult run_min(const Call& call) { return extreme(call, false); }

constexpr std::array kLogicFunctions{
    Function{"bool", 1, 1, run_bool, false, "template-functions-logical#bool"},
    Function{"equals", 2, 2, run_equals, false, "template-functions-comparison#equals"},
    Function{"fail", 1, 1, run_fail, false, "bicep-functions-flow-control#fail"},
    Function{"false", 0, 0, run_false, false, "template-functions-logical#false"},
    Function{"greater", 2, 2, compared<is_greater>, false, "template-functions-comparison#greater"},
    Function{"greaterOrEquals", 2, 2, compared<is_greater_or_equal>, false,
             "template-functions-comparison#greaterorequals"},
    Function{"less", 2, 2, compared<is_less>, false, "template-functions-comparison#less"},
    Function{"lessOrEquals", 2, 2, compared<is_less_or_equal>, false,
             "template-functions-comparison#lessorequals"},
    Function{"not", 1, 1, run_not, false, "template-functions-logical#not"},
    Function{"true", 0, 0, run_true, false, "template-functions-logical#true"},
    Function{"xor", 2, 2, run_xor, false, "template-functions-logical#xor"}};

constexpr std::array kNumberFunctions{
    Function{"add", 2, 2, computed<add>, false, "template-functions-numeric#add"},
    Function{"div", 2, 2, run_div, false, "template-functions-numeric#div"},
    Function{"float", 1, 1, run_float, false, "template-functions-numeric#float"},
    Function{"int", 1, 1, run_int, false, "template-functions-numeric#int"},
    Function{"max", 1, kAnyNumber, run_max, false, "template-functions-numeric#max"},
    Function{"min", 1, kAnyNumber, run_min, false, "template-functions-numeric#min"},
    Function{"mod", 2, 2, run_mod, false, "template-functions-numeric#mod"},
    Function{"mul", 2, 2, computed<mul>, false, "template-functions-numeric#mul"},
    Function{"sub", 2, 2, computed<sub>, false, "template-functions-numeric#sub"}};

}  // namespace

std::span<const Function> logic_functions() { return kLogicFunctions; }
std::span<const Function> number_functions() { return kNumberFunctions; }

}  // namespace nsp

// Functions on arrays, and those that work on arrays, objects and strings alike.

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/base/text.h"
#include "sim/document/template/arguments.h"
#include "sim/document/template/characters.h"

namespace nsp {
namespace {

FunctionResult run_array(const Call& call) {
  if (call[0].is_array()) return call.arguments[0];
  if (!pay_arguments(call)) return too_many_steps();
  Node array = Node::array(call.where);
  array.push(call[0]);
  return give(std::move(array));
}

FunctionResult run_create_array(const Call& call) {
  if (!pay_arguments(call)) return too_many_steps();
  Node array = Node::array(call.where);
  for (const Value& one : call.arguments) array.push(*one);
  return give(std::move(array));
}

// Arrays to one array, all else to one text.
FunctionResult run_concat(const Call& call) {
  if (!pay_arguments(call)) return too_many_steps();
  if (call[0].is_array()) {
    Node array = Node::array(call.where);
    for (const Value& one : call.arguments) {
      if (one->is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
      if (!one->is_array()) return expected_instead("an array", *one);
      array.items.insert(array.items.end(), one->items.begin(), one->items.end());
    }
    return give(std::move(array));
  }
  std::string text;
  for (const Value& one : call.arguments) {
    if (holds_unresolved(*one)) return share(Node::unresolved(call.where.text, call.where));
    if (one->is_array() || one->is_object()) return expected_instead("a string", *one);
    text += text_of(*one);
    if (text.size() > kLongestText) return too_long();
  }
  return give(call, std::move(text));
}

FunctionResult run_contains(const Call& call) {
  const Node& container = call[0];
  if (container.is_string()) {
    return give(call, container.text.find(text_of(call[1])) != std::string::npos);
  }
  if (container.is_object()) return give(call, container.find(text_of(call[1])) != nullptr);
  if (!container.is_array()) return expected_instead("an array, an object or a string", container);
  return give(call, std::ranges::any_of(container.items, [&](const Node& item) {
                return equal_values(item, call[1]);
              }));
}

FunctionResult run_empty(const Call& call) {
  const Node& value = call[0];
  if (value.is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
  return give(call, value.is_null() || (value.is_string() && value.text.empty()) ||
                        (value.is_array() && value.items.empty()) ||
                        (value.is_object() && value.members.empty()));
}

FunctionResult run_length(const Call& call) {
  const Node& value = call[0];
  switch (value.kind) {
    case Node::Kind::Unresolved:
      return share(Node::unresolved(call.where.text, call.where));
    case Node::Kind::String:
      return give(call, static_cast<std::int64_t>(count_characters(value.text)));
    case Node::Kind::Array:
      return give(call, static_cast<std::int64_t>(value.items.size()));
    case Node::Kind::Object:
      return give(call, static_cast<std::int64_t>(value.members.size()));
    default:
      return expected_instead("an array, an object or a string", value);
  }
}

FunctionResult end_of(const Call& call, bool last) {
  const Node& value = call[0];
  if (value.is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
  if (value.is_array()) {
    if (value.items.empty()) return share(null_node(call.where));
    return item_of(call.arguments[0], last ? value.items.size() - 1 : 0);
  }
  if (!value.is_string()) return expected_instead("an array or a string", value);
  const std::size_t size = count_characters(value.text);
  if (size == 0) return give(call, std::string());
  return give(call, std::string(characters(value.text, last ? size - 1 : 0, 1)));
}
FunctionResult run_first(const Call& call) { return end_of(call, false); }
FunctionResult run_last(const Call& call) { return end_of(call, true); }

// In a text without case, as documented; in an array by equality.
FunctionResult position(const Call& call, bool from_end) {
  const Node& value = call[0];
  if (value.is_string()) {
    const std::string text = lower(value.text);
    const std::string wanted = lower(text_of(call[1]));
    const std::size_t at = from_end ? text.rfind(wanted) : text.find(wanted);
    if (at == std::string::npos) return give(call, std::int64_t{-1});
    return give(call,
                static_cast<std::int64_t>(count_characters(std::string_view(text).substr(0, at))));
  }
  if (!value.is_array()) return expected_instead("an array or a string", value);
  std::int64_t found = -1;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (!equal_values(value.items[i], call[1])) continue;
    found = static_cast<std::int64_t>(i);
    if (!from_end) break;
  }
  return give(call, found);
}
FunctionResult run_index_of(const Call& call) { return position(call, false); }
FunctionResult run_last_index_of(const Call& call) { return position(call, true); }

// `skip` and `take`: of more than there is, all.
FunctionResult part(const Call& call, bool take) {
  const Node& value = call[0];
  if (value.is_unresolved() || call[1].is_unresolved()) {
    return share(Node::unresolved(call.where.text, call.where));
  }
  const auto count = integer_argument(call, 1);
  if (!count) return NotThis(count.error());
  const std::size_t size = value.is_array() ? value.items.size() : count_characters(value.text);
  const auto n = static_cast<std::size_t>(
      std::clamp<std::int64_t>(*count, 0, static_cast<std::int64_t>(size)));
  if (value.is_string()) {
    return give(call, std::string(take ? characters(value.text, 0, n)
                                       : characters(value.text, n, size - n)));
  }
  if (!value.is_array()) return expected_instead("an array or a string", value);
  if (!pay_arguments(call)) return too_many_steps();
  Node out = Node::array(call.where);
  const auto middle = value.items.begin() + static_cast<std::ptrdiff_t>(n);
  out.items.assign(take ? value.items.begin() : middle, take ? middle : value.items.end());
  return give(std::move(out));
}
FunctionResult run_skip(const Call& call) { return part(call, false); }
FunctionResult run_take(const Call& call) { return part(call, true); }

FunctionResult run_range(const Call& call) {
  const auto first = integer_argument(call, 0);
  const auto count = integer_argument(call, 1);
  if (!first || !count) return NotThis((first ? count : first).error());
  constexpr std::int64_t kMost = 10'000;
  if (*count < 0 || *count > kMost || *first > INT64_MAX - kMost) {
    return NotThis(fmt::format("expected a count of 0 to {}", kMost));
  }
  if (!call.budget.spend(static_cast<std::size_t>(*count))) {
    return too_many_steps();
  }
  Node out = Node::array(call.where);
  for (std::int64_t i = 0; i < *count; ++i) out.push(integer_node(*first + i, call.where));
  return give(std::move(out));
}

FunctionResult run_index_from_end(const Call& call) {
  const auto at = integer_argument(call, 1);
  if (!at) return NotThis(at.error());
  const auto size = static_cast<std::int64_t>(call[0].items.size());
  if (!call[0].is_array()) return expected_instead("an array", call[0]);
  if (*at < 1 || *at > size)
    return NotThis(fmt::format("no item {} from the end of {}", *at, size));
  return item_of(call.arguments[0], static_cast<std::size_t>(size - *at));
}

FunctionResult run_flatten(const Call& call) {
  if (!call[0].is_array()) return expected_instead("an array of arrays", call[0]);
  Node out = Node::array(call.where);
  for (const Node& one : call[0].items) {
    if (!one.is_array()) return expected_instead("an array", one);
    out.items.insert(out.items.end(), one.items.begin(), one.items.end());
  }
  return give(std::move(out));
}

constexpr std::array kArrayFunctions{
    Function{"array", 1, 1, run_array, true, "template-functions-array#array"},
    Function{"concat", 1, kAnyNumber, run_concat, true, "template-functions-array#concat"},
    Function{"contains", 2, 2, run_contains, false, "template-functions-array#contains"},
    Function{"createArray", 0, kAnyNumber, run_create_array, true,
             "template-functions-array#createarray"},
    Function{"empty", 1, 1, run_empty, true, "template-functions-array#empty"},
    Function{"first", 1, 1, run_first, true, "template-functions-array#first"},
    Function{"flatten", 1, 1, run_flatten, false, "bicep-functions-array#flatten"},
    Function{"indexFromEnd", 2, 2, run_index_from_end, false,
             "template-functions-array#indexfromend"},
    Function{"indexOf", 2, 2, run_index_of, false, "template-functions-array#indexof"},
    Function{"last", 1, 1, run_last, true, "template-functions-array#last"},
    Function{"lastIndexOf", 2, 2, run_last_index_of, false, "template-functions-array#lastindexof"},
    Function{"length", 1, 1, run_length, true, "template-functions-array#length"},
    Function{"range", 2, 2, run_range, false, "template-functions-array#range"},
    Function{"skip", 2, 2, run_skip, true, "template-functions-array#skip"},
    Function{"take", 2, 2, run_take, true, "template-functions-array#take"}};

}  // namespace

std::span<const Function> array_functions() { return kArrayFunctions; }

}  // namespace nsp

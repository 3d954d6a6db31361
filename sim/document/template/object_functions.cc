// Functions on objects: making them, joining them, reaching into them.

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/document/template/arguments.h"

namespace nsp {
namespace {

FunctionResult run_create_object(const Call& call) {
  if (call.size() % 2 != 0) return NotThis("expected pairs of a name and a value");
  if (!pay_arguments(call)) return too_many_steps();
  Node object = Node::object(call.where);
  for (std::size_t i = 0; i < call.size(); i += 2) {
    if (call[i].is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
    const auto name = string_argument(call, i);
    if (!name) return NotThis(name.error());
    if (Node* twin = object.find(*name)) {
      *twin = call[i + 1];
    } else {
      object.add(std::string(*name), call[i + 1]);
    }
  }
  return give(std::move(object));
}

// Members of `more` win; objects inside objects are joined too where `deep`.
void join_into(Node& object, const Node& more, bool deep) {
  for (const Member& member : more.members) {
    Node* old = object.find(member.name);
    if (old == nullptr) {
      object.add(member.name, member.value);
    } else if (deep && old->is_object() && member.value.is_object()) {
      join_into(*old, member.value, deep);
    } else {
      *old = member.value;
    }
  }
}

FunctionResult run_union(const Call& call) {
  if (call[0].is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
  if (!pay_arguments(call)) return too_many_steps();
  Node out = call[0].is_object() ? Node::object(call.where) : Node::array(call.where);
  for (const Value& one : call.arguments) {
    if (one->is_unresolved()) return share(Node::unresolved(call.where.text, call.where));
    if (one->kind != out.kind) return expected_instead(kind_name(out.kind), *one);
    if (!call.budget.spend(one->items.size() * (1 + out.items.size() / 8) +
                           one->members.size() * (1 + out.members.size() / 8))) {
      return too_many_steps();
    }
    join_into(out, *one, true);
    for (const Node& item : one->items) {
      const bool there = std::ranges::any_of(
          out.items, [&](const Node& known) { return equal_values(known, item); });
      if (!there) out.push(item);
    }
  }
  return give(std::move(out));
}

FunctionResult run_shallow_merge(const Call& call) {
  if (!call[0].is_array()) return expected_instead("an array of objects", call[0]);
  Node out = Node::object(call.where);
  for (const Node& one : call[0].items) {
    if (!one.is_object()) return expected_instead("an object", one);
    if (!call.budget.spend(one.members.size() * (1 + out.members.size() / 8))) {
      return too_many_steps();
    }
    join_into(out, one, false);
  }
  return give(std::move(out));
}

FunctionResult run_intersection(const Call& call) {
  Node out = call[0];
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (call[i].kind != out.kind) return expected_instead(kind_name(out.kind), call[i]);
    if (!call.budget.spend(out.items.size() * (1 + call[i].items.size() / 8) +
                           out.members.size() * (1 + call[i].members.size() / 8))) {
      return too_many_steps();
    }
    std::erase_if(out.members, [&](const Member& member) {
      const Node* other = call[i].find(member.name);
      return other == nullptr || !equal_values(*other, member.value);
    });
    std::erase_if(out.items, [&](const Node& item) {
      return std::ranges::none_of(call[i].items,
                                  [&](const Node& other) { return equal_values(item, other); });
    });
  }
  return give(std::move(out));
}

// `[{"key":…,"value":…}]`, sorted by key.
FunctionResult run_items(const Call& call) {
  if (!call[0].is_object()) return expected_instead("an object", call[0]);
  std::vector<const Member*> members;
  for (const Member& member : call[0].members) members.push_back(&member);
  std::ranges::sort(members,
                    [](const Member* a, const Member* b) { return iless(a->name, b->name); });
  Node out = Node::array(call.where);
  for (const Member* member : members) {
    Node item = Node::object(call.where);
    item.add("key", string_node(member->name, call.where));
    item.add("value", member->value);
    out.push(std::move(item));
  }
  return give(std::move(out));
}

FunctionResult run_object_keys(const Call& call) {
  if (!call[0].is_object()) return expected_instead("an object", call[0]);
  Node out = Node::array(call.where);
  for (const Member& member : call[0].members) out.push(string_node(member.name, call.where));
  return give(std::move(out));
}

FunctionResult run_null(const Call& call) { return share(null_node(call.where)); }

// One step of tryGet: a null pointer where there is nothing to get.
Value try_step(const Value& base, const Node& key, bool from_end) {
  if (base->is_object() && key.is_string()) return member_of(base, key.text);
  const auto at = integer_of(key);
  if (!base->is_array() || !at || *at < 0) return nullptr;
  const std::size_t size = base->items.size();
  const auto index = static_cast<std::size_t>(*at);
  if (!from_end) return item_of(base, index);
  return index >= 1 && index <= size ? item_of(base, size - index) : nullptr;
}

FunctionResult try_get(const Call& call, bool from_end) {
  Value value = call.arguments[0];
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (value->is_unresolved() || call[i].is_unresolved()) {
      return share(Node::unresolved(call.where.text, call.where));
    }
    value = try_step(value, call[i], from_end);
    if (value == nullptr) return share(null_node(call.where));
  }
  return value;
}
FunctionResult run_try_get(const Call& call) { return try_get(call, false); }
FunctionResult run_try_index_from_end(const Call& call) { return try_get(call, true); }

constexpr std::array kObjectFunctions{
    Function{"createObject", 0, kAnyNumber, run_create_object, true,
             "template-functions-object#createobject"},
    Function{"intersection", 2, kAnyNumber, run_intersection, false,
             "template-functions-object#intersection"},
    Function{"items", 1, 1, run_items, false, "template-functions-object#items"},
    Function{"null", 0, 0, run_null, true, "template-functions-object#null"},
    Function{"objectKeys", 1, 1, run_object_keys, false, "template-functions-object#objectkeys"},
    Function{"shallowMerge", 1, 1, run_shallow_merge, false,
             "template-functions-object#shallowmerge"},
    Function{"tryGet", 2, kAnyNumber, run_try_get, true, "template-functions-object#tryget"},
    Function{"tryIndexFromEnd", 2, kAnyNumber, run_try_index_from_end, true,
             "template-functions-array#tryindexfromend"},
    Function{"union", 1, kAnyNumber, run_union, true, "template-functions-object#union"}};

}  // namespace

std::span<const Function> object_functions() { return kObjectFunctions; }

}  // namespace nsp

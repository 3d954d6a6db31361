// The functions that take a function: `lambda('x', …)` is applied to each item with
// `lambdaVariables('x')` bound to it.

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "sim/base/text.h"
#include "sim/document/template/evaluate.h"
#include "sim/document/template/functions.h"

namespace nsp {

Evaluated Evaluator::form_lambda_variables(const Expression& expression) {
  if (expression.operands.size() != 1 || expression.operands[0].kind != Expression::Kind::String) {
    return wrong(expression, "`lambdaVariables`: expected the name of a lambda's parameter");
  }
  const std::string& name = expression.operands[0].text;
  const auto found = std::find_if(lambda_variables_.rbegin(), lambda_variables_.rend(),
                                  [&](const auto& one) { return iequals(one.first, name); });
  if (found != lambda_variables_.rend()) return found->second;
  return wrong(expression, fmt::format("no lambda here has a parameter `{}`", name));
}

std::expected<Evaluator::Lambda, ExpressionError> Evaluator::lambda(const Expression& expression,
                                                                    std::size_t fewest,
                                                                    std::size_t most) {
  const bool is_lambda =
      expression.kind == Expression::Kind::Call && iequals(expression.text, "lambda");
  const std::size_t names = is_lambda ? expression.operands.size() - 1 : 0;
  if (!is_lambda || expression.operands.empty() || names < fewest || names > most) {
    return wrong(expression, fmt::format("expected a lambda of {} parameter{}", fewest,
                                         fewest == 1 ? "" : "s"));
  }
  Lambda result;
  for (std::size_t i = 0; i < names; ++i) {
    if (expression.operands[i].kind != Expression::Kind::String) {
      return wrong(expression.operands[i], "expected the name of a parameter, in quotes");
    }
    result.names.push_back(expression.operands[i].text);
  }
  result.body = &expression.operands.back();
  return result;
}

Evaluated Evaluator::apply(const Lambda& lambda, std::vector<Value> values) {
  const std::size_t outer = lambda_variables_.size();
  for (std::size_t i = 0; i < lambda.names.size(); ++i) {
    lambda_variables_.emplace_back(lambda.names[i], std::move(values[i]));
  }
  Evaluated result = value(*lambda.body);
  lambda_variables_.resize(outer);
  return result;
}

// The first argument of a form, an array; a null pointer stands for one that is not known.
Evaluated Evaluator::array_argument(const Expression& expression) {
  if (expression.operands.size() < 2) {
    return wrong(expression, fmt::format("`{}` takes an array and a lambda", expression.text));
  }
  auto array = value(expression.operands[0]);
  if (!array) return array;
  if ((*array)->is_unresolved()) return Value();
  if (!(*array)->is_array()) {
    return wrong(expression.operands[0], fmt::format("`{}`: expected an array, found {}",
                                                     expression.text, kind_name((*array)->kind)));
  }
  return array;
}

namespace {

Value turn_of(std::size_t i, const Node& where) {
  return share(integer_node(static_cast<std::int64_t>(i), where));
}

}  // namespace

// Every item of the first argument, in order: `take` gets it and what the lambda behind it gives of
// it, and may end the loop.
template <class Take>
Evaluator::Ended Evaluator::each(const Expression& expression, std::size_t most_names, Take take) {
  const auto array = array_argument(expression);
  if (!array) return array;
  if (*array == nullptr) return unresolved();
  const auto function = lambda(expression.operands[1], 1, most_names);
  if (!function) return std::unexpected(function.error());
  for (std::size_t i = 0; i < (*array)->items.size(); ++i) {
    const Value item = item_of(*array, i);
    auto one = apply(*function, {item, turn_of(i, *where_)});
    if (!one) return one;
    if (Ended ended = take(item, *std::move(one))) return ended;
  }
  return std::nullopt;
}

// As each(), of what is asked of every item and must be known: `take` gets its text.
template <class Take>
Evaluator::Ended Evaluator::each_key(const Expression& expression, Take take) {
  return each(expression, 1, [&](const Value& item, const Value& key) -> Ended {
    if (key->is_unresolved()) return unresolved();
    return take(item, text_of(*key));
  });
}

// map(array, lambda('item', ['index',] body)).
Evaluated Evaluator::form_map(const Expression& expression) {
  Node result = Node::array(*where_);
  auto ended = each(expression, 2, [&](const Value& /*item*/, const Value& one) -> Ended {
    if (!pay_copy(*one)) return wrong(expression, std::string(kTooManySteps));
    result.push(*one);
    return std::nullopt;
  });
  return ended ? *std::move(ended) : share(std::move(result));
}

// filter(array, lambda('item', ['index',] condition)).
Evaluated Evaluator::form_filter(const Expression& expression) {
  Node result = Node::array(*where_);
  auto ended = each(expression, 2, [&](const Value& item, const Value& kept) -> Ended {
    if (kept->is_unresolved()) return unresolved();
    if (!kept->is(Node::Kind::Bool)) {
      return wrong(expression.operands[1], "`filter`: expected a lambda that gives a boolean");
    }
    if (kept->boolean) result.push(*item);
    return std::nullopt;
  });
  return ended ? *std::move(ended) : share(std::move(result));
}

// reduce(array, first, lambda('so far', 'item', ['index',] next)).
Evaluated Evaluator::form_reduce(const Expression& expression) {
  const auto array = array_argument(expression);
  if (!array) return array;
  if (*array == nullptr) return unresolved();
  if (expression.operands.size() != 3) {
    return wrong(expression, "`reduce` takes an array, a first value and a lambda");
  }
  auto so_far = value(expression.operands[1]);
  const auto function = lambda(expression.operands[2], 2, 3);
  if (!function) return std::unexpected(function.error());
  for (std::size_t i = 0; so_far && i < (*array)->items.size(); ++i) {
    so_far = apply(*function, {*so_far, item_of(*array, i), turn_of(i, *where_)});
  }
  return so_far;
}

// sort(array, lambda('a', 'b', a is before b)): stable.
Evaluated Evaluator::form_sort(const Expression& expression) {
  const auto array = array_argument(expression);
  if (!array) return array;
  if (*array == nullptr) return unresolved();
  const auto function = lambda(expression.operands[1], 2, 2);
  if (!function) return std::unexpected(function.error());
  std::vector<Value> sorted;
  for (std::size_t i = 0; i < (*array)->items.size(); ++i) {
    // By insertion: a lambda need not be an order, and std::sort would not forgive that.
    std::size_t at = sorted.size();
    for (; at > 0; --at) {
      const auto before = apply(*function, {item_of(*array, i), sorted[at - 1]});
      if (!before) return before;
      if ((*before)->is_unresolved()) return unresolved();
      if (!(*before)->is(Node::Kind::Bool)) {
        return wrong(expression.operands[1], "`sort`: expected a lambda that gives a boolean");
      }
      if (!(*before)->boolean) break;
    }
    sorted.insert(sorted.begin() + static_cast<std::ptrdiff_t>(at), item_of(*array, i));
  }
  Node result = Node::array(*where_);
  for (const Value& one : sorted) result.push(*one);
  return share(std::move(result));
}

// toObject(array, lambda('item', key), [lambda('item', value)]).
Evaluated Evaluator::form_to_object(const Expression& expression) {
  Node result = Node::object(*where_);
  auto ended = each_key(expression, [&](const Value& item, const std::string& key) -> Ended {
    Evaluated one = item;
    if (expression.operands.size() > 2) {
      const auto value_of = lambda(expression.operands[2], 1, 1);
      if (!value_of) return std::unexpected(value_of.error());
      one = apply(*value_of, {item});
    }
    if (!one) return one;
    if (!pay_copy(**one) || !budget_.spend(result.members.size() / 8)) {
      return wrong(expression, std::string(kTooManySteps));
    }
    if (Node* twin = result.find(key)) {
      *twin = **one;
    } else {
      result.add(key, **one);
    }
    return std::nullopt;
  });
  return ended ? *std::move(ended) : share(std::move(result));
}

// groupBy(array, lambda('item', key)): an object of arrays.
Evaluated Evaluator::form_group_by(const Expression& expression) {
  Node result = Node::object(*where_);
  auto ended = each_key(expression, [&](const Value& item, const std::string& key) -> Ended {
    if (!budget_.spend(1 + result.members.size() / 8)) {
      return wrong(expression, std::string(kTooManySteps));
    }
    Node* group = result.find(key);
    if (group == nullptr) group = &result.add(key, Node::array(*where_));
    group->push(*item);
    return std::nullopt;
  });
  return ended ? *std::move(ended) : share(std::move(result));
}

// mapValues(object, lambda('value', body)).
Evaluated Evaluator::form_map_values(const Expression& expression) {
  if (expression.operands.size() != 2) {
    return wrong(expression, "`mapValues` takes an object and a lambda");
  }
  const auto object = value(expression.operands[0]);
  if (!object) return object;
  if ((*object)->is_unresolved()) return unresolved();
  if (!(*object)->is_object()) {
    return wrong(expression.operands[0], fmt::format("`mapValues`: expected an object, found {}",
                                                     kind_name((*object)->kind)));
  }
  const auto function = lambda(expression.operands[1], 1, 1);
  if (!function) return std::unexpected(function.error());
  Node result = Node::object(*where_);
  for (const Member& member : (*object)->members) {
    const auto one = apply(*function, {Value(*object, &member.value)});
    if (!one) return one;
    if (!pay_copy(**one)) return wrong(expression, std::string(kTooManySteps));
    result.add(member.name, **one);
  }
  return share(std::move(result));
}

}  // namespace nsp

#include "sim/document/template/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/template/functions.h"

namespace nsp {
namespace {

using Kind = Expression::Kind;

std::string arity_message(std::string_view name, std::size_t fewest, std::size_t most,
                          std::size_t found) {
  std::string wanted = fmt::format("{}", fewest);
  if (most == kAnyNumber) {
    wanted = fmt::format("at least {}", fewest);
  } else if (most != fewest) {
    wanted = fmt::format("{} to {}", fewest, most);
  }
  return fmt::format("`{}` takes {} argument{}, found {}", name, wanted,
                     wanted == "1" || wanted == "at least 1" ? "" : "s", found);
}

std::string unknown_function(std::string_view name) {
  const std::string_view near = nearest_function(name);
  return near.empty() ? fmt::format("unknown function `{}`", name)
                      : fmt::format("unknown function `{}`, did you mean `{}`?", name, near);
}

bool any_unresolved(const std::vector<Value>& values) {
  return std::ranges::any_of(values, [](const Value& one) { return holds_unresolved(*one); });
}

Extent extent_of(const std::vector<Value>& values) {
  Extent sum;
  for (const Value& one : values) {
    const Extent extent = nsp::extent_of(*one);
    sum.nodes += extent.nodes;
    sum.bytes += extent.bytes;
    sum.unresolved |= extent.unresolved;
  }
  return sum;
}

}  // namespace

const std::expected<Expression, ExpressionError>& ExpressionCache::parse(const std::string& text) {
  const auto found = parsed_.find(text);
  return found != parsed_.end() ? found->second
                                : parsed_.emplace(text, parse_expression(text)).first->second;
}

std::unexpected<ExpressionError> Evaluator::wrong(const Expression& at, std::string message) {
  return std::unexpected(ExpressionError{std::move(message), at.offset});
}

Value Evaluator::unresolved() const { return share(Node::unresolved(where_->text, *where_)); }

Evaluated Evaluator::evaluate(const Node& node) {
  const auto& expression = cache_.parse(node.text);
  if (!expression) return std::unexpected(expression.error());
  const Node* outer = std::exchange(where_, &node);
  Evaluated result = value(*expression);
  where_ = outer;
  return result;
}

Evaluated Evaluator::value(const Expression& expression) {
  const DepthGuard guard(budget_);
  if (!guard.fits()) return wrong(expression, std::string(kTooDeep));
  if (!budget_.spend()) return wrong(expression, std::string(kTooManySteps));
  return deeper_value(expression);
}

Evaluated Evaluator::deeper_value(const Expression& expression) {
  switch (expression.kind) {
    case Kind::String:
      return share(string_node(expression.text, *where_));
    case Kind::Integer:
      return share(integer_node(expression.number, *where_));
    case Kind::Call:
      return call(expression);
    case Kind::Member:
      return member(expression);
    case Kind::Index:
      return index(expression);
  }
  return unresolved();
}

Evaluated Evaluator::call(const Expression& expression) {
  Evaluated result = unresolved();
  if (const Form form = special_form(expression.text)) {
    result = (this->*form)(expression);
  } else if (expression.text.find('.') != std::string::npos) {
    result = call_user(expression);
  } else {
    result = call_function(expression);
  }
  // What nobody else holds was made by this call.
  const bool made = result && result->use_count() == 1;
  return made ? paid(*std::move(result), expression) : result;
}

Evaluated Evaluator::paid(Value made, const Expression& expression) {
  constexpr std::size_t kStepsPerNode = 4;
  constexpr std::size_t kBytesPerStep = 8;
  const Extent extent = nsp::extent_of(*made);
  if (extent.depth > kMaxDepth) return wrong(expression, "the value nests too deep");
  if (made->text.size() > kLongestText) return wrong(expression, "the text is too long");
  if (!budget_.spend(extent.nodes * kStepsPerNode + extent.bytes / kBytesPerStep)) {
    return wrong(expression, std::string(kTooManySteps));
  }
  return made;
}

std::expected<std::vector<Value>, ExpressionError> Evaluator::arguments(
    const Expression& expression) {
  std::vector<Value> values;
  values.reserve(expression.operands.size());
  for (const Expression& operand : expression.operands) {
    auto one = value(operand);
    if (!one) return std::unexpected(std::move(one.error()));
    values.push_back(std::move(*one));
  }
  return values;
}

Evaluated Evaluator::call_function(const Expression& expression) {
  const Function* function = find_function(expression.text);
  if (function == nullptr) return wrong(expression, unknown_function(expression.text));
  const std::size_t count = expression.operands.size();
  if (count < function->fewest || count > function->most) {
    return wrong(expression,
                 arity_message(expression.text, function->fewest, function->most, count));
  }
  const auto values = arguments(expression);
  if (!values) return std::unexpected(values.error());
  if (!function->takes_unresolved) {
    const Extent extent = extent_of(*values);
    if (extent.unresolved) return unresolved();
    if (!budget_.spend(extent.cost())) return wrong(expression, std::string(kTooManySteps));
  }
  auto result = function->run({expression.text, *values, scope_, *where_, budget_});
  if (result) return std::move(*result);
  return wrong(expression, fmt::format("`{}`: {}", expression.text, result.error()));
}

Evaluated Evaluator::call_user(const Expression& expression) {
  const auto values = arguments(expression);
  if (!values) return std::unexpected(values.error());
  auto result = scope_.call_user_function(expression.text, *values);
  if (result) return std::move(*result);
  return wrong(expression, std::move(result.error()));
}

Evaluated Evaluator::member(const Expression& expression) {
  auto base = value(expression.operands[0]);
  if (!base) return base;
  if ((*base)->is_unresolved()) return principal_or_unresolved(expression);
  if (!(*base)->is_object()) {
    return wrong(expression, fmt::format("expected an object before `.{}`, found {}",
                                         expression.text, kind_name((*base)->kind)));
  }
  if (Value found = member_of(*base, expression.text)) return found;
  return wrong(expression, fmt::format("the object has no member `{}`", expression.text));
}

// `reference(ID, …).identity.principalId` tells whose identity it is, whatever the template calls
// that resource: the expression is written again with its id.
Evaluated Evaluator::principal_or_unresolved(const Expression& expression) {
  if (!iequals(expression.text, "principalId")) return unresolved();
  const Expression* of = &expression.operands[0];
  const bool own = of->kind == Kind::Member && iequals(of->text, "identity");
  if (of->kind == Kind::Member) of = of->operands.data();
  if (of->kind != Kind::Call || !iequals(of->text, "reference") || of->operands.empty()) {
    return unresolved();
  }
  const auto named = value(of->operands[0]);
  if (!named || !(*named)->is_string()) return unresolved();
  const std::string& text = (*named)->text;
  const std::string id = text.starts_with('/') ? text : scope_.id_of_symbol(text);
  if (id.empty() || id.contains('\'')) return unresolved();
  return share(Node::unresolved(
      fmt::format("[reference('{}').{}principalId]", id, own ? "identity." : ""), *where_));
}

Evaluated Evaluator::index(const Expression& expression) {
  auto base = value(expression.operands[0]);
  if (!base) return base;
  const auto at = value(expression.operands[1]);
  if (!at) return at;
  if ((*base)->is_unresolved() || (*at)->is_unresolved()) return unresolved();
  if ((*base)->is_object() && (*at)->is_string()) {
    if (Value found = member_of(*base, (*at)->text)) return found;
    return wrong(expression, fmt::format("the object has no member `{}`", (*at)->text));
  }
  const auto number = integer_of(**at);
  if (!(*base)->is_array() || !number) {
    return wrong(expression, fmt::format("expected an array and an integer, or an object and a "
                                         "string, found {} and {}",
                                         kind_name((*base)->kind), kind_name((*at)->kind)));
  }
  if (*number >= 0) {
    if (Value found = item_of(*base, static_cast<std::size_t>(*number))) return found;
  }
  return wrong(expression,
               fmt::format("index {} is outside an array of {}", *number, (*base)->items.size()));
}

Evaluator::Form Evaluator::special_form(std::string_view name) {
  struct Entry {
    std::string_view name;
    Form form;
  };
  static constexpr std::array kForms{Entry{"and", &Evaluator::form_and},
                                     Entry{"coalesce", &Evaluator::form_coalesce},
                                     Entry{"copyIndex", &Evaluator::form_copy_index},
                                     Entry{"filter", &Evaluator::form_filter},
                                     Entry{"groupBy", &Evaluator::form_group_by},
                                     Entry{"if", &Evaluator::form_if},
                                     Entry{"lambdaVariables", &Evaluator::form_lambda_variables},
                                     Entry{"map", &Evaluator::form_map},
                                     Entry{"mapValues", &Evaluator::form_map_values},
                                     Entry{"or", &Evaluator::form_or},
                                     Entry{"parameters", &Evaluator::form_parameters},
                                     Entry{"reduce", &Evaluator::form_reduce},
                                     Entry{"reference", &Evaluator::form_reference},
                                     Entry{"sort", &Evaluator::form_sort},
                                     Entry{"toObject", &Evaluator::form_to_object},
                                     Entry{"variables", &Evaluator::form_variables}};
  const auto found = std::ranges::find_if(kForms, [&](const Entry& e) {
    return e.name.size() == name.size() && iequals(e.name, name);
  });
  return found == kForms.end() ? nullptr : found->form;
}

// The branch that is not taken is not looked at: it may not make sense.
Evaluated Evaluator::form_if(const Expression& expression) {
  if (expression.operands.size() != 3) {
    return wrong(expression, arity_message("if", 3, 3, expression.operands.size()));
  }
  const auto condition = value(expression.operands[0]);
  if (!condition) return condition;
  if ((*condition)->is_unresolved()) return unresolved();
  if (!(*condition)->is(Node::Kind::Bool)) {
    return wrong(expression.operands[0],
                 fmt::format("`if`: expected a boolean, found {}", kind_name((*condition)->kind)));
  }
  return value(expression.operands[(*condition)->boolean ? 1 : 2]);
}

Evaluated Evaluator::form_and(const Expression& expression) {
  return all_or_any(expression, false);
}
Evaluated Evaluator::form_or(const Expression& expression) { return all_or_any(expression, true); }

// Stops at the first value that settles it; one that is not known leaves it open unless a later one
// settles it.
Evaluated Evaluator::all_or_any(const Expression& expression, bool stop_at) {
  if (expression.operands.size() < 2) {
    return wrong(expression,
                 arity_message(expression.text, 2, kAnyNumber, expression.operands.size()));
  }
  bool open = false;
  for (const Expression& operand : expression.operands) {
    const auto one = value(operand);
    if (!one) return one;
    if ((*one)->is_unresolved()) {
      open = true;
    } else if (!(*one)->is(Node::Kind::Bool)) {
      return wrong(operand, fmt::format("`{}`: expected a boolean, found {}", expression.text,
                                        kind_name((*one)->kind)));
    } else if ((*one)->boolean == stop_at) {
      return *one;
    }
  }
  return open ? unresolved() : share(boolean_node(!stop_at, *where_));
}

Evaluated Evaluator::form_coalesce(const Expression& expression) {
  if (expression.operands.empty()) {
    return wrong(expression, arity_message("coalesce", 1, kAnyNumber, 0));
  }
  Evaluated last = unresolved();
  for (const Expression& operand : expression.operands) {
    last = value(operand);
    if (!last || !(*last)->is_null()) return last;
  }
  return last;
}

Evaluated Evaluator::named(const Expression& expression,
                           Answer (TemplateScope::*ask)(std::string_view)) {
  if (expression.operands.size() != 1) {
    return wrong(expression, arity_message(expression.text, 1, 1, expression.operands.size()));
  }
  const auto name = value(expression.operands[0]);
  if (!name) return name;
  if ((*name)->is_unresolved()) return unresolved();
  if (!(*name)->is_string()) {
    return wrong(expression.operands[0], fmt::format("`{}`: expected a name, found {}",
                                                     expression.text, kind_name((*name)->kind)));
  }
  auto answer = (scope_.*ask)((*name)->text);
  if (answer) return std::move(*answer);
  return wrong(expression.operands[0], std::move(answer.error()));
}

Evaluated Evaluator::form_parameters(const Expression& expression) {
  return named(expression, &TemplateScope::parameter);
}
Evaluated Evaluator::form_variables(const Expression& expression) {
  return named(expression, &TemplateScope::variable);
}

// copyIndex(), copyIndex(offset), copyIndex('loop'), copyIndex('loop', offset).
Evaluated Evaluator::form_copy_index(const Expression& expression) {
  const auto values = arguments(expression);
  if (!values) return std::unexpected(values.error());
  if (any_unresolved(*values)) return unresolved();
  std::string_view loop;
  std::int64_t offset = 0;
  for (const Value& one : *values) {
    if (one->is_string()) {
      loop = one->text;
    } else if (const auto number = integer_of(*one)) {
      offset = *number;
    } else {
      return wrong(expression, "`copyIndex`: expected the name of a loop and an integer");
    }
  }
  const auto found =
      loop.empty()
          ? loops_.begin()
          : std::ranges::find_if(loops_, [&](const auto& one) { return iequals(one.first, loop); });
  if (found == loops_.end()) {
    return wrong(expression, loop.empty() ? std::string("`copyIndex` outside any loop")
                                          : fmt::format("`copyIndex`: no loop `{}` here", loop));
  }
  return share(integer_node(found->second + offset, *where_));
}

Evaluated Evaluator::form_reference(const Expression& expression) {
  const auto values = arguments(expression);
  if (!values) return std::unexpected(values.error());
  if (values->empty()) return wrong(expression, arity_message("reference", 1, 3, 0));
  if (any_unresolved(*values)) return unresolved();
  auto answer = scope_.reference(*values);
  if (!answer) return wrong(expression, std::move(answer.error()));
  return *answer == nullptr ? unresolved() : *std::move(answer);
}

}  // namespace nsp

// Evaluates expressions, and whole trees of JSON with expressions in them.
//
// Strict where the language is: all arguments first, then the function; the special forms `if`,
// `and`, `or`, `coalesce`, `tryGet` and the lambda functions evaluate what they need. An unresolved
// value spreads: an expression that needs it is unresolved as a whole, and carries the whole text,
// so that a reader sees what to say: `[concat(parameters('name'), '-nsp')]`.
//
// Errors carry the offset inside the expression. Work is bounded by a budget that a whole template
// shares. Recursion is bounded by the depth of expressions, of trees, and of user functions.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_EVALUATE_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_EVALUATE_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/document/template/expression.h"
#include "sim/document/template/scope.h"

namespace nsp {

// How many turns one loop may take, as Resource Manager allows.
inline constexpr std::int64_t kMostTurns = 800;

using Evaluated = std::expected<Value, ExpressionError>;

// The expressions of one template, each parsed once: a loop meets the same text every turn.
class ExpressionCache {
 public:
  // REQUIRES: is_expression(text). Lives as long as the cache.
  const std::expected<Expression, ExpressionError>& parse(const std::string& text);

 private:
  std::unordered_map<std::string, std::expected<Expression, ExpressionError>> parsed_;
};

// What the evaluators of one template share.
struct Work {
  Budget budget;
  ExpressionCache cache;
};

// The loops that an expression stands in, outermost first.
using Loops = std::vector<std::pair<std::string, std::int64_t>>;

// An expression that could not be evaluated, with where it stands.
struct EvaluationProblem {
  const Node* at = nullptr;  // the string that holds it
  std::string pointer;
  ExpressionError error;
};

class Evaluator {
 public:
  // REQUIRES: both outlive it.
  Evaluator(TemplateScope& scope, Work& work, Loops loops = {})
      : scope_(scope), cache_(work.cache), budget_(work.budget), loops_(std::move(loops)) {}

  // `copyIndex()` counts the outermost loop, that of the resource or variable; `copyIndex('name')`
  // the one of that name.
  void enter_loop(std::string name, std::int64_t turn) {
    loops_.emplace_back(std::move(name), turn);
  }
  void leave_loop() { loops_.pop_back(); }
  [[nodiscard]] const Loops& loops() const { return loops_; }

  // REQUIRES: is_expression(node.text). The result stands at the place of `node`.
  [[nodiscard]] Evaluated evaluate(const Node& node);

  // `tree` with every expression in it replaced by its value, and its escaped brackets by literals.
  // An expression that fails is reported and left as an unresolved value. Property copies are
  // expanded: `"copy":[{"name":"rules","count":2,"input":…}]` becomes the member `rules`.
  // A value from elsewhere stands at the place of its expression; what is inside it keeps its own.
  [[nodiscard]] Node resolve(const Node& tree, const std::string& pointer,
                             std::vector<EvaluationProblem>& problems);

  // How often a loop `{"count":…}` turns; nothing when only a deployment knows.
  [[nodiscard]] std::expected<std::optional<std::int64_t>, EvaluationProblem> turns(
      const Node& copy, const std::string& pointer);

  // The array of a loop `{"count":…,"input":…}` of a variable or an output.
  [[nodiscard]] Node resolve_loop(const Node& copy, const std::string& name,
                                  const std::string& pointer,
                                  std::vector<EvaluationProblem>& problems);

 private:
  using Form = Evaluated (Evaluator::*)(const Expression&);

  [[nodiscard]] Evaluated value(const Expression& expression);
  [[nodiscard]] Evaluated deeper_value(const Expression& expression);
  [[nodiscard]] Evaluated call(const Expression& expression);
  [[nodiscard]] Evaluated call_function(const Expression& expression);
  [[nodiscard]] Evaluated call_user(const Expression& expression);
  [[nodiscard]] Evaluated member(const Expression& expression);
  [[nodiscard]] Evaluated principal_or_unresolved(const Expression& expression);
  [[nodiscard]] Evaluated index(const Expression& expression);
  [[nodiscard]] std::expected<std::vector<Value>, ExpressionError> arguments(
      const Expression& expression);

  [[nodiscard]] static Form special_form(std::string_view name);
  [[nodiscard]] Evaluated form_if(const Expression& expression);
  [[nodiscard]] Evaluated form_and(const Expression& expression);
  [[nodiscard]] Evaluated form_or(const Expression& expression);
  [[nodiscard]] Evaluated form_coalesce(const Expression& expression);
  [[nodiscard]] Evaluated form_parameters(const Expression& expression);
  [[nodiscard]] Evaluated form_variables(const Expression& expression);
  [[nodiscard]] Evaluated form_copy_index(const Expression& expression);
  [[nodiscard]] Evaluated form_reference(const Expression& expression);
  [[nodiscard]] Evaluated form_lambda_variables(const Expression& expression);
  [[nodiscard]] Evaluated form_map(const Expression& expression);
  [[nodiscard]] Evaluated form_filter(const Expression& expression);
  [[nodiscard]] Evaluated form_reduce(const Expression& expression);
  [[nodiscard]] Evaluated form_sort(const Expression& expression);
  [[nodiscard]] Evaluated form_to_object(const Expression& expression);
  [[nodiscard]] Evaluated form_group_by(const Expression& expression);
  [[nodiscard]] Evaluated form_map_values(const Expression& expression);

  [[nodiscard]] Evaluated all_or_any(const Expression& expression, bool stop_at);
  [[nodiscard]] Evaluated named(const Expression& expression,
                                Answer (TemplateScope::*ask)(std::string_view));

  // A lambda function applied: its parameters bound to these values while its body is evaluated.
  struct Lambda {
    std::vector<std::string> names;
    const Expression* body = nullptr;
  };
  [[nodiscard]] std::expected<Lambda, ExpressionError> lambda(const Expression& expression,
                                                              std::size_t fewest, std::size_t most);
  [[nodiscard]] Evaluated apply(const Lambda& lambda, std::vector<Value> values);
  [[nodiscard]] std::expected<Value, ExpressionError> array_argument(const Expression& expression);
  // What ends a loop before its last item: a mistake, or that the whole is not known.
  using Ended = std::optional<Evaluated>;
  template <class Take>
  [[nodiscard]] Ended each(const Expression& expression, std::size_t most_names, Take take);
  template <class Take>
  [[nodiscard]] Ended each_key(const Expression& expression, Take take);

  // Where resolve() stands, kept on the stack: a pointer is only made for a problem.
  struct Path {
    const Path* up = nullptr;
    std::string_view name = {};  // the root's pointer at the root
    std::size_t index = 0;
    bool is_item = false;

    [[nodiscard]] std::string pointer() const;
  };
  using Problems = std::vector<EvaluationProblem>;

  Node resolve_at(const Node& tree, const Path& path, Problems& problems);
  Node resolve_text(const Node& tree, const Path& path, Problems& problems);
  Node resolve_object(const Node& tree, const Path& path, Problems& problems);
  void resolve_copy(const Node& copy, const Path& path, Node& into, Problems& problems);
  Node loop(const Node& input, const std::string& name, std::int64_t turns, const Path& path,
            Problems& problems);

  // Pays for a value that a function made, and holds it to the bounds of values.
  [[nodiscard]] Evaluated paid(Value made, const Expression& expression);
  // Before a value is copied into another.
  [[nodiscard]] bool pay_copy(const Node& node) { return budget_.spend(extent_of(node).cost()); }
  [[nodiscard]] Value unresolved() const;
  [[nodiscard]] static std::unexpected<ExpressionError> wrong(const Expression& at,
                                                              std::string message);

  TemplateScope& scope_;
  ExpressionCache& cache_;
  Budget& budget_;
  const Node* where_ = nullptr;  // the string whose expression is being evaluated
  std::vector<std::pair<std::string, Value>> lambda_variables_;  // innermost last
  Loops loops_;
};

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_EVALUATE_H_

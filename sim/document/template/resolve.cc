// Whole trees of JSON: every expression in them replaced by its value, property copies expanded.

#include <fmt/format.h>

#include <optional>

#include "sim/base/text.h"
#include "sim/document/template/evaluate.h"

namespace nsp {
namespace {

// A node that stays costs more than a step of evaluation.
constexpr std::size_t kStepsPerNode = 8;

}  // namespace

std::string Evaluator::Path::pointer() const {
  if (up == nullptr) return std::string(name);
  const std::string outer = up->pointer();
  return is_item ? pointer_join(outer, index) : pointer_join(outer, name);
}

Node Evaluator::resolve(const Node& tree, const std::string& pointer,
                        std::vector<EvaluationProblem>& problems) {
  return resolve_at(tree, {.name = pointer}, problems);
}

Node Evaluator::resolve_at(const Node& tree, const Path& path, Problems& problems) {
  const DepthGuard guard(budget_);
  if (!guard.fits() || !budget_.spend(kStepsPerNode)) {
    problems.push_back(
        {&tree, path.pointer(), {std::string(guard.fits() ? kTooManySteps : kTooDeep), 0}});
    return Node::unresolved("[…]", tree);
  }
  if (tree.is_object()) return resolve_object(tree, path, problems);
  if (tree.is_string()) return resolve_text(tree, path, problems);
  if (!tree.is_array()) return tree;
  Node array = Node::array(tree);
  array.items.reserve(tree.items.size());
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    const Path inside{.up = &path, .index = i, .is_item = true};
    array.push(resolve_at(tree.items[i], inside, problems));
  }
  return array;
}

Node Evaluator::resolve_text(const Node& tree, const Path& path, Problems& problems) {
  if (!is_expression(tree.text)) return Node::string(literal_of(tree.text), tree);
  auto result = evaluate(tree);
  if (result && !budget_.spend(extent_of(**result).cost() * kStepsPerNode)) {
    result = std::unexpected(ExpressionError{std::string(kTooManySteps), 0});
  }
  if (!result) {
    problems.push_back({&tree, path.pointer(), std::move(result.error())});
    return Node::unresolved(tree.text, tree);
  }
  // A value from a parameter or a variable stands where it is used, for whoever reads the place.
  Node node = **result;
  node.file = tree.file;
  node.line = tree.line;
  node.column = tree.column;
  return node;
}

Node Evaluator::resolve_object(const Node& tree, const Path& path, Problems& problems) {
  Node object = Node::object(tree);
  object.members.reserve(tree.members.size());
  for (const Member& member : tree.members) {
    const Path inside{.up = &path, .name = member.name};
    if (iequals(member.name, "copy") && member.value.is_array()) {
      for (std::size_t i = 0; i < member.value.items.size(); ++i) {
        const Path one{.up = &inside, .index = i, .is_item = true};
        resolve_copy(member.value.items[i], one, object, problems);
      }
      continue;
    }
    object.members.push_back(
        {member.name, resolve_at(member.value, inside, problems), member.line, member.column});
  }
  return object;
}

std::expected<std::optional<std::int64_t>, EvaluationProblem> Evaluator::turns(
    const Node& copy, const std::string& pointer) {
  const Node* written = copy.find("count");
  const std::string at = pointer_join(pointer, "count");
  if (written == nullptr) {
    return std::unexpected(EvaluationProblem{&copy, pointer, {"the loop has no `count`", 0}});
  }
  Problems problems;
  const Node count = resolve(*written, at, problems);
  if (!problems.empty()) return std::unexpected(std::move(problems.front()));
  if (count.is_unresolved()) return std::nullopt;
  const auto found = integer_of(count);
  if (found && *found >= 0 && *found <= kMostTurns) return *found;
  return std::unexpected(EvaluationProblem{
      written,
      at,
      {fmt::format("expected a count of 0 to {}, found {}", kMostTurns, to_json(count)), 0}});
}

void Evaluator::resolve_copy(const Node& copy, const Path& path, Node& into, Problems& problems) {
  const Node* input = copy.find("input");
  const std::string name(copy.string_at("name"));
  if (input == nullptr || name.empty()) {
    problems.push_back(
        {&copy, path.pointer(), {"expected a loop with `name`, `count` and `input`", 0}});
    return;
  }
  const auto count = turns(copy, path.pointer());
  if (!count) problems.push_back(count.error());
  if (!count || !*count) {
    const Node* written = copy.find("count");
    into.add(name, Node::unresolved(written == nullptr ? "[…]" : written->text, copy));
    return;
  }
  into.add(name, loop(*input, name, **count, {.up = &path, .name = "input"}, problems));
}

Node Evaluator::loop(const Node& input, const std::string& name, std::int64_t turns,
                     const Path& path, Problems& problems) {
  Node array = Node::array(input);
  for (std::int64_t turn = 0; turn < turns && budget_.left > 0; ++turn) {
    enter_loop(name, turn);
    array.push(resolve_at(input, path, problems));
    leave_loop();
  }
  if (budget_.left == 0)
    problems.push_back({&input, path.pointer(), {std::string(kTooManySteps), 0}});
  return array;
}

Node Evaluator::resolve_loop(const Node& copy, const std::string& name, const std::string& pointer,
                             std::vector<EvaluationProblem>& problems) {
  const Node* input = copy.find("input");
  const auto count = turns(copy, pointer);
  if (!count) problems.push_back(count.error());
  if (input == nullptr) problems.push_back({&copy, pointer, {"the loop has no `input`", 0}});
  if (!count || !*count || input == nullptr) return Node::unresolved("[…]", copy);
  return loop(*input, name, **count, {.name = pointer}, problems);
}

}  // namespace nsp

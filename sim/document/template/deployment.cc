#include "sim/document/template/deployment.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

// The scope inside a function that a template defines: its parameters, and nothing of the template
// but its other functions.
class FunctionScope final : public TemplateScope {
 public:
  FunctionScope(TemplateScope& outside, const Node& declared, std::span<const Value> arguments)
      : outside_(outside), declared_(declared), arguments_(arguments) {}

  [[nodiscard]] Answer parameter(std::string_view name) override {
    for (std::size_t i = 0; i < arguments_.size() && i < declared_.items.size(); ++i) {
      if (iequals(declared_.items[i].string_at("name"), name)) return arguments_[i];
    }
    return std::unexpected(fmt::format("the function has no parameter `{}`", name));
  }
  [[nodiscard]] Answer variable(std::string_view) override {
    return std::unexpected(std::string("a function of a template has no variables"));
  }
  [[nodiscard]] Answer reference(std::span<const Value>) override {
    return std::unexpected(std::string("a function of a template refers to no resource"));
  }
  [[nodiscard]] std::string id_of_symbol(std::string_view) override { return {}; }
  [[nodiscard]] const DeploymentFacts& facts() const override { return outside_.facts(); }
  [[nodiscard]] Answer call_user_function(std::string_view name,
                                          std::span<const Value> arguments) override {
    return outside_.call_user_function(name, arguments);
  }

 private:
  TemplateScope& outside_;
  const Node& declared_;
  std::span<const Value> arguments_;
};

// `contoso.name` among `[{"namespace":"contoso","members":{"name":…}}]`.
const Node* find_user_function(const Node& root, std::string_view name) {
  const Node* functions = root.find("functions");
  if (functions == nullptr) return nullptr;
  const std::size_t point = name.rfind('.');
  for (const Node& space : functions->items) {
    const Node* members = space.find("members");
    if (members == nullptr || !iequals(space.string_at("namespace"), name.substr(0, point))) {
      continue;
    }
    if (const Node* found = members->find(name.substr(point + 1))) return found;
  }
  return nullptr;
}

// "no variable `adress`, did you mean `address`?"
std::string nothing_named(std::string_view what, std::string_view name, const Node* among) {
  std::vector<std::string_view> names;
  if (among != nullptr) {
    for (const Member& member : among->members) names.emplace_back(member.name);
  }
  const std::string near(nearest_word(name, names));
  return near.empty() ? fmt::format("no {} `{}`", what, name)
                      : fmt::format("no {} `{}`, did you mean `{}`?", what, name, near);
}

}  // namespace

void Expansion::say(Severity severity, const Node& at, std::string pointer, std::string message,
                    std::string excerpt) {
  // What is spent is spent for every place that comes after.
  const bool everywhere = message == kTooManySteps;
  if (!said.emplace(everywhere ? nullptr : &at, message).second) return;
  has_errors |= severity == Severity::Error;
  set.diagnostics.push_back(
      {severity, at.place(std::move(pointer)), std::move(message), std::move(excerpt)});
}

void Expansion::report(const EvaluationProblem& problem, Severity severity) {
  std::string excerpt;
  if (problem.at->is_string()) excerpt = caret_excerpt(problem.at->text, problem.error.offset);
  say(severity, *problem.at, problem.pointer, problem.error.message, std::move(excerpt));
}

void Expansion::report(const std::vector<EvaluationProblem>& problems, Severity severity) {
  for (const EvaluationProblem& problem : problems) report(problem, severity);
}

Deployment::Deployment(Expansion& expansion, Origin origin)
    : expansion_(expansion), origin_(std::move(origin)), target_(origin_.target) {
  // With outer scope, `resourceGroup()` and its kin are those of the outer deployment; scope() is
  // asked for them. Its own resources go to its own target all the same.
  read_resources();
}

template <class Make>
Answer Deployment::kept(Slots& slots, std::string_view what, std::string_view name, Make make) {
  // References into the map stay when it grows.
  Slot& slot = slots[lower(name)];
  if (slot.value != nullptr) return slot.value;
  if (slot.in_the_making) return std::unexpected(fmt::format("{} `{}` needs itself", what, name));
  slot.in_the_making = true;
  slot.value = make();
  slot.in_the_making = false;
  return slot.value;
}

Value Deployment::checked(Node node) {
  if (extent_of(node).depth > kMaxDepth) {
    expansion_.say(Severity::Error, node, {}, "the value nests too deep");
    return share(Node::unresolved("[…]", node));
  }
  return share(std::move(node));
}

Answer Deployment::parameter(std::string_view name) {
  const Node* all = origin_.root.find("parameters");
  const Node* declared = all == nullptr ? nullptr : all->find(name);
  if (declared == nullptr) return std::unexpected(nothing_named("parameter", name, all));
  return kept(parameters_, "parameter", name, [&] { return bind(std::string(name), *declared); });
}

Value Deployment::make_variable(const Node& written, const std::string& pointer) {
  std::vector<EvaluationProblem> problems;
  Node value = evaluator().resolve(written, pointer, problems);
  expansion_.report(problems);
  return checked(std::move(value));
}

Value Deployment::make_loop_variable(const Node& copy, const std::string& pointer) {
  std::vector<EvaluationProblem> problems;
  Node value =
      evaluator().resolve_loop(copy, std::string(copy.string_at("name")), pointer, problems);
  expansion_.report(problems);
  return checked(std::move(value));
}

// `{"name":value,"copy":[{"name":"many","count":…,"input":…}]}`.
Answer Deployment::variable(std::string_view name) {
  const Node* all = origin_.root.find("variables");
  const std::string inside = at("variables");
  const Node* loops = all == nullptr ? nullptr : all->find("copy");
  const std::size_t count = loops == nullptr ? 0 : loops->items.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Node& copy = loops->items[i];
    if (!iequals(copy.string_at("name"), name)) continue;
    return kept(variables_, "variable", name, [&] {
      return make_loop_variable(copy, pointer_join(pointer_join(inside, "copy"), i));
    });
  }
  const Node* written = all == nullptr ? nullptr : all->find(name);
  if (written == nullptr) return std::unexpected(nothing_named("variable", name, all));
  return kept(variables_, "variable", name,
              [&] { return make_variable(*written, pointer_join(inside, name)); });
}

Answer Deployment::call_user_function(std::string_view name, std::span<const Value> arguments) {
  const Node* function = find_user_function(origin_.root, name);
  const Node* body = function == nullptr ? nullptr : function->at({"output", "value"});
  if (body == nullptr) return std::unexpected(fmt::format("unknown function `{}`", name));
  const Node* declared = function->find("parameters");
  const Node none;
  const Node& parameters = declared == nullptr ? none : *declared;
  if (parameters.items.size() != arguments.size()) {
    return std::unexpected(fmt::format("`{}` takes {} argument{}, found {}", name,
                                       parameters.items.size(),
                                       parameters.items.size() == 1 ? "" : "s", arguments.size()));
  }
  FunctionScope inside(*this, parameters, arguments);
  std::vector<EvaluationProblem> problems;
  Node value = Evaluator(inside, expansion_.work).resolve(*body, {}, problems);
  if (problems.empty()) return share(std::move(value));
  // Of functions inside each other the innermost is named.
  const std::string& message = problems.front().error.message;
  if (message.starts_with("in `")) return std::unexpected(message);
  return std::unexpected(fmt::format("in `{}`: {}", name, message));
}

}  // namespace nsp

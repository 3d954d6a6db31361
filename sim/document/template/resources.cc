// The resources of a deployment, one document each.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/base/text.h"
#include "sim/document/readers.h"
#include "sim/document/template/deployment.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

// Members of a resource that only say how it is deployed.
constexpr std::array<std::string_view, 7> kNotOfTheBody{
    "resources", "copy", "condition", "dependsOn", "existing", "scope", "comments"};

bool is_of_the_body(const Member& member) {
  return std::ranges::none_of(kNotOfTheBody,
                              [&](std::string_view name) { return iequals(name, member.name); });
}

bool is_true(const Node* node) { return node != nullptr && node->boolean; }

void set_text(Node& body, std::string_view name, std::string text, const Node& where) {
  if (Node* old = body.find(name)) {
    *old = Node::string(std::move(text), *old);
  } else {
    body.add(std::string(name), Node::string(std::move(text), where));
  }
}

// The resource is a role assignment, or a deployment with one inside. Recursion is bounded by
// kMaxDepth.
bool assigns_roles(const Node& node) {
  return (node.is_string() && iequals(node.text, types::kRoleAssignment)) ||
         std::ranges::any_of(node.items, assigns_roles) ||
         std::ranges::any_of(node.members,
                             [](const Member& member) { return assigns_roles(member.value); });
}

}  // namespace

// The name of a role assignment says nothing; where only a deployment knows it, it gets one.
std::string Deployment::made_name(const Written& written, const Node& because) const {
  const std::string file = written.node.file ? *written.node.file : std::string();
  return to_string(Guid::from_text(fmt::format("{} {} {} {}", file, written.pointer, because.text,
                                               expansion_.set.resources.size())));
}

void Deployment::read_resources() {
  const Node* resources = origin_.root.find("resources");
  if (resources == nullptr || resources->is_null()) return;
  const std::string inside = at("resources");
  if (!resources->is_array() && !resources->is_object()) {
    return expansion_.say(Severity::Error, *resources, inside,
                          fmt::format("expected an array or object of resources, found {}",
                                      kind_name(resources->kind)));
  }
  for (std::size_t i = 0; i < resources->items.size(); ++i) {
    resources_.push_back({resources->items[i], pointer_join(inside, i), {}});
  }
  for (const Member& member : resources->members) {
    resources_.push_back({member.value, pointer_join(inside, member.name), member.name});
  }
}

void Deployment::expand() {
  Evaluator top = evaluator();
  for (const Written& written : resources_) expand_written(written, nullptr, top);
}

Node Deployment::resolved(const Written& written, std::string_view member, Evaluator& evaluator) {
  const Node* node = written.node.find(member);
  if (node == nullptr) return null_node(written.node);
  std::vector<EvaluationProblem> problems;
  Node value = evaluator.resolve(*node, pointer_join(written.pointer, member), problems);
  expansion_.report(problems);
  return value;
}

// A role assignment of which nothing is known: nobody can say then that somebody has no role.
void Deployment::add_open_role(const Written& written, const Node& because) {
  const auto position = position_of(types::kRoleAssignment, made_name(written, because),
                                    nsp::base_of(target_), nullptr);
  const auto id = position ? position->id() : std::nullopt;
  if (!id) return;
  Node body = Node::object(written.node);
  body.add("id", Node::string(id->text(), written.node));
  Node& properties = body.add("properties", Node::object(written.node));
  for (const std::string_view member : {"principalId", "roleDefinitionId", "scope"}) {
    properties.add(std::string(member), because);
  }
  expansion_.set.resources.push_back({*id, std::string(types::kRoleAssignment),
                                      std::string(id->name()), std::move(body), written.pointer});
}

void Deployment::leave_out(const Written& written, const Node& because, std::string pointer) {
  left_out();
  const std::string_view type = written.node.string_at("type");
  const bool matters = types::matters(type) || iequals(type, types::kDiagnosticSetting) ||
                       iequals(type, types::kDeployment);
  if (assigns_roles(written.node)) add_open_role(written, because);
  if (!matters || expansion_.has_errors) return;
  expansion_.say(
      Severity::Warning, because, std::move(pointer),
      fmt::format("`{}` is known only to a deployment: the resource is left out", because.text));
}

bool Deployment::is_wanted(const Written& written, Evaluator& evaluator) {
  if (written.node.find("condition") == nullptr) return true;
  const Node condition = resolved(written, "condition", evaluator);
  if (condition.is(Node::Kind::Bool)) return condition.boolean;
  if (condition.is_unresolved())
    return leave_out(written, condition, pointer_join(written.pointer, "condition")), false;
  if (iequals(condition.text, "true") || iequals(condition.text, "false")) {
    return iequals(condition.text, "true");
  }
  expansion_.say(Severity::Error, condition, pointer_join(written.pointer, "condition"),
                 fmt::format("expected a boolean, found {}", kind_name(condition.kind)));
  return false;
}

std::optional<std::int64_t> Deployment::turns_of(const Written& written, Evaluator& evaluator) {
  const Node& copy = *written.node.find("copy");
  const auto turns = evaluator.turns(copy, pointer_join(written.pointer, "copy"));
  if (turns && *turns) return *turns;
  if (!turns) return expansion_.report(turns.error(), Severity::Error), std::nullopt;
  leave_out(written, *copy.find("count"), pointer_join(written.pointer, "copy") + "/count");
  return std::nullopt;
}

void Deployment::expand_written(const Written& written, const Position* parent,
                                Evaluator& evaluator) {
  if (!written.node.is_object()) {
    return expansion_.say(
        Severity::Error, written.node, written.pointer,
        fmt::format("expected a resource object, found {}", kind_name(written.node.kind)));
  }
  if (is_true(written.node.find("existing"))) return;
  const Node* copy = written.node.find("copy");
  if (copy == nullptr) return expand_one(written, parent, evaluator);
  const auto turns = turns_of(written, evaluator);
  const std::string name(copy->string_at("name"));
  for (std::int64_t turn = 0; turns && turn < *turns; ++turn) {
    if (expansion_.work.budget.left == 0) {
      return expansion_.say(Severity::Error, written.node, written.pointer,
                            std::string(kTooManySteps));
    }
    evaluator.enter_loop(name, turn);
    expand_one(written, parent, evaluator);
    evaluator.leave_loop();
  }
}

void Deployment::expand_one(const Written& written, const Position* parent, Evaluator& evaluator) {
  const std::string_view type = written.node.string_at("type");
  if (type.empty()) {
    ++expansion_.set.ignored["resource without a type"];
    return expansion_.say(Severity::Warning, written.node, written.pointer,
                          "a resource without a `type` is ignored");
  }
  if (iequals(type, types::kDeployment)) return expand_deployment(written, evaluator);
  if (!is_wanted(written, evaluator)) return;
  if (iequals(type, "Microsoft.Resources/resourceGroups")) {
    ++expansion_.set.ignored["resource group"];
    return;
  }
  const auto position = place_of(written, parent, evaluator);
  if (!position) return;
  add_resource(written, *position, evaluator);
  expand_children(written, *position, evaluator);
}

void Deployment::expand_deployment(const Written& written, Evaluator& evaluator) {
  Nested& inner = nested(written, evaluator);
  if (inner.state == Nested::State::Ready) inner.deployment->expand();
}

void Deployment::expand_children(const Written& written, const Position& position,
                                 Evaluator& evaluator) {
  const Node* children = written.node.find("resources");
  if (children == nullptr) return;
  const std::string inside = pointer_join(written.pointer, "resources");
  for (std::size_t i = 0; i < children->items.size(); ++i) {
    expand_written({children->items[i], pointer_join(inside, i), {}}, &position, evaluator);
  }
  for (const Member& member : children->members) {
    expand_written({member.value, pointer_join(inside, member.name), member.name}, &position,
                   evaluator);
  }
}

std::optional<std::string> Deployment::base_of(const Written& written, Evaluator& evaluator) {
  const Node scope = resolved(written, "scope", evaluator);
  if (scope.is_unresolved())
    return leave_out(written, scope, pointer_join(written.pointer, "scope")), std::nullopt;
  if (scope.is_string()) return scope_id(scope.text, target_);
  // An existing resource elsewhere.
  DeploymentFacts target = target_;
  const Node subscription = resolved(written, "subscriptionId", evaluator);
  const Node group = resolved(written, "resourceGroup", evaluator);
  if (subscription.is_string()) target.subscription = subscription.text;
  if (group.is_string()) target.resource_group = group.text;
  return nsp::base_of(target);
}

void Deployment::misfit(const Written& written, std::string_view name) {
  const std::string_view type = written.node.string_at("type");
  if (!types::matters(type)) {
    ++expansion_.set.ignored[std::string(type)];
    return;
  }
  expansion_.say(Severity::Error, written.node, written.pointer,
                 fmt::format("name `{}` does not fit type `{}`, expected one name for each "
                             "segment of the type",
                             name, type));
}

std::optional<Position> Deployment::place_of(const Written& written, const Position* parent,
                                             Evaluator& evaluator) {
  const Node name = resolved(written, "name", evaluator);
  const std::string_view type = written.node.string_at("type");
  const bool any_name = iequals(type, types::kRoleAssignment);
  if (name.is_unresolved() && !any_name)
    return leave_out(written, name, pointer_join(written.pointer, "name")), std::nullopt;
  const auto base = base_of(written, evaluator);
  if (!base) return std::nullopt;
  const std::string text = name.is_unresolved() ? made_name(written, name) : text_of(name);
  auto position = position_of(type, text, *base, parent);
  if (position && position->id()) return position;
  return misfit(written, text), std::nullopt;
}

// A mistake in a resource that no verdict needs is no reason to refuse the rest.
void Deployment::add_resource(const Written& written, const Position& position,
                              Evaluator& evaluator) {
  const ResourceId id = *position.id();
  const std::string_view known = types::canonical(id.type());
  std::vector<EvaluationProblem> problems;
  Node body = Node::object(written.node);
  body.members.reserve(written.node.members.size() + 1);
  for (const Member& member : written.node.members) {
    if (!is_of_the_body(member)) continue;
    const std::string inside = pointer_join(written.pointer, member.name);
    body.members.push_back({member.name, evaluator.resolve(member.value, inside, problems),
                            member.line, member.column});
  }
  expansion_.report(problems, types::matters(known) ? Severity::Error : Severity::Warning);
  std::string type(known.empty() ? std::string_view(id.type()) : known);
  set_text(body, "id", id.text(), written.node);
  set_text(body, "name", std::string(id.name()), written.node);
  set_text(body, "type", type, written.node);
  expansion_.set.resources.push_back(
      {id, std::move(type), std::string(id.name()), std::move(body), written.pointer});
}

std::string Deployment::id_of_symbol(std::string_view symbol) {
  const std::string_view name = symbol.substr(0, symbol.find('['));
  const auto found = std::ranges::find_if(
      resources_, [&](const Written& written) { return iequals(written.symbol, name); });
  if (found == resources_.end()) return {};
  Evaluator fresh = evaluator();
  if (const Node* copy = found->node.find("copy")) {
    std::int64_t turn = 0;
    if (name.size() < symbol.size()) {
      std::from_chars(symbol.data() + name.size() + 1, symbol.data() + symbol.size(), turn);
    }
    fresh.enter_loop(std::string(copy->string_at("name")), turn);
  }
  const auto position = place_of(*found, nullptr, fresh);
  const auto id = position ? position->id() : std::nullopt;
  return id ? id->text() : std::string();
}

}  // namespace nsp

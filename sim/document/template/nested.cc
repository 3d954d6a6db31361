// Nested deployments: where they go, what they are given, and what the others see of them.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/document/template/deployment.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

bool is_deployment(const Node& resource) {
  return iequals(resource.string_at("type"), types::kDeployment);
}

void apply_scope(DeploymentFacts& target, std::string_view scope) {
  constexpr std::string_view kGroup = "Microsoft.Management/managementGroups/";
  if (scope == "/") target.level = DeploymentFacts::Level::Tenant;
  if (const std::size_t at = scope.find(kGroup); at != std::string_view::npos) {
    target.level = DeploymentFacts::Level::ManagementGroup;
    target.management_group = scope.substr(at + kGroup.size());
  }
}

// The turn of the loop that a resource is in.
std::int64_t turn_of(const Evaluator& evaluator) {
  return evaluator.loops().empty() ? 0 : evaluator.loops().back().second;
}

// What a deployment tells only when it has run.
Node not_known(std::string_view member, const Node& where) {
  return Node::unresolved(fmt::format("[deployment().{}]", member), where);
}

// What `reference('deployment')` gives.
Node seen_from_outside(const Node& outputs, const Node& where) {
  Node seen = Node::object(where);
  seen.add("outputs", outputs);
  for (const std::string_view member :
       {"provisioningState", "correlationId", "timestamp", "duration", "mode", "outputResources",
        "parameters", "templateHash", "templateLink", "dependencies", "providers"}) {
    seen.add(std::string(member), not_known(member, where));
  }
  return seen;
}

}  // namespace

Deployment::Nested& Deployment::nested(const Written& written, Evaluator& evaluator) {
  Nested& one = nested_[{&written.node, turn_of(evaluator)}];
  if (one.state != Nested::State::Fresh) return one;
  one.state = Nested::State::Making;
  make(one, written, evaluator);
  one.state = one.deployment ? Nested::State::Ready : Nested::State::LeftOut;
  return one;
}

void Deployment::make(Nested& nested, const Written& written, Evaluator& evaluator) {
  if (!is_wanted(written, evaluator)) return;
  const Node* inner = written.node.at({"properties", "template"});
  if (inner == nullptr || !inner->is_object()) {
    ++expansion_.set.ignored["linked template"];
    return expansion_.say(Severity::Warning, written.node, written.pointer,
                          "the deployment's template is linked, not inside: build it into one "
                          "file, or read the linked one beside it");
  }
  auto target = target_of(written, evaluator);
  if (!target) return;
  const Node* options = written.node.at({"properties", "expressionEvaluationOptions"});
  const bool is_inner = options != nullptr && iequals(options->string_at("scope"), "inner");
  Origin origin{.root = *inner,
                .pointer = written.pointer + "/properties/template",
                .target = *std::move(target),
                .parameters = {},
                .outer = is_inner ? nullptr : this,
                .loops = {},
                .is_nested = true};
  if (is_inner) {
    origin.parameters = parameters_of(written, evaluator);
  } else {
    origin.loops = evaluator.loops();
  }
  nested.deployment = std::make_unique<Deployment>(expansion_, std::move(origin));
}

std::optional<DeploymentFacts> Deployment::target_of(const Written& written, Evaluator& evaluator) {
  using Level = DeploymentFacts::Level;
  DeploymentFacts target = target_;
  Node found[4];
  constexpr std::array<std::string_view, 4> kMembers{"name", "subscriptionId", "resourceGroup",
                                                     "scope"};
  for (std::size_t i = 0; i < kMembers.size(); ++i) {
    found[i] = resolved(written, kMembers[i], evaluator);
    // A deployment's own name is seen by nobody who would act on it.
    if (!found[i].is_unresolved() || i == 0) continue;
    return leave_out(written, found[i], pointer_join(written.pointer, kMembers[i])), std::nullopt;
  }
  if (found[0].is_string()) target.name = found[0].text;
  const auto level = template_level(*written.node.at({"properties", "template"}));
  if (level && *level != Level::Group) target.level = *level;
  if (found[1].is_string()) {
    target.subscription = found[1].text;
    target.stand_in_subscription = false;
    target.level = Level::Subscription;
  }
  if (found[2].is_string()) {
    target.resource_group = found[2].text;
    target.stand_in_resource_group = false;
    target.level = Level::Group;
  }
  if (found[3].is_string()) apply_scope(target, found[3].text);
  return target;
}

std::vector<GivenParameter> Deployment::parameters_of(const Written& written,
                                                      Evaluator& evaluator) {
  std::vector<GivenParameter> given;
  const Node* entries = written.node.at({"properties", "parameters"});
  if (entries == nullptr) return given;
  std::vector<EvaluationProblem> problems;
  Node all = evaluator.resolve(*entries, written.pointer + "/properties/parameters", problems);
  expansion_.report(problems);
  for (Member& entry : all.members) {
    Node* value = entry.value.find("value");
    Node unknown = Node::unresolved(fmt::format("[parameters('{}')]", entry.name), entry.value);
    given.push_back({entry.name, value == nullptr ? std::move(unknown) : std::move(*value), false});
  }
  return given;
}

void Deployment::index_deployment(const Written& written, Evaluator& evaluator, std::int64_t turn) {
  const std::pair<const Written*, std::int64_t> which{&written, turn};
  const Node* name = written.node.find("name");
  std::vector<EvaluationProblem> unsaid;  // said when the deployment is made
  const Node known = name == nullptr ? Node() : evaluator.resolve(*name, {}, unsaid);
  const bool in_loop = written.node.find("copy") != nullptr;
  if (!written.symbol.empty()) {
    deployments_[lower(in_loop ? fmt::format("{}[{}]", written.symbol, turn) : written.symbol)] =
        which;
  }
  if (!known.is_string()) return;
  deployments_.emplace(lower(known.text), which);
  for (const std::string_view member : {"subscriptionId", "resourceGroup", "scope"}) {
    if (written.node.find(member) == nullptr) continue;
    // It stands elsewhere; there it has an id that says so.
    DeploymentFacts target = target_;
    const auto text = [&](std::string_view of) {
      const Node* node = written.node.find(of);
      return node == nullptr ? Node() : evaluator.resolve(*node, {}, unsaid);
    };
    const Node subscription = text("subscriptionId");
    const Node group = text("resourceGroup");
    if (subscription.is_string()) target.subscription = subscription.text;
    if (subscription.is_string()) target.level = DeploymentFacts::Level::Subscription;
    if (group.is_string()) target.resource_group = group.text;
    if (group.is_string()) target.level = DeploymentFacts::Level::Group;
    const auto elsewhere =
        position_of(types::kDeployment, known.text, nsp::base_of(target), nullptr);
    if (elsewhere && elsewhere->id()) deployments_[elsewhere->id()->key()] = which;
    return;
  }
  const auto here = position_of(types::kDeployment, known.text, nsp::base_of(target_), nullptr);
  if (here && here->id()) deployments_[here->id()->key()] = which;
}

void Deployment::index_deployments() {
  indexed_ = Indexed::Now;
  for (const Written& written : resources_) {
    if (!written.node.is_object() || !is_deployment(written.node)) continue;
    Evaluator fresh = evaluator();
    const Node* copy = written.node.find("copy");
    const auto turns = copy == nullptr ? std::optional<std::int64_t>(1)
                                       : fresh.turns(*copy, {}).value_or(std::nullopt);
    for (std::int64_t turn = 0; turns && turn < *turns; ++turn) {
      if (copy != nullptr) fresh.enter_loop(std::string(copy->string_at("name")), turn);
      index_deployment(written, fresh, turn);
      if (copy != nullptr) fresh.leave_loop();
    }
  }
  indexed_ = Indexed::Done;
}

Answer Deployment::reference(std::span<const Value> arguments) {
  if (!arguments[0]->is_string()) return Value();
  if (indexed_ == Indexed::Not) index_deployments();
  const auto found = deployments_.find(lower(arguments[0]->text));
  if (found == deployments_.end()) return Value();
  const auto& [written, turn] = found->second;
  Evaluator fresh = evaluator();
  if (const Node* copy = written->node.find("copy")) {
    fresh.enter_loop(std::string(copy->string_at("name")), turn);
  }
  Nested& one = nested(*written, fresh);
  if (one.state == Nested::State::Making) {
    return std::unexpected(
        fmt::format("deployment `{}` needs its own outputs", arguments[0]->text));
  }
  if (one.state == Nested::State::LeftOut) return Value();
  if (one.seen == nullptr) {
    auto outputs = one.deployment->outputs();
    if (!outputs) return outputs;
    one.seen = share(seen_from_outside(**outputs, written->node));
  }
  if (arguments.size() < 3 || !iequals(arguments[2]->text, "Full")) return one.seen;
  Node whole = Node::object(written->node);
  whole.add("properties", *one.seen);
  return share(std::move(whole));
}

Answer Deployment::outputs() {
  if (outputs_.value != nullptr) return outputs_.value;
  if (outputs_.in_the_making) {
    return std::unexpected(fmt::format("deployment `{}` needs its own outputs", target_.name));
  }
  outputs_.in_the_making = true;
  outputs_.value = checked(make_outputs());
  outputs_.in_the_making = false;
  return outputs_.value;
}

Node Deployment::make_outputs() {
  const Node* written = origin_.root.find("outputs");
  Node all = Node::object(written == nullptr ? origin_.root : *written);
  if (written == nullptr) return all;
  for (const Member& output : written->members) {
    const std::string pointer = pointer_join(at("outputs"), output.name);
    const Written one{output.value, pointer, {}};
    Evaluator fresh = evaluator();
    if (!is_wanted(one, fresh)) continue;
    all.add(output.name, make_output(output.value, pointer));
  }
  return all;
}

Node Deployment::make_output(const Node& output, const std::string& pointer) {
  std::vector<EvaluationProblem> problems;
  Node made = Node::object(output);
  made.add("type", string_node(std::string(output.string_at("type")), output));
  const Node* value = output.find("value");
  const Node* copy = output.find("copy");
  if (copy != nullptr) {
    made.add("value", evaluator().resolve_loop(*copy, {}, pointer_join(pointer, "copy"), problems));
  } else if (value != nullptr) {
    made.add("value", evaluator().resolve(*value, pointer_join(pointer, "value"), problems));
  }
  expansion_.report(problems);
  return made;
}

}  // namespace nsp

// A template to the resources that it deploys: see deployment.h.

#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/document/readers.h"
#include "sim/document/template/deployment.h"

namespace nsp {
namespace {

void keep_parameter_names(DocumentSet& set, const Node& root) {
  const Node* parameters = root.find("parameters");
  if (parameters == nullptr) return;
  for (const Member& member : parameters->members) set.parameters.insert(lower(member.name));
}

// Ids and names that are made from the subscription or the group are not Azure's where these are
// not.
std::string stand_ins(const DeploymentFacts& facts) {
  const std::string subscription = fmt::format("subscription `{}`", facts.subscription);
  const std::string group = fmt::format("resource group `{}`", facts.resource_group);
  if (facts.stand_in_subscription && facts.stand_in_resource_group) {
    return fmt::format(
        "ids are made with stand-ins, {} and {}: `--subscription` and "
        "`--resource-group` set them",
        subscription, group);
  }
  if (facts.stand_in_subscription) {
    return fmt::format("ids are made with a stand-in, {}: `--subscription` sets it", subscription);
  }
  if (facts.stand_in_resource_group) {
    return fmt::format("ids are made with a stand-in, {}: `--resource-group` sets it", group);
  }
  return {};
}

void say_stand_ins(DocumentSet& set, const Node& root, const std::string& pointer,
                   const DeploymentFacts& facts) {
  std::string note = stand_ins(facts);
  if (note.empty() || note == set.stand_ins) return;
  set.diagnostics.push_back({Severity::Note, root.place(pointer), note});
  set.stand_ins = std::move(note);
}

}  // namespace

void read_template(DocumentSet& set, const Node& root, const std::string& pointer,
                   const ReadOptions& options) {
  keep_parameter_names(set, root);
  Expansion expansion{.set = set, .work = {}, .said = {}};
  const std::size_t before = set.resources.size();
  DeploymentFacts target = options.facts;
  target.level = template_level(root).value_or(target.level);
  Deployment deployment(expansion, {.root = root,
                                    .pointer = pointer,
                                    .target = std::move(target),
                                    .parameters = options.parameters,
                                    .outer = nullptr,
                                    .loops = {},
                                    .is_nested = false});
  deployment.expand();
  if (set.resources.size() > before) say_stand_ins(set, root, pointer, options.facts);
}

}  // namespace nsp

#include "sim/analysis/verdict_diff.h"

#include <iterator>

#include "sim/analysis/diff_parts.h"

namespace nsp {
namespace {

void move_to(std::vector<VerdictChange>& all, std::vector<VerdictChange> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<VerdictChange> destination_changes(Judge& judge, CallerGroups& groups,
                                               const ResourceClass& destination) {
  std::vector<OutsideAnswers> answers;
  std::vector<VerdictChange> changes;
  if (destination.changed) {
    answers.push_back(ask_outside(judge, destination, Protocol::Https));
    if (tells_protocols_apart(judge.world(), destination)) {
      answers.push_back(ask_outside(judge, destination, kAskedProtocols[1]));
    }
    changes = outside_changes(judge, destination, answers);
  }
  move_to(changes, resource_changes(judge, groups, destination, answers));
  for (VerdictChange& change : changes) change.to = judge.world().names(destination.members);
  return changes;
}

}  // namespace

VerdictDiff diff_verdicts(const VerdictQuestion& question) {
  const DiffWorld world = make_world(question);
  Judge judge(world);
  CallerGroups groups(judge);
  VerdictDiff diff;
  for (const ResourceClass& destination : world.destinations) {
    move_to(diff.changes, destination_changes(judge, groups, destination));
  }
  move_to(diff.changes, path_changes(judge));
  move_to(diff.changes, host_name_changes(judge));
  for (const Counterpart& resource : world.resources) {
    if (resource.at[1] == kNone) diff.only_base.push_back(resource.name);
    if (resource.at[0] == kNone) diff.only_candidate.push_back(resource.name);
  }
  diff.resources = world.resources.size();
  diff.caller_classes = world.callers.size();
  diff.destination_classes = world.destinations.size();
  diff.evaluations = judge.evaluations();
  return diff;
}

}  // namespace nsp

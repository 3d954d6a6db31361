// Private endpoints and the callers of the table.
#include "sim/access_log/line_protocol_callers.h"
#include "sim/analysis/diff_parts.h"

namespace nsp {
namespace {

std::vector<std::string> words_of(const Resource& resource, const std::vector<std::size_t>& hosts) {
  std::vector<std::string> words;
  for (const std::size_t host : hosts) words.push_back(host_word(resource, host));
  return words;
}

}  // namespace

std::vector<VerdictChange> private_changes(Judge& judge, const ResourceClass& destination) {
  std::vector<VerdictChange> changes;
  const DiffWorld& world = judge.world();
  if (!world.resources[destination.first()].in_both()) return changes;
  Attempt attempt;
  attempt.outside = true;
  attempt.from = "someone";
  attempt.credential = Credential::Anonymous;
  attempt.via = Via::PrivateEndpoint;
  for (const auto& hosts : destination.host_groups) {
    const auto host = hosts.empty() ? std::nullopt : std::optional(hosts.front());
    const AttemptPair attempts = judge.in_names(attempt, kNone, destination.first(), host);
    const Cell cell = judge.judge(judge.bind(attempts));
    if (!judge.is_change(cell)) continue;
    VerdictChange change = judge.change(Asked::PrivateEndpoint, cell, attempts);
    if (destination.host_groups.size() > 1) {
      change.host_names = words_of(world.any(destination.first()), hosts);
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<VerdictChange> caller_changes(Judge& judge, const ResourceClass& destination) {
  std::vector<VerdictChange> changes;
  for (const Caller& caller : judge.world().question.callers) {
    const AttemptPair attempts = judge.in_names(attempt_of(caller), kNone, destination.first());
    const Cell cell = judge.judge(judge.bind(attempts));
    if (!judge.is_change(cell)) continue;
    VerdictChange change = judge.change(Asked::Caller, cell, attempts);
    change.values = {caller.name};
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace nsp

#include "sim/analysis/diff_callers.h"

#include <algorithm>

namespace nsp {

CallerGroups::CallerGroups(Judge& judge) : judge_(judge), cache_(judge.world().callers.size()) {}

std::vector<ResourceClass> CallerGroups::at(const ResourceClass& destination) {
  const std::vector<ResourceClass>& all = judge_.world().callers;
  // Reasons tell more apart than verdicts.
  const bool apart = judge_.world().question.reasons;
  std::map<std::pair<Index, Index>, std::size_t> known;
  std::vector<ResourceClass> groups;
  for (std::size_t c = 0; c < all.size(); ++c) {
    if (!all[c].changed && !destination.changed) continue;
    const Index number = apart ? static_cast<Index>(c) : leaving(c, destination);
    if (number == kNone) continue;
    const auto [at, fresh] = known.try_emplace({all[c].seen, number}, groups.size());
    if (fresh) groups.emplace_back();
    auto& members = groups[at->second].members;
    members.insert(members.end(), all[c].members.begin(), all[c].members.end());
  }
  return groups;
}

Index CallerGroups::leaving(std::size_t callers, const ResourceClass& destination) {
  const auto cached = cache_[callers].find(destination.seen);
  if (cached != cache_[callers].end()) return cached->second;
  Index from = kNone;
  Index to = kNone;
  if (!choose_pair(judge_.world().callers[callers], destination, from, to)) return kNone;
  const auto next = static_cast<Index>(known_.size());
  const Index number = known_.try_emplace(ask(from, to), next).first->second;
  cache_[callers][destination.seen] = number;
  return number;
}

CallerGroups::Leaving CallerGroups::ask(Index from, Index to) {
  const DiffWorld& world = judge_.world();
  const std::size_t hosts = std::max<std::size_t>(1, world.any(to).host_names.size());
  const bool by_link = std::ranges::any_of(kSides, [&](std::size_t side) {
    const Resource* caller = world.resource(side, from);
    return caller != nullptr && !caller->shared_private_links.empty();
  });
  Leaving all;
  for (std::size_t host = 0; host < hosts; ++host) {
    ask_by(Via::Auto, from, to, host, all);
    if (by_link) ask_by(Via::Public, from, to, host, all);
  }
  return all;
}

void CallerGroups::ask_by(Via via, Index from, Index to, std::size_t host, Leaving& all) {
  Attempt attempt;
  attempt.via = via;
  const BoundPair own = judge_.bind(judge_.in_names(attempt, from, to, host));
  all.push_back(judge_.judge(own).leaving());
  for (std::size_t c = 0; c < Vocabulary<Credential>::words.size(); ++c) {
    BoundPair bound = own;
    for (const std::size_t side : kSides) {
      const Resource* caller = judge_.world().resource(side, from);
      if (caller != nullptr) set_credential(*caller, static_cast<Credential>(c), bound[side]);
    }
    all.push_back(judge_.judge(bound).leaving());
  }
}

bool choose_pair(const ResourceClass& callers, const ResourceClass& destination, Index& from,
                 Index& to) {
  from = callers.first();
  to = destination.first();
  if (from != to) return true;
  if (destination.members.size() > 1) {
    to = destination.members[1];
  } else if (callers.members.size() > 1) {
    from = callers.members[1];
  }
  return from != to;
}

void set_credential(const Resource& caller, Credential credential,
                    std::optional<BoundAttempt>& bound) {
  if (!bound) return;
  if (credential == Credential::ManagedIdentity && caller.identity == false) {
    bound.reset();
    return;
  }
  bound->credential = credential;
  bound->identity_unknown = false;
}

}  // namespace nsp

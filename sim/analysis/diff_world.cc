#include "sim/analysis/diff_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "sim/base/text.h"

namespace nsp {
namespace {

// The only one of its type and name among those that are not paired yet.
using ByName = std::unordered_map<std::string, Lookup>;

std::string type_and_name(const Resource& resource) {
  return fmt::format("{} {}", lower(resource.arm_type), lower(resource.name));
}

ByName index_unpaired(const Environment& env, const std::vector<bool>& paired) {
  ByName names;
  for (Index i = 0; i < env.resources.size(); ++i) {
    if (paired[i]) continue;
    const auto [at, fresh] = names.try_emplace(type_and_name(env.resources[i]), Lookup{i, false});
    if (!fresh) at->second.ambiguous = true;
  }
  return names;
}

class Pairing {
 public:
  Pairing(const Environment& base, const Environment& candidate)
      : base_(base),
        candidate_(candidate),
        of_base_(base.resources.size(), kNone),
        paired_(candidate.resources.size(), false) {}

  std::vector<Counterpart> run() {
    by_id();
    by_name();
    std::vector<Counterpart> all;
    const std::vector<std::string> base_names = display_names(base_);
    const std::vector<std::string> names = display_names(candidate_);
    for (Index i = 0; i < of_base_.size(); ++i) {
      const Index other = of_base_[i];
      all.push_back({{i, other}, other == kNone ? base_names[i] : names[other]});
    }
    for (Index i = 0; i < paired_.size(); ++i) {
      if (!paired_[i]) all.push_back({{kNone, i}, names[i]});
    }
    return all;
  }

 private:
  void pair(Index base, Index candidate) {
    of_base_[base] = candidate;
    paired_[candidate] = true;
  }

  void by_id() {
    std::unordered_map<std::string_view, Index> ids;
    for (Index i = 0; i < candidate_.resources.size(); ++i) {
      ids.try_emplace(candidate_.resources[i].id.key(), i);
    }
    for (Index i = 0; i < base_.resources.size(); ++i) {
      const auto found = ids.find(base_.resources[i].id.key());
      if (found != ids.end()) pair(i, found->second);
    }
  }

  void by_name() {
    std::vector<bool> base_paired;
    for (const Index other : of_base_) base_paired.push_back(other != kNone);
    const ByName ours = index_unpaired(base_, base_paired);
    const ByName theirs = index_unpaired(candidate_, paired_);
    for (const auto& [name, found] : ours) {
      const auto other = theirs.find(name);
      if (found.ambiguous || other == theirs.end() || other->second.ambiguous) continue;
      pair(found.index, other->second.index);
    }
  }

  const Environment& base_;
  const Environment& candidate_;
  std::vector<Index> of_base_;
  std::vector<bool> paired_;
};

using Signatures = std::array<std::vector<Signature>, 2>;

// Both sides' texts of one resource, by a member of Signature.
std::array<std::string_view, 2> texts(const Signatures& all, const Counterpart& resource,
                                      std::string Signature::*member) {
  std::array<std::string_view, 2> both{"absent", "absent"};
  for (const std::size_t side : kSides) {
    if (resource.at[side] != kNone) both[side] = all[side][resource.at[side]].*member;
  }
  return both;
}

std::vector<ResourceClass> classify(const Signatures& all,
                                    const std::vector<Counterpart>& resources,
                                    std::string Signature::*member, std::string Signature::*seen) {
  std::map<std::array<std::string_view, 2>, std::size_t> known;
  std::map<std::array<std::string_view, 2>, Index> known_seen;
  std::vector<ResourceClass> classes;
  for (Index i = 0; i < resources.size(); ++i) {
    const auto both = texts(all, resources[i], member);
    const auto [at, fresh] = known.try_emplace(both, classes.size());
    if (fresh) {
      const auto next = static_cast<Index>(known_seen.size());
      const auto as_seen = texts(all, resources[i], seen);
      const Index of_seen = known_seen.try_emplace(as_seen, next).first->second;
      classes.push_back({{}, both[0] != both[1], of_seen, {}});
    }
    classes[at->second].members.push_back(i);
  }
  return classes;
}

std::vector<std::vector<std::size_t>> group_hosts(const Signatures& all, const Counterpart& of) {
  std::map<std::array<std::string, 2>, std::size_t> known;
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t host = 0;; ++host) {
    std::array<std::string, 2> both{"absent", "absent"};
    bool any = false;
    for (const std::size_t side : kSides) {
      if (of.at[side] == kNone) continue;
      const Signature& signature = all[side][of.at[side]];
      if (host >= signature.hosts.size()) continue;
      any = true;
      both[side] = signature.hosts[host];
    }
    if (!any) break;
    const auto [at, fresh] = known.try_emplace(both, groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(host);
  }
  if (groups.empty()) groups.emplace_back();
  return groups;
}

}  // namespace

std::vector<std::string> DiffWorld::names(const std::vector<Index>& members) const {
  std::vector<std::string> texts;
  texts.reserve(members.size());
  for (const Index member : members) texts.push_back(resources[member].name);
  return texts;
}

std::vector<Counterpart> pair_resources(const Environment& base, const Environment& candidate) {
  return Pairing(base, candidate).run();
}

DiffWorld make_world(const VerdictQuestion& question) {
  DiffWorld world{question, {question.base, question.candidate}, {}, {}, {}, {}};
  world.resources = pair_resources(question.base->environment(), question.candidate->environment());
  const Signatures all = make_signatures(question, world.resources);
  world.callers = classify(all, world.resources, &Signature::calling, &Signature::seen_calling);
  world.destinations = classify(all, world.resources, &Signature::called, &Signature::seen_called);
  world.class_of_destination.resize(world.resources.size());
  for (Index c = 0; c < world.destinations.size(); ++c) {
    ResourceClass& one = world.destinations[c];
    one.host_groups = group_hosts(all, world.resources[one.first()]);
    for (const Index member : one.members) world.class_of_destination[member] = c;
  }
  return world;
}

}  // namespace nsp

// Two environments side by side, their resources paired and sorted into classes. Inside of
// diff_verdicts().
//
// A resource is the same on both sides when its id is; of those that are left, when type and short
// name are, where that is one pair (a plan of Terraform gives stand-in ids to what is not there
// yet).
//
// Two resources are in one class of callers when nothing that an outbound leg, or the other end's
// inbound leg, asks of a caller tells them apart, on either side; likewise classes of destinations.
// What is asked is written down as a text, the signature; classes are equal pairs of signatures. A
// class has changed when its two signatures differ: where neither end has changed no verdict can.
//
// Example: storage accounts of one profile with equal firewalls are one class of destinations,
// unless an outbound rule names one of them: then what that rule admits tells it apart.
//
// Thread safety: immutable after construction.
#ifndef NSP_SIM_ANALYSIS_DIFF_WORLD_H_
#define NSP_SIM_ANALYSIS_DIFF_WORLD_H_

#include <array>
#include <string>
#include <vector>

#include "sim/analysis/verdict_diff.h"

namespace nsp {

inline constexpr std::array<std::size_t, 2> kSides{0, 1};  // base, candidate

// By index of each side; kNone: absent.
struct Counterpart {
  std::array<Index, 2> at{kNone, kNone};
  std::string name;  // to show

  [[nodiscard]] bool in_both() const { return at[0] != kNone && at[1] != kNone; }
};

// What decides, as texts.
struct Signature {
  std::string calling;
  std::string called;
  // What the other end's leg asks of it alone: of a caller, of a called one.
  std::string seen_calling;
  std::string seen_called;
  std::vector<std::string> hosts;  // of each host name, what tells it apart
};

struct ResourceClass {
  std::vector<Index> members;  // into DiffWorld::resources, in order
  bool changed = false;
  Index seen = 0;  // equal where the other end's leg tells two classes not apart
  // Host names by index (Resource::host_names) that nothing tells apart; one empty group where
  // there are none.
  std::vector<std::vector<std::size_t>> host_groups;

  [[nodiscard]] Index first() const { return members.front(); }
};

struct DiffWorld {
  const VerdictQuestion& question;
  std::array<const Policy*, 2> policies;
  std::vector<Counterpart> resources;
  std::vector<ResourceClass> callers;
  std::vector<ResourceClass> destinations;
  std::vector<Index> class_of_destination;  // of each resource

  // Null where the side lacks it.
  [[nodiscard]] const Resource* resource(std::size_t side, Index index) const {
    const Index at = resources[index].at[side];
    return at == kNone ? nullptr : &policies[side]->environment().resources[at];
  }
  // Of either side: the candidate's first.
  [[nodiscard]] const Resource& any(Index index) const {
    const Resource* candidate = resource(1, index);
    return candidate != nullptr ? *candidate : *resource(0, index);
  }
  [[nodiscard]] std::vector<std::string> names(const std::vector<Index>& members) const;
};

[[nodiscard]] DiffWorld make_world(const VerdictQuestion& question);

// Pairs the resources of two environments.
[[nodiscard]] std::vector<Counterpart> pair_resources(const Environment& base,
                                                      const Environment& candidate);

// diff_signature.cc: of every resource of each side, by its index there.
[[nodiscard]] std::array<std::vector<Signature>, 2> make_signatures(
    const VerdictQuestion& question, const std::vector<Counterpart>& resources);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DIFF_WORLD_H_

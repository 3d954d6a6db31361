// Which callers are alike at one destination. Inside of diff_verdicts().
//
// Two classes of callers may differ in what they are allowed to leave to, and still leave alike to
// this destination. Then, where its inbound leg sees no difference between them either, all
// verdicts are the same: one of them is asked. So resources that all differ from each other cost
// (callers × kinds of destinations) for the ways out, and (destinations × kinds of callers) for the
// ways in, and not their product.
//
// Thread safety: one thread.
#ifndef NSP_SIM_ANALYSIS_DIFF_CALLERS_H_
#define NSP_SIM_ANALYSIS_DIFF_CALLERS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "sim/analysis/diff_cell.h"

namespace nsp {

class CallerGroups {
 public:
  explicit CallerGroups(Judge& judge);

  // The callers to ask about this destination, alike ones together. Where it has not changed, only
  // those that have.
  [[nodiscard]] std::vector<ResourceClass> at(const ResourceClass& destination);

 private:
  using Leaving = std::vector<std::uint16_t>;

  // The number of the way in which these callers leave; kNone where both are one resource.
  [[nodiscard]] Index leaving(std::size_t callers, const ResourceClass& destination);
  [[nodiscard]] Leaving ask(Index from, Index to);
  void ask_by(Via via, Index from, Index to, std::size_t host, Leaving& all);

  Judge& judge_;
  std::map<Leaving, Index> known_;
  std::vector<std::map<Index, Index>> cache_;  // of each class of callers: seen -> number
};

// Two different resources, one of each; false where there is but one.
[[nodiscard]] bool choose_pair(const ResourceClass& callers, const ResourceClass& destination,
                               Index& from, Index& to);

// A resource without a managed identity cannot send that credential (P-9): then there is no such
// attempt.
void set_credential(const Resource& caller, Credential credential,
                    std::optional<BoundAttempt>& bound);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DIFF_CALLERS_H_

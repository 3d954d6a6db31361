// In which order to switch associations to Enforced so that each step breaks nothing seen, and what
// a step needs first.
//
// One association after the other is switched, and what it touches is judged again with all that
// were switched before it (Scope::only grows). First those that break nothing, the ones with
// sufficient evidence before the others; then those that need something, with the chosen
// suggestions that help them and that no earlier step has brought. A suggestion may help several
// (a rule of a shared profile), and a flow that is refused at one end is no longer broken at the
// other: the step says how many events fewer another association would break after it.
//
// Greedy is enough: legs are judged apart, each by its own mode (U16), so switching one never
// breaks the leg of another.
//
// Thread safety: pure function.
#ifndef NSP_SIM_ANALYSIS_ROLLOUT_H_
#define NSP_SIM_ANALYSIS_ROLLOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/analysis/suggest.h"

namespace nsp {

struct RolloutStep {
  std::size_t association = 0;     // into ReadinessReport::associations
  std::uint64_t breaks_alone = 0;  // events newly refused by this step without what it needs
  std::vector<std::size_t> needs;  // into Suggestions::all: to be made first
  std::uint64_t breaks = 0;        // … with it
  std::uint64_t undecided = 0;     // events of it that may break: a fact is missing
  std::vector<std::string> notes;  // what the step changes for others
};

struct Rollout {
  std::vector<RolloutStep> steps;

  // Every step breaks nothing seen.
  [[nodiscard]] bool breaks_nothing() const;
};

// REQUIRES: report and suggestions are of this policy.
[[nodiscard]] Rollout plan_rollout(const Policy& policy, const ReadinessReport& report,
                                   const Suggestions& suggestions, const Readings& readings);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_ROLLOUT_H_

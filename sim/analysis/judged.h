// Observations judged twice: under the configuration as it is, and as it would be.
//
// The configuration "as it would be" is a candidate environment, or the same one with associations
// switched to Enforced, or both. Every report on recorded traffic starts from this.
#ifndef NSP_SIM_ANALYSIS_JUDGED_H_
#define NSP_SIM_ANALYSIS_JUDGED_H_

#include <span>
#include <string>
#include <vector>

#include "sim/decision/evidence.h"

namespace nsp {

// Two configurations to compare. REQUIRES: the policies outlive it. `then` may be `now`.
struct Comparison {
  const Policy* now = nullptr;
  const Policy* then = nullptr;
  Scope scope_now;
  Scope scope_then;
  Readings readings;
};

struct Judged {
  const Observation* observation = nullptr;
  Evidence evidence;
  Judgement now;
  Judgement then;
  Change change = Change::Unchanged;
  std::string
      error;  // why it cannot be judged at all (an unknown resource); the rest is then empty
};

// In the order of the observations, whatever `jobs` (threads). A resource that the candidate no
// longer has is an error of that observation only. The result refers to the observations, which
// must outlive it.
[[nodiscard]] std::vector<Judged> judge_all(std::span<const Observation> observations,
                                            const Comparison& comparison, unsigned jobs = 1);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_JUDGED_H_

// Two environments compared: what was written differently, and which verdicts that changes.
//
// Thread safety: pure functions, plain values.
#ifndef NSP_SIM_ANALYSIS_ENVIRONMENT_DIFF_H_
#define NSP_SIM_ANALYSIS_ENVIRONMENT_DIFF_H_

#include <array>
#include <bitset>
#include <vector>

#include "sim/analysis/configuration_diff.h"
#include "sim/analysis/verdict_diff.h"

namespace nsp {

struct EnvironmentDiff {
  std::vector<ObjectChange> configuration;
  VerdictDiff verdicts;

  [[nodiscard]] bool empty() const { return configuration.empty() && verdicts.changes.empty(); }
};

[[nodiscard]] EnvironmentDiff diff_environments(const VerdictQuestion& question);

// How many changes of each turn, apart those that would only be if all were Enforced.
struct DiffTotals {
  std::array<std::size_t, kTurnCount> now{};
  std::array<std::size_t, kTurnCount> only_enforced{};
};
[[nodiscard]] DiffTotals totals(const VerdictDiff& diff);

// What a pipeline lets pass. Configuration, paths and reasons always pass: they open nothing.
struct Allowance {
  std::bitset<kTurnCount> turns;  // by Turn
  bool only_enforced = false;     // whatever would only be if all were Enforced
};

// The worst that is not let pass: `Clouded` where all of it is undecided now; nothing: all passes.
[[nodiscard]] std::optional<Turn> worst_not_allowed(const VerdictDiff& diff,
                                                    const Allowance& allowance);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_ENVIRONMENT_DIFF_H_

#include "sim/analysis/environment_diff.h"

namespace nsp {

EnvironmentDiff diff_environments(const VerdictQuestion& question) {
  return {diff_configurations(question.base->environment(), question.candidate->environment()),
          diff_verdicts(question)};
}

DiffTotals totals(const VerdictDiff& diff) {
  DiffTotals totals;
  for (const VerdictChange& change : diff.changes) {
    auto& counted = change.only_enforced ? totals.only_enforced : totals.now;
    ++counted[static_cast<std::size_t>(change.turn)];
  }
  return totals;
}

std::optional<Turn> worst_not_allowed(const VerdictDiff& diff, const Allowance& allowance) {
  std::optional<Turn> worst;
  for (const VerdictChange& change : diff.changes) {
    const Turn turn = change.turn;
    if (turn == Turn::Path || turn == Turn::Reason) continue;
    if (allowance.turns[static_cast<std::size_t>(turn)]) continue;
    if (change.only_enforced && allowance.only_enforced) continue;
    if (!worst || worst == Turn::Clouded) worst = turn;
  }
  return worst;
}

}  // namespace nsp

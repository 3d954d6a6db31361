#include "sim/analysis/rollout.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sim/analysis/candidate.h"

namespace nsp {
namespace {

// The perimeter between two steps: what is enforced, and which suggestions were made.
struct State {
  std::vector<bool> enforced;  // by association index of `policy`
  std::vector<const Suggestion*> suggestions;
  Policy policy;
};

struct Cost {
  std::uint64_t breaks = 0;
  std::uint64_t undecided = 0;
};

class Planner {
 public:
  Planner(const Policy& policy, const ReadinessReport& report, const Suggestions& suggestions,
          const Readings& readings)
      : report_(report), suggestions_(suggestions), prover_(policy, report, readings) {
    for (const SeenLeg& leg : report.legs) observations_[leg.association].insert(leg.observation);
    find_neighbours();
    const auto& associations = policy.environment().associations;
    for (const Association& a : associations) {
      state_.enforced.push_back(a.mode == AccessMode::Enforced);
    }
    state_.policy = policy;
  }

  Rollout plan() {
    std::set<std::size_t> left;
    for (std::size_t i = 0; i < report_.associations.size(); ++i) {
      if (!report_.associations[i].enforced_already) left.insert(i);
    }
    for (const std::size_t i : left) costs_[i] = cost(i, state_);
    while (!left.empty()) {
      const std::size_t next =
          *std::ranges::min_element(left, {}, [&](std::size_t i) { return rank(i); });
      left.erase(next);
      take(next, left);
    }
    return std::move(rollout_);
  }

 private:
  [[nodiscard]] const AssociationReadiness& at(std::size_t i) const {
    return report_.associations[i];
  }

  // What breaks nothing first, then by evidence, then the cheapest; names break ties.
  [[nodiscard]] std::tuple<bool, int, std::uint64_t, std::size_t> rank(std::size_t i) const {
    const std::uint64_t breaks = costs_.at(i).breaks;
    const int evidence = at(i).verdict == ReadinessVerdict::Ready ? 0 : 1;
    return {breaks != 0, evidence, breaks, i};
  }

  // Newly refused when this one is switched in that state: worked, is not refused yet, will be.
  [[nodiscard]] Cost cost(std::size_t i, const State& state) const {
    const Index association = at(i).association;
    Cost sum;
    const auto seen = observations_.find(association);
    if (seen == observations_.end()) return sum;
    std::vector<bool> enforced = state.enforced;
    enforced[association] = true;
    for (const std::size_t observation : seen->second) {
      const auto before =
          prover_.legs_of(observation, state.policy, state.enforced, state.suggestions);
      const auto after = prover_.legs_of(observation, state.policy, enforced, state.suggestions);
      const std::uint64_t weight = report_.judged[observation].observation->seen.weight;
      const Verdict verdict = fate(after);
      if (fate(before) == Verdict::Deny) continue;
      if (verdict == Verdict::Deny) sum.breaks += weight;
      if (verdict == Verdict::Undecided) sum.undecided += weight;
    }
    return sum;
  }

  // Of the whole observation. What was refused as it happened stays refused.
  static Verdict fate(const std::vector<SeenLeg>& legs) {
    Verdict verdict = Verdict::Allow;
    for (const SeenLeg& leg : legs) {
      if (leg.before == Verdict::Deny || leg.change() == Change::Revoked) return Verdict::Deny;
      if (leg.change() == Change::Undecided) verdict = Verdict::Undecided;
    }
    return verdict;
  }

  void take(std::size_t i, const std::set<std::size_t>& left) {
    RolloutStep step;
    step.association = i;
    step.breaks_alone = costs_.at(i).breaks;
    step.needs = needs_of(i);
    bring(step.needs);
    const Cost now = step.needs.empty() ? costs_.at(i) : cost(i, state_);
    step.breaks = now.breaks;
    step.undecided = now.undecided;
    state_.enforced[at(i).association] = true;
    note_others(i, step, left);
    rollout_.steps.push_back(std::move(step));
  }

  // Chosen suggestions that help it and that are not made yet.
  [[nodiscard]] std::vector<std::size_t> needs_of(std::size_t i) const {
    std::vector<std::size_t> needs;
    for (std::size_t s = 0; s < suggestions_.all.size(); ++s) {
      const Suggestion& one = suggestions_.all[s];
      const bool made = std::ranges::find(state_.suggestions, &one) != state_.suggestions.end();
      if (one.chosen && !made && one.resolves_at.contains(at(i).association)) needs.push_back(s);
    }
    return needs;
  }

  void bring(const std::vector<std::size_t>& needs) {
    if (needs.empty()) return;
    std::vector<const Suggestion*> fresh;
    for (const std::size_t s : needs) fresh.push_back(&suggestions_.all[s]);
    state_.policy = compile(with_suggestions(state_.policy.environment(), fresh));
    state_.enforced.resize(state_.policy.environment().associations.size(), false);
    state_.suggestions.insert(state_.suggestions.end(), fresh.begin(), fresh.end());
  }

  // Others whose cost may have changed: those that share an observation or a suggestion.
  void note_others(std::size_t i, RolloutStep& step, const std::set<std::size_t>& left) {
    std::set<Index> touched = neighbours_[at(i).association];
    for (const std::size_t s : step.needs) {
      for (const auto& [association, weight] : suggestions_.all[s].resolves_at) {
        touched.insert(association);
      }
    }
    for (const std::size_t other : left) {
      const Index association = at(other).association;
      if (!touched.contains(association)) continue;
      const std::uint64_t before = costs_.at(other).breaks;
      costs_[other] = cost(other, state_);
      const std::uint64_t after = costs_.at(other).breaks;
      if (after >= before) continue;
      step.notes.push_back(fmt::format("after it, switching {} breaks {} instead of {} events",
                                       at(other).name, after, before));
    }
  }

  // A flow on the wire may be judged by two associations.
  void find_neighbours() {
    for (std::size_t i = 1; i < report_.legs.size(); ++i) {
      const SeenLeg& a = report_.legs[i - 1];
      const SeenLeg& b = report_.legs[i];
      if (a.observation != b.observation) continue;
      neighbours_[a.association].insert(b.association);
      neighbours_[b.association].insert(a.association);
    }
  }

  const ReadinessReport& report_;
  const Suggestions& suggestions_;
  Prover prover_;
  std::map<Index, std::set<std::size_t>> observations_;
  std::map<Index, std::set<Index>> neighbours_;
  std::map<std::size_t, Cost> costs_;
  State state_;
  Rollout rollout_;
};

}  // namespace

bool Rollout::breaks_nothing() const {
  return std::ranges::all_of(steps, [](const RolloutStep& step) { return step.breaks == 0; });
}

Rollout plan_rollout(const Policy& policy, const ReadinessReport& report,
                     const Suggestions& suggestions, const Readings& readings) {
  return Planner(policy, report, suggestions, readings).plan();
}

}  // namespace nsp

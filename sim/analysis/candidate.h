// Environments with suggestions applied, and what judging again under them shows.
//
// Thread safety: pure functions; a Prover is immutable after construction.
#ifndef NSP_SIM_ANALYSIS_CANDIDATE_H_
#define NSP_SIM_ANALYSIS_CANDIDATE_H_

#include <map>
#include <span>
#include <vector>

#include "sim/analysis/suggest.h"

namespace nsp {

// The environment with these suggestions. Associations and links that are made come after those
// that are there, so indices stay.
[[nodiscard]] Environment with_suggestions(Environment environment,
                                           std::span<const Suggestion* const> suggestions);

// The environment with associations really switched to Enforced, by association index.
[[nodiscard]] Environment with_enforced(Environment environment, const std::vector<bool>& enforced);

// Judges observations again under a candidate with the selected associations Enforced.
class Prover {
 public:
  // REQUIRES: all outlive the prover.
  Prover(const Policy& baseline, const ReadinessReport& report, const Readings& readings);

  // What the suggestions together change, looking at the observations that they can touch.
  [[nodiscard]] Proof prove(std::span<const Suggestion* const> suggestions) const;
  // … looking at every observation.
  [[nodiscard]] Proof prove_all(std::span<const Suggestion* const> suggestions) const;

  // The legs of one observation when the associations of `enforced` (by index in `candidate`) are
  // Enforced, with the managed identities that the suggestions ask for.
  [[nodiscard]] std::vector<SeenLeg> legs_of(std::size_t observation, const Policy& candidate,
                                             const std::vector<bool>& enforced,
                                             std::span<const Suggestion* const> suggestions) const;

 private:
  [[nodiscard]] Proof judge(std::span<const Suggestion* const> suggestions,
                            const std::vector<std::size_t>& observations) const;
  [[nodiscard]] std::vector<std::size_t> touched(
      std::span<const Suggestion* const> suggestions) const;
  void count(std::size_t leg, Verdict after, Proof& proof) const;
  void count_gained(const SeenLeg& again, Proof& proof) const;

  const Policy& baseline_;
  const ReadinessReport& report_;
  const Readings& readings_;
  std::vector<std::vector<std::size_t>> legs_of_observation_;
  std::map<ProfileAt, std::vector<std::size_t>> of_profile_;  // observations
  std::map<Index, std::vector<std::size_t>> of_resource_;
  std::uint64_t blockers_ = 0;  // events
};

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_CANDIDATE_H_

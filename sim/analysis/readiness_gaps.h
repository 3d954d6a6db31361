// What the evidence about one association lacks: every gap with its sentence.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_READINESS_GAPS_H_
#define NSP_SIM_ANALYSIS_READINESS_GAPS_H_

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/analysis/readiness.h"

namespace nsp {

// What of a log matters to one association beside its own legs.
struct GapInput {
  const Policy& policy;
  const LogCoverage& log;
  const CoverageOptions& asked;
  const AssociationReadiness& association;  // weights, peers, activity filled in
  const std::vector<const SeenLeg*>& legs;
  const std::vector<Judged>& judged;
  // Categories that some record of the association's perimeter has.
  std::bitset<13> recorded;
};

// `1 event`, `5 events`.
[[nodiscard]] std::string events(std::uint64_t count);

// In a fixed order; those that the user accepts are marked.
[[nodiscard]] std::vector<EvidenceGap> evidence_gaps(const GapInput& input);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_READINESS_GAPS_H_

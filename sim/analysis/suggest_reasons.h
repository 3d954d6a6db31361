// Why nothing that was suggested resolves a leg, and what would.
//
// Thread safety: pure function.
#ifndef NSP_SIM_ANALYSIS_SUGGEST_REASONS_H_
#define NSP_SIM_ANALYSIS_SUGGEST_REASONS_H_

#include <string>

#include "sim/analysis/suggest_make.h"

namespace nsp {

// One sentence: lower case, no full stop. REQUIRES: `leg` indexes report.legs.
[[nodiscard]] std::string why_unresolved(const Policy& policy, const ReadinessReport& report,
                                         std::size_t leg, const Refusals& refusals);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SUGGEST_REASONS_H_

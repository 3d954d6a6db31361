// The phrases and tables that the forms of the readiness report share. Thread safety: pure.
#ifndef NSP_SIM_REPORT_READINESS_WORDS_H_
#define NSP_SIM_REPORT_READINESS_WORDS_H_

#include <string>
#include <vector>

#include "sim/base/text_table.h"
#include "sim/report/readiness_report.h"

namespace nsp {

// Indices of ReadinessReport::associations, worst first: not ready, insufficient evidence, ready.
[[nodiscard]] std::vector<std::size_t> worst_first(const ReadinessFacts& facts);

// `stdocs, profile nsp-ai/data, Learning`.
[[nodiscard]] std::string where_text(const AssociationReadiness& association);

// What breaks and what may: a row a blocker, the heaviest first, at most `most` (0: all).
[[nodiscard]] TextTable blocker_table(const AssociationReadiness& association, std::size_t most);

// A suggestion as it concerns one association.
struct Step {
  std::size_t suggestion = 0;  // into Suggestions::all
  bool chosen = false;
  std::string text;    // what to do
  std::string effect;  // `resolves 83 of 97 events, gains 0; admits …`
};
[[nodiscard]] std::vector<Step> steps_for(const ReadinessFacts& facts,
                                          const AssociationReadiness& association);

// What no suggestion resolves, a line a reason: `12 events of 10.0.0.4: …`.
[[nodiscard]] std::vector<std::string> unresolved_texts(const ReadinessFacts& facts,
                                                        const AssociationReadiness& association);

// What the chosen suggestions admit beyond what is allowed now, a line each.
[[nodiscard]] std::vector<std::string> gained_texts(const ReadinessFacts& facts,
                                                    const Proof& proof);

// The order of switching: number, association, what first, what then, evidence.
[[nodiscard]] TextTable rollout_table(const ReadinessFacts& facts);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_READINESS_WORDS_H_

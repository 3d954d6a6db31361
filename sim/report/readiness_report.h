// What `nspsim readiness` found, in every form: text, JSON, Markdown, HTML.
//
// Text is for somebody who has to decide tonight: an association a block, worst first; what breaks,
// why, what to do; then the order of switching, and one last line that says it all. JSON holds
// everything (`nspsim.readiness/1`): the members of a replay and the associations.
//
// Thread safety: pure functions. The same facts give the same bytes. Lifetime: REQUIRES that the
// policy outlives the facts.
#ifndef NSP_SIM_REPORT_READINESS_REPORT_H_
#define NSP_SIM_REPORT_READINESS_REPORT_H_

#include <optional>
#include <string>

#include "sim/analysis/rollout.h"
#include "sim/report/readiness_emit.h"
#include "sim/report/replay_report.h"

namespace nsp {

struct ReadinessFacts {
  const Policy* policy = nullptr;
  ReadinessReport report;
  Suggestions suggestions;
  Rollout rollout;
  ReplayReport replay;  // the same records, now and with the selected associations Enforced
  std::optional<EmitForm> emit;  // shown at the end of the text
  bool all = false;              // every blocker, not the heaviest ones only
};

// `2 ready, 1 not ready, 1 with insufficient evidence: 97 events would be refused, none with what
// is suggested`.
[[nodiscard]] std::string readiness_summary(const ReadinessFacts& facts);

// Fits `options.width`; `quiet`: the headlines and the summary only.
[[nodiscard]] std::string readiness_as_text(const ReadinessFacts& facts,
                                            const RenderOptions& options);
[[nodiscard]] std::string readiness_as_json(const ReadinessFacts& facts);
[[nodiscard]] std::string readiness_as_markdown(const ReadinessFacts& facts);
[[nodiscard]] std::string readiness_as_html(const ReadinessFacts& facts);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_READINESS_REPORT_H_

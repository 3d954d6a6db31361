// What `nspsim replay` found, in every form: text, JSON, NDJSON, CSV, Markdown, HTML.
//
// JSON, NDJSON and CSV hold every tuple. Text, Markdown and HTML show what changes and what is
// open, the heaviest first, and sum up what stays as it is unless asked for all.
//
// Thread safety: pure functions. The same report gives the same bytes. Lifetime: plain values.
#ifndef NSP_SIM_REPORT_REPLAY_REPORT_H_
#define NSP_SIM_REPORT_REPLAY_REPORT_H_

#include <string>

#include "sim/analysis/agreement.h"
#include "sim/analysis/replay.h"
#include "sim/analysis/traffic_counts.h"
#include "sim/report/format.h"

namespace nsp {

struct ReplayReport {
  std::string now = "now";           // what the baseline is called
  std::string then = "if enforced";  // … and what it is compared with
  std::string about;                 // … in a phrase: `as it is, and as if … were Enforced`
  TrafficCounts counts;
  Replay replay;
  Agreement agreement;
  bool all = false;  // list every tuple, unchanged ones too

  // Of what passed the filters.
  [[nodiscard]] Activity window() const;
};

// The line that says it all, without a line end: `replayed 48,211 records, 2026-06-01 to
// 2026-06-30: 97 revoked, 0 gained, 12 undecided, 48,102 unchanged`.
[[nodiscard]] std::string replay_summary(const ReplayReport& report);

// Fits `options.width`; the summary comes last. `quiet`: the summary only.
[[nodiscard]] std::string replay_as_text(const ReplayReport& report, const RenderOptions& options);
// `"schema":"nspsim.replay/1"`.
[[nodiscard]] std::string replay_as_json(const ReplayReport& report);
// The members of the JSON document but `tuples` on the first line, then one tuple a line.
[[nodiscard]] std::string replay_as_ndjson(const ReplayReport& report);
// One tuple a row.
[[nodiscard]] std::string replay_as_csv(const ReplayReport& report);
[[nodiscard]] std::string replay_as_markdown(const ReplayReport& report);
[[nodiscard]] std::string replay_as_html(const ReplayReport& report);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_REPLAY_REPORT_H_

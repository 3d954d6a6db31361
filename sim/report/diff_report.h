// What `nspsim diff` found, in every form: text, JSON, Markdown, GitHub annotations.
//
// JSON holds everything. The other forms cut long lists of names and prefixes and say how many are
// left out; resources whose changes are the same are told together.
//
// Thread safety: pure functions. The same report gives the same bytes. Lifetime: plain values.
#ifndef NSP_SIM_REPORT_DIFF_REPORT_H_
#define NSP_SIM_REPORT_DIFF_REPORT_H_

#include <string>
#include <vector>

#include "sim/analysis/environment_diff.h"
#include "sim/report/format.h"

namespace nsp {

struct DiffReport {
  std::string base;       // what it was read from: `site.json`, `plan.json, before`
  std::string candidate;  // …
  EnvironmentDiff diff;
};

// The line that says it all, without a line end: `2 opened, 1 closed; 3 changes of configuration`.
[[nodiscard]] std::string diff_summary(const DiffReport& report);

// Fits `options.width`; the summary comes last. `quiet`: the summary only.
[[nodiscard]] std::string diff_as_text(const DiffReport& report, const RenderOptions& options);
// `"schema":"nspsim.diff/1"`.
[[nodiscard]] std::string diff_as_json(const DiffReport& report);
// For a comment on a pull request.
[[nodiscard]] std::string diff_as_markdown(const DiffReport& report);
// Workflow commands: a notice on the line of each change of configuration, a warning for each
// change of a verdict (a notice for what closes).
[[nodiscard]] std::string diff_as_github(const DiffReport& report);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_DIFF_REPORT_H_

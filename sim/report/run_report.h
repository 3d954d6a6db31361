// The result of running pages, in every form that `nspsim run` prints.
//
// Each form stands in a file of its own, run_FORM.cc. All of them show the same facts: text, GitHub
// annotations and Markdown for people, JSON, JUnit and SARIF for programs.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_RUN_REPORT_H_
#define NSP_SIM_REPORT_RUN_REPORT_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/format.h"
#include "sim/scenario/result.h"

namespace nsp {

// The words of `--format` that run knows.
inline constexpr std::array<std::string_view, 6> kRunFormats{"text",  "json",   "junit",
                                                             "sarif", "github", "markdown"};

// Text ended by a line end. REQUIRES: `format` is one of kRunFormats; any other gives the text
// form.
[[nodiscard]] std::string render_run(const RunResult& result, ReportFormat format,
                                     const RenderOptions& options);

[[nodiscard]] std::string run_as_text(const RunResult& result, const RenderOptions& options);
[[nodiscard]] std::string run_as_json(const RunResult& result, const RenderOptions& options);
[[nodiscard]] std::string run_as_junit(const RunResult& result);
[[nodiscard]] std::string run_as_sarif(const RunResult& result, const RenderOptions& options);
[[nodiscard]] std::string run_as_github(const RunResult& result);
[[nodiscard]] std::string run_as_markdown(const RunResult& result);

// Which clauses the cells that ran rest on, as ids in the order of the semantics.
struct ClauseCoverage {
  std::vector<std::string> covered;
  std::vector<std::string> missed;  // of those that can decide a leg at all
};
[[nodiscard]] ClauseCoverage clause_coverage(const RunResult& result);

// How many outcomes a changed environment moved (the regression run).
[[nodiscard]] std::size_t moved(const RunResult& result);

// `3 pages, 41 cells: 40 passed, 1 failed`, with what else there is to say; no line end.
[[nodiscard]] std::string summary_sentence(const RunResult& result);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_RUN_REPORT_H_

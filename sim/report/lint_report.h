// What `nspsim lint` found, and the list of checks, in every form that it prints.
//
// Each form stands in a file of its own, lint_FORM.cc. All of them show the same findings: text,
// GitHub annotations and Markdown for people, JSON and SARIF for programs. What is said of a check
// (the sentences that it rests on, the remedy) stands once a check.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_LINT_REPORT_H_
#define NSP_SIM_REPORT_LINT_REPORT_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/analysis/lint_suppressions.h"
#include "sim/report/format.h"

namespace nsp {

// The words of `--format` that lint knows.
inline constexpr std::array<std::string_view, 5> kLintFormats{"text", "json", "sarif", "github",
                                                              "markdown"};

struct LintFacts {
  LintReport report;
  LintSelection selection;  // which checks ran
  // The column of a place in code points, as SARIF counts it; 0: not known. A place counts bytes,
  // and telling the difference takes the line itself. May be empty.
  std::function<std::uint32_t(const Place&)> character = {};
};

// Text ended by a line end. REQUIRES: `format` is one of kLintFormats; any other gives the text
// form.
[[nodiscard]] std::string render_lint(const LintFacts& facts, ReportFormat format,
                                      const RenderOptions& options);

// Grouped by family and check. With `quiet` a line a finding and the last line.
[[nodiscard]] std::string lint_as_text(const LintFacts& facts, const RenderOptions& options);
// `"schema":"nspsim.lint/1"`.
[[nodiscard]] std::string lint_as_json(const LintFacts& facts);
// A rule for every check that ran, a result for every finding; what is suppressed is a result with
// its suppression.
[[nodiscard]] std::string lint_as_sarif(const LintFacts& facts, const RenderOptions& options);
[[nodiscard]] std::string lint_as_github(const LintFacts& facts);
[[nodiscard]] std::string lint_as_markdown(const LintFacts& facts);

// Every selected check, for `--list`.
[[nodiscard]] std::string checks_as_text(const LintSelection& selection,
                                         const RenderOptions& options);
// `"schema":"nspsim.lint-checks/1"`.
[[nodiscard]] std::string checks_as_json(const LintSelection& selection);

// `3 findings: 1 error, 2 warnings; 1 suppressed; 57 checks ran`, without what there is none of.
[[nodiscard]] std::string lint_summary(const LintFacts& facts);

// The findings of one check, in order; only of checks that found something, in order of ids.
struct CheckFindings {
  const Check* check = nullptr;
  std::vector<const Finding*> findings;
};
// Views into `findings`.
[[nodiscard]] std::vector<CheckFindings> by_check(const std::vector<Finding>& findings);

// `all checks that ran`, as pointers into the table.
[[nodiscard]] std::vector<const Check*> selected_checks(const LintSelection& selection);

// The object of one check: id, name, family, severity, title, basis, remedy.
class JsonWriter;
void write_check(JsonWriter& json, const Check& check);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_LINT_REPORT_H_

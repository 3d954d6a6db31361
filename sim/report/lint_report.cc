#include "sim/report/lint_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

std::string counts_text(const LintReport& report) {
  std::string text;
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    const auto count =
        static_cast<std::size_t>(std::ranges::count(report.findings, severity, &Finding::severity));
    if (count == 0) continue;
    text += fmt::format("{}{}", text.empty() ? ": " : ", ", count_of(count, to_string(severity)));
  }
  return text;
}

}  // namespace

std::string lint_summary(const LintFacts& facts) {
  std::string text = count_of(facts.report.findings.size(), "finding") + counts_text(facts.report);
  if (!facts.report.suppressed.empty()) {
    text += fmt::format("; {} suppressed", facts.report.suppressed.size());
  }
  return text + fmt::format("; {} ran", count_of(selected_checks(facts.selection).size(), "check"));
}

std::vector<CheckFindings> by_check(const std::vector<Finding>& findings) {
  std::vector<CheckFindings> groups;
  for (const Check& check : all_checks()) {
    CheckFindings group{&check, {}};
    for (const Finding& finding : findings) {
      if (finding.check == &check) group.findings.push_back(&finding);
    }
    if (!group.findings.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<const Check*> selected_checks(const LintSelection& selection) {
  std::vector<const Check*> checks;
  for (std::size_t i = 0; i < selection.size(); ++i) {
    if (selection[i]) checks.push_back(&all_checks()[i]);
  }
  return checks;
}

std::string render_lint(const LintFacts& facts, ReportFormat format, const RenderOptions& options) {
  switch (format) {
    case ReportFormat::Json:
      return lint_as_json(facts);
    case ReportFormat::Sarif:
      return lint_as_sarif(facts, options);
    case ReportFormat::Github:
      return lint_as_github(facts);
    case ReportFormat::Markdown:
      return lint_as_markdown(facts);
    default:
      return lint_as_text(facts, options);
  }
}

}  // namespace nsp

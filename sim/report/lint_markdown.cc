// Findings as Markdown, for the summary page of a CI job: a section a check.
#include <fmt/format.h>

#include "sim/report/lint_report.h"
#include "sim/report/markdown.h"

namespace nsp {
namespace {

std::string section(const CheckFindings& group) {
  const Check& check = *group.check;
  std::string text = fmt::format(
      "\n## {} {}\n\n{}: {}. To mend it: {}.\n\n| place | object | severity | finding |\n"
      "|---|---|---|---|\n",
      check.id, check.name, to_string(family_of(check)), markdown_with_code(check.title),
      markdown_with_code(check.remedy));
  for (const Finding* finding : group.findings) {
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_plain(to_string(finding->place)),
                        markdown_plain(finding->subject), to_string(finding->severity),
                        markdown_with_code(finding->message));
  }
  for (const Basis& basis : basis_of(check)) {
    text +=
        fmt::format("\n{}: {}.\n", markdown_plain(basis.id), markdown_with_code(basis.sentence));
  }
  return text;
}

std::string suppressed(const LintFacts& facts) {
  if (facts.report.suppressed.empty()) return {};
  std::string text = "\n## Suppressed\n\n| check | object | until | reason |\n|---|---|---|---|\n";
  for (const SuppressedFinding& each : facts.report.suppressed) {
    text += fmt::format("| {} | {} | {} | {} |\n", each.finding.check->id,
                        markdown_plain(each.finding.subject), each.by.expires,
                        markdown_plain(each.by.reason));
  }
  return text;
}

}  // namespace

std::string lint_as_markdown(const LintFacts& facts) {
  std::string text = fmt::format("# Lint\n\n{}.\n", lint_summary(facts));
  for (const CheckFindings& group : by_check(facts.report.findings)) text += section(group);
  return text + suppressed(facts);
}

}  // namespace nsp

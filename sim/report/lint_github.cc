// Findings as GitHub workflow commands.
#include <fmt/format.h>

#include "sim/report/github.h"
#include "sim/report/lint_report.h"

namespace nsp {

std::string lint_as_github(const LintFacts& facts) {
  std::string text;
  for (const Finding& finding : facts.report.findings) {
    text += github_command(
        github_level(finding.severity), finding.place,
        fmt::format("{} {}", finding.check->id, finding.check->name),
        printable(fmt::format("{}\nto mend it: {}", finding.message, finding.check->remedy), true));
  }
  return text + lint_summary(facts) + "\n";
}

}  // namespace nsp

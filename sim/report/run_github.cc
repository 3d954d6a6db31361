// A run as GitHub workflow commands, which annotate the lines of a change.
#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/report/github.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

std::string failure_annotation(const CellResult& cell) {
  std::string message = fmt::format("expected {}, got {}", cell.expected, cell.actual);
  if (!cell.before.empty()) message += fmt::format(" (before: {})", cell.before);
  if (!cell.clauses.empty()) message += fmt::format("\nrests on {}", join(cell.clauses, ", "));
  if (!cell.trace.empty()) message += "\n" + cell.trace;
  return github_command("error", cell.place, fmt::format("{} [{}]", cell.case_name, cell.column),
                        printable(trim(message), true));
}

std::string remark(const Diagnostic& diagnostic) {
  const std::string_view title =
      diagnostic.severity == Severity::Error ? "invalid page" : "scenario page";
  return github_command(github_level(diagnostic.severity), diagnostic.place, title,
                        printable(diagnostic.message, true));
}

}  // namespace

std::string run_as_github(const RunResult& result) {
  std::string text;
  for (const PageResult& page : result.pages) {
    for (const Diagnostic& diagnostic : page.diagnostics) text += remark(diagnostic);
    for (const CellResult& cell : page.cells) {
      if (cell.status == CellStatus::Failed) text += failure_annotation(cell);
    }
  }
  return text + summary_sentence(result) + "\n";
}

}  // namespace nsp

// A run as GitHub workflow commands, which annotate the lines of a change.
//
// Source: GitHub, "Workflow commands for GitHub Actions"; the escapes are those of its toolkit's
// command.ts.
#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

std::string escaped(std::string_view text, bool in_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (in_property && c == ':') {
      out += "%3A";
    } else if (in_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string command(std::string_view level, const Place& place, std::string_view title,
                    std::string_view message) {
  std::string properties = "file=" + escaped(place.file, true);
  if (place.line != 0) properties += fmt::format(",line={},col={}", place.line, place.column);
  return fmt::format("::{} {},title={}::{}\n", level, properties, escaped(title, true),
                     escaped(message, false));
}

std::string failure(const CellResult& cell) {
  std::string message = fmt::format("expected {}, got {}", cell.expected, cell.actual);
  if (!cell.before.empty()) message += fmt::format(" (before: {})", cell.before);
  if (!cell.clauses.empty()) message += fmt::format("\nrests on {}", join(cell.clauses, ", "));
  if (!cell.trace.empty()) message += "\n" + cell.trace;
  return command("error", cell.place, fmt::format("{} [{}]", cell.case_name, cell.column),
                 printable(trim(message), true));
}

std::string remark(const Diagnostic& diagnostic) {
  const std::string_view level =
      diagnostic.severity == Severity::Note ? "notice" : to_string(diagnostic.severity);
  const std::string_view title =
      diagnostic.severity == Severity::Error ? "invalid page" : "scenario page";
  return command(level, diagnostic.place, title, printable(diagnostic.message, true));
}

}  // namespace

std::string run_as_github(const RunResult& result) {
  std::string text;
  for (const PageResult& page : result.pages) {
    for (const Diagnostic& diagnostic : page.diagnostics) text += remark(diagnostic);
    for (const CellResult& cell : page.cells) {
      if (cell.status == CellStatus::Failed) text += failure(cell);
    }
  }
  return text + summary_sentence(result) + "\n";
}

}  // namespace nsp

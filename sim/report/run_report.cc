#include "sim/report/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/decision/clause.h"

namespace nsp {
namespace {

// The clauses that a leg can rest on. The others say what words mean or how a rule matches; they
// decide through these.
bool decides(std::string_view id) {
  return id.starts_with("IN-") || id.starts_with("OUT-") || id == "P-3" || id == "G-10" ||
         id == "C11";
}

}  // namespace

std::string render_run(const RunResult& result, ReportFormat format, const RenderOptions& options) {
  switch (format) {
    case ReportFormat::Json:
      return run_as_json(result, options);
    case ReportFormat::Junit:
      return run_as_junit(result);
    case ReportFormat::Sarif:
      return run_as_sarif(result, options);
    case ReportFormat::Github:
      return run_as_github(result);
    case ReportFormat::Markdown:
      return run_as_markdown(result);
    default:
      return run_as_text(result, options);
  }
}

ClauseCoverage clause_coverage(const RunResult& result) {
  std::set<std::string_view> used;
  for (const PageResult& page : result.pages) {
    for (const CellResult& cell : page.cells) used.insert(cell.clauses.begin(), cell.clauses.end());
  }
  ClauseCoverage coverage;
  for (const ClauseFacts& clause : all_clauses()) {
    if (used.contains(clause.id)) {
      coverage.covered.emplace_back(clause.id);
    } else if (decides(clause.id)) {
      coverage.missed.emplace_back(clause.id);
    }
  }
  return coverage;
}

std::size_t moved(const RunResult& result) {
  std::size_t count = 0;
  for (const PageResult& page : result.pages) {
    count += static_cast<std::size_t>(std::ranges::count_if(
        page.cells, [](const CellResult& cell) { return !cell.before.empty(); }));
  }
  return count;
}

std::string summary_sentence(const RunResult& result) {
  std::string text =
      fmt::format("{}, {}: {} passed, {} failed", count_of(result.pages.size(), "page"),
                  count_of(result.cells(), "cell"), result.passed(), result.failed());
  if (const std::size_t count = result.invalid_pages(); count > 0) {
    text += fmt::format(", {} invalid", count_of(count, "page"));
  }
  if (const std::size_t count = moved(result); count > 0) {
    text += fmt::format(", {} moved", count_of(count, "outcome"));
  }
  return text;
}

}  // namespace nsp

// A run as Markdown, for the summary page of a CI job: a table of pages, then every failure folded
// away.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/report/html.h"
#include "sim/report/markdown.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

// A fence longer than any run of backticks inside.
std::string fenced(std::string_view text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  while (text.ends_with('\n')) text.remove_suffix(1);
  return fmt::format("{}text\n{}\n{}\n", fence, printable(text, true), fence);
}

// One row a page. Not to_markdown: titles are escaped here already.
std::string page_row(const PageResult& page) {
  const auto failed = std::ranges::count(page.cells, CellStatus::Failed, &CellResult::status);
  const bool invalid = has_errors(page.diagnostics);
  const std::string_view mark = invalid ? "invalid" : failed > 0 ? "**failed**" : "held";
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_plain(page.path),
                     markdown_plain(page.title), markdown_plain(page.status), page.cells.size(),
                     failed, mark);
}

std::string details(std::string_view summary, std::string_view body) {
  return fmt::format("\n<details>\n<summary>{}</summary>\n\n{}\n</details>\n", escape_html(summary),
                     fenced(body));
}

std::string failure_markdown(const CellResult& cell) {
  std::string body;
  if (!cell.row_text.empty()) body += cell.row_text + "\n";
  body += fmt::format("expected  {}\nactual    {}\n", cell.expected, cell.actual);
  if (!cell.before.empty()) body += fmt::format("before    {}\n", cell.before);
  if (!cell.clauses.empty()) body += fmt::format("rests on  {}\n", join(cell.clauses, ", "));
  return details(fmt::format("{}:{}:{}: {} [{}]", cell.place.file, cell.place.line,
                             cell.place.column, cell.case_name, cell.column),
                 body + cell.trace);
}

std::string invalid_page_markdown(const PageResult& page) {
  std::string body;
  for (const Diagnostic& diagnostic : page.diagnostics) body += to_string(diagnostic) + "\n";
  return details(page.path + ": invalid", body);
}

std::string failures(const RunResult& result) {
  std::string text;
  for (const PageResult& page : result.pages) {
    if (has_errors(page.diagnostics)) text += invalid_page_markdown(page);
    for (const CellResult& cell : page.cells) {
      if (cell.status == CellStatus::Failed) text += failure_markdown(cell);
    }
  }
  return text.empty() ? text : "\n## What did not hold\n" + text;
}

// The regression run: held or not, these outcomes are not what the pages' own environments give.
std::string movements(const RunResult& result) {
  std::string rows;
  for (const PageResult& page : result.pages) {
    for (const CellResult& cell : page.cells) {
      if (cell.before.empty()) continue;
      rows += fmt::format("| {} | {} | {} | {} |\n",
                          markdown_plain(fmt::format("{}:{}", cell.place.file, cell.place.line)),
                          markdown_plain(fmt::format("{} [{}]", cell.case_name, cell.column)),
                          markdown_plain(cell.before), markdown_plain(cell.actual));
    }
  }
  if (rows.empty()) return rows;
  return "\n## What the changed environment moved\n\n"
         "| place | case | before | now |\n|---|---|---|---|\n" +
         rows;
}

}  // namespace

std::string run_as_markdown(const RunResult& result) {
  const ClauseCoverage coverage = clause_coverage(result);
  std::string text = fmt::format(
      "# Conformance\n\n{}. Clauses that decided a cell: {} of {}.\n\n"
      "| page | title | status | cells | failed | |\n|---|---|---|---:|---:|---|\n",
      summary_sentence(result), coverage.covered.size(),
      coverage.covered.size() + coverage.missed.size());
  for (const PageResult& page : result.pages) text += page_row(page);
  return text + failures(result) + movements(result);
}

}  // namespace nsp

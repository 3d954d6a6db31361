// A run for people: a line a page, every failure in full, what moved, and how much of the semantics
// was exercised.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

enum class Ink : std::uint8_t { Green, Red, Yellow, Bold };

std::string paint(const RenderOptions& options, Ink ink, std::string_view text) {
  if (!options.color) return std::string(text);
  constexpr std::array<std::string_view, 4> kCodes{"32", "31", "33", "1"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
}

std::size_t passed(const PageResult& page) {
  return static_cast<std::size_t>(
      std::ranges::count(page.cells, CellStatus::Passed, &CellResult::status));
}

std::string page_score(const PageResult& page, const RenderOptions& options) {
  if (has_errors(page.diagnostics)) return paint(options, Ink::Red, "invalid");
  const std::size_t good = passed(page);
  return paint(options, good == page.cells.size() ? Ink::Green : Ink::Red,
               fmt::format("{}/{}", good, page.cells.size()));
}

// Path, title, score. The title gives way where the line would be too wide for the terminal.
std::string page_lines(const RunResult& result, const RenderOptions& options) {
  constexpr std::size_t kScoreWidth = 9;  // `1234/1234`
  constexpr std::size_t kGaps = 4;
  constexpr std::size_t kLeastTitle = 12;
  std::size_t path_width = 0;
  for (const PageResult& page : result.pages) {
    path_width = std::max(path_width, display_width(page.path));
  }
  const std::size_t taken = path_width + kScoreWidth + kGaps;
  const std::size_t room = std::max(kLeastTitle, options.width > taken ? options.width - taken : 0);
  TextTable table;
  for (const PageResult& page : result.pages) {
    table.rows.push_back(
        {printable(page.path), cut(printable(page.title), room), page_score(page, options)});
  }
  return to_string(table);
}

std::string cell_name(const CellResult& cell) {
  return printable(fmt::format("{} [{}]", cell.case_name, cell.column));
}

std::string position(const Place& place) {
  return printable(fmt::format("{}:{}:{}", place.file, place.line, place.column));
}

// `  expected  …`; the lines of a longer text stand under its first.
std::string labelled(std::string_view label, std::string_view value) {
  constexpr std::size_t kLabelWidth = 12;
  const std::string text =
      value.empty() ? "(nothing)\n" : indent_lines(printable(value, true), kLabelWidth);
  return fmt::format("  {:<10}{}", label, text.substr(value.empty() ? 0 : kLabelWidth));
}

std::string failure_text(const CellResult& cell, const RenderOptions& options) {
  std::string text =
      fmt::format("\n{}: {}\n  {}\n", position(cell.place), paint(options, Ink::Red, "failed"),
                  paint(options, Ink::Bold, cell_name(cell)));
  if (!cell.row_text.empty()) text += indent_lines(printable(cell.row_text, true), 2);
  text += labelled("expected", cell.expected) + labelled("actual", cell.actual);
  if (!cell.before.empty()) text += labelled("before", cell.before);
  if (!cell.clauses.empty()) text += labelled("rests on", join(cell.clauses, ", "));
  if (!cell.assumptions.empty()) text += labelled("assumes", join(cell.assumptions, ", "));
  return text + indent_lines(printable(cell.trace, true), 4);
}

std::string failures(const RunResult& result, const RenderOptions& options) {
  std::string text;
  for (const PageResult& page : result.pages) {
    for (const CellResult& cell : page.cells) {
      if (cell.status == CellStatus::Failed) text += failure_text(cell, options);
    }
  }
  return text;
}

// Every diagnostic of every page. Of a page with an error only the cells that can be judged were
// run.
std::string diagnostics(const RunResult& result, const RenderOptions& options) {
  std::string text;
  for (const PageResult& page : result.pages) {
    const bool invalid = has_errors(page.diagnostics);
    if (page.diagnostics.empty() || (options.quiet && !invalid)) continue;
    text += fmt::format("\n{}: {}\n", printable(page.path),
                        invalid ? paint(options, Ink::Red, "invalid")
                                : paint(options, Ink::Yellow, "run, with remarks"));
    for (const Diagnostic& diagnostic : page.diagnostics) {
      text += "  " + printable(to_string(diagnostic)) + "\n";
    }
  }
  return text;
}

// The regression run: outcomes that the changed environment gives otherwise than the page's own.
std::string movements(const RunResult& result, const RenderOptions& options) {
  std::string text;
  for (const PageResult& page : result.pages) {
    for (const CellResult& cell : page.cells) {
      if (cell.before.empty()) continue;
      text += fmt::format("  {}: {}\n    {} -> {}\n", position(cell.place), cell_name(cell),
                          printable(cell.before), printable(cell.actual));
    }
  }
  if (text.empty()) return text;
  return fmt::format("\n{}\n{}", paint(options, Ink::Bold, "moved by the changed environment:"),
                     text);
}

struct Tally {
  std::size_t pages = 0;
  std::size_t cells = 0;
  std::size_t passed = 0;
};

std::vector<std::string> tally_row(std::string_view name, const Tally& tally) {
  const auto number = [](std::size_t n) { return fmt::format("{:>6}", n); };
  return {std::string(name), number(tally.pages), number(tally.cells), number(tally.passed),
          number(tally.cells - tally.passed)};
}

// By how sure the pages are of what they say: documented, observed, inferred, local.
std::string conformance_table(const RunResult& result) {
  std::map<std::string, Tally, std::less<>> by_status;
  Tally all;
  for (const PageResult& page : result.pages) {
    for (Tally* tally : {&by_status[page.status.empty() ? "not stated" : page.status], &all}) {
      ++tally->pages;
      tally->cells += page.cells.size();
      tally->passed += passed(page);
    }
  }
  TextTable table{.header = {"conformance", " pages", " cells", "passed", "failed"}, .rows = {}};
  for (const auto& [status, tally] : by_status) {
    table.rows.push_back(tally_row(printable(status), tally));
  }
  table.rows.push_back(tally_row("all", all));
  return to_string(table);
}

// Words from `words`, as many a line as fit.
std::string wrapped(std::string_view start, const std::vector<std::string>& words,
                    std::size_t width) {
  std::string text;
  std::string line(start);
  for (const std::string& word : words) {
    if (line.size() + 1 + word.size() > width) {
      text += line + "\n";
      line.assign(start.size(), ' ');
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string coverage_lines(const RunResult& result, const RenderOptions& options) {
  const ClauseCoverage coverage = clause_coverage(result);
  std::string text = fmt::format("clauses that decided a cell: {} of {}\n", coverage.covered.size(),
                                 coverage.covered.size() + coverage.missed.size());
  if (coverage.missed.empty()) return text;
  return text + wrapped("  not exercised:", coverage.missed, options.width);
}

std::string last_line(const RunResult& result, const RenderOptions& options) {
  const bool good = exit_status(result) == 0;
  return paint(options, good ? Ink::Green : Ink::Red, summary_sentence(result)) + "\n";
}

}  // namespace

std::string run_as_text(const RunResult& result, const RenderOptions& options) {
  std::string text = options.quiet ? std::string() : page_lines(result, options);
  text += diagnostics(result, options);
  text += failures(result, options);
  if (!options.quiet) {
    text += movements(result, options) + "\n";
    // Tables of nothing would only hide that nothing was run.
    if (result.cells() != 0) {
      text += conformance_table(result) + "\n" + coverage_lines(result, options) + "\n";
    }
  } else if (!text.empty()) {
    text = text.substr(text.starts_with('\n') ? 1 : 0) + "\n";
  }
  return text + last_line(result, options);
}

}  // namespace nsp

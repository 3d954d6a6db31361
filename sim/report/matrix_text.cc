// The matrix for people: two grids, what enforcing changes, totals; for a terminal or as Markdown.

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text_table.h"
#include "sim/decision/describe.h"
#include "sim/report/matrix.h"

namespace nsp {
namespace {

constexpr std::string_view kLegend =
    ". allowed   X denied   ? undecided   - not a conversation   .→X changed when enforced";

bool has_changed(const MatrixCell& cell) {
  return cell.is_conversation && cell.now.verdict != cell.enforced.verdict;
}

std::string cell_text(const MatrixCell& cell, bool enforced) {
  if (enforced && has_changed(cell)) {
    return fmt::format("{}→{}", cell_mark(cell, false), cell_mark(cell, true));
  }
  return std::string(cell_mark(cell, enforced));
}

// The columns `begin` to `end` of one grid.
TextTable grid(const Matrix& matrix, bool enforced, std::size_t begin, std::size_t end) {
  TextTable table;
  table.header.push_back("from \\ to");
  for (std::size_t c = begin; c < end; ++c) table.header.push_back(matrix.columns[c]);
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    std::vector<std::string> row{matrix.rows[r]};
    for (std::size_t c = begin; c < end; ++c)
      row.push_back(cell_text(matrix.cells[r][c], enforced));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::size_t name_width(const Matrix& matrix) {
  std::size_t width = display_width("from \\ to");
  for (const std::string& row : matrix.rows) width = std::max(width, display_width(row));
  return width;
}

// One past the last column of the group that starts at `begin`: as many as fit, at least one.
std::size_t group_end(const Matrix& matrix, std::size_t begin, std::size_t room) {
  constexpr std::size_t kGap = 2;
  constexpr std::size_t kWidestMark = 3;
  std::size_t used = 0;
  std::size_t end = begin;
  while (end < matrix.columns.size()) {
    used += kGap + std::max(kWidestMark, display_width(matrix.columns[end]));
    if (end > begin && used > room) break;
    ++end;
  }
  return end;
}

std::string text_grid(const Matrix& matrix, bool enforced, std::size_t width) {
  constexpr std::size_t kIndent = 2;
  const std::size_t names = name_width(matrix) + kIndent;
  const std::size_t room = width > names ? width - names : 0;
  std::string text;
  for (std::size_t begin = 0; begin < matrix.columns.size();) {
    const std::size_t end = group_end(matrix, begin, room);
    if (begin != 0) text += '\n';
    text += to_string(grid(matrix, enforced, begin, end), kIndent);
    begin = end;
  }
  return text;
}

bool is_undecided(const MatrixCell& cell) {
  return cell.is_conversation && cell.now.verdict == Verdict::Undecided;
}

// The pairs whose cell `is_wanted`, with both outcomes.
TextTable pairs(const Policy& policy, const Matrix& matrix, bool (*is_wanted)(const MatrixCell&)) {
  TextTable table;
  table.header = {"from", "to", "change", "now", "if enforced"};
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
      const MatrixCell& cell = matrix.cells[r][c];
      if (!is_wanted(cell)) continue;
      table.rows.push_back({matrix.rows[r], matrix.columns[c],
                            std::string(to_string(cell.change())), outcome_text(policy, cell.now),
                            outcome_text(policy, cell.enforced)});
    }
  }
  return table;
}

std::string totals_text(const Matrix& matrix, bool enforced) {
  const MatrixTotals sum = totals(matrix, enforced);
  return fmt::format("{} allowed, {} denied, {} undecided", sum.allow, sum.deny, sum.undecided);
}

}  // namespace

std::string matrix_as_text(const Policy& policy, const Matrix& matrix,
                           const RenderOptions& options) {
  std::string sums = fmt::format("now: {}\nif enforced: {}\n", totals_text(matrix, false),
                                 totals_text(matrix, true));
  if (options.quiet) return sums;
  std::string text = "now\n" + text_grid(matrix, false, options.width);
  text += "\nif enforced\n" + text_grid(matrix, true, options.width);
  const TextTable changed = pairs(policy, matrix, has_changed);
  if (!changed.rows.empty()) text += "\nwhat enforcing changes\n" + to_string(changed, 2);
  const TextTable open = pairs(policy, matrix, is_undecided);
  if (!open.rows.empty()) text += "\nundecided for want of a fact\n" + to_string(open, 2);
  text += fmt::format("\n{}\n", kLegend);
  return printable(text + sums, true);
}

std::string matrix_as_markdown(const Policy& policy, const Matrix& matrix) {
  const std::size_t all = matrix.columns.size();
  std::string text = "## Now\n\n" + to_markdown(grid(matrix, false, 0, all));
  text += "\n## If enforced\n\n" + to_markdown(grid(matrix, true, 0, all));
  const TextTable changed = pairs(policy, matrix, has_changed);
  if (!changed.rows.empty()) text += "\n## What enforcing changes\n\n" + to_markdown(changed);
  const TextTable open = pairs(policy, matrix, is_undecided);
  if (!open.rows.empty()) text += "\n## Undecided for want of a fact\n\n" + to_markdown(open);
  text += fmt::format("\n`{}`\n\n- now: {}\n- if enforced: {}\n", kLegend,
                      totals_text(matrix, false), totals_text(matrix, true));
  return text;
}

}  // namespace nsp

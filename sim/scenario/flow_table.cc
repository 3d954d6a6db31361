#include "sim/scenario/flow_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/base/text.h"
#include "sim/scenario/outcome_cells.h"
#include "sim/scenario/table_view.h"

namespace nsp {
namespace {

std::optional<std::uint64_t> number_of(const PageCell* cell, PageProblems& problems) {
  if (cell == nullptr) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = cell->text.data() + cell->text.size();
  const auto [stop, error] = std::from_chars(cell->text.data(), end, number);
  if (error == std::errc() && stop == end && number > 0) return number;
  problems.error(*cell,
                 fmt::format("`{}` is no number of packets, expected 1 or more", cell->text));
  return std::nullopt;
}

bool has_column(const PageTable& table, std::string_view column) {
  const auto& cells = table.header.cells;
  return std::ranges::find(cells, column, &PageCell::text) != cells.end();
}

FlowRow read_row(const PageTable& table, const PageRow& row, PageProblems& problems) {
  const TableView view(table);
  FlowRow flow;
  flow.cell = row.cells.front();
  flow.name = required_text(view, row, "flow", problems);
  flow.source = row.source;
  flow.from = view.text(row, "from");
  if (has_column(table, "to")) flow.to = view.text(row, "to");
  if (const auto* cell = view.find(row, "name")) {
    flow.nameless = iequals(cell->text, "none");
    if (!flow.nameless) flow.host = host_name_of(*cell, problems);
  }
  flow.packets = number_of(view.find(row, "packets"), problems);
  [[maybe_unused]] const bool readable = read_outcome_cells(view, row, flow, problems);
  return flow;
}

}  // namespace

void read_flow_table(const PageTable& table, Section& section, PageProblems& problems) {
  const PageCell& first = table.header.cells.front();
  check_columns(table, {}, problems);
  if (section.traffic.empty()) {
    problems.error(first,
                   "a `flow` table needs traffic: name it with `capture` or `logs` in the "
                   "`scenario` block");
  }
  if (!section.flow_table) section.flow_table = first;
  for (const auto& row : table.rows) section.flows.push_back(read_row(table, row, problems));
}

}  // namespace nsp

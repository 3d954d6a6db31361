#include "sim/scenario/table_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/base/vocabulary.h"
#include "sim/scenario/outcome.h"

namespace nsp {
namespace {

// In the order of TableKind.
constexpr std::array<std::string_view, 9> kFirstHeaders{
    "resource", "rule", "link", "subnet", "private endpoint", "caller", "case", "calls", "flow"};

constexpr std::array<std::string_view, 9> kResource{
    "resource", "kind",         "profile",  "mode",  "publicNetworkAccess",
    "identity", "subscription", "firewall", "egress"};
constexpr std::array<std::string_view, 4> kRule{"rule", "profile", "direction", "allows"};
constexpr std::array<std::string_view, 4> kLink{"link", "local", "remote", "status"};
constexpr std::array<std::string_view, 2> kSubnet{"subnet", "service endpoints"};
constexpr std::array<std::string_view, 5> kPrivateEndpoint{"private endpoint", "resource", "subnet",
                                                           "status", "zone"};
constexpr std::array<std::string_view, 7> kCaller{
    "caller", "address", "credential", "subscription", "subnet", "trusted service", "note"};
constexpr std::array<std::string_view, 20> kCase{
    "case",    "from",     "to",       "as",        "via",
    "name",    "address",  "protocol", "operation", "publicNetworkAccess",
    "expect",  "Learning", "Enforced", "Audit",     "not associated",
    "because", "outbound", "inbound",  "logged",    "note"};

constexpr std::array<std::string_view, 15> kFlow{
    "flow",  "from",           "to",      "name",     "packets", "expect", "Learning", "Enforced",
    "Audit", "not associated", "because", "outbound", "inbound", "logged", "note"};

// Headers that only a `case` table would have together.
bool has(const PageTable& table, std::string_view header) {
  return std::ranges::any_of(table.header.cells,
                             [&](const PageCell& cell) { return iequals(cell.text, header); });
}

bool has_any_outcome(const PageTable& table) {
  static constexpr std::array<std::string_view, 6> kOutcomes{
      "Learning", "Enforced", "Audit", "because", "logged", "not associated"};
  return std::ranges::any_of(kOutcomes, [&](std::string_view word) { return has(table, word); });
}

// As the contract has them.
std::span<const std::string_view> columns_of(TableKind kind) {
  switch (kind) {
    case TableKind::Resource:
      return kResource;
    case TableKind::Rule:
      return kRule;
    case TableKind::Link:
      return kLink;
    case TableKind::Subnet:
      return kSubnet;
    case TableKind::PrivateEndpoint:
      return kPrivateEndpoint;
    case TableKind::Caller:
      return kCaller;
    case TableKind::Case:
      return kCase;
    case TableKind::Flow:
      return kFlow;
    case TableKind::Calls:
    case TableKind::Prose:
      break;
  }
  return {};
}

}  // namespace

TableKind kind_of(const PageTable& table) {
  if (table.header.cells.empty()) return TableKind::Prose;
  const auto found = std::ranges::find(kFirstHeaders, table.header.cells.front().text);
  return static_cast<TableKind>(found - kFirstHeaders.begin());
}

bool looks_like_cases(const PageTable& table) {
  const bool from = has(table, "from");
  const bool to = has(table, "to");
  return has(table, "expect") || (from && to) || ((from || to) && has_any_outcome(table));
}

std::string_view meant_kind(const PageTable& table) {
  const auto& cells = table.header.cells;
  if (cells.size() < 2 || kind_of(table) != TableKind::Prose) return {};
  const auto index = find_word(kFirstHeaders, cells.front().text);
  if (!index) return {};
  const auto columns = columns_of(static_cast<TableKind>(*index));
  const bool all_known = std::ranges::all_of(
      cells, [&](const PageCell& cell) { return find_word(columns, cell.text).has_value(); });
  return all_known ? kFirstHeaders[*index] : std::string_view();
}

void check_columns(const PageTable& table, std::span<const std::string_view> required,
                   PageProblems& problems) {
  const auto columns = columns_of(kind_of(table));
  const auto& cells = table.header.cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (std::ranges::find(columns, cells[i].text) == columns.end()) {
      problems.error(cells[i], unknown_word("column", cells[i].text, columns));
    }
    const auto before = cells.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::ranges::find(cells.begin(), before, cells[i].text, &PageCell::text) != before) {
      problems.error(cells[i], fmt::format("column `{}` stands twice", cells[i].text));
    }
  }
  for (const auto column : required) {
    if (std::ranges::find(cells, column, &PageCell::text) != cells.end()) continue;
    problems.error(cells.front(),
                   fmt::format("the `{}` table has no column `{}`", cells.front().text, column));
  }
}

const PageCell* TableView::find(const PageRow& row, std::string_view column) const {
  const auto& header = table_.header.cells;
  for (std::size_t i = 0; i < header.size() && i < row.cells.size(); ++i) {
    if (header[i].text == column) return row.cells[i].text.empty() ? nullptr : &row.cells[i];
  }
  return nullptr;
}

std::string_view TableView::text(const PageRow& row, std::string_view column) const {
  const auto* cell = find(row, column);
  return cell == nullptr ? std::string_view{} : std::string_view(cell->text);
}

bool yes_or_no(const PageCell* cell, bool otherwise, PageProblems& problems) {
  if (cell == nullptr) return otherwise;
  static constexpr std::array<std::string_view, 2> kWords{"no", "yes"};
  const auto index = find_word(kWords, cell->text);
  if (!index) problems.error(*cell, unknown_word("word", cell->text, kWords));
  return index ? *index == 1 : otherwise;
}

}  // namespace nsp

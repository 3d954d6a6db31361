#include "sim/scenario/case_table.h"

#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "sim/base/text.h"
#include "sim/model/caller_reader.h"
#include "sim/scenario/outcome_cells.h"
#include "sim/scenario/table_view.h"

namespace nsp {
namespace {

// The enumerator that the cell names; nothing where it is empty or, reported, unknown.
template <class E>
std::optional<E> word_of(const PageCell* cell, std::string_view what, PageProblems& problems) {
  if (cell == nullptr) return std::nullopt;
  const auto value = parse_word<E>(cell->text);
  if (!value) problems.error(*cell, unknown_word(what, cell->text, Vocabulary<E>::words));
  return value;
}

struct SourceAddress {
  std::optional<IpAddress> address;
  bool hidden = false;
};

// An address or `hidden`.
SourceAddress address_of(const PageCell* cell, PageProblems& problems) {
  if (cell == nullptr) return {};
  if (iequals(cell->text, "hidden")) return {std::nullopt, true};
  auto address = IpAddress::parse(cell->text);
  if (!address) {
    problems.error(*cell,
                   fmt::format("`{}` is no address, expected an IPv4 or IPv6 address or `hidden`",
                               cell->text));
  }
  return {address, false};
}

std::optional<Guid> subscription_of(const PageCell* cell, PageProblems& problems) {
  if (cell == nullptr) return std::nullopt;
  const auto subscription = parse_subscription(cell->text);
  if (subscription) return *subscription;
  problems.error(*cell, subscription.error());
  return std::nullopt;
}

class CaseReader {
 public:
  CaseReader(const TableView& view, const PageRow& row, PageProblems& problems)
      : view_(view), row_(row), problems_(problems) {}

  CaseRow read() {
    CaseRow result;
    result.cell = row_.cells.front();
    result.name = required_text(view_, row_, "case", problems_);
    result.source = row_.source;
    result.attempt = attempt();
    result.public_network_access =
        word<PublicNetworkAccess>("publicNetworkAccess", "publicNetworkAccess");
    const bool readable = read_outcome_cells(view_, row_, result, problems_);
    if (result.outcomes.empty() && !result.logged && readable) {
      problems_.error(result.cell, fmt::format("case `{}` expects nothing, fill one outcome column",
                                               result.name));
    }
    return result;
  }

 private:
  template <class E>
  std::optional<E> word(std::string_view column, std::string_view what) {
    return word_of<E>(view_.find(row_, column), what, problems_);
  }

  Attempt attempt() {
    Attempt attempt;
    attempt.from = required_text(view_, row_, "from", problems_);
    attempt.to = required_text(view_, row_, "to", problems_);
    attempt.credential = word<Credential>("as", "credential");
    attempt.via = word<Via>("via", "path").value_or(Via::Auto);
    attempt.protocol = word<Protocol>("protocol", "protocol").value_or(Protocol::Https);
    const auto source = address_of(view_.find(row_, "address"), problems_);
    attempt.address = source.address;
    attempt.address_hidden = source.hidden;
    if (const auto* cell = view_.find(row_, "operation")) attempt.operation = cell->text;
    if (const auto* cell = view_.find(row_, "name")) attempt.name = host_name_of(*cell, problems_);
    return attempt;
  }

  const TableView& view_;
  const PageRow& row_;
  PageProblems& problems_;
};

Caller read_caller(const TableView& view, const PageRow& row, PageProblems& problems) {
  Caller caller;
  caller.name = required_text(view, row, "caller", problems);
  const auto source = address_of(view.find(row, "address"), problems);
  caller.address = source.address;
  caller.address_hidden = source.hidden;
  caller.credential = word_of<Credential>(view.find(row, "credential"), "credential", problems);
  caller.subscription = subscription_of(view.find(row, "subscription"), problems);
  caller.subnet = view.text(row, "subnet");
  caller.trusted_service = yes_or_no(view.find(row, "trusted service"), false, problems);
  caller.note = view.text(row, "note");
  caller.place = problems.place(row.cells.front());
  return caller;
}

// `.` allowed, `X` denied, `?` undecided.
std::optional<Verdict> grid_verdict(const PageCell& cell, PageProblems& problems) {
  if (cell.text.empty() || cell.text == "-") return std::nullopt;
  if (cell.text == ".") return Verdict::Allow;
  if (cell.text == "X") return Verdict::Deny;
  if (cell.text == "?") return Verdict::Undecided;
  problems.error(cell, fmt::format("unknown grid cell `{}`, expected `.` (allowed), `X` (denied), "
                                   "`?` (undecided) or `-` (not a conversation)",
                                   cell.text));
  return std::nullopt;
}

}  // namespace

void read_caller_table(const PageTable& table, Section& section, PageProblems& problems) {
  check_columns(table, {}, problems);
  const TableView view(table);
  std::unordered_set<std::string> names;
  for (const auto& caller : section.callers) names.insert(lower(caller.name));
  for (const auto& row : table.rows) {
    auto caller = read_caller(view, row, problems);
    if (!names.insert(lower(caller.name)).second) {
      problems.error(row.cells.front(), fmt::format("caller `{}` stands twice", caller.name));
    }
    section.callers.push_back(std::move(caller));
  }
}

void read_case_table(const PageTable& table, Section& section, PageProblems& problems) {
  static constexpr std::array<std::string_view, 2> kRequired{"from", "to"};
  const std::size_t before = section.cases.size();
  check_columns(table, kRequired, problems);
  const TableView view(table);
  for (const auto& row : table.rows) {
    section.cases.push_back(CaseReader(view, row, problems).read());
  }
  if (section.cases.size() == before) {
    problems.error(table.header.cells.front(), "the `case` table has no row");
  }
}

void read_calls_table(const PageTable& table, Section& section, PageProblems& problems) {
  const auto& header = table.header.cells;
  for (std::size_t i = 1; i < header.size(); ++i) {
    if (header[i].text.empty()) problems.error(header[i], "the column names no destination");
  }
  for (const auto& row : table.rows) {
    if (row.cells.front().text.empty())
      problems.error(row.cells.front(), "the row names no caller");
    for (std::size_t i = 1; i < header.size() && i < row.cells.size(); ++i) {
      const auto verdict = grid_verdict(row.cells[i], problems);
      if (!verdict) continue;
      section.grid.push_back(
          {row.cells.front().text, header[i].text, *verdict, row.cells[i], row.source});
    }
  }
}

}  // namespace nsp

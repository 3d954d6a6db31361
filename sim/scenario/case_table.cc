#include "sim/scenario/case_table.h"

#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "sim/base/text.h"
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
  std::string_view text = cell->text;
  constexpr std::string_view kPrefix = "/subscriptions/";
  if (iequals(text.substr(0, kPrefix.size()), kPrefix)) text.remove_prefix(kPrefix.size());
  const auto guid = Guid::parse(text);
  if (!guid) {
    problems.error(*cell, fmt::format("`{}` is no subscription, expected a GUID", cell->text));
  }
  return guid;
}

// The cell that a row must fill, reported when it is empty.
std::string required(const TableView& view, const PageRow& row, std::string_view column,
                     PageProblems& problems) {
  if (const auto* cell = view.find(row, column)) return cell->text;
  problems.error(problems.place(row.line, 1), fmt::format("the row has no `{}`", column));
  return {};
}

class CaseReader {
 public:
  CaseReader(const TableView& view, const PageRow& row, PageProblems& problems)
      : view_(view), row_(row), problems_(problems) {}

  CaseRow read() {
    CaseRow result;
    result.cell = row_.cells.front();
    result.name = required(view_, row_, "case", problems_);
    result.source = row_.source;
    result.attempt = attempt();
    result.public_network_access =
        word<PublicNetworkAccess>("publicNetworkAccess", "publicNetworkAccess");
    result.because = because();
    for (std::size_t i = 0; i < Vocabulary<CaseColumn>::words.size(); ++i) {
      add_outcome(static_cast<CaseColumn>(i), result);
    }
    add_logged(result);
    if (result.outcomes.empty() && !result.logged && !misread_) {
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
    attempt.from = required(view_, row_, "from", problems_);
    attempt.to = required(view_, row_, "to", problems_);
    attempt.credential = word<Credential>("as", "credential");
    attempt.via = word<Via>("via", "path").value_or(Via::Auto);
    attempt.protocol = word<Protocol>("protocol", "protocol").value_or(Protocol::Https);
    const auto source = address_of(view_.find(row_, "address"), problems_);
    attempt.address = source.address;
    attempt.address_hidden = source.hidden;
    if (const auto* cell = view_.find(row_, "operation")) attempt.operation = cell->text;
    if (const auto* cell = view_.find(row_, "name")) attempt.name = host(*cell);
    return attempt;
  }

  std::optional<DomainName> host(const PageCell& cell) {
    auto name = DomainName::parse(cell.text);
    if (name) return *std::move(name);
    problems_.error(cell, name.error());
    return std::nullopt;
  }

  std::optional<ExpectedReason> because() {
    const auto* cell = view_.find(row_, "because");
    if (cell == nullptr) return std::nullopt;
    auto reason = parse_reason(cell->text);
    if (reason) return *std::move(reason);
    problems_.error(*cell, reason.error());
    return std::nullopt;
  }

  void add_outcome(CaseColumn column, CaseRow& result) {
    const auto* cell = view_.find(row_, to_string(column));
    if (cell == nullptr) return;
    auto expected = parse_outcome(cell->text);
    if (!expected) {
      misread_ = true;
      problems_.error(*cell, expected.error());
      return;
    }
    const bool own_reason = expected->reason.has_value();
    if (!own_reason) expected->reason = result.because;
    result.outcomes.push_back({column, *std::move(expected), own_reason, *cell});
  }

  void add_logged(CaseRow& result) {
    const auto* cell = view_.find(row_, "logged");
    if (cell == nullptr) return;
    auto categories = parse_categories(cell->text);
    if (categories) {
      result.logged = LoggedCell{*std::move(categories), *cell};
    } else {
      misread_ = true;
      problems_.error(*cell, categories.error());
    }
  }

  const TableView& view_;
  const PageRow& row_;
  PageProblems& problems_;
  bool misread_ = false;  // an outcome stands there, but could not be read
};

Caller read_caller(const TableView& view, const PageRow& row, PageProblems& problems) {
  Caller caller;
  caller.name = required(view, row, "caller", problems);
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

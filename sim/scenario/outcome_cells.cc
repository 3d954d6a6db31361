#include "sim/scenario/outcome_cells.h"

#include <fmt/format.h>

namespace nsp {
namespace {

class OutcomeReader {
 public:
  OutcomeReader(const TableView& view, const PageRow& row, OutcomeRow& into, PageProblems& problems)
      : view_(view), row_(row), into_(into), problems_(problems) {}

  bool read() {
    read_because();
    for (std::size_t i = 0; i < Vocabulary<CaseColumn>::words.size(); ++i) {
      read_outcome(static_cast<CaseColumn>(i));
    }
    read_logged();
    return readable_;
  }

 private:
  void read_because() {
    const auto* cell = view_.find(row_, "because");
    if (cell == nullptr) return;
    auto reason = parse_reason(cell->text);
    if (reason) {
      into_.because = *std::move(reason);
    } else {
      problems_.error(*cell, reason.error());
    }
  }

  void read_outcome(CaseColumn column) {
    const auto* cell = view_.find(row_, to_string(column));
    if (cell == nullptr) return;
    auto expected = parse_outcome(cell->text);
    if (!expected) return misread(*cell, expected.error());
    const bool own_reason = expected->reason.has_value();
    if (!own_reason) expected->reason = into_.because;
    into_.outcomes.push_back({column, *std::move(expected), own_reason, *cell});
  }

  void read_logged() {
    const auto* cell = view_.find(row_, "logged");
    if (cell == nullptr) return;
    auto categories = parse_categories(cell->text);
    if (!categories) return misread(*cell, categories.error());
    into_.logged = LoggedCell{*std::move(categories), *cell};
  }

  void misread(const PageCell& cell, std::string message) {
    readable_ = false;
    problems_.error(cell, std::move(message));
  }

  const TableView& view_;
  const PageRow& row_;
  OutcomeRow& into_;
  PageProblems& problems_;
  bool readable_ = true;
};

}  // namespace

std::string required_text(const TableView& view, const PageRow& row, std::string_view column,
                          PageProblems& problems) {
  if (const auto* cell = view.find(row, column)) return cell->text;
  problems.error(problems.place(row.line, 1), fmt::format("the row has no `{}`", column));
  return {};
}

std::optional<DomainName> host_name_of(const PageCell& cell, PageProblems& problems) {
  auto name = DomainName::parse(cell.text);
  if (name) return *std::move(name);
  problems.error(cell, name.error());
  return std::nullopt;
}

bool read_outcome_cells(const TableView& view, const PageRow& row, OutcomeRow& into,
                        PageProblems& problems) {
  return OutcomeReader(view, row, into, problems).read();
}

}  // namespace nsp

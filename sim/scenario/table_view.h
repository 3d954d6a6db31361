// A table of a page seen by its column names, and the columns that each kind of table has.
//
// Lifetime: refers to the PageTable it was made from.
#ifndef NSP_SIM_SCENARIO_TABLE_VIEW_H_
#define NSP_SIM_SCENARIO_TABLE_VIEW_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/markdown.h"
#include "sim/scenario/page_problems.h"

namespace nsp {

// The kinds of table that a page executes, by first header.
enum class TableKind : std::uint8_t {
  Resource,
  Rule,
  Link,
  Subnet,
  PrivateEndpoint,
  Caller,
  Case,
  Calls,
  Flow,
  Prose
};

[[nodiscard]] TableKind kind_of(const PageTable& table);
// A table of no known kind whose headers look like those of a `case` table.
[[nodiscard]] bool looks_like_cases(const PageTable& table);

// The word that the table's first header would be if its case were as the contract writes it and
// all other headers are columns of that kind; empty otherwise. `Resource | Kind` is a mistake,
// `Resource | Meaning` is prose.
[[nodiscard]] std::string_view meant_kind(const PageTable& table);

// Reports unknown and repeated columns, and those of `required` that are missing.
void check_columns(const PageTable& table, std::span<const std::string_view> required,
                   PageProblems& problems);

class TableView {
 public:
  explicit TableView(const PageTable& table) : table_(table) {}

  // The cell of that column; null when the table has no such column or the cell is empty.
  [[nodiscard]] const PageCell* find(const PageRow& row, std::string_view column) const;
  // Its text, or empty.
  [[nodiscard]] std::string_view text(const PageRow& row, std::string_view column) const;

 private:
  const PageTable& table_;
};

// `yes` or `no`; anything else is reported and reads as `otherwise`. Null reads as `otherwise`.
[[nodiscard]] bool yes_or_no(const PageCell* cell, bool otherwise, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TABLE_VIEW_H_

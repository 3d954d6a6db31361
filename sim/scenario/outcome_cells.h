// The cells that `case` and `flow` rows share: what is expected, and the small readers of words.
#ifndef NSP_SIM_SCENARIO_OUTCOME_CELLS_H_
#define NSP_SIM_SCENARIO_OUTCOME_CELLS_H_

#include <optional>
#include <string>
#include <string_view>

#include "sim/net/domain.h"
#include "sim/scenario/page.h"
#include "sim/scenario/page_problems.h"
#include "sim/scenario/table_view.h"

namespace nsp {

// The text that a row must have in this column; reported, and empty, where it has none.
[[nodiscard]] std::string required_text(const TableView& view, const PageRow& row,
                                        std::string_view column, PageProblems& problems);

// Nothing, and reported, where the cell is no host name.
[[nodiscard]] std::optional<DomainName> host_name_of(const PageCell& cell, PageProblems& problems);

// The outcome columns, `because` and `logged` of a row. False where one stands but could not be
// read.
[[nodiscard]] bool read_outcome_cells(const TableView& view, const PageRow& row, OutcomeRow& into,
                                      PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_OUTCOME_CELLS_H_

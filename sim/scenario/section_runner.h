// Runs the cases and grids of one section against one policy.
#ifndef NSP_SIM_SCENARIO_SECTION_RUNNER_H_
#define NSP_SIM_SCENARIO_SECTION_RUNNER_H_

#include <expected>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/decision/evaluate.h"
#include "sim/scenario/cell_recorder.h"
#include "sim/scenario/run_page.h"

namespace nsp {

class SectionRunner {
 public:
  // `judge` decides the cells; `own` is the page's own environment where `judge` is a candidate's,
  // else null. Where `judge` is null the cells are only listed. REQUIRES: all outlive this object.
  SectionRunner(const Page& page, std::size_t index, const RunOptions& options, const Policy* judge,
                const Policy* own, PageRun& out);

  void run();

 private:
  // The attempt of one row, bound to both policies.
  struct Row {
    const CaseRow* written = nullptr;
    Attempt attempt;  // with the caller's facts
    std::optional<BoundAttempt> bound;
    std::optional<BoundAttempt> bound_to_own;
  };
  [[nodiscard]] Attempt filled_in(const Attempt& written) const;
  void check_callers();
  void run_case(const CaseRow& written);
  void run_grid_cell(const GridCell& written);
  [[nodiscard]] Row bind_row(Attempt attempt, const PageCell& where);

  void run_outcome(const Row& row, const OutcomeCell& cell);
  void run_logged(const Row& row, const LoggedCell& cell);
  // `name` and `place`: of the cell.
  void tell(const Row& row, const Scope& scope, const Decision& decision, std::string_view name,
            const Place& place) const;
  [[nodiscard]] static Scope scope_of(const CaseRow& row, CaseColumn column,
                                      const BoundAttempt& bound);
  [[nodiscard]] static CaseColumn logged_column(const CaseRow& row);
  [[nodiscard]] static CellAnswer answer(const Policy& policy, const Decision& decision,
                                         const OutcomeCell& cell, const CaseRow& row);
  [[nodiscard]] static CellAnswer leg_answer(const Policy& policy, const Decision& decision,
                                             const OutcomeCell& cell, const CaseRow& row);

  [[nodiscard]] std::string trace_of(const BoundAttempt& bound, const Scope& scope) const;

  const Section& section_;
  const RunOptions& options_;
  const Policy* judge_;
  const Policy* own_;
  CellRecorder record_;
  std::unordered_map<std::string, Caller> callers_;  // by their names in lower case
  Readings readings_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_SECTION_RUNNER_H_

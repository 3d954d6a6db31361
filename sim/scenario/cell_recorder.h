// Turns what a cell comes to into its result: shared by the runners of cases and of flows.
#ifndef NSP_SIM_SCENARIO_CELL_RECORDER_H_
#define NSP_SIM_SCENARIO_CELL_RECORDER_H_

#include <functional>
#include <string>
#include <vector>

#include "sim/decision/decision.h"
#include "sim/scenario/run_page.h"

namespace nsp {

// What one cell comes to.
struct CellAnswer {
  bool held = false;
  std::string actual;
  std::string rewrite;           // empty: the cell cannot be rewritten
  std::vector<const Leg*> legs;  // of a decision that outlives this
  std::string undecided;         // why it could not be decided; empty: it was
};

// A bare verdict stays bare, unless the row's `because` would then be wrong.
[[nodiscard]] bool may_stay_bare(const OutcomeCell& cell, const OutcomeRow& row, bool because_fits);

class CellRecorder {
 public:
  // REQUIRES: all outlive this object.
  CellRecorder(const Page& page, const RunOptions& options, PageRun& out)
      : page_(page), options_(options), out_(out) {}

  // By the filter: part of the page's path or of the name, without case.
  [[nodiscard]] bool selected(const std::string& name) const;
  [[nodiscard]] Place place_of(const PageCell& cell) const;
  void error(Place place, std::string message);

  [[nodiscard]] CellResult start(const PageCell& cell, std::string name, std::string column) const;
  // A cell that is named and not judged.
  void list(CellResult result) { out_.result.cells.push_back(std::move(result)); }
  // `trace` is asked for where the cell failed.
  void finish(CellResult result, const CellAnswer& answer, const PageCell& cell,
              const std::function<std::string()>& trace);
  // Under `--strict` what nobody expected to be undecided is an error.
  void check_strict(const CellResult& result, const CellAnswer& answer, bool undecided_expected);

 private:
  const Page& page_;
  const RunOptions& options_;
  PageRun& out_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_CELL_RECORDER_H_

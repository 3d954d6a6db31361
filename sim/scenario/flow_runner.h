// Runs the `flow` rows of one section against the traffic that was read for it.
//
// Closed world: each flow is named by exactly one row. So beside the outcome cells each row is a
// test itself (column `flow`: its flows are there, as many packets as it says, and no other row
// names them), and the table is one more: no flow is left that nobody names.
//
// A row may name several flows; an outcome cell must hold for each. What a flow does not show is
// weighed as sim/decision/evidence.h says, with the page's own environment as the one that was in
// force.
#ifndef NSP_SIM_SCENARIO_FLOW_RUNNER_H_
#define NSP_SIM_SCENARIO_FLOW_RUNNER_H_

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "sim/decision/evidence.h"
#include "sim/scenario/cell_recorder.h"
#include "sim/scenario/run_page.h"

namespace nsp {

// The case name of the table's own test.
inline constexpr std::string_view kClosedWorld = "closed world";

// Two policies: the one that decides, and the page's own, in force when the traffic was seen.
struct FlowPolicies {
  const Policy* judge = nullptr;
  const Policy* own = nullptr;
};

class FlowRunner {
 public:
  // REQUIRES: all outlive this object. `policies` without a judge: the cells are only listed.
  FlowRunner(const Page& page, const Section& section, const RunOptions& options,
             FlowPolicies policies, std::span<const Observation> seen, PageRun& out);

  void run();

 private:
  using Weighed = std::expected<Evidence, std::string>;
  // One flow of a row, judged for one cell.
  struct Opinion {
    const Observation* seen = nullptr;
    Judgement judgement;
    std::string text;  // `deny: no inbound rule`, or why it cannot be judged
    bool judged = false;
    bool held = false;
  };
  using Opinions = std::vector<Opinion>;

  void match();
  void run_row(std::size_t index);
  void run_presence(const FlowRow& row, std::size_t index);
  void run_outcome(const FlowRow& row, const OutcomeCell& cell, std::size_t index);
  void run_logged(const FlowRow& row, const LoggedCell& cell, std::size_t index);
  void run_closed_world();

  [[nodiscard]] bool of_records() const { return section_.traffic.captures.empty(); }
  [[nodiscard]] std::string presence(std::size_t index) const;
  [[nodiscard]] std::expected<Scope, std::string> scope_of(const Policy& policy,
                                                           const Observation& seen,
                                                           CaseColumn column) const;
  [[nodiscard]] std::expected<Judgement, std::string> judge_one(const Policy& policy,
                                                                std::size_t seen,
                                                                CaseColumn column) const;
  [[nodiscard]] Opinions opinions(const Policy& policy, std::size_t index,
                                  const OutcomeCell& cell) const;
  [[nodiscard]] std::vector<std::string> logged_on_the_wire(const Policy& policy, std::size_t seen,
                                                            CaseColumn column) const;
  [[nodiscard]] std::string logged(const Policy& policy, std::size_t index,
                                   CaseColumn column) const;
  [[nodiscard]] CellAnswer answer(const FlowRow& row, const OutcomeCell& cell,
                                  const Opinions& all) const;
  [[nodiscard]] std::string trace_of(const Opinions& all, CaseColumn column) const;
  [[nodiscard]] CellResult start(const FlowRow& row, const PageCell& cell, std::string column,
                                 std::string expected) const;

  const Section& section_;
  FlowPolicies policies_;
  std::span<const Observation> seen_;
  CellRecorder record_;
  Readings readings_;
  std::vector<Weighed> evidence_;                // one an observation
  std::vector<std::vector<std::size_t>> named_;  // the observations of each row
  std::vector<std::vector<std::size_t>> names_;  // the rows of each observation
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_FLOW_RUNNER_H_

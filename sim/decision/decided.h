// An attempt with the decision on it, as handed to whoever wants to know of every decision that a
// run makes: the writer of access-log records (sim/access_log/record_writer.h).
//
// Pages and the line protocol know nothing of records; they tell a listener what they judged, and
// the program ties the two together.
//
// Lifetime: all references, for the length of the call only. Thread safety: a listener is called by
// one thread, in the order of the cases or lines.
#ifndef NSP_SIM_DECISION_DECIDED_H_
#define NSP_SIM_DECISION_DECIDED_H_

#include <functional>
#include <string_view>

#include "sim/base/diagnostic.h"
#include "sim/decision/evaluate.h"
#include "sim/traffic/attempt.h"

namespace nsp {

// Where on a page an attempt stands.
struct DecidedCell {
  std::string_view name;  // of its case
  const Place& place;
  const Place& section;  // of the block that governs it: one environment
};

// REQUIRES: `decision` is evaluate(policy, bound, scope, readings), and `bound` is `attempt` bound
// to `policy`.
struct Decided {
  const Policy& policy;
  const Attempt& attempt;  // with the caller's facts filled in
  const BoundAttempt& bound;
  const Scope& scope;
  const Readings& readings;
  const Decision& decision;
  const DecidedCell* cell = nullptr;  // null: of no page
};

// Empty: nobody listens.
using DecisionListener = std::function<void(const Decided&)>;

}  // namespace nsp

#endif  // NSP_SIM_DECISION_DECIDED_H_

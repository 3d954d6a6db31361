// The trace of a decision: every clause and every rule looked at, in order, with the one fact that
// kept it from matching.
//
// A tree of two levels that follows the evaluator's own control flow: steps, and under a step the
// rules it tried.
#ifndef NSP_SIM_DECISION_TRACE_H_
#define NSP_SIM_DECISION_TRACE_H_

#include <string>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/decision/clause.h"
#include "sim/policy/rule_ref.h"

namespace nsp {

// One element of one rule: `203.0.113.0/28`, and why it did not match ("source 203.0.113.20 is 5
// past the end of …").
struct RuleTrial {
  RuleRef rule;
  std::string rule_name;
  std::string element;
  bool matched = false;
  std::string why;
};

struct TraceStep {
  enum class Outcome : std::uint8_t { Decided, Passed };  // Passed: looked at, did not decide
  Direction direction = Direction::Inbound;
  Clause clause = Clause::In1;
  Outcome outcome = Outcome::Passed;
  std::string text;  // "not in the same perimeter: `office` is no resource of the environment"
  std::vector<RuleTrial> trials;
};

struct Trace {
  std::vector<TraceStep> steps;
};

}  // namespace nsp

#endif  // NSP_SIM_DECISION_TRACE_H_

#include "sim/scenario/trace_text.h"

#include <fmt/format.h>

namespace nsp {
namespace {

std::string leg_title(const Policy& policy, const BoundAttempt& attempt, Direction direction) {
  const Index resource = direction == Direction::Outbound ? attempt.caller : attempt.destination;
  const std::string name = resource == kNone
                               ? std::string("a host outside the environment")
                               : fmt::format("`{}`", display_name(policy.environment(), resource));
  return fmt::format("{} leg at {}\n", to_string(direction), name);
}

std::string step_line(const TraceStep& step) {
  const bool decided = step.outcome == TraceStep::Outcome::Decided;
  const auto& clause = facts(step.clause);
  return fmt::format("  {:<8} {:<6} {:<10}  {}\n", decided ? "decided" : "passed", clause.id,
                     to_string(clause.grade), step.text);
}

std::string trial_line(const RuleTrial& trial) {
  return fmt::format("      {} `{}` {}{}{}\n", trial.matched ? "match" : "miss ", trial.rule_name,
                     trial.element, trial.why.empty() ? "" : ": ", trial.why);
}

}  // namespace

std::string trace_text(const Policy& policy, const BoundAttempt& attempt, const Trace& trace) {
  std::string text;
  const TraceStep* before = nullptr;
  for (const auto& step : trace.steps) {
    if (before == nullptr || before->direction != step.direction) {
      text += leg_title(policy, attempt, step.direction);
    }
    text += step_line(step);
    for (const auto& trial : step.trials) text += trial_line(trial);
    before = &step;
  }
  return text;
}

}  // namespace nsp

// From legs to the attempt (G-2), and the two facts that are not steps of a leg: an access mode and
// a publicNetworkAccess that nobody knows. For those every possible value is tried; only when the
// verdicts differ is the leg undecided (G-10).

#include "sim/decision/evaluate.h"

#include <array>

#include "sim/decision/leg.h"

namespace nsp {
namespace {

Leg decide_known(const LegInput& input, Direction direction) {
  return direction == Direction::Inbound ? decide_inbound(input) : decide_outbound(input);
}

Leg undecided(const LegInput& input, Direction direction, Fact fact, std::string_view text) {
  LegMaker make(input, direction);
  make.maybe(fact);
  if (make.traced()) make.pass(Clause::G10, std::string(text));
  return make.deny(Clause::G10, Reason::Missing);
}

// A leg as it would be with `self` in place of the real end, shown as the real end.
struct Supposed {
  Leg leg;
  Doubt doubt;
};

template <class Decide>
Supposed suppose(const LegInput& input, Direction direction, const End& self, Trace* trace,
                 Decide decide) {
  Supposed supposed;
  const LegInput changed{input.policy, input.attempt, input.readings, self,
                         input.other,  trace,         &supposed.doubt};
  supposed.leg = decide(changed, direction);
  supposed.leg.mode = input.self.associated() ? input.self.mode : AccessMode::Unknown;
  supposed.leg.public_network_access = input.self.access;
  return supposed;
}

// The stage at which mode and publicNetworkAccess are asked: whether perimeter rules count at all
// depends on them where C5 is read so, and what a resource without an association says always does.
Stage switch_stage(const LegInput& input, Direction direction) {
  if (!input.self.associated()) return Stage::Membership;
  const bool rules_wait = direction == Direction::Inbound &&
                          !input.readings.is_default(Matter::C5) &&
                          (input.self.access == PublicNetworkAccess::Disabled ||
                           input.self.access == PublicNetworkAccess::Unknown);
  return rules_wait ? Stage::PerimeterRules : Stage::Resource;
}

// The fact to name where the verdicts differ: one that was missing before the switch was asked,
// else the switch.
Fact first_fact(const LegInput& input, Direction direction, const Doubt& doubt, Fact of_switch) {
  const bool earlier = doubt.fact != Fact::None && doubt.stage < switch_stage(input, direction);
  return earlier ? doubt.fact : of_switch;
}

Leg decide_unknown_access(const LegInput& input, Direction direction) {
  using enum PublicNetworkAccess;
  End self = input.self;
  self.access = Enabled;
  const Supposed enabled = suppose(input, direction, self, nullptr, decide_known);
  for (const PublicNetworkAccess access : {Disabled, SecuredByPerimeter}) {
    self.access = access;
    const Supposed other = suppose(input, direction, self, nullptr, decide_known);
    if (other.leg.verdict != enabled.leg.verdict) {
      return undecided(input, direction,
                       first_fact(input, direction, enabled.doubt, Fact::PublicNetworkAccess),
                       "publicNetworkAccess is not known, and the verdict depends on it");
    }
  }
  self.access = Enabled;
  return suppose(input, direction, self, input.trace, decide_known).leg;
}

Leg decide_with_access(const LegInput& input, Direction direction) {
  // Enforced acts as SecuredByPerimeter (G-8): the resource's own switch is not needed.
  const bool needed = !input.self.associated() || input.self.mode != AccessMode::Enforced;
  if (needed && input.self.access == PublicNetworkAccess::Unknown) {
    return decide_unknown_access(input, direction);
  }
  return decide_known(input, direction);
}

Leg decide_unknown_mode(const LegInput& input, Direction direction) {
  End self = input.self;
  self.mode = AccessMode::Enforced;
  const Supposed enforced = suppose(input, direction, self, nullptr, decide_with_access);
  self.mode = AccessMode::Learning;
  const Supposed learning = suppose(input, direction, self, nullptr, decide_with_access);
  if (learning.leg.verdict != enforced.leg.verdict) {
    return undecided(input, direction,
                     first_fact(input, direction, enforced.doubt, Fact::AccessMode),
                     "accessMode is not known, and the verdict depends on it");
  }
  return suppose(input, direction, self, input.trace, decide_with_access).leg;
}

Leg decide_leg(const LegInput& input, Direction direction) {
  if (input.self.associated() && input.self.mode == AccessMode::Unknown) [[unlikely]] {
    return decide_unknown_mode(input, direction);
  }
  return decide_with_access(input, direction);
}

// G-2: a denial outweighs a gap, a gap outweighs an allowance; of equals the first leg that denied
// or could not be decided names the reason, and of an allowed attempt the inbound leg.
void combine(Decision& decision) {
  const auto legs = decision.legs();
  const auto first_with = [&](Verdict verdict) -> std::optional<std::uint8_t> {
    for (std::uint8_t i = 0; i < decision.leg_count; ++i) {
      if (legs[i].verdict == verdict) return i;
    }
    return std::nullopt;
  };
  std::optional<std::uint8_t> deciding = first_with(Verdict::Deny);
  if (!deciding) deciding = first_with(Verdict::Undecided);
  decision.deciding_leg = deciding.value_or(static_cast<std::uint8_t>(legs.size() - 1));
  const Leg& leg = decision.leg[decision.deciding_leg];
  decision.verdict = leg.verdict;
  decision.reason = leg.reason;
  decision.missing = leg.missing;
}

Decision control_plane(Trace* trace) {
  Decision decision;
  decision.verdict = Verdict::Allow;
  decision.reason = Reason::ControlPlane;
  if (trace != nullptr) {
    trace->steps.push_back(
        {Direction::Inbound, Clause::G1, TraceStep::Outcome::Decided, "allow: control plane", {}});
  }
  return decision;
}

Decision decide(const Policy& policy, const BoundAttempt& attempt, const Scope& scope,
                const Readings& readings, Trace* trace) {
  if (attempt.operation == Operation::Control) return control_plane(trace);
  const End caller = end_of(policy, scope, attempt.caller);
  const End destination = end_of(policy, scope, attempt.destination);
  Decision decision;
  if (attempt.caller != kNone) {
    decision.leg[decision.leg_count++] =
        decide_leg({policy, attempt, readings, caller, destination, trace}, Direction::Outbound);
  }
  if (attempt.destination != kNone) {
    decision.leg[decision.leg_count++] =
        decide_leg({policy, attempt, readings, destination, caller, trace}, Direction::Inbound);
  }
  combine(decision);
  return decision;
}

}  // namespace

Decision evaluate(const Policy& policy, const BoundAttempt& attempt, const Scope& scope,
                  const Readings& readings) {
  return decide(policy, attempt, scope, readings, nullptr);
}

Decision evaluate(const Policy& policy, const BoundAttempt& attempt, const Scope& scope,
                  const Readings& readings, Trace& trace) {
  return decide(policy, attempt, scope, readings, &trace);
}

}  // namespace nsp

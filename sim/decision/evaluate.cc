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

Leg undecided(const LegInput& input, Direction direction, Fact fact, std::string text) {
  LegMaker make(input, direction);
  make.maybe(fact);
  if (make.traced()) make.pass(Clause::G10, std::move(text));
  return make.deny(Clause::G10, Reason::Missing);
}

LegInput with_self(const LegInput& input, const End& self, Trace* trace) {
  return {input.policy, input.attempt, input.readings, self, input.other, trace};
}

// What the leg would say with `self` in place of the real end, shown as the real end.
Leg suppose(const LegInput& input, Direction direction, const End& self, Trace* trace) {
  Leg leg = decide_known(with_self(input, self, trace), direction);
  leg.mode = input.self.associated() ? input.self.mode : AccessMode::Unknown;
  leg.public_network_access = input.self.access;
  return leg;
}

Leg decide_unknown_access(const LegInput& input, Direction direction) {
  using enum PublicNetworkAccess;
  End self = input.self;
  self.access = Enabled;
  const Leg enabled = suppose(input, direction, self, nullptr);
  for (const PublicNetworkAccess access : {Disabled, SecuredByPerimeter}) {
    self.access = access;
    if (suppose(input, direction, self, nullptr).verdict != enabled.verdict) {
      return undecided(input, direction, Fact::PublicNetworkAccess,
                       "publicNetworkAccess is not known, and the verdict depends on it");
    }
  }
  self.access = Enabled;
  return suppose(input, direction, self, input.trace);
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
  const Leg enforced = decide_with_access(with_self(input, self, nullptr), direction);
  self.mode = AccessMode::Learning;
  Leg learning = decide_with_access(with_self(input, self, nullptr), direction);
  if (learning.verdict != enforced.verdict) {
    return undecided(input, direction, Fact::AccessMode,
                     "accessMode is not known, and the verdict depends on it");
  }
  if (input.trace != nullptr) {
    learning = decide_with_access(with_self(input, self, input.trace), direction);
  }
  learning.mode = AccessMode::Unknown;
  return learning;
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
    for (std::uint8_t i = 0; i < legs.size(); ++i) {
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

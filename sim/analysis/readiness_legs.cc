#include "sim/analysis/readiness_legs.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/decision/describe.h"

namespace nsp {
namespace {

// A record that could not be judged still belongs to the resource that wrote it.
std::vector<SeenLeg> unjudged_leg(const Judged& judged, const Comparison& by, std::size_t number) {
  const Observation& observation = *judged.observation;
  if (!observation.recorded) return {};
  SeenLeg leg;
  leg.observation = number;
  leg.direction = direction_of(observation.recorded->category);
  const bool inbound = leg.direction == Direction::Inbound;
  const Lookup own =
      by.then->find_resource(inbound ? observation.attempt.to : observation.attempt.from);
  if (own.index == kNone) return {};
  leg.association = by.then->resource(own.index).association;
  if (leg.association == kNone) return {};
  leg.before = is_denial(observation.recorded->category) ? Verdict::Deny : Verdict::Allow;
  leg.now = leg.after = Verdict::Undecided;
  leg.reason_after = judged.error;
  leg.clause_after = Clause::G10;
  leg.judged = false;
  return {leg};
}

std::vector<SeenLeg> recorded_leg(const Judged& judged, std::size_t number) {
  const LogCategory category = judged.observation->recorded->category;
  const Leg* then = judged.then.decision.find(direction_of(category));
  const Leg* now = judged.now.decision.find(direction_of(category));
  if (then == nullptr || then->association == kNone) return {};
  SeenLeg leg;
  leg.observation = number;
  leg.direction = direction_of(category);
  leg.association = then->association;
  leg.before = is_denial(category) ? Verdict::Deny : Verdict::Allow;
  leg.now = judged.now.verdict;
  leg.after = judged.then.verdict;
  leg.reason_now = judged.now.reason;
  leg.reason_after = judged.then.reason;
  leg.clause_after = judged.then.clause;
  leg.notes = then->notes;
  if (now != nullptr) leg.notes |= now->notes;
  leg.agrees = judged.evidence.agrees;
  return {leg};
}

// One outcome of what several hypotheses give: the common one, else undecided.
void fold(Verdict& verdict, std::string& reason, Verdict other, const std::string& other_reason) {
  if (verdict == other) return;
  if (verdict != Verdict::Undecided) {
    reason = other == Verdict::Undecided ? other_reason
                                         : fmt::format("missing {}", to_string(Fact::Credential));
  }
  verdict = Verdict::Undecided;
}

// A flow on the wire, leg by leg, over every hypothesis that fits.
class WireLegs {
 public:
  WireLegs(const Judged& judged, const Comparison& by, std::size_t number)
      : judged_(judged), by_(by), number_(number) {}

  std::vector<SeenLeg> take() {
    for (const Hypothesis& hypothesis : judged_.evidence.fits) add(hypothesis);
    for (SeenLeg& leg : legs_) leg.before = leg.now;
    return std::move(legs_);
  }

 private:
  void add(const Hypothesis& hypothesis) {
    const Attempt attempt = filled_in(judged_.observation->attempt, hypothesis);
    const auto now = bind(*by_.now, attempt, by_.readings);
    const auto then = bind(*by_.then, attempt, by_.readings);
    if (!now || !then) return;
    const Decision decided = evaluate(*by_.then, *then, by_.scope_then, by_.readings);
    const Decision present = evaluate(*by_.now, *now, by_.scope_now, by_.readings);
    for (const Leg& leg : decided.legs()) {
      if (leg.association != kNone) add(leg, present.find(leg.direction));
    }
  }

  void add(const Leg& then, const Leg* now) {
    const Leg& before = now == nullptr ? then : *now;
    SeenLeg fresh;
    fresh.observation = number_;
    fresh.direction = then.direction;
    fresh.association = then.association;
    fresh.now = before.verdict;
    fresh.after = then.verdict;
    fresh.reason_now = reason_text(*by_.now, before);
    fresh.reason_after = reason_text(*by_.then, then);
    fresh.clause_after = then.clause;
    fresh.notes = then.notes | before.notes;
    const auto known = std::ranges::find(legs_, then.direction, &SeenLeg::direction);
    if (known == legs_.end()) {
      legs_.push_back(std::move(fresh));
      return;
    }
    fold(known->now, known->reason_now, fresh.now, fresh.reason_now);
    fold(known->after, known->reason_after, fresh.after, fresh.reason_after);
    known->notes |= fresh.notes;
  }

  const Judged& judged_;
  const Comparison& by_;
  std::size_t number_;
  std::vector<SeenLeg> legs_;
};

}  // namespace

Change SeenLeg::change() const {
  switch (after) {
    case Verdict::Allow:
      return now == Verdict::Deny && before == Verdict::Deny ? Change::Gained : Change::Unchanged;
    case Verdict::Deny:
      if (before == Verdict::Undecided) return Change::Undecided;
      return before == Verdict::Allow ? Change::Revoked : Change::Unchanged;
    case Verdict::Undecided:
      break;
  }
  return before == Verdict::Deny ? Change::Unchanged : Change::Undecided;
}

std::vector<SeenLeg> seen_legs(const Judged& judged, const Comparison& comparison,
                               std::size_t number) {
  if (!judged.error.empty()) return unjudged_leg(judged, comparison, number);
  if (judged.observation->recorded) return recorded_leg(judged, number);
  return WireLegs(judged, comparison, number).take();
}

}  // namespace nsp

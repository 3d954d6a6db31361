// The legs that somebody saw, each at its association: what happened then, and what would happen.
//
// Readiness is judged for each association, and an association judges one leg. A record tells of
// one leg; a flow on the wire has one or two, and each is judged alone here (G-2), whatever the
// other says. What happened is what was recorded; only where nothing was recorded is it what the
// configuration makes of it now. So a record of an allowed call is a blocker when Enforced refuses
// it, also where the configuration has changed since and does not explain the record (`agrees`).
//
// Thread safety: pure functions, plain values.
#ifndef NSP_SIM_ANALYSIS_READINESS_LEGS_H_
#define NSP_SIM_ANALYSIS_READINESS_LEGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "sim/analysis/judged.h"

namespace nsp {

struct SeenLeg {
  std::size_t observation = 0;  // which one, by the caller's numbers
  Direction direction = Direction::Inbound;
  Index association = kNone;
  Verdict before = Verdict::Allow;  // recorded, else as judged now
  Verdict now = Verdict::Allow;     // as judged now
  Verdict after = Verdict::Allow;   // as judged under the configuration to come
  std::string reason_now;
  std::string reason_after;
  Clause clause_after = Clause::In5;
  NoteSet notes;  // of now and of after
  bool agrees = true;
  bool judged = true;  // false: it could not be judged, `reason_after` says why

  // Revoked: it worked, and will be refused. Undecided: it may break. Gained: refused by the
  // configuration as it is, allowed by the one to come.
  [[nodiscard]] Change change() const;
};

// The associated legs of one observation; empty where neither end is associated. Of an observation
// that could not be judged: the leg that was recorded, where its association is known.
[[nodiscard]] std::vector<SeenLeg> seen_legs(const Judged& judged, const Comparison& comparison,
                                             std::size_t number);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_READINESS_LEGS_H_

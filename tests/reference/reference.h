// The semantics once more, without any index: the second opinion that the engine is held against.
//
// Written from scenarios/SEMANTICS.md alone, to be read beside it in one sitting. It walks every
// rule in turn, looks up names by comparing them, and answers questions in the order of the
// clauses. Nothing here is fast.
//
// Linked to tests only. Thread safety: pure functions.
#ifndef NSP_TESTS_REFERENCE_REFERENCE_H_
#define NSP_TESTS_REFERENCE_REFERENCE_H_

#include <expected>
#include <string>
#include <vector>

#include "sim/decision/decision.h"
#include "sim/decision/evaluate.h"
#include "sim/decision/reading.h"
#include "sim/model/environment.h"
#include "sim/traffic/attempt.h"

namespace nsp::reference {

struct LegOutcome {
  Direction direction = Direction::Inbound;
  Verdict verdict = Verdict::Deny;
  Reason reason = Reason::NoInboundRule;
  Clause clause = Clause::In5;
  Fact missing = Fact::None;            // when undecided
  std::string rule;                     // `office`, `ip 203.0.113.14`; empty: none
  std::vector<LogCategory> categories;  // in the order of writing

  bool operator==(const LegOutcome&) const = default;
};

struct Outcome {
  Verdict verdict = Verdict::Deny;
  Reason reason = Reason::NoInboundRule;
  Fact missing = Fact::None;
  std::vector<LegOutcome> legs;  // outbound before inbound; none for the control plane

  bool operator==(const Outcome&) const = default;
};

// The error says why the attempt is none: a name nobody bears, a managed identity that the caller
// does not have (P-9).
[[nodiscard]] std::expected<Outcome, std::string> decide(const Environment& environment,
                                                         const Attempt& attempt,
                                                         const Scope& scope = {},
                                                         const Readings& readings = {});

}  // namespace nsp::reference

#endif  // NSP_TESTS_REFERENCE_REFERENCE_H_

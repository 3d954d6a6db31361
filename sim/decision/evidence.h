// Verdicts on observations: attempts of which some facts were never seen.
//
// A capture does not show a credential; a record of an access log shows an address or a caller, and
// by its category what the service made of it. So an observation stands for several attempts that
// look alike. A Hypothesis fills in one combination of what was not seen: the credential, the
// subscription of a managed identity, whether the caller is a trusted service, in which subnet it
// sits where a service endpoint was used.
//
// Which hypotheses fit? A recorded category is evidence, twice over:
//   - of itself: `NspIntra…` and `NspCross…` are given only to a managed identity; any other public
//     category on the leg of two members of one perimeter means that none was shown (IN-2, OUT-2);
//     `NspPrivate…` means the private path.
//   - by the baseline, the configuration that was in force: a hypothesis under which the baseline
//     would have written another category, or named another perimeter rule, is ruled out. If that
//     rules out all of them, the model or the configuration differs from what was in force:
//     `agrees` is false, and only what the category says of itself is used. For a resource's own
//     rules the service has words of its own; a word that is one of ours rules out the others.
//
// The verdict of an observation is that of all its hypotheses where they agree, else undecided,
// with the value that gives each verdict (G-10: undecided only when some value would change it).
//
// Example: a record NspPublicInboundResourceRulesAllowed from 203.0.113.9 at a profile with a
// subscription rule. A managed identity of the listed subscription would have been recorded as
// …PerimeterRulesAllowed, so the caller showed none of that kind, and is denied when enforced. The
// same flow in a capture is undecided when enforced: `missing credential`.
//
// Cost: evaluations in proportion to hypotheses: 6 + subscriptions named by the profiles concerned
// (twice them where service principals count, U6); twice that for a record of the resource's own
// rules; for one of a service endpoint, times 1 + subnets named by the firewalls concerned. Thread
// safety: pure functions; policies are shared freely.
#ifndef NSP_SIM_DECISION_EVIDENCE_H_
#define NSP_SIM_DECISION_EVIDENCE_H_

#include <expected>
#include <string>
#include <vector>

#include "sim/decision/evaluate.h"
#include "sim/traffic/observation.h"

namespace nsp {

// One way to fill in what was not seen. Nothing stated: as the attempt has it.
struct Hypothesis {
  std::optional<Credential> credential = std::nullopt;
  std::optional<Guid> subscription = std::nullopt;
  bool trusted_service = false;
  bool other_subscription = false;  // of a subscription that no rule names
  std::string subnet = {};          // the id of one that a firewall concerned names
  bool other_subnet = false;        // in one that none of them names

  bool operator==(const Hypothesis&) const = default;
};
// `credential key`, `managed identity of subscription 1111…`, `as stated, in subnet vnet/apps`.
[[nodiscard]] std::string to_string(const Hypothesis& hypothesis);
// The attempt as it would be if the hypothesis were true.
[[nodiscard]] Attempt filled_in(const Attempt& seen, const Hypothesis& hypothesis);

struct Evidence {
  std::vector<Hypothesis> fits;  // never empty; in a fixed order
  // False: nothing that the baseline knows gives the recorded outcome.
  bool agrees = true;
  bool narrowed = false;  // what was recorded rules some hypotheses out
  // What the baseline predicts for the first hypothesis that fits: compared with what was recorded.
  Categories predicted;
  std::string predicted_rule;
};

// The hypotheses that fit the observation. Subscriptions and subnets are those that the rules of
// `baseline` and of `candidate` (may be the same) name, and one that neither does. The error is
// that of bind().
[[nodiscard]] std::expected<Evidence, std::string> weigh(const Policy& baseline,
                                                         const Policy& candidate,
                                                         const Observation& observation,
                                                         const Readings& readings = {});

// What one value of the missing facts gives.
struct Possibility {
  Hypothesis hypothesis;
  Verdict verdict = Verdict::Deny;
  std::string reason;
};

// The verdict on an observation under one policy and scope. For a record it is that of its own leg.
struct Judgement {
  Verdict verdict = Verdict::Deny;
  std::string reason;  // of the first hypothesis; `missing credential` and the like when undecided
  Clause clause = Clause::In5;
  Decision decision;                       // of the first hypothesis
  BoundAttempt bound;                      // of the first hypothesis, for a trace
  std::vector<Possibility> possibilities;  // when undecided: the first hypothesis of each outcome
};

// REQUIRES: `evidence` is of weigh() on this observation.
[[nodiscard]] std::expected<Judgement, std::string> judge(const Policy& policy,
                                                          const Observation& observation,
                                                          const Evidence& evidence,
                                                          const Scope& scope = {},
                                                          const Readings& readings = {});

// The same of one leg alone, whatever was recorded. The error: the observation has no such leg.
[[nodiscard]] std::expected<Judgement, std::string> judge_leg(
    const Policy& policy, const Observation& observation, Direction direction,
    const Evidence& evidence, const Scope& scope = {}, const Readings& readings = {});

}  // namespace nsp

#endif  // NSP_SIM_DECISION_EVIDENCE_H_

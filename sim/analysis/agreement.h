// Does the model fit what Azure recorded? For each record, the category and rule that the
// environment predicts against those in the log.
//
// A record agrees when some value of what it does not show gives its category, its rule and so its
// action (sim/decision/evidence.h). Those that do not are grouped by leg, profile, what was
// recorded and what was predicted, each with an explanation: usually the configuration has changed
// since, or the environment lacks a resource.
//
// Example: `NspPublicInboundPerimeterRulesAllowed by office` where `no inbound rule` is predicted:
// the profile has no rule `office`; it was renamed or removed since.
//
// Observations seen on the wire have nothing recorded and are left out. Order: heavier first, then
// as recorded. Thread safety: plain values.
#ifndef NSP_SIM_ANALYSIS_AGREEMENT_H_
#define NSP_SIM_ANALYSIS_AGREEMENT_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sim/analysis/judged.h"

namespace nsp {

struct RecordedOutcome {
  std::string category;  // its word, several joined by ` + `; `none`: no record is predicted
  std::string rule;      // empty: none

  auto operator<=>(const RecordedOutcome&) const = default;
  // `Approved` or `Denied`; empty where there is no record.
  [[nodiscard]] std::string_view action() const;
};

struct Disagreement {
  std::string resource;  // whose record it is
  std::string profile;   // as recorded
  RecordedOutcome recorded;
  RecordedOutcome predicted;
  Activity seen;
  // One of the observations, the first.
  std::string from;
  std::string to;
  std::string explanation;  // lower case, no full stop
};

struct Agreement {
  std::uint64_t agreeing = 0;  // events
  std::uint64_t disagreeing = 0;
  std::uint64_t unjudged = 0;  // of resources that the environment does not have
  std::vector<Disagreement> disagreements;

  // Of the events that could be judged; 1 where there are none.
  [[nodiscard]] double share() const;
  [[nodiscard]] bool empty() const { return agreeing + disagreeing + unjudged == 0; }
};

// The accessRulesVersions that were recorded, by lower-case profile name: more than one tells that
// the rules changed within the window.
using RuleVersions = std::map<std::string, std::set<std::string>>;

[[nodiscard]] Agreement compare_records(std::span<const Judged> judged,
                                        const Comparison& comparison,
                                        const RuleVersions& versions = {});

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_AGREEMENT_H_

// What breaks when an association is switched to Enforced, and is the evidence enough to say so?
//
// Three verdicts. `not ready`: something that was allowed would be refused. `insufficient
// evidence`: nothing seen would be refused, but what was seen leaves gaps (sim/analysis/coverage.h)
// that nobody has accepted. `ready`: neither. No records read as no evidence, never as safe.
//
// Associations are judged apart, each by its own legs (sim/analysis/readiness_legs.h). What would
// help is in sim/analysis/suggest.h, in which order to switch in sim/analysis/rollout.h.
//
// Example: storage in Learning with an open firewall, one rule `office`. 83 calls from 198.51.100.7
// are recorded as NspPublicInboundResourceRulesAllowed: not ready, 83 events, no inbound rule
// (IN-5).
//
// The result does not depend on the order of the observations. Thread safety: plain values.
#ifndef NSP_SIM_ANALYSIS_READINESS_H_
#define NSP_SIM_ANALYSIS_READINESS_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/analysis/coverage.h"
#include "sim/analysis/readiness_legs.h"

namespace nsp {

enum class ReadinessVerdict : std::uint8_t { Ready, NotReady, InsufficientEvidence };
template <>
struct Vocabulary<ReadinessVerdict> {
  static constexpr std::array<std::string_view, 3> words{"ready", "not ready",
                                                         "insufficient evidence"};
};

struct ReadinessOptions {
  CoverageOptions coverage;
  // The associations to switch, by association index; empty: all. The others stay as they are.
  std::vector<bool> selected;
  Readings readings;
  unsigned jobs = 1;
};

// Calls that look alike and would end alike: one line of a report.
struct Blocker {
  Direction direction = Direction::Inbound;
  std::string peer;        // inbound: the caller; outbound: the destination
  std::string credential;  // its word; empty: not known
  Path path = Path::Public;
  std::string now;   // `resource rule default action`
  std::string then;  // `no inbound rule`
  Clause clause = Clause::In5;
  Activity seen;
  std::vector<std::size_t> legs;  // into ReadinessReport::legs
};

// Everything of one caller (inbound) or destination (outbound) of an association.
struct Peer {
  Direction direction = Direction::Inbound;
  std::string name;
  Activity seen;
};

struct AssociationReadiness {
  Index association = kNone;
  std::string name;      // `nsp-ai/a-search`
  std::string resource;  // its display name
  std::string profile;   // `nsp-ai/default`
  AccessMode mode = AccessMode::Learning;
  bool enforced_already = false;  // nothing is left to switch

  ReadinessVerdict verdict = ReadinessVerdict::InsufficientEvidence;
  // In this order: what breaks, what is missing, or what speaks for it.
  std::vector<std::string> why;
  // Worth knowing, but not part of the verdict: accepted gaps, late records.
  std::vector<std::string> remarks;

  std::vector<Blocker> blockers;   // heaviest first
  std::vector<Blocker> undecided;  // the same form; `then` names the missing fact
  std::vector<EvidenceGap> gaps;
  std::array<std::uint64_t, 4> weights{};  // events of its legs, by Change
  Activity seen;
  Day silent_days = 0;  // of the window
  std::vector<Peer> peers;

  [[nodiscard]] std::uint64_t weight(Change change) const {
    return weights[static_cast<std::size_t>(change)];
  }
};

struct ReadinessReport {
  LogCoverage log;
  CoverageOptions asked;
  std::vector<AssociationReadiness> associations;  // the selected ones, in order of names
  std::vector<Judged> judged;                      // parallel to the observations
  std::vector<SeenLeg> legs;                       // of all observations, in their order
  std::vector<bool> selected;
  // Records of resources that are in no association, and such as cannot be judged: events.
  std::uint64_t elsewhere = 0;

  [[nodiscard]] std::size_t count(ReadinessVerdict verdict) const;
};

// Every selected association as if Enforced. REQUIRES: `selected` outlives the scope.
[[nodiscard]] Scope enforced_scope(const std::vector<bool>& selected);

// REQUIRES: policy and observations outlive the result, and the last instant of the observations is
// not after `as_of`.
[[nodiscard]] ReadinessReport assess_readiness(const Policy& policy,
                                               std::span<const Observation> observations,
                                               const ReadinessOptions& options);

// What to call the other end of a leg: a resource, `office (203.0.113.7)`, an address, a host name.
[[nodiscard]] std::string peer_name(const Judged& judged, const Comparison& comparison,
                                    Direction direction);

// The contract's exit statuses: 0 all are ready, 1 some are not, 4 none is not but the evidence is
// insufficient for some, 5 nothing was asked or no record was read.
[[nodiscard]] int exit_status(const ReadinessReport& report);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_READINESS_H_

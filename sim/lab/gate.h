// What a node decides by: from what it sees of a request to an attempt, and the decision on that.
//
// The address that a connection was made to tells the path, the address that it came from tells the
// seat of the caller (address_plan.h), and the credential on the wire tells who calls. A managed
// identity proves a resource wherever it calls from; every other credential leaves the caller to be
// whoever sits at that seat. Somebody at no seat (127.0.0.1: a program that was not started as a
// caller) is an outside caller of whom nothing else is known.
//
// The decision is the one evaluator's (sim/decision/evaluate.h). A token speaks for the perimeter
// that its resource was in when it was issued, so a decision on a token with another membership
// than today's is made in an environment that differs in just that.
//
// Thread safety: a Gate is used by one thread; attempt_of() is pure.
#ifndef NSP_SIM_LAB_GATE_H_
#define NSP_SIM_LAB_GATE_H_

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/decision/evaluate.h"
#include "sim/lab/edition.h"

namespace nsp::lab {

// A request as a node sees it, its credential aside.
struct Arrival {
  IpAddress local;                 // where the connection was made to
  IpAddress peer;                  // where it came from
  std::string host;                // of the `Host` field, without a port
  std::string operation = "data";  // as in an attempt
};

// Who calls, as far as the credential proves it.
struct Proven {
  Credential credential = Credential::Anonymous;
  // Of a managed identity: whose it is, and the perimeters that its token names. Nothing: the token
  // does not say, and today's membership counts.
  ResourceId identity;
  std::optional<std::vector<Guid>> perimeters;
};

// A decision with what it was made of. It has one leg, that of the end that decides (none for
// management): the other end makes its own. `edition` keeps alive what the others refer to.
struct GateDecision {
  EditionPtr edition;
  Attempt attempt;
  BoundAttempt bound;
  Scope scope;
  Decision decision;

  // Null where that leg was not judged: the resource is not modelled, or management.
  [[nodiscard]] const Leg* leg(Direction direction) const { return decision.find(direction); }
};

// The attempt that a request at the resource is. An error in words: the address is no seat of that
// resource.
[[nodiscard]] std::expected<Attempt, std::string> attempt_of(const Edition& edition, Index resource,
                                                             const Arrival& arrival,
                                                             const Proven& proven);

class Gate {
 public:
  explicit Gate(Readings readings) : readings_(readings) {}

  // At the destination: the inbound leg counts.
  [[nodiscard]] std::expected<GateDecision, std::string> arriving(const EditionPtr& edition,
                                                                  Index resource,
                                                                  const Arrival& arrival,
                                                                  const Proven& proven);
  // At a resource that calls: the outbound leg counts. `attempt.from` is the resource.
  [[nodiscard]] std::expected<GateDecision, std::string> leaving(const EditionPtr& edition,
                                                                 Attempt attempt) const;

  [[nodiscard]] const Readings& readings() const { return readings_; }

 private:
  using Membership = std::pair<Index, Guid>;
  struct Circumstances {
    EditionPtr edition;
    Index not_associated = kNone;
  };

  [[nodiscard]] Circumstances circumstances(const EditionPtr& edition, const Proven& proven);
  [[nodiscard]] EditionPtr with_membership(const EditionPtr& edition, Index resource,
                                           const Guid& perimeter);

  Readings readings_;
  // Of one edition: what it would be with a resource in another perimeter. Each is as large as the
  // edition: at most kMostVariants, then all are forgotten.
  static constexpr std::size_t kMostVariants = 32;
  EditionPtr variants_of_;
  std::map<Membership, EditionPtr> variants_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_GATE_H_

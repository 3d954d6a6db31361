// Which verdicts change between two environments: who may do what that he could not, and the other
// way round.
//
// The attempts that an environment can be asked about are endless; the questions that can differ
// are few. Rules only allow (G-3), so an attempt is let in for one fact about it at a time: the
// caller's membership, link, identity or instance; its address; its subscription; its subnet behind
// a service endpoint; its being a trusted service. And it is allowed when both legs allow it (G-2).
// So it is enough to ask of
//   - the outside world, each fact alone, at each resource: every piece of the address line that no
//     prefix of either side cuts, every subscription that either side names and one that neither
//     does, and so on, and a caller that shows nothing;
//   - each resource, every other resource, with each credential, at each host name;
//   - each resource, the host names outside: every pattern that either side names, and a name that
//     none fits;
//   - each subnet, by which path it reaches each resource now.
// A way out that changes behind a way in that needs an address, a subnet or a trusted service shows
// only where these are shown; such a change says what must be shown.
//
// Example: the base has a rule 203.0.113.0/28, the candidate 203.0.113.0/27: one change, from
// 203.0.113.16/28, deny to allow.
//
// Complete: an attempt that both environments can judge, and judge differently, is under some
// change. Minimal: every change has a witness, an attempt that really differs; what differs as a
// wider change does, is not told again. Both are tested on random environments
// (tests/differential/environment_diff_test.cc). A change of verdict from or to `undecided` counts;
// what is on one side only is judged as `absent` on the other, and told where the side that has it
// does not deny.
//
// Cost: resources that behave alike on both sides are one class, by hashing what decides about
// them. Where neither the class of the caller nor that of the called has changed, nothing is asked.
// Else evaluations in proportion to (classes of callers × kinds of destinations that a way out can
// tell apart) + (classes of destinations × kinds of callers that a way in can tell apart), times
// host names that patterns tell apart, times credentials; and for each changed class of
// destinations the pieces of the address line. tests/bench/diff_bench.cc measures it.
//
// Thread safety: pure functions, plain values.
#ifndef NSP_SIM_ANALYSIS_VERDICT_DIFF_H_
#define NSP_SIM_ANALYSIS_VERDICT_DIFF_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/decision/reading.h"
#include "sim/policy/policy.h"
#include "sim/traffic/attempt.h"

namespace nsp {

// What a change does. `Added` and `Removed`: one side has no such attempt, since it lacks the
// resource, or the caller's managed identity. `Path`: another path, the same verdict. `Reason`: the
// same verdict for another reason.
enum class Turn : std::uint8_t {
  Opened,   // denied before, allowed after
  Closed,   // allowed before, denied after
  Clouded,  // decided before, undecided after
  Decided,  // undecided before, decided after
  Added,
  Removed,
  Path,
  Reason,
};
inline constexpr std::size_t kTurnCount = static_cast<std::size_t>(Turn::Reason) + 1;

template <>
struct Vocabulary<Turn> {
  static constexpr std::array<std::string_view, kTurnCount> words{
      "opened", "closed", "undecided", "decided", "added", "removed", "path", "reason"};
};

// Of whom a change tells.
enum class Asked : std::uint8_t {
  Anyone,           // a caller that shows nothing that a rule could name, and all not named apart
  Address,          // an address of `values` is visible, prefixes
  Subscription,     // a managed identity of a subscription of `values`
  TrustedService,   // a service that the resource's bypass may trust
  Subnet,           // from a subnet of `values` through its service endpoint
  PrivateEndpoint,  // by the private endpoint
  Caller,           // a caller of `values` of the caller table
  Resource,         // a resource of `from`
  HostName,         // a resource of `from` to a host name of `values` outside
  Path,             // from a subnet of `values`, as names resolve there
};

template <>
struct Vocabulary<Asked> {
  static constexpr std::array<std::string_view, 10> words{
      "anyone",           "address", "subscription", "trusted service", "subnet",
      "private endpoint", "caller",  "resource",     "host name",       "path"};
};

// One side's answer. Reasons: the first few that were met, where a change stands for many attempts.
struct Answer {
  std::optional<Verdict> verdict;  // nothing: absent
  std::vector<std::string> reasons;

  bool operator==(const Answer&) const = default;
};
// `allow`, `absent`.
[[nodiscard]] std::string_view verdict_word(const Answer& answer);

struct Turned {
  Answer base;
  Answer candidate;

  // In its verdict. Absent and denied are alike: nothing passes.
  [[nodiscard]] bool differs() const;
  bool operator==(const Turned&) const = default;
};

// Names in `from` and `to` are display names of the side that has the resource, the candidate's
// where both have it. A resource that stands in both lists is not asked about itself.
struct VerdictChange {
  Asked asked = Asked::Anyone;
  Turn turn = Turn::Opened;
  bool only_enforced = false;  // as it is nothing changes; were all Enforced, this would
  std::vector<std::string> from;
  std::vector<std::string> to;
  std::vector<std::string> values;
  bool other_values = false;             // and any other: subscription, subnet, host name
  std::vector<std::string> credentials;  // `own`: the default; empty: whatever it is
  std::vector<std::string> host_names;   // `blob`: at these names of `to`; empty: at all
  std::vector<std::string> protocols;    // empty: whatever it is
  std::vector<std::string> shows;        // what the caller must show beside: prefixes, …
  // Nothing: as names resolve. Public: past the caller's shared private link. PrivateEndpoint.
  std::optional<Via> via;
  std::optional<std::array<Path, 2>> paths;  // of Asked::Path
  Turned now;
  Turned enforced;
  std::array<Attempt, 2> witness;  // at the base, at the candidate: the same one in their names

  bool operator==(const VerdictChange&) const = default;
};

struct VerdictQuestion {
  const Policy* base = nullptr;  // REQUIRES: both outlive the call
  const Policy* candidate = nullptr;
  std::vector<Caller> callers;
  Readings readings;
  bool reasons = false;  // the same verdict for another reason is a change, too
};

// In order: by destination, then by `asked`; what leaves to host names last.
struct VerdictDiff {
  std::vector<VerdictChange> changes;
  std::vector<std::string> only_base;       // resources
  std::vector<std::string> only_candidate;  // …
  std::size_t resources = 0;                // of both sides together
  std::size_t caller_classes = 0;
  std::size_t destination_classes = 0;
  std::uint64_t evaluations = 0;
};

[[nodiscard]] VerdictDiff diff_verdicts(const VerdictQuestion& question);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_VERDICT_DIFF_H_

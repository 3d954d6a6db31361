// What a changed configuration does to recorded traffic: what it revokes, what it gains, what it
// leaves open.
//
// Observations that look alike and are decided alike are one tuple: the same caller, destination,
// credential, path, leg and profile, with the same outcome before and after. Its weight is the
// number of events; a tuple is what a person can act on, and there are few of them in gigabytes.
//
// Nothing is dropped: what cannot be judged (a resource that the environment does not have) is
// grouped by the reason, with its weight.
//
// The order is by what matters first: revoked, gained, undecided, unchanged; the heavier first;
// then by name. It does not depend on the order of the observations. Thread safety: plain values.
#ifndef NSP_SIM_ANALYSIS_REPLAY_H_
#define NSP_SIM_ANALYSIS_REPLAY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sim/analysis/judged.h"

namespace nsp {

// Which observations count. An empty list admits all; of a list that is not, one entry must fit.
// Names are compared without case.
struct ReplayFilter {
  std::vector<std::string> profiles;  // `default` or `nsp-ai/default`, as recorded or as associated
  std::vector<std::string> rules;     // as recorded, else the one that the verdict rests on
  std::vector<LogCategory> categories;  // as recorded, else those that would be written
  std::vector<std::string> resources;   // at either end

  [[nodiscard]] bool empty() const {
    return profiles.empty() && rules.empty() && categories.empty() && resources.empty();
  }
};

// One value of the facts that nobody saw, and what it leads to: `credential key` → deny.
struct OpenChoice {
  std::string value;
  Verdict verdict = Verdict::Deny;
  std::string reason;

  auto operator<=>(const OpenChoice&) const = default;
};

struct ReplayOutcome {
  Verdict verdict = Verdict::Deny;
  std::string reason;  // `inbound rule office`
  Clause clause = Clause::In5;
  std::vector<OpenChoice> choices;  // when undecided

  auto operator<=>(const ReplayOutcome&) const = default;
};

// What makes two observations the same tuple.
struct ReplayKey {
  Change change = Change::Unchanged;
  Direction direction = Direction::Inbound;  // of the leg that was recorded, else that decided
  std::string caller;                        // what to call it: a binding's name, else as below
  std::string address;                       // the source address; empty: none was seen
  std::string resource;                      // the resource that called; empty: none of ours
  std::string to;                            // a resource, or a host name
  std::string profile;                       // `nsp-ai/default`; empty: not associated
  std::optional<Credential> credential;      // shown, or the only one that fits what was recorded
  Path path = Path::Public;
  ReplayOutcome now;
  ReplayOutcome then;

  auto operator<=>(const ReplayKey&) const = default;
};

struct ReplayTuple : ReplayKey {
  Activity seen;
  std::set<LogCategory> recorded;  // the categories of its records; none: seen on the wire
  // The nearest miss of what denies it then (sim/decision/nearest.h); empty when it is allowed.
  std::string nearest_miss;
};

struct Unjudged {
  std::string why;
  Activity seen;
};

struct Replay {
  std::vector<ReplayTuple> tuples;
  std::vector<Unjudged> unjudged;          // heavier first, then by reason
  std::array<std::uint64_t, 4> weights{};  // by Change
  std::uint64_t unjudged_weight = 0;

  [[nodiscard]] std::uint64_t weight(Change change) const {
    return weights[static_cast<std::size_t>(change)];
  }
  // Nothing passed the filter, or nothing was there.
  [[nodiscard]] bool empty() const { return tuples.empty() && unjudged.empty(); }
};

[[nodiscard]] Replay make_replay(std::span<const Judged> judged, const Comparison& comparison,
                                 const ReplayFilter& filter = {});

// Names in the filter that no observation has, a sentence each, with the nearest name that one has:
// "no record is of the profile `defualt`; did you mean `default`?".
[[nodiscard]] std::vector<std::string> unknown_names(std::span<const Judged> judged,
                                                     const Comparison& comparison,
                                                     const ReplayFilter& filter);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_REPLAY_H_

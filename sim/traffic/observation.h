// An observation: an attempt that somebody saw, with how often, when, and what was recorded of its
// outcome.
//
// Captures and access logs both become observations, so that everything behind (pages, replay,
// readiness) knows one form. What the observer could not see stays empty in the attempt, as
// everywhere; sim/decision/evidence.h says which values of it fit what was recorded, and which
// verdict each of them gives.
//
// Equal attempts with equal records are one observation: its `seen` and `packets` sum up. Thread
// safety: plain values.
#ifndef NSP_SIM_TRAFFIC_OBSERVATION_H_
#define NSP_SIM_TRAFFIC_OBSERVATION_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/time.h"
#include "sim/traffic/attempt.h"

namespace nsp {

// How often and when. `weight` counts events: the `count` of records summed, one a flow.
struct Activity {
  std::uint64_t weight = 0;
  Instant first = Instant::max();
  Instant last = Instant::min();
  DaySet days;  // on which something was seen, UTC

  void add(std::uint64_t events, Instant from, Instant to) {
    weight += events;
    first = std::min(first, from);
    last = std::max(last, to);
    days.insert(day_of(from), day_of(to));
  }
  void merge(const Activity& other) {
    weight += other.weight;
    first = std::min(first, other.first);
    last = std::max(last, other.last);
    days.merge(other.days);
  }
  bool operator==(const Activity&) const = default;
};

// What an access-log record says that the service decided. Its category also tells which leg it is
// of (direction_of).
struct Recorded {
  LogCategory category = LogCategory::NspPublicInboundResourceRulesAllowed;
  std::string rule;     // the matched rule's name; empty: none was recorded
  std::string profile;  // its name as recorded; may be empty

  bool operator==(const Recorded&) const = default;
};

struct Observation {
  // `to` is empty where nobody knows the destination: a flow without a host name to an address that
  // is bound to nothing.
  Attempt attempt;
  std::optional<Recorded> recorded;  // empty: seen on the wire, judged whole
  Activity seen;
  std::uint64_t packets = 0;  // both ways, of a capture; records do not say

  bool operator==(const Observation&) const = default;
};

}  // namespace nsp

#endif  // NSP_SIM_TRAFFIC_OBSERVATION_H_

// Observations made in code, for tests of what is said about recorded traffic.
#ifndef NSP_TESTS_UNIT_ANALYSIS_OBSERVATIONS_H_
#define NSP_TESTS_UNIT_ANALYSIS_OBSERVATIONS_H_

#include <string>
#include <string_view>

#include "sim/traffic/observation.h"

namespace nsp::test {

inline Activity activity(std::uint64_t weight, std::string_view first, std::string_view last = {}) {
  Activity seen;
  seen.add(weight, *parse_instant(first), *parse_instant(last.empty() ? first : last));
  return seen;
}

// A caller from outside who shows nothing but an address.
inline Observation on_the_wire(std::string_view address, std::string_view to,
                               std::uint64_t weight = 1) {
  Observation observation;
  observation.attempt.from = address;
  observation.attempt.outside = true;
  observation.attempt.address = IpAddress::parse(address);
  observation.attempt.to = to;
  observation.seen = activity(weight, "2026-06-01T10:00:00Z");
  return observation;
}

// … and what the log says of it.
inline Observation in_the_log(std::string_view address, std::string_view to, LogCategory category,
                              std::string_view rule = {}, std::uint64_t weight = 1) {
  Observation observation = on_the_wire(address, to, weight);
  observation.attempt.via = Via::Public;
  observation.recorded = Recorded{category, std::string(rule), "data"};
  return observation;
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_ANALYSIS_OBSERVATIONS_H_

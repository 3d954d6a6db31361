// What was read of recorded traffic, in numbers: the head of every report on it.
//
// Thread safety: plain values.
#ifndef NSP_SIM_ANALYSIS_TRAFFIC_COUNTS_H_
#define NSP_SIM_ANALYSIS_TRAFFIC_COUNTS_H_

#include <cstdint>
#include <map>
#include <numeric>
#include <string>

#include "sim/base/diagnostic.h"
#include "sim/traffic/observation.h"

namespace nsp {

using Tally = std::map<std::string, std::uint64_t>;  // what → how often

[[nodiscard]] inline std::uint64_t total(const Tally& tally) {
  return std::accumulate(
      tally.begin(), tally.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Tally::value_type& entry) { return sum + entry.second; });
}
inline void merge(Tally& into, const Tally& from) {
  for (const auto& [what, count] : from) into[what] += count;
}

struct TrafficCounts {
  std::uint64_t log_files = 0;
  std::uint64_t records = 0;  // of logs, read whatever their category
  Tally unreadable;           // records and lines that were not
  Tally unknown_categories;   // as written
  Tally unknown_columns;      // as written
  Tally unusable;             // events whose record tells too little: `no service resource`
  Diagnostics examples;       // the first places of unreadable records

  std::uint64_t capture_files = 0;
  std::uint64_t packets = 0;
  std::uint64_t flows = 0;
  Tally packet_problems;         // `truncated frame`
  Diagnostics capture_warnings;  // a file that ends early

  Activity seen;  // of all observations: the events, the window and its days

  bool operator==(const TrafficCounts&) const = default;
};

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_TRAFFIC_COUNTS_H_

// The flows of captures, condensed: each distinct attempt once, with how often and when.
//
// As LogTable is for access logs: what is behind reading works on this, and tables of parts merge
// into the table of the whole, whatever the parts and their order. Thread safety: plain values.
#ifndef NSP_SIM_TRAFFIC_CAPTURED_TRAFFIC_H_
#define NSP_SIM_TRAFFIC_CAPTURED_TRAFFIC_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/traffic/observation.h"

namespace nsp {

struct CapturedTraffic {
  struct Flows {
    Activity seen;
    std::uint64_t packets = 0;  // both ways

    bool operator==(const Flows&) const = default;
  };

  std::map<Attempt, Flows> attempts;
  std::uint64_t files = 0;
  std::uint64_t packets = 0;
  std::uint64_t flows = 0;
  std::map<std::string, std::uint64_t> problems;  // of packets and flows: kind → how often
  Diagnostics warnings;                           // such as a file that ends early; sorted

  // REQUIRES: seen on the wire, nothing recorded.
  void add(const Observation& observation);
  void merge(const CapturedTraffic& other);
  // In the order of the attempts.
  [[nodiscard]] std::vector<Observation> observations() const;

  bool operator==(const CapturedTraffic&) const = default;
};

}  // namespace nsp

#endif  // NSP_SIM_TRAFFIC_CAPTURED_TRAFFIC_H_

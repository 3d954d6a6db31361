// Which doors a caller's network namespace has, and where in the lab each leads.
//
// In the namespace everything is where a client expects it: HTTPS at 443, HTTP at 80, DNS at 53,
// the metadata service at 169.254.169.254. The lab has its own ports, since a user may not open
// those. A door at 0.0.0.0 takes every address of the namespace; the one that a client called tells
// the node.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_WIRE_RELAY_PLAN_H_
#define NSP_SIM_LAB_WIRE_RELAY_PLAN_H_

#include <optional>
#include <vector>

#include "sim/lab/lab.h"
#include "sim/lab/wire/endpoint.h"

namespace nsp::lab {

inline constexpr IpAddress kMetadataService = IpAddress::from_v4(0xa9fe'a9fe);  // 169.254.169.254

struct Door {
  Endpoint at;
  bool datagrams = false;  // UDP rather than TCP

  bool operator==(const Door&) const = default;
};

// No two alike; at most kMostDoors.
inline constexpr std::size_t kMostDoors = 7;
[[nodiscard]] std::vector<Door> doors_of(const LabPortOptions& ports);

// Where a connection to `called` goes on to. Nothing: the lab has nothing there.
[[nodiscard]] std::optional<Endpoint> way_on(const LabPortOptions& ports, const Endpoint& called);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_RELAY_PLAN_H_

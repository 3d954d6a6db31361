// Access-log records to observations: who called whom, as far as a record tells.
//
// An inbound record is written by the destination: `to` is that resource, and the caller is what
// `source` says - a resource of the environment, a resource of somebody else (by its id: its name,
// and the subscription that its managed identity would be of), or an address (what the bindings
// call it). An outbound record is written by the caller: `from` is that resource, `to` the
// destination's resource or host name. The path follows from the category: `NspPrivate…` private
// endpoint, a service-endpoint mark service endpoint, all else public. An inbound record without an
// address tells that the service saw none (P-7).
//
// What a record does not say stays empty; the credential is empty unless a binding states it, and
// sim/decision/evidence.h finds out what fits.
//
// Thread safety: a pure function.
#ifndef NSP_SIM_ACCESS_LOG_OBSERVE_LOG_H_
#define NSP_SIM_ACCESS_LOG_OBSERVE_LOG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/log_table.h"
#include "sim/model/bindings.h"
#include "sim/policy/policy.h"
#include "sim/traffic/observation.h"

namespace nsp {

struct LogObservations {
  // Equal ones are one. In order of the first tuple of each.
  std::vector<Observation> observations;
  // The tuples behind each observation, parallel to `observations`; never empty. They live as long
  // as the LogTable.
  std::vector<std::vector<const LogTuple*>> tuples;
  // Why records were left out → events: `no service resource`.
  std::map<std::string, std::uint64_t> unusable;
};

// REQUIRES: `table` outlives the result.
[[nodiscard]] LogObservations observe_log(const LogTable& table, const Policy& policy,
                                          const Bindings& bindings = {});

// The address in `203.0.113.7`, `203.0.113.7:443`, `2001:db8::1` or `[2001:db8::1]:443`.
[[nodiscard]] std::optional<IpAddress> parse_logged_address(std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_OBSERVE_LOG_H_

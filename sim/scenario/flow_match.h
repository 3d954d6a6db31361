// Which flows a row of a `flow` table names.
//
// A row names every flow that fits what its cells say; equal flows between the same pair are one
// observation already (observation.h).
//   `from`    a caller of the bindings, a resource, or the address that the destination sees;
//             `unknown`: somebody of whom nothing was seen; empty: anybody.
//   `to`      a resource, or a host name; `unknown` or empty: a destination that nobody knows; no
//             such column in the table: anywhere.
//   `name`    the host name seen; `none`: none was; empty: any.
//   `logged`  of records: one of these categories was recorded; empty: any. Flows on the wire have
//             no record, so it says nothing of them.
// Names are compared without case; a resource's short name, its id and the host names that it
// answers to all name it.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_SCENARIO_FLOW_MATCH_H_
#define NSP_SIM_SCENARIO_FLOW_MATCH_H_

#include <cstdint>
#include <string>

#include "sim/policy/policy.h"
#include "sim/scenario/page.h"
#include "sim/traffic/observation.h"

namespace nsp {

[[nodiscard]] bool fits(const FlowRow& row, const Observation& seen, const Policy& policy);

// Packets both ways, of a record its events.
[[nodiscard]] std::uint64_t amount_of(const Observation& seen);
// `12 packets`, `1 event`.
[[nodiscard]] std::string amount_text(std::uint64_t amount, bool of_records);

// `office -> st, name st.blob.core.windows.net, 12 packets`.
[[nodiscard]] std::string flow_text(const Observation& seen);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_FLOW_MATCH_H_

// The members that every JSON report on recorded traffic has (contract, section 5).
//
// Thread safety: pure.
#ifndef NSP_SIM_REPORT_REPLAY_MEMBERS_H_
#define NSP_SIM_REPORT_REPLAY_MEMBERS_H_

#include "sim/report/json_writer.h"
#include "sim/report/replay_report.h"

namespace nsp {

// All but `schema`, into an open object: window, records, weights, tuples and what stands beside
// them.
void write_replay_members(JsonWriter& json, const ReplayReport& report);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_REPLAY_MEMBERS_H_

// `flow` tables: which flows of recorded traffic there are, and what is expected of each.
//
// Columns: `flow` (a name; required), `from`, `to`, `name`, `packets`, the outcome columns, and
// `note`. What the first four say of flows is in flow_match.h. A row may expect nothing but that
// its flow is there.
#ifndef NSP_SIM_SCENARIO_FLOW_TABLE_H_
#define NSP_SIM_SCENARIO_FLOW_TABLE_H_

#include "sim/scenario/page.h"
#include "sim/scenario/page_problems.h"

namespace nsp {

void read_flow_table(const PageTable& table, Section& section, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_FLOW_TABLE_H_

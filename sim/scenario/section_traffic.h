// The recorded traffic of a section, read into observations.
#ifndef NSP_SIM_SCENARIO_SECTION_TRAFFIC_H_
#define NSP_SIM_SCENARIO_SECTION_TRAFFIC_H_

#include <vector>

#include "sim/policy/policy.h"
#include "sim/scenario/page.h"
#include "sim/scenario/run.h"

namespace nsp {

// Errors: a file that is not there, at its place in the page; no reader (RunOptions::read_traffic);
// those of the reader. `policy` is of the environment in which the traffic was seen.
[[nodiscard]] Result<std::vector<Observation>> section_observations(const Page& page,
                                                                    const Section& section,
                                                                    const RunOptions& options,
                                                                    const Policy& policy);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_SECTION_TRAFFIC_H_

// The parts of diff_verdicts(), a kind of question each. Inside of it only.
#ifndef NSP_SIM_ANALYSIS_DIFF_PARTS_H_
#define NSP_SIM_ANALYSIS_DIFF_PARTS_H_

#include <vector>

#include "sim/analysis/diff_callers.h"
#include "sim/analysis/diff_outside.h"

namespace nsp {

// diff_named.cc: by the private endpoint of a destination, at each of its names.
[[nodiscard]] std::vector<VerdictChange> private_changes(Judge& judge,
                                                         const ResourceClass& destination);
// The callers of the table, at a destination.
[[nodiscard]] std::vector<VerdictChange> caller_changes(Judge& judge,
                                                        const ResourceClass& destination);

// diff_between.cc: of every resource at a destination. `answers`, by protocol, may come to be asked
// for: empty until then.
[[nodiscard]] std::vector<VerdictChange> resource_changes(Judge& judge, CallerGroups& groups,
                                                          const ResourceClass& destination,
                                                          std::vector<OutsideAnswers>& answers);

// diff_names.cc: of every resource to host names outside.
[[nodiscard]] std::vector<VerdictChange> host_name_changes(Judge& judge);

// diff_paths.cc: from every subnet, where names resolve to another path.
[[nodiscard]] std::vector<VerdictChange> path_changes(Judge& judge);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DIFF_PARTS_H_

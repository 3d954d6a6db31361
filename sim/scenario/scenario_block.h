// The `scenario` block: one `key: value` a line.
#ifndef NSP_SIM_SCENARIO_SCENARIO_BLOCK_H_
#define NSP_SIM_SCENARIO_SCENARIO_BLOCK_H_

#include "sim/scenario/page.h"
#include "sim/scenario/page_problems.h"

namespace nsp {

// A section without tables. What is wrong with the block is added to `problems`.
[[nodiscard]] Section read_scenario_block(const PageFence& fence, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_SCENARIO_BLOCK_H_

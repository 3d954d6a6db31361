// `--update`: writes what came into the outcome cells that failed and in place of the findings of
// `lint` blocks, and nothing else.
//
// Never evidence, prose or `document` blocks. A bare verdict stays bare where that stays true. The
// width of a cell is kept where the new text fits. A page with a block of status `observed` is
// refused: what was seen on the live service does not change because the simulator does.
#ifndef NSP_SIM_SCENARIO_UPDATE_H_
#define NSP_SIM_SCENARIO_UPDATE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/run_page.h"

namespace nsp {

struct UpdatedPage {
  std::string path;
  std::size_t cells = 0;  // rewritten
};

struct UpdateResult {
  std::vector<UpdatedPage> updated;
  // Of the pages as they are now; refusals and failures to write are errors of their page.
  RunResult result;
};

[[nodiscard]] UpdateResult update_pages(const RunOptions& options);

// The page's bytes with the cells replaced.
[[nodiscard]] std::string rewrite_cells(std::string_view bytes,
                                        std::span<const CellRewrite> rewrites);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_UPDATE_H_

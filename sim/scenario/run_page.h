// Runs one page that has been read. Shared by run_pages() and update_pages().
#ifndef NSP_SIM_SCENARIO_RUN_PAGE_H_
#define NSP_SIM_SCENARIO_RUN_PAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/policy/policy.h"
#include "sim/scenario/page.h"
#include "sim/scenario/result.h"
#include "sim/scenario/run.h"

namespace nsp {

// What `--update` would write in a cell that failed.
struct CellRewrite {
  PageCell cell;
  std::string text;
};

struct PageRun {
  PageResult result;
  std::vector<CellRewrite> rewrites;
};

// `candidate`: the environment of `--env`; null: the page's own.
[[nodiscard]] PageRun run_page(const Page& page, const RunOptions& options,
                               const Policy* candidate);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RUN_PAGE_H_

// Runs one page that has been read. Shared by run_pages() and update_pages().
#ifndef NSP_SIM_SCENARIO_RUN_PAGE_H_
#define NSP_SIM_SCENARIO_RUN_PAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/document/resource_document.h"
#include "sim/policy/policy.h"
#include "sim/scenario/page.h"
#include "sim/scenario/result.h"
#include "sim/scenario/run.h"

namespace nsp {

// What `--update` would write in a cell that failed, or in place of the findings of a `lint` block:
// then `cell` is their bytes and `text` is whole lines.
struct CellRewrite {
  PageCell cell;
  std::string text;
  bool whole_lines = false;
};

struct PageRun {
  PageResult result;
  std::vector<CellRewrite> rewrites;
};

// The environment of `--env`, read once for all pages. No policy where it has errors.
struct Candidate {
  DocumentSet documents;
  std::optional<Policy> policy;
  Diagnostics diagnostics;
};

// `candidate`: null, or one with a policy, to judge against instead of the page's own environment.
[[nodiscard]] PageRun run_page(const Page& page, const RunOptions& options,
                               const Candidate* candidate);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RUN_PAGE_H_

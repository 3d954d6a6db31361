// Runs pages: every filled outcome cell, grid cell, `logged` cell and `document` block is one test,
// and of a `flow` table every row and the table itself (flow_runner.h).
//
// Each section's environment is built and compiled once. A page with an error (in itself or in its
// environment) is invalid: cells that cannot be judged are left out, the others still run.
#ifndef NSP_SIM_SCENARIO_RUN_H_
#define NSP_SIM_SCENARIO_RUN_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/decision/decided.h"
#include "sim/decision/reading.h"
#include "sim/document/deployment.h"
#include "sim/policy/policy.h"
#include "sim/scenario/lint_block.h"
#include "sim/scenario/result.h"
#include "sim/traffic/observation.h"
#include "sim/traffic/traffic_files.h"

namespace nsp {

// Reads recorded traffic as it looks in that environment. Given from outside, since reading
// captures and logs needs libraries that pages do without.
using TrafficReader =
    std::function<Result<std::vector<Observation>>(const TrafficFiles&, const Policy&)>;

struct RunOptions {
  std::vector<std::filesystem::path> paths;  // pages, and folders of pages
  std::string filter;   // part of a page's path or of a case's name, without case
  bool list = false;    // name the cells, judge none (their `actual` stays empty)
  bool strict = false;  // warnings, and undecided outcomes nobody expected, are errors
  // Documents, folders of them, or pages (their first environment), instead of the pages' own.
  std::vector<std::filesystem::path> replace_environment;
  ReadOptions read;   // of the templates among them
  Readings readings;  // a page's `assume` goes on top
  // For pages with `flow` tables, which are in error without it.
  TrafficReader read_traffic;
  // For pages with `lint` blocks, likewise.
  LintRunner lint;
  // Told of every attempt that was judged, in the order of the cells: one for the environment as it
  // is and one for each other circumstance of a row, however many cells look at it. Not of flows:
  // what was recorded is not written a second time.
  DecisionListener on_decision;
};

// Pages in the order of `paths`, folders sorted by path. A Markdown file of a folder that asks for
// nothing to be run is prose and left out.
[[nodiscard]] RunResult run_pages(const RunOptions& options);

// The pages that `paths` stand for, unread. A folder without any gives an empty list.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list_pages(
    const std::vector<std::filesystem::path>& paths);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RUN_H_

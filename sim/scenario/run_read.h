// Reading what a run needs, before anything is judged. Shared by run_pages() and update_pages().
#ifndef NSP_SIM_SCENARIO_RUN_READ_H_
#define NSP_SIM_SCENARIO_RUN_READ_H_

#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/page.h"
#include "sim/scenario/result.h"
#include "sim/scenario/run.h"
#include "sim/scenario/run_page.h"

namespace nsp {

struct ReadPage {
  Page page;
  std::string bytes;
};

struct ReadPages {
  std::vector<ReadPage> pages;
  std::vector<PageResult> unreadable;  // paths and files that cannot be read
};

[[nodiscard]] ReadPages read_pages(const std::vector<std::filesystem::path>& paths);

// The environment of `--env`; empty where there is none.
[[nodiscard]] Candidate load_candidate(const RunOptions& options);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RUN_READ_H_

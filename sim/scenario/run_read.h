// Reading what a run needs, before anything is judged. Shared by run_pages() and update_pages().
#ifndef NSP_SIM_SCENARIO_RUN_READ_H_
#define NSP_SIM_SCENARIO_RUN_READ_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/policy/policy.h"
#include "sim/scenario/page.h"
#include "sim/scenario/result.h"
#include "sim/scenario/run.h"

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

// The environment of `--env`; no policy when there is none or it has errors.
struct CandidatePolicy {
  std::optional<Policy> policy;
  Diagnostics diagnostics;
};
[[nodiscard]] CandidatePolicy load_candidate(const RunOptions& options);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RUN_READ_H_

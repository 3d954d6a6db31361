// What `nspsim init` writes: a page to start from and a pipeline that runs it.
//
// The page builds its own small environment (Foundry, AI Search, Storage, an office, a build
// agent), so that it is green before anything of the user's is there. Thread safety: constant data.
#ifndef NSP_SIM_REPORT_INIT_H_
#define NSP_SIM_REPORT_INIT_H_

#include <string_view>

namespace nsp {

inline constexpr std::string_view kStarterPageName = "nsp.md";
inline constexpr std::string_view kPipelineName = "nspsim-pipeline.yml";

[[nodiscard]] std::string_view starter_page();

// GitHub Actions; the same for Azure Pipelines stands in comments.
[[nodiscard]] std::string_view starter_pipeline();

}  // namespace nsp

#endif  // NSP_SIM_REPORT_INIT_H_

// A small environment from a page's tables, for tests of the reports.
#ifndef NSP_TESTS_UNIT_REPORT_PAGE_ENVIRONMENT_H_
#define NSP_TESTS_UNIT_REPORT_PAGE_ENVIRONMENT_H_

#include <gtest/gtest.h>

#include <string_view>

#include "sim/policy/policy.h"
#include "sim/scenario/section_environment.h"

namespace nsp::test {

// An office that a rule admits, a partner that only the storage firewall knows, a search service in
// Enforced.
inline constexpr std::string_view kSamplePage = R"(
```scenario
status: local
```

| resource | kind    | profile  | mode     | firewall        |
| -------- | ------- | -------- | -------- | --------------- |
| st       | storage | nsp/data | Learning | 198.51.100.0/24 |
| search-1 | search  | nsp/data | Enforced | open            |

| rule   | profile  | direction | allows                       |
| ------ | -------- | --------- | ---------------------------- |
| office | nsp/data | inbound   | 203.0.113.0/28, 192.0.2.0/24 |

| caller  | address       | credential |
| ------- | ------------- | ---------- |
| office  | 203.0.113.7   | user       |
| partner | 198.51.100.33 | key        |
| roamer  |               | user       |
)";

struct PageEnvironment {
  Policy policy;
  std::vector<Caller> callers;
};

inline PageEnvironment sample_environment(std::string_view text = kSamplePage) {
  const Page page = read_page(text, "page.md");
  BuildResult built = build_section(page, 0);
  EXPECT_TRUE(built.ok());
  return {compile(std::move(built.environment)), known_callers(page, 0)};
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_REPORT_PAGE_ENVIRONMENT_H_

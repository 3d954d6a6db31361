#include <gtest/gtest.h>

#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

TEST(RunGithub, AnnotatesFailuresAndDiagnostics) {
  EXPECT_EQ(
      render_run(sample_run(), ReportFormat::Github, {.program_version = "0.1.0"}),
      R"(::error file=./scenarios/a b.v2/two.md,line=7,col=11,title=café <a> & "b"%2C 50%25 [Enforced]::expected deny: no inbound rule, got allow: inbound rule office%0Arests on OUT-8, IN-4%0Ainbound at search-1%0A  IN-4 `office` matched?[31m
::error file=bad.md,line=3,col=1,title=invalid page::unknown key `evidnce`; did you mean `evidence`
::warning file=env.json,title=scenario page::no `location`
3 pages, 3 cells: 2 passed, 1 failed, 1 page invalid, 1 outcome moved
)");
}

TEST(RunGithub, EscapesAsTheToolkitDoes) {
  RunResult result;
  result.pages.push_back(
      {.path = "p", .title = "", .status = "", .cells = {}, .diagnostics = {}, .elapsed = {}});
  result.pages[0].diagnostics = {{Severity::Note,
                                  {.file = "C:,%\r", .line = 1, .column = 2, .pointer = ""},
                                  "50%\x1b\n::error::"}};
  EXPECT_EQ(render_run(result, ReportFormat::Github, {}),
            "::notice file=C%3A%2C%25%0D,line=1,col=2,title=scenario page::50%25?%0A::error::\n"
            "1 page, 0 cells: 0 passed, 0 failed\n");
}

}  // namespace
}  // namespace nsp

#include <gtest/gtest.h>

#include "sim/base/text_table.h"
#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

RenderOptions plain() { return {.program_version = "0.1.0"}; }

TEST(RunText, TellsPagesFailuresMovesAndConformance) {
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Text, plain()),
            R"(scenarios/20-inbound/ip.md  Rules by address                           1/1
./scenarios/a b.v2/two.md   A title that is so long that it cannot s…  1/2
bad.md                      Bad                                        invalid

bad.md: invalid
  error bad.md:3:1: unknown key `evidnce`; did you mean `evidence`
  warning env.json /resources/0: no `location`

./scenarios/a b.v2/two.md:7:11: failed
  café <a> & "b", 50% [Enforced]
  | café | deny: no inbound rule |
  expected  deny: no inbound rule
  actual    allow: inbound rule office
  rests on  OUT-8, IN-4
  assumes   U2
    inbound at search-1
      IN-4 `office` matched?[31m

moved by the changed environment:
  ./scenarios/a b.v2/two.md:8:3: partner reads [expect]
    allow: inbound rule partner -> deny: no inbound rule

conformance   pages   cells  passed  failed
documented        1       1       1       0
local             2       2       1       1
all               3       3       2       1

clauses that decided a cell: 3 of 21
  not exercised: G-10 P-3 IN-1 IN-2 IN-3 IN-6 IN-7 IN-8 IN-9 IN-10 OUT-1 OUT-2
                 OUT-3 OUT-4 OUT-5 OUT-6 OUT-7 C11

3 pages, 3 cells: 2 passed, 1 failed, 1 page invalid, 1 outcome moved
)");
}

TEST(RunText, QuietKeepsWhatDidNotHoldAndTheLastLine) {
  RenderOptions options = plain();
  options.quiet = true;
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Text, options),
            R"(bad.md: invalid
  error bad.md:3:1: unknown key `evidnce`; did you mean `evidence`
  warning env.json /resources/0: no `location`

./scenarios/a b.v2/two.md:7:11: failed
  café <a> & "b", 50% [Enforced]
  | café | deny: no inbound rule |
  expected  deny: no inbound rule
  actual    allow: inbound rule office
  rests on  OUT-8, IN-4
  assumes   U2
    inbound at search-1
      IN-4 `office` matched?[31m

3 pages, 3 cells: 2 passed, 1 failed, 1 page invalid, 1 outcome moved
)");
}

TEST(RunText, QuietSaysOneLineWhenAllHeld) {
  RunResult result = sample_run();
  result.pages.resize(1);
  RenderOptions options = plain();
  options.quiet = true;
  EXPECT_EQ(render_run(result, ReportFormat::Text, options),
            "1 page, 1 cell: 1 passed, 0 failed\n");
}

TEST(RunText, LongValuesStandUnderTheirFirstLine) {
  RunResult result = sample_run();
  result.pages.erase(result.pages.begin());
  result.pages.pop_back();
  CellResult& cell = result.pages[0].cells[0];
  result.pages[0].cells.pop_back();
  cell.case_name = "two errors";
  cell.column = "document";
  cell.row_text.clear();
  cell.expected.clear();
  cell.actual = "error a:1:1: one\nerror a:2:1: two";
  cell.clauses.clear();
  cell.assumptions.clear();
  cell.trace.clear();
  RenderOptions options = plain();
  options.quiet = true;
  EXPECT_EQ(render_run(result, ReportFormat::Text, options),
            R"(./scenarios/a b.v2/two.md:7:11: failed
  two errors [document]
  expected  (nothing)
  actual    error a:1:1: one
            error a:2:1: two

1 page, 1 cell: 0 passed, 1 failed
)");
}

TEST(RunText, ColoursOnlyWhenAsked) {
  RunResult result = sample_run();
  result.pages.resize(1);
  RenderOptions options = plain();
  options.quiet = true;
  options.color = true;
  EXPECT_EQ(render_run(result, ReportFormat::Text, options),
            "\x1b[32m1 page, 1 cell: 1 passed, 0 failed\x1b[0m\n");
  options.color = false;
  EXPECT_EQ(render_run(result, ReportFormat::Text, options).find('\x1b'), std::string::npos);
}

TEST(RunText, NoLineIsWiderThanTheTerminal) {
  RenderOptions options = plain();
  options.width = 80;
  const std::string text = render_run(sample_run(), ReportFormat::Text, options);
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(display_width(text.substr(start, end - start)), 80U)
        << text.substr(start, end - start);
    start = end + 1;
  }
}

}  // namespace
}  // namespace nsp

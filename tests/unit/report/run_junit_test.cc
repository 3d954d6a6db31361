#include <gtest/gtest.h>

#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

TEST(RunJunit, IsASuiteAPageAndATestCaseACell) {
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Junit, {.program_version = "0.1.0"}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nspsim" tests="4" failures="1" errors="1" time="0.004000">
  <testsuite name="scenarios/20-inbound/ip.md" tests="1" failures="0" errors="0" skipped="0" time="0.001000">
    <testcase classname="scenarios.20-inbound.ip" name="office reads blobs [expect]" file="scenarios/20-inbound/ip.md" line="14" time="0.000002"/>
  </testsuite>
  <testsuite name="./scenarios/a b.v2/two.md" tests="2" failures="1" errors="0" skipped="0" time="0.003000">
    <testcase classname="scenarios.a b_v2.two" name="café &lt;a&gt; &amp; &quot;b&quot;, 50% [Enforced]" file="./scenarios/a b.v2/two.md" line="7" time="0.002000">
      <failure message="expected deny: no inbound rule, got allow: inbound rule office" type="outcome">./scenarios/a b.v2/two.md:7:11
| café | deny: no inbound rule |
rests on OUT-8, IN-4
inbound at search-1
  IN-4 `office` matched[31m
</failure>
    </testcase>
    <testcase classname="scenarios.a b_v2.two" name="partner reads [expect]" file="./scenarios/a b.v2/two.md" line="8" time="0.000002"/>
  </testsuite>
  <testsuite name="bad.md" tests="1" failures="0" errors="1" skipped="0" time="0.000000">
    <testcase classname="bad" name="page" file="bad.md" line="3" time="0.000000">
      <error message="unknown key `evidnce`; did you mean `evidence`" type="page">error bad.md:3:1: unknown key `evidnce`; did you mean `evidence`
warning env.json /resources/0: no `location`
</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(RunJunit, LeavesOutWhatXmlCannotHold) {
  RunResult result = sample_run();
  result.pages.resize(1);
  result.pages[0].path = "p.md";
  CellResult& cell = result.pages[0].cells[0];
  cell.status = CellStatus::Failed;
  cell.place = {.file = "p.md", .line = 1, .column = 1, .pointer = ""};
  cell.case_name = "a\nb\x01\uffff";
  cell.actual = "\xff!";
  cell.clauses.clear();
  EXPECT_EQ(render_run(result, ReportFormat::Junit, {}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nspsim" tests="1" failures="1" errors="0" time="0.001000">
  <testsuite name="p.md" tests="1" failures="1" errors="0" skipped="0" time="0.001000">
    <testcase classname="p" name="a&#10;b [expect]" file="p.md" line="1" time="0.000002">
      <failure message="expected allow: inbound rule office, got !" type="outcome">p.md:1:1
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

}  // namespace
}  // namespace nsp

#include <gtest/gtest.h>

#include "sim/report/run_report.h"
#include "tests/unit/report/run_sample.h"

namespace nsp {
namespace {

TEST(RunMarkdown, IsATableAndWhatDidNotHold) {
  EXPECT_EQ(render_run(sample_run(), ReportFormat::Markdown, {.program_version = "0.1.0"}),
            R"(# Conformance

3 pages, 3 cells: 2 passed, 1 failed, 1 page invalid, 1 outcome moved. Clauses that decided a cell: 3 of 21.

| page | title | status | cells | failed | |
|---|---|---|---:|---:|---|
| scenarios/20-inbound/ip.md | Rules by address | documented | 1 | 0 | held |
| ./scenarios/a b.v2/two.md | A title that is so long that it cannot stand in one line of a terminal | local | 2 | 1 | **failed** |
| bad.md | Bad | local | 0 | 0 | invalid |

## What did not hold

<details>
<summary>./scenarios/a b.v2/two.md:7:11: café &lt;a&gt; &amp; &quot;b&quot;, 50% [Enforced]</summary>

```text
| café | deny: no inbound rule |
expected  deny: no inbound rule
actual    allow: inbound rule office
rests on  OUT-8, IN-4
inbound at search-1
  IN-4 `office` matched?[31m
```

</details>

<details>
<summary>bad.md: invalid</summary>

```text
error bad.md:3:1: unknown key `evidnce`; did you mean `evidence`
warning env.json /resources/0: no `location`
```

</details>

## What the changed environment moved

| place | case | before | now |
|---|---|---|---|
| ./scenarios/a b.v2/two.md:8 | partner reads \[expect\] | allow: inbound rule partner | deny: no inbound rule |
)");
}

TEST(RunMarkdown, FencesAreLongerThanWhatTheyHold) {
  RunResult result = sample_run();
  result.pages.erase(result.pages.begin());
  result.pages.pop_back();
  result.pages[0].cells[0].row_text = "````";
  const std::string text = render_run(result, ReportFormat::Markdown, {});
  EXPECT_NE(text.find("\n`````text\n````\nexpected"), std::string::npos) << text;
  EXPECT_NE(text.find("\n`````\n\n</details>\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace nsp

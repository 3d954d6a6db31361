// The runner must be able to fail: a page with a wrong cell is red, a page that asks for nothing or
// cannot be read is invalid. Without these, a runner that judges nothing would look like one that
// finds nothing wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "sim/scenario/run.h"
#include "tests/unit/scenario/page_folder.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing_support::PageFolder;

// A perimeter with one rule; the case table is the test's.
constexpr std::string_view kHead = R"(# A page

```scenario
status: local
```

| resource | kind | profile | mode |
|---|---|---|---|
| st | storage | data | Enforced |

| rule | profile | direction | allows |
|---|---|---|---|
| office | data | inbound | 203.0.113.0/28 |

| caller | address | credential |
|---|---|---|
| inside | 203.0.113.7 | key |
| outside | 203.0.113.20 | key |

)";

RunResult run(const PageFolder& folder) {
  RunOptions options;
  options.paths = {folder.path()};
  return run_pages(options);
}

std::string page_with(std::string_view table) { return std::string(kHead) + std::string(table); }

TEST(Teeth, ARightCellIsGreen) {
  const PageFolder folder;
  folder.write("page.md", page_with("| case | from | to | expect |\n|---|---|---|---|\n"
                                    "| in | inside | st | allow: inbound rule office |\n"));
  const auto result = run(folder);
  EXPECT_EQ(result.cells(), 1u);
  EXPECT_EQ(result.passed(), 1u);
  EXPECT_EQ(exit_status(result), 0);
}

TEST(Teeth, AWrongVerdictIsRedAndSaysWhatCame) {
  const PageFolder folder;
  folder.write("page.md", page_with("| case | from | to | expect |\n|---|---|---|---|\n"
                                    "| in | inside | st | allow: inbound rule office |\n"
                                    "| out | outside | st | allow |\n"));
  const auto result = run(folder);
  EXPECT_EQ(exit_status(result), 1);
  EXPECT_EQ(result.failed(), 1u);
  const auto& cell = result.pages.at(0).cells.at(1);
  EXPECT_EQ(cell.status, CellStatus::Failed);
  EXPECT_EQ(cell.expected, "allow");
  EXPECT_EQ(cell.actual, "deny: no inbound rule");
  EXPECT_THAT(cell.clauses, ElementsAre("IN-5"));
  EXPECT_EQ(cell.place.line, 23u);
  EXPECT_EQ(cell.place.column, 24u);
  EXPECT_THAT(cell.trace, testing::StartsWith("inbound leg at `st`\n"));
}

TEST(Teeth, AWrongReasonIsRed) {
  const PageFolder folder;
  folder.write("page.md", page_with("| case | from | to | expect |\n|---|---|---|---|\n"
                                    "| in | inside | st | allow: inbound rule home |\n"));
  EXPECT_EQ(exit_status(run(folder)), 1);
}

TEST(Teeth, AWrongLogCategoryIsRed) {
  const PageFolder folder;
  folder.write("page.md",
               page_with("| case | from | to | expect | logged |\n|---|---|---|---|---|\n"
                         "| in | inside | st | allow | none |\n"));
  const auto result = run(folder);
  EXPECT_EQ(exit_status(result), 1);
  EXPECT_EQ(result.pages.at(0).cells.at(1).actual, "NspPublicInboundPerimeterRulesAllowed");
}

TEST(Teeth, AWrongGridCellIsRed) {
  const PageFolder folder;
  folder.write("page.md",
               page_with("| calls | st |\n|---|---|\n| inside | X |\n| outside | X |\n"));
  const auto result = run(folder);
  EXPECT_EQ(result.cells(), 2u);
  EXPECT_EQ(result.failed(), 1u);
  EXPECT_EQ(exit_status(result), 1);
}

TEST(Teeth, ADocumentWithAnotherDiagnosticIsRed) {
  const PageFolder folder;
  folder.write("page.md", "```document\n[\n----\n```\n");
  const auto result = run(folder);
  EXPECT_EQ(result.cells(), 1u);
  EXPECT_EQ(exit_status(result), 1);
  EXPECT_THAT(result.pages.at(0).cells.at(0).actual, testing::StartsWith("error document:"));
}

struct Invalid {
  std::string_view name;
  std::string page;
  std::string message;  // how the first diagnostic ends
};

void PrintTo(const Invalid& invalid, std::ostream* out) { *out << invalid.name; }

class TeethInvalid : public testing::TestWithParam<Invalid> {};

TEST_P(TeethInvalid, PageIsRefused) {
  const PageFolder folder;
  folder.write("page.md", GetParam().page);
  const auto result = run(folder);
  EXPECT_EQ(exit_status(result), 3);
  ASSERT_FALSE(result.pages.empty());
  ASSERT_FALSE(result.pages.at(0).diagnostics.empty());
  EXPECT_THAT(to_string(result.pages.at(0).diagnostics.at(0)), EndsWith(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Pages, TeethInvalid,
    testing::Values(
        Invalid{
            "unknown_column",
            page_with(
                "| case | from | to | expct |\n|---|---|---|---|\n| a | inside | st | allow |\n"),
            ":20:22: unknown column `expct`, did you mean `expect`?"},
        Invalid{
            "unknown_verdict",
            page_with(
                "| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | alow |\n"),
            ":22:21: unknown verdict `alow`, did you mean `allow`?"},
        Invalid{"unknown_reason",
                page_with("| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | "
                          "deny: because |\n"),
                "`resource egress limit`, `outbound not restricted`, `control plane`, `missing`"},
        Invalid{
            "no_outcome",
            page_with("| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | |\n"),
            ":22:3: case `a` expects nothing, fill one outcome column"},
        Invalid{
            "unbound",
            page_with(
                "| case | from | to | expect |\n|---|---|---|---|\n| a | nobody | st | allow |\n"),
            ":22:3: unknown caller `nobody`, expected a resource of the environment or a declared "
            "caller"},
        Invalid{
            "looks_like_cases",
            page_with(
                "| test | from | to | expect |\n|---|---|---|---|\n| a | inside | st | allow |\n"),
            ":20:3: a table that begins with `test` is prose, but its columns are those of cases: "
            "begin it with `case`"}),
    [](const testing::TestParamInfo<Invalid>& each) { return std::string(each.param.name); });

// A page without a case runs nothing; among others that do run it is a mistake.
TEST(Teeth, APageWithoutCasesSelectsNothing) {
  const PageFolder folder;
  folder.write("page.md", std::string(kHead));
  const auto alone = run(folder);
  EXPECT_EQ(exit_status(alone), 5);
  EXPECT_THAT(to_string(alone.pages.at(0).diagnostics.at(0)), EndsWith(":3:1: page has no case"));
  folder.write("red.md", "```document\n[\n----\n```\n");
  EXPECT_EQ(exit_status(run(folder)), 3);
}

TEST(Teeth, AFolderWithoutPagesSelectsNothing) {
  const PageFolder folder;
  folder.write("readme.txt", "no page");
  EXPECT_EQ(exit_status(run(folder)), 5);
}

TEST(Teeth, ProseAmongThePagesIsLeftOut) {
  const PageFolder folder;
  folder.write("README.md", "# Prose\n\n| column | meaning |\n|---|---|\n| `from` | a caller |\n");
  EXPECT_EQ(exit_status(run(folder)), 5);
  RunOptions named;
  named.paths = {folder.path() / "README.md"};
  EXPECT_EQ(exit_status(run_pages(named)), 5);
}

TEST(Teeth, APathThatIsNotThereIsInvalid) {
  RunOptions options;
  options.paths = {"no/such/folder"};
  EXPECT_EQ(exit_status(run_pages(options)), 3);
}

}  // namespace
}  // namespace nsp

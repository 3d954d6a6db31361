#include "sim/scenario/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/update.h"
#include "tests/unit/scenario/page_folder.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing_support::PageFolder;

constexpr std::string_view kTables = R"(| resource | kind | profile | mode |
|---|---|---|---|
| st | storage | data | Learning |
| srch | search | data | Enforced |

| rule | profile | direction | allows |
|---|---|---|---|
| office | data | inbound | 203.0.113.0/28 |

| caller | address | credential |
|---|---|---|
| inside | 203.0.113.7 | key |
| outside | 203.0.113.20 | key |
| nobody said | | key |

)";

std::string page(std::string_view block, std::string_view tables, std::string_view cases) {
  return "# T\n\n```scenario\n" + std::string(block) + "```\n\n" + std::string(tables) +
         std::string(cases);
}

RunResult run(const PageFolder& folder, RunOptions options = {}) {
  options.paths = {folder.path()};
  return run_pages(options);
}

std::vector<std::string> actual(const RunResult& result) {
  std::vector<std::string> all;
  for (const auto& each : result.pages) {
    for (const auto& cell : each.cells) all.push_back(cell.column + " " + cell.actual);
  }
  return all;
}

TEST(RunPages, JudgesEveryColumnInItsOwnCircumstances) {
  const PageFolder folder;
  folder.write(
      "p.md", page("status: local\n", kTables,
                   "| case | from | to | expect | Learning | Enforced | Audit | not associated | "
                   "inbound | logged |\n"
                   "|---|---|---|---|---|---|---|---|---|---|\n"
                   "| a | outside | st | allow | allow | deny | allow | allow | allow | none |\n"));
  EXPECT_THAT(actual(run(folder)), ElementsAre("expect allow: resource rule default action",
                                               "Learning allow: resource rule default action",
                                               "Enforced deny: no inbound rule",
                                               "Audit allow: resource rule default action",
                                               "not associated allow: resource rule default action",
                                               "inbound allow: resource rule default action",
                                               "logged NspPublicInboundResourceRulesAllowed"));
}

TEST(RunPages, LoggedGoesWithTheOnlyOutcome) {
  const PageFolder folder;
  folder.write("p.md",
               page("status: local\n", kTables,
                    "| case | from | to | Enforced | logged |\n|---|---|---|---|---|\n"
                    "| a | outside | st | deny | NspPublicInboundPerimeterRulesDenied |\n"));
  EXPECT_EQ(run(folder).passed(), 2u);
}

TEST(RunPages, PublicNetworkAccessIsSetOnTheSubject) {
  const PageFolder folder;
  folder.write("p.md",
               page("status: local\n", kTables,
                    "| case | from | to | publicNetworkAccess | expect |\n|---|---|---|---|---|\n"
                    "| a | outside | st | Disabled | deny: public access disabled |\n"
                    "| b | outside | st | SecuredByPerimeter | deny: no inbound rule |\n"));
  EXPECT_EQ(run(folder).passed(), 2u);
}

TEST(RunPages, ALegThatDoesNotExistFails) {
  const PageFolder folder;
  folder.write("p.md",
               page("status: local\n", kTables,
                    "| case | from | to | outbound | inbound |\n|---|---|---|---|---|\n"
                    "| a | inside | st | allow | |\n| b | srch | api.example.net | | allow |\n"));
  EXPECT_THAT(
      actual(run(folder)),
      ElementsAre("outbound no outbound leg: `inside` is no resource of the environment",
                  "inbound no inbound leg: `api.example.net` is no resource of the environment"));
  EXPECT_EQ(run(folder).failed(), 2u);
}

TEST(RunPages, ASectionWithoutAnEnvironmentUsesTheOneBefore) {
  const PageFolder folder;
  folder.write(
      "p.md", page("status: local\n", kTables,
                   "| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | allow |\n"
                   "\n```scenario\nstatus: local\nassume: C5=publicNetworkAccess\n```\n\n"
                   "| case | from | to | publicNetworkAccess | expect |\n|---|---|---|---|---|\n"
                   "| b | inside | st | Disabled | deny: public access disabled |\n"));
  EXPECT_EQ(run(folder).passed(), 2u);
}

TEST(RunPages, ABlockWithoutAnyEnvironmentIsInvalid) {
  const PageFolder folder;
  folder.write("p.md",
               page("status: local\n", "",
                    "| case | from | to | expect |\n|---|---|---|---|\n| a | b | c | allow |\n"));
  const auto result = run(folder);
  ASSERT_EQ(result.pages.at(0).diagnostics.size(), 1u);
  EXPECT_EQ(result.pages[0].diagnostics[0].message,
            "the `scenario` block has no environment: name files with `environment`, or build one "
            "with a `resource` table");
  EXPECT_EQ(result.pages[0].diagnostics[0].place.line, 3u);
}

TEST(RunPages, AnUnboundRowDoesNotStopTheOthers) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables,
                            "| case | from | to | expect |\n|---|---|---|---|\n| a | nobody | st | "
                            "allow |\n| b | inside | st | allow |\n"));
  const auto result = run(folder);
  EXPECT_EQ(exit_status(result), 3);
  EXPECT_EQ(result.passed(), 1u);
}

TEST(RunPages, ACallerStandsOnceInASection) {
  const PageFolder folder;
  const auto file = folder.write(
      "p.md", page("status: local\n", kTables, "| caller | address |\n|---|---|\n| Inside | |\n"));
  const auto result = run(folder);
  ASSERT_EQ(result.pages.at(0).diagnostics.size(), 1u);
  EXPECT_EQ(to_string(result.pages[0].diagnostics[0]),
            "error " + file.string() + ":24:3: caller `Inside` stands twice");
}

TEST(RunPages, FilterSelectsByPathAndByName) {
  const PageFolder folder;
  const auto cases =
      "| case | from | to | expect |\n|---|---|---|---|\n| Alpha | inside | st | allow |\n| beta | "
      "inside | st | allow |\n";
  folder.write("one.md", page("status: local\n", kTables, cases));
  folder.write("two.md", page("status: local\n", kTables, cases));
  RunOptions options;
  options.filter = "alpha";
  EXPECT_EQ(run(folder, options).cells(), 2u);
  options.filter = "ONE.md";
  EXPECT_EQ(run(folder, options).cells(), 2u);
  options.filter = "gamma";
  EXPECT_EQ(exit_status(run(folder, options)), 5);
}

TEST(RunPages, ListNamesCellsAndJudgesNone) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables,
                            "| case | from | to | expect | logged |\n|---|---|---|---|---|\n| a | "
                            "inside | st | deny | none |\n"));
  RunOptions options;
  options.list = true;
  EXPECT_THAT(actual(run(folder, options)), ElementsAre("expect ", "logged "));
}

TEST(RunPages, StrictTurnsAnUnexpectedUndecidedIntoAnError) {
  const PageFolder folder;
  folder.write(
      "p.md",
      page(
          "status: local\n", kTables,
          "| case | from | to | expect |\n|---|---|---|---|\n| a | nobody said | srch | deny |\n"));
  EXPECT_EQ(exit_status(run(folder)), 1);
  RunOptions options;
  options.strict = true;
  const auto result = run(folder, options);
  EXPECT_EQ(exit_status(result), 3);
  EXPECT_EQ(result.pages.at(0).diagnostics.at(0).message,
            "`a` could not be decided: missing address");
}

TEST(RunPages, AReplacedEnvironmentSaysWhatMoved) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables,
                            "| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | "
                            "allow |\n| b | outside | st | allow |\n"));
  const PageFolder other;
  std::string enforced(kTables);
  enforced.replace(enforced.find("Learning"), 8, "Enforced");
  const auto candidate = other.write(
      "new.md",
      page("status: local\n", enforced,
           "| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | allow |\n"));
  RunOptions options;
  options.replace_environment = {candidate};
  const auto result = run(folder, options);
  ASSERT_EQ(result.cells(), 2u);
  EXPECT_EQ(result.pages.at(0).cells.at(0).before, "");
  EXPECT_EQ(result.pages.at(0).cells.at(1).before, "allow: resource rule default action");
  EXPECT_EQ(result.pages.at(0).cells.at(1).actual, "deny: no inbound rule");
  EXPECT_EQ(exit_status(result), 1);
}

TEST(RunPages, CallersKeepTheirSubnetsInAReplacedEnvironment) {
  const PageFolder folder;
  folder.write(
      "p.md",
      "```scenario\nstatus: local\n```\n\n| resource | kind |\n|---|---|\n| st | storage |\n\n"
      "| caller | address | subnet |\n|---|---|---|\n| x | 203.0.113.7 | v/s |\n\n"
      "| case | from | to | expect |\n|---|---|---|---|\n| a | x | st | allow |\n");
  const PageFolder other;
  RunOptions options;
  options.replace_environment = {other.write(
      "new.json",
      R"({"resources":[{"id":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st","type":"Microsoft.Storage/storageAccounts","properties":{}}]})")};
  EXPECT_EQ(exit_status(run(folder, options)), 0);
}

// `--env` of a page means the same to every command.
TEST(RunPages, TakesAPageWithoutACaseAsTheReplacedEnvironment) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables,
                            "| case | from | to | expect |\n|---|---|---|---|\n"
                            "| a | inside | st | allow |\n"));
  const PageFolder other;
  RunOptions options;
  options.replace_environment = {other.write("new.MD", page("status: local\n", kTables, ""))};
  const auto result = run(folder, options);
  EXPECT_EQ(exit_status(result), 0);
  EXPECT_EQ(result.passed(), 1u);
}

TEST(RunPages, SaysThatAReplacedEnvironmentIsNone) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables, ""));
  const PageFolder other;
  RunOptions options;
  options.replace_environment = {other.write("prose.md", "# Nothing\n")};
  const auto result = run(folder, options);
  EXPECT_EQ(exit_status(result), 3);
  ASSERT_EQ(result.pages.size(), 1u);
  ASSERT_EQ(result.pages[0].diagnostics.size(), 1u);
  EXPECT_EQ(result.pages[0].diagnostics[0].message, "the page builds no environment");
}

TEST(RunPages, HiddenFoldersCountForNothing) {
  const PageFolder folder;
  folder.write(".git/p.md", page("status: local\n", kTables, ""));
  const auto result = run(folder);
  EXPECT_EQ(exit_status(result), 5);
  EXPECT_THAT(result.pages, IsEmpty());
}

TEST(RunPages, ALoggedCellListsItsAssumptions) {
  const PageFolder folder;
  folder.write(
      "p.md",
      page("status: local\n", kTables,
           "| case | from | via | to | expect | logged |\n|---|---|---|---|---|---|\n"
           "| a | inside | private endpoint | srch | allow | NspPrivateInboundAllowed |\n"));
  const auto result = run(folder);
  ASSERT_EQ(result.passed(), 2u);
  for (const auto& cell : result.pages.at(0).cells) {
    EXPECT_THAT(cell.assumptions, ElementsAre("C3")) << cell.column;
  }
}

TEST(UpdatePages, ReplacesThePageBehindALink) {
  const PageFolder folder;
  const auto real = folder.write("real/p.txt", page("status: local\n", kTables,
                                                    "| case | from | to | expect |\n"
                                                    "|---|---|---|---|\n"
                                                    "| a | inside | st | deny |\n"));
  std::filesystem::create_symlink(real, folder.path() / "p.md");
  RunOptions options;
  options.paths = {folder.path() / "p.md"};
  EXPECT_EQ(exit_status(update_pages(options).result), 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "p.md"));
  EXPECT_THAT(folder.read("real/p.txt"), testing::HasSubstr("| inside | st | allow |"));
}

TEST(UpdatePages, WritesTheCellsThatFailedAndNothingElse) {
  const PageFolder folder;
  const auto before =
      page("status: local\n", kTables,
           "| case | from | to | expect                     | Enforced | because | logged "
           "|\n|---|---|---|---|---|---|---|\n"
           "| a | inside | st | deny                       | deny | inbound rule | none |\n"
           "| b | outside | st | deny: resource rules       | deny: no inbound rule | | |\n");
  const auto after = page(
      "status: local\n", kTables,
      "| case | from | to | expect                     | Enforced | because | logged "
      "|\n|---|---|---|---|---|---|---|\n"
      "| a | inside | st | allow                      | allow | inbound rule | "
      "NspPublicInboundPerimeterRulesAllowed |\n"
      "| b | outside | st | allow: resource rule default action | deny: no inbound rule | | |\n");
  folder.write("p.md", before);
  RunOptions options;
  options.paths = {folder.path()};
  const auto update = update_pages(options);
  EXPECT_EQ(folder.read("p.md"), after);
  ASSERT_EQ(update.updated.size(), 1u);
  EXPECT_EQ(update.updated[0].cells, 4u);
  EXPECT_EQ(exit_status(update.result), 0);
}

TEST(UpdatePages, WritesGridMarks) {
  const PageFolder folder;
  folder.write("p.md", page("status: local\n", kTables,
                            "| calls | st | srch |\n|---|---|---|\n| outside | X | . |\n"));
  RunOptions options;
  options.paths = {folder.path()};
  EXPECT_EQ(exit_status(update_pages(options).result), 0);
  EXPECT_THAT(folder.read("p.md"), testing::EndsWith("| outside | . | X |\n"));
}

TEST(UpdatePages, RefusesObservedPages) {
  const PageFolder folder;
  const auto text =
      page("status: observed\nevidence: IN-4\n", kTables,
           "| case | from | to | expect |\n|---|---|---|---|\n| a | inside | st | deny |\n");
  folder.write("p.md", text);
  RunOptions options;
  options.paths = {folder.path()};
  const auto update = update_pages(options);
  EXPECT_EQ(folder.read("p.md"), text);
  EXPECT_THAT(update.updated, IsEmpty());
  EXPECT_EQ(exit_status(update.result), 3);
}

TEST(RewriteCells, KeepsTheWidthWhereItFits) {
  const std::string page_text = "| a    | b |\n";
  PageCell first;
  first.begin = 1;
  first.end = 7;
  PageCell second;
  second.begin = 8;
  second.end = 11;
  EXPECT_EQ(rewrite_cells(page_text, std::vector<CellRewrite>{{second, "long|er"}, {first, "x"}}),
            "| x    | long\\|er |\n");
}

}  // namespace
}  // namespace nsp

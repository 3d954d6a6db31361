#include "sim/scenario/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> messages(const Page& page) {
  std::vector<std::string> all;
  for (const auto& diagnostic : page.diagnostics) all.push_back(to_string(diagnostic));
  return all;
}

// The messages for a block alone, without the one about the page having no case.
std::vector<std::string> block_messages(std::string_view lines) {
  const std::string page =
      "```scenario\n" + std::string(lines) + "```\n\n" +
      "| case | from | to | expect |\n|---|---|---|---|\n| a | b | c | allow |\n";
  return messages(read_page(page, "p.md"));
}

TEST(ScenarioBlock, ReadsEveryKey) {
  const auto page = read_page(
      "# T\n\n```scenario\nenvironment: a.json, b/c.json\nstatus: documented\n"
      "evidence: IN-4, C5; TR24 https://example.net/x\nassume: C5=publicNetworkAccess, "
      "U4=one-label\nas: key\n```\n"
      "\n| case | from | to | expect |\n|---|---|---|---|\n| a | b | c | allow |\n",
      "p.md");
  EXPECT_THAT(messages(page), IsEmpty());
  EXPECT_EQ(page.title, "T");
  const auto& section = page.sections.at(0);
  EXPECT_EQ(section.environment.at(1).text, "b/c.json");
  EXPECT_EQ(section.status, PageStatus::Documented);
  EXPECT_THAT(section.evidence, ElementsAre("IN-4", "C5", "TR24", "https://example.net/x"));
  EXPECT_EQ(section.assume.size(), 1u);
  EXPECT_EQ(section.as, Credential::Key);
}

TEST(ScenarioBlock, ReportsEveryMistakeWithItsPlace) {
  EXPECT_THAT(block_messages("status: local\nstats: local\n"),
              ElementsAre("error p.md:3:1: unknown key `stats`, did you mean `status`?"));
  EXPECT_THAT(block_messages("status: local\nstatus: local\n"),
              ElementsAre("error p.md:3:1: key `status` stands twice"));
  EXPECT_THAT(block_messages("evidence: IN-4\n"),
              ElementsAre("error p.md:1:1: the `scenario` block has no `status`"));
  EXPECT_THAT(block_messages("status: documented\n"),
              ElementsAre("error p.md:1:1: the `scenario` block has no `evidence`, which every "
                          "status but `local` needs"));
  EXPECT_THAT(
      block_messages("status: documentd\nevidence: IN-4\n"),
      ElementsAre("error p.md:2:9: unknown status `documentd`, did you mean `documented`?"));
  EXPECT_THAT(block_messages("status: inferred\nevidence: IN-4, IN-99\n"),
              ElementsAre("error p.md:3:17: unknown evidence `IN-99`, expected a clause, "
                          "contradiction, assumption or source of the semantics, or a URL"));
  EXPECT_THAT(block_messages("status: local\nas: idenity\n"),
              ElementsAre("error p.md:3:5: unknown credential `idenity`, expected one of `managed "
                          "identity`, `user`, `service principal`, `key`, `sas`, `anonymous`"));
  EXPECT_THAT(block_messages("status: local\nno colon\n"),
              ElementsAre("error p.md:3:1: expected `key: value`"));
  EXPECT_THAT(block_messages("status: local\nbindings: b.json\n"),
              ElementsAre("error p.md:3:11: `bindings` without traffic, name it with `capture` or "
                          "`logs`"));
  EXPECT_THAT(block_messages("status: local\nlogs: a\nbindings: b.json, c.json\n"),
              ElementsAre("error p.md:4:11: expected one file in `bindings`",
                          "error p.md:1:1: the `scenario` block names traffic, but no `flow` table "
                          "stands below it"));
  EXPECT_THAT(block_messages("status: local\ncapture:\nbindings: b.json\n"),
              ElementsAre("error p.md:3:9: key `capture` has no value"));
}

// A page of one local block and this table.
Page page_of(std::string_view table) {
  return read_page("```scenario\nstatus: local\n```\n\n" + std::string(table), "p.md");
}

TEST(CaseTable, ReadsEveryColumn) {
  const auto page = page_of(
      "| case | from | to | as | via | name | address | protocol | operation | publicNetworkAccess "
      "| expect | "
      "Learning | because | logged | note "
      "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
      "| a | b | st | sas | public | st.dfs.core.windows.net | hidden | nfs | fine-tuning | "
      "disabled | deny | "
      "allow: same perimeter | no inbound rule | none | prose |\n");
  ASSERT_THAT(messages(page), IsEmpty());
  const auto& row = page.sections.at(0).cases.at(0);
  EXPECT_EQ(row.attempt.credential, Credential::Sas);
  EXPECT_EQ(row.attempt.via, Via::Public);
  EXPECT_EQ(row.attempt.name->text(), "st.dfs.core.windows.net");
  EXPECT_TRUE(row.attempt.address_hidden);
  EXPECT_EQ(row.attempt.protocol, Protocol::Nfs);
  EXPECT_EQ(row.attempt.operation, "fine-tuning");
  EXPECT_EQ(row.public_network_access, PublicNetworkAccess::Disabled);
  ASSERT_EQ(row.outcomes.size(), 2u);
  EXPECT_EQ(to_string(row.outcomes[0].expected), "deny: no inbound rule");
  EXPECT_FALSE(row.outcomes[0].own_reason);
  EXPECT_EQ(to_string(row.outcomes[1].expected), "allow: same perimeter");
  EXPECT_TRUE(row.logged->categories.empty());
}

TEST(CaseTable, ReportsEveryMistakeWithItsPlace) {
  EXPECT_THAT(messages(page_of("| case | from | expect |\n|---|---|---|\n| a | b | allow |\n")),
              ElementsAre("error p.md:5:3: the `case` table has no column `to`",
                          "error p.md:7:1: the row has no `to`"));
  EXPECT_THAT(messages(page_of("| case | from | to | expect | expect |\n|---|---|---|---|---|\n| a "
                               "| b | c | allow | |\n")),
              ElementsAre("error p.md:5:31: column `expect` stands twice"));
  EXPECT_THAT(
      messages(page_of("| case | from | to | via | address | expect |\n|---|---|---|---|---|---|\n"
                       "| a | b | c | publik | 10.0.0 | allow |\n")),
      ElementsAre(
          "error p.md:7:15: unknown path `publik`, did you mean `public`?",
          "error p.md:7:24: `10.0.0` is no address, expected an IPv4 or IPv6 address or `hidden`"));
  EXPECT_THAT(messages(page_of("| case | from | to | expect |\n|---|---|---|---|\n| a | b | c | "
                               "allow |\n| a | b | c | deny |\n")),
              ElementsAre("error p.md:8:3: case `a` stands twice, first on line 7"));
}

TEST(CallerTable, ReadsEveryColumn) {
  const auto page = page_of(
      "| caller | address | credential | subscription | subnet | trusted service | note "
      "|\n|---|---|---|---|---|---|---|\n"
      "| a | 203.0.113.7 | user | 11111111-1111-1111-1111-111111111111 | v/s | yes | x |\n"
      "| a | hidden | | | | no | |\n");
  EXPECT_THAT(messages(page), ElementsAre("error p.md:8:3: caller `a` stands twice"));
  const auto& caller = page.sections.at(0).callers.at(0);
  EXPECT_EQ(to_string(*caller.address), "203.0.113.7");
  EXPECT_EQ(caller.credential, Credential::User);
  EXPECT_EQ(caller.subnet, "v/s");
  EXPECT_TRUE(caller.trusted_service);
  EXPECT_TRUE(page.sections.at(0).callers.at(1).address_hidden);
}

TEST(CallsTable, ReadsTheMarks) {
  const auto page = page_of("| calls | x | y |\n|---|---|---|\n| x | - | . |\n| y | X | ? |\n");
  ASSERT_THAT(messages(page), IsEmpty());
  const auto& grid = page.sections.at(0).grid;
  ASSERT_EQ(grid.size(), 3u);
  EXPECT_EQ(grid[0].to, "y");
  EXPECT_EQ(grid[1].expected, Verdict::Deny);
  EXPECT_EQ(grid[2].expected, Verdict::Undecided);
  EXPECT_THAT(messages(page_of("| calls | x |\n|---|---|\n| x | x |\n")),
              ElementsAre("error p.md:7:7: unknown grid cell `x`, expected `.` (allowed), `X` "
                          "(denied), `?` (undecided) or `-` (not a conversation)"));
}

TEST(Page, KnowsWhatIsProse) {
  EXPECT_FALSE(read_page("# T\n\n| service | facts |\n|---|---|\n| a | b |\n", "p.md").executable);
  EXPECT_TRUE(read_page("```scenario\nstatus: local\n```\n", "p.md").executable);
  // The table of modes that the semantics print is prose, too.
  EXPECT_FALSE(
      read_page(
          "| publicNetworkAccess | not associated | Learning | Enforced |\n|---|---|---|---|\n",
          "p.md")
          .executable);
}

TEST(Page, RefusesWhatStandsInTheWrongPlaceOrHasAnUnknownName) {
  EXPECT_THAT(
      messages(read_page(
          "| case | from | to | expect |\n|---|---|---|---|\n| a | b | c | allow |\n", "p.md")),
      ElementsAre("error p.md:1:3: a `case` table stands before any `scenario` block"));
  EXPECT_THAT(messages(read_page("```scenaro\nstatus: local\n```\n", "p.md")),
              ElementsAre("error p.md:1:1: unknown block `scenaro`, did you mean `scenario`?"));
  EXPECT_THAT(
      messages(read_page("```document\n{}\n```\n", "p.md")),
      ElementsAre("error p.md:1:1: the `document` block has no line `----` after the document"));
  EXPECT_THAT(messages(page_of("| flow | from |\n|---|---|\n")),
              ElementsAre("error p.md:5:3: a `flow` table needs traffic: name it with `capture` or "
                          "`logs` in the `scenario` block"));
  EXPECT_THAT(messages(read_page("\xff", "p.md")),
              ElementsAre("error p.md: the page is not UTF-8"));
  EXPECT_THAT(messages(read_page("# Prose\n", "p.md")),
              ElementsAre("warning p.md: page has no case"));
}

TEST(Page, RefusesTablesThatMarkdownWouldCutOrShowAsText) {
  EXPECT_THAT(messages(page_of("| resource | kind |\n|---|---|\n| st | storage | p |\n")),
              ElementsAre("error p.md:7:18: a cell beyond the last column, the header has 2; write "
                          "`\\|` for a bar inside a cell"));
  EXPECT_THAT(
      messages(page_of("| case | from | to | expect |\n|---|---|---|\n| a | b | c | deny |\n")),
      ElementsAre("error p.md:5:3: a `case` table that Markdown shows as text: the line "
                  "below its header must be `|---|` with 4 columns"));
  EXPECT_THAT(messages(page_of("| Resource | Kind |\n|---|---|\n| st | storage |\n")),
              ElementsAre("error p.md:5:3: a table that begins with `Resource` is prose, but its "
                          "columns are those of `resource`: begin it with that word"));
}

TEST(Page, ReadsDocumentBlocks) {
  const auto page =
      read_page("```document two of a name\n{\n}\n----\nerror x\n\nwarning y\n```\n", "p.md");
  ASSERT_THAT(messages(page), IsEmpty());
  const auto& document = page.documents.at(0);
  EXPECT_EQ(document.name, "two of a name");
  EXPECT_EQ(document.content, "{\n}\n");
  EXPECT_THAT(document.expected, ElementsAre("error x", "warning y"));
}

}  // namespace
}  // namespace nsp

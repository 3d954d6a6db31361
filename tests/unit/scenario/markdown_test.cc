#include "sim/scenario/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace nsp {
namespace {

using testing::ElementsAre;

std::vector<std::string> pieces(std::string_view line) {
  std::vector<std::string> all;
  for (const auto& [begin, end] : split_table_line(line))
    all.emplace_back(line.substr(begin, end - begin));
  return all;
}

TEST(SplitTableLine, CutsAtPipesThatAreNotEscaped) {
  EXPECT_THAT(pieces("| a | b |"), ElementsAre(" a ", " b "));
  EXPECT_THAT(pieces("a | b"), ElementsAre("a ", " b"));
  EXPECT_THAT(pieces("  | a |  "), ElementsAre(" a "));
  EXPECT_THAT(pieces(R"(| a \| b | c |)"), ElementsAre(R"( a \| b )", " c "));
  EXPECT_THAT(pieces(R"(| a \\| b |)"), ElementsAre(R"( a \\)", " b "));
  EXPECT_THAT(pieces("| a || c |"), ElementsAre(" a ", "", " c "));
  EXPECT_THAT(pieces("> | a |"), ElementsAre(" a "));
  EXPECT_TRUE(pieces("").empty());
  EXPECT_TRUE(pieces("   ").empty());
}

PageTable only_table(std::string_view text) {
  for (const auto& block : read_markdown(text)) {
    if (const auto* table = std::get_if<PageTable>(&block)) return *table;
  }
  ADD_FAILURE() << "no table in " << text;
  return {};
}

TEST(ReadMarkdown, GivesCellsWithTheirPlaces) {
  const auto table = only_table("# Title\n\n| a | b |\n|---|---|\n|  x  | `y` |\n| | z |\n");
  EXPECT_EQ(table.header.line, 3u);
  EXPECT_EQ(table.header.cells.at(1).text, "b");
  EXPECT_EQ(table.header.cells.at(1).column, 7u);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells[0].text, "x");
  EXPECT_EQ(table.rows[0].cells[0].column, 4u);
  EXPECT_EQ(table.rows[0].cells[1].text, "y");
  EXPECT_EQ(table.rows[0].cells[1].column, 9u);
  EXPECT_EQ(table.rows[1].line, 6u);
  EXPECT_EQ(table.rows[1].cells[0].text, "");
  EXPECT_EQ(table.rows[1].cells[0].column, 3u);
}

// The line counts from its true start, blanks and marks before the row included.
TEST(ReadMarkdown, CountsCodePointsBesideBytes) {
  const auto table = only_table("> | a | b |\n> |---|---|\n>  | caf\u00e9 | \U0001F600 |\n");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells[0].column, 6u);
  EXPECT_EQ(table.rows[0].cells[0].character, 6u);
  EXPECT_EQ(table.rows[0].cells[1].column, 14u);
  EXPECT_EQ(table.rows[0].cells[1].character, 13u);
}

TEST(ReadMarkdown, StripsInlineMarkupFromCells) {
  const auto table = only_table(
      "| a |\n|---|\n| **bold** and *em* |\n| [link](x.md) |\n| *.blob.core.windows.net |\n| a\\|b "
      "|\n");
  EXPECT_EQ(table.rows[0].cells[0].text, "bold and em");
  EXPECT_EQ(table.rows[1].cells[0].text, "link");
  EXPECT_EQ(table.rows[2].cells[0].text, "*.blob.core.windows.net");
  EXPECT_EQ(table.rows[3].cells[0].text, "a|b");
}

TEST(ReadMarkdown, RememberTheBytesOfACell) {
  const std::string_view text = "| a |\r\n|---|\r\n| x  |\r\n";
  const auto table = only_table(text);
  const auto& cell = table.rows.at(0).cells.at(0);
  EXPECT_EQ(text.substr(cell.begin, cell.end - cell.begin), " x  ");
}

TEST(ReadMarkdown, PadsAShortRow) {
  const auto table = only_table("| a | b |\n|---|---|\n| x |\n");
  ASSERT_EQ(table.rows.at(0).cells.size(), 2u);
  EXPECT_EQ(table.rows[0].cells[1].text, "");
  EXPECT_EQ(table.rows[0].cells[1].end, 0u);
}

TEST(ReadMarkdown, GivesHeadingsAndNamedFencesOnly) {
  const auto blocks =
      read_markdown("# `Title` of it\n\n```\nplain\n```\n\n```scenario\nstatus: local\n```\n");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(std::get<PageHeading>(blocks[0]).text, "Title of it");
  const auto& fence = std::get<PageFence>(blocks[1]);
  EXPECT_EQ(fence.info, "scenario");
  EXPECT_EQ(fence.content, "status: local\n");
  EXPECT_EQ(fence.line, 7u);
}

}  // namespace
}  // namespace nsp

#include "sim/base/text_table.h"

#include <gtest/gtest.h>

namespace nsp {
namespace {

TEST(TextTable, AlignsColumnsWithoutTrailingBlanks) {
  const TextTable table{{"name", "verdict", "note"}, {{"a", "allow", "x"}, {"longer", "deny"}, {}}};
  EXPECT_EQ(to_string(table),
            "name    verdict  note\n"
            "a       allow    x\n"
            "longer  deny\n"
            "\n");
}

TEST(TextTable, HasNoHeaderLineWithoutHeader) {
  EXPECT_EQ(to_string(TextTable{{}, {{"a", "b"}, {"cc", "d"}}}, 2), "  a   b\n  cc  d\n");
  EXPECT_EQ(to_string(TextTable{}), "");
}

TEST(TextTable, CountsCodePointsAndNoEscapes) {
  EXPECT_EQ(display_width("héllo"), 5U);
  EXPECT_EQ(display_width("\x1b[31mred\x1b[0m"), 3U);
  EXPECT_EQ(display_width("\x1b["), 0U);
  EXPECT_EQ(to_string(TextTable{{}, {{"é", "x"}, {"ab", "y"}}}), "é   x\nab  y\n");
}

TEST(TextTable, WritesMarkdown) {
  const TextTable table{{"a", "b"}, {{"1|2", "two\nlines"}, {"x"}}};
  EXPECT_EQ(to_markdown(table),
            "| a    | b         |\n"
            "| ---- | --------- |\n"
            "| 1\\|2 | two lines |\n"
            "| x    |           |\n");
}

}  // namespace
}  // namespace nsp

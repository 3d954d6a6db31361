#include "sim/report/markdown.h"

#include <gtest/gtest.h>

namespace nsp {
namespace {

TEST(MarkdownPlain, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(markdown_plain("a_b|c <d> & `e`\x1b"), "a\\_b\\|c &lt;d> &amp; \\`e\\`?");
}

TEST(MarkdownWithCode, KeepsCodeAndEscapesTheRest) {
  EXPECT_EQ(markdown_with_code("a_b is `c_d` and `e|f`."), "a\\_b is `c_d` and `e\\|f`.");
  EXPECT_EQ(markdown_with_code("one ` alone"), "one \\` alone");
  EXPECT_EQ(markdown_with_code("`a` and one ` alone"), "`a` and one \\` alone");
  EXPECT_EQ(markdown_with_code(""), "");
}

}  // namespace
}  // namespace nsp

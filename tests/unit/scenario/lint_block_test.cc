#include "sim/scenario/lint_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/page.h"
#include "sim/scenario/run.h"
#include "sim/scenario/update.h"
#include "tests/unit/scenario/page_folder.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing_support::PageFolder;

Page page(std::string_view text) { return read_page(text, "page.md"); }

TEST(LintBlockOfAPage, HoldsDocumentsAndFindings) {
  const std::string text =
      "# T\n\n```lint two links, enable=NSP152,NSP4xx today=2026-06-01\n"
      "{\"a\": 1}\n----\n{\n}\n----\nwarning X\n\n  note Y  \n```\n";
  const Page read = page(text);
  EXPECT_THAT(read.diagnostics, IsEmpty());
  EXPECT_TRUE(read.executable);
  ASSERT_EQ(read.lints.size(), 1u);
  const LintCase& lint = read.lints[0];
  EXPECT_EQ(lint.name, "two links");
  EXPECT_THAT(lint.request.options,
              ElementsAre(Pair("enable", "NSP152,NSP4xx"), Pair("today", "2026-06-01")));
  ASSERT_EQ(lint.request.documents.size(), 2u);
  EXPECT_EQ(lint.request.documents[0].text, "{\"a\": 1}\n");
  EXPECT_EQ(lint.request.documents[0].first_line, 1u);
  EXPECT_EQ(lint.request.documents[1].text, "{\n}\n");
  EXPECT_EQ(lint.request.documents[1].first_line, 3u);
  EXPECT_EQ(to_string(lint.request.place), "page.md:3:1");
  EXPECT_THAT(lint.expected, ElementsAre("warning X", "note Y"));
  EXPECT_EQ(text.substr(lint.begin, lint.end - lint.begin), "warning X\n\n  note Y  \n");
}

TEST(LintBlockOfAPage, SaysWhatIsWrong) {
  const auto message = [](std::string_view text) {
    return to_string(page(text).diagnostics.front());
  };
  EXPECT_EQ(message("```lint\n{}\n```\n"),
            "error page.md:1:1: the `lint` block has no line `----` after the document");
  EXPECT_EQ(message("```lint todai=2026-06-01\n{}\n----\n```\n"),
            "error page.md:1:1: unknown option `todai` of a `lint` block, expected `enable`, "
            "`disable` or `today`; did you mean `today`?");
  EXPECT_EQ(message("```lnt\n{}\n----\n```\n"),
            "error page.md:1:1: unknown block `lnt`, did you mean `lint`?");
}

// A stand-in that finds what the first document says.
Result<std::vector<std::string>> echo(const LintRequest& request) {
  std::string text = request.documents[0].text;
  if (text == "fail\n") return std::unexpected(one_error(request.place, "no such check"));
  text.pop_back();
  return text.empty() ? std::vector<std::string>{} : std::vector{text};
}

RunOptions options(const PageFolder& folder) {
  RunOptions options;
  options.paths = {folder.path()};
  options.lint = echo;
  return options;
}

TEST(LintBlockOfAPage, IsHeldAgainstWhatIsFound) {
  const PageFolder folder;
  folder.write("a.md", "```lint\nx\n----\nx\n```\n\n```lint named\nx\n----\ny\n```\n");
  const RunResult result = run_pages(options(folder));
  ASSERT_EQ(result.pages.size(), 1u);
  ASSERT_EQ(result.pages[0].cells.size(), 2u);
  EXPECT_EQ(result.pages[0].cells[0].status, CellStatus::Passed);
  EXPECT_EQ(result.pages[0].cells[0].case_name, "lint");
  const CellResult& failed = result.pages[0].cells[1];
  EXPECT_EQ(failed.status, CellStatus::Failed);
  EXPECT_EQ(failed.case_name, "named");
  EXPECT_EQ(failed.column, "lint");
  EXPECT_EQ(failed.expected, "y");
  EXPECT_EQ(failed.actual, "x");
  EXPECT_EQ(exit_status(result), 1);
}

TEST(LintBlockOfAPage, IsSelectedByName) {
  const PageFolder folder;
  folder.write("a.md", "```lint one\nx\n----\nx\n```\n\n```lint other\nx\n----\ny\n```\n");
  RunOptions some = options(folder);
  some.filter = "ONE";
  EXPECT_EQ(run_pages(some).cells(), 1u);
  some.filter.clear();
  some.list = true;
  EXPECT_EQ(run_pages(some).cells(), 2u);
  EXPECT_EQ(run_pages(some).failed(), 0u);
}

TEST(LintBlockOfAPage, IsAnErrorWhereItCannotRun) {
  const PageFolder folder;
  folder.write("a.md", "```lint\nfail\n----\n```\n");
  RunOptions with = options(folder);
  EXPECT_EQ(run_pages(with).pages[0].diagnostics.front().message, "no such check");
  EXPECT_EQ(exit_status(run_pages(with)), 3);
  with.lint = nullptr;
  EXPECT_EQ(run_pages(with).pages[0].diagnostics.front().message,
            "the page has a `lint` block, and this program runs none");
}

TEST(LintBlockOfAPage, IsUpdated) {
  const PageFolder folder;
  folder.write("a.md",
               "text\n\n```lint\nx\n----\n```\n\n```lint\nx\n----\nold\nolder\n```\n\n"
               "```lint\n\n----\ngone\n```\n\n```lint\nsame\n----\nsame\n```\n");
  const UpdateResult update = update_pages(options(folder));
  ASSERT_EQ(update.updated.size(), 1u);
  EXPECT_EQ(update.updated[0].cells, 3u);
  EXPECT_EQ(exit_status(update.result), 0);
  EXPECT_EQ(folder.read("a.md"),
            "text\n\n```lint\nx\n----\nx\n```\n\n```lint\nx\n----\nx\n```\n\n"
            "```lint\n\n----\n```\n\n```lint\nsame\n----\nsame\n```\n");
}

// Inside a quote the lines have marks that an update would lose.
TEST(LintBlockOfAPage, IsLeftAloneInsideAQuote) {
  const PageFolder folder;
  const std::string text = "> ```lint\n> x\n> ----\n> y\n> ```\n";
  folder.write("a.md", text);
  EXPECT_THAT(update_pages(options(folder)).updated, IsEmpty());
  EXPECT_EQ(folder.read("a.md"), text);
}

}  // namespace
}  // namespace nsp

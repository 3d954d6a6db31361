// Registers each outcome cell of each page under scenarios/ as its own test, when the program
// starts: a list made at build time would stay green when a row is added. `--gtest_filter` selects
// cells by page and line.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <string>
#include <utility>

#include "sim/analysis/lint_block.h"
#include "sim/analysis/traffic.h"
#include "sim/scenario/run.h"

namespace nsp {
namespace {

// A name that `--gtest_filter` can take.
std::string test_name(std::string text) {
  for (char& c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return text;
}

class CellTest : public testing::Test {
 public:
  explicit CellTest(CellResult cell) : cell_(std::move(cell)) {}

  void TestBody() override {
    EXPECT_EQ(cell_.status, CellStatus::Passed)
        << to_string(cell_.place) << ": " << cell_.case_name << " [" << cell_.column << "]\n"
        << "expected " << cell_.expected << "\nactual   " << cell_.actual << "\n"
        << cell_.trace;
  }

 private:
  CellResult cell_;
};

class PageTest : public testing::Test {
 public:
  explicit PageTest(PageResult page) : page_(std::move(page)) {}

  void TestBody() override {
    EXPECT_FALSE(page_.cells.empty()) << page_.path << " has no case";
    for (const auto& diagnostic : page_.diagnostics) {
      EXPECT_NE(diagnostic.severity, Severity::Error) << to_string(diagnostic);
    }
  }

 private:
  PageResult page_;
};

void register_page(const PageResult& page) {
  const std::string suite = test_name(page.path);
  testing::RegisterTest(suite.c_str(), "page_is_valid", nullptr, nullptr, page.path.c_str(), 1,
                        [page]() -> testing::Test* { return new PageTest(page); });
  for (const auto& cell : page.cells) {
    const std::string name = fmt::format("line_{}_{}_{}_{}", cell.place.line, cell.place.column,
                                         test_name(cell.case_name), test_name(cell.column));
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, page.path.c_str(),
                          static_cast<int>(cell.place.line),
                          [cell]() -> testing::Test* { return new CellTest(cell); });
  }
}

}  // namespace
}  // namespace nsp

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // From the source folder, so that names of tests carry no path of this machine.
  std::filesystem::current_path(NSPSIM_SOURCE_DIR);
  nsp::RunOptions options;
  options.paths = {"scenarios"};
  options.read_traffic = nsp::read_observations;
  options.lint = nsp::lint_block;
  const nsp::RunResult result = nsp::run_pages(options);
  if (result.cells() == 0) {
    fmt::print(stderr, "conformance: no page under scenarios/ has a case\n");
    return 1;
  }
  for (const auto& page : result.pages) nsp::register_page(page);
  return RUN_ALL_TESTS();
}

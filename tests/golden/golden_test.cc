// Runs every `$ command` of the console blocks in our README files and compares what it prints,
// byte for byte.
//
// The commands of one file run in order, in a folder that looks like the root of the repository (so
// that `nspsim init demo` leaves nothing behind), with the program just built first on the PATH.
// Blocks that name a file (```markdown page.md) are written there first. Standard error is shown
// with the output, as in a terminal; durations are not compared.
//
// With NSPSIM_UPDATE_GOLDEN set the files are rewritten instead; see tools/update_golden.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/golden/markdown_blocks.h"

namespace nsp::golden {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = NSPSIM_SOURCE_DIR;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A fresh folder with a link to everything at the root but what builds leave there.
fs::path make_folder(const std::string& name) {
  fs::path folder =
      fs::temp_directory_path() / ("nspsim-golden-" + std::to_string(getpid())) / name;
  fs::create_directories(folder);
  for (const fs::directory_entry& entry : fs::directory_iterator(kRoot)) {
    const std::string leaf = entry.path().filename();
    if (leaf.starts_with("build") || leaf.starts_with(".")) continue;
    fs::create_symlink(entry.path(), folder / leaf);
  }
  return folder;
}

struct Ran {
  std::string output;
  int status = 0;
};

// `previous` is what `$?` holds when the command starts.
Ran run(const fs::path& folder, const std::string& command, int previous) {
  const std::string script = "cd '" + folder.string() + "' && { (exit " + std::to_string(previous) +
                             "); " + command + "\n} 2>&1";
  Ran ran;
  std::FILE* pipe = popen(script.c_str(), "r");
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    ran.output.append(buffer, n);
  }
  ran.status = WEXITSTATUS(pclose(pipe));
  return ran;
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const char* programs = std::getenv("NSPSIM_PROGRAM_DIR");
    ASSERT_NE(programs, nullptr) << "run this test through ctest";
    setenv("PATH", (std::string(programs) + ":" + std::getenv("PATH")).c_str(), 1);
    lines_ = split_lines(read_text(kRoot / GetParam()));
    blocks_ = find_blocks(lines_);
    folder_ = make_folder("repository");
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  // Files that the prose names are there before the commands run.
  void write_named_blocks() {
    for (const Block& block : blocks_) {
      const fs::path path = folder_ / block.name;
      if (!block.name.empty() && !fs::exists(path)) write_text(path, block_text(lines_, block));
    }
  }

  // Every command of the file with what it printed now.
  std::vector<std::pair<Exchange, std::string>> run_all() {
    std::vector<std::pair<Exchange, std::string>> results;
    int status = 0;
    for (const Block& block : blocks_) {
      if (block.language != "console") continue;
      for (const Exchange& exchange : exchanges(lines_, block)) {
        Ran ran = run(folder_, exchange.command, status);
        status = ran.status;
        results.emplace_back(exchange, std::move(ran.output));
      }
    }
    return results;
  }

  Lines lines_;
  std::vector<Block> blocks_;
  fs::path folder_;
};

// Replaces each outdated output. From the end, so that line numbers before it stay true.
void update(const fs::path& path, Lines lines,
            const std::vector<std::pair<Exchange, std::string>>& results) {
  for (auto it = results.rbegin(); it != results.rend(); ++it) {
    const auto& [exchange, actual] = *it;
    if (without_times(actual) == without_times(exchange.output)) continue;
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(exchange.line);
    const auto old = static_cast<std::ptrdiff_t>(split_lines(exchange.output).size());
    const Lines fresh = split_lines(actual);
    lines.insert(lines.erase(first, first + old), fresh.begin(), fresh.end());
  }
  write_text(path, join_lines(lines));
}

TEST_P(Golden, CommandsPrintWhatTheFileSays) {
  write_named_blocks();
  const auto results = run_all();
  ASSERT_FALSE(results.empty()) << GetParam() << " holds no `$ command` in a console block";
  if (std::getenv("NSPSIM_UPDATE_GOLDEN") != nullptr) {
    update(kRoot / GetParam(), lines_, results);
    return;
  }
  for (const auto& [exchange, actual] : results) {
    EXPECT_EQ(without_times(exchange.output), without_times(actual))
        << GetParam() << ":" << exchange.line << ": $ " << exchange.command;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::Values("README.md", "scenarios/README.md"));

// The library example of the README is the stranger's project that tests/package builds.
TEST(GoldenReadme, LibraryExampleIsTheOneThatIsBuilt) {
  const Lines lines = split_lines(read_text(kRoot / "README.md"));
  std::vector<std::string> languages;
  for (const Block& block : find_blocks(lines)) {
    if (block.language != "cpp" && block.language != "cmake") continue;
    languages.push_back(block.language);
    EXPECT_EQ(block_text(lines, block), read_text(kRoot / "tests/package/stranger" / block.name));
  }
  EXPECT_THAT(languages, testing::UnorderedElementsAre("cmake", "cpp"));
}

TEST(GoldenBlocks, FindsCommandsAndTheirOutput) {
  const Lines lines = split_lines(
      "a\n```console\n$ one\nx\ny\n$ two\n```\n````markdown p.md\n```\n$ no\n```\n````\n");
  const std::vector<Block> blocks = find_blocks(lines);
  ASSERT_EQ(blocks.size(), 2U);
  const std::vector<Exchange> found = exchanges(lines, blocks[0]);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].command, "one");
  EXPECT_EQ(found[0].line, 3U);
  EXPECT_EQ(found[0].output, "x\ny\n");
  EXPECT_EQ(found[1].output, "");
  EXPECT_EQ(blocks[1].name, "p.md");
  EXPECT_EQ(block_text(lines, blocks[1]), "```\n$ no\n```\n");
}

TEST(GoldenBlocks, LeavesDurationsOut) {
  EXPECT_EQ(without_times("3 cells in 0.12 s, 5ms"), "3 cells in TIME, TIME");
  EXPECT_EQ(without_times("203 stores, 5 sms"), "203 stores, 5 sms");
}

}  // namespace
}  // namespace nsp::golden

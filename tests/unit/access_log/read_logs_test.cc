// Files, folders, shards and jobs: whatever the cut, the whole is the same.
#include "sim/access_log/read_logs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "sim/access_log/part.h"
#include "tests/support/log_generator.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Pair;

// A folder of its own for each test, gone behind it.
class ReadLogs : public ::testing::Test {
 protected:
  ReadLogs() {
    std::string name = (fs::temp_directory_path() / "nspsim-logs-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ReadLogs() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, std::string_view bytes) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  fs::path folder_;
};

LogTable read_texts(const std::vector<fs::path>& paths, const ReadLogsOptions& options = {}) {
  const auto table = read_logs(paths, options);
  EXPECT_TRUE(table) << lines_of(table.error()).front();
  return table.value_or(LogTable());
}

std::vector<std::string> mistakes(const std::vector<fs::path>& paths) {
  const auto table = read_logs(paths);
  return table ? std::vector<std::string>() : lines_of(table.error());
}

// All that there is to say about a table, as bytes.
std::string bytes_of(const LogTable& table) { return write_part({{}, {}, table}); }

TEST_F(ReadLogs, TheFoldersOfDiagnosticSettings) {
  const std::string hour = "y=2026/m=06/d=01/h=10/m=00/PT1H.json";
  const std::string id = "/resourceId=/SUBSCRIPTIONS/1/PROVIDERS/N/";
  write("insights-logs-nsppublicinboundresourcerulesallowed" + id + hour, raw_line() + "\r\n");
  write("insights-logs-nspintraperimeterinboundallowed" + id + hour, raw_line() + "\n");
  write("insights-logs-nspoutboundattempt" + id + hour, "");
  write("readme.txt", "not a log");
  write(".hidden/PT1H.json", raw_line());
  LogTable expected = one_tuple(2);
  expected.files = 3;
  EXPECT_EQ(read_texts({folder_}), expected);
}

TEST_F(ReadLogs, AFileThatIsNamedTwiceIsReadOnce) {
  const fs::path a = write("a.json", raw_line());
  const fs::path b = write("b/b.json", raw_line());
  LogTable expected = one_tuple(2);
  expected.files = 2;
  EXPECT_EQ(read_texts({a, folder_, b, folder_ / "b" / ".." / "a.json"}), expected);
}

TEST_F(ReadLogs, WhatCannotBeReadIsAnError) {
  EXPECT_THAT(mistakes({folder_ / "absent.json"}),
              ElementsAre("error " + (folder_ / "absent.json").string() +
                          ": cannot be read: No such file or directory"));
  EXPECT_THAT(mistakes({folder_}),
              ElementsAre("error " + folder_.string() +
                          ": holds no .json or .jsonl or .ndjson or .csv or .log or .gz file"));
}

TEST_F(ReadLogs, APipeIsReadToItsEnd) {
  const fs::path pipe = folder_ / "pipe.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  if (::fork() == 0) {
    std::ofstream(pipe) << raw_line() << "\n" << raw_line();
    ::_exit(0);
  }
  EXPECT_EQ(read_texts({pipe}), one_tuple(2));
}

TEST_F(ReadLogs, LinesAreCountedFromTheStartOfTheFile) {
  const std::string line = raw_line() + "\n";
  std::string text;
  for (int i = 0; i < 40; ++i) text += i == 33 ? "damaged\n" : line;
  const fs::path path = write("a.json", text);
  for (std::uint32_t index = 1; index <= 7; ++index) {
    const LogTable part = read_texts({path}, {.shard = {index, 7}});
    for (const Diagnostic& example : part.examples) {
      EXPECT_EQ(to_string(example), "error " + path.string() + ":34:1: not a record");
    }
  }
  EXPECT_EQ(read_texts({path}).examples.size(), 1U);
}

TEST_F(ReadLogs, ProgressEndsWithAll) {
  const fs::path path = write("a.json", raw_line());
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  (void)read_texts({path}, {.progress = [&](std::uint64_t done, std::uint64_t all) {
                     told.emplace_back(done, all);
                   }});
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), std::pair(raw_line().size(), raw_line().size()));
}

// Any text as a file that can or cannot be cut.
std::string random_file(std::mt19937& random) {
  LogGenerator generator(static_cast<std::uint32_t>(random()), 20);
  const bool array = random() % 4 == 0;
  const std::string_view end = random() % 2 == 0 ? "\r\n" : "\n";
  std::string text = array ? "[" : "";
  const std::size_t records = random() % 30;
  for (std::size_t i = 0; i < records; ++i) {
    std::string line;
    generator.next(line);
    line.pop_back();
    if (random() % 16 == 0) line.resize(random() % line.size());
    if (random() % 16 == 0) line.clear();
    if (random() % 16 == 0 && !line.empty()) line.insert(1, "\"novelty\":1,");
    const bool last = i + 1 == records;
    text += line;
    if (array && !last) text += ',';
    if (!last || random() % 2 == 0) text += end;
  }
  return array ? text + "]" : text;
}

TEST_F(ReadLogs, ShardsAndJobsMergeToTheWhole) {
  std::mt19937 random(20260601);
  for (int round = 0; round < 60; ++round) {
    std::vector<fs::path> paths;
    const std::size_t files = 1 + random() % 5;
    for (std::size_t i = 0; i < files; ++i) {
      paths.push_back(
          write(std::to_string(round) + "/" + std::to_string(i) + ".json", random_file(random)));
    }
    const std::string whole = bytes_of(read_texts(paths));
    const std::uint32_t count = 1 + static_cast<std::uint32_t>(random() % 9);
    std::vector<std::uint32_t> order(count);
    for (std::uint32_t i = 0; i < count; ++i) order[i] = i + 1;
    std::ranges::shuffle(order, random);
    LogTable merged;
    for (const std::uint32_t index : order) {
      std::ranges::shuffle(paths, random);
      merged.merge(read_texts(
          paths, {.shard = {index, count}, .jobs = 1 + static_cast<unsigned>(random() % 3)}));
    }
    ASSERT_EQ(bytes_of(merged), whole) << "round " << round << ", " << count << " shards";
  }
}

TEST_F(ReadLogs, EveryByteRangeTakesTheLinesThatStartInIt) {
  std::string text = "\xef\xbb\xbf";
  LogGenerator generator(7, 5);
  for (int i = 0; i < 4; ++i) generator.next(text);
  const fs::path path = write("a.json", text);
  const std::string whole = bytes_of(read_texts({path}));
  // As many shards as bytes: every cut there is.
  const auto count = static_cast<std::uint32_t>(text.size());
  LogTable merged;
  for (std::uint32_t index = 1; index <= count; ++index)
    merged.merge(read_texts({path}, {.shard = {index, count}}));
  EXPECT_EQ(bytes_of(merged), whole);
}

// Standard input is the file for as long as this lives.
class InputFrom {
 public:
  explicit InputFrom(const fs::path& path) : before_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
  }
  ~InputFrom() {
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }

 private:
  int before_;
};

TEST_F(ReadLogs, StandardInputIsTheShardThatItIsPipedTo) {
  std::string text;
  LogGenerator generator(7, 50);
  for (int i = 0; i < 90; ++i) generator.next(text);
  const std::string whole = bytes_of(read_texts({write("a.json", text)}));
  LogTable merged;
  std::size_t begin = 0;
  for (std::uint32_t index = 1; index <= 3; ++index) {
    const std::size_t end = index == 3 ? text.size() : text.find('\n', text.size() * index / 3) + 1;
    const InputFrom block(write("block.json", text.substr(begin, end - begin)));
    merged.merge(read_texts({"-"}, {.shard = {index, 3}}));
    begin = end;
  }
  EXPECT_EQ(bytes_of(merged), whole);
}

// A million records with known truth; fewer where sanitizers make each cost more.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kManyRecords = 50'000;
#elif defined(NDEBUG)
constexpr int kManyRecords = 1'000'000;
#else
constexpr int kManyRecords = 200'000;
#endif

TEST_F(ReadLogs, ManyRecordsAreTheTruth) {
  LogGenerator generator(42, 2000);
  LogTable found;
  constexpr int kAtOnce = kManyRecords / 10;
  for (int written = 0; written < kManyRecords; written += kAtOnce) {
    std::string text;
    for (int i = 0; i < kAtOnce; ++i) generator.next(text);
    found.merge(read_texts({write("a.json", text)}, {.jobs = 2}));
  }
  LogTable truth = generator.truth();
  truth.files = 10;
  EXPECT_EQ(found.records, kManyRecords);
  EXPECT_EQ(found.tuples.size(), truth.tuples.size());
  EXPECT_TRUE(found == truth);
}

TEST(Shard, IsWrittenAndRead) {
  EXPECT_EQ(parse_shard("2/8"), (LogShard{2, 8}));
  EXPECT_EQ(to_string(LogShard{2, 8}), "2/8");
  for (const std::string_view bad :
       {"", "2", "0/8", "9/8", "2/0", "/8", "2/", "a/8", "2/8/", "-1/8", " 1/8"}) {
    const auto shard = parse_shard(bad);
    ASSERT_FALSE(shard) << bad;
    EXPECT_EQ(shard.error(),
              "`" + std::string(bad) + "` is not a shard, expected `I/N` from `1/N` to `N/N`");
  }
}

}  // namespace
}  // namespace nsp::test

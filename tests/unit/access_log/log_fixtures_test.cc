// fixtures/access-logs: the same ten records in every shape are the same table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/access_log/read_logs.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Pair;

LogTable read_fixture(const std::string& name) {
  const std::vector<fs::path> paths{fs::path(NSPSIM_SOURCE_DIR) / "fixtures/access-logs" / name};
  const auto table = read_logs(paths);
  EXPECT_TRUE(table) << lines_of(table.error()).front();
  return table.value_or(LogTable());
}

TEST(LogFixtures, EveryShapeIsTheSameTable) {
  const LogTable raw = read_fixture("raw.ndjson");
  EXPECT_EQ(raw.records, 10U);
  EXPECT_EQ(raw.tuples.size(), 10U);
  EXPECT_TRUE(raw.unreadable.empty());
  EXPECT_TRUE(raw.unknown_columns.empty());
  for (const char* const name : {"records.json", "raw.ndjson.gz", "folder", "az-query.json",
                                 "rest-query.json", "portal.csv"}) {
    LogTable other = read_fixture(name);
    other.files = 1;  // the folder has one a category and hour
    EXPECT_TRUE(other == raw) << name;
  }
}

TEST(LogFixtures, PascalCaseIsReadAlike) {
  const LogTable raw = read_fixture("raw.ndjson");
  const LogTable pascal = read_fixture("search-pascal-case.ndjson");
  EXPECT_EQ(pascal.tuples.size(), 4U);
  EXPECT_TRUE(pascal.unreadable.empty());
  for (const auto& [tuple, activity] : pascal.tuples) {
    const auto found = raw.tuples.find(tuple);
    ASSERT_NE(found, raw.tuples.end());
    EXPECT_EQ(found->second, activity);
  }
}

TEST(LogFixtures, DamageIsCountedByKind) {
  const LogTable table = read_fixture("damaged.ndjson");
  EXPECT_EQ(table.records, 5U);
  EXPECT_EQ(table.tuples.size(), 4U);
  EXPECT_THAT(table.unreadable,
              ElementsAre(Pair("`count` is not a number of events", 1), Pair("not JSON", 2),
                          Pair("not UTF-8", 1), Pair("not a record", 1),
                          Pair("the file ends inside a record", 1)));
  EXPECT_THAT(table.unknown_categories, ElementsAre(Pair("NspSomethingNew", 1)));
  EXPECT_THAT(table.unknown_columns, ElementsAre(Pair("cloudRegion", 1)));
  std::vector<std::uint32_t> lines;
  for (const Diagnostic& example : table.examples) lines.push_back(example.place.line);
  EXPECT_THAT(lines, ElementsAre(2, 4, 5, 8, 9, 11));
}

}  // namespace
}  // namespace nsp::test

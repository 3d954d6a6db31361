// What is damaged costs itself, is counted by kind, and the first places are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/access_log/line_protocol.h"
#include "sim/access_log/read_logs.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Lines = std::vector<std::string>;

LogTable read(std::string_view bytes) { return read_log_bytes(bytes, "log"); }

TEST(DamagedLogs, ALineCostsItself) {
  const std::string line = raw_line() + "\n";
  const std::string nul = with(line, "Search.\"", std::string_view("Sea\0rch.\"", 9));
  const LogTable table = read(line + "{\"time\":\n" + line + "garbage\n" + line +
                              with(line, "Search.", "S\xff") + nul + "7\n" + line);
  EXPECT_EQ(table.tuples, one_tuple(4).tuples);
  EXPECT_EQ(table.records, 4U);
  EXPECT_THAT(table.unreadable,
              ElementsAre(Pair("not JSON", 2), Pair("not UTF-8", 1), Pair("not a record", 2)));
  EXPECT_EQ(lines_of(table.examples),
            (Lines{"error log:2:1: not JSON", "error log:4:1: not a record", "error log:6:1: not UTF-8",
                   "error log:7:1: not JSON", "error log:8:1: not a record"}));
}

TEST(DamagedLogs, TheFirstLineMayBeTheDamagedOne) {
  const std::string line = raw_line();
  for (const std::size_t cut : {1U, 8U, 30U, 31U, 200U, 400U}) {
    const LogTable table = read(line.substr(0, cut) + "\n" + line + "\n" + line + "\n");
    EXPECT_EQ(table.tuples, one_tuple(2).tuples) << cut;
    EXPECT_EQ(lines_of(table.examples), Lines{"error log:1:1: not JSON"}) << cut;
  }
}

TEST(DamagedLogs, AFileThatIsCutOff) {
  const std::string line = raw_line();
  const LogTable lines = read(line + "\n" + line.substr(0, 500));
  EXPECT_EQ(lines.records, 1U);
  EXPECT_EQ(lines_of(lines.examples), Lines{"error log:2:1: the file ends inside a record"});
  const LogTable wrapped = read("{\"records\":[" + line + ",\n  " + line.substr(0, 500));
  EXPECT_EQ(wrapped.records, 1U);
  EXPECT_EQ(lines_of(wrapped.examples), (Lines{
                                            "error log:2:3: the file ends inside a record",
                                        }));
}

TEST(DamagedLogs, ValuesOfTheWrongKind) {
  const auto why = [](std::string_view from, std::string_view to) {
    const LogTable table = read(with(raw_line(), from, to));
    return table.unreadable.size() == 1 ? table.unreadable.begin()->first : "readable";
  };
  EXPECT_EQ(why("\"profile\":\"default\"", "\"profile\":{}"),
            "expected a string in `properties.profile`");
  EXPECT_EQ(why("\"category\":\"Nsp", "\"category\":true,\"x\":\"Nsp"),
            "expected a string in `category`");
  EXPECT_EQ(why("\"count\":\"3\"", "\"count\":\"many\""), "`count` is not a number of events");
  EXPECT_EQ(why("\"count\":\"3\"", "\"count\":-1"), "`count` is not a number of events");
  EXPECT_EQ(why("\"count\":\"3\"", "\"count\":1.5"), "`count` is not a number of events");
  EXPECT_EQ(why("\"count\":\"3\"", "\"count\":1000000000001"), "`count` is not a number of events");
  EXPECT_EQ(why("\"count\":\"3\"", "\"count\":[]"), "expected a string in `count`");
  EXPECT_EQ(why("2026-06-01T10:00:00Z", "yesterday"), "the time cannot be read");
  EXPECT_EQ(why("\"time\":", "\"when\":"), "no time");
  EXPECT_EQ(why("\"category\":", "\"kind\":"), "no category");
  EXPECT_EQ(why("\"profile\":\"default\"", "\"profile\":\"\\q\""), "not JSON");
  EXPECT_EQ(why("\"profile\":\"default\"", "\"profile\":\"a\"b"), "not JSON");
  EXPECT_EQ(why("\"source\":{", "\"source\":7,\"x\":{"),
            "expected an object in `properties.source`");
  EXPECT_EQ(why("\"profile\":\"default\"", "\"matchedRule\":\"{\",\"profile\":\"default\""),
            "readable");
}

TEST(DamagedLogs, ARecordOfADocumentCostsItself) {
  const std::string line = raw_line();
  const auto damaged = [&](std::string_view from, std::string_view to) {
    const std::string bad = with(line, from, to);
    const LogTable table = read("{\"records\":[\n" + line + ",\n" + bad + ",\n" + line + "\n]}");
    EXPECT_EQ(table.records, 2U) << bad;
    EXPECT_EQ(lines_of(table.examples), Lines{"error log:3:1: not JSON"}) << bad;
  };
  damaged("\"profile\":\"default\"", "\"profile\":\"default");  // a quote is missing
  damaged("}},\"result", "},\"result");                         // a bracket is missing
  damaged("\"count\":", "\"count\"");
  damaged("\"time\"", "time");
  // Also where everything is one line.
  const LogTable table = read("[" + line + "," + with(line, "\"time\"", "time") + "," + line + "]");
  EXPECT_EQ(table.records, 2U);
  EXPECT_THAT(table.unreadable, ElementsAre(Pair("not JSON", 1)));
}

TEST(DamagedLogs, LongLinesAreSkipped) {
  const std::string line = raw_line() + "\n";
  const std::string bulk(kLongestLine + 5, 'x');
  const LogTable lines = read(line + "{\"a\":\"" + bulk + "\"}\n" + line);
  EXPECT_EQ(lines.tuples, one_tuple(2).tuples);
  EXPECT_EQ(lines_of(lines.examples),
            Lines{"error log:2:1: longer than 16 MiB, the most that is read of a record"});
  const LogTable document =
      read("[" + raw_line() + ",\n{\"a\":\"" + bulk + "\"},\n" + raw_line() + "]");
  EXPECT_EQ(document.tuples, one_tuple(2).tuples);
  EXPECT_EQ(lines_of(document.examples),
            Lines{"error log:2:1: longer than 16 MiB, the most that is read of a record"});
}

TEST(DamagedLogs, EmptyAndForeignFiles) {
  for (const std::string_view text :
       {"", "\n\n", "  ", "[]", "{\"records\":[]}", "[\n]\n", "\xef\xbb\xbf"}) {
    const LogTable table = read(text);
    EXPECT_EQ(table.files, 1U);
    EXPECT_EQ(table.records, 0U);
    EXPECT_THAT(table.unreadable, IsEmpty()) << text;
  }
  EXPECT_THAT(read("\xff\xfe{\0").unreadable,
              ElementsAre(Pair("the file is UTF-16, expected UTF-8", 1)));
  EXPECT_THAT(read(std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff", 12)).unreadable,
              ElementsAre(Pair("gzip data is damaged", 1)));
  EXPECT_THAT(read("\x1f\x8b").unreadable, ElementsAre(Pair("gzip data ends too early", 1)));
  EXPECT_THAT(read("{}").unreadable, ElementsAre(Pair("no category", 1)));
}

TEST(DamagedLogs, TenPlacesAreKept) {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "x\n";
  const LogTable table = read(text);
  EXPECT_THAT(table.unreadable, ElementsAre(Pair("not a record", 25)));
  ASSERT_EQ(table.examples.size(), kMostExamples);
  EXPECT_EQ(table.examples.back().place.line, 10U);
}

}  // namespace
}  // namespace nsp::test

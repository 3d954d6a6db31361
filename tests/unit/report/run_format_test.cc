#include <gtest/gtest.h>

#include "sim/report/format.h"
#include "sim/report/json_writer.h"

namespace nsp {
namespace {

TEST(ReportFormat, ReadsItsWordsAndNoOthers) {
  EXPECT_EQ(parse_word<ReportFormat>("sarif"), ReportFormat::Sarif);
  EXPECT_EQ(parse_word<ReportFormat>("HTML"), ReportFormat::Html);
  EXPECT_EQ(parse_word<ReportFormat>("xml"), std::nullopt);
  EXPECT_EQ(to_string(ReportFormat::Github), "github");
}

TEST(Printable, ReplacesWhatMovesTheCursor) {
  EXPECT_EQ(printable("a\x1b[31m\tb\n"), "a?[31m?b?");
  EXPECT_EQ(printable("a\tb\n\r", true), "a\tb\n?");
  EXPECT_EQ(printable("caf\u00e9 \u0085 \x7f"), "caf\u00e9 ? ?");
}

TEST(Cut, CountsCodePoints) {
  EXPECT_EQ(cut("caf\u00e9s", 5), "caf\u00e9s");
  EXPECT_EQ(cut("caf\u00e9s!", 5), "caf\u00e9\u2026");
  EXPECT_EQ(cut("abc", 1), "\u2026");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(IndentLines, LeavesEmptyLinesEmpty) {
  EXPECT_EQ(indent_lines("a\n\n b\n\n", 2), "  a\n\n   b\n");
  EXPECT_EQ(indent_lines("\n", 2), "");
}

TEST(CountOf, KnowsOneFromMany) {
  EXPECT_EQ(count_of(1, "page"), "1 page");
  EXPECT_EQ(count_of(0, "page"), "0 pages");
}

TEST(JsonWriter, WritesInOrder) {
  JsonWriter json;
  json.object().member("a", 1).member("b", true).key("c").null().key("d").array();
  json.value("x").object().end().end().key("e").array().end();
  json.member("f", std::vector<std::string>{"p", "q"}).key("g").seconds(0.25).end();
  EXPECT_EQ(json.take(), R"({
  "a": 1,
  "b": true,
  "c": null,
  "d": [
    "x",
    {}
  ],
  "e": [],
  "f": ["p", "q"],
  "g": 0.250000000
}
)");
}

TEST(JsonWriter, OneLineHasNoSpaces) {
  JsonWriter json(JsonWriter::Style::OneLine);
  json.object().member("a", "x\n\"").key("b").array().value(1).value(2).end().end();
  EXPECT_EQ(json.take(), R"({"a":"x\n\"","b":[1,2]})");
}

TEST(JsonWriter, ReplacesBytesThatAreNotText) { EXPECT_EQ(json_string("a\xff"), "\"a\ufffd\""); }

}  // namespace
}  // namespace nsp

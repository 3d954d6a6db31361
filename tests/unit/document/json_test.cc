#include "sim/document/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nsp {
namespace {

Node parse(std::string_view text) {
  auto parsed = parse_json(text, "f.json");
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? std::move(*parsed) : Node{};
}

std::string refusal(std::string_view text) {
  const auto parsed = parse_json(text, "f.json");
  if (parsed) return "no error";
  return to_string(parsed.error().front());
}

std::string where(const Node& node) { return to_string(node.place()); }

TEST(Json, KnowsThePlaceOfEveryValueAndKey) {
  const Node root = parse("{\n  \"a\": [1, \"x\", null],\r\n\t\"b\" : {\"c\": true}\n}");
  EXPECT_EQ(where(root), "f.json:1:1");
  const Node& a = *root.find("a");
  EXPECT_EQ(where(a), "f.json:2:8");
  EXPECT_EQ(where(a.items[0]), "f.json:2:9");
  EXPECT_EQ(where(a.items[1]), "f.json:2:12");
  EXPECT_EQ(where(a.items[2]), "f.json:2:17");
  EXPECT_EQ(root.members[1].line, 3U);
  EXPECT_EQ(root.members[1].column, 2U);
  EXPECT_EQ(where(*root.at({"b", "c"})), "f.json:3:14");
}

TEST(Json, ReadsWhatAzureToolsAdd) {
  const Node root = parse(
      "\xef\xbb\xbf// first\n{\"a\": /* 1 */ 2, \"u\": \"http://x/*y*/\", // tail\n"
      "\"b\": [1, 2, /*c*/ ],\n}\n// end");
  EXPECT_EQ(to_json(root), R"({"a":2,"u":"http://x/*y*/","b":[1,2]})");
  EXPECT_EQ(where(*root.find("b")), "f.json:3:6");
}

TEST(Json, CountsColumnsBehindAByteOrderMarkFromOne) {
  EXPECT_EQ(where(parse("\xef\xbb\xbf[]")), "f.json:1:1");
}

TEST(Json, KeepsNumbersAsWritten) {
  EXPECT_EQ(to_json(parse("[0, -1, 1.50, 1e3, 123456789012345678901234567890]")),
            "[0,-1,1.50,1e3,123456789012345678901234567890]");
}

TEST(Json, DecodesEscapes) {
  EXPECT_EQ(parse(R"("a\"\\\/\n\u00e9\ud83d\ude00")").text, "a\"\\/\n\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(Json, StartsAtTheLineItIsGiven) {
  const auto parsed = parse_json("{\n\"a\": }", "page.md", 10);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(to_string(parsed.error().front()), "error page.md:11:6: found `}`, expected a value");
}

TEST(Json, SaysWhatItFoundAndWhatItExpected) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "f.json:1:1: the text is empty, expected JSON"},
      {" // only\n", "f.json:2:1: the text is empty, expected JSON"},
      {"{", "f.json:1:2: the text ends here, expected a key in double quotes or `}`"},
      {"{\"a\"", "f.json:1:5: the text ends here, expected `:`"},
      {"{\"a\":", "f.json:1:6: the text ends here, expected a value"},
      {"[1", "f.json:1:3: the text ends here, expected `,` or `]`"},
      {"[1 2]", "f.json:1:4: found `2`, expected `,` or `]`"},
      {"{\"a\" 1}", "f.json:1:6: found `1`, expected `:`"},
      {"{a: 1}", "f.json:1:2: found `a`, expected a key in double quotes or `}`"},
      {"{\"a\": 1,, }", "f.json:1:9: found `,`, expected a key in double quotes"},
      {"[,]", "f.json:1:2: found `,`, expected a value or `]`"},
      {"[1}", "f.json:1:3: found `}`, expected `,` or `]`"},
      {"]", "f.json:1:1: found `]`, expected a value"},
      {"[] []", "f.json:1:4: found `[`, expected nothing after the value"},
      {"{\"a\": yes}",
       "f.json:1:7: found `yes`, expected a value: a string stands in double quotes"},
      {"[01]", "f.json:1:2: found `01`, expected a value: a string stands in double quotes"},
      {"['a']", "f.json:1:2: found `'`, expected a value or `]`"},
      {"[\xc3\xa9]", "f.json:1:2: found `\xc3\xa9`, expected a value or `]`"},
      {std::string("[\0]", 3), "f.json:1:2: found `\\x00`, expected a value or `]`"},
      {"\"abc", "f.json:1:1: a string is not closed, expected `\"`"},
      {"[\"abc\n\"]", "f.json:1:2: a string is not closed on its line"},
      {"\"a\tb\"",
       "f.json:1:3: a string holds the control character `\\u0009`, expected it escaped"},
      {"\"\\x\"",
       "f.json:1:2: a string has an unknown escape, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r "
       "\\t \\uXXXX"},
      {"\"\\ud83d\"", "f.json:1:1: a string has half a surrogate pair, expected both halves"},
      {"[1e999]", "f.json:1:2: a number is out of range, expected one that a double holds"},
      {"[1, /* x", "f.json:1:5: a comment is not closed, expected `*/`"},
      {"[1 / 2]", "f.json:1:4: found `/`, expected `,` or `]`"},
      {"\xff\xfe{\x01", "f.json:1:1: the text is UTF-16, expected UTF-8"},
      {"[\"a\xc3\x28\"]", "f.json:1:4: the byte 0xc3 is not UTF-8"},
      {"{\"a\": 1, \"b\": 2,\n \"a\": 3}", "f.json:2:2: the key `a` stands twice in one object"}};
  for (const auto& [text, message] : rows) EXPECT_EQ(refusal(text), "error " + message) << text;
}

TEST(Json, FindsARepeatedKeyAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_EQ(refusal(text + "\"k7\":1}").substr(0, 14), "error f.json:1");
  EXPECT_NE(refusal(text + "\"k7\":1}").find("the key `k7` stands twice"), std::string::npos);
  EXPECT_EQ(parse(text + "\"K7\":1}").members.size(), 101U);
}

TEST(Json, BoundsItsDepth) {
  const std::string open(kMaxDepth, '[');
  const std::string close(kMaxDepth, ']');
  EXPECT_TRUE(parse_json(open + close, "f.json").has_value());
  EXPECT_EQ(refusal("[" + open + close + "]"), "error f.json:1:201: nested deeper than 200 levels");
  EXPECT_EQ(refusal(std::string(1'000'000, '[')),
            "error f.json:1:201: nested deeper than 200 levels");
}

TEST(Json, ReadsLongStringsAndLongLines) {
  const std::string text(2'000'000, 'x');
  EXPECT_EQ(parse("\"" + text + "\"").text.size(), text.size());
  std::string numbers = "[0";
  for (int i = 0; i < 200'000; ++i) numbers += ",0";
  const Node array = parse(numbers + "]");
  EXPECT_EQ(array.items.back().column, 400'002U);
}

}  // namespace
}  // namespace nsp

// Parts: written, read back, merged, and refused where they do not belong together.
#include "sim/access_log/part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/log_generator.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

using ::testing::ElementsAre;

Part make_part(LogShard shard = {1, 1}) {
  Part part;
  part.request = {
      "readiness", {"--window", "30 days \"so\""}, {{"environment", "ab12"}, {"semantics", "1"}}};
  part.shard = shard;
  part.table = one_tuple();
  part.table.unreadable = {{"not JSON", 2}};
  part.table.unknown_categories = {{"NspNovel", 7}};
  part.table.unknown_columns = {{"properties.novelty", 9}};
  part.table.examples = {{Severity::Error, {"a b.json", 3, 1, {}}, "not JSON"}};
  return part;
}

std::vector<std::string> mistakes(const std::vector<PartFile>& parts) {
  const auto merged = merge_parts(parts);
  return merged ? std::vector<std::string>() : lines_of(merged.error());
}

std::string why_not(std::string_view text) {
  const auto part = read_part(text, "p.json");
  return part ? "a part" : lines_of(part.error()).front();
}

TEST(Part, IsReadBackAsItWas) {
  const Part part = make_part({2, 8});
  const std::string text = write_part(part);
  const auto read = read_part(text, "p.json");
  ASSERT_TRUE(read) << lines_of(read.error()).front();
  EXPECT_EQ(*read, part);
  EXPECT_EQ(write_part(*read), text);
}

TEST(Part, OfManyTuplesIsReadBackAsItWas) {
  LogGenerator generator(3, 300);
  std::string text;
  for (int i = 0; i < 3000; ++i) generator.next(text);
  const Part part{{}, {}, generator.truth()};
  EXPECT_EQ(read_part(write_part(part), "p.json"), part);
}

TEST(Part, IsWrittenAlike) {
  EXPECT_EQ(write_part(make_part({2, 8})),
            R"({"schema":"nspsim.part/1",
"request":{"command":"readiness","arguments":["--window","30 days \"so\""],"fingerprint":{"environment":"ab12","semantics":"1"}},
"shard":"2/8",
"files":1,
"records":1,
"unreadable":{"not JSON":2},
"unknownCategories":{"NspNovel":7},
"unknownColumns":{"properties.novelty":9},
"examples":[{"severity":"error","file":"a b.json","line":3,"column":1,"message":"not JSON"}],
"tuples":[{"category":"NspPublicInboundResourceRulesAllowed","perimeter":"/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rag/providers/microsoft.network/networksecurityperimeters/nsp-rag","service":"/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rag/providers/microsoft.search/searchservices/search-rag","serviceName":"search-rag.search.windows.net","profile":"default","rule":"IP firewall","version":"0","sourceAddress":"203.0.113.77","sourceApp":"77aa","sourceProtocol":"HTTPS:TCP","operation":"Query.Search","weight":3,"first":"2026-06-01T10:00:00Z","last":"2026-06-01T10:05:00Z","days":[20605]}]}
)");
}

TEST(Part, SaysWhyAFileIsNone) {
  const std::string text = write_part(make_part());
  EXPECT_EQ(why_not(text), "a part");
  EXPECT_EQ(why_not(""), "error p.json: is not a part, expected a JSON object");
  EXPECT_EQ(why_not("[]"), "error p.json: is not a part, expected a JSON object");
  EXPECT_EQ(why_not(text.substr(0, 300)), "error p.json: is not a part, expected a JSON object");
  EXPECT_EQ(why_not("{}"), "error p.json: is not a part, expected `\"schema\":\"nspsim.part/1\"`");
  EXPECT_EQ(why_not(with(text, "part/1", "part/2")),
            "error p.json: is not a part, expected `\"schema\":\"nspsim.part/1\"`");
  EXPECT_EQ(why_not(with(text, "\"records\":1", "\"records\":-1")),
            "error p.json: expected a whole number in `records`");
  EXPECT_EQ(why_not(with(text, "\"shard\":\"1/1\"", "\"shard\":\"2/1\"")),
            "error p.json: `2/1` is not a shard, expected `I/N` from `1/N` to `N/N`");
  EXPECT_EQ(why_not(with(text, "\"weight\"", "\"wait\"")),
            "error p.json: expected a whole number in `tuples[0].weight`");
  EXPECT_EQ(why_not(with(text, "\"weight\"", "\"novelty\":1,\"weight\"")),
            "error p.json: unknown member `tuples[0].novelty`");
  EXPECT_EQ(why_not(with(text, "ResourceRulesAllowed", "Novel")),
            "error p.json: expected a log category in `tuples[0].category`");
  EXPECT_EQ(why_not(with(text, "2026-06-01T10:00:00Z", "then")),
            "error p.json: expected a time in `tuples[0].first`");
  EXPECT_EQ(why_not(with(text, "[20605]", "[1e9]")),
            "error p.json: expected days since 1970-01-01 in `tuples[0].days`");
  EXPECT_EQ(why_not(with(text, "\"--window\"", "7")),
            "error p.json: expected strings in `request.arguments`");
  const std::string tuple = text.substr(text.find("\n\"tuples\":[") + 11);
  const std::string twice = with(text, "]}]}", "]}," + tuple.substr(0, tuple.size() - 3) + "]}");
  EXPECT_EQ(why_not(twice), "error p.json: `tuples[1].category` stands twice");
}

TEST(Part, MergesToTheWhole) {
  LogTable whole = one_tuple();
  whole.merge(one_tuple());
  const auto merged = merge_parts(std::vector<PartFile>{
      {"b", {{"r", {}, {}}, {2, 2}, one_tuple()}}, {"a", {{"r", {}, {}}, {1, 2}, one_tuple()}}});
  ASSERT_TRUE(merged);
  EXPECT_EQ(*merged, (Part{{"r", {}, {}}, {1, 1}, whole}));
}

TEST(Part, OfAnotherRequestIsRefused) {
  const PartFile first{"a.json", make_part({1, 2})};
  PartFile other{"b.json", make_part({2, 2})};
  EXPECT_THAT(mistakes({first, other}), ElementsAre());
  other.part.request.command = "replay";
  other.part.request.arguments = {"--if-enforced"};
  other.part.request.fingerprint = {{"environment", "cd34"}, {"bindings", "x"}, {"semantics", "1"}};
  other.part.shard = {2, 3};
  EXPECT_THAT(
      mistakes({first, other}),
      ElementsAre(
          "error b.json: the command is `replay`, but `readiness` in a.json",
          "error b.json: the list of arguments is `--if-enforced`, but "
          "`--window 30 days \"so\"` in a.json",
          "error b.json: the fingerprint of the bindings is `x`, but `` in a.json",
          "error b.json: the fingerprint of the environment is `cd34`, but `ab12` in a.json",
          "error b.json: the number of shards is `3`, but `2` in a.json"));
}

TEST(Part, ShardsThatAreMissingOrThereTwiceAreNamed) {
  const PartFile first{"a.json", make_part({1, 4})};
  EXPECT_THAT(
      mistakes({first, {"b.json", make_part({3, 4})}, {"c.json", make_part({1, 4})}}),
      ElementsAre("error c.json: is shard 1/4, as is a.json", "error a.json: no part is shard 2/4",
                  "error a.json: no part is shard 4/4"));
  EXPECT_EQ(mistakes({{"a.json", make_part({1, 4'000'000'000})}}).back(),
            "error a.json: 3999999989 more shards of 4000000000 are missing");
}

}  // namespace
}  // namespace nsp::test

// One record in every shape that occurs reads to the same tuple.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "sim/access_log/read_logs.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

LogTable read_shape(std::string_view bytes) { return read_log_bytes(bytes, "log"); }

// The only tuple of a log that holds one.
LogTuple tuple_of(std::string_view bytes) {
  const LogTable table = read_shape(bytes);
  EXPECT_EQ(table.tuples.size(), 1U) << bytes;
  EXPECT_TRUE(table.unreadable.empty()) << bytes;
  return table.tuples.empty() ? LogTuple() : table.tuples.begin()->first;
}

std::uint64_t weight_of(std::string_view bytes) {
  const LogTable table = read_shape(bytes);
  return table.tuples.empty() ? 0 : table.tuples.begin()->second.weight;
}

// With every member on a line of its own.
std::string pretty(std::string_view json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"' && (i == 0 || json[i - 1] != '\\')) quoted = !quoted;
    out += json[i];
    if (!quoted && (json[i] == '{' || json[i] == '[' || json[i] == ',')) out += "\n  ";
  }
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(RecordShapes, ALine) {
  EXPECT_EQ(read_shape(raw_line()), one_tuple());
  EXPECT_EQ(read_shape(raw_line() + "\n"), one_tuple());
  EXPECT_EQ(read_shape("\xef\xbb\xbf" + raw_line() + "\r\n\r\n" + raw_line() + "\r\n"),
            one_tuple(2));
}

// Whatever comes later, a report or a part: it never sees one.
TEST(RecordShapes, WithoutSecrets) {
  const LogTable table = read_shape(
      R"({"time":"2026-06-01T08:00:04Z","category":"NspPublicInboundPerimeterRulesAllowed",)"
      R"("operationName":"https://st.blob.core.windows.net/c?sig=abc","AccountKey=def":1,)"
      R"("properties":{"profile":"p","matchedRule":{"accessRule":"Bearer abc"}}})"
      "\n"
      R"({"time":"2026-06-01T08:00:04Z","category":"new?sig=abc"})");
  ASSERT_EQ(table.tuples.size(), 1U);
  const LogTuple& tuple = table.tuples.begin()->first;
  EXPECT_EQ(tuple.operation, "redacted");
  EXPECT_EQ(tuple.rule, "redacted");
  EXPECT_EQ(tuple.profile, "p");
  EXPECT_THAT(table.unknown_categories, ElementsAre(Pair("redacted", 1U)));
  EXPECT_THAT(table.unknown_columns, ElementsAre(Pair("redacted", 1U)));
}

TEST(RecordShapes, WrappersAndArrays) {
  const std::string line = raw_line();
  for (const std::string& text :
       {"{\"records\":[" + line + "," + line + "]}", "[" + line + "," + line + "]",
        "[\n" + line + ",\n" + line + "\n]\n",
        "{\"Records\": [" + line + "]}\n{\"records\":[" + line + "]}",
        "{\"value\":[" + line + "," + line + "],\"nextLink\":\"x\"}",
        "[{\"records\":[" + line + "]},{\"records\":[" + line + "]}]",
        line + "\n{\"records\":[" + line + "]}\n", line + line, line + "\n[" + line + "]",
        "{\"about\":{\"n\":[1,2,{}]},\"records\":[" + line + "," + line + "]}"}) {
    EXPECT_EQ(read_shape(text), one_tuple(2)) << text;
  }
}

TEST(RecordShapes, PrettyPrinted) {
  const std::string line = raw_line();
  EXPECT_EQ(read_shape(pretty(line)), one_tuple());
  EXPECT_EQ(read_shape(pretty(line) + "\n" + pretty(line)), one_tuple(2));
  EXPECT_EQ(read_shape(pretty("{\"records\":[" + line + "," + line + "]}")), one_tuple(2));
  EXPECT_EQ(read_shape(pretty("[" + line + "," + line + "]")), one_tuple(2));
}

TEST(RecordShapes, Gzip) {
  const std::string line = raw_line() + "\n";
  EXPECT_EQ(read_shape(gzip(line)), one_tuple());
  EXPECT_EQ(read_shape(gzip(line) + gzip(line)), one_tuple(2));
  EXPECT_EQ(read_shape(gzip(line) + std::string(100, '\0')), one_tuple());
  EXPECT_EQ(read_shape(gzip("[" + raw_line() + "]")), one_tuple());
}

TEST(RecordShapes, NamesWithoutCase) {
  std::string pascal = raw_line();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"serviceResourceId\"", "\"ServiceResourceId\""},
           {"\"serviceFqdn\"", "\"ServiceFqdn\""},
           {"\"accessRulesVersion\"", "\"AccessRulesVersion\""},
           {"\"profile\"", "\"Profile\""},
           {"\"matchedRule\":{\"accessRule\"", "\"MatchedRule\":{\"AccessRule\""},
           {"\"source\"", "\"Source\""},
           {"\"ipAddress\"", "\"IpAddress\""},
           {"\"category\"", "\"CATEGORY\""},
           {"\"time\"", "\"Time\""}}) {
    pascal = with(pascal, from, to);
  }
  EXPECT_EQ(read_shape(pascal + "\n" + raw_line()), one_tuple(2));
  EXPECT_EQ(read_shape(with(raw_line(), "\"category\"", "\"cat\\u0065gory\"")), one_tuple());
  EXPECT_EQ(read_shape(with(raw_line(), "\"NspPublicInboundResourceRulesAllowed\"",
                            "\"nsppublicinboundresourcerulesallowed\"")),
            one_tuple());
}

TEST(RecordShapes, AnyOrderOfMembers) {
  const std::string line = raw_line();
  const auto comma = line.find(R"(,"category":"NspPublicInboundResourceRulesAllowed")");
  const std::string category = R"("category":"NspPublicInboundResourceRulesAllowed",)";
  std::string moved = line;
  moved.erase(comma + 1, category.size());
  moved.insert(1, category);
  EXPECT_EQ(read_shape(moved + "\n" + line + "\n" + moved), one_tuple(3));
}

TEST(RecordShapes, CountAndEndTime) {
  EXPECT_EQ(weight_of(raw_line()), 3U);
  EXPECT_EQ(weight_of(with(raw_line(), "\"count\":\"3\"", "\"count\":7")), 7U);
  EXPECT_EQ(weight_of(with(raw_line(), "\"count\":\"3\",", "")), 1U);
  EXPECT_EQ(weight_of(with(raw_line(), "\"count\":\"3\"", "\"count\":null")), 1U);
  EXPECT_EQ(weight_of(with(raw_line(), "\"count\":\"3\"", "\"count\":\"\"")), 1U);
  const LogTable table =
      read_shape(with(raw_line(), "\"timeGeneratedEndTime\":\"2026-06-01T10:05:00Z\",", ""));
  EXPECT_EQ(table.tuples.begin()->second,
            activity(3, "2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"));
}

TEST(RecordShapes, TimesOfEveryForm) {
  const auto first = [](std::string_view time) {
    const LogTable table = read_shape(raw_line(time));
    return table.tuples.empty() ? "none" : to_string(table.tuples.begin()->second.first);
  };
  EXPECT_EQ(first("2026-06-01T09:59:59Z"), "2026-06-01T09:59:59Z");
  EXPECT_EQ(first("2026-06-01T09:59:59.1234567Z"), "2026-06-01T09:59:59.1234567Z");
  EXPECT_EQ(first("2026-06-01T09:59:59.1234567899Z"), "2026-06-01T09:59:59.123456789Z");
  EXPECT_EQ(first("2026-06-01 09:59:59"), "2026-06-01T09:59:59Z");
  EXPECT_EQ(first("2026-06-01T11:59:59.5+02:00"), "2026-06-01T09:59:59.5Z");
  EXPECT_EQ(first("6/1/2026, 9:59:59.500 AM"), "2026-06-01T09:59:59.5Z");
  EXPECT_EQ(first("6/1/2026, 12:00:00.000 AM"), "2026-06-01T00:00:00Z");
  EXPECT_EQ(first("5/31/2026, 12:00:01.000 PM"), "2026-05-31T12:00:01Z");
  for (const std::string_view bad :
       {"2026-02-30T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T10:00:00.Z", "today",
        "13/1/2026, 1:00:00.000 AM", "6/1/2026, 13:00:00.000 PM", "6/1/2026, 0:00:00 AM"}) {
    EXPECT_EQ(first(bad), "none") << bad;
  }
}

TEST(RecordShapes, RulesAndPropertiesAsText) {
  const std::string rule = R"("matchedRule":{"accessRule":"IP firewall"})";
  for (const std::string_view text :
       {R"("matchedRule":"{ \"accessRule\": \"IP firewall\" }")",
        R"("matchedRule":"{\"AccessRule\":\"IP firewall\"}")", R"("matchedRule":"IP firewall")",
        R"("matchedRule":{"accessRule":"IP \u0066irewall"})"}) {
    EXPECT_EQ(tuple_of(with(raw_line(), rule, text)), raw_tuple()) << text;
  }
  LogTuple none = raw_tuple();
  none.rule.clear();
  for (const std::string_view text :
       {R"("matchedRule":null)", R"("matchedRule":{})", R"("matchedRule":"")",
        R"("matchedRule":"{}")", R"("matchedRule":{"accessRule":null})"}) {
    EXPECT_EQ(tuple_of(with(raw_line(), rule, text)), none) << text;
  }
  // Properties as a string that holds them.
  std::string line = raw_line();
  const auto from = line.find(R"({"serviceResourceId")");
  const auto to = line.find(R"(,"resultDescription")");
  std::string quoted = "\"";
  for (const char c : line.substr(from, to - from)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  line.replace(from, to - from, quoted + "\"");
  EXPECT_EQ(read_shape(line + "\n" + raw_line()), one_tuple(2));
}

TEST(RecordShapes, AServiceEndpointIsMarked) {
  LogTuple marked = raw_tuple();
  marked.service_endpoint = true;
  const std::string source = R"("protocol":"HTTPS:TCP","parameters":"")";
  EXPECT_EQ(tuple_of(with(raw_line(), source,
                          R"("protocol":"HTTPS:TCP","parameters":"{\"ServiceEndpoint\":\"x\"}")")),
            marked);
  EXPECT_EQ(tuple_of(with(raw_line(), source,
                          R"("protocol":"HTTPS:TCP","parameters":{"serviceEndpointId":1})")),
            marked);
}

TEST(RecordShapes, OutboundRecords) {
  const std::string source = raw_line().substr(raw_line().find(R"("source")"));
  const std::string line = with(
      with(raw_line(), source,
           R"("destination":{"resourceId":"/A/B","fullyQualifiedDomainName":"API.Partner.example",)"
           R"("appId":"x","port":"443","protocol":"HTTPS","parameters":""}}})"),
      "NspPublicInboundResourceRulesAllowed", "NspPublicOutboundPerimeterRulesDenied");
  LogTuple tuple = raw_tuple();
  tuple.category = LogCategory::NspPublicOutboundPerimeterRulesDenied;
  tuple.source_address = tuple.source_app = tuple.source_protocol = "";
  tuple.destination_name = "api.partner.example";
  tuple.destination_resource = "/a/b";
  EXPECT_EQ(tuple_of(line), tuple);
}

TEST(RecordShapes, UnknownMembersAndCategories) {
  const std::string extra =
      with(with(with(raw_line(), "\"location\":", "\"cloud\":{\"a\":[1]},\"location\":"),
                "\"profile\":", "\"novelty\":\"x\",\"profile\":"),
           "\"port\":", "\"asn\":64496,\"port\":");
  const LogTable table =
      read_shape(extra + "\n" + raw_line() + "\n" + extra + "\n" +
                 with(raw_line(), "NspPublicInboundResourceRulesAllowed", "NspNovel"));
  EXPECT_EQ(table.records, 4U);
  EXPECT_THAT(table.unknown_columns, ElementsAre(Pair("cloud", 2), Pair("properties.novelty", 2),
                                                 Pair("properties.source.asn", 2)));
  EXPECT_THAT(table.unknown_categories, ElementsAre(Pair("NspNovel", 1)));
  EXPECT_TRUE(table.unreadable.empty());
  EXPECT_EQ(table.tuples, one_tuple(3).tuples);
}

}  // namespace
}  // namespace nsp::test

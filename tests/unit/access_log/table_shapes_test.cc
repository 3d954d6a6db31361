// Exports of the NSPAccessLogs table, as JSON and as CSV.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/access_log/read_logs.h"
#include "tests/unit/access_log/log_texts.h"

namespace nsp::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

LogTable read_table(std::string_view bytes) { return read_log_bytes(bytes, "log"); }

std::string row_object() {
  return R"({"TableName":"PrimaryResult","TimeGenerated":"2026-06-01T10:00:00Z",)"
         R"("TimeGeneratedEndTime":"2026-06-01T10:05:00Z","Count":"3",)"
         R"("Category":"NspPublicInboundResourceRulesAllowed","ResultAction":"Approved",)"
         R"("ResultDirection":"Inbound","RuleType":"PaaS resource","TrafficType":"Public",)"
         R"("MatchedRule":"{ \"accessRule\": \"IP firewall\" }","AccessRuleVersion":"0",)"
         R"("Profile":"default","ServiceResourceId":")" +
         std::string(kSearchId) +
         R"(","ServiceFqdn":"search-rag.search.windows.net","OperationName":"Query.Search",)"
         R"("SourceIpAddress":"203.0.113.77","SourceProtocol":"HTTPS:TCP","SourceAppId":"77AA",)"
         R"("SourceResourceId":"","_ResourceId":")" +
         std::string(kPerimeterId) + R"(","Type":"NSPAccessLogs"})";
}

std::string tables(std::string_view rows) {
  std::string text = R"({"tables":[{"name":"PrimaryResult","columns":[)";
  for (const std::string_view name :
       {"TimeGenerated", "TimeGeneratedEndTime", "Count", "Category", "MatchedRule",
        "AccessRuleVersion", "Profile", "ServiceResourceId", "ServiceFqdn", "OperationName",
        "SourceIpAddress", "SourceProtocol", "SourceAppId", "_ResourceId", "Novel"}) {
    if (text.back() != '[') text += ',';
    text += R"({"name":")" + std::string(name) + R"(","type":"string"})";
  }
  return text + "],\"rows\":[" + std::string(rows) + "]}]}";
}

std::string row_array() {
  return R"(["2026-06-01T10:00:00Z","2026-06-01T10:05:00Z",3,)"
         R"("NspPublicInboundResourceRulesAllowed","{ \"accessRule\": \"IP firewall\" }",0,"default",)"
         R"(")" +
         std::string(kSearchId) +
         R"(","search-rag.search.windows.net","Query.Search","203.0.113.77","HTTPS:TCP","77AA",")" +
         std::string(kPerimeterId) + R"(",null])";
}

std::string csv_header() {
  return "\"TimeGenerated [UTC]\",\"TimeGeneratedEndTime [UTC]\",Count,Category,MatchedRule,"
         "AccessRuleVersion,Profile,ServiceResourceId,ServiceFqdn,OperationName,ResultDescription,"
         "SourceIpAddress,SourceProtocol,SourceAppId,\"_ResourceId\",Novel\r\n";
}

std::string csv_row() {
  return "\"6/1/2026, 10:00:00.000 AM\",\"6/1/2026, 10:05:00.000 AM\",3,"
         "NspPublicInboundResourceRulesAllowed,\"{ \"\"accessRule\"\": \"\"IP firewall\"\" }\",0,"
         "default," +
         std::string(kSearchId) +
         ",search-rag.search.windows.net,Query.Search,\"two\nlines, and a \"\"quote\"\"\","
         "203.0.113.77,HTTPS:TCP,77AA," +
         std::string(kPerimeterId) + ",\r\n";
}

LogTable with_novel(LogTable table) {
  table.unknown_columns["Novel"] = table.records;
  return table;
}

TEST(TableShapes, RowsAsObjects) {
  const std::string row = row_object();
  EXPECT_EQ(read_table("[\n  " + row + ",\n  " + row + "\n]\n"), one_tuple(2));
  EXPECT_EQ(read_table(row + "\n" + row + "\n"), one_tuple(2));
  EXPECT_EQ(read_table(row + "\n" + raw_line() + "\n"), one_tuple(2));
}

TEST(TableShapes, ColumnsAndRows) {
  EXPECT_EQ(read_table(tables(row_array())), with_novel(one_tuple()));
  EXPECT_EQ(read_table(tables(row_array() + ",\n" + row_array())), with_novel(one_tuple(2)));
  EXPECT_EQ(read_table("{\"statistics\":{\"x\":[{}]}," + tables(row_array()).substr(1)),
            with_novel(one_tuple()));
  LogTable none;
  none.files = 1;
  EXPECT_EQ(read_table(tables("")), none);
}

TEST(TableShapes, RowsThatDoNotFit) {
  const LogTable table = read_table(
      tables(R"(["a"],)" + row_array() + "," + with(row_array(), ",null]", ",1,2]") + ",7"));
  EXPECT_THAT(table.unreadable,
              ElementsAre(Pair("a row is longer than its columns", 1),
                          Pair("a row is shorter than its columns", 1), Pair("not JSON", 1)));
  EXPECT_EQ(table.tuples, one_tuple().tuples);
  const LogTable reversed =
      read_table(R"({"tables":[{"rows":[["a"]],"columns":[{"name":"Category"}]}]})");
  EXPECT_EQ(lines_of(reversed.examples),
            std::vector<std::string>{"error log:1:21: a row without columns before it"});
}

TEST(TableShapes, Csv) {
  EXPECT_EQ(read_table(csv_header() + csv_row()), with_novel(one_tuple()));
  EXPECT_EQ(read_table("\xef\xbb\xbf" + csv_header() + csv_row() + "\r\n" + csv_row()),
            with_novel(one_tuple(2)));
  const std::string last = csv_row();
  EXPECT_EQ(read_table(csv_header() + last.substr(0, last.size() - 2)), with_novel(one_tuple()));
}

TEST(TableShapes, CsvRowsThatDoNotFit) {
  const LogTable table = read_table(csv_header() + csv_row() + "a,b\n\"never closed,\n" +
                                    csv_row() + "x\"y,z\n" + csv_row());
  EXPECT_EQ(table.records, 3U);
  EXPECT_EQ(table.tuples, one_tuple(3).tuples);
  // A row of ours takes two lines.
  EXPECT_EQ(lines_of(table.examples),
            (std::vector<std::string>{"error log:4:1: a row does not fit the header",
                                      "error log:5:1: a row does not fit the header",
                                      "error log:8:1: a row does not fit the header"}));
}

TEST(TableShapes, CsvColumnsThatAreNotUtf8) {
  const LogTable table = read_table(with(csv_header(), "Novel", "No\xff") + csv_row());
  EXPECT_THAT(table.unknown_columns, ElementsAre(Pair("No\xef\xbf\xbd", 1)));
  EXPECT_EQ(table.tuples, one_tuple().tuples);
}

TEST(TableShapes, CsvInAZoneThatNobodyNames) {
  const LogTable table = read_table(
      with(csv_header(), "TimeGenerated [UTC]", "TimeGenerated [Local Time]") + csv_row());
  EXPECT_THAT(table.unreadable, ElementsAre(Pair("no time", 1)));
  EXPECT_EQ(table.records, 0U);
}

}  // namespace
}  // namespace nsp::test

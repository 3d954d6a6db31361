// Records in the published shapes, for tests of the reader: one tuple, written in many ways.
#ifndef NSP_TESTS_UNIT_ACCESS_LOG_LOG_TEXTS_H_
#define NSP_TESTS_UNIT_ACCESS_LOG_LOG_TEXTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/log_table.h"

namespace nsp::test {

inline constexpr std::string_view kPerimeterId =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rag/providers/"
    "microsoft.network/networksecurityperimeters/nsp-rag";
inline constexpr std::string_view kSearchId =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rag/providers/"
    "microsoft.search/searchservices/search-rag";

// A raw record of the platform, on one line, without a line end.
inline std::string raw_line(std::string_view time = "2026-06-01T10:00:00Z") {
  return std::string(R"({"time":")") + std::string(time) +
         R"(","timeGeneratedEndTime":"2026-06-01T10:05:00Z","count":"3",)"
         R"("resourceId":"/SUBSCRIPTIONS/11111111-1111-1111-1111-111111111111/RESOURCEGROUPS/RAG/)"
         R"(PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYPERIMETERS/NSP-RAG",)"
         R"("operationName":"Query.Search","operationVersion":"2025-09-01",)"
         R"("category":"NspPublicInboundResourceRulesAllowed","location":"swedencentral",)"
         R"("properties":{"serviceResourceId":"/subscriptions/11111111-1111-1111-1111-111111111111)"
         R"(/resourceGroups/rag/providers/Microsoft.Search/searchServices/search-rag",)"
         R"("serviceFqdn":"search-rag.search.windows.net","accessRulesVersion":"0",)"
         R"("profile":"default","appId":"a","parameters":"{ \"k\": 1 }",)"
         R"("matchedRule":{"accessRule":"IP firewall"},"source":{"resourceId":"",)"
         R"("ipAddress":"203.0.113.77","perimeterGuids":[],"appId":"77AA","port":"443",)"
         R"("protocol":"HTTPS:TCP","parameters":""}},"resultDescription":"Search."})";
}

inline LogTuple raw_tuple() {
  LogTuple tuple;
  tuple.category = LogCategory::NspPublicInboundResourceRulesAllowed;
  tuple.perimeter = kPerimeterId;
  tuple.service = kSearchId;
  tuple.service_name = "search-rag.search.windows.net";
  tuple.profile = "default";
  tuple.rule = "IP firewall";
  tuple.version = "0";
  tuple.source_address = "203.0.113.77";
  tuple.source_app = "77aa";
  tuple.source_protocol = "HTTPS:TCP";
  tuple.operation = "Query.Search";
  return tuple;
}

inline Activity activity(std::uint64_t weight, std::string_view first, std::string_view last) {
  Activity made;
  made.add(weight, parse_instant(first).value(), parse_instant(last).value());
  return made;
}

// A table of that one tuple, seen by `records` records of one file.
inline LogTable one_tuple(std::uint64_t records = 1) {
  LogTable table;
  table.files = 1;
  table.records = records;
  table.tuples.emplace(raw_tuple(),
                       activity(3 * records, "2026-06-01T10:00:00Z", "2026-06-01T10:05:00Z"));
  return table;
}

inline std::vector<std::string> lines_of(const Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : diagnostics) lines.push_back(to_string(diagnostic));
  return lines;
}

// Replaces the one place where `from` stands.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_ACCESS_LOG_LOG_TEXTS_H_

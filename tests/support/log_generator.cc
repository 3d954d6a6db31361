#include "tests/support/log_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "sim/base/text.h"
#include "sim/base/vocabulary.h"

namespace nsp::test {
namespace {

constexpr std::string_view kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rag/providers/";

struct Service {
  std::string_view id;
  std::string_view host;
  std::string_view operation;
};
constexpr std::array<Service, 3> kServices{{
    {"Microsoft.CognitiveServices/accounts/foundry-rag", "foundry-rag.openai.azure.com",
     "ChatCompletions_Create"},
    {"Microsoft.Search/searchServices/search-rag", "search-rag.search.windows.net", "Query.Search"},
    {"Microsoft.Storage/storageAccounts/strag", "strag.blob.core.windows.net", "GetBlob"},
}};
constexpr std::array<std::string_view, 4> kRules{"office", "pipelines", "IP firewall", ""};

bool is_search(const LogTuple& tuple) {
  return tuple.service.find("searchservices") != std::string::npos;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// As Azure spells an id; the truth holds it in lower case.
std::string service_id(const LogTuple& tuple) {
  for (const Service& service : kServices) {
    std::string id = fmt::format("{}{}", kGroup, service.id);
    if (iequals(id, tuple.service)) return id;
  }
  return tuple.service;
}

std::string source_json(const LogTuple& tuple) {
  const std::string_view guids = tuple.category == LogCategory::NspIntraPerimeterInboundAllowed
                                     ? R"(["22222222-2222-4222-8222-222222222222"])"
                                     : "[]";
  return fmt::format(
      R"("source":{{"resourceId":"{}","ipAddress":"{}","perimeterGuids":{},"appId":"{}","port":"443",)"
      R"("protocol":"{}","parameters":"{}"}})",
      tuple.source_resource, tuple.source_address, guids, tuple.source_app, tuple.source_protocol,
      tuple.service_endpoint ? R"({ \"ServiceEndpoint\": \"Microsoft.Storage\" })" : "");
}

std::string destination_json(const LogTuple& tuple) {
  return fmt::format(
      R"("destination":{{"resourceId":"{}","fullyQualifiedDomainName":"{}","appId":"","port":"443",)"
      R"("protocol":"HTTPS:TCP","parameters":""}})",
      tuple.destination_resource, tuple.destination_name);
}

// `"time":…` and, for aggregated records, the end and the count in one of its spellings.
std::string envelope(std::string_view time, std::string_view end, std::uint64_t count,
                     unsigned spelling) {
  if (spelling == 0) return fmt::format(R"("time":"{}")", time);
  const std::string_view quote = spelling == 1 ? "" : "\"";
  return fmt::format(R"("time":"{}","timeGeneratedEndTime":"{}","count":{}{}{})", time, end, quote,
                     count, quote);
}

}  // namespace

LogGenerator::LogGenerator(std::uint32_t seed, std::size_t tuples, Shapes shapes)
    : shapes_(shapes), random_(seed), clock_(parse_instant("2026-06-01T00:00:00Z").value()) {
  for (std::size_t i = 0; i < tuples; ++i) tuples_.push_back(make_tuple(i));
  seen_.resize(tuples);
}

std::uint64_t LogGenerator::below(std::uint64_t bound) { return random_() % bound; }

LogTuple LogGenerator::make_tuple(std::size_t number) {
  const Service& service = kServices[below(kServices.size())];
  LogTuple tuple;
  tuple.category = static_cast<LogCategory>(below(Vocabulary<LogCategory>::words.size()));
  tuple.perimeter =
      lower(fmt::format("{}Microsoft.Network/networkSecurityPerimeters/nsp-rag", kGroup));
  tuple.service = lower(fmt::format("{}{}", kGroup, service.id));
  tuple.service_name = service.host;
  tuple.profile = "default";
  tuple.rule = kRules[below(kRules.size())];
  tuple.version = std::to_string(below(4));
  tuple.operation = service.operation;
  if (direction_of(tuple.category) == Direction::Outbound) {
    tuple.destination_name = fmt::format("api{}.partner.example", number);
    return tuple;
  }
  tuple.source_app = fmt::format("77777777-0000-4000-8000-{:012}", below(50));
  if (below(3) == 0) {
    tuple.source_resource = lower(fmt::format(
        "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/pipelines/providers/"
        "Microsoft.DataFactory/factories/adf-{}",
        number));
  }
  tuple.service_endpoint = !is_search(tuple) && below(16) == 0;
  if (!tuple.service_endpoint) {
    tuple.source_address = fmt::format("203.0.{}.{}", 113 + number / 256 % 100, number % 256);
    if (!is_search(tuple)) tuple.source_protocol = "HTTPS:TCP";
  }
  return tuple;
}

LogGenerator::Event LogGenerator::make_event() {
  Event event;
  clock_ += std::chrono::nanoseconds(below(4'000'000'000));
  event.first = clock_;
  event.last = clock_;
  event.spelling = static_cast<unsigned>(below(8));
  // Most records are aggregated; one in eight is a single event that says so by leaving count out.
  if (event.spelling != 0) {
    event.count = 1 + below(20);
    event.last += std::chrono::milliseconds(below(600'000));
  }
  return event;
}

void LogGenerator::write_raw(const LogTuple& tuple, const Event& event, std::string& out) {
  const bool inbound = direction_of(tuple.category) == Direction::Inbound;
  fmt::format_to(
      std::back_inserter(out),
      R"({{{},"resourceId":"{}","operationName":"{}","operationVersion":"2024-10-21","category":"{}",)"
      R"("location":"swedencentral","properties":{{"serviceResourceId":"{}","serviceFqdn":"{}",)"
      R"("accessRulesVersion":"{}","profile":"{}","appId":"66666666-0000-4000-8000-000000000001",)"
      R"("parameters":"{{ \"tier\": \"S0\" }}","matchedRule":{{"accessRule":"{}"}},{}}},)"
      R"("resultDescription":"The request was evaluated against the access rules."}})"
      "\n",
      envelope(to_string(event.first), to_string(event.last), event.count, event.spelling),
      upper(tuple.perimeter), tuple.operation, to_string(tuple.category), service_id(tuple),
      tuple.service_name, tuple.version, tuple.profile, tuple.rule,
      inbound ? source_json(tuple) : destination_json(tuple));
}

void LogGenerator::write_pascal(const LogTuple& tuple, const Event& event, std::string& out) {
  const std::string side =
      direction_of(tuple.category) == Direction::Inbound
          ? fmt::format(R"("Source":{{"ResourceId":"{}","IpAddress":"{}","AppId":"{}"}})",
                        tuple.source_resource, tuple.source_address, tuple.source_app)
          : fmt::format(R"("Destination":{{"FullyQualifiedDomainName":"{}"}})",
                        tuple.destination_name);
  fmt::format_to(
      std::back_inserter(out),
      R"({{{},"resourceId":"{}","operationName":"{}","category":"{}","properties":{{)"
      R"("ServiceResourceId":"{}","ServiceFqdn":"{}","AccessRulesVersion":"{}","Profile":"{}",)"
      R"("MatchedRule":{{"AccessRule":"{}"}},{}}},"resultDescription":"POST /indexes/docs/search"}})"
      "\n",
      envelope(to_string(event.first), to_string(event.last), event.count, event.spelling),
      upper(tuple.perimeter), tuple.operation, to_string(tuple.category), service_id(tuple),
      tuple.service_name, tuple.version, tuple.profile, tuple.rule, side);
}

void LogGenerator::next(std::string& out) {
  // The smaller of two draws: the first tuples are the frequent ones.
  const std::size_t drawn = std::min(below(tuples_.size()), below(tuples_.size()));
  const LogTuple& tuple = tuples_[drawn];
  const Event event = make_event();
  const bool pascal = shapes_ == Shapes::All && is_search(tuple);
  pascal ? write_pascal(tuple, event, out) : write_raw(tuple, event, out);
  ++records_;
  seen_[drawn].add(event.count, event.first, event.last);
}

LogTable LogGenerator::truth() const {
  LogTable table;
  table.records = records_;
  for (std::size_t i = 0; i < tuples_.size(); ++i) {
    // Two of the tuples that were made may be equal.
    if (seen_[i].weight != 0) table.tuples[tuples_[i]].merge(seen_[i]);
  }
  return table;
}

}  // namespace nsp::test

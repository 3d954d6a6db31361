// The records of attempts, byte for byte, in both shapes.
#include "sim/access_log/record_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/decision/small_environment.h"

namespace nsp::test {
namespace {

// The small environment with what records tell of perimeters, and a link from `nsp` to `far`.
Environment site() {
  Environment environment = small_environment();
  for (Perimeter& perimeter : environment.perimeters) {
    perimeter.id = id_of("Microsoft.Network/networkSecurityPerimeters", perimeter.name);
    perimeter.guid = Guid::from_text(perimeter.name);
  }
  environment.perimeters[0].location = "westeurope";
  PerimeterLink link;
  link.local = 0;
  link.remote = 1;
  link.all_local_profiles = link.all_remote_profiles = true;
  environment.links = {link};
  return environment;
}

class Records : public testing::Test {
 protected:
  // All that one writer makes of these attempts.
  std::string written(const std::vector<Attempt>& attempts, RecordShape shape = RecordShape::Raw,
                      const Scope& scope = {}) const {
    RecordWriter writer(shape);
    std::string out;
    for (const Attempt& attempt : attempts) {
      const auto bound = bind(policy_, attempt);
      if (!bound) return "error: " + bound.error();
      const Decision decision = evaluate(policy_, *bound, scope);
      writer.write({policy_, attempt, *bound, scope, {}, decision}, out);
    }
    return out;
  }

  std::string seen(const Attempt& attempt, const RecordedTimes& times,
                   std::optional<Direction> only) const {
    const auto bound = bind(policy_, attempt);
    const Decision decision = evaluate(policy_, *bound);
    std::string out;
    RecordWriter(RecordShape::Raw)
        .write({policy_, attempt, *bound, {}, {}, decision}, times, only, out);
    return out;
  }

  Policy policy_ = compile(site());
};

std::string raw(std::string_view first, std::string_view last, std::string_view count,
                std::string_view perimeter, std::string_view category,
                std::string_view properties) {
  const std::string_view location = perimeter == "NSP" ? R"("location":"westeurope",)" : "";
  return fmt::format(
      R"({{"time":"{}","timeGeneratedEndTime":"{}","count":"{}","resourceId":)"
      R"("/SUBSCRIPTIONS/22222222-2222-2222-2222-222222222222/RESOURCEGROUPS/G/PROVIDERS/)"
      R"(MICROSOFT.NETWORK/NETWORKSECURITYPERIMETERS/{}","operationName":"data","category":"{}",{})"
      R"("properties":{{{}}}}})"
      "\n",
      first, last, count, perimeter, category, location, properties);
}

std::string raw(std::string_view time, std::string_view perimeter, std::string_view category,
                std::string_view properties) {
  return raw(time, time, "1", perimeter, category, properties);
}

std::string id(std::string_view type_and_name) {
  return fmt::format(
      "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/"
      "providers/Microsoft.{}",
      type_and_name);
}

std::string service(std::string_view type_and_name, std::string_view host,
                    std::string_view profile) {
  return fmt::format(
      R"("serviceResourceId":"{}","serviceFqdn":"{}","accessRulesVersion":"0","profile":"{}")",
      id(type_and_name), host, profile);
}

const std::string kSt = service("Storage/storageAccounts/st", "st.blob.core.windows.net", "p1");
const std::string kSearch =
    service("Search/searchServices/search", "search.search.windows.net", "p2");
const std::string kVault = service("KeyVault/vaults/kv", "kv.vault.azure.net", "q");

TEST_F(Records, NameTheRuleThatAdmitted) {
  EXPECT_EQ(written({from_outside("st", Credential::User, "203.0.113.7")}),
            raw("2026-01-01T00:00:00Z", "NSP", "NspPublicInboundPerimeterRulesAllowed",
                kSt + R"(,"matchedRule":{"accessRule":"office"},)"
                      R"("source":{"ipAddress":"203.0.113.7","protocol":"HTTPS:TCP"})"));
}

TEST_F(Records, ArePreparedButForTheirTimes) {
  const auto bound = bind(policy_, between("st", "kv"));
  const Decision decision = evaluate(policy_, *bound);
  const Attempt attempt = between("st", "kv");
  const Decided decided{policy_, attempt, *bound, {}, {}, decision};
  const RecordedTimes times{kRecordStart, kRecordStart + std::chrono::seconds(5), 7};
  for (const RecordShape shape : {RecordShape::Raw, RecordShape::Table}) {
    const RecordWriter writer(shape);
    const PreparedRecords prepared = writer.prepare(decided, Direction::Outbound);
    ASSERT_EQ(prepared.size(), 2U);
    EXPECT_EQ(prepared[0].find("2026-01-01"), std::string::npos);
    std::string whole;
    writer.write(decided, times, Direction::Outbound, whole);
    std::string parts;
    for (const std::string& one : prepared) writer.write(one, times, parts);
    EXPECT_EQ(parts, whole);
    EXPECT_NE(whole.find(shape == RecordShape::Raw ? R"("count":"7",)" : R"("Count":7,)"),
              std::string::npos);
  }
}

TEST_F(Records, NameNoRuleOnADenialAndCountSecondsFromTheStart) {
  const Attempt denied = from_outside("st", Credential::Key, "198.51.100.1");
  const std::string properties =
      kSt + R"(,"source":{"ipAddress":"198.51.100.1","protocol":"HTTPS:TCP"})";
  EXPECT_EQ(
      written({denied, from_outside("lone", Credential::Key, "198.51.100.1"), denied}),
      raw("2026-01-01T00:00:00Z", "NSP", "NspPublicInboundPerimeterRulesDenied", properties) +
          raw("2026-01-01T00:00:02Z", "NSP", "NspPublicInboundPerimeterRulesDenied", properties));
}

TEST_F(Records, OfTwoMembersAreOneOfTheSourceAndOneOfTheDestination) {
  EXPECT_EQ(
      written({between("search", "st")}),
      raw("2026-01-01T00:00:00Z", "NSP", "NspOutboundAttempt",
          kSearch + fmt::format(R"(,"destination":{{"resourceId":"{}","fullyQualifiedDomainName":)"
                                R"("st.blob.core.windows.net","protocol":"HTTPS:TCP"}})",
                                id("Storage/storageAccounts/st"))) +
          raw("2026-01-01T00:00:00Z", "NSP", "NspIntraPerimeterInboundAllowed",
              kSt + fmt::format(R"(,"source":{{"resourceId":"{}","perimeterGuids":["{}"],)"
                                R"("protocol":"HTTPS:TCP"}})",
                                id("Search/searchServices/search"),
                                to_string(Guid::from_text("nsp")))));
}

TEST_F(Records, OverALinkAreThreeEachUnderItsOwnPerimeter) {
  const std::string destination =
      fmt::format(R"(,"destination":{{"resourceId":"{}","fullyQualifiedDomainName":)"
                  R"("kv.vault.azure.net","protocol":"HTTPS:TCP"}})",
                  id("KeyVault/vaults/kv"));
  EXPECT_EQ(written({between("st", "kv")}),
            raw("2026-01-01T00:00:00Z", "NSP", "NspOutboundAttempt", kSt + destination) +
                raw("2026-01-01T00:00:00Z", "NSP", "NspCrossPerimeterOutboundAllowed",
                    kSt + destination) +
                raw("2026-01-01T00:00:00Z", "FAR", "NspCrossPerimeterInboundAllowed",
                    kVault + fmt::format(R"(,"source":{{"resourceId":"{}","perimeterGuids":["{}"],)"
                                         R"("protocol":"HTTPS:TCP"}})",
                                         id("Storage/storageAccounts/st"),
                                         to_string(Guid::from_text("nsp")))));
}

TEST_F(Records, OfACallRefusedOnItsWayOutAreTheSourcesOnly) {
  EXPECT_EQ(written({between("search", "www.example.com")}),
            raw("2026-01-01T00:00:00Z", "NSP", "NspPublicOutboundPerimeterRulesDenied",
                kSearch + R"(,"destination":{"fullyQualifiedDomainName":"www.example.com",)"
                          R"("protocol":"HTTPS:TCP"})"));
}

TEST_F(Records, ThroughAServiceEndpointShowNoAddressButItsMark) {
  Attempt attempt = from_outside("st", Credential::User, "203.0.113.7");
  attempt.via = Via::ServiceEndpoint;
  EXPECT_EQ(written({attempt}),
            raw("2026-01-01T00:00:00Z", "NSP", "NspPublicInboundPerimeterRulesDenied",
                kSt + R"(,"source":{"protocol":"HTTPS:TCP",)"
                      R"("parameters":"{\"ServiceEndpoint\":\"\"}"})"));
}

TEST_F(Records, OfAPrivatePathNameNoSource) {
  Attempt attempt = from_outside("st", Credential::User, "10.0.0.4");
  attempt.via = Via::PrivateEndpoint;
  attempt.protocol = Protocol::Nfs;
  EXPECT_EQ(written({attempt}), raw("2026-01-01T00:00:00Z", "NSP", "NspPrivateInboundAllowed",
                                    kSt + R"(,"source":{"protocol":"NFS:TCP"})"));
}

TEST_F(Records, AreNoneWhereNothingWasDecidedOrNobodyWatches) {
  Attempt control = from_outside("st", Credential::User, "203.0.113.7");
  control.operation = "control";
  Attempt undecided = from_outside("st", Credential::User, "");
  const Attempt elsewhere = from_outside("lone", Credential::User, "203.0.113.7");
  EXPECT_EQ(written({control, undecided, elsewhere}), "");
}

TEST_F(Records, FollowTheScopeOfTheDecision) {
  Scope learning;
  learning.mode = AccessMode::Learning;
  EXPECT_EQ(
      written({from_outside("st", Credential::Key, "198.51.100.1")}, RecordShape::Raw, learning),
      raw("2026-01-01T00:00:00Z", "NSP", "NspPublicInboundResourceRulesDenied",
          kSt + R"(,"source":{"ipAddress":"198.51.100.1","protocol":"HTTPS:TCP"})"));
}

TEST_F(Records, OfWhatWasSeenBearItsTimesAndCountAndOneLegWhereAsked) {
  const RecordedTimes times{parse_instant("2026-06-01T10:00:00.5Z").value(),
                            parse_instant("2026-06-01T10:29:59Z").value(), 4'294'967'296};
  EXPECT_EQ(
      seen(between("search", "st"), times, Direction::Outbound),
      raw("2026-06-01T10:00:00.5Z", "2026-06-01T10:29:59Z", "4294967296", "NSP",
          "NspOutboundAttempt",
          kSearch + fmt::format(R"(,"destination":{{"resourceId":"{}","fullyQualifiedDomainName":)"
                                R"("st.blob.core.windows.net","protocol":"HTTPS:TCP"}})",
                                id("Storage/storageAccounts/st"))));
}

TEST_F(Records, AsARowHaveAllFortyColumnsInTheirOrder) {
  EXPECT_EQ(
      written({from_outside("st", Credential::User, "203.0.113.7")}, RecordShape::Table),
      R"({"TimeGenerated":"2026-01-01T00:00:00Z","TimeGeneratedEndTime":"2026-01-01T00:00:00Z",)"
      R"("Count":1,"Category":"NspPublicInboundPerimeterRulesAllowed","ResultAction":"Approved",)"
      R"("ResultDirection":"Inbound","ResultDescription":"","RuleType":"NSP","TrafficType":"Public",)"
      R"("MatchedRule":"{\"accessRule\":\"office\"}","AccessRuleVersion":"0","Profile":"p1",)"
      R"("ServiceResourceId":"/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/)"
      R"(providers/Microsoft.Storage/storageAccounts/st","ServiceFqdn":"st.blob.core.windows.net",)"
      R"("AppId":"","Parameters":"","OperationName":"data","OperationVersion":"",)"
      R"("Location":"westeurope","SourceIpAddress":"203.0.113.7","SourcePort":"",)"
      R"("SourceProtocol":"HTTPS:TCP","SourceResourceId":"","SourceAppId":"",)"
      R"("SourcePerimeterGuids":"","SourceParameters":"","DestinationFqdn":"","DestinationPort":"",)"
      R"("DestinationProtocol":"","DestinationResourceId":"","DestinationParameters":"",)"
      R"("DestinationEmailAddress":"","DestinationPhoneNumber":"","_ResourceId":)"
      R"("/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/g/providers/)"
      R"(Microsoft.Network/networkSecurityPerimeters/nsp","_SubscriptionId":)"
      R"("22222222-2222-2222-2222-222222222222","_BilledSize":null,"_IsBillable":"",)"
      R"("SourceSystem":"","TenantId":"","Type":"NSPAccessLogs"})"
      "\n");
}

// `ResultAction`, `ResultDirection`, `RuleType`, `TrafficType` of each row.
std::vector<std::string> derived(std::string_view rows) {
  std::vector<std::string> all;
  while (!rows.empty()) {
    std::string words;
    for (const std::string_view column :
         {"ResultAction", "ResultDirection", "RuleType", "TrafficType"}) {
      const std::string before = fmt::format("\"{}\":\"", column);
      const std::string_view rest = rows.substr(rows.find(before) + before.size());
      words += fmt::format("{}|", rest.substr(0, rest.find('"')));
    }
    all.push_back(words);
    rows.remove_prefix(rows.find('\n') + 1);
  }
  return all;
}

TEST_F(Records, AsARowDeriveFourColumnsFromTheCategory) {
  const auto rows = [&](const Attempt& attempt, AccessMode mode = AccessMode::Enforced) {
    Scope scope;
    scope.mode = mode;
    return derived(written({attempt}, RecordShape::Table, scope));
  };
  using Words = std::vector<std::string>;
  Attempt hidden = from_outside("st", Credential::User, "");
  hidden.via = Via::PrivateEndpoint;
  EXPECT_EQ(rows(hidden), Words{"Approved|Inbound||Private|"});
  EXPECT_EQ(rows(between("search", "st")),
            (Words{"Approved|Outbound||Intra|", "Approved|Inbound||Intra|"}));
  EXPECT_EQ(rows(between("st", "kv")),
            (Words{"Approved|Outbound||Cross|", "Approved|Outbound||Cross|",
                   "Approved|Inbound||Cross|"}));
  EXPECT_EQ(rows(between("search", "example.com")), Words{"Denied|Outbound|NSP|Public|"});
  EXPECT_EQ(rows(between("search", "example.com"), AccessMode::Learning),
            Words{"Approved|Outbound|PaaS resource|Public|"});
}

TEST(RecordsOfOddNames, AreEscapedOnceAndTwice) {
  Environment environment = site();
  environment.perimeters[0].profiles[0].rules[0].name = R"(the "office")";
  const Policy policy = compile(environment);
  const Attempt attempt = from_outside("st", Credential::User, "203.0.113.7");
  const auto bound = bind(policy, attempt);
  const Decision decision = evaluate(policy, *bound);
  std::string raw;
  RecordWriter(RecordShape::Raw).write({policy, attempt, *bound, {}, {}, decision}, raw);
  EXPECT_TRUE(raw.contains(R"("matchedRule":{"accessRule":"the \"office\""})")) << raw;
  std::string row;
  RecordWriter(RecordShape::Table).write({policy, attempt, *bound, {}, {}, decision}, row);
  EXPECT_TRUE(row.contains(R"("MatchedRule":"{\"accessRule\":\"the \\\"office\\\"\"}")")) << row;
}

}  // namespace
}  // namespace nsp::test

// An environment as documents again: reading it back gives the same environment.
#include "sim/report/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "sim/document/file.h"
#include "sim/model/redact.h"
#include "sim/policy/policy.h"
#include "sim/report/environment_json.h"
#include "tests/unit/report/page_environment.h"

namespace nsp::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

BuildResult read_again(const Environment& environment) {
  return build_environment(read_documents(environment_as_json(environment), "again.json"));
}

// Everything that is written, and the compiled policy with all its indexes.
void expect_same_again(const Environment& environment, const std::string& what) {
  BuildResult again = read_again(environment);
  ASSERT_TRUE(again.ok()) << what << ": " << to_string(again.diagnostics.front());
  EXPECT_EQ(environment_as_json(again.environment), environment_as_json(environment)) << what;
  EXPECT_EQ(dump(compile(std::move(again.environment))), dump(compile(environment))) << what;
}

// As it is, and redacted.
void expect_round_trip(const Environment& environment, const std::string& what) {
  expect_same_again(environment, what);
  expect_same_again(redact(environment, Redaction("key")), what + " redacted");
}

constexpr std::string_view kEverythingPage = R"(
```scenario
status: local
```

| resource | kind      | profile   | mode     | publicNetworkAccess | identity | firewall                                       | egress             |
| -------- | --------- | --------- | -------- | ------------------- | -------- | ---------------------------------------------- | ------------------ |
| st       | storage   | nsp/data  | Learning | Disabled            | no       | 198.51.100.0/24, subnet hub/apps, trusted services, resource search-1 | |
| search-1 | search    | nsp/data  | Enforced | Enabled             | yes      | 203.0.113.9                                    |                    |
| ai       | foundry   | nsp/ai    | Audit    |                     | yes      | closed                                         | *.example.com, a.b |
| gpt      | openai    |           |          |                     | yes      | open                                           |                    |
| kv       | key vault | far/vault | Enforced | SecuredByPerimeter  | yes      | open                                           |                    |

| rule   | profile  | direction | allows                                                                     |
| ------ | -------- | --------- | -------------------------------------------------------------------------- |
| office | nsp/data | inbound   | 203.0.113.0/28, 2001:db8::/32, subscription 11111111-1111-1111-1111-111111111111 |
| tagged | far/vault | inbound  | tag AzureCloud                                                             |
| hosts  | nsp/ai   | outbound  | *.example.com, api.example.org                                             |

| link  | local    | remote | status  |
| ----- | -------- | ------ | ------- |
| to-far | nsp/data | far    | Pending |

| subnet   | service endpoints |
| -------- | ----------------- |
| hub/apps | storage           |

| private endpoint | resource | subnet   | status   | zone   |
| ---------------- | -------- | -------- | -------- | ------ |
| pe-ai            | ai       | hub/apps | Approved | linked |
| pe-st            | st       | hub/apps | Rejected | absent |
)";

TEST(EnvironmentJson, ReadsBackAsItselfFromAPage) {
  const Page page = read_page(kEverythingPage, "page.md");
  const BuildResult built = build_section(page, 0);
  ASSERT_TRUE(built.ok()) << to_string(built.diagnostics.front());
  EXPECT_EQ(built.environment.resources.size(), 5U);
  EXPECT_EQ(built.environment.links.size(), 1U);
  EXPECT_EQ(built.environment.private_endpoints.size(), 2U);
  expect_round_trip(built.environment, "the page");
}

TEST(EnvironmentJson, ReadsBackEachResourceUnchanged) {
  const BuildResult built = build_section(read_page(kEverythingPage, "page.md"), 0);
  const BuildResult again = read_again(built.environment);
  ASSERT_EQ(again.environment.resources.size(), built.environment.resources.size());
  for (std::size_t i = 0; i < built.environment.resources.size(); ++i) {
    const Resource& before = built.environment.resources[i];
    const Resource& after = again.environment.resources[i];
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.id, before.id);
    EXPECT_EQ(after.service, before.service);
    EXPECT_EQ(after.identity, before.identity);
    EXPECT_EQ(after.public_network_access, before.public_network_access);
    EXPECT_EQ(after.firewall, before.firewall) << before.name;
    EXPECT_EQ(after.restrict_outbound, before.restrict_outbound);
    EXPECT_EQ(after.allowed_fqdns, before.allowed_fqdns);
    EXPECT_EQ(after.host_names, before.host_names);
    EXPECT_EQ(after.private_connections.size(), before.private_connections.size()) << before.name;
    EXPECT_EQ(after.association, before.association);
  }
}

TEST(EnvironmentJson, ReadsBackAsItselfFromEveryFixture) {
  const fs::path folder = fs::path(NSPSIM_SOURCE_DIR) / "fixtures" / "environments";
  std::size_t read = 0;
  const auto files = list_files(folder, {".json"});
  ASSERT_TRUE(files) << to_string(files.error().front());
  for (const fs::path& file : *files) {
    const std::vector<fs::path> paths{file};
    const BuildResult built = load_environment(paths);
    if (!built.ok()) continue;  // fixtures of what must be refused
    expect_round_trip(built.environment, file.string());
    ++read;
  }
  EXPECT_GT(read, 0U);
}

TEST(EnvironmentJson, ReadsBackAsItselfFromEveryPage) {
  const auto files = list_files(fs::path(NSPSIM_SOURCE_DIR) / "scenarios", {".md"});
  ASSERT_TRUE(files) << to_string(files.error().front());
  std::size_t read = 0;
  for (const fs::path& file : *files) {
    const auto bytes = read_file(file);
    ASSERT_TRUE(bytes);
    const Page page = read_page(*bytes, file.string());
    for (std::size_t i = 0; i < page.sections.size(); ++i) {
      if (!page.sections[i].builds_environment()) continue;
      const BuildResult built = build_section(page, i);
      if (!built.ok()) continue;  // such a page fails where pages are run
      expect_round_trip(built.environment, file.string());
      ++read;
    }
  }
  EXPECT_GT(read, 0U);
}

constexpr std::string_view kDocument = R"({"resources":[
  {"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/ai","kind":"AIServices",
   "location":"westeurope","identity":{"type":"UserAssigned"},
   "properties":{"customSubDomainName":"contoso-ai","disableLocalAuth":true,"unknown":{"a":[1,"two",null]},
     "privateEndpointConnections":[{"name":"c","properties":{"privateLinkServiceConnectionState":{"status":"Approved"}}}]}},
  {"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/se",
   "properties":{"sharedPrivateLinkResources":[{"name":"spl","properties":{"groupId":"blob","status":"Approved",
     "privateLinkResourceId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st"}}]}},
  {"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st",
   "properties":{"allowSharedKeyAccess":false,"publicNetworkAccess":"enabled"}}
]})";

TEST(EnvironmentJson, KeepsWhatTheModelDoesNotKnow) {
  const BuildResult built = build_environment(read_documents(kDocument, "site.json"));
  ASSERT_TRUE(built.ok());
  expect_round_trip(built.environment, "the document");
  const std::string json = environment_as_json(built.environment, "some.schema/1");
  EXPECT_THAT(json,
              testing::StartsWith("{\n  \"schema\": \"some.schema/1\",\n  \"resources\": [\n"));
  EXPECT_THAT(json, HasSubstr("\"customSubDomainName\": \"contoso-ai\""));
  EXPECT_THAT(json, HasSubstr("\"unknown\": "));
  EXPECT_THAT(json, HasSubstr("\"publicNetworkAccess\": \"enabled\""));
  EXPECT_THAT(json, HasSubstr("\"allowSharedKeyAccess\": false"));
  EXPECT_THAT(json, HasSubstr("\"groupId\": \"blob\""));
}

// One unknown member, `keep`, in every object of every modelled document; its value says where.
constexpr std::string_view kUnknownEverywhere = R"({"resources":[
  {"id":"NSP","location":"x","properties":{"keep":"perimeter"}},
  {"id":"NSP/profiles/p","properties":{"keep":"profile"}},
  {"id":"NSP/profiles/p/accessRules/in","properties":{"direction":"Inbound","keep":"rule",
    "subscriptions":[{"id":"/subscriptions/11111111-1111-1111-1111-111111111111","keep":"subscription"}]}},
  {"id":"NSP/profiles/p/accessRules/linked","properties":{"direction":"Inbound",
    "networkSecurityPerimeters":[{"id":"FAR","keep":"named perimeter"}]}},
  {"id":"NSP/loggingConfigurations/instance","properties":{"enabledLogCategories":["NspOutboundAttempt"],"keep":"logging"}},
  {"id":"NSP/resourceAssociations/a","properties":{"accessMode":"Enforced","keep":"association",
    "privateLinkResource":{"id":"ST","keep":"associated"},"profile":{"id":"NSP/profiles/p","keep":"of profile"}}},
  {"id":"FAR","properties":{}},{"id":"FAR/profiles/q","properties":{}},
  {"id":"NSP/links/l","properties":{"autoApprovedRemotePerimeterResourceId":"FAR","status":"Approved","keep":"link",
    "localInboundProfiles":["p"],"remoteInboundProfiles":["*"]}},
  {"id":"FAR/linkReferences/Ref-from-l","properties":{"remotePerimeterResourceId":"NSP","status":"Approved","keep":"reference",
    "localInboundProfiles":["q"]}},
  {"id":"FAR/linkReferences/alone","properties":{"remotePerimeterResourceId":"NSP","status":"Rejected","keep":"lone reference"}},
  {"id":"ST","keep":"beside properties","tags":{"owner":"us"},"identity":{"type":"UserAssigned","keep":"identity"},"properties":{"keep":"resource",
    "networkAcls":{"defaultAction":"Deny","keep":"acls","ipRules":[{"value":"203.0.113.1","keep":"ip rule"}],
      "ipv6Rules":[{"value":"2001:db8::/32","keep":"ipv6 rule"}],"virtualNetworkRules":[{"id":"NET/subnets/a","keep":"subnet rule"}],
      "resourceAccessRules":[{"resourceId":"SE","keep":"instance rule"}]},
    "privateEndpointConnections":[{"name":"c","id":"ST/privateEndpointConnections/c","properties":{"keep":"connection",
      "privateEndpoint":{"id":"PE","keep":"endpoint of connection"},"privateLinkServiceConnectionState":{"status":"Approved","keep":"state"}}}]}},
  {"id":"SE","properties":{"networkRuleSet":{"keep":"rule set","ipRules":[{"value":"203.0.113.2","keep":"search rule"}]},
    "sharedPrivateLinkResources":[{"name":"s","properties":{"privateLinkResourceId":"ST","groupId":"blob","status":"Approved","keep":"shared link"}}]}},
  {"id":"NET","properties":{"keep":"network","subnets":[{"name":"a","properties":{"keep":"subnet",
    "serviceEndpoints":[{"service":"Microsoft.Storage","keep":"service endpoint"}]}}]}},
  {"id":"NET/subnets/b","properties":{"keep":"lone subnet"}},
  {"id":"PE","properties":{"keep":"endpoint","subnet":{"id":"NET/subnets/a","keep":"subnet of endpoint"},
    "customDnsConfigs":[{"fqdn":"st.blob.core.windows.net","ipAddresses":["10.0.0.4"],"keep":"dns"}],
    "privateLinkServiceConnections":[{"name":"c","properties":{"privateLinkServiceId":"ST","groupIds":["blob"],"keep":"endpoint connection"}}],
    "manualPrivateLinkServiceConnections":[{"name":"m","properties":{"privateLinkServiceId":"ST","groupIds":["dfs"],"keep":"manual connection",
      "privateLinkServiceConnectionState":{"status":"Pending","keep":"endpoint state"}}}]}},
  {"id":"ZONE","properties":{"keep":"zone"}},
  {"id":"ZONE/A/st","properties":{"keep":"record","aRecords":[{"ipv4Address":"10.0.0.4","keep":"address"}]}},
  {"id":"ZONE/virtualNetworkLinks/zl","properties":{"keep":"zone link","virtualNetwork":{"id":"NET","keep":"linked network"}}}
]})";

std::string unknown_everywhere() {
  const std::string group =
      "\"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.";
  const std::pair<std::string_view, std::string_view> ids[] = {
      {"NSP", "Network/networkSecurityPerimeters/nsp"},
      {"FAR", "Network/networkSecurityPerimeters/far"},
      {"ST", "Storage/storageAccounts/st"},
      {"SE", "Search/searchServices/se"},
      {"NET", "Network/virtualNetworks/net"},
      {"PE", "Network/privateEndpoints/pe"},
      {"ZONE", "Network/privateDnsZones/privatelink.blob.core.windows.net"}};
  std::string text(kUnknownEverywhere);
  for (const auto& [word, id] : ids) {
    const std::string short_id = "\"" + std::string(word);
    for (std::size_t at = 0; (at = text.find(short_id, at)) != std::string::npos; ++at) {
      text.replace(at, short_id.size(), group + std::string(id));
    }
  }
  return text;
}

// What stands under each `keep`, in order of the text.
std::vector<std::string> kept_words(const std::string& json) {
  constexpr std::string_view kKey = "\"keep\":";
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = json.find(kKey, at)) != std::string::npos; at += kKey.size()) {
    const std::size_t begin = json.find('"', at + kKey.size()) + 1;
    words.push_back(json.substr(begin, json.find('"', begin) - begin));
  }
  std::ranges::sort(words);
  return words;
}

TEST(EnvironmentJson, KeepsWhatTheModelDoesNotKnowInEveryObject) {
  const std::string document = unknown_everywhere();
  const BuildResult built = build_environment(read_documents(document, "site.json"));
  ASSERT_TRUE(built.diagnostics.empty()) << to_string(built.diagnostics.front());
  expect_round_trip(built.environment, "the document");
  const std::string json = environment_as_json(built.environment);
  EXPECT_EQ(kept_words(json), kept_words(document));
  EXPECT_THAT(json, HasSubstr("\"tags\": {\"owner\":\"us\"}"));
  EXPECT_THAT(json, HasSubstr("\"type\": \"UserAssigned\""));
  EXPECT_THAT(json, HasSubstr("virtualNetworkLinks/zl\""));
}

// Every unknown member at its place: what is counted by path is counted again when read back.
TEST(EnvironmentJson, KeepsEachUnknownMemberAtItsPlace) {
  const BuildResult built = build_environment(read_documents(unknown_everywhere(), "site.json"));
  std::map<std::string, std::size_t> expected = built.environment.ignored;
  const auto move = [&](const std::string& from, const std::string& to) {
    EXPECT_EQ(expected.erase(from), 1U) << from;
    ++expected[to];
  };
  // Where the model has one list for two of the document's, or one document for two.
  const std::string storage = "Microsoft.Storage/storageAccounts networkAcls.";
  const std::string endpoint = "Microsoft.Network/privateEndpoints ";
  const std::string network = "Microsoft.Network/virtualNetworks";
  move(storage + "ipv6Rules[].keep", storage + "ipRules[].keep");
  move(network + "/subnets keep", network + " subnets[].keep");
  move(endpoint + "manualPrivateLinkServiceConnections[].keep",
       endpoint + "privateLinkServiceConnections[].keep");
  move(endpoint + "manualPrivateLinkServiceConnections[].privateLinkServiceConnectionState.keep",
       endpoint + "privateLinkServiceConnections[].privateLinkServiceConnectionState.keep");
  EXPECT_EQ(read_again(built.environment).environment.ignored, expected);
}

TEST(EnvironmentJson, LeavesAFirewallOutThatIsNotKnown) {
  const BuildResult built = build_environment(read_documents(
      R"({"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/db",
"properties":{"ipRules":[{"ipAddressOrRange":"203.0.113.7"}]}})",
      "f"));
  expect_round_trip(built.environment, "the document");
  EXPECT_FALSE(read_again(built.environment).environment.resources.at(0).firewall.known);
  EXPECT_THAT(environment_as_json(built.environment),
              HasSubstr("\"ipRules\": [{\"ipAddressOrRange\":\"203.0.113.7\"}]"));
}

TEST(EnvironmentJson, ReadsBackWhatIsHardToWrite) {
  const std::string group = "/subscriptions/s/resourceGroups/g/providers/";
  const std::string storage = group + "Microsoft.Storage/storageAccounts/st";
  const BuildResult built = build_environment(
      read_documents(R"({"resources":[{"id":")" + storage + R"(","properties":{"a/b~c":1}},
{"id":")" + group + R"(Microsoft.Search/searchServices/se",
 "properties":{"networkRuleSet":{"ipRules":[{"value":""}]}}},
{"id":")" + group + R"(Microsoft.Network/privateEndpoints/pe","properties":{
 "privateLinkServiceConnections":[{"name":"c","properties":{"privateLinkServiceId":")" +
                         storage +
                         R"(","privateLinkServiceConnectionState":{"status":"Perhaps"}}}]}},
{"id":")" + storage + R"(/networkSecurityPerimeterConfigurations/c","properties":{
 "networkSecurityPerimeter":{"id":")" +
                         group +
                         R"(Microsoft.Network/networkSecurityPerimeters/nsp"},
 "profile":{"name":"p","accessRules":[{"properties":{"direction":"Inbound"}}]}}}]})",
                     "f"));
  ASSERT_TRUE(built.ok()) << to_string(built.diagnostics.front());
  expect_round_trip(built.environment, "the document");
  const Environment again = read_again(built.environment).environment;
  EXPECT_EQ(again.resources.at(0).unknown.at("properties").members.at("a/b~c"), "1");
  EXPECT_EQ(again.resources.at(0).association, 0U);
  EXPECT_FALSE(again.resources.at(1).firewall.default_allow);
  EXPECT_EQ(again.private_endpoints.at(0).status, ConnectionStatus::Unknown);
}

TEST(EnvironmentJson, NeverWritesASecret) {
  const BuildResult built = build_environment(read_documents(
      R"({"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st",
"tags":{"password":"swordfish","owner":"us"},
"properties":{"primaryKey":"swordfish","blob":"https://a/?sig=swordfish"}})",
      "f"));
  ASSERT_TRUE(built.ok());
  const std::string json = environment_as_json(built.environment);
  EXPECT_THAT(json, testing::Not(HasSubstr("swordfish")));
  EXPECT_THAT(json, HasSubstr(R"("tags": {"password":"redacted","owner":"us"})"));
  EXPECT_THAT(json, HasSubstr(R"("primaryKey": "redacted")"));
  EXPECT_THAT(json, HasSubstr(R"("blob": "redacted")"));
}

TEST(EnvironmentJson, KeepsServiceTags) {
  DocumentSet documents = read_documents(kDocument, "site.json");
  append(documents, read_documents(R"({"values":[{"name":"Storage.WestUS",
      "properties":{"addressPrefixes":["192.0.2.0/24","2001:db8::/32"]}}]})",
                                   "tags.json"));
  const BuildResult built = build_environment(documents);
  ASSERT_TRUE(built.ok());
  ASSERT_EQ(built.environment.service_tags.size(), 1U);
  const BuildResult again = read_again(built.environment);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.environment.service_tags, built.environment.service_tags);
}

TEST(ImportText, CountsTheKindsAndListsWhatWasIgnored) {
  const BuildResult built = build_environment(read_documents(kDocument, "site.json"));
  const std::string text = import_as_text(built, {});
  EXPECT_THAT(text, testing::StartsWith("understood\n  3 resources\n\nresources\n"));
  EXPECT_THAT(text, HasSubstr("  ai        Foundry    Enabled (by default)  -        -     yes\n"));
  EXPECT_THAT(text, HasSubstr("\nignored\n"));
  EXPECT_THAT(text, HasSubstr("unknown"));
}

}  // namespace
}  // namespace nsp::test

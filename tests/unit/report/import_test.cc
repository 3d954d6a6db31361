// An environment as documents again: reading it back gives the same environment.
#include "sim/report/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/document/file.h"
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
void expect_round_trip(const Environment& environment, const std::string& what) {
  BuildResult again = read_again(environment);
  ASSERT_TRUE(again.ok()) << what << ": " << to_string(again.diagnostics.front());
  EXPECT_EQ(environment_as_json(again.environment), environment_as_json(environment)) << what;
  EXPECT_EQ(dump(compile(std::move(again.environment))), dump(compile(environment))) << what;
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
  EXPECT_EQ(again.resources.at(0).unknown_properties.at("a/b~c"), "1");
  EXPECT_EQ(again.resources.at(0).association, 0U);
  EXPECT_FALSE(again.resources.at(1).firewall.default_allow);
  EXPECT_EQ(again.private_endpoints.at(0).status, ConnectionStatus::Unknown);
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

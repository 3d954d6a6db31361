#include "sim/scenario/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/model/build.h"
#include "sim/scenario/section_environment.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The first section of a page that holds these tables.
Page page_of_tables(std::string_view tables) {
  return read_page("```scenario\nstatus: local\n```\n\n" + std::string(tables), "p.md");
}

std::vector<std::string> messages(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const auto& diagnostic : diagnostics) all.push_back(to_string(diagnostic));
  return all;
}

Environment build(std::string_view tables) {
  auto built = build_section(page_of_tables(tables), 0);
  EXPECT_THAT(messages(built.diagnostics), IsEmpty());
  return std::move(built.environment);
}

std::vector<std::string> problems(std::string_view tables) {
  return messages(build_section(page_of_tables(tables), 0).diagnostics);
}

TEST(Tables, MakePerimetersAndProfilesByNaming) {
  const auto env = build(
      "| resource | kind | profile | mode |\n|---|---|---|---|\n"
      "| a | storage | data | Enforced |\n| b | search | nsp-b/apps | |\n| c | key vault | | |\n");
  ASSERT_EQ(env.perimeters.size(), 2u);
  EXPECT_EQ(env.perimeters[0].name, "perimeter");
  EXPECT_EQ(env.perimeters[1].profiles.at(0).name, "apps");
  ASSERT_EQ(env.associations.size(), 2u);
  EXPECT_EQ(env.associations[0].name, "a-association");
  EXPECT_EQ(env.associations[0].mode, AccessMode::Enforced);
  EXPECT_EQ(env.associations[1].mode, AccessMode::Learning);
  EXPECT_EQ(env.resources.at(2).association, kNone);
  EXPECT_EQ(to_string(*env.resources.at(2).subscription), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(env.resources.at(1).id.resource_group(), "page");
}

TEST(Tables, FirewallCells) {
  const auto env = build(
      "| resource | kind | firewall |\n|---|---|---|\n| open1 | storage | |\n| open2 | storage | "
      "open |\n"
      "| shut | storage | closed |\n"
      "| some | storage | 203.0.113.0/28, subnet vnet/apps, resource srch, trusted services |\n"
      "| srch | search | 203.0.113.9, trusted services |\n");
  EXPECT_TRUE(env.resources.at(0).firewall.default_allow);
  EXPECT_FALSE(env.resources.at(0).firewall.trusted_services);
  EXPECT_EQ(env.resources.at(0).firewall, env.resources.at(1).firewall);
  EXPECT_FALSE(env.resources.at(2).firewall.default_allow);
  EXPECT_FALSE(env.resources.at(2).firewall.trusted_services);
  const auto& some = env.resources.at(3).firewall;
  EXPECT_TRUE(some.trusted_services);
  EXPECT_EQ(some.ip_rules.at(0).text, "203.0.113.0/28");
  EXPECT_EQ(some.subnet_rules.at(0).name(), "apps");
  EXPECT_EQ(some.instance_rules.at(0), env.resources.at(4).id);
  EXPECT_EQ(env.resources.at(4).firewall.ip_rules.at(0).text, "203.0.113.9");
  EXPECT_EQ(env.subnets.size(), 1u);
}

TEST(Tables, IdentityEgressAndSubscription) {
  const auto env = build(
      "| resource | kind | identity | egress | subscription |\n|---|---|---|---|---|\n"
      "| a | foundry | no | api.example.net, *.example.org | 11111111-1111-1111-1111-111111111111 "
      "|\n"
      "| b | openai | yes | | |\n");
  EXPECT_EQ(env.resources.at(0).identity, false);
  EXPECT_TRUE(env.resources.at(0).restrict_outbound);
  EXPECT_EQ(env.resources.at(0).allowed_fqdns.size(), 2u);
  EXPECT_EQ(to_string(*env.resources.at(0).subscription), "11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(env.resources.at(1).identity, true);
  EXPECT_FALSE(env.resources.at(1).restrict_outbound);
  EXPECT_EQ(env.resources.at(1).service, Service::OpenAi);
}

TEST(Tables, RulesSortWhatTheyAllow) {
  const auto env = build(
      "| rule | profile | direction | allows |\n|---|---|---|---|\n"
      "| mixed | p | inbound | 203.0.113.0/24, 2001:db8::/32, tag AzureDevOps, subscription "
      "11111111-1111-1111-1111-111111111111 |\n"
      "| out | p | outbound | api.example.net, *.example.org |\n");
  const auto& rules = env.perimeters.at(0).profiles.at(0).rules;
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].prefixes.size(), 2u);
  EXPECT_THAT(rules[0].service_tags, ElementsAre("AzureDevOps"));
  EXPECT_EQ(rules[0].subscriptions.size(), 1u);
  EXPECT_EQ(rules[1].direction, Direction::Outbound);
  EXPECT_EQ(rules[1].host_names.size(), 2u);
}

TEST(Tables, LinksJoinProfiles) {
  const auto env = build(
      "| link | local | remote | status |\n|---|---|---|---|\n| l | a/p1, a/p2 | b | Pending |\n");
  const auto& link = env.links.at(0);
  EXPECT_EQ(link.local_profiles.size(), 2u);
  EXPECT_TRUE(link.all_remote_profiles);
  EXPECT_EQ(link.status, ConnectionStatus::Pending);
}

TEST(Tables, PrivateEndpointsBringTheirDns) {
  const auto env = build(
      "| resource | kind |\n|---|---|\n| st | storage |\n\n"
      "| subnet | service endpoints |\n|---|---|\n| hub/apps | storage, key vault |\n\n"
      "| private endpoint | resource | subnet | status | zone |\n|---|---|---|---|---|\n"
      "| one | st | hub/apps | | blob, dfs.core.windows.net |\n"
      "| two | st | spoke/apps | Pending | unlinked |\n| three | st | spoke/apps | Rejected | "
      "absent |\n");
  ASSERT_EQ(env.networks.size(), 2u);
  EXPECT_THAT(env.subnets.at(0).service_endpoints,
              ElementsAre("Microsoft.Storage", "Microsoft.KeyVault"));
  ASSERT_EQ(env.private_endpoints.size(), 3u);
  EXPECT_EQ(to_string(env.private_endpoints[0].addresses.at(0)), "10.200.0.4");
  EXPECT_EQ(env.private_endpoints[1].status, ConnectionStatus::Pending);
  std::size_t linked = 0;
  for (const auto& zone : env.zones) linked += zone.networks.size();
  EXPECT_EQ(linked, 2u);            // blob and dfs, in hub
  EXPECT_EQ(env.zones.size(), 8u);  // and the six unlinked ones of the second endpoint
  EXPECT_EQ(env.resources.at(0).private_connections.size(), 3u);
}

TEST(Tables, CallersSubnetsExistByBeingNamed) {
  const auto env = build(
      "| resource | kind |\n|---|---|\n| st | storage |\n\n"
      "| caller | subnet |\n|---|---|\n| x | v/s |\n");
  EXPECT_EQ(env.subnets.size(), 1u);
}

TEST(Tables, ReportMistakesAtTheirCell) {
  const std::string head =
      "| resource | kind | profile | mode | publicNetworkAccess | firewall | egress "
      "|\n|---|---|---|---|---|---|---|\n";
  EXPECT_THAT(problems(head + "| a | storag | | | | | |\n"),
              ElementsAre("error p.md:7:7: unknown kind `storag`, did you mean `storage`?"));
  EXPECT_THAT(problems(head + "| a | storage | p | Enforce | | | |\n"),
              ElementsAre("error p.md:7:21: unknown mode `Enforce`, did you mean `Enforced`?"));
  EXPECT_THAT(
      problems(head + "| a | storage | | | Disbled | | |\n"),
      ElementsAre(
          "error p.md:7:21: unknown publicNetworkAccess `Disbled`, did you mean `Disabled`?"));
  EXPECT_THAT(problems(head + "| a | search | | | | closed | |\n"),
              ElementsAre("error p.md:7:22: a search service without IP rules is open, so `closed` "
                          "cannot be said: use publicNetworkAccess `Disabled`"));
  EXPECT_THAT(problems(head + "| a | search | | | | 203.0.113.1, subnet v/s | |\n"),
              ElementsAre("error p.md:7:42: a search service has no virtual-network rules"));
  EXPECT_THAT(
      problems(head + "| a | storage | | | | | x.example |\n"),
      ElementsAre("error p.md:7:25: only `foundry` and `openai` have egress limits of their own"));
  EXPECT_THAT(problems(head + "| a | storage | | | | | |\n| A | storage | | | | | |\n"),
              ElementsAre("error p.md:8:3: resource `A` stands twice, first on line 7"));
  EXPECT_THAT(problems("| rule | profile | direction | allows |\n|---|---|---|---|\n| r | p | "
                       "inbond | 203.0.113.0/24 |\n"),
              ElementsAre("error p.md:7:11: unknown direction `inbond`, did you mean `inbound`?"));
  EXPECT_THAT(problems("| private endpoint | resource | subnet | zone |\n|---|---|---|---|\n| e | "
                       "nobody | v/s | |\n"),
              ElementsAre("error p.md:7:7: unknown resource `nobody`"));
}

}  // namespace
}  // namespace nsp

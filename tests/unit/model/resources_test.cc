#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

Resource build_one(const std::string& id, const std::string& more,
                   const std::string& expected = "") {
  const BuildResult built = build({object(id, more)});
  EXPECT_EQ(told(built), expected);
  EXPECT_EQ(built.environment.resources.size(), 1U);
  return built.environment.resources.empty() ? Resource{} : built.environment.resources[0];
}

std::string prefixes(const Firewall& firewall) {
  std::string out;
  for (const auto& rule : firewall.ip_rules) out += to_string(rule.prefix) + " ";
  return out;
}

TEST(Resources, HaveTheDefaultsOfTheirService) {
  const Resource storage = build_one(kStorage + "st", "");
  EXPECT_EQ(storage.public_network_access, PublicNetworkAccess::Enabled);
  EXPECT_EQ(storage.public_network_access_text, "");
  EXPECT_TRUE(storage.firewall.default_allow);
  EXPECT_TRUE(storage.firewall.trusted_services);
  EXPECT_EQ(storage.identity, false);
  EXPECT_EQ(to_string(*storage.subscription), "11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(storage.host_names.at(0).text(), "st.blob.core.windows.net");
  const Resource search = build_one(kSearch + "se", "");
  EXPECT_TRUE(search.firewall.default_allow);
  EXPECT_FALSE(search.firewall.trusted_services);
  const Resource foundry = build_one(kAccount + "ai", R"(,"kind":"AIServices")");
  EXPECT_EQ(foundry.service, Service::Foundry);
  EXPECT_FALSE(foundry.firewall.trusted_services);
}

TEST(Resources, ReadPublicNetworkAccessInAnyCase) {
  EXPECT_EQ(build_one(kSearch + "se", with(R"("publicNetworkAccess":"securedByPerimeter")"))
                .public_network_access,
            PublicNetworkAccess::SecuredByPerimeter);
  EXPECT_EQ(build_one(kStorage + "st", with(R"("publicNetworkAccess":null)")).public_network_access,
            PublicNetworkAccess::Enabled);
  EXPECT_EQ(
      build_one(kStorage + "st", with(R"("publicNetworkAccess":"Maybe")"),
                "warning 2 /resources/0/properties/publicNetworkAccess: `Maybe` is not a known "
                "`publicNetworkAccess`, expected `Enabled`, `Disabled` or "
                "`SecuredByPerimeter`\n")
          .public_network_access,
      PublicNetworkAccess::Unknown);
  (void)build_one(kAccount + "ai",
                  R"(,"kind":"OpenAI")" + with(R"("publicNetworkAccess":"SecuredByPerimeter")"),
                  "warning 2 /resources/0/properties/publicNetworkAccess: no api-version of "
                  "Microsoft.CognitiveServices accepts `SecuredByPerimeter`\n");
}

TEST(Resources, HaveAnIdentityOnlyWhenOneIsAssigned) {
  const std::vector<std::pair<std::string, bool>> rows{
      {R"(,"identity":{"type":"SystemAssigned"})", true},
      {R"(,"identity":{"type":"systemassigned, userassigned"})", true},
      {R"(,"identity":{"type":"None"})", false},
      {R"(,"identity":null)", false},
      {"", false}};
  for (const auto& [more, expected] : rows) {
    EXPECT_EQ(build_one(kStorage + "st", more).identity, expected) << more;
  }
}

TEST(Firewall, IsReadFromNetworkAcls) {
  const Resource resource = build_one(
      kStorage + "st", with(R"("networkAcls":{"defaultAction":"deny","bypass":"Logging, Metrics",
"ipRules":[{"value":"203.0.113.7","action":"Allow"},"198.51.100.0/24"],"ipv6Rules":[{"value":"2001:db8::/32"}],
"virtualNetworkRules":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a"}],
"resourceAccessRules":[{"resourceId":"/subscriptions/s/resourceGroups/*/providers/Microsoft.Search/searchServices/*"}]})"),
      "warning 4 /resources/0/properties/networkAcls/virtualNetworkRules/0/id: subnet `v/a` is not "
      "described: its service endpoints are not known\n");
  EXPECT_FALSE(resource.firewall.default_allow);
  EXPECT_FALSE(resource.firewall.trusted_services);
  EXPECT_EQ(prefixes(resource.firewall), "203.0.113.7/32 198.51.100.0/24 2001:db8::/32 ");
  EXPECT_EQ(resource.firewall.ip_rules[0].text, "203.0.113.7");
  EXPECT_EQ(resource.firewall.subnet_rules.at(0).name(), "a");
  EXPECT_EQ(resource.firewall.instance_rules.at(0).name(), "*");
}

TEST(Firewall, OfAServiceThatIsNotReadIsNotKnown) {
  const std::string cosmos = kGroup + "Microsoft.DocumentDB/databaseAccounts/db";
  const std::string type =
      "` of `Microsoft.DocumentDB/databaseAccounts` is not read: the "
      "resource's own firewall is not known\n";
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"("ipRules":[{"ipAddressOrRange":"203.0.113.7"}])", "ipRules"},
      {R"("virtualNetworkRules":[{"id":"x"}])", "virtualNetworkRules"},
      {R"("isVirtualNetworkFilterEnabled":true)", "isVirtualNetworkFilterEnabled"},
      {R"("ipRangeFilter":"203.0.113.7")", "ipRangeFilter"}};
  for (const auto& [properties, name] : rows) {
    const Resource resource =
        build_one(cosmos, with(properties),
                  fmt::format("warning 2 /resources/0/properties/{}: `{}{}", name, name, type));
    EXPECT_FALSE(resource.firewall.known) << name;
  }
  const Resource open = build_one(
      cosmos,
      with(
          R"("ipRules":[],"isVirtualNetworkFilterEnabled":false,"ipRangeFilter":"","virtualNetworkRules":null)"));
  EXPECT_TRUE(open.firewall.known);
  EXPECT_TRUE(open.firewall.default_allow);
}

TEST(Firewall, InDocumentsOfItsOwnIsNotKnownUnlessThePlainShapeSaysIt) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Microsoft.Sql/servers", "firewallRules"},
      {"Microsoft.EventHub/namespaces", "networkRuleSets"},
      {"Microsoft.ServiceBus/namespaces", "networkRuleSets"}};
  for (const auto& [type, name] : rows) {
    const std::string expected = fmt::format(
        "warning 2 /resources/0: `{}` of `{}` are documents of their own, which are "
        "not read: the resource's own firewall is not known\n",
        name, type);
    EXPECT_FALSE(build_one(kGroup + type + "/x", "", expected).firewall.known) << type;
    const Resource stated =
        build_one(kGroup + type + "/x", with(R"("networkAcls":{"defaultAction":"Deny"})"));
    EXPECT_TRUE(stated.firewall.known) << type;
    EXPECT_FALSE(stated.firewall.default_allow) << type;
  }
  const std::string store = kGroup + "Microsoft.AppConfiguration/configurationStores/c";
  EXPECT_TRUE(build_one(store, "").firewall.known);
}

TEST(Firewall, OfSearchClosesWithItsFirstRule) {
  const Resource resource = build_one(
      kSearch + "se",
      with(R"("networkRuleSet":{"ipRules":[{"value":"203.0.113.7"}],"bypass":"AzureServices"})"));
  EXPECT_FALSE(resource.firewall.default_allow);
  EXPECT_TRUE(resource.firewall.trusted_services);
}

TEST(Firewall, OfSearchIsClosedByARuleThatIsNotUnderstood) {
  const Resource resource = build_one(
      kSearch + "se", with(R"("networkRuleSet":{"ipRules":[{"value":""}]})"),
      "warning 2 /resources/0/properties/networkRuleSet/ipRules/0/value: an empty IP rule is "
      "ignored\n");
  EXPECT_FALSE(resource.firewall.default_allow);
  EXPECT_EQ(prefixes(resource.firewall), "");
  EXPECT_TRUE(
      build_one(kSearch + "se", with(R"("networkRuleSet":{"ipRules":[]})")).firewall.default_allow);
}

TEST(Firewall, PointsWithTheNamesAsWritten) {
  (void)build_one(kStorage + "st", with(R"("NetworkACLs":{"IPRules":7})"),
                  "error 2 /resources/0/properties/NetworkACLs/IPRules: expected an array, found a "
                  "number\n");
}

TEST(Firewall, SaysWhatIsWrong) {
  const std::string place = " 2 /resources/0/properties/networkAcls";
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"([])", "error" + place + ": expected an object, found an array\n"},
      {R"({"ipRules":{}})", "error" + place + "/ipRules: expected an array, found an object\n"},
      {R"({"ipRules":[{"value":"office"}]})",
       "error" + place +
           "/ipRules/0/value: `office` is not an address prefix, expected one such as "
           "`203.0.113.0/24`\n"},
      {R"({"ipRules":[{}]})",
       "error" + place + "/ipRules/0: expected an IP rule: `{\"value\":\"203.0.113.0/24\"}`\n"},
      {R"({"virtualNetworkRules":[{}]})",
       "error" + place + "/virtualNetworkRules/0: expected a rule with an `id`\n"},
      {R"({"virtualNetworkRules":[{"id":""}]})",
       "warning" + place + "/virtualNetworkRules/0/id: an empty rule is ignored\n"},
      {R"({"bypass":"Friends"})",
       "warning" + place +
           "/bypass: `Friends` is not a known `bypass`, expected `None`, `Logging`, `Metrics` or "
           "`AzureServices`\n"},
      {R"({"defaultAction":"Perhaps"})",
       "warning" + place +
           "/defaultAction: `Perhaps` is not a known `defaultAction`, expected `Allow` or `Deny`: "
           "taken as `Deny`\n"}};
  for (const auto& [acls, expected] : rows) {
    (void)build_one(kStorage + "st", with("\"networkAcls\":" + acls), expected);
  }
}

TEST(Resources, OfCognitiveServicesLimitTheirEgress) {
  const Resource resource = build_one(
      kAccount + "ai",
      R"(,"kind":"AIServices")" +
          with(
              R"("customSubDomainName":"Sub","restrictOutboundNetworkAccess":true,"allowedFqdnList":["*.a.example"],"disableLocalAuth":true)"));
  EXPECT_TRUE(resource.restrict_outbound);
  EXPECT_EQ(to_string(resource.allowed_fqdns.at(0)), "*.a.example");
  EXPECT_EQ(resource.local_auth_disabled, true);
  EXPECT_EQ(resource.host_names.at(2).text(), "sub.services.ai.azure.com");
}

TEST(Resources, KeepPrivateConnectionsAndSharedLinks) {
  const BuildResult built = build(
      {object(
           kSearch + "se",
           with(
               R"("privateEndpointConnections":[{"name":"c","properties":{"privateEndpoint":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe"},"groupId":"searchService","privateLinkServiceConnectionState":{"status":"Approved"}}}])")),
       object(kSearch + "se/sharedPrivateLinkResources/spl",
              R"(,"name":"spl")" + with(R"("privateLinkResourceId":")" + kStorage +
                                        R"(st","groupId":"blob","status":"Pending")")),
       object(kSearch + "other/sharedPrivateLinkResources/spl")});
  EXPECT_EQ(told(built), "");
  const Resource& resource = built.environment.resources.at(0);
  EXPECT_EQ(resource.private_connections.at(0).status, ConnectionStatus::Approved);
  EXPECT_EQ(resource.private_connections.at(0).endpoint.name(), "pe");
  EXPECT_EQ(resource.shared_private_links.at(0).target.name(), "st");
  EXPECT_EQ(resource.shared_private_links.at(0).status, ConnectionStatus::Pending);
  EXPECT_EQ(
      built.environment.ignored.at("Microsoft.Search/searchServices/sharedPrivateLinkResources"),
      1U);
}

TEST(Resources, KeepAndCountWhatIsNotModelled) {
  const BuildResult built = build(
      {object(kStorage + "st", with(R"("isLocalUserEnabled":true,"provisioningState":"Succeeded")")),
       object(kGroup + "Microsoft.Network/loadBalancers/lb"), object(kAccount + "a/projects/p")});
  const std::map<std::string, std::size_t> expected{
      {"Microsoft.CognitiveServices/accounts/projects", 1},
      {"Microsoft.Network/loadBalancers", 1},
      {"Microsoft.Storage/storageAccounts isLocalUserEnabled", 1}};
  EXPECT_EQ(built.environment.ignored, expected);
  EXPECT_EQ(built.environment.resources.at(0).unknown.at("properties").members.at("isLocalUserEnabled"),
            "true");
}

TEST(Resources, WithPropertiesOfAnotherKindAreRefused) {
  (void)build_one(kStorage + "st", R"(,"properties":"none")",
                  "error 2 /resources/0/properties: expected an object, found a string\n");
}

TEST(Environment, FindsResourcesByShortNameIdAndHost) {
  const std::string other =
      "/subscriptions/s/resourceGroups/h/providers/Microsoft.Storage/storageAccounts/st";
  const auto environment =
      build({object(kStorage + "st"), object(other), object(kSearch + "se")}).environment;
  EXPECT_EQ(find_resource(environment, "SE").index, 2U);
  EXPECT_TRUE(find_resource(environment, "st").ambiguous);
  EXPECT_EQ(find_resource(environment, "st").index, kNone);
  EXPECT_EQ(find_resource(environment, other).index, 1U);
  EXPECT_EQ(find_resource(environment, "none").index, kNone);
  EXPECT_EQ(find_host(environment, *DomainName::parse("se.search.windows.net")), 2U);
  EXPECT_EQ(find_host(environment, *DomainName::parse("se.example")), kNone);
  EXPECT_EQ(display_name(environment, 2), "se");
  EXPECT_EQ(display_name(environment, 1), other);
  EXPECT_EQ(display_names(environment), (std::vector<std::string>{kStorage + "st", other, "se"}));
}

TEST(Services, AreKnownByTypeAndKind) {
  EXPECT_EQ(service_of("microsoft.storage/STORAGEACCOUNTS", ""), Service::Storage);
  EXPECT_EQ(service_of("Microsoft.CognitiveServices/accounts", "openai"), Service::OpenAi);
  EXPECT_EQ(service_of("Microsoft.CognitiveServices/accounts", "Face"), Service::CognitiveServices);
  EXPECT_EQ(service_of("Microsoft.Insights/actionGroups", ""), Service::Monitor);
  EXPECT_EQ(service_of("Microsoft.Web/sites", ""), Service::Other);
  EXPECT_EQ(service_of("", ""), Service::Other);
  for (const ServiceFacts& entry : all_services()) EXPECT_EQ(&facts(entry.service), &entry);
}

}  // namespace
}  // namespace nsp

// Every property of sim/lab/settings.h, flipped and looked at in the environment.
#include <gmock/gmock.h>

#include "sim/lab/edit.h"
#include "sim/model/build.h"

namespace nsp::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

#define G "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/"
#define NSP_A G "Microsoft.Network/networkSecurityPerimeters/nsp-a"
#define NSP_B G "Microsoft.Network/networkSecurityPerimeters/nsp-b"
#define ZONE G "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"

constexpr const char* kSettingsSite =
    R"({"resources": [
  {"id": ")" NSP_A R"(", "type": "Microsoft.Network/networkSecurityPerimeters", "properties": {}},
  {"id": ")" NSP_B R"(", "type": "Microsoft.Network/networkSecurityPerimeters", "properties": {}},
  {"id": ")" NSP_A
    R"(/profiles/default", "type": "Microsoft.Network/networkSecurityPerimeters/profiles", "properties": {}},
  {"id": ")" NSP_B
    R"(/profiles/default", "type": "Microsoft.Network/networkSecurityPerimeters/profiles", "properties": {}},
  {"id": ")" NSP_A R"(/links/to-b", "type": "Microsoft.Network/networkSecurityPerimeters/links",
   "properties": {"autoApprovedRemotePerimeterResourceId": ")" NSP_B R"(", "status": "Approved"}},
  {"id": ")" NSP_B
    R"(/linkReferences/Ref-from-to-b-1", "type": "Microsoft.Network/networkSecurityPerimeters/linkReferences",
   "properties": {"remotePerimeterResourceId": ")" NSP_A R"(", "status": "Approved"}},
  {"id": ")" NSP_A
    R"(/resourceAssociations/a-docs", "type": "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
   "properties": {"accessMode": "Learning", "privateLinkResource": {"id": ")" G
    R"(Microsoft.Storage/storageAccounts/stdocs"},
     "profile": {"id": ")" NSP_A R"(/profiles/default"}}},
  {"id": ")" G
    R"(Microsoft.Storage/storageAccounts/stdocs", "type": "Microsoft.Storage/storageAccounts",
   "properties": {"privateEndpointConnections": [{"name": "c1", "properties": {
     "privateEndpoint": {"id": ")" G
    R"(Microsoft.Network/privateEndpoints/pe-docs"}, "groupIds": ["blob"],
     "privateLinkServiceConnectionState": {"status": "Approved"}}}]}},
  {"id": ")" G
    R"(Microsoft.Search/searchServices/search-1", "type": "Microsoft.Search/searchServices",
   "properties": {"sharedPrivateLinkResources": [{"name": "spl-docs", "properties": {
     "privateLinkResourceId": ")" G
    R"(Microsoft.Storage/storageAccounts/stdocs", "groupId": "blob", "status": "Approved"}}]}},
  {"id": ")" G R"(Microsoft.CognitiveServices/accounts/ai-1", "kind": "AIServices",
   "type": "Microsoft.CognitiveServices/accounts", "properties": {}},
  {"id": ")" G
    R"(Microsoft.Network/virtualNetworks/vnet", "type": "Microsoft.Network/virtualNetworks",
   "properties": {"subnets": [{"name": "apps", "properties": {}}, {"name": "links", "properties": {}}]}},
  {"id": ")" G
    R"(Microsoft.Network/privateEndpoints/pe-docs", "type": "Microsoft.Network/privateEndpoints",
   "properties": {"subnet": {"id": ")" G R"(Microsoft.Network/virtualNetworks/vnet/subnets/links"},
     "privateLinkServiceConnections": [{"name": "c1", "properties": {"groupIds": ["blob"],
       "privateLinkServiceId": ")" G R"(Microsoft.Storage/storageAccounts/stdocs"}}]}},
  {"id": ")" ZONE R"(", "type": "Microsoft.Network/privateDnsZones", "properties": {}},
  {"id": ")" ZONE R"(/A/stdocs", "type": "Microsoft.Network/privateDnsZones/A",
   "properties": {"aRecords": [{"ipv4Address": "10.0.0.4"}]}}]})";

class Settings : public ::testing::Test {
 protected:
  void SetUp() override {
    BuildResult built = build_environment(read_documents(kSettingsSite, "site.json"));
    ASSERT_TRUE(built.ok());
    env_ = std::move(built.environment);
  }

  // `assignment` as a person writes it. What was said; the environment follows.
  std::string set(Bearer of, const std::string& name, std::string_view assignment) {
    auto edited = apply_edit(env_, SetProperty{of, name, *parse_assignment(assignment)});
    if (!edited) return edited.error().front();
    env_ = std::move(edited->environment);
    EXPECT_THAT(edited->warnings, IsEmpty()) << assignment;
    return edited->done;
  }
  std::string set(const std::string& name, std::string_view assignment) {
    return set(Bearer::Resource, name, assignment);
  }

  [[nodiscard]] const Resource& resource(const char* name) const {
    return env_.resources[find_resource(env_, name).index];
  }
  [[nodiscard]] std::vector<std::string> ip_rules(const char* name) const {
    std::vector<std::string> texts;
    for (const WrittenPrefix& rule : resource(name).firewall.ip_rules) texts.push_back(rule.text);
    return texts;
  }

  Environment env_;
};

TEST_F(Settings, OfFirewalls) {
  EXPECT_EQ(set("stdocs", "networkAcls.defaultAction=deny"),
            "networkAcls.defaultAction of stdocs set to Deny");
  EXPECT_FALSE(resource("stdocs").firewall.default_allow);
  EXPECT_EQ(set("stdocs", "bypass=None"), "networkAcls.bypass of stdocs set to None");
  EXPECT_FALSE(resource("stdocs").firewall.trusted_services);
  EXPECT_EQ(set("stdocs", "bypass=Logging, azureservices"),
            "networkAcls.bypass of stdocs set to Logging, AzureServices");
  EXPECT_TRUE(resource("stdocs").firewall.trusted_services);
  EXPECT_EQ(set("stdocs", "ipRules+=203.0.113.0/28,198.51.100.7"),
            "203.0.113.0/28,198.51.100.7 added to networkAcls.ipRules of stdocs");
  EXPECT_THAT(ip_rules("stdocs"), ElementsAre("203.0.113.0/28", "198.51.100.7"));
  EXPECT_EQ(set("stdocs", "ipRules+=198.51.100.7/32"),
            "networkAcls.ipRules of stdocs has `198.51.100.7/32` already");
  EXPECT_EQ(set("stdocs", "ipRules-=203.0.113.0/28"),
            "203.0.113.0/28 removed from networkAcls.ipRules of stdocs");
  EXPECT_EQ(set("stdocs", "ipRules-=203.0.113.0/28"),
            "networkAcls.ipRules of stdocs has no `203.0.113.0/28`, expected one of 198.51.100.7");
  EXPECT_EQ(set("stdocs", "ipRules="), "networkAcls.ipRules of stdocs set to nothing");
  EXPECT_THAT(ip_rules("stdocs"), IsEmpty());
  EXPECT_EQ(set("stdocs", "ipRules-=1.2.3.4"),
            "networkAcls.ipRules of stdocs has no `1.2.3.4`, expected none: it is empty");
  EXPECT_EQ(set("stdocs", "ipRules+="),
            "nothing stands after `networkAcls.ipRules+=`, expected address prefixes");
}

TEST_F(Settings, OfFirewallsByName) {
  EXPECT_EQ(set("stdocs", "virtualNetworkRules+=vnet/apps"),
            "vnet/apps added to networkAcls.virtualNetworkRules of stdocs");
  EXPECT_EQ(resource("stdocs").firewall.subnet_rules.at(0).name(), "apps");
  EXPECT_EQ(set("stdocs", "virtualNetworkRules+=vnet/aps"),
            "unknown subnet `vnet/aps`, expected `network/subnet` of one of the environment, did "
            "you mean `vnet/apps`?");
  EXPECT_EQ(set("stdocs", "virtualNetworkRules-=vnet/apps"),
            "vnet/apps removed from networkAcls.virtualNetworkRules of stdocs");
  EXPECT_THAT(resource("stdocs").firewall.subnet_rules, IsEmpty());
  EXPECT_EQ(set("stdocs", "resourceAccessRules=search-1"),
            "networkAcls.resourceAccessRules of stdocs set to search-1");
  EXPECT_EQ(resource("stdocs").firewall.instance_rules.at(0).name(), "search-1");
}

TEST_F(Settings, OfSearch) {
  EXPECT_EQ(set("search-1", "ipRules+=203.0.113.9"),
            "203.0.113.9 added to networkRuleSet.ipRules of search-1");
  EXPECT_FALSE(resource("search-1").firewall.default_allow);
  EXPECT_EQ(set("search-1", "ipRules-=203.0.113.9"),
            "203.0.113.9 removed from networkRuleSet.ipRules of search-1");
  EXPECT_TRUE(resource("search-1").firewall.default_allow);
  // One address in two spellings is one.
  EXPECT_EQ(set("search-1", "ipRules=203.0.113.9,203.0.113.9/32"),
            "networkRuleSet.ipRules of search-1 set to 203.0.113.9,203.0.113.9/32");
  EXPECT_EQ(set("search-1", "ipRules-=203.0.113.9/32"),
            "203.0.113.9/32 removed from networkRuleSet.ipRules of search-1");
  EXPECT_TRUE(resource("search-1").firewall.default_allow);
  EXPECT_EQ(set("search-1", "bypass=AzureServices"),
            "networkRuleSet.bypass of search-1 set to AzureServices");
  EXPECT_TRUE(resource("search-1").firewall.trusted_services);
  EXPECT_EQ(set("search-1", "defaultAction=Deny"),
            "search-1 is AI Search, which has no `networkAcls.defaultAction`, expected one of "
            "publicNetworkAccess, identity, networkRuleSet.ipRules, networkRuleSet.bypass, "
            "disableLocalAuth");
}

// AI Search: a list of one empty rule closes and admits nothing, no list at all admits everybody.
TEST(SettingsOfClosedSearch, OpenWithTheirListSetToNothing) {
  BuildResult built =
      build_environment(read_documents(R"({"id": ")" G R"(Microsoft.Search/searchServices/search-1",
          "type": "Microsoft.Search/searchServices",
          "properties": {"networkRuleSet": {"ipRules": [{"value": ""}]}}})",
                                       "site.json"));
  ASSERT_TRUE(built.ok());
  EXPECT_FALSE(built.environment.resources.at(0).firewall.default_allow);
  const auto edited = apply_edit(
      built.environment, SetProperty{Bearer::Resource, "search-1", *parse_assignment("ipRules=")});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->done, "networkRuleSet.ipRules of search-1 set to nothing");
  EXPECT_TRUE(edited->environment.resources.at(0).firewall.default_allow);
}

TEST_F(Settings, OfKeysAndEgress) {
  EXPECT_EQ(set("stdocs", "allowSharedKeyAccess=False"),
            "allowSharedKeyAccess of stdocs set to false");
  EXPECT_EQ(resource("stdocs").shared_key_access, false);
  EXPECT_EQ(set("search-1", "disableLocalAuth=true"), "disableLocalAuth of search-1 set to true");
  EXPECT_EQ(resource("search-1").local_auth_disabled, true);
  EXPECT_EQ(set("ai-1", "restrictOutboundNetworkAccess=true"),
            "restrictOutboundNetworkAccess of ai-1 set to true");
  EXPECT_TRUE(resource("ai-1").restrict_outbound);
  EXPECT_EQ(set("ai-1", "allowedFqdnList=*.example.org,example.com"),
            "allowedFqdnList of ai-1 set to *.example.org,example.com");
  EXPECT_EQ(set("ai-1", "allowedFqdnList-=Example.com"),
            "Example.com removed from allowedFqdnList of ai-1");
  ASSERT_EQ(resource("ai-1").allowed_fqdns.size(), 1U);
  EXPECT_EQ(to_string(resource("ai-1").allowed_fqdns[0]), "*.example.org");
}

TEST_F(Settings, OfAssociations) {
  EXPECT_EQ(set(Bearer::Association, "a-docs", "provisioningState=Failed"),
            "provisioningState of a-docs set to Failed");
  EXPECT_EQ(env_.associations[0].provisioning_state, "Failed");
  EXPECT_EQ(set(Bearer::Association, "*", "hasProvisioningIssues=yes"),
            "hasProvisioningIssues of a-docs set to yes");
  EXPECT_EQ(env_.associations[0].has_provisioning_issues, "yes");
  EXPECT_EQ(set(Bearer::Association, "a-docs", "accessMode=Transition"),
            "a-docs set to Transition");
  EXPECT_EQ(env_.associations[0].mode, AccessMode::Learning);
}

TEST_F(Settings, OfConnectionsAtBothSides) {
  for (const char* state : {"Rejected", "Pending", "Disconnected", "Approved"}) {
    EXPECT_EQ(set(Bearer::Endpoint, "pe-docs", std::string("status=") + state),
              std::string("privateLinkServiceConnectionState.status of pe-docs set to ") + state);
    EXPECT_EQ(to_string(env_.private_endpoints[0].status), state);
    EXPECT_EQ(to_string(resource("stdocs").private_connections[0].status), state);
    EXPECT_EQ(set(Bearer::SharedLink, "search-1/spl-docs", std::string("status=") + state),
              std::string("status of spl-docs set to ") + state);
    EXPECT_EQ(to_string(resource("search-1").shared_private_links[0].status), state);
    EXPECT_EQ(set(Bearer::Link, "nsp-a/to-b", std::string("status=") + state),
              std::string("status of to-b set to ") + state);
    EXPECT_EQ(to_string(env_.links[0].status), state);
  }
  EXPECT_EQ(set(Bearer::Endpoint, "pe-dosc", "status=Rejected"),
            "unknown private endpoint `pe-dosc`, expected the name or id of one of the "
            "environment, did you mean `pe-docs`?");
}

TEST_F(Settings, OfNetworksAndZones) {
  EXPECT_EQ(set(Bearer::Subnet, "vnet/apps", "serviceEndpoints+=microsoft.storage"),
            "microsoft.storage added to serviceEndpoints of vnet/apps");
  EXPECT_THAT(env_.subnets[0].service_endpoints, ElementsAre("Microsoft.Storage"));
  EXPECT_EQ(set(Bearer::Subnet, "vnet/apps", "serviceEndpoints-=Microsoft.Storag"),
            "`Microsoft.Storag` is no service with endpoints, expected one such as "
            "`Microsoft.Storage`, did you mean `Microsoft.Storage`?");
  const std::string zone = "privatelink.blob.core.windows.net";
  EXPECT_EQ(set(Bearer::Zone, zone, "virtualNetworkLinks+=vnet"),
            "vnet added to virtualNetworkLinks of privatelink.blob.core.windows.net");
  EXPECT_THAT(env_.zones[0].networks, ElementsAre(0U));
  EXPECT_EQ(set(Bearer::Zone, zone, "virtualNetworkLinks-=vnet"),
            "vnet removed from virtualNetworkLinks of privatelink.blob.core.windows.net");
  EXPECT_THAT(env_.zones[0].networks, IsEmpty());
  EXPECT_EQ(set(Bearer::Zone, zone, "aRecords+=other:10.0.0.9"),
            "other:10.0.0.9 added to aRecords of privatelink.blob.core.windows.net");
  ASSERT_EQ(env_.zones[0].records.size(), 2U);
  EXPECT_EQ(env_.zones[0].records[1].label, "other");
  EXPECT_EQ(set(Bearer::Zone, zone, "aRecords-=stdocs:10.0.0.99"),
            "`stdocs:10.0.0.99` names an address, expected the record's label `stdocs`");
  EXPECT_EQ(set(Bearer::Zone, zone, "aRecords-=stdocs"),
            "stdocs removed from aRecords of privatelink.blob.core.windows.net");
  EXPECT_EQ(env_.zones[0].records.size(), 1U);
  EXPECT_EQ(set(Bearer::Zone, zone, "aRecords+=x"),
            "`x` is no value of aRecords, expected records as `label:address`");
  EXPECT_EQ(set(Bearer::Zone, zone, "aRecords+=x:y"), "`y` is not an address");
}

TEST_F(Settings, RefusesWhatIsNone) {
  EXPECT_EQ(set("stdocs", "networkAcls.defaultActoin=Deny"),
            "`networkAcls.defaultActoin` is no property of a resource, expected "
            "publicNetworkAccess, identity, "
            "networkAcls.defaultAction, networkAcls.bypass, networkAcls.ipRules, "
            "networkAcls.virtualNetworkRules, networkAcls.resourceAccessRules, "
            "networkRuleSet.ipRules, networkRuleSet.bypass, allowSharedKeyAccess, "
            "disableLocalAuth, restrictOutboundNetworkAccess or allowedFqdnList, did you mean "
            "`networkAcls.defaultAction`?");
  EXPECT_EQ(set("stdocs", "publicNetworkAccess=Disabld"),
            "`Disabld` is no value of publicNetworkAccess, expected `Enabled`, `Disabled` or "
            "`SecuredByPerimeter`, did you mean `Disabled`?");
  EXPECT_EQ(set("stdocs", "defaultAction+=Deny"),
            "networkAcls.defaultAction is no list, expected `networkAcls.defaultAction=` instead "
            "of `+=`");
  EXPECT_EQ(set("stdocs", "disableLocalAuth=true"),
            "stdocs is Storage, which has no `disableLocalAuth`, expected one of "
            "publicNetworkAccess, identity, networkAcls.defaultAction, networkAcls.bypass, "
            "networkAcls.ipRules, networkAcls.virtualNetworkRules, "
            "networkAcls.resourceAccessRules, allowSharedKeyAccess");
  EXPECT_EQ(set("stdocs", "ipRules=203.0.113.0/33"),
            "`203.0.113.0/33` is not an address prefix, expected one such as `203.0.113.0/24`");
  EXPECT_EQ(set("ai-1", "allowedFqdnList+=https://x"), DomainPattern::parse("https://x").error());
}

TEST(Assignments, AreRead) {
  EXPECT_EQ(parse_assignment("a=b=c"), (Assignment{"a", SetHow::Set, "b=c"}));
  EXPECT_EQ(parse_assignment("a += b"), (Assignment{"a", SetHow::Add, "b"}));
  EXPECT_EQ(parse_assignment("a-="), (Assignment{"a", SetHow::Remove, ""}));
  EXPECT_EQ(parse_assignment("a").error(),
            "`a` sets nothing, expected PROPERTY=VALUE, or of a list PROPERTY+=VALUE or "
            "PROPERTY-=VALUE");
  EXPECT_EQ(parse_assignment("=b").error(),
            "`=b` sets nothing, expected PROPERTY=VALUE, or of a list PROPERTY+=VALUE or "
            "PROPERTY-=VALUE");
}

TEST(SettingNames, TellWhereTheyBelong) {
  EXPECT_THAT(*bearers_of("status"),
              ElementsAre(Bearer::Endpoint, Bearer::SharedLink, Bearer::Link));
  EXPECT_THAT(*bearers_of("ACCESSMODE"), ElementsAre(Bearer::Association));
  EXPECT_EQ(bearers_of("accessMod").error(),
            "`accessMod` is no property, expected publicNetworkAccess, identity, "
            "networkAcls.defaultAction, networkAcls.bypass, networkAcls.ipRules, "
            "networkAcls.virtualNetworkRules, networkAcls.resourceAccessRules, "
            "networkRuleSet.ipRules, networkRuleSet.bypass, allowSharedKeyAccess, "
            "disableLocalAuth, restrictOutboundNetworkAccess, allowedFqdnList, accessMode, "
            "provisioningState, hasProvisioningIssues, privateLinkServiceConnectionState.status, "
            "status, serviceEndpoints, virtualNetworkLinks or aRecords, did you mean "
            "`accessMode`?");
}

}  // namespace
}  // namespace nsp::lab

// Plans and states of Terraform as documents: names, ids found again, places, and what stays open.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/base/text.h"
#include "sim/document/file.h"
#include "sim/document/json.h"
#include "sim/document/resource_document.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

const std::string kTerraformGroup =
    "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-chat/providers/";
const std::string kStandIn =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/terraform/providers/";

DocumentSet load(const std::string& name, PlanSide side = PlanSide::After) {
  const fs::path path = fs::path(NSPSIM_SOURCE_DIR) / "fixtures/environments/terraform" / name;
  ReadOptions options;
  options.plan_side = side;
  return load_documents(std::span(&path, 1), options);
}

DocumentSet read_terraform(std::string_view text, const ReadOptions& options = {}) {
  return read_documents(text, "f.json", options);
}

const ResourceDocument* find(const DocumentSet& set, std::string_view id) {
  const auto found = std::ranges::find_if(set.resources, [&](const ResourceDocument& document) {
    return iequals(document.id.text(), id);
  });
  return found == set.resources.end() ? nullptr : &*found;
}

// The members of that document in one line, or what there is instead.
std::string body(const DocumentSet& set, const std::string& id) {
  const ResourceDocument* document = find(set, id);
  if (document == nullptr) return "no such document";
  const Node* properties = document->body.find("properties");
  return properties == nullptr ? "{}" : to_json(*properties);
}

std::string said(const DocumentSet& set) {
  std::string out;
  for (const Diagnostic& diagnostic : set.diagnostics) {
    Diagnostic shown = diagnostic;
    shown.place.file = fs::path(shown.place.file).filename().string();
    out += to_string(shown) + "\n";
  }
  return out;
}

std::string names(const DocumentSet& set) {
  std::string out;
  for (const ResourceDocument& document : set.resources) {
    out += document.name + (&document == &set.resources.back() ? "" : " ");
  }
  return out;
}

const std::string kNsp = kTerraformGroup + "Microsoft.Network/networkSecurityPerimeters/nsp-chat";
const std::string kTerraformStorage = kTerraformGroup + "Microsoft.Storage/storageAccounts/stchat";

TEST(Terraform, FindsTheGraphOfAFreshPlanAgain) {
  const DocumentSet set = load("plan.json");
  EXPECT_EQ(body(set, kNsp), "{}");
  EXPECT_EQ(body(set, kNsp + "/profiles/apps"), "{}");
  // `for_each = …_profile.this` and `each.value.id`: the profile of the same key.
  EXPECT_EQ(body(set, kNsp + "/profiles/apps/accessRules/office"),
            R"({"direction":"Inbound","addressPrefixes":["198.51.100.0/24"]})");
  // Through the output of a module.
  EXPECT_EQ(body(set, kNsp + "/resourceAssociations/st"),
            R"({"privateLinkResource":{"id":")" + kTerraformStorage + R"("},"profile":{"id":")" +
                kNsp + R"(/profiles/data"},"accessMode":"Enforced"})");
  EXPECT_EQ(body(set, kTerraformGroup + "Microsoft.Search/searchServices/srch-chat/"
                                        "sharedPrivateLinkResources/to-st"),
            R"({"privateLinkResourceId":")" + kTerraformStorage + R"(","groupId":"blob"})");
  EXPECT_EQ(set.ignored, (std::map<std::string, std::size_t>{}));
}

TEST(Terraform, ReadsWhatSurroundsTheNetwork) {
  const std::string group =
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/";
  const std::string storage = group + "Microsoft.Storage/storageAccounts/stx";
  const DocumentSet set = load("surroundings.json");
  EXPECT_EQ(body(set, storage),
            R"({"isSftpEnabled":true,"isNfsV3Enabled":false,"isHnsEnabled":true,)"
            R"("supportsHttpsTrafficOnly":true,)"
            R"("azureFilesIdentityBasedAuthentication":{"directoryServiceOptions":"AADKERB"}})");
  EXPECT_EQ(body(set, storage + "/fileServices/default/shares/share1"),
            R"({"enabledProtocols":"SMB"})");
  EXPECT_EQ(body(set, group + "Microsoft.Network/networkSecurityPerimeters/nsp/providers/"
                              "Microsoft.Insights/diagnosticSettings/diag"),
            R"({"storageAccountId":")" + storage +
                R"(","workspaceId":"[azurerm_monitor_diagnostic_setting.d.)"
                R"(log_analytics_workspace_id]","logs":[)"
                R"({"category":"NspPublicInboundPerimeterRulesAllowed","enabled":true},)"
                R"({"categoryGroup":"allLogs","enabled":true}]})");
  const std::string roles = "/providers/Microsoft.Authorization/roleAssignments/";
  EXPECT_EQ(body(set, storage + roles + "azurerm-role-assignment.r"),
            R"({"roleDefinitionName":"Storage Blob Data Reader","principalId":"[reference(')" +
                group + R"(Microsoft.Search/searchServices/srch').identity.principalId]"})");
  EXPECT_EQ(body(set, storage + roles + "azurerm-role-assignment.w"),
            R"({"roleDefinitionName":"Storage Blob Data Contributor","principalId":"[reference(')" +
                group +
                R"(Microsoft.ManagedIdentity/userAssignedIdentities/uami').principalId]"})");
  EXPECT_EQ(body(set, kStandIn.substr(0, kStandIn.rfind("/providers/")) + roles +
                          "azurerm-role-assignment.q"),
            R"({"roleDefinitionName":"Our Own Role",)"
            R"("principalId":"[azurerm_role_assignment.q.principal_id]","principalType":"User",)"
            R"("scope":"[azurerm_role_assignment.q.scope]"})");
  const ResourceDocument* account = find(set, group + "Microsoft.CognitiveServices/accounts/ai");
  ASSERT_NE(account, nullptr);
  EXPECT_EQ(to_json(*account->body.find("identity")),
            R"({"type":"UserAssigned","userAssignedIdentities":{")" + group +
                R"(Microsoft.ManagedIdentity/userAssignedIdentities/uami":{}}})");
  EXPECT_EQ(said(set),
            "note surroundings.json:1:1: ids that only an apply will know are made in subscription "
            "`00000000-0000-0000-0000-000000000000`\n");
}

TEST(Terraform, OfAStateKnowsPrincipalsAndNamesDiagnosticSettingsByTheirTarget) {
  const std::string id = kTerraformGroup + "Microsoft.Search/searchServices/se";
  const DocumentSet set = read_terraform(
      R"({"format_version":"1.0","terraform_version":"1.9.0","values":{"root_module":{"resources":[
{"address":"azurerm_search_service.s","mode":"managed","type":"azurerm_search_service","name":"s",
 "values":{"id":")" +
      id + R"(","name":"se","identity":[{"type":"SystemAssigned","principal_id":"p1"}]}},
{"address":"azurerm_storage_share.old","mode":"managed","type":"azurerm_storage_share","name":"old",
 "values":{"id":"https://st.file.core.windows.net/old","name":"old","storage_account_name":"st"}},
{"address":"azurerm_monitor_diagnostic_setting.d","mode":"managed","type":"azurerm_monitor_diagnostic_setting","name":"d",
 "values":{"id":")" +
      id + R"(|d","name":"d","target_resource_id":")" + id +
      R"(","log":[{"category":"A","enabled":false}]}}]}}})");
  EXPECT_EQ(to_json(*find(set, id)->body.find("identity")),
            R"({"type":"SystemAssigned","principalId":"p1"})");
  EXPECT_EQ(body(set, id + "/providers/Microsoft.Insights/diagnosticSettings/d"),
            R"({"logs":[{"category":"A","enabled":false}]})");
  EXPECT_EQ(set.ignored, (std::map<std::string, std::size_t>{{"azurerm_storage_share", 1}}));
}

TEST(Terraform, LeavesOpenWhatOnlyAnApplyKnows) {
  const DocumentSet set = load("plan.json");
  const ResourceDocument* rule = find(set, kNsp + "/profiles/data/accessRules/office");
  ASSERT_NE(rule, nullptr);
  const Node* prefixes = rule->body.at({"properties", "addressPrefixes"});
  ASSERT_EQ(prefixes->items.size(), 2U);
  EXPECT_EQ(prefixes->items[0].text, "203.0.113.0/24");
  EXPECT_TRUE(prefixes->items[1].is_unresolved());
  EXPECT_EQ(prefixes->items[1].text,
            "[module.nsp.azurerm_network_security_perimeter_access_rule.inbound[\"data\"]."
            "address_prefixes[1]]");
}

TEST(Terraform, GivesServicesTheirRestMembers) {
  const DocumentSet set = load("plan.json");
  const std::string subnet = kTerraformGroup + "Microsoft.Network/virtualNetworks/vnet/subnets/app";
  // The firewall is a resource of its own.
  EXPECT_EQ(body(set, kTerraformStorage),
            R"({"publicNetworkAccess":"Enabled","allowSharedKeyAccess":false,"networkAcls":)"
            R"({"defaultAction":"Deny","bypass":"AzureServices, Logging","ipRules":)"
            R"([{"value":"203.0.113.7"}],"virtualNetworkRules":[{"id":")" +
                subnet + R"("}]}})");
  EXPECT_EQ(body(set, kTerraformGroup + "Microsoft.Search/searchServices/srch-chat"),
            R"({"publicNetworkAccess":"Enabled","disableLocalAuth":true,"networkRuleSet":)"
            R"({"bypass":"AzureServices","ipRules":[{"value":"198.51.100.9"}]}})");
  EXPECT_EQ(
      body(set, kTerraformGroup + "Microsoft.CognitiveServices/accounts/ai-chat"),
      R"({"customSubDomainName":"ai-chat","publicNetworkAccess":"Disabled","networkAcls":)"
      R"({"defaultAction":"Deny","bypass":"None","ipRules":[],"virtualNetworkRules":[{"id":")" +
          subnet +
          R"("}]},"restrictOutboundNetworkAccess":true,"allowedFqdnList":)"
          R"(["www.contoso.com"]})");
  const ResourceDocument* search =
      find(set, kTerraformGroup + "Microsoft.Search/searchServices/srch-chat");
  EXPECT_EQ(to_json(*search->body.find("identity")), R"({"type":"SystemAssigned"})");
  EXPECT_EQ(search->body.string_at("location"), "westeurope");
}

TEST(Terraform, ReadsNetworksEndpointsAndZones) {
  const DocumentSet set = load("plan.json");
  const std::string network = kTerraformGroup + "Microsoft.Network/virtualNetworks/vnet";
  const std::string zone =
      kTerraformGroup + "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";
  EXPECT_EQ(body(set, network), R"({"addressSpace":{"addressPrefixes":["10.0.0.0/16"]}})");
  EXPECT_EQ(body(set, network + "/subnets/app"),
            R"({"addressPrefixes":["10.0.1.0/24"],"serviceEndpoints":)"
            R"([{"service":"Microsoft.Storage"}]})");
  EXPECT_EQ(body(set, kTerraformGroup + "Microsoft.Network/privateEndpoints/pe-st"),
            R"({"subnet":{"id":")" + network +
                R"(/subnets/app"},"privateLinkServiceConnections":[{"name":"c","properties":)"
                R"({"privateLinkServiceId":")" +
                kTerraformStorage + R"(","groupIds":["blob"]}}]})");
  EXPECT_EQ(body(set, zone + "/A/stchat"), R"({"aRecords":[{"ipv4Address":"10.0.1.4"}]})");
  EXPECT_EQ(body(set, zone + "/virtualNetworkLinks/l"),
            R"({"virtualNetwork":{"id":")" + network + R"("}})");
}

TEST(Terraform, ReadsZoneGroupsOfPrivateEndpoints) {
  const DocumentSet set = load("endpoints.json");
  const std::string zones = kTerraformGroup + "Microsoft.Network/privateDnsZones/";
  const std::string endpoints = kTerraformGroup + "Microsoft.Network/privateEndpoints/";
  // The zones are new: found by the references.
  EXPECT_EQ(body(set, endpoints + "pe-ai/privateDnsZoneGroups/zones"),
            R"({"privateDnsZoneConfigs":[{"properties":{"privateDnsZoneId":")" + zones +
                R"(privatelink.openai.azure.com"}},{"properties":{"privateDnsZoneId":")" + zones +
                R"(privatelink.services.ai.azure.com"}}]})");
  EXPECT_EQ(body(set, endpoints + "pe-known/privateDnsZoneGroups/zones"),
            R"({"privateDnsZoneConfigs":[{"properties":{"privateDnsZoneId":")" + zones +
                R"(privatelink.services.ai.azure.com"}}]})");
  EXPECT_EQ(body(set, zones + "privatelink.services.ai.azure.com/A/ai-chat"),
            R"({"aRecords":[{"ipv4Address":"10.4.2.6"}]})");
}

TEST(Terraform, HasTwoSides) {
  EXPECT_EQ(names(load("plan.json", PlanSide::Before)), "kv-chat stold");
  const DocumentSet after = load("plan.json");
  EXPECT_EQ(find(after, kTerraformGroup + "Microsoft.Storage/storageAccounts/stold"), nullptr);
  const std::string vault = kTerraformGroup + "Microsoft.KeyVault/vaults/kv-chat";
  const std::string acls =
      R"("networkAcls":{"defaultAction":"Deny","bypass":"AzureServices","ipRules":)"
      R"([{"value":"203.0.113.0/24"}],"virtualNetworkRules":[]}})";
  EXPECT_EQ(body(after, vault), R"({"publicNetworkAccess":"Disabled",)" + acls);
  EXPECT_EQ(body(load("plan.json", PlanSide::Before), vault),
            R"({"publicNetworkAccess":"Enabled",)" + acls);
}

TEST(Terraform, ReadsStatesAndSaysWhatABooleanHides) {
  const DocumentSet set = load("state.json");
  EXPECT_EQ(names(set), "stchat st nsp-chat data out subs");
  EXPECT_EQ(body(set, kNsp + "/profiles/data/accessRules/out"),
            R"({"direction":"Outbound","addressPrefixes":[],"fullyQualifiedDomainNames":)"
            R"(["api.contoso.com"],"serviceTags":[],"subscriptions":[]})");
  EXPECT_EQ(body(set, kNsp + "/profiles/data/accessRules/subs"),
            R"({"direction":"Inbound","subscriptions":)"
            R"([{"id":"/subscriptions/11111111-1111-4111-8111-111111111111"}]})");
  EXPECT_EQ(body(set, kTerraformStorage),
            R"({"publicNetworkAccess":"Enabled","networkAcls":{"defaultAction":"Deny","bypass":)"
            R"("None","ipRules":[{"value":"203.0.113.7"}],"virtualNetworkRules":[],)"
            R"("resourceAccessRules":[{"resourceId":")" +
                kTerraformGroup + R"(Microsoft.Search/searchServices/srch-chat"}]}})");
  EXPECT_EQ(said(set),
            "note state.json:19:46 "
            "/values/root_module/resources/0/values/public_network_access_enabled: "
            "`public_network_access_enabled` of `azurerm_storage_account.st` is `true` for "
            "`SecuredByPerimeter` too: taken as `Enabled`\n");
}

TEST(Terraform, ReadsBodiesOfAzapiInEveryForm) {
  const DocumentSet set = load("azapi.json");
  const std::string group =
      "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-api/providers/";
  const std::string nsp = group + "Microsoft.Network/networkSecurityPerimeters/nsp-api";
  const std::string storage =
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-api/providers/"
      "Microsoft.Storage/storageAccounts/stapi";
  EXPECT_EQ(body(set, nsp + "/profiles/p/accessRules/text"),
            R"({"direction":"Inbound","addressPrefixes":["198.51.100.0/24"]})");
  EXPECT_EQ(body(set, nsp + "/profiles/p/accessRules/object"),
            R"({"direction":"Inbound","subscriptions":)"
            R"([{"id":"/subscriptions/11111111-1111-4111-8111-111111111111"}]})");
  EXPECT_EQ(body(set, nsp + "/profiles/p/accessRules/open"),
            R"({"direction":"[azapi_resource.open.body]"})");
  // Two references in one body: what each place may hold tells which is which.
  EXPECT_EQ(body(set, nsp + "/resourceAssociations/a"),
            R"({"accessMode":"Enforced","privateLinkResource":{"id":")" + storage +
                R"("},"profile":{"id":")" + nsp + R"(/profiles/p"}})");
  EXPECT_EQ(body(set, storage), R"({"publicNetworkAccess":"SecuredByPerimeter"})");
  EXPECT_EQ(set.ignored, (std::map<std::string, std::size_t>{{"azapi_resource_action", 1}}));
  EXPECT_EQ(said(set),
            "note azapi.json:1:1: ids that only an apply will know are made in subscription "
            "`00000000-0000-0000-0000-000000000000`\n");
}

// A resource of a plan, with the blocks of its configuration.
std::string plan(const std::string& changes, const std::string& blocks) {
  return R"({"format_version":"1.2","resource_changes":[)" + changes +
         R"(],"configuration":{"root_module":{"resources":[)" + blocks + "]}}}";
}

std::string created(const std::string& address, const std::string& after,
                    const std::string& unknown) {
  return R"({"address":")" + address + R"(","mode":"managed","type":")" +
         address.substr(0, address.find('.')) + R"(","change":{"actions":["create"],"after":)" +
         after + R"(,"after_unknown":)" + unknown + "}}";
}

TEST(Terraform, WarnsWhereALoopLeavesTheInstanceOpen) {
  const std::string type = "azurerm_network_security_perimeter";
  const DocumentSet set = read_terraform(plan(
      created(type + ".n[0]", R"({"name":"a"})", R"({"id":true})") + "," +
          created(type + ".n[1]", R"({"name":"b"})", R"({"id":true})") + "," +
          created(type + "_profile.p", R"({"name":"p"})",
                  R"({"network_security_perimeter_id":true})"),
      R"({"address":"azurerm_network_security_perimeter_profile.p","expressions":)"
      R"({"network_security_perimeter_id":{"references":["azurerm_network_security_perimeter.n",)"
      R"("count.index"]}}})"));
  EXPECT_EQ(names(set), "a b");
  EXPECT_EQ(set.diagnostics.size(), 3U);
  EXPECT_EQ(
      set.diagnostics[1].message,
      "`azurerm_network_security_perimeter.n` may be any of its 2 instances: the reference is "
      "left open");
  EXPECT_EQ(set.diagnostics[2].message,
            "`azurerm_network_security_perimeter_profile.p` is left out: what it belongs to is "
            "known only after an apply");
}

// No plan of Terraform's own has them. Twice in each step, they would take for ever.
TEST(Terraform, EndsWhereReferencesRunInCircles) {
  const DocumentSet set = read_terraform(
      R"({"planned_values":{"root_module":{"resources":[{"address":)"
      R"("azurerm_network_security_perimeter_profile.p","type":)"
      R"("azurerm_network_security_perimeter_profile","values":{"name":"p"}}]}},"configuration":)"
      R"({"root_module":{"resources":[{"address":"azurerm_network_security_perimeter_profile.p",)"
      R"("expressions":{"network_security_perimeter_id":{"references":["module.m.o"]}}}],)"
      R"("module_calls":{"m":{"expressions":{"v":{"references":["module.m.o","module.m.q"]}},)"
      R"("module":{"outputs":{"o":{"expression":{"references":["var.v"]}},)"
      R"("q":{"expression":{"references":["var.v"]}}}}}}}}})");
  EXPECT_EQ(names(set), "");
  EXPECT_EQ(said(set),
            "warning f.json:1:167 /planned_values/root_module/resources/0/values: "
            "`azurerm_network_security_perimeter_profile.p` is left out: what it belongs to is "
            "known only after an apply\n");
}

TEST(Terraform, TakesNoReferenceForTheIdOfSomethingElse) {
  // `"${azurerm_virtual_network.v.id}/subnets/x"` refers to the network alone.
  const DocumentSet set = read_terraform(
      plan(created("azurerm_virtual_network.v", R"({"name":"v"})", R"({"id":true})") + "," +
               created("azurerm_private_endpoint.e", R"({"name":"e"})", R"({"subnet_id":true})"),
           R"({"address":"azurerm_private_endpoint.e","expressions":{"subnet_id":{"references":)"
           R"(["azurerm_virtual_network.v.id","azurerm_virtual_network.v"]}}})"));
  EXPECT_EQ(body(set, kStandIn + "Microsoft.Network/privateEndpoints/e"),
            R"({"subnet":"[azurerm_private_endpoint.e.subnet_id]"})");
}

TEST(Terraform, FindsWhatPlannedValuesLeaveOut) {
  const DocumentSet set = read_terraform(
      R"({"planned_values":{"root_module":{"resources":[{"address":"azurerm_search_service.s",)"
      R"("type":"azurerm_search_service","values":{"name":"s"}},)"
      R"({"address":"azurerm_search_shared_private_link_service.l","type":)"
      R"("azurerm_search_shared_private_link_service","values":{"name":"l"}}]}},"configuration":)"
      R"({"root_module":{"resources":[{"address":"azurerm_search_shared_private_link_service.l",)"
      R"("expressions":{"search_service_id":{"references":["azurerm_search_service.s.id",)"
      R"("azurerm_search_service.s"]},"target_resource_id":{"references":["local.x"]}}}]}}})");
  EXPECT_EQ(body(set, kStandIn + "Microsoft.Search/searchServices/s/sharedPrivateLinkResources/l"),
            R"({"privateLinkResourceId":)"
            R"("[azurerm_search_shared_private_link_service.l.target_resource_id]"})");
}

TEST(Terraform, PutsWhatHasNoIdWhereTheCommandLineSays) {
  ReadOptions options;
  options.facts.subscription = "22222222-2222-4222-8222-222222222222";
  options.facts.resource_group = "here";
  options.facts.stand_in_subscription = false;
  options.facts.stand_in_resource_group = false;
  const DocumentSet set = read_terraform(
      plan(created("azurerm_key_vault.k", R"({"name":"k"})", R"({"id":true})"), ""), options);
  ASSERT_EQ(set.resources.size(), 1U);
  EXPECT_EQ(set.resources[0].id.text(),
            "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/here/providers/"
            "Microsoft.KeyVault/vaults/k");
  EXPECT_EQ(set.resources[0].pointer, "/resource_changes/0/change/after");
  EXPECT_EQ(said(set), "");
}

// The value that a pointer leads to (RFC 6901).
const Node* follow(const Node& root, std::string_view pointer) {
  const Node* node = &root;
  while (node != nullptr && !pointer.empty()) {
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view name = pointer.substr(1, end - 1);
    if (node->is_array()) {
      const auto index = static_cast<std::size_t>(std::stoul(std::string(name)));
      node = index < node->items.size() ? &node->items[index] : nullptr;
    } else {
      node = node->find(name);
    }
    pointer.remove_prefix(end);
  }
  return node;
}

// Each value of a document that is not where its pointer says.
void check_pointers(const Node& root, const Node& node, const std::string& pointer,
                    std::string& wrong) {
  const Node* there = follow(root, pointer);
  if (there == nullptr || there->line != node.line || there->column != node.column) {
    wrong += fmt::format("{}:{} {}\n", node.line, node.column, pointer);
  }
  for (const Member& member : node.members) {
    check_pointers(root, member.value, pointer_of(pointer, member), wrong);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    check_pointers(root, node.items[i], pointer_of(pointer, node.items[i], i), wrong);
  }
}

std::string wrong_pointers(const Node& root, const DocumentSet& set) {
  std::string wrong;
  for (const ResourceDocument& document : set.resources) {
    check_pointers(root, document.body, document.pointer, wrong);
  }
  return wrong;
}

TEST(Terraform, PointsToThePlansOwnValues) {
  for (const std::string_view name :
       {"plan.json", "state.json", "azapi.json", "endpoints.json", "surroundings.json"}) {
    const fs::path path = fs::path(NSPSIM_SOURCE_DIR) / "fixtures/environments/terraform" / name;
    const auto root = parse_json(*read_file(path), "f.json");
    ASSERT_TRUE(root.has_value());
    for (const PlanSide side : {PlanSide::After, PlanSide::Before}) {
      ReadOptions options;
      options.plan_side = side;
      EXPECT_EQ(wrong_pointers(*root, read_documents(*root, options)), "") << name;
    }
  }
}

TEST(Terraform, ReadsOneOfSeveralPlansOfATest) {
  const std::string one =
      R"({"resource_changes":[{"address":"azurerm_key_vault.k","type":"azurerm_key_vault",)"
      R"("change":{"actions":["create"],"after":{}}}]})";
  const DocumentSet set = read_terraform(R"({"mock":{"a":)" + one + R"(,"b":)" + one + "}}");
  EXPECT_EQ(names(set), "azurerm-key-vault.k");
  ASSERT_EQ(set.diagnostics.size(), 3U);
  EXPECT_EQ(set.diagnostics[0].message, "2 plans of a test in one file: only `a` is read");
  EXPECT_EQ(set.diagnostics[2].message,
            "the name of `azurerm_key_vault.k` is known only after an apply: it goes by "
            "`azurerm-key-vault.k`");
}

}  // namespace
}  // namespace nsp

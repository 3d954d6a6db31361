// What surrounds the network: identities, diagnostic settings, role assignments, protocols.
#include <gtest/gtest.h>

#include "sim/model/roles.h"
#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

const std::string kLent = kGroup + "Microsoft.ManagedIdentity/userAssignedIdentities/id";
const std::string kBlobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const std::string kPrincipal = "22222222-2222-4222-8222-222222222222";

std::string setting(const std::string& scope, const std::string& properties) {
  return object(scope + "/providers/microsoft.insights/diagnosticSettings/d", with(properties));
}

std::string role(const std::string& scope, const std::string& properties) {
  return object(scope + "/providers/Microsoft.Authorization/roleAssignments/r", with(properties));
}

// `of principal client` of each identity, ids by their names.
std::string identities(const Resource& resource) {
  std::string out;
  for (const ManagedIdentity& identity : resource.identities) {
    out += fmt::format("{} {} {};", identity.of.name(), identity.principal, identity.client);
  }
  return out;
}

TEST(Identities, AreTheResourcesOwnAndThoseItWasLent) {
  const std::string lent = fmt::format(
      R"(,"userAssignedIdentities":{{"{}":{{"principalId":"p2","clientId":"c2"}}}})", kLent);
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"(,"identity":{"type":"SystemAssigned","principalId":"p1"})", "se p1 ;"},
      {R"(,"identity":{"type":"SystemAssigned"})", "se  ;"},
      {R"(,"identity":{"type":"SystemAssigned","principalId":"[variables('p')]"})", "se  ;"},
      {R"(,"identity":{"type":"UserAssigned")" + lent + "}", "id p2 c2;"},
      {R"(,"identity":{"type":"SystemAssigned,UserAssigned","principalId":"p1")" + lent + "}",
       "se p1 ;id p2 c2;"},
      {R"(,"identity":{"type":"None"})", ""},
      {"", ""}};
  for (const auto& [more, expected] : rows) {
    const BuildResult built = build({object(kSearch + "se", more)});
    EXPECT_EQ(told(built), "") << more;
    EXPECT_EQ(identities(built.environment.resources.at(0)), expected) << more;
  }
}

TEST(Identities, OfProjectsAndOfUserAssignedOnesStandInDocumentsOfTheirOwn) {
  const BuildResult built =
      build({object(kAccount + "ai", fmt::format(R"(,"identity":{{"type":"UserAssigned",)"
                                                 R"("userAssignedIdentities":{{"{}":{{}}}}}})",
                                                 kLent)),
             object(kAccount + "ai/projects/chat",
                    R"(,"identity":{"type":"SystemAssigned","principalId":"p3"})"),
             object(kLent, with(R"("principalId":"p2","clientId":"c2")")),
             object(kGroup + "Microsoft.ManagedIdentity/userAssignedIdentities/nobodys",
                    with(R"("principalId":"p4")"))});
  EXPECT_EQ(told(built), "");
  EXPECT_EQ(identities(built.environment.resources.at(0)), "id p2 c2;chat p3 ;");
  EXPECT_EQ(built.environment.ignored.at("Microsoft.ManagedIdentity/userAssignedIdentities"), 1U);
}

TEST(DiagnosticSettings, AddToTheCategoriesOfTheirPerimeter) {
  auto documents = base();
  documents.push_back(object(kPerimeter + "nsp/loggingConfigurations/instance",
                             with(R"("enabledLogCategories":["One"])")));
  documents.push_back(
      setting(kPerimeter + "nsp", R"("workspaceId":")" + kGroup +
                                      R"(Microsoft.OperationalInsights/workspaces/w","logs":[
{"category":"one","enabled":true},{"category":"Two","enabled":true},{"category":"Three","enabled":false},
{"categoryGroup":"allLogs","enabled":true,"category":null}])"));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built), "");
  const Perimeter& perimeter = built.environment.perimeters.at(0);
  EXPECT_EQ(perimeter.configured_log_categories, std::vector<std::string>{"One"});
  EXPECT_EQ(perimeter.enabled_log_categories, (std::vector<std::string>{"One", "Two", "allLogs"}));
  const DiagnosticSetting& one = built.environment.diagnostic_settings.at(0);
  EXPECT_EQ(one.scope, perimeter.id);
  EXPECT_EQ(one.workspace.name(), "w");
  EXPECT_EQ(one.logs.size(), 4U);
  EXPECT_TRUE(one.logs[3].is_group);
  EXPECT_FALSE(one.logs[2].enabled);
}

TEST(DiagnosticSettings, AreReadAsAzPrintsThemAndOfAnyResource) {
  const std::string blobs = kStorage + "st/blobServices/default";
  const BuildResult built = build(
      {object(blobs + "/providers/microsoft.insights/diagnosticSettings/flat",
              fmt::format(R"(,"resourceGroup":"g","storageAccountId":"{}st","eventHubName":null,)"
                          R"("logs":[{{"categoryGroup":"audit","enabled":true}}],"metrics":[])",
                          kStorage))});
  EXPECT_EQ(told(built), "");
  const DiagnosticSetting& one = built.environment.diagnostic_settings.at(0);
  EXPECT_EQ(one.scope.text(), blobs);
  EXPECT_EQ(one.storage_account.name(), "st");
  EXPECT_EQ(one.logs.at(0).category, "audit");
  EXPECT_TRUE(built.environment.ignored.empty());
}

TEST(DiagnosticSettings, LeaveOpenWhatADeploymentTells) {
  auto documents = base();
  documents.push_back(
      setting(kPerimeter + "nsp",
              R"("workspaceId":"[parameters('w')]","logs":[{"category":"One","enabled":"[if(x)]"},
{"category":"Two","enabled":true}])"));
  documents.push_back(object(kPerimeter + "nsp/providers/microsoft.insights/diagnosticSettings/e",
                             with(R"("logs":1)")));
  documents.push_back(object(kPerimeter + "nsp/providers/microsoft.insights/diagnosticSettings/f",
                             with(R"("workspaceId":"w")")));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built),
            "warning 4 /resources/2/properties/logs/0/enabled: `[if(x)]` is known only to a "
            "deployment: left open\n"
            "error 6 /resources/3/properties/logs: expected an array, found a number\n"
            "warning 7 /resources/4/properties/workspaceId: `w` is not a resource id, expected "
            "`/subscriptions/…/providers/…`\n");
  const DiagnosticSetting& one = built.environment.diagnostic_settings.at(0);
  EXPECT_EQ(find_unresolved(one.unresolved, "workspaceId")->expression, "[parameters('w')]");
  EXPECT_EQ(find_unresolved(one.unresolved, "logs")->expression, "[if(x)]");
  EXPECT_EQ(built.environment.perimeters.at(0).enabled_log_categories,
            std::vector<std::string>{"Two"});
}

TEST(RoleAssignments, AreReadFromRestAndFromAz) {
  const std::string definition =
      "/subscriptions/11111111-1111-1111-1111-111111111111/providers/"
      "Microsoft.Authorization/roleDefinitions/" +
      kBlobReader;
  const std::string members = fmt::format(
      R"("roleDefinitionId":"{}","principalId":"{}","principalType":"ServicePrincipal")",
      definition, kPrincipal);
  const std::string group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g";
  const BuildResult built =
      build({role(kStorage + "st", members + R"(,"scope":")" + kStorage + "st\""),
             object(group + "/providers/Microsoft.Authorization/roleAssignments/az",
                    "," + members +
                        fmt::format(R"(,"scope":"{}","condition":null,"principalName":"x",)"
                                    R"("roleDefinitionName":"Storage Blob Data Reader")",
                                    group))});
  EXPECT_EQ(told(built), "");
  EXPECT_TRUE(built.environment.ignored.empty());
  const auto& all = built.environment.role_assignments;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].scope.text(), kStorage + "st");
  EXPECT_EQ(all[1].scope.text(), group);
  EXPECT_EQ(all[1].role_name, "Storage Blob Data Reader");
  for (const RoleAssignment& one : all) {
    EXPECT_EQ(to_string(one.role.value()), kBlobReader);
    EXPECT_EQ(one.principal, kPrincipal);
    EXPECT_EQ(one.principal_type, "ServicePrincipal");
  }
}

TEST(RoleAssignments, ByNameAloneAreThoseOfTheBuiltInRole) {
  const BuildResult built =
      build({role(kStorage + "st", R"("roleDefinitionName":"storage blob data reader")"),
             object(kStorage + "st/providers/Microsoft.Authorization/roleAssignments/s",
                    with(R"("roleDefinitionName":"Our Own")"))});
  EXPECT_EQ(to_string(built.environment.role_assignments.at(0).role.value()), kBlobReader);
  EXPECT_FALSE(built.environment.role_assignments.at(1).role);
}

TEST(RoleAssignments, ReachWhatTheirScopeContainsAndWhatContainsIt) {
  const ResourceId storage = ResourceId::parse(kStorage + "st").value();
  const std::string subscription = "/subscriptions/11111111-1111-1111-1111-111111111111";
  const std::vector<std::pair<std::string, bool>> rows{
      {kStorage + "st", true},
      {kStorage + "ST/blobServices/default/containers/c", true},
      {subscription + "/resourcegroups/G", true},
      {subscription, true},
      {"", true},
      {"/providers/Microsoft.Management/managementGroups/all", true},
      {kStorage + "s", false},
      {kStorage + "st2", false},
      {subscription + "/resourceGroups/other", false}};
  for (const auto& [scope, expected] : rows) {
    const BuildResult built = build({role(scope, R"("principalId":"p")")});
    EXPECT_EQ(told(built), "") << scope;
    EXPECT_EQ(reaches(built.environment.role_assignments.at(0), storage), expected) << scope;
  }
}

TEST(RoleAssignments, NameTheIdentityByItsGuidOrByAnExpression) {
  const std::string own = R"(,"identity":{"type":"SystemAssigned, UserAssigned","principalId":")" +
                          kPrincipal + R"(","userAssignedIdentities":{")" + kLent + R"(":{}}})";
  const std::vector<std::pair<std::string, bool>> rows{
      {kPrincipal, true},
      {"33333333-3333-4333-8333-333333333333", false},
      {"[reference('" + kSearch + "SE').identity.principalId]", true},
      {"[reference('" + kLent + "').principalId]", true},
      {"[reference('" + kSearch + "other').identity.principalId]", false},
      {"[reference('" + kSearch + "se').identity.tenantId]", false},
      {"[reference(variables('se')).identity.principalId]", false},
      {"[parameters('principal')]", false}};
  for (const auto& [principal, expected] : rows) {
    const BuildResult built =
        build({object(kSearch + "se", own),
               role(kStorage + "st", fmt::format(R"("principalId":"{}")", principal))});
    EXPECT_EQ(told(built), "") << principal;
    const RoleAssignment& one = built.environment.role_assignments.at(0);
    EXPECT_EQ(acts_as(built.environment.resources.at(0), one), expected) << principal;
    EXPECT_EQ(find_unresolved(one.unresolved, "principalId") != nullptr, principal.starts_with('['))
        << principal;
  }
}

TEST(PrincipalExpression, IsReadAsItIsWritten) {
  EXPECT_EQ(principal_expression(ResourceId::parse(kLent).value()),
            "[reference('" + kLent + "').principalId]");
  EXPECT_EQ(principal_expression(ResourceId::parse(kSearch + "se").value()),
            "[reference('" + kSearch + "se').identity.principalId]");
}

TEST(Roles, AreFoundByTheirGuidAndByName) {
  const BuiltInRole* reader = find_role(Guid::parse(kBlobReader).value());
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->name, "Storage Blob Data Reader");
  EXPECT_TRUE(reader->grants_access(DataAccess::ReadBlobs));
  EXPECT_FALSE(reader->grants_access(DataAccess::WriteBlobs));
  EXPECT_EQ(find_role("STORAGE BLOB DATA READER"), reader);
  EXPECT_EQ(find_role("Our Own"), nullptr);
  EXPECT_EQ(find_role(Guid{}), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(built_in_roles(), {}, &BuiltInRole::name));
  for (const BuiltInRole& role : built_in_roles()) {
    EXPECT_EQ(find_role(role.id), &role) << role.name;
    EXPECT_NE(role.id, Guid{}) << role.name;
  }
}

TEST(Protocols, AreReadFromTheAccountAndItsShares) {
  const BuildResult built = build(
      {object(kStorage + "st",
              with(R"("isSftpEnabled":true,"isNfsV3Enabled":false,"isHnsEnabled":true,
"supportsHttpsTrafficOnly":false,"azureFilesIdentityBasedAuthentication":{"directoryServiceOptions":"AD",
"activeDirectoryProperties":{"domainName":"x"}})")),
       object(kStorage + "st/fileServices/default/shares/one", with(R"("enabledProtocols":"NFS")")),
       object(kStorage + "st/fileServices/default/shares/two"),
       object(kStorage + "gone/fileServices/default/shares/three"),
       object(kStorage + "az", R"(,"enableNfsV3":true,"isSftpEnabled":null)")});
  EXPECT_EQ(told(built), "");
  const StorageProtocols& st = built.environment.resources.at(0).protocols;
  EXPECT_EQ(st.sftp, true);
  EXPECT_EQ(st.nfs, false);
  EXPECT_EQ(st.is_hierarchical, true);
  EXPECT_EQ(st.https_only, false);
  EXPECT_EQ(st.files_directory, "AD");
  ASSERT_EQ(st.shares.size(), 2U);
  EXPECT_EQ(st.shares[0].protocols, "NFS");
  EXPECT_EQ(st.shares[1].protocols, "");
  EXPECT_EQ(built.environment.resources.at(1).protocols.nfs, true);
  EXPECT_EQ(built.environment.resources.at(1).protocols.sftp, std::nullopt);
  EXPECT_EQ(built.environment.ignored,
            (std::map<std::string, std::size_t>{
                {"Microsoft.Storage/storageAccounts "
                 "azureFilesIdentityBasedAuthentication.activeDirectoryProperties",
                 1},
                {"Microsoft.Storage/storageAccounts/fileServices/shares", 1}}));
}

}  // namespace
}  // namespace nsp

// Role assignments of templates: whose identity it is, and what is left open where only a
// deployment knows.
#include <gtest/gtest.h>

#include <string>

#include "sim/document/resource_document.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

const std::string kRolesGroup =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/template/providers/";

// `scope: principalId` of each role assignment of a template with these members, the group left
// out.
std::string principals(const std::string& members) {
  const std::string text = R"({"$schema":"https://x/deploymentTemplate.json#",)" + members + "}";
  std::string out;
  for (const ResourceDocument& document : read_documents(text, "t.json").resources) {
    if (document.type != types::kRoleAssignment) continue;
    const std::string& id = document.id.text();
    const std::string scope = id.substr(0, id.rfind("/providers/"));
    const Node* principal = document.body.at({"properties", "principalId"});
    out += scope.size() < kRolesGroup.size() ? "group" : scope.substr(kRolesGroup.size());
    out += ": " + to_json(*principal) + "\n";
  }
  return out;
}

std::string assignment(const std::string& principal, const std::string& more = "") {
  return R"({"type":"Microsoft.Authorization/roleAssignments","name":"r",)"
         R"("scope":"[resourceId('Microsoft.Storage/storageAccounts','st')]",)" +
         more + R"("properties":{"principalId":")" + principal + R"("}})";
}

constexpr std::string_view kSearch = "Microsoft.Search/searchServices/se";

TEST(TemplateRoles, NameTheIdentityByTheResourcesId) {
  const std::string own = "Microsoft.Storage/storageAccounts/st: \"[reference('" + kRolesGroup +
                          std::string(kSearch) + "').identity.principalId]\"\n";
  const std::string parameter = R"("parameters":{"se":{"type":"string","defaultValue":"se"}},)";
  for (const std::string expression :
       {"[reference(resourceId('Microsoft.Search/searchServices', parameters('se')), '1', "
        "'Full').identity.principalId]",
        "[reference(resourceId('Microsoft.Search/searchServices', 'se'), '1', "
        "'full').Identity.PrincipalId]"}) {
    EXPECT_EQ(principals(parameter + R"("resources":[)" + assignment(expression) + "]"), own)
        << expression;
  }
  EXPECT_EQ(principals(R"("languageVersion":"2.0","resources":{
"s":{"type":"Microsoft.Search/searchServices","name":"se"},
"r":)" + assignment("[reference('s', '1', 'full').identity.principalId]") +
                       "}"),
            own);
  EXPECT_EQ(principals(R"("resources":[)" +
                       assignment("[reference(resourceId('Microsoft.ManagedIdentity/"
                                  "userAssignedIdentities', 'id'), '1').principalId]") +
                       "]"),
            "Microsoft.Storage/storageAccounts/st: \"[reference('" + kRolesGroup +
                "Microsoft.ManagedIdentity/userAssignedIdentities/id').principalId]\"\n");
}

TEST(TemplateRoles, CarryTheIdentityOutOfNestedDeployments) {
  EXPECT_EQ(principals(R"("resources":[
{"type":"Microsoft.Resources/deployments","name":"a","properties":{"expressionEvaluationOptions":{"scope":"inner"},
 "template":{"resources":[],"outputs":{"id":{"type":"string",
  "value":"[reference(resourceId('Microsoft.Search/searchServices','se'),'1','full').identity.principalId]"}}}}},
{"type":"Microsoft.Resources/deployments","name":"b","properties":{"expressionEvaluationOptions":{"scope":"inner"},
 "parameters":{"id":{"value":"[reference('a').outputs.id.value]"}},
 "template":{"parameters":{"id":{"type":"string"}},"resources":[)" +
                       assignment("[parameters('id')]") + "]}}}]"),
            "Microsoft.Storage/storageAccounts/st: \"[reference('" + kRolesGroup +
                std::string(kSearch) + "').identity.principalId]\"\n");
}

TEST(TemplateRoles, KeepTheirExpressionWhereItNamesNoResource) {
  for (const std::string expression :
       {"[reference('a b').identity.principalId]", "[reference(parameters('p')).principalId]",
        "[createObject('a', reference('/x/y')).a.principalId]", "[parameters('p')]"}) {
    EXPECT_EQ(principals(R"("parameters":{"p":{"type":"string"}},"resources":[)" +
                         assignment(expression) + "]"),
              "Microsoft.Storage/storageAccounts/st: \"" + expression + "\"\n")
        << expression;
  }
}

// Who has no role can be told only where no assignment is missing.
TEST(TemplateRoles, StandOpenWhereTheyWouldBeLeftOut) {
  const std::string parameters = R"("parameters":{"p":{"type":"string"},"n":{"type":"int"}},)";
  const std::string open = R"("condition":"[equals(parameters('p'), 'x')]",)";
  EXPECT_EQ(principals(parameters + R"("resources":[)" + assignment("p", open) + "]"),
            "group: \"[equals(parameters('p'), 'x')]\"\n");
  EXPECT_EQ(
      principals(parameters + R"("resources":[)" +
                 assignment("p", R"("copy":{"name":"c","count":"[parameters('n')]"},)") + "]"),
      "group: \"[parameters('n')]\"\n");
  EXPECT_EQ(principals(parameters + R"("resources":[{"type":"Microsoft.Resources/deployments",)" +
                       open + R"("name":"d","properties":{"template":{"resources":[)" +
                       assignment("p") + "]}}}]"),
            "group: \"[equals(parameters('p'), 'x')]\"\n");
  EXPECT_EQ(principals(parameters + R"("resources":[{"type":"Microsoft.Resources/deployments",)" +
                       open + R"("name":"d","properties":{"template":{"resources":[]}}}])"),
            "");
}

TEST(TemplateRoles, NeedNoName) {
  const std::string text = R"({"$schema":"https://x/deploymentTemplate.json#",
"parameters":{"p":{"type":"string"}},"resources":[
{"type":"Microsoft.Authorization/roleAssignments","name":"[guid(parameters('p'))]",
 "copy":{"name":"c","count":2},"properties":{"principalId":"p"}}]})";
  const DocumentSet set = read_documents(text, "t.json");
  ASSERT_EQ(set.resources.size(), 2U);
  EXPECT_NE(set.resources[0].id, set.resources[1].id);
  EXPECT_TRUE(set.ignored.empty());
  const DocumentSet again = read_documents(text, "t.json");
  EXPECT_EQ(set.resources[0].id, again.resources[0].id);
}

}  // namespace
}  // namespace nsp

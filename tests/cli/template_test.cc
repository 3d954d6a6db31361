// Templates on the command line: parameters, where a deployment goes, and what is said of mistakes.
#include <gmock/gmock.h>

#include <string>

#include "tests/cli/program.h"

namespace nsp::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kTemplate = R"({
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {
    "name": {"type": "string"},
    "office": {"type": "array", "defaultValue": ["203.0.113.0/24"]},
    "mode": {"type": "string", "defaultValue": "Enforced", "allowedValues": ["Learning", "Enforced"]}
  },
  "resources": [
    {"type": "Microsoft.Storage/storageAccounts", "name": "[concat('st', parameters('name'))]",
     "location": "[resourceGroup().location]", "properties": {"publicNetworkAccess": "Enabled"}},
    {"type": "Microsoft.Network/networkSecurityPerimeters", "name": "nsp", "properties": {}},
    {"type": "Microsoft.Network/networkSecurityPerimeters/profiles", "name": "nsp/p", "properties": {}},
    {"type": "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules", "name": "nsp/p/office",
     "properties": {"direction": "Inbound", "addressPrefixes": "[parameters('office')]"}},
    {"type": "Microsoft.Network/networkSecurityPerimeters/resourceAssociations", "name": "nsp/st",
     "properties": {"accessMode": "[parameters('mode')]",
      "privateLinkResource": {"id": "[resourceId('Microsoft.Storage/storageAccounts', concat('st', parameters('name')))]"},
      "profile": {"id": "[resourceId('Microsoft.Network/networkSecurityPerimeters/profiles', 'nsp', 'p')]"}}}
  ]
})";

constexpr std::string_view kParameters = R"({
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "parameters": {
    "name": {"value": "file"}, // by hand
    "office": {"value": ["198.51.100.0/24"]}
  }
})";

class Templates : public ProgramTest {
 protected:
  Templates() {
    write("main.json", kTemplate);
    write("main.parameters.json", kParameters);
  }
};

std::string template_fixture(std::string_view name) {
  return std::string(NSPSIM_SOURCE_DIR "/fixtures/environments/templates/") + std::string(name);
}

TEST_F(Templates, TakeParametersFromTheCommandLineAndFromFiles) {
  const Ran text = run({"import", "main.json", "--parameter", "name=text"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("sttext    Storage  Enabled              nsp/p    Enforced  no"));
  const Ran file = run({"import", "main.json", "--parameters", "main.parameters.json"});
  EXPECT_THAT(file.out, HasSubstr("office  198.51.100.0/24"));
  EXPECT_THAT(file.out, HasSubstr("stfile"));
  const Ran both = run({"import", "main.json", "--parameter", R"(office=["192.0.2.0/28"])",
                        "--parameters", "main.parameters.json", "--parameter", "mode=Learning"});
  EXPECT_THAT(both.out, HasSubstr("office  192.0.2.0/28"));
  EXPECT_THAT(both.out, HasSubstr("stfile    Storage  Enabled              nsp/p    Learning  no"));
}

TEST_F(Templates, GoWhereTheCommandLineSays) {
  const Ran ran = run({"import", "main.json", "--parameter", "name=x", "--subscription",
                       "11111111-1111-1111-1111-111111111111", "--resource-group", "rg-prod",
                       "--location", "westeurope", "--format", "json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out,
              HasSubstr("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/"
                        "rg-prod/providers/Microsoft.Storage/storageAccounts/stx"));
  EXPECT_THAT(ran.out, HasSubstr("westeurope"));
  const Ran text = run({"import", "main.json", "--parameter", "name=x", "--subscription",
                        "11111111-1111-1111-1111-111111111111", "--resource-group", "rg-prod"});
  EXPECT_THAT(text.out, Not(HasSubstr("stand-in")));
  const Ran half = run({"import", "main.json", "--parameter", "name=x", "--resource-group", "rg"});
  EXPECT_THAT(half.out,
              HasSubstr("note main.json:1:1: ids are made with a stand-in, subscription "
                        "`00000000-0000-0000-0000-000000000000`: `--subscription` sets it"));
}

TEST_F(Templates, AreJudgedByEveryCommand) {
  const std::vector<std::string> what{"--env", "main.json", "--parameter", "name=x"};
  std::vector<std::string> explain{"explain", "--outside", "laptop", "--address", "203.0.113.7",
                                   "--as",    "user",      "--to",   "stx"};
  explain.insert(explain.end(), what.begin(), what.end());
  explain.insert(explain.end(),
                 {"--template-subscription", "11111111-1111-1111-1111-111111111111"});
  const Ran explained = run(explain);
  EXPECT_EQ(explained.status, 0);
  EXPECT_THAT(explained.out, HasSubstr("allow: inbound rule office"));
  const Ran matrix = run({"matrix", "--env", template_fixture("agents.json")});
  EXPECT_EQ(matrix.status, 0);
  EXPECT_EQ(matrix.err, "");
  EXPECT_THAT(matrix.out, HasSubstr(R"(now
  from \ to       agentsst  agents-search  agents-foundry
  agentsst        -         X              X
  agents-search   .         -              .
  agents-foundry  .         .              -
)"));
}

TEST_F(Templates, OfAModuleGiveTheirRulesAndMembers) {
  const Ran ran = run({"import", template_fixture("module.json"), "--parameters",
                       template_fixture("module.parameters.json")});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr(R"(perimeter nsp-module
  profile data   inbound   office     203.0.113.0/24
  profile data   inbound   pipelines  subscription 11111111-1111-1111-1111-111111111111
  profile data   outbound  partner    www.contoso.com
  profile empty  no rules

resources
  resource    service    publicNetworkAccess  profile           mode      identity
  stmodule    Storage    not known            nsp-module/data   Enforced  not known
  srchmodule  AI Search  not known            nsp-module/empty  Learning  not known
)"));
}

TEST_F(Templates, SayWhatIsMissingAndWhatIsNotUsed) {
  const Ran missing = run({"import", "main.json"});
  EXPECT_EQ(missing.status, 0);
  EXPECT_THAT(missing.out,
              HasSubstr("warning main.json:4:13 /parameters/name: parameter `name` has no value: "
                        "`--parameter name=VALUE` sets it"));
  const Ran unused = run({"import", "main.json", "--parameter", "name=x", "--parameter", "nam=y"});
  EXPECT_THAT(unused.out, HasSubstr("warning --parameter: no template has a parameter `nam`"));
  const Ran folder = run({"import", "."});
  EXPECT_THAT(folder.out,
              HasSubstr("main.parameters.json:1:1: deployment parameters are not applied "
                        "by themselves: `--parameters "));
  const Ran applied = run({"import", ".", "--parameters", "main.parameters.json"});
  EXPECT_THAT(applied.out, Not(HasSubstr("not applied")));
  EXPECT_THAT(applied.out, HasSubstr("stfile"));
}

TEST_F(Templates, ShowMistakesUnderACaret) {
  write("bad.json", R"({"$schema":"x/deploymentTemplate.json#","resources":[
{"type":"Microsoft.Storage/storageAccounts","name":"[concat('st', parameter('name'))]"}]})");
  const Ran ran = run({"import", "bad.json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(
      ran.err,
      R"(error bad.json:2:52 /resources/0/name: unknown function `parameter`, did you mean `parameters`?
  [concat('st', parameter('name'))]
                ^
)");
}

TEST_F(Templates, RefuseOptionsThatSayNothing) {
  EXPECT_THAT(run({"import", "main.json", "--parameter", "name"}).err,
              HasSubstr("`name` is no parameter, expected `name=value`"));
  EXPECT_THAT(run({"import", "main.json", "--subscription", "prod"}).err,
              HasSubstr("`prod` is no subscription id, expected a GUID"));
  EXPECT_THAT(run({"import", "main.json", "--resource-group", "a/b"}).err,
              HasSubstr("`a/b` is no resource group, expected a name"));
  const Ran absent = run({"import", "main.json", "--parameters", "none.json"});
  EXPECT_EQ(absent.status, 3);
  EXPECT_EQ(absent.err, "error none.json: cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace nsp::test

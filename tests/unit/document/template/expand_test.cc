// Templates to resources.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "sim/document/resource_document.h"
#include "tests/unit/document/template/evaluation.h"

namespace nsp {
namespace {

const std::string kExpandGroup =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/template/providers/";

// A template with these members beside its schema.
std::string tmpl(std::string_view members) {
  return fmt::format(R"({{"$schema":"https://x/deploymentTemplate.json#",{}}})", members);
}

// One resource with these members.
std::string account(std::string_view members) {
  return fmt::format(R"({{"type":"Microsoft.Storage/storageAccounts",{}}})", members);
}

GivenParameter given(std::string_view text) { return *parse_parameter(text); }

DocumentSet read_template(std::string_view text, std::vector<GivenParameter> parameters = {}) {
  ReadOptions options;
  options.facts.stand_in_subscription = false;  // its note is tested on its own
  options.facts.stand_in_resource_group = false;
  options.parameters = std::move(parameters);
  return read_documents(text, "t.json", options);
}

// `id properties` of each resource, the group left out, then the diagnostics with their excerpts.
std::string expand_summary(const DocumentSet& set) {
  std::string out;
  for (const ResourceDocument& document : set.resources) {
    const std::string& id = document.id.text();
    const Node* properties = document.body.find("properties");
    out += id.starts_with(kExpandGroup) ? id.substr(kExpandGroup.size()) : id;
    out += properties == nullptr ? "\n" : " " + to_json(*properties) + "\n";
  }
  for (const Diagnostic& diagnostic : set.diagnostics) {
    out += to_string(diagnostic) + "\n";
    if (!diagnostic.excerpt.empty()) out += diagnostic.excerpt + "\n";
  }
  return out;
}

// What one property comes to in a template with these members.
std::string property(std::string_view expression, std::string_view members = R"("x":0)",
                     std::vector<GivenParameter> parameters = {}) {
  const DocumentSet set = read_template(
      tmpl(fmt::format(
          R"({},"resources":[{}])", members,
          account(fmt::format(R"("name":"st","properties":{{"p":"{}"}})", expression)))),
      std::move(parameters));
  std::string out;
  for (const Diagnostic& diagnostic : set.diagnostics) out += diagnostic.message + "; ";
  return out + to_json(*set.resources.at(0).body.at({"properties", "p"}));
}

TEST(Expand, MakesIdsOfTypesAndNames) {
  EXPECT_EQ(
      expand_summary(read_template(tmpl(R"("resources":[
    {"type":"Microsoft.Network/networkSecurityPerimeters/profiles","name":"[format('{0}/{1}','nsp','p')]",
     "resources":[{"type":"accessRules","name":"[concat('ru','le')]"},
      {"type":"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules","name":"nsp/p/other"}]},
    {"type":"Microsoft.Insights/diagnosticSettings","name":"d",
     "scope":"[format('Microsoft.Storage/storageAccounts/{0}', 'st')]"},
    {"type":"Microsoft.Authorization/locks","name":"l","scope":"/subscriptions/s/resourceGroups/g"},
    {"type":"Microsoft.KeyVault/vaults/providers/locks","name":"kv/Microsoft.Authorization/l"}])"))),
      "Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p\n"
      "Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p/accessRules/rule\n"
      "Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p/accessRules/other\n"
      "Microsoft.Storage/storageAccounts/st/providers/Microsoft.Insights/diagnosticSettings/d\n"
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/locks/l\n"
      "Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/locks/l\n");
}

TEST(Expand, KeepsFileLineColumnAndPointer) {
  const DocumentSet set =
      read_template(tmpl(R"("resources":{"inner":{"type":"Microsoft.Resources/deployments",
"name":"i","properties":{"template":{"resources":[
 {"type":"Microsoft.Storage/storageAccounts","name":"st",
  "properties":{"publicNetworkAccess":"[concat('En','abled')]"}}]}}}})"));
  const ResourceDocument& document = set.resources.at(0);
  EXPECT_EQ(document.pointer, "/resources/inner/properties/template/resources/0");
  EXPECT_EQ(to_string(document.body.place(document.pointer)),
            "t.json:3:2 /resources/inner/properties/template/resources/0");
  const Node& value = *document.body.at({"properties", "publicNetworkAccess"});
  EXPECT_EQ(value.text, "Enabled");
  EXPECT_EQ(to_string(value.place()), "t.json:4:39");
}

TEST(Expand, KeepsOnlyTheBodyOfAResource) {
  const DocumentSet set =
      read_template(tmpl(R"("resources":[{"type":"Microsoft.Storage/storageAccounts",
    "name":"[concat('s','t')]","apiVersion":"2023-01-01","location":"[resourceGroup().location]",
    "condition":true,"dependsOn":["x"],"comments":"c"}])"));
  EXPECT_EQ(to_json(set.resources.at(0).body),
            R"({"type":"Microsoft.Storage/storageAccounts","name":"st","apiVersion":"2023-01-01",)"
            R"("location":"eastus","id":")" +
                kExpandGroup + R"(Microsoft.Storage/storageAccounts/st"})");
}

TEST(Expand, TurnsLoopsOfResourcesPropertiesVariablesAndOutputs) {
  EXPECT_EQ(
      expand_summary(read_template(tmpl(R"("variables":{"copy":[{"name":"many","count":3,
      "input":"[concat('v', copyIndex('many', 1))]"}],
     "inside":{"copy":[{"name":"list","count":2,"input":{"i":"[copyIndex('list')]"}}]}},
    "resources":[{"type":"Microsoft.Storage/storageAccounts",
     "copy":{"name":"accounts","count":"[length(createArray('a','b'))]","mode":"serial"},
     "name":"[format('st{0}', copyIndex(1))]",
     "properties":{"many":"[variables('many')[copyIndex()]]","inside":"[variables('inside')]",
      "copy":[{"name":"rules","count":2,
       "input":"[format('{0}.{1}', copyIndex('accounts'), copyIndex('rules'))]"}]}}])"))),
      R"(Microsoft.Storage/storageAccounts/st1 {"many":"v1","inside":{"list":[{"i":0},{"i":1}]},"rules":["0.0","0.1"]}
Microsoft.Storage/storageAccounts/st2 {"many":"v2","inside":{"list":[{"i":0},{"i":1}]},"rules":["1.0","1.1"]}
)");
}

TEST(Expand, BoundsALoopAsResourceManagerDoes) {
  EXPECT_EQ(expand_summary(read_template(
                tmpl(R"("resources":[{"type":"Microsoft.Storage/storageAccounts","name":"x",
"copy":{"name":"c","count":801}}])"))),
            "error t.json:2:28 /resources/0/copy/count: expected a count of 0 to 800, found 801\n");
  EXPECT_EQ(expand_summary(read_template(
                tmpl(R"("resources":[{"type":"Microsoft.Storage/storageAccounts","name":"x",
"copy":{"name":"c","count":0}}])"))),
            "");
}

TEST(Expand, LeavesOutWhatIsNotWanted) {
  EXPECT_EQ(expand_summary(read_template(tmpl(
                R"("parameters":{"on":{"type":"bool","defaultValue":false}},"resources":{
"a":{"type":"Microsoft.Storage/storageAccounts","name":"a","condition":"[parameters('on')]"},
"b":{"type":"Microsoft.Storage/storageAccounts","name":"b","existing":true},
"c":{"type":"Microsoft.Storage/storageAccounts","name":"c","condition":"[not(parameters('on'))]",
 "properties":{"b":"[resourceId('b')]"},"dependsOn":["a","b"]}})"))),
            "Microsoft.Storage/storageAccounts/c {\"b\":\"" + kExpandGroup +
                "Microsoft.Storage/storageAccounts/b\"}\n");
}

TEST(Expand, SaysWhichResourceOnlyADeploymentKnows) {
  EXPECT_EQ(expand_summary(read_template(tmpl(R"("resources":[
{"type":"Microsoft.Storage/storageAccounts","name":"a","condition":"[empty(reference('x').y)]"},
{"type":"Microsoft.Storage/storageAccounts","name":"[reference('x').y]"},
{"type":"Microsoft.Storage/storageAccounts","name":"c","copy":{"name":"c","count":"[length(reference('x').z)]"}},
{"type":"Microsoft.Storage/storageAccounts","name":"d","properties":{"p":["[reference('x').y]","q"]}}])"))),
            R"(Microsoft.Storage/storageAccounts/d {"p":["[reference('x').y]","q"]}
warning t.json:2:68 /resources/0/condition: `[empty(reference('x').y)]` is known only to a deployment: the resource is left out
warning t.json:3:52 /resources/1/name: `[reference('x').y]` is known only to a deployment: the resource is left out
warning t.json:4:83 /resources/2/copy/count: `[length(reference('x').z)]` is known only to a deployment: the resource is left out
)");
}

TEST(Expand, ShowsAMistakeUnderACaret) {
  EXPECT_EQ(expand_summary(read_template(tmpl(R"("variables":{"bad":"[concatt('a')]"},"resources":[
{"type":"Microsoft.Storage/storageAccounts","name":"st","properties":{
 "p":"[variables('bad')]","q":"[variables('baad')]"}}])"))),
            R"(Microsoft.Storage/storageAccounts/st {"p":"[concatt('a')]","q":"[variables('baad')]"}
error t.json:1:68 /variables/bad: unknown function `concatt`, did you mean `concat`?
  [concatt('a')]
   ^
error t.json:3:31 /resources/0/properties/q: no variable `baad`, did you mean `bad`?
  [variables('baad')]
             ^
)");
}

// What the model does not know cannot spoil what it knows.
TEST(Expand, OnlyWarnsOfMistakesInResourcesThatAreNotModelled) {
  EXPECT_EQ(expand_summary(read_template(tmpl(R"("resources":[
{"type":"Microsoft.Authorization/locks","name":"l","properties":{"p":"[nothing()]"}}])"))),
            R"(Microsoft.Authorization/locks/l {"p":"[nothing()]"}
warning t.json:2:70 /resources/0/properties/p: unknown function `nothing`
  [nothing()]
   ^
)");
}

TEST(Parameters, AreGivenDefaultNullOrUnknown) {
  constexpr std::string_view kDeclared =
      R"("parameters":{"a":{"type":"String"},"b":{"type":"array","defaultValue":"[createArray(parameters('c'))]"},
"c":{"type":"int","defaultValue":3},"n":{"$ref":"#/definitions/maybe"},"s":{"type":"secureString"}},
"definitions":{"maybe":{"type":"object","nullable":true}})";
  EXPECT_EQ(property("[parameters('A')]", kDeclared, {given("a=5")}), R"("5")");
  EXPECT_EQ(property("[parameters('a')]", kDeclared),
            R"(parameter `a` has no value: `--parameter a=VALUE` sets it; "[parameters('a')]")");
  EXPECT_EQ(property("[parameters('b')]", kDeclared), "[3]");
  EXPECT_EQ(property("[parameters('b')]", kDeclared, {given("c=4")}), "[4]");
  EXPECT_EQ(property("[parameters('b')]", kDeclared, {given(R"(b=["x"])")}), R"(["x"])");
  EXPECT_EQ(property("[parameters('b')]", kDeclared, {given("b=null")}), "[3]");
  EXPECT_EQ(property("[parameters('b')]", kDeclared, {given("b=x")}),
            R"(parameter `b`: expected an array, found a string; "[parameters('b')]")");
  EXPECT_EQ(property("[coalesce(parameters('n'), 'none')]", kDeclared), R"("none")");
  EXPECT_EQ(property("[parameters('s')]", kDeclared), R"("[parameters('s')]")");
  EXPECT_EQ(property("[parameters('s')]", kDeclared, {given("s=secret")}),
            R"("[parameters('s')]")");
  EXPECT_EQ(property("[parameters('z')]", kDeclared), R"(no parameter `z`; "[parameters('z')]")");
}

TEST(Parameters, LaterOnesWin) {
  EXPECT_EQ(property("[parameters('a')]", R"("parameters":{"a":{"type":"string"}})",
                     {given("a=1"), given("A=2")}),
            R"("2")");
}

TEST(Parameters, AreHeldAgainstTheirAllowedValues) {
  constexpr std::string_view kDeclared =
      R"("parameters":{"m":{"type":"string","allowedValues":["Learning","Enforced"],"defaultValue":"Learning"},
"l":{"type":"array","allowedValues":["a","b"],"defaultValue":[]}})";
  EXPECT_EQ(property("[parameters('m')]", kDeclared, {given("m=Enforced")}), R"("Enforced")");
  EXPECT_EQ(property("[parameters('m')]", kDeclared, {given("m=Off")}),
            "parameter `m`: `Off` is not allowed, expected one of `Learning`, `Enforced`; \"Off\"");
  EXPECT_EQ(property("[parameters('l')]", kDeclared, {given(R"(l=["b"])")}), R"(["b"])");
}

TEST(Parameters, ComeFromFilesWithCommentsAndVaults) {
  const auto file = read_parameters(R"(// by hand
{"parameters":{"name":{"value":"nsp"},
 "key":{"reference":{"keyVault":{"id":"/x"},"secretName":"s"}},}})",
                                    "p.json");
  ASSERT_TRUE(file);
  EXPECT_EQ(property("[parameters('name')]", R"("parameters":{"name":{"type":"string"}})", *file),
            R"("nsp")");
  EXPECT_EQ(property("[parameters('key')]", R"("parameters":{"key":{"type":"string"}})", *file),
            R"("[parameters('key')]")");
  EXPECT_EQ(to_string(read_parameters(R"({"parameters":{"a":{}}})", "p.json").error().front()),
            "error p.json:1:20 /parameters/a: parameter `a` has neither `value` nor `reference`");
  EXPECT_EQ(to_string(read_parameters("[]", "p.json").error().front()),
            "error p.json:1:1: not a deployment parameters file, expected `{\"parameters\":{…}}`");
  EXPECT_EQ(parse_parameter("name").error(), "`name` is no parameter, expected `name=value`");
}

// Documentation writes what a reader must fill in; it is no value.
TEST(Parameters, ThatArePlaceholdersAreNotKnown) {
  EXPECT_EQ(property("[parameters('a')[0].id]", R"("parameters":{"a":{"type":"array"}})",
                     {given(R"(a=[{"id":"<resourceId>"}])")}),
            "parameter `a`: `<resourceId>` is a placeholder, not a value; \"[parameters('a')]\"");
  EXPECT_EQ(
      property("[parameters('a')]", R"("parameters":{"a":{"type":"string"}})", {given("a=<b>c>")}),
      R"("<b>c>")");
}

TEST(Parameters, ThatNoTemplateHasAreNamed) {
  ReadOptions options;
  options.parameters = {given("nsp=a"), given("nspName=b")};
  const DocumentSet set = read_documents(
      tmpl(R"("parameters":{"NSP":{"type":"string"}},"resources":[])"), "t.json", options);
  const Diagnostics unused = unused_parameters(set, options);
  ASSERT_EQ(unused.size(), 1U);
  EXPECT_EQ(to_string(unused.front()),
            "warning --parameter: no template has a parameter `nspName`");
}

TEST(Expand, NamesStandInsOnce) {
  const std::string text = tmpl(R"("resources":[)" + account(R"("name":"a")") + "]");
  DocumentSet all = read_documents(text, "a.json");
  append(all, read_documents(text, "b.json"));
  ASSERT_EQ(all.diagnostics.size(), 1U);
  EXPECT_EQ(to_string(all.diagnostics.front()),
            "note a.json:1:1: ids are made with stand-ins, subscription "
            "`00000000-0000-0000-0000-000000000000` and resource group `template`: "
            "`--subscription` and `--resource-group` set them");
}

TEST(UserFunctions, TakeTheirArgumentsAndNothingElse) {
  constexpr std::string_view kDeclared = R"("functions":[{"namespace":"contoso","members":{
"name":{"parameters":[{"name":"p","type":"string"}],"output":{"type":"string","value":"[concat(toLower(parameters('p')), '-x')]"}},
"twice":{"parameters":[{"name":"p","type":"string"}],"output":{"type":"string","value":"[concat(contoso.name(parameters('p')), contoso.name('B'))]"}},
"loop":{"parameters":[],"output":{"type":"string","value":"[contoso.loop()]"}}}}],
"variables":{"v":1})";
  EXPECT_EQ(property("[contoso.name('A')]", kDeclared), R"("a-x")");
  EXPECT_EQ(property("[CONTOSO.twice('A')]", kDeclared), R"("a-xb-x")");
  EXPECT_EQ(property("[contoso.name()]", kDeclared),
            R"(`contoso.name` takes 1 argument, found 0; "[contoso.name()]")");
  EXPECT_EQ(property("[contoso.none()]", kDeclared),
            R"(unknown function `contoso.none`; "[contoso.none()]")");
  const std::string endless = property("[contoso.loop()]", kDeclared);
  EXPECT_NE(endless.find("the evaluation nests too deep"), std::string::npos);
  EXPECT_LT(endless.size(), 300U);
}

// A nested deployment with these properties beside the template.
std::string nested(std::string_view name, std::string_view members, std::string_view properties) {
  return fmt::format(
      R"({{"type":"Microsoft.Resources/deployments","name":"{}",{}"properties":{{{}}}}})", name,
      members, properties);
}

constexpr std::string_view kInner = R"("expressionEvaluationOptions":{"scope":"inner"},)";

TEST(Nested, InnerScopeHasItsOwnParameters) {
  EXPECT_EQ(
      expand_summary(read_template(tmpl(fmt::format(
          R"("parameters":{{"n":{{"type":"string","defaultValue":"outer"}}}},"resources":[{}])",
          nested(
              "d", "",
              std::string(kInner) +
                  R"("parameters":{"n":{"value":"[concat(parameters('n'), 's')]"}},
 "template":{"parameters":{"n":{"type":"string"},"m":{"type":"string"}},"resources":[)" +
                  account(
                      R"("name":"[parameters('n')]","properties":{"d":"[deployment().name]","m":"[parameters('m')]"})") +
                  "]}"))))),
      "Microsoft.Storage/storageAccounts/outers {\"d\":\"d\",\"m\":\"[parameters('m')]\"}\n"
      "warning t.json:2:54 /resources/0/properties/template/parameters/m: parameter `m` of the "
      "nested deployment has no value\n");
}

TEST(Nested, OuterScopeIsTheDefault) {
  EXPECT_EQ(
      expand_summary(read_template(tmpl(fmt::format(
          R"("parameters":{{"n":{{"type":"string","defaultValue":"outer"}}}},"resources":[{}])",
          nested("[format('d{0}', copyIndex())]",
                 R"("copy":{"name":"l","count":2},"resourceGroup":"other",)",
                 R"("template":{"parameters":{"n":{"type":"string"}},"resources":[)" +
                     account(R"("name":"[format('{0}{1}', parameters('n'), copyIndex('l'))]",
                       "properties":{"g":"[resourceGroup().name]"})") +
                     "]}"))))),
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other/providers/"
      "Microsoft.Storage/storageAccounts/outer0 {\"g\":\"template\"}\n"
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other/providers/"
      "Microsoft.Storage/storageAccounts/outer1 {\"g\":\"template\"}\n");
}

TEST(Nested, GoesToOtherSubscriptionsAndGroups) {
  EXPECT_EQ(
      expand_summary(read_template(tmpl(fmt::format(
          R"("resources":[{},{}])",
          nested("d", R"("subscriptionId":"[concat('s','2')]","resourceGroup":"g2",)",
                 std::string(kInner) + R"("template":{"resources":[)" +
                     account(R"("name":"st","properties":{"id":"[resourceId('A.B/c','d')]"})") +
                     "]}"),
          nested(
              "e", R"("subscriptionId":"s3","location":"eastus",)",
              std::string(kInner) +
                  R"("template":{"$schema":"https://x/subscriptionDeploymentTemplate.json#","resources":[
                     {"type":"Microsoft.Resources/resourceGroups","name":"new"},
                     {"type":"Microsoft.Authorization/locks","name":"l","properties":{"id":"[resourceId('A.B/c','d')]"}}]})"))))),
      "/subscriptions/s2/resourceGroups/g2/providers/Microsoft.Storage/storageAccounts/st "
      "{\"id\":\"/subscriptions/s2/resourceGroups/g2/providers/A.B/c/d\"}\n"
      "/subscriptions/s3/providers/Microsoft.Authorization/locks/l "
      "{\"id\":\"/subscriptions/s3/providers/A.B/c/d\"}\n");
}

// By symbol, by name and by id, also of one turn of a loop; whichever comes first in the file.
TEST(Nested, OutputsReachTheOthers) {
  const std::string outputs =
      std::string(kInner) +
      R"("parameters":{"p":{"value":"one"}},"template":{"parameters":{"p":{"type":"string"}},
"resources":[],"outputs":{"o":{"type":"string","value":"[concat(parameters('p'), '!')]"},
"many":{"type":"array","copy":{"count":2,"input":"[copyIndex()]"}},
"off":{"type":"string","condition":false,"value":"[nothing()]"},
"late":{"type":"string","value":"[reference('x').y]"}}})";
  EXPECT_EQ(
      expand_summary(read_template(tmpl(
          R"("resources":{"st":)" +
          account(R"("name":"st","properties":{"a":"[reference('mod').outputs.o.value]",
"b":"[reference(resourceId('Microsoft.Resources/deployments', 'd'), '2022-09-01').outputs.many.value]",
"c":"[reference('d').outputs.o.value]","d":"[reference('mod').outputs.late.value]",
"e":"[reference('mods[1]').outputs.o.value]","f":"[reference('mod').provisioningState]",
"g":"[contains(reference('mod').outputs, 'off')]"})") +
          R"(,"mod":)" + nested("d", "", outputs) + R"(,"mods":)" +
          nested("[format('m{0}', copyIndex())]", R"("copy":{"name":"mods","count":2},)", outputs) +
          "}"))),
      R"(Microsoft.Storage/storageAccounts/st {"a":"one!","b":[0,1],"c":"one!","d":"[reference('x').y]","e":"one!","f":"[deployment().provisioningState]","g":"[contains(reference('mod').outputs, 'off')]"}
)");
}

TEST(Nested, ThatNeedItselfIsAnError) {
  const auto deployment = [](std::string_view other) {
    return nested(
        other == "a" ? "b" : "a", "",
        fmt::format(R"({}"parameters":{{"p":{{"value":"[reference('{}').outputs.o.value]"}}}},
"template":{{"parameters":{{"p":{{"type":"string"}}}},"resources":[],
"outputs":{{"o":{{"type":"string","value":"[parameters('p')]"}}}}}})",
                    kInner, other));
  };
  EXPECT_EQ(
      expand_summary(
          read_template(tmpl(R"("resources":[)" + deployment("b") + "," + deployment("a") + "]"))),
      "error t.json:3:208 /resources/1/properties/parameters/p/value: deployment `a` needs its "
      "own outputs\n  [reference('a').outputs.o.value]\n   ^\n");
}

TEST(Nested, LinkedTemplatesAreNamed) {
  EXPECT_EQ(expand_summary(read_template(tmpl(R"("resources":[
)" + nested("d", "", R"("templateLink":{"relativePath":"other.json"})") +
                                              "]"))),
            "warning t.json:2:1 /resources/0: the deployment's template is linked, not inside: "
            "build it into one file, or read the linked one beside it\n");
}

TEST(Variables, ThatNeedThemselvesAreAnError) {
  EXPECT_EQ(property("[variables('a')]",
                     R"("variables":{"a":"[variables('b')]","b":"[concat(variables('a'))]"})"),
            "variable `a` needs itself; \"[concat(variables('a'))]\"");
}

// Each doubles the one before: no bomb may take long or much memory.
TEST(Expand, IsBoundedInWhatItMakes) {
  const auto start = std::chrono::steady_clock::now();
  std::string variables = R"("v0":["aaaaaaaaaaaaaaaa"])";
  for (int i = 1; i < 60; ++i) {
    variables +=
        fmt::format(R"(,"v{0}":"[concat(variables('v{1}'), variables('v{1}'))]")", i, i - 1);
  }
  const std::string arrays =
      property("[length(variables('v59'))]", fmt::format(R"("variables":{{{}}})", variables));
  EXPECT_EQ(arrays, "the template takes too many steps; \"[length(variables('v59'))]\"");
  const std::string loops = expand_summary(read_template(tmpl(
      R"("resources":[{"type":"Microsoft.Storage/storageAccounts","name":"st","properties":{"copy":[
{"name":"a","count":800,"input":{"copy":[{"name":"b","count":800,"input":{"copy":[
{"name":"c","count":800,"input":"x"}]}}]}}]}}])")));
  EXPECT_NE(loops.find("the template takes too many steps"), std::string::npos);
  std::string chain = R"("v0":"x")";
  for (int i = 1; i < 2000; ++i) chain += fmt::format(R"(,"v{}":"[variables('v{}')]")", i, i - 1);
  const std::string deep =
      property("[variables('v1999')]", fmt::format(R"("variables":{{{}}})", chain));
  EXPECT_EQ(deep.substr(0, deep.find(';')), "the evaluation nests too deep");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace nsp

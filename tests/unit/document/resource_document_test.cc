#include "sim/document/resource_document.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nsp {
namespace {

const std::string kResourceGroup = "/subscriptions/s/resourceGroups/g/providers/";
const std::string kResourceStorage = kResourceGroup + "Microsoft.Storage/storageAccounts/st";
const std::string kResourcePerimeter =
    kResourceGroup + "Microsoft.Network/networkSecurityPerimeters/nsp";
const std::string kTemplateGroup =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/template/providers/";

const std::string kStandIns =
    "ids are made with stand-ins, subscription `00000000-0000-0000-0000-000000000000` and resource "
    "group `template`: `--subscription` and `--resource-group` set them";

DocumentSet read_resource(std::string_view text) { return read_documents(text, "f.json"); }

// `pointer type name` of each document, then the diagnostics, then what was ignored.
std::string summary(const DocumentSet& set) {
  std::string out;
  for (const auto& document : set.resources) {
    out += fmt::format("{} {} {}\n", document.pointer.empty() ? "." : document.pointer,
                       document.type, document.name);
  }
  for (const auto& diagnostic : set.diagnostics) out += to_string(diagnostic) + "\n";
  for (const auto& [what, count] : set.ignored) out += fmt::format("ignored {} {}\n", count, what);
  return out;
}

TEST(ReadDocuments, TakesEveryWrapperOfRestObjects) {
  const std::string object = R"({"id":")" + kResourceStorage + R"(","properties":{}})";
  const std::string type = " Microsoft.Storage/storageAccounts st\n";
  EXPECT_EQ(summary(read_resource(object)), "." + type);
  EXPECT_EQ(summary(read_resource("[" + object + "]")), "/0" + type);
  EXPECT_EQ(summary(read_resource(R"({"value":[)" + object + R"(],"nextLink":""})")),
            "/value/0" + type);
  EXPECT_EQ(summary(read_resource(R"({"data":[)" + object + R"(],"count":1})")), "/data/0" + type);
  EXPECT_EQ(summary(read_resource(R"({"resources":[)" + object + "]}")), "/resources/0" + type);
  EXPECT_EQ(summary(read_resource(R"([{"value":[)" + object + "]}]")), "/0/value/0" + type);
  EXPECT_EQ(summary(read_resource(R"({"parameters":{},"responses":{"202":{},"200":{"body":)" +
                                  object + R"(},"201":{"body":)" + object + "}}}")),
            "/responses/200/body" + type);
}

// A page of a longer list is not the whole of what there is.
TEST(ReadDocuments, WarnsThatAListGoesOn) {
  EXPECT_EQ(
      summary(read_resource(R"({"value":[],"nextLink":"https://management.example/next"})")),
      "warning f.json:1:24 /nextLink: the list goes on at `nextLink`: what follows there is not "
      "in this file\n");
}

TEST(ReadDocuments, SpellsKnownTypesAndTakesTheIdsWord) {
  const std::string lower_id =
      "/subscriptions/s/resourcegroups/g/providers/microsoft.network/networksecurityperimeters/n/"
      "linkreferences/r";
  EXPECT_EQ(summary(read_resource(R"({"id":")" + lower_id + R"("})")),
            ". Microsoft.Network/networkSecurityPerimeters/linkReferences r\n");
  EXPECT_EQ(summary(read_resource(R"({"id":")" + kResourceStorage +
                                  R"(","type":"Microsoft.Search/searchServices"})")),
            ". Microsoft.Storage/storageAccounts st\n"
            "warning f.json:1:97 /type: `type` is `Microsoft.Search/searchServices` but the id is "
            "that of `Microsoft.Storage/storageAccounts`, which is taken\n");
}

TEST(ReadDocuments, PutsFlattenedOutputBackUnderProperties) {
  const DocumentSet set = read_resource(R"({"accessMode":"Enforced","id":")" + kResourcePerimeter +
                                        R"(/resourceAssociations/a","name":"a","resourceGroup":"g",
      "privateLinkResource":{"id":"x"},"type":"t","properties":null})");
  ASSERT_EQ(set.resources.size(), 1U);
  EXPECT_EQ(to_json(set.resources[0].body),
            R"({"id":")" + kResourcePerimeter +
                R"(/resourceAssociations/a","name":"a","resourceGroup":"g","type":"t",)"
                R"("properties":{"accessMode":"Enforced","privateLinkResource":{"id":"x"}}})");
}

TEST(ReadDocuments, GivesStorageMembersTheirRestNames) {
  const DocumentSet set = read_resource(R"({"id":")" + kResourceStorage + R"(","kind":"StorageV2",
      "networkRuleSet":{"defaultAction":"Deny","ipRules":[{"ipAddressOrRange":"203.0.113.7"}],
        "virtualNetworkRules":[{"virtualNetworkResourceId":"v"}]},"enableHttpsTrafficOnly":true})");
  ASSERT_EQ(set.resources.size(), 1U);
  EXPECT_EQ(to_json(*set.resources[0].body.find("properties")),
            R"({"networkAcls":{"defaultAction":"Deny","ipRules":[{"value":"203.0.113.7"}],)"
            R"("virtualNetworkRules":[{"id":"v"}]},"supportsHttpsTrafficOnly":true})");
}

TEST(ReadDocuments, SaysWhatAPolicyDoesNotDeploy) {
  EXPECT_EQ(summary(read_resource(R"({"properties":{"policyRule":{}}})")),
            "warning f.json:1:29 /properties/policyRule: Azure Policy definition without a "
            "template: it deploys nothing and is ignored\nignored 1 Azure Policy definition\n");
}

TEST(ReadDocuments, SaysHowParametersAreApplied) {
  EXPECT_EQ(summary(read_resource(
                R"({"$schema":"https://x/deploymentParameters.json#","parameters":{}})")),
            "warning f.json:1:1: deployment parameters are not applied by themselves: "
            "`--parameters f.json` applies them to templates\nignored 1 deployment parameters\n");
}

TEST(ReadDocuments, LeavesBodiesWithoutAnIdAside) {
  EXPECT_EQ(
      summary(read_resource(R"({"properties":{"direction":"Inbound","addressPrefixes":[]}})")),
      "warning f.json:1:1: a request body without an `id` is ignored: it looks like an access "
      "rule\nignored 1 request body without an id\n");
  EXPECT_EQ(summary(read_resource(R"({"value":[{"serviceTags":["A"]},{"serviceTags":["B"]}]})")),
            "warning f.json:1:10 /value: 2 of 2 items have no `id` and are ignored\n"
            "ignored 2 list item without an id\n");
  EXPECT_EQ(summary(read_resource(R"({"error":{"code":"NotFound"}})")),
            "warning f.json:1:1: an error response, `NotFound`: it describes no resource\n"
            "ignored 1 error response\n");
}

TEST(ReadDocuments, RefusesWhatIsNoAzureDocument) {
  const std::string expected =
      ": expected a resource, a list of resources, `{\"resources\":[…]}` or an ARM template\n";
  EXPECT_EQ(summary(read_resource("3")),
            "error f.json:1:1: not an Azure document, found a number" + expected);
  EXPECT_EQ(summary(read_resource(R"({"a":1})")),
            "error f.json:1:1: not an Azure document, found an object" + expected);
  EXPECT_EQ(summary(read_resource(R"({"resources":[{"name":"x"},3]})")),
            "error f.json:1:15 /resources/0: a resource has no `id`, expected "
            "`/subscriptions/…/providers/…`\n"
            "error f.json:1:28 /resources/1: expected a resource object, found a number\n");
  EXPECT_EQ(summary(read_resource(R"({"resources":{}})")),
            "error f.json:1:14 /resources: expected an array of resources, found an object\n");
  EXPECT_EQ(summary(read_resource(R"({"id":"foo/bar"})")),
            "error f.json:1:7 /id: `foo/bar` is not a resource id, expected "
            "`/subscriptions/…/providers/…`\n");
  EXPECT_EQ(summary(read_resource(R"([{"id":"a//b"}])")),
            "error f.json:1:8 /0/id: `a//b` is not a resource id, expected "
            "`/subscriptions/…/providers/…`\n");
}

TEST(ReadDocuments, CountsGroupsAndSubscriptions) {
  EXPECT_EQ(summary(read_resource(
                R"([{"id":"/subscriptions/s/resourceGroups/g"},{"id":"/subscriptions/s"}])")),
            "ignored 1 resource group\nignored 1 subscription\n");
}

TEST(ReadDocuments, ReadsTemplatesOfLiterals) {
  const DocumentSet set =
      read_resource(R"({"$schema":"https://x/2019-04-01/deploymentTemplate.json#",
"contentVersion":"1.0.0.0","resources":[
{"type":"Microsoft.Network/networkSecurityPerimeters","name":"nsp","resources":[
 {"type":"profiles","name":"p","resources":[
  {"type":"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules","name":"nsp/p/r"}]}]},
{"type":"Microsoft.Network/networkSecurityPerimeters/links","name":"nsp/l","condition":false},
{"type":"Microsoft.Storage/storageAccounts","name":"st","existing":true}]})");
  EXPECT_EQ(summary(set),
            "/resources/0 Microsoft.Network/networkSecurityPerimeters nsp\n"
            "/resources/0/resources/0 Microsoft.Network/networkSecurityPerimeters/profiles p\n"
            "/resources/0/resources/0/resources/0 "
            "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules r\n"
            "note f.json:1:1: " +
                kStandIns + "\n");
  EXPECT_EQ(
      set.resources[2].id.text(),
      kTemplateGroup + "Microsoft.Network/networkSecurityPerimeters/nsp/profiles/p/accessRules/r");
}

TEST(ReadDocuments, SaysWhenATemplateResourceHasNoType) {
  EXPECT_EQ(
      summary(read_resource(R"({"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1",
"resources":[{"name":"x"}]})")),
      "warning f.json:2:14 /resources/0: a resource without a `type` is ignored\n"
      "ignored 1 resource without a type\n");
}

TEST(ReadDocuments, ReadsSymbolicNamesAndNestedDeployments) {
  EXPECT_EQ(
      summary(read_resource(R"({"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1",
"resources":{"st":{"type":"Microsoft.Storage/storageAccounts","name":"st"},
"inner":{"type":"Microsoft.Resources/deployments","name":"[concat('x')]","properties":{"template":{
 "resources":[{"type":"Microsoft.Search/searchServices","name":"se"}]}}}}})")),
      "/resources/st Microsoft.Storage/storageAccounts st\n"
      "/resources/inner/properties/template/resources/0 Microsoft.Search/searchServices se\n"
      "note f.json:1:1: " +
          kStandIns + "\n");
}

TEST(ReadDocuments, NeverGuessesAnExpression) {
  const DocumentSet set =
      read_resource(R"({"$schema":"https://x/deploymentTemplate.json#","parameters":{
"n":{"type":"string"},"ip":{"type":"string"}},"resources":[
{"type":"Microsoft.Storage/storageAccounts","name":"[parameters('n')]"},
{"type":"Microsoft.Storage/storageAccounts","name":"st","location":"[resourceGroup().location]",
 "properties":{"networkAcls":{"ipRules":[{"value":"[parameters('ip')]"}]}}},
{"type":"Microsoft.Storage/storageAccounts","name":"s2","copy":{"name":"c"},"resources":[{}]},
{"type":"Microsoft.Storage/storageAccounts","name":"s3","location":"[resourceGroup().location]"},
{"type":"Microsoft.Storage/storageAccounts","name":"a/b"},
{"type":"Microsoft.Authorization/locks","name":"[reference('x').y]"}]})");
  EXPECT_EQ(summary(set),
            "/resources/1 Microsoft.Storage/storageAccounts st\n"
            "/resources/3 Microsoft.Storage/storageAccounts s3\n"
            "warning f.json:2:5 /parameters/n: parameter `n` has no value: `--parameter n=VALUE` "
            "sets it\n"
            "warning f.json:3:52 /resources/0/name: `[parameters('n')]` is known only to a "
            "deployment: the resource is left out\n"
            "warning f.json:2:28 /parameters/ip: parameter `ip` has no value: `--parameter "
            "ip=VALUE` sets it\n"
            "error f.json:6:64 /resources/2/copy: the loop has no `count`\n"
            "error f.json:8:1 /resources/4: name `a/b` does not fit type "
            "`Microsoft.Storage/storageAccounts`, expected one name for each segment of the type\n"
            "note f.json:1:1: " +
                kStandIns + "\nignored 2 template expression\n");
  const Node& rule = *set.resources[0].body.at({"properties", "networkAcls", "ipRules"});
  const Node* value = rule.items.at(0).find("value");
  ASSERT_TRUE(value->is_unresolved());
  EXPECT_EQ(value->text, "[parameters('ip')]");
}

TEST(ReadDocuments, ReadsServiceTags) {
  const DocumentSet set = read_resource(R"({"cloud":"Public","values":[
{"name":"Storage.WestUS","properties":{"addressPrefixes":["203.0.113.0/24"]}},{"name":"x"}]})");
  ASSERT_EQ(set.service_tags.size(), 1U);
  EXPECT_EQ(set.service_tags[0].name, "Storage.WestUS");
  EXPECT_EQ(set.service_tags[0].pointer, "/values/0/properties/addressPrefixes");
  EXPECT_EQ(summary(set),
            "error f.json:2:79 /values/1: expected a service tag: `name` and an array "
            "`properties.addressPrefixes`\n");
}

TEST(LoadDocuments, NamesFilesThatAreNotThere) {
  const std::vector<std::filesystem::path> paths{"/nowhere/at/all.json"};
  EXPECT_EQ(summary(load_documents(paths)),
            "error /nowhere/at/all.json: cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace nsp

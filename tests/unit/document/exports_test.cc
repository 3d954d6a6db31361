// Answers of Resource Graph, objects of the Az cmdlets, policy definitions, sources that must be
// built.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sim/document/file.h"
#include "sim/document/resource_document.h"
#include "sim/document/source_files.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kGroup = "/subscriptions/s/resourceGroups/g/providers/";
const std::string kStorage = kGroup + "Microsoft.Storage/storageAccounts/st";
const std::string kPerimeter = kGroup + "Microsoft.Network/networkSecurityPerimeters/nsp";

DocumentSet read(std::string_view text, const ReadOptions& options = {}) {
  return read_documents(text, "f.json", options);
}

std::vector<std::string> told(const DocumentSet& set) {
  std::vector<std::string> out;
  for (const Diagnostic& one : set.diagnostics) out.push_back(to_string(one));
  return out;
}

// `pointer type name properties` of each.
std::vector<std::string> found(const DocumentSet& set) {
  std::vector<std::string> out;
  for (const ResourceDocument& one : set.resources) {
    const Node* properties = one.body.find("properties");
    out.push_back(fmt::format("{} {} {}", one.pointer, one.type,
                              properties == nullptr ? "none" : to_json(*properties)));
  }
  return out;
}

std::string only(const DocumentSet& set) {
  EXPECT_THAT(told(set), IsEmpty());
  const auto all = found(set);
  return all.size() == 1 ? all[0] : fmt::format("{} documents", all.size());
}

const std::string kRow =
    R"({"id":")" + kStorage + R"(","type":"microsoft.storage/storageaccounts",)";
const std::string kType = " Microsoft.Storage/storageAccounts ";

TEST(ResourceGraph, RowsAreResources) {
  const std::string row = kRow + R"("properties":{"publicNetworkAccess":"Enabled"}})";
  const std::string properties = R"({"publicNetworkAccess":"Enabled"})";
  EXPECT_EQ(
      only(read(R"({"count":1,"data":[)" + row + R"(],"skip_token":null,"total_records":1})")),
      "/data/0" + kType + properties);
  // Search-AzGraph, and a query that projects.
  EXPECT_EQ(only(read(R"({"SkipToken":null,"Data":[)" + row + "]}")),
            "/Data/0" + kType + properties);
  EXPECT_EQ(only(read(R"({"data":[)" + kRow + R"("publicNetworkAccess":"Enabled"}]})")),
            "/data/0" + kType + properties);
}

TEST(ResourceGraph, ColumnsOfPropertiesGoBack) {
  EXPECT_EQ(only(read(R"({"data":[)" + kRow +
                      R"("properties_publicNetworkAccess":"Disabled",)"
                      R"("properties_networkAcls_defaultAction":"Deny",)"
                      R"("properties_networkAcls_ipRules":[{"value":"192.0.2.1"}],"properties_":1,)"
                      R"("PROPERTIES_a_":2}]})")),
            "/data/0" + kType +
                R"({"publicNetworkAccess":"Disabled","networkAcls":{"defaultAction":"Deny",)"
                R"("ipRules":[{"value":"192.0.2.1"}]},"a_":2})");
}

TEST(ResourceGraph, TablesAreRows) {
  EXPECT_EQ(only(read(R"({"totalRecords":1,"data":{"columns":[{"name":"id","type":"string"},)"
                      R"({"name":"properties","type":"object"}],"rows":[[")" +
                      kStorage + R"(",{"publicNetworkAccess":"Enabled"}]]}})")),
            "/data/rows/0" + kType + R"({"publicNetworkAccess":"Enabled"})");
}

TEST(ResourceGraph, SaysWhereMoreFollows) {
  EXPECT_THAT(told(read(R"({"data":[],"skip_token":"abc"})")),
              ElementsAre("warning f.json:1:25 /skip_token: the answer goes on at `skip_token`: "
                          "what follows there is not in this file"));
  EXPECT_THAT(told(read(R"({"data":[],"resultTruncated":"true"})")),
              ElementsAre("warning f.json:1:30 /resultTruncated: the answer is cut off: what "
                          "follows is not in this file"));
  EXPECT_THAT(told(read(R"({"data":[],"resultTruncated":"false"})")), IsEmpty());
  EXPECT_THAT(told(read(R"({"data":[{"name":"x"}]})")),
              ElementsAre("warning f.json:1:9 /data: 1 of 1 items have no `id` and are ignored"));
}

std::string cmdlet(const std::string& id, const std::string& more) {
  return R"({"Id":")" + id + R"(","Name":"n","ResourceGroupName":"g","SystemDataCreatedBy":null,)" +
         more + "}";
}

TEST(PowerShell, RulesGetTheirLists) {
  EXPECT_EQ(only(read(cmdlet(
                kPerimeter + "/profiles/p/accessRules/r",
                R"("Direction":"Inbound","AddressPrefix":"192.0.2.0/24","Subscription":{"Id":"x"},)"
                R"("ServiceTag":null,"FullyQualifiedDomainName":[],"NetworkSecurityPerimeter":[],)"
                R"("Type":"Microsoft.Network/networkSecurityPerimeters/profiles/accessRules")"))),
            " Microsoft.Network/networkSecurityPerimeters/profiles/accessRules "
            R"({"Direction":"Inbound","addressPrefixes":["192.0.2.0/24"],)"
            R"("subscriptions":[{"Id":"x"}],"fullyQualifiedDomainNames":[],)"
            R"("networkSecurityPerimeters":[]})");
}

TEST(PowerShell, AssociationsLinksAndLoggingGetTheirMembers) {
  EXPECT_EQ(only(read(cmdlet(kPerimeter + "/resourceAssociations/a",
                             R"("AccessMode":"Learning","PrivateLinkResourceId":"x",)"
                             R"("ProfileId":"y","HasProvisioningIssue":"no")"))),
            " Microsoft.Network/networkSecurityPerimeters/resourceAssociations "
            R"({"AccessMode":"Learning","privateLinkResource":{"id":"x"},"profile":{"id":"y"},)"
            R"("hasProvisioningIssues":"no"})");
  EXPECT_EQ(only(read(cmdlet(kPerimeter + "/links/l", R"("LocalInboundProfile":["*"])"))),
            " Microsoft.Network/networkSecurityPerimeters/links "
            R"({"localInboundProfiles":["*"]})");
  EXPECT_EQ(only(read(cmdlet(kPerimeter + "/loggingConfigurations/instance",
                             R"("EnabledLogCategory":"A","Version":"1")"))),
            " Microsoft.Network/networkSecurityPerimeters/loggingConfigurations "
            R"({"enabledLogCategories":["A"],"Version":"1"})");
}

TEST(PowerShell, ConfigurationsGetTheirParts) {
  EXPECT_EQ(
      only(read("[" +
                cmdlet(kStorage + "/networkSecurityPerimeterConfigurations/c",
                       R"("NetworkSecurityPerimeterGuid":"g","NetworkSecurityPerimeterId":"i",)"
                       R"("NetworkSecurityPerimeterLocation":"l","ProfileAccessRule":[)"
                       R"({"Name":"r","AddressPrefix":["192.0.2.0/24"]},)"
                       R"("{\"name\":\"s\",\"properties\":{\"direction\":\"Inbound\"}}"],)"
                       R"("ProfileAccessRulesVersion":3,"ProfileName":"p","ProvisioningIssue":)"
                       R"({"Name":"i","SuggestedResourceId":"z"},)"
                       R"("ResourceAssociationAccessMode":"Enforced",)"
                       R"("ResourceAssociationName":"a")") +
                "]")),
      "/0 Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations "
      R"({"networkSecurityPerimeter":{"perimeterGuid":"g","id":"i","location":"l"},"profile":)"
      R"({"accessRules":[{"Name":"r","addressPrefixes":["192.0.2.0/24"]},)"
      R"({"name":"s","properties":{"direction":"Inbound"}}],"accessRulesVersion":3,"name":"p"},)"
      R"("provisioningIssues":[{"Name":"i","suggestedResourceIds":["z"]}],)"
      R"("resourceAssociation":{"accessMode":"Enforced","name":"a"}})");
}

TEST(PowerShell, AccountsOfTheOlderCmdletsAreRead) {
  EXPECT_EQ(only(read(cmdlet(
                kStorage, R"("StorageAccountName":"st","Kind":1,"PublicNetworkAccess":"Enabled",)"
                          R"("Context":{"ConnectionString":"AccountKey=x"},"NetworkRuleSet":)"
                          R"({"Bypass":5,"DefaultAction":0,"IpRules":[{"Action":0,)"
                          R"("IPAddressOrRange":"192.0.2.1"}]})"))),
            kType + R"({"PublicNetworkAccess":"Enabled","networkAcls":{"Bypass":"Logging, )"
                    R"(AzureServices","DefaultAction":"[enumeration(0)]","IpRules":[{"Action":)"
                    R"("[enumeration(0)]","value":"192.0.2.1"}]}})");
  const std::string vault = kGroup + "Microsoft.KeyVault/vaults/kv";
  EXPECT_EQ(only(read(R"({"ResourceId":")" + vault +
                      R"(","VaultName":"kv","NetworkAcls":{"DefaultAction":"Deny",)"
                      R"("IpAddressRanges":["192.0.2.0/24"],"VirtualNetworkResourceIds":["v"]}})")),
            R"( Microsoft.KeyVault/vaults {"NetworkAcls":{"DefaultAction":"Deny","ipRules":)"
            R"([{"value":"192.0.2.0/24"}],"virtualNetworkRules":[{"id":"v"}]}})");
}

// What ConvertTo-Json writes below its depth.
TEST(PowerShell, LeavesOpenWhatWasCutOff) {
  const DocumentSet set = read(
      cmdlet(kPerimeter + "/profiles/p/accessRules/r",
             R"("Direction":1,"AddressPrefix":"System.String[]","Subscription":)"
             R"(["@{Id=/subscriptions/x}","System.Collections.Generic.List`1[System.Object]"])"));
  ASSERT_EQ(set.resources.size(), 1U);
  const Node& properties = *set.resources[0].body.find("properties");
  EXPECT_TRUE(properties.find("Direction")->is_unresolved());
  EXPECT_EQ(properties.find("Direction")->text, "[enumeration(1)]");
  EXPECT_TRUE(properties.find("addressPrefixes")->is_unresolved());
  EXPECT_EQ(properties.find("addressPrefixes")->text, "[cutOffByConvertToJson(System.String[])]");
  EXPECT_EQ(properties.find("subscriptions")->items.at(0).text,
            "[cutOffByConvertToJson(@{Id=/subscriptions/x})]");
  EXPECT_EQ(properties.find("subscriptions")->items.at(1).text,
            "[cutOffByConvertToJson(System.Collections.Generic.List'1[System.Object])]");
}

TEST(PowerShell, IsNotWhatRestPrints) {
  EXPECT_EQ(only(read(R"({"id":")" + kStorage + R"(","properties":{"x":"System.Object"}})")),
            kType + R"({"x":"System.Object"})");
}

std::string policy(const std::string& parameters, const std::string& values,
                   const std::string& in_template) {
  return R"({"properties":{"parameters":{)" + parameters +
         R"(},"policyRule":{"if":{},"then":{"effect":"deployIfNotExists","details":{"deployment":)"
         R"({"properties":{"parameters":{)" +
         values +
         R"(},"template":{"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1",)"
         R"("parameters":{"p":{"type":"string"}},"resources":[{"type":)"
         R"("Microsoft.Storage/storageAccounts","name":"st","apiVersion":"1","properties":{"p":)" +
         in_template + "}}]}}}}}}}}";
}

const std::string kPointer =
    "/properties/policyRule/then/details/deployment/properties/template/resources/0";

std::string read_policy_of(const std::string& parameters, const std::string& value,
                           const ReadOptions& options = {}) {
  const DocumentSet set =
      read(policy(parameters, R"("p":{"value":)" + value + "}", R"("[parameters('p')]")"), options);
  const auto all = found(set);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? "" : all[0];
}

TEST(PolicyDefinitions, PassLiteralsDefaultsAndWhatIsGiven) {
  EXPECT_EQ(read_policy_of("", R"("x")"), kPointer + kType + R"({"p":"x"})");
  const std::string with_default = R"("q":{"type":"String","defaultValue":"y"})";
  EXPECT_EQ(read_policy_of(with_default, R"("[ parameters('Q') ]")"),
            kPointer + kType + R"({"p":"y"})");
  ReadOptions options;
  options.parameters.push_back({"q", Node::string("z", Node()), true});
  EXPECT_EQ(read_policy_of(with_default, R"("[parameters('q')]")", options),
            kPointer + kType + R"({"p":"z"})");
  EXPECT_THAT(unused_parameters(read(policy(with_default, "", "1"), options), options), IsEmpty());
}

TEST(PolicyDefinitions, LeaveOpenWhatOnlyThePolicyFinds) {
  EXPECT_EQ(read_policy_of("", R"("[field('id')]")"),
            kPointer + kType + R"({"p":"[field('id')]"})");
  EXPECT_EQ(read_policy_of(R"("q":{"type":"String"})", R"("[parameters('q')]")"),
            kPointer + kType + R"({"p":"[parameters('q')]"})");
  EXPECT_EQ(read_policy_of("", R"("[concat(field('id'),'x')]")"),
            kPointer + kType + R"({"p":"[concat(field('id'),'x')]"})");
}

TEST(PolicyDefinitions, SayThatWhereTheyDeployIsNotKnown) {
  const auto lines = told(read(policy("", R"("p":{"value":"x"})", "1")));
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0],
            "note f.json:1:174 /properties/policyRule/then/details/deployment/properties/template: "
            "the template of an Azure Policy definition is read as if it were deployed once: for "
            "which resources the policy deploys it is not known");
}

TEST(PolicyDefinitions, AreReadAsRulesAndInInitiatives) {
  const std::string whole = policy("", R"("p":{"value":"x"})", R"("[parameters('p')]")");
  const auto begin = whole.find(R"({"if")");
  const std::string rule = whole.substr(begin, whole.size() - begin - 2);
  EXPECT_THAT(found(read(rule)),
              ElementsAre("/then/details/deployment/properties/template/resources/0" + kType +
                          R"({"p":"x"})"));
  const DocumentSet set = read(R"({"properties":{"policyDefinitions":[)" + whole +
                               R"(,{"policyDefinitionId":"/x"}]}})");
  EXPECT_THAT(found(set),
              ElementsAre("/properties/policyDefinitions/0" + kPointer + kType + R"({"p":"x"})"));
  EXPECT_EQ(set.ignored.at("policy that an initiative names by its id"), 1U);
  EXPECT_EQ(told(set).back(),
            "warning f.json:1:36 /properties/policyDefinitions: an initiative that names 1 of its "
            "policies by id: what they deploy stands in their own definitions");
}

class SourceFiles : public ::testing::Test {
 protected:
  SourceFiles() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~SourceFiles() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text = "") {
    fs::create_directories((folder_ / name).parent_path());
    ASSERT_TRUE(write_file(folder_ / name, text));
  }
  [[nodiscard]] std::vector<std::string> load(const std::string& name) const {
    const fs::path path = name.empty() ? folder_ : folder_ / name;
    std::vector<std::string> out;
    for (const std::string& line : told(load_documents(std::span(&path, 1)))) {
      std::string text = line;
      for (auto at = text.find(folder_.string()); at != std::string::npos;
           at = text.find(folder_.string())) {
        text.replace(at, folder_.string().size(), "D");
      }
      out.push_back(text);
    }
    return out;
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("nsp-sources-{}", ::getpid());
};

TEST_F(SourceFiles, NameTheCommandThatBuildsThem) {
  write("main.bicep");
  write("a b.bicepparam");
  write("main.tf");
  EXPECT_THAT(
      load("main.bicep"),
      ElementsAre("error D/main.bicep: must be built before it can be read: `az bicep build "
                  "--file D/main.bicep` (or `bicep build D/main.bicep`) builds the "
                  "template"));
  EXPECT_THAT(load("a b.bicepparam"),
              ElementsAre("error D/a b.bicepparam: must be built before it can be read: `az bicep "
                          "build-params --file 'D/a b.bicepparam'` (or `bicep build-params 'D/a "
                          "b.bicepparam'`) builds the parameter file, for `--parameters`"));
  EXPECT_THAT(
      load("main.tf"),
      ElementsAre("error D/main.tf: must be built before it can be read: `terraform "
                  "-chdir=D plan -out=tfplan`, then `terraform -chdir=D show -json tfplan > "
                  "plan.json`, gives the plan"));
}

TEST_F(SourceFiles, InAFolderAreNotedOnce) {
  write("site.json", R"({"resources":[]})");
  write("a.bicep");
  write("b/c.bicep");
  write("b/d.bicep");
  write("b/d.json", R"({"resources":[]})");
  write("b/main.tf");
  EXPECT_THAT(load(""),
              ElementsAre("note D/a.bicep: Bicep and 1 more like it are not read: `az bicep build "
                          "--file D/a.bicep` (or `bicep build D/a.bicep`) builds the template",
                          "note D/b/main.tf: Terraform's source is not read: `terraform -chdir=D/b "
                          "plan -out=tfplan`, then `terraform -chdir=D/b show -json tfplan > "
                          "plan.json`, gives the plan"));
}

TEST_F(SourceFiles, AloneInAFolderAreAnError) {
  write("a.bicep");
  EXPECT_THAT(load(""), ElementsAre("error D/a.bicep: Bicep is not read: `az bicep build --file "
                                    "D/a.bicep` (or `bicep build D/a.bicep`) builds the template"));
  EXPECT_EQ(load("missing.bicep").at(0),
            "error D/missing.bicep: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace nsp

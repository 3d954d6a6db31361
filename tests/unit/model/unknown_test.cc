// Members that the model does not know: counted with their path, kept at their place.
#include "sim/model/unknown.h"

#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

using Counts = std::map<std::string, std::size_t>;

// `path: text` of everything that is kept, one a line.
std::string kept(const Unknown& unknown, const std::string& path = "") {
  std::string out;
  for (const auto& [name, text] : unknown.members)
    out += fmt::format("{}{}: {}\n", path, name, text);
  for (const UnknownPart& part : unknown.parts) out += kept(part.inside, path + part.name + " ");
  return out;
}

TEST(Unknown, IsFoundByNameWithoutCaseAndByIndex) {
  Unknown unknown;
  unknown.parts.push_back({"ipRules", 3, {{{"comment", "\"vpn\""}}, {}}});
  EXPECT_EQ(kept(unknown.at("IPRULES")), "comment: \"vpn\"\n");
  EXPECT_EQ(kept(unknown.item(3)), "comment: \"vpn\"\n");
  EXPECT_TRUE(unknown.at("other").empty());
  EXPECT_TRUE(unknown.item(0).empty());
  EXPECT_FALSE(unknown.empty());
}

TEST(Unknown, OfTwoDescriptionsIsPutTogether) {
  Unknown one{{{"a", "1"}}, {{"inside", 0, {{{"x", "1"}}, {}}}}};
  add_unknown(one,
              {{{"a", "2"}, {"b", "2"}},
               {{"Inside", 0, {{{"x", "2"}, {"y", "2"}}, {}}}, {"more", 0, {{{"z", "2"}}, {}}}}});
  EXPECT_EQ(kept(one), "a: 1\nb: 2\ninside x: 1\ninside y: 2\nmore z: 2\n");
}

TEST(Unknown, InAFirewallIsCountedByItsPath) {
  const BuildResult built = build({object(
      kStorage + "st",
      R"(,"newEnvelope":1,"sku":{"name":"S"},"identity":{"type":"None","principalId":"p","kin":1})" +
          with(R"("networkAcls":{"defaultAction":"Deny","newThing":{"a":[1]},"ipRules":[
{"value":"203.0.113.1","action":"Allow"},{"value":"203.0.113.2","comment":"vpn"},{"comment":"x","value":"203.0.113.3"}]},
"provisioningState":"Succeeded","nothing":null,"none":[])"))});
  EXPECT_EQ(told(built), "");
  const std::string type = "Microsoft.Storage/storageAccounts ";
  EXPECT_EQ(built.environment.ignored, (Counts{{type + "identity.kin", 1},
                                               {type + "networkAcls.ipRules[].comment", 2},
                                               {type + "networkAcls.newThing", 1},
                                               {type + "newEnvelope", 1}}));
  EXPECT_EQ(kept(built.environment.resources.at(0).unknown),
            "newEnvelope: 1\n"
            "sku: {\"name\":\"S\"}\n"
            "identity kin: 1\n"
            "properties none: []\n"
            "properties provisioningState: \"Succeeded\"\n"
            "properties networkAcls newThing: {\"a\":[1]}\n"
            "properties networkAcls ipRules 203.0.113.1 action: \"Allow\"\n"
            "properties networkAcls ipRules 203.0.113.2 comment: \"vpn\"\n"
            "properties networkAcls ipRules 203.0.113.3 comment: \"x\"\n");
  EXPECT_EQ(built.environment.resources[0].identities.at(0).principal, "p");
}

TEST(Unknown, IsWhatTheServiceDoesNotRead) {
  const BuildResult built = build(
      {object(kSearch + "se", with(R"("networkAcls":{"defaultAction":"Deny"})")),
       object(kAccount + "ai",
              with(R"("customSubDomainName":"x","networkRuleSet":{"ipRules":["203.0.113.1"]})"))});
  EXPECT_EQ(built.environment.ignored,
            (Counts{{"Microsoft.CognitiveServices/accounts networkRuleSet", 1},
                    {"Microsoft.Search/searchServices networkAcls", 1}}));
}

TEST(Unknown, OfFlattenedObjectsStandsUnderProperties) {
  const std::string network = kGroup + "Microsoft.Network/virtualNetworks/v";
  const BuildResult built = build(
      {object(network,
              R"(,"newThing":1,"subnets":[{"name":"a","id":"i","resourceGroup":"g","other":2}])")});
  EXPECT_EQ(told(built), "");
  EXPECT_EQ(built.environment.ignored,
            (Counts{{"Microsoft.Network/virtualNetworks newThing", 1},
                    {"Microsoft.Network/virtualNetworks subnets[].other", 1}}));
  EXPECT_EQ(kept(built.environment.networks.at(0).unknown.at("properties")),
            "newThing: 1\n"
            "subnets a resourceGroup: \"g\"\n"
            "subnets a properties other: 2\n");
  EXPECT_EQ(kept(built.environment.subnets.at(0).unknown.at("properties")), "other: 2\n");
}

TEST(Unknown, OfARuleThatAResourceReportsIsTheRules) {
  const BuildResult built =
      build({object(kStorage + "st"),
             object(kStorage + "st/networkSecurityPerimeterConfigurations/x.a",
                    with(R"("networkSecurityPerimeter":{"id":")" + kPerimeter +
                         R"(nsp","zeta":1},"profile":{"name":"p","eta":2,"accessRules":[{"name":"r",
"properties":{"direction":"Inbound","theta":3}}]},"resourceAssociation":{"name":"a","iota":4},"kappa":5)"))});
  EXPECT_EQ(told(built), "");
  const std::string type =
      "Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations ";
  EXPECT_EQ(built.environment.ignored, (Counts{{type + "kappa", 1},
                                               {type + "networkSecurityPerimeter.zeta", 1},
                                               {type + "profile.accessRules[].theta", 1},
                                               {type + "profile.eta", 1},
                                               {type + "resourceAssociation.iota", 1}}));
  const Perimeter& perimeter = built.environment.perimeters.at(0);
  EXPECT_EQ(kept(perimeter.unknown), "properties zeta: 1\n");
  EXPECT_EQ(kept(perimeter.profiles.at(0).unknown), "properties eta: 2\n");
  EXPECT_EQ(kept(perimeter.profiles.at(0).rules.at(0).unknown), "properties theta: 3\n");
  EXPECT_EQ(kept(built.environment.associations.at(0).unknown), "properties iota: 4\n");
}

TEST(Unknown, OfASubscriptionIsFoundInBothSpellings) {
  auto documents = base();
  const std::string guid = "22222222-2222-2222-2222-222222222222";
  documents.push_back(rule("r", R"("direction":"Inbound","subscriptions":[{"id":")" + guid +
                                    R"(","why":"a"},{"id":"/Subscriptions/)" + guid +
                                    R"(","why":"b"}])"));
  const BuildResult built = build(documents);
  EXPECT_EQ(kept(built.environment.perimeters.at(0).profiles.at(0).rules.at(0).unknown),
            "properties subscriptions /subscriptions/" + guid +
                " why: \"a\"\nproperties subscriptions /subscriptions/" + guid + " why: \"b\"\n");
}

}  // namespace
}  // namespace nsp

#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

TEST(Associations, JoinResourceAndProfile) {
  auto documents = base();
  documents.push_back(object(kStorage + "st"));
  documents.push_back(association("a", kStorage + "ST", "transition"));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built), "");
  const auto& environment = built.environment;
  ASSERT_EQ(environment.associations.size(), 1U);
  EXPECT_EQ(environment.associations[0].mode, AccessMode::Learning);
  EXPECT_EQ(environment.associations[0].resource, 0U);
  EXPECT_EQ(environment.associations[0].profile, 0U);
  EXPECT_EQ(environment.resources[0].association, 0U);
}

TEST(Associations, MakeStubsOfWhatIsNotDescribed) {
  auto documents = base();
  documents.push_back(association("a", kAccount + "ai", "Strict"));
  const BuildResult built = build(documents);
  EXPECT_EQ(
      told(built),
      "warning 4 /resources/2/properties/privateLinkResource: resource `ai` is associated but "
      "not described: its own network settings are not known\n"
      "warning 4 /resources/2/properties/accessMode: `Strict` is not a known `accessMode`, "
      "expected `Learning`, `Enforced` or `Audit`\n");
  const Resource& stub = built.environment.resources.at(0);
  EXPECT_FALSE(stub.described);
  EXPECT_EQ(stub.identity, std::nullopt);
  EXPECT_EQ(stub.public_network_access, PublicNetworkAccess::Unknown);
  EXPECT_FALSE(stub.firewall.known);
  EXPECT_EQ(stub.service, Service::Foundry);
  EXPECT_EQ(built.environment.associations.at(0).mode, AccessMode::Unknown);
}

TEST(Associations, OfOneResourceAreAtMostOne) {
  auto documents = base();
  documents.push_back(object(kStorage + "st"));
  documents.push_back(association("a", kStorage + "st"));
  documents.push_back(association("b", kStorage + "st"));
  EXPECT_EQ(
      told(build(documents)),
      "error 6 /resources/4: resource `st` is associated already, by `a` of perimeter `nsp` at "
      "f:5:1\n");
}

TEST(Associations, NeedAProfileOfTheirOwnPerimeter) {
  auto documents = base();
  documents.push_back(object(kStorage + "st"));
  documents.push_back(association("a", kStorage + "st", "Enforced", "nsp", "q"));
  EXPECT_EQ(told(build(documents)),
            "error 5 /resources/3/properties/profile: perimeter `nsp` has no profile `q`\n");
  documents.back() =
      object(kPerimeter + "nsp/resourceAssociations/a",
             with(R"("accessMode":"Enforced","privateLinkResource":{"id":")" + kStorage +
                  R"(st"},"profile":{"id":")" + kPerimeter + R"(other/profiles/p"})"));
  EXPECT_EQ(told(build(documents)), "error 5 /resources/3/properties/profile: `" + kPerimeter +
                                        "other/profiles/p` is not a profile of perimeter `nsp`\n");
}

TEST(Associations, AloneStandForTheirPerimeter) {
  const BuildResult built = build({object(kStorage + "st"), association("a", kStorage + "st")});
  EXPECT_EQ(told(built),
            "warning 3 /resources/1: perimeter `nsp` is not described, only named here\n"
            "warning 3 /resources/1/properties/profile: profile `p` is not described, only named "
            "here\n");
  EXPECT_TRUE(built.ok());
  EXPECT_EQ(built.environment.associations.size(), 1U);
}

TEST(Associations, SayWhichTypesCannotBeAssociated) {
  auto documents = base();
  documents.push_back(association("a", kAccount + "ai/projects/p1"));
  documents.push_back(object(kGroup + "Microsoft.Web/sites/web"));
  documents.push_back(association("b", kGroup + "Microsoft.Web/sites/web"));
  EXPECT_EQ(
      told(build(documents)),
      "error 4 /resources/2/properties/privateLinkResource: `p1` is a project, which cannot be "
      "associated: associate its account `ai`\n"
      "warning 6 /resources/4: `Microsoft.Web/sites` is not onboarded: `web` cannot be "
      "associated with a perimeter\n");
}

TEST(Associations, NeedBothIds) {
  auto documents = base();
  documents.push_back(object(kPerimeter + "nsp/resourceAssociations/a"));
  EXPECT_EQ(told(build(documents)),
            "error 4 /resources/2: an association needs `privateLinkResource` with an `id`\n"
            "note 4 /resources/2: `accessMode` is absent, taken as `Learning`\n");
}

std::string configuration(const std::string& mode, const std::string& prefix) {
  return object(
      kStorage + "st/networkSecurityPerimeterConfigurations/x.a",
      with(
          R"("networkSecurityPerimeter":{"id":")" + kPerimeter +
          R"(nsp","perimeterGuid":"22222222-2222-4222-8222-222222222222"},"resourceAssociation":{"name":"a","accessMode":")" +
          mode +
          R"("},"profile":{"name":"p","accessRulesVersion":1,"accessRules":[{"name":"r","properties":{"direction":"Inbound","addressPrefixes":[")" +
          prefix + R"("]}}]})"));
}

TEST(Configurations, StandInForThePerimeterWhereItIsNotDescribed) {
  const BuildResult built =
      build({object(kStorage + "st"), configuration("Enforced", "203.0.113.0/24")});
  EXPECT_EQ(told(built), "");
  const auto& environment = built.environment;
  ASSERT_EQ(environment.perimeters.size(), 1U);
  EXPECT_EQ(to_string(environment.perimeters[0].guid), "22222222-2222-4222-8222-222222222222");
  EXPECT_EQ(environment.perimeters[0].profiles.at(0).rules.at(0).name, "r");
  ASSERT_EQ(environment.associations.size(), 1U);
  EXPECT_EQ(environment.associations[0].mode, AccessMode::Enforced);
}

TEST(Configurations, YieldToThePerimeterAndSayWhereTheyDiffer) {
  auto documents = base();
  documents.push_back(rule("r", R"("direction":"Inbound","addressPrefixes":["203.0.113.0/24"])"));
  documents.push_back(object(kStorage + "st"));
  documents.push_back(association("a", kStorage + "st"));
  documents.push_back(configuration("Enforced", "203.0.113.0/24"));
  EXPECT_EQ(told(build(documents)), "");
  documents.back() = configuration("Learning", "203.0.113.0/25");
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built),
            "warning 7 /resources/5/properties/resourceAssociation: resource `st` reports "
            "`accessMode` `Learning`, its association at f:6:1 has `Enforced`\n"
            "warning 7 /resources/5/properties/profile/accessRules/0: resource `st` has rule "
            "`r` of profile `p` with `203.0.113.0/25`, which at f:4:1 has `203.0.113.0/24`\n");
  EXPECT_EQ(built.environment.associations.at(0).mode, AccessMode::Enforced);
}

TEST(Configurations, MayLeaveOutTheAssociationAndTheNameOfARule) {
  const BuildResult built =
      build({object(kStorage + "st"),
             object(kStorage + "st/networkSecurityPerimeterConfigurations/x.a",
                    with(R"("networkSecurityPerimeter":{"id":")" + kPerimeter +
                         R"(nsp"},"profile":{"name":"p","accessRules":[{"properties":)" +
                         R"({"direction":"Inbound","addressPrefixes":["203.0.113.0/24"]}}]})"))});
  EXPECT_EQ(told(built),
            "warning 3 /resources/1/properties/profile/accessRules/0: an access rule without a "
            "`name` is ignored\n");
  ASSERT_EQ(built.environment.associations.size(), 1U);
  EXPECT_EQ(built.environment.associations[0].id.text(),
            kPerimeter + "nsp/resourceAssociations/st-association");
  EXPECT_TRUE(built.environment.perimeters.at(0).profiles.at(0).rules.empty());
}

TEST(Configurations, SayWhatTheyDoNotUnderstand) {
  const BuildResult built =
      build({object(kStorage + "st"),
             object(kStorage + "st/networkSecurityPerimeterConfigurations/x.a",
                    with(R"("networkSecurityPerimeter":{"id":")" + kPerimeter +
                         R"(nsp","perimeterGuid":"none"},"profile":{"name":"p"},)" +
                         R"("resourceAssociation":{"name":"a","accessMode":"Blocking"})"))});
  EXPECT_EQ(told(built),
            "warning 3 /resources/1/properties/networkSecurityPerimeter/perimeterGuid: `none` is "
            "not a GUID: one is made from the id\n"
            "warning 3 /resources/1/properties/resourceAssociation/accessMode: `Blocking` is not a "
            "known `accessMode`, expected `Learning`, `Enforced` or `Audit`\n");
  EXPECT_EQ(built.environment.associations.at(0).mode, AccessMode::Unknown);
  EXPECT_EQ(built.environment.associations.at(0).mode_text, "Blocking");
}

std::string link(const std::string& more) {
  return object(kPerimeter + "nsp/links/l", with(R"("autoApprovedRemotePerimeterResourceId":")" +
                                                 kPerimeter + R"(far")" + more));
}

TEST(Links, AndTheirReferencesAreOne) {
  auto documents = base();
  documents.push_back(object(kPerimeter + "far"));
  documents.push_back(object(kPerimeter + "far/profiles/q"));
  documents.push_back(
      link(R"(,"localInboundProfiles":["p"],"remoteInboundProfiles":["*"],"status":"Approved")"));
  documents.push_back(object(kPerimeter + "far/linkReferences/Ref-from-l-x",
                             with(R"("remotePerimeterResourceId":")" + kPerimeter +
                                  R"(nsp","localInboundProfiles":["Q"],"status":"Pending")")));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built), "");
  ASSERT_EQ(built.environment.links.size(), 1U);
  const PerimeterLink& read = built.environment.links[0];
  EXPECT_EQ(read.status, ConnectionStatus::Pending);
  EXPECT_EQ(read.local_profiles, std::vector<Index>{0});
  EXPECT_EQ(read.remote_profiles, std::vector<Index>{0});
  EXPECT_FALSE(read.all_remote_profiles);
}

TEST(Links, ToAPerimeterThatIsNotDescribedKeepItAndSaySo) {
  auto documents = base();
  documents.push_back(link(R"(,"localInboundProfiles":["*"],"remoteInboundProfiles":["q"])"));
  const BuildResult built = build(documents);
  EXPECT_EQ(told(built),
            "warning 4 /resources/2: `status` is absent, taken as `Approved`\n"
            "note 4 /resources/2/properties/autoApprovedRemotePerimeterResourceId: perimeter `far` "
            "is not described: which resources the link reaches there is not known\n");
  EXPECT_FALSE(built.environment.perimeters.at(1).described);
  EXPECT_TRUE(built.environment.links.at(0).all_local_profiles);
  EXPECT_EQ(built.environment.links.at(0).remote_profiles, std::vector<Index>{0});
}

TEST(Links, NameProfilesThatExist) {
  auto documents = base();
  documents.push_back(object(kPerimeter + "far"));
  documents.push_back(link(R"(,"localInboundProfiles":["none"],"status":"Approved")"));
  EXPECT_EQ(
      told(build(documents)),
      "error 5 /resources/3/properties/localInboundProfiles/0: perimeter `nsp` has no profile "
      "`none`\n");
}

TEST(Links, AreAtMostTenAPerimeter) {
  auto documents = base();
  for (int i = 0; i < 11; ++i) {
    documents.push_back(object(fmt::format("{}n{}", kPerimeter, i)));
    documents.push_back(object(
        fmt::format("{}nsp/links/l{}", kPerimeter, i),
        with(fmt::format(R"("autoApprovedRemotePerimeterResourceId":"{}n{}","status":"Approved")",
                         kPerimeter, i))));
  }
  EXPECT_EQ(told(build(documents)),
            "error 2 /resources/0: perimeter `nsp` has 11 links, at most 10 are allowed\n");
  documents.pop_back();
  EXPECT_EQ(told(build(documents)), "");
}

}  // namespace
}  // namespace nsp

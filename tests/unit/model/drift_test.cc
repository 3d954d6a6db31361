// Each kind of drift shown and not shown, and both sides judged.
#include "sim/model/drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/model/effective.h"
#include "sim/model/redact.h"
#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kGuid = "22222222-2222-4222-8222-222222222222";

// What a configuration says, each part as JSON; the defaults agree with told_by_perimeter().
struct Reported {
  std::string perimeter = kPerimeter + "nsp";
  std::string guid = kGuid;
  std::string profile = "p";
  std::string version = "3";
  std::string rules =
      R"({"name":"r","properties":{"direction":"Inbound","addressPrefixes":["203.0.113.0/24"]}})";
  std::string association = R"({"name":"a","accessMode":"Enforced"})";
  std::string more = {};
};

std::string reported(const Reported& said = {}) {
  return object(kStorage + "st/networkSecurityPerimeterConfigurations/x.a",
                with(fmt::format(R"("networkSecurityPerimeter":{{"id":"{}","perimeterGuid":"{}"}},)"
                                 R"("resourceAssociation":{},"profile":{{"name":"{}",)"
                                 R"("accessRulesVersion":{},"accessRules":[{}]}}{})",
                                 said.perimeter, said.guid, said.association, said.profile,
                                 said.version, said.rules, said.more)));
}

// Lines 2 to 6.
std::vector<std::string> told_by_perimeter() {
  return {object(kPerimeter + "nsp", with(R"("perimeterGuid":")" + kGuid + '"')),
          object(kPerimeter + "nsp/profiles/p", with(R"("accessRulesVersion":"3")")),
          rule("r", R"("direction":"Inbound","addressPrefixes":["203.0.113.0/24"])"),
          object(kStorage + "st"), association("a", kStorage + "st")};
}

BuildResult built(const Reported& said, std::vector<std::string> more = {}) {
  std::vector<std::string> documents = told_by_perimeter();
  documents.push_back(reported(said));
  for (std::string& one : more) documents.push_back(std::move(one));
  return build(documents);
}

// `kind subject | perimeter's | resource's | sentence`, without the file's line ends.
std::vector<std::string> lines(const Environment& environment) {
  std::vector<std::string> out;
  for (const Drift& one : find_drift(environment)) {
    out.push_back(fmt::format("{} {} | {} | {} | {}", to_string(one.kind), one.subject,
                              one.perimeter_side, one.resource_side, one.sentence));
  }
  return out;
}

std::vector<std::string> drift(const Reported& said, std::vector<std::string> more = {}) {
  return lines(built(said, std::move(more)).environment);
}

TEST(Drift, IsNoneWhereBothSidesAgree) {
  EXPECT_THAT(drift({}), IsEmpty());
  EXPECT_THAT(told(built({})), "");
  // In other words, and with what only one side can say.
  EXPECT_THAT(drift({.version = R"("3")",
                     .rules = R"({"name":"R","properties":{"direction":"inbound",)"
                              R"("addressPrefixes":["203.0.113.0/24"]}},)"
                              R"({"name":"linked","properties":{"direction":"Inbound",)"
                              R"("networkSecurityPerimeters":[{"id":"x"}]}})",
                     .association = R"({"name":"a","accessMode":"enforced"})",
                     .more = R"(,"provisioningState":"succeeded")"}),
              IsEmpty());
  EXPECT_THAT(drift({.version = "null", .association = "null"}), IsEmpty());
}

TEST(Drift, OfTheAccessMode) {
  EXPECT_THAT(drift({.association = R"({"name":"a","accessMode":"Learning"})"}),
              ElementsAre("access mode accessMode | Enforced | Learning | resource `st` reports "
                          "`accessMode` `Learning`, its association at f:6:1 has `Enforced`"));
  EXPECT_THAT(drift({.association = R"({"name":"a","accessMode":"[parameters('mode')]"})"}),
              IsEmpty());
}

TEST(Drift, OfTheVersion) {
  EXPECT_THAT(drift({.version = "2"}),
              ElementsAre("rules version accessRulesVersion | 3 | 2 | resource `st` reports "
                          "`accessRulesVersion` `2` of profile `p`, which at f:3:1 is `3`"));
}

TEST(Drift, OfTheProfile) {
  EXPECT_THAT(drift({.profile = "q", .version = "9", .rules = ""},
                    {object(kPerimeter + "nsp/profiles/q", with(R"("accessRulesVersion":"9")"))}),
              ElementsAre("profile profile | p | q | resource `st` reports profile `q`, its "
                          "association at f:6:1 has `p`"));
}

TEST(Drift, OfThePerimeter) {
  EXPECT_THAT(drift({.perimeter = kPerimeter + "old"}),
              ElementsAre("perimeter networkSecurityPerimeter | nsp | old | resource `st` reports "
                          "perimeter `old`, its association at f:6:1 has `nsp`"));
  // Deleted and made again under its name.
  EXPECT_THAT(drift({.guid = "33333333-3333-4333-8333-333333333333"}),
              ElementsAre("perimeter perimeterGuid | 22222222-2222-4222-8222-222222222222 | "
                          "33333333-3333-4333-8333-333333333333 | resource `st` reports perimeter "
                          "`nsp` with `perimeterGuid` `33333333-3333-4333-8333-333333333333`, the "
                          "perimeter at f:2:1 has `22222222-2222-4222-8222-222222222222`"));
}

TEST(Drift, OfRules) {
  EXPECT_THAT(drift({.rules = ""}),
              ElementsAre("missing rule r | 203.0.113.0/24 |  | resource `st` does not have rule "
                          "`r` at f:4:1 of profile `p`"));
  EXPECT_THAT(
      drift({.rules = R"({"name":"old","properties":{"direction":"Outbound",)"
                      R"("fullyQualifiedDomainNames":["b.example","a.example"]}})"}),
      ElementsAre("missing rule r | 203.0.113.0/24 |  | resource `st` does not have rule `r` at "
                  "f:4:1 of profile `p`",
                  "extra rule old |  | a.example, b.example | resource `st` has rule `old`, "
                  "profile `p` at f:3:1 has not"));
}

std::string copy_of_r(const std::string& properties) {
  return R"({"name":"r","properties":{)" + properties + "}}";
}

TEST(Drift, OfTheElementsOfARule) {
  const std::string both = R"("203.0.113.0/24","198.51.100.0/24")";
  EXPECT_THAT(
      drift({.rules = copy_of_r(R"("direction":"Inbound","addressPrefixes":[)" + both + "]")}),
      ElementsAre("changed rule r |  | 198.51.100.0/24 | resource `st` has rule `r` of profile `p` "
                  "with `198.51.100.0/24`, which it has not at f:4:1"));
  EXPECT_THAT(drift({.rules = copy_of_r(R"("direction":"Inbound")")}),
              ElementsAre("changed rule r | 203.0.113.0/24 |  | resource `st` has rule `r` of "
                          "profile `p` without `203.0.113.0/24`, which it has at f:4:1"));
  EXPECT_THAT(drift({.rules = copy_of_r(R"("direction":"Outbound")")}),
              ElementsAre("changed rule r | direction inbound | direction outbound | resource `st` "
                          "has rule `r` of profile `p` with `direction outbound`, which at f:4:1 "
                          "has `direction inbound`"));
}

TEST(Drift, OfLongListsIsShortened) {
  std::string prefixes = "\"203.0.113.0/24\"";
  for (int i = 1; i <= 7; ++i) prefixes += fmt::format(",\"198.51.100.{}/32\"", i);
  const auto found =
      drift({.rules = copy_of_r(R"("direction":"Inbound","addressPrefixes":[)" + prefixes + "]")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], testing::HasSubstr("198.51.100.1/32, 198.51.100.2/32, 198.51.100.3/32, "
                                           "198.51.100.4/32, 198.51.100.5/32 and 2 more"));
}

// A configuration has no member for service tags, so their absence says nothing.
TEST(Drift, IsNotOfServiceTags) {
  const std::string tags = rule("t", R"("direction":"Inbound","serviceTags":["Storage"])");
  EXPECT_THAT(drift({}, {tags}), IsEmpty());
  EXPECT_EQ(
      as_reported(built({.version = "2"}, {tags}).environment).perimeters.at(0).profiles.size(),
      1U);
}

TEST(Drift, IsNotOfWhatADeploymentTells) {
  EXPECT_THAT(drift({}, {rule("open", R"("direction":"Inbound","addressPrefixes":)"
                                      R"(["[parameters('office')]"])")}),
              ElementsAre());
  EXPECT_THAT(drift({.rules = R"("[parameters('rules')]")"}), IsEmpty());
}

TEST(Drift, OfStates) {
  EXPECT_THAT(drift({.more = R"(,"provisioningState":"Updating")"}),
              ElementsAre("provisioning state provisioningState |  | Updating | resource `st` "
                          "reports `provisioningState` `Updating`"));
  auto documents = told_by_perimeter();
  documents.back() =
      object(kPerimeter + "nsp/resourceAssociations/a",
             with(fmt::format(
                 R"("privateLinkResource":{{"id":"{}st"}},"profile":{{"id":"{}nsp/profiles/p"}},)"
                 R"("accessMode":"Enforced","provisioningState":"Updating",)"
                 R"("hasProvisioningIssues":"yes")",
                 kStorage, kPerimeter)));
  documents.push_back(reported({.more = R"(,"provisioningState":"Succeeded")"}));
  EXPECT_THAT(
      lines(build(documents).environment),
      ElementsAre("provisioning state provisioningState | Updating | Succeeded | resource `st` "
                  "reports `provisioningState` `Succeeded`, its association `a` at f:6:1 "
                  "`Updating`",
                  "provisioning issue hasProvisioningIssues | yes |  | association `a` at f:6:1 "
                  "says that it has provisioning issues, resource `st` reports none"));
}

TEST(Drift, OfIssues) {
  EXPECT_THAT(
      drift({.more = R"(,"provisioningIssues":[{"name":"i","properties":{"issueType":)"
                     R"("MissingIdentityConfiguration","severity":"Warning","description":"no )"
                     R"(identity"}},{}])"}),
      ElementsAre(
          "provisioning issue i |  | MissingIdentityConfiguration | resource `st` reports a "
          "provisioning issue `MissingIdentityConfiguration` of severity `Warning`: `no "
          "identity`",
          "provisioning issue provisioningIssues |  |  | resource `st` reports a "
          "provisioning issue"));
}

TEST(Drift, OfAnAssociationThatThePerimeterDoesNotList) {
  auto documents = told_by_perimeter();
  documents.back() = reported();
  const Environment environment = build(documents).environment;
  EXPECT_THAT(lines(environment),
              ElementsAre("not listed association |  | a | resource `st` reports association `a`, "
                          "which its perimeter `nsp` at f:2:1 does not list"));
  EXPECT_FALSE(environment.associations.at(0).listed);
  // Where nobody describes the perimeter, nothing is missing.
  EXPECT_THAT(lines(build({object(kStorage + "st"), reported()}).environment), IsEmpty());
}

// The perimeter's association of that name is another resource's.
TEST(Drift, OfAnAssociationThatMovedOn) {
  const Environment environment = build({object(kStorage + "st"), object(kStorage + "other"),
                                         association("a", kStorage + "other"), reported()})
                                      .environment;
  ASSERT_EQ(environment.associations.size(), 2U);
  EXPECT_TRUE(environment.associations[0].listed);
  EXPECT_FALSE(environment.associations[1].listed);
  EXPECT_THAT(lines(environment),
              testing::Contains("not listed association |  | a | resource `st` reports "
                                "association `a`, which its perimeter `nsp` at f:5:209 does "
                                "not list"));
}

TEST(Drift, IsAWarningWithThePlaceOfTheResource) {
  const BuildResult result = built({.version = "2"});
  EXPECT_EQ(told(result),
            "warning 7 /resources/5/properties/profile: resource `st` reports "
            "`accessRulesVersion` `2` of profile `p`, which at f:3:1 is `3`\n");
  EXPECT_THAT(without_drift(result), IsEmpty());
  const auto found = find_drift(result.environment);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(to_string(found[0].perimeter_place), "f:3:1 /resources/1");
  EXPECT_EQ(found[0].resource_place.line, 7U);
  EXPECT_EQ(found[0].resource_place.pointer, "/resources/5/properties/profile");
}

TEST(Drift, OutlivesRedaction) {
  const BuildResult result = built({.version = "2",
                                    .rules = R"({"name":"old","properties":{"direction":)"
                                             R"("Inbound","addressPrefixes":["192.0.2.1/32"]}})",
                                    .association = R"({"name":"a","accessMode":"Audit"})",
                                    .more = R"(,"provisioningState":"Failed")"});
  const BuildResult redacted = redact(result, Redaction("key"));
  const auto before = find_drift(result.environment);
  const auto after = find_drift(redacted.environment);
  ASSERT_EQ(before.size(), 5U);
  ASSERT_EQ(after.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(after[i].kind, before[i].kind);
  EXPECT_EQ(redacted.diagnostics.size(), result.diagnostics.size());
  for (const Diagnostic& one : redacted.diagnostics) {
    EXPECT_THAT(one.message, testing::Not(testing::HasSubstr(" f:")));
    EXPECT_THAT(one.message, testing::Not(testing::HasSubstr("`old`")));
  }
}

const Profile& profile_of(const Environment& environment) {
  const Association& association = environment.associations.at(0);
  return environment.perimeters.at(association.perimeter).profiles.at(association.profile);
}

TEST(AsReported, TakesModeAndRulesOfTheResource) {
  const Environment environment =
      as_reported(built({.rules = R"({"name":"old","properties":{"direction":"Inbound",)"
                                  R"("addressPrefixes":["192.0.2.1/32"]}})",
                         .association = R"({"name":"a","accessMode":"Learning"})"})
                      .environment);
  EXPECT_EQ(environment.associations.at(0).mode, AccessMode::Learning);
  ASSERT_EQ(environment.perimeters.at(0).profiles.size(), 2U);
  ASSERT_EQ(profile_of(environment).rules.size(), 1U);
  EXPECT_EQ(profile_of(environment).rules[0].name, "old");
  EXPECT_EQ(profile_of(environment).name, "p");
  EXPECT_EQ(environment.perimeters[0].profiles[0].rules.at(0).name, "r");
}

TEST(AsReported, ChangesNothingWhereBothAgreeOrNothingIsSaid) {
  const Environment before = built({.version = "2", .association = "null"}).environment;
  const Environment after = on_side(before, EffectiveSide::Resource);
  EXPECT_EQ(after.associations.at(0).mode, AccessMode::Enforced);
  EXPECT_EQ(after.associations.at(0).profile, before.associations.at(0).profile);
  EXPECT_EQ(after.perimeters.at(0).profiles.size(), 1U);
}

TEST(AsReported, TakesThePerimeterAndTheProfileOfTheResource) {
  const Environment moved =
      as_reported(built({.perimeter = kPerimeter + "old", .profile = "before"}).environment);
  EXPECT_EQ(moved.perimeters.at(moved.associations.at(0).perimeter).name, "old");
  EXPECT_EQ(profile_of(moved).name, "before");
  EXPECT_EQ(on_side(built({.perimeter = kPerimeter + "old"}).environment, EffectiveSide::Perimeter)
                .associations.at(0)
                .perimeter,
            0U);
}

TEST(AsReported, KeepsServiceTagsAndLinks) {
  std::vector<std::string> more{
      rule("t", R"("direction":"Inbound","serviceTags":["Storage"])"), object(kPerimeter + "far"),
      object(kPerimeter + "far/profiles/f"),
      object(kPerimeter + "nsp/links/l",
             with(R"("autoApprovedRemotePerimeterResourceId":")" + kPerimeter +
                  R"(far","localInboundProfiles":["p"],)" + R"("remoteInboundProfiles":["f"])"))};
  const Environment environment = as_reported(built({.rules = ""}, std::move(more)).environment);
  ASSERT_EQ(profile_of(environment).rules.size(), 1U);
  EXPECT_THAT(profile_of(environment).rules[0].service_tags, ElementsAre("Storage"));
  EXPECT_THAT(environment.links.at(0).local_profiles, ElementsAre(0U, 1U));
  EXPECT_THAT(environment.links.at(0).remote_profiles, ElementsAre(0U));
}

TEST(AsReported, LeavesOpenWhatTheResourceLeavesOpen) {
  const Environment environment =
      as_reported(built({.rules = R"("[parameters('rules')]")"}).environment);
  ASSERT_EQ(profile_of(environment).rules.size(), 1U);
  EXPECT_EQ(profile_of(environment).rules[0].unresolved.at(0).expression, "[parameters('rules')]");
}

}  // namespace
}  // namespace nsp

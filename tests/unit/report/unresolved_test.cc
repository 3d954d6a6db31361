// Values that only a deployment tells: kept beside their object, never guessed, undecided where a
// verdict needs them, and written again as they stood.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/decision/describe.h"
#include "sim/decision/evaluate.h"
#include "sim/model/build.h"
#include "sim/report/environment_json.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kGroup =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/";

struct Site {
  std::string rule = R"("direction":"Inbound","addressPrefixes":["203.0.113.0/28"])";
  std::string association = R"("accessMode":"Enforced")";
  std::string profile = "p";  // the end of its id, or a whole expression
  std::string storage = R"("publicNetworkAccess":"Enabled")";
};

std::string resource(std::string_view id, std::string_view properties) {
  return "{\"id\":\"" + std::string(kGroup) + std::string(id) + "\",\"properties\":{" +
         std::string(properties) + "}}";
}

std::string document(const Site& site) {
  const std::string nsp = "Microsoft.Network/networkSecurityPerimeters/n";
  const std::string st = "Microsoft.Storage/storageAccounts/st";
  const std::string profile = site.profile.starts_with('[')
                                  ? site.profile
                                  : std::string(kGroup) + nsp + "/profiles/" + site.profile;
  return "{\"resources\":[" + resource(nsp, "") + "," + resource(nsp + "/profiles/p", "") + "," +
         resource(nsp + "/profiles/p/accessRules/office", site.rule) + "," +
         resource(nsp + "/resourceAssociations/a",
                  "\"privateLinkResource\":{\"id\":\"" + std::string(kGroup) + st +
                      "\"},\"profile\":{\"id\":\"" + profile + "\"}," + site.association) +
         "," + resource(st, site.storage) + "]}";
}

BuildResult build(const Site& site) {
  return build_environment(read_documents(document(site), "site.json"));
}

std::vector<std::string> texts(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic& d : diagnostics)
    all.push_back(std::string(to_string(d.severity)) + ": " + d.message);
  return all;
}

// The outcome at `st` of a user at that address, with what there is to say beside it.
struct Told {
  std::string outcome;
  std::vector<std::string> notes;
};
Told reach(const Site& site, std::string_view address) {
  BuildResult built = build(site);
  EXPECT_TRUE(built.ok()) << testing::PrintToString(texts(built.diagnostics));
  const Policy policy = compile(std::move(built.environment));
  Attempt attempt;
  attempt.outside = true;
  attempt.to = "st";
  attempt.credential = Credential::User;
  attempt.address = IpAddress::parse(address);
  const Decision decision = evaluate(policy, bind(policy, attempt).value());
  return {outcome_text(policy, decision), note_texts(policy, decision.leg[0])};
}

TEST(Unresolved, An_element_of_a_rule_leaves_open_what_no_other_rule_admits) {
  const Site site{
      .rule =
          R"("direction":"Inbound","addressPrefixes":["203.0.113.0/28","[parameters('office')]"])"};
  EXPECT_THAT(
      texts(build(site).diagnostics),
      ElementsAre("warning: `[parameters('office')]` is known only to a deployment: left open"));
  EXPECT_EQ(reach(site, "203.0.113.7").outcome, "allow: inbound rule office");
  const Told told = reach(site, "198.51.100.9");
  EXPECT_EQ(told.outcome, "undecided: missing rule value");
  ASSERT_EQ(told.notes.size(), 1U);
  EXPECT_THAT(told.notes[0], HasSubstr("addressPrefixes is `[parameters('office')]`, which only a "
                                       "deployment tells (site.json:1:"));
}

TEST(Unresolved, A_direction_makes_a_rule_of_either) {
  const Site site{.rule =
                      R"("direction":"[parameters('way')]","addressPrefixes":["203.0.113.0/28"])"};
  EXPECT_EQ(reach(site, "198.51.100.9").outcome, "undecided: missing rule value");
}

TEST(Unresolved, A_mode_and_a_switch_are_missing_facts) {
  const Site mode{.association = R"("accessMode":"[parameters('mode')]")"};
  EXPECT_EQ(reach(mode, "203.0.113.7").outcome, "allow: inbound rule office");
  EXPECT_EQ(reach(mode, "198.51.100.9").outcome, "undecided: missing accessMode");
  const Site access{.association = R"("accessMode":"Learning")",
                    .storage = R"("publicNetworkAccess":"[parameters('access')]")"};
  const Told told = reach(access, "198.51.100.9");
  EXPECT_EQ(told.outcome, "undecided: missing publicNetworkAccess");
  EXPECT_THAT(told.notes[0], HasSubstr("publicNetworkAccess is `[parameters('access')]`"));
}

TEST(Unresolved, A_firewall_admits_what_is_certain) {
  const Site site{
      .association = R"("accessMode":"Learning")",
      .storage =
          R"("networkAcls":{"defaultAction":"[parameters('action')]","ipRules":[{"value":"198.51.100.9"}]})"};
  EXPECT_EQ(reach(site, "198.51.100.9").outcome, "allow: resource rule ip 198.51.100.9");
  EXPECT_EQ(reach(site, "198.51.100.10").outcome, "undecided: missing firewall");
  const Site whole{.association = R"("accessMode":"Learning")",
                   .storage = R"("networkAcls":"[variables('acls')]")"};
  EXPECT_EQ(reach(whole, "198.51.100.9").outcome, "undecided: missing firewall");
}

TEST(Unresolved, A_profile_that_is_not_known_may_hold_any_rule) {
  const Site site{.profile = "[reference('p').id]"};
  EXPECT_EQ(reach(site, "203.0.113.7").outcome, "undecided: missing rule value");
}

TEST(Unresolved, An_association_of_an_unknown_resource_is_left_out_with_a_warning) {
  const std::string text = document({});
  const std::string target =
      std::string(kGroup) + "Microsoft.Storage/storageAccounts/st\"},\"profile";
  std::string changed = text;
  changed.replace(changed.find(target), target.size(), "[reference('st').id]\"},\"profile");
  // The expression stands behind the rest of the id's place only, so it is the whole text.
  changed.replace(changed.find("{\"id\":\"[reference"), 7, "{\"id\":\"");
  const BuildResult built = build_environment(read_documents(changed, "site.json"));
  EXPECT_THAT(built.environment.associations, IsEmpty());
  EXPECT_THAT(texts(built.diagnostics),
              ElementsAre("warning: `[reference('st').id]` is known only to a deployment: which "
                          "resource association `a` joins is not known, and it is left out"));
}

TEST(Unresolved, Is_written_again_as_it_stood) {
  for (
      const Site& site :
      {Site{
           .rule =
               R"("direction":"[parameters('way')]","addressPrefixes":["[parameters('office')]"])",
     .association = R"("accessMode":"[parameters('mode')]")",
     .profile = "[reference('p').id]",
     .storage =
               R"("publicNetworkAccess":"[parameters('access')]","networkAcls":{"defaultAction":"[parameters('action')]","bypass":"[parameters('bypass')]","ipRules":[{"value":"[parameters('ip')]"}]})"},
       Site{.storage = R"("networkAcls":"[variables('acls')]")"}}) {
    const BuildResult first = build(site);
    const std::string written = environment_as_json(first.environment, "nspsim.environment/1");
    const BuildResult again = build_environment(read_documents(written, "again.json"));
    ASSERT_TRUE(again.ok()) << written;
    EXPECT_EQ(environment_as_json(again.environment, "nspsim.environment/1"), written);
    EXPECT_EQ(again.environment.associations[0].unresolved,
              first.environment.associations[0].unresolved);
    EXPECT_EQ(again.environment.resources[0].unresolved, first.environment.resources[0].unresolved);
    EXPECT_EQ(again.environment.resources[0].firewall, first.environment.resources[0].firewall);
  }
}

TEST(Unresolved, Brackets_alone_make_no_expression) {
  const Site site{.rule = R"("direction":"Inbound","addressPrefixes":["[2001:db8::1]"])"};
  EXPECT_THAT(texts(build(site).diagnostics),
              ElementsAre("error: `[2001:db8::1]` is not an address prefix, expected one such as "
                          "`203.0.113.0/24`"));
}

}  // namespace
}  // namespace nsp

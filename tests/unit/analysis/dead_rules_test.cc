#include "sim/analysis/dead_rules.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/analysis/rule_proof.h"
#include "tests/unit/report/page_environment.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kMembers = R"(
```scenario
status: local
```

| resource | kind      | profile    | mode     |
| -------- | --------- | ---------- | -------- |
| st       | storage   | nsp/data   | Enforced |
| foundry  | foundry   | nsp/data   | Learning |
| vault    | key vault | nsp/vaults | Enforced |

| rule | profile | direction | allows |
| ---- | ------- | --------- | ------ |
)";

Environment environment(const std::vector<std::string>& rules) {
  std::string page(kMembers);
  for (const std::string& rule : rules) page += "| " + rule + " |\n";
  return test::sample_environment(page).policy.environment();
}

// `RULE: ELEMENT` of each.
std::string list(const Environment& env, const std::vector<ElementAt>& elements) {
  std::string text;
  for (const ElementAt& element : elements) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rule_of(env, element.at).name,
                        element_text(env, element));
  }
  return text;
}

std::vector<std::string> dead(const Environment& env, const Readings& readings = {}) {
  const DeadRules found = find_dead_rules(compile(env), readings);
  EXPECT_EQ(found, propose_dead_rules(env, readings));
  std::vector<std::string> texts;
  for (const DeadRule& rule : found.rules) {
    texts.push_back(fmt::format("rule {} <= {}{}", rule_of(env, rule.at).name,
                                list(env, rule.cover), rule.rests_on_u4 ? " (U4)" : ""));
  }
  for (const DeadElement& element : found.elements) {
    texts.push_back(fmt::format("{} <= {}{}", list(env, {element.element}),
                                list(env, element.cover), element.rests_on_u4 ? " (U4)" : ""));
  }
  return texts;
}

TEST(DeadRules, APartOfAWholeIsDead) {
  const auto env = environment({"office | nsp/data | inbound | 203.0.113.0/28, 198.51.100.0/24",
                                "city   | nsp/data | inbound | 203.0.113.0/24"});
  EXPECT_THAT(dead(env), ElementsAre("office 203.0.113.0/28 <= city 203.0.113.0/24"));
}

TEST(DeadRules, TheFewestThatCoverAreNamed) {
  const auto env =
      environment({"whole  | nsp/data | inbound | 203.0.113.0/24",
                   "halves | nsp/data | inbound | 203.0.113.0/25, 203.0.113.128/25, 192.0.2.0/24"});
  EXPECT_THAT(dead(env), ElementsAre("rule whole <= halves 203.0.113.0/25, halves "
                                     "203.0.113.128/25"));
}

TEST(DeadRules, OfEqualsTheLaterByNameIsDead) {
  const auto env = environment({"b | nsp/data | inbound | 203.0.113.0/28",
                                "A | nsp/data | inbound | 203.0.113.0/28, 203.0.113.0/28"});
  EXPECT_THAT(dead(env),
              ElementsAre("rule b <= A 203.0.113.0/28", "A 203.0.113.0/28 <= A 203.0.113.0/28"));
}

TEST(DeadRules, ProfilesAndDirectionsStandAlone) {
  const auto env = environment({"a | nsp/data   | inbound  | 203.0.113.0/28",
                                "b | nsp/vaults | inbound  | 203.0.113.0/28",
                                "c | nsp/vaults | outbound | api.contoso.com"});
  EXPECT_THAT(dead(env), IsEmpty());
}

TEST(DeadRules, PrivateAddressesNeitherCoverNorCount) {
  const auto env = environment({"a | nsp/data | inbound | 8.0.0.0/6",
                                "b | nsp/data | inbound | 8.0.0.0/7, 11.0.0.0/8, 10.0.0.0/8, "
                                "192.0.2.0/24",
                                "c | nsp/data | inbound | 10.1.0.0/16"});
  EXPECT_THAT(dead(env), ElementsAre("rule a <= b 8.0.0.0/7, b 11.0.0.0/8"));
}

TEST(DeadRules, IPv6IsReadAsU2Says) {
  const auto env = environment(
      {"a | nsp/data | inbound | 2001:db8::/32", "b | nsp/data | inbound | 2001:db8:1::/48"});
  EXPECT_THAT(dead(env), ElementsAre("rule b <= a 2001:db8::/32"));
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "U2=none"));
  EXPECT_THAT(dead(env, readings), IsEmpty());
}

TEST(DeadRules, SubscriptionsAreCoveredByThemselves) {
  const auto env =
      environment({"a | nsp/data | inbound | subscription 11111111-1111-1111-1111-111111111111",
                   "b | nsp/data | inbound | subscription 11111111-1111-1111-1111-111111111111",
                   "c | nsp/data | inbound | subscription 22222222-2222-2222-2222-222222222222",
                   "d | nsp/data | inbound | 0.0.0.0/0"});
  EXPECT_THAT(dead(env), ElementsAre("rule b <= a 11111111-1111-1111-1111-111111111111"));
}

TEST(DeadRules, NamesUnderAWildcard) {
  const auto env = environment({"api   | nsp/data | outbound | api.contoso.com",
                                "deep  | nsp/data | outbound | a.b.contoso.com",
                                "inner | nsp/data | outbound | *.b.contoso.com",
                                "itself | nsp/data | outbound | contoso.com",
                                "wide  | nsp/data | outbound | *.contoso.com"});
  EXPECT_THAT(dead(env),
              ElementsAre("rule api <= wide *.contoso.com", "rule deep <= wide *.contoso.com (U4)",
                          "rule inner <= wide *.contoso.com (U4)"));
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "U4=one-label"));
  EXPECT_THAT(dead(env, readings),
              ElementsAre("rule api <= wide *.contoso.com", "rule deep <= inner *.b.contoso.com"));
}

TEST(DeadRules, EveryNameIsUnderTheStar) {
  const auto env = environment(
      {"a | nsp/data | outbound | *, *.contoso.com", "b | nsp/data | outbound | contoso.com, *"});
  EXPECT_THAT(dead(env), ElementsAre("rule b <= a *", "a *.contoso.com <= a *"));
}

TEST(DeadRules, TagsCoverWhereEveryMemberSupportsThem) {
  auto env = environment(
      {"a | nsp/vaults | inbound | tag Contoso", "b | nsp/vaults | inbound | 203.0.113.0/28",
       "c | nsp/data   | inbound | 203.0.113.0/28", "d | nsp/data   | inbound | tag Contoso"});
  env.service_tags["contoso"] = {*IpPrefix::parse("203.0.113.0/27"),
                                 *IpPrefix::parse("198.51.100.0/27")};
  EXPECT_THAT(dead(env), ElementsAre("rule b <= a Contoso"));
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "C6=unavailable"));
  EXPECT_THAT(dead(env, readings), IsEmpty());
}

TEST(DeadRules, ATagInsidePrefixesIsDead) {
  auto env = environment({"a | nsp/vaults | inbound | tag Contoso",
                          "b | nsp/vaults | inbound | 203.0.113.0/28, 198.51.100.0/24",
                          "c | nsp/vaults | inbound | tag Nobody.Knows",
                          "d | nsp/vaults | inbound | tag nobody.knows"});
  env.service_tags["contoso"] = {*IpPrefix::parse("203.0.113.0/29"),
                                 *IpPrefix::parse("198.51.100.0/27")};
  EXPECT_THAT(dead(env), ElementsAre("rule a <= b 203.0.113.0/28, b 198.51.100.0/24",
                                     "rule d <= c Nobody.Knows"));
}

TEST(DeadRules, FewerTagsThanPrefixesAreNamed) {
  auto env = environment({"whole | nsp/vaults | inbound | 203.0.113.0/24",
                          "tags  | nsp/vaults | inbound | tag Left",
                          "more  | nsp/vaults | inbound | tag Right, tag Middle",
                          "parts | nsp/vaults | inbound | 203.0.113.128/26, 203.0.113.192/26"});
  env.service_tags["left"] = {*IpPrefix::parse("203.0.113.0/25"), *IpPrefix::parse("192.0.2.0/24")};
  env.service_tags["right"] = {*IpPrefix::parse("203.0.113.128/25"),
                               *IpPrefix::parse("192.0.3.0/24")};
  env.service_tags["middle"] = {*IpPrefix::parse("203.0.113.64/26"),
                                *IpPrefix::parse("192.0.4.0/24")};
  EXPECT_THAT(dead(env),
              ElementsAre("rule whole <= more Right, tags Left", "rule parts <= more Right"));
}

TEST(DeadRules, WhatIsNotKnownKeepsItsRule) {
  auto env = environment({"a | nsp/data | inbound | 203.0.113.0/28",
                          "b | nsp/data | inbound | 203.0.113.0/28",
                          "c | nsp/data | inbound | 203.0.113.0/28"});
  auto& rules = env.perimeters[0].profiles[0].rules;
  rules[1].unresolved = {{"addressPrefixes", "[parameters('x')]", {}}};
  rules[2].unresolved = {{"direction", "[parameters('y')]", {}}};
  EXPECT_THAT(dead(env), ElementsAre("rule a <= b 203.0.113.0/28"));
}

TEST(RuleProof, ToldApartByTheAddressPastTheEnd) {
  const auto env = environment({"a | nsp/data | inbound | 203.0.113.0/28"});
  const auto wider = environment({"a | nsp/data | inbound | 203.0.113.0/27"});
  const Policy before = compile(env);
  const Policy after = compile(wider);
  const auto attempts = telling_attempts(env, {0, 0, kNone});
  const auto change = first_change(before, after, attempts);
  ASSERT_TRUE(change);
  EXPECT_EQ(to_string(*change->address), "203.0.113.16");
  EXPECT_EQ(first_change(before, before, attempts), std::nullopt);
}

TEST(RuleProof, ToldApartByCredentialAndByName) {
  const std::string one = "subscription 11111111-1111-1111-1111-111111111111";
  const auto with =
      environment({"a | nsp/data | inbound | " + one, "b | nsp/data | outbound | *.contoso.com"});
  const auto attempts = telling_attempts(with, {0, 0, kNone});
  const auto no_subscription = first_change(
      compile(with), compile(environment({"b | nsp/data | outbound | *.contoso.com"})), attempts);
  ASSERT_TRUE(no_subscription);
  EXPECT_EQ(no_subscription->credential, Credential::ManagedIdentity);
  const auto narrower =
      first_change(compile(with),
                   compile(environment({"a | nsp/data | inbound | " + one,
                                        "b | nsp/data | outbound | x.contoso.com"})),
                   attempts);
  ASSERT_TRUE(narrower);
  EXPECT_EQ(narrower->to, "x.x.contoso.com");
}

}  // namespace
}  // namespace nsp

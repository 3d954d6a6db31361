// What the pages of scenarios/85-lint leave out of the checks of rules: other readings, callers
// that say little, values that are not known.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/analysis/lint.h"
#include "tests/unit/report/page_environment.h"

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kSubscription = "11111111-1111-1111-1111-111111111111";

constexpr std::string_view kRuleMembers = R"(
```scenario
status: local
```

| resource | kind      | profile    | mode     | identity | firewall |
| -------- | --------- | ---------- | -------- | -------- | -------- |
| st       | storage   | nsp/data   | Enforced | no       | closed   |
| foundry  | foundry   | nsp/data   | Learning | no       | closed   |
| vault    | key vault | nsp/vaults | Audit    | no       | open     |

| rule | profile | direction | allows |
| ---- | ------- | --------- | ------ |
)";

Environment rules_environment(const std::vector<std::string>& rules) {
  std::string page(kRuleMembers);
  for (const std::string& rule : rules) page += "| " + rule + " |\n";
  return test::sample_environment(page).policy.environment();
}

struct Given {
  const std::vector<Caller>* callers = nullptr;
  std::string assume;
};

// `severity ID subject: message` of each.
std::vector<std::string> lint(Environment env, const std::string& enable, const Given& given = {}) {
  const Policy policy = compile(std::move(env));
  Readings readings;
  EXPECT_TRUE(add_assumptions(readings, given.assume));
  const std::vector<std::string> words{enable};
  const auto selection = select_checks(words, {});
  EXPECT_TRUE(selection);
  std::vector<std::string> lines;
  for (const Finding& finding : run_lint({policy, given.callers, readings}, *selection)) {
    lines.push_back(fmt::format("{} {} {}: {}", to_string(finding.severity), finding.check->id,
                                finding.subject, finding.message));
  }
  return lines;
}

Caller caller(std::optional<Credential> credential, std::string_view subscription = {}) {
  Caller made;
  made.name = "job";
  made.credential = credential;
  if (!subscription.empty()) made.subscription = Guid::parse(subscription);
  return made;
}

TEST(LintRules, AValueThatIsNotKnownIsNoEmptyRule) {
  auto env = rules_environment({"a | nsp/data | inbound | 203.0.113.0/28"});
  AccessRule& rule = env.perimeters[0].profiles[0].rules[0];
  rule.prefixes.clear();
  EXPECT_THAT(lint(env, "empty-rule"),
              ElementsAre("warning NSP106 nsp/data/a: inbound rule `a` has no element, so it "
                          "admits nothing"));
  rule.unresolved = {{"addressPrefixes", "[parameters('x')]", {}}};
  EXPECT_THAT(lint(env, "empty-rule"), IsEmpty());
}

TEST(LintRules, ATagInsideAPrefixIsCovered) {
  auto env = rules_environment({"a | nsp/vaults | inbound | tag Contoso, 198.51.100.0/24",
                                "b | nsp/vaults | inbound | 203.0.113.0/24"});
  env.service_tags["contoso"] = {*IpPrefix::parse("203.0.113.0/28")};
  const std::string finding =
      "warning NSP102 nsp/vaults/a: `Contoso` of rule `a` admits nothing that `203.0.113.0/24` of "
      "rule `b` does not admit";
  EXPECT_THAT(lint(env, "NSP10x"), ElementsAre(finding));
  EXPECT_THAT(lint(env, "NSP109"), IsEmpty());
  EXPECT_THAT(lint(env, "NSP109", {.assume = "C6=unavailable"}),
              ElementsAre("warning NSP109 nsp/vaults/a: `Contoso` of rule `a` never matches: "
                          "service tags mean nothing to Key Vault"));
}

TEST(LintRules, UnsupportedTagsNameEachServiceOnce) {
  const auto env = rules_environment({"a | nsp/data | inbound | tag AzureCloud"});
  EXPECT_THAT(lint(env, "NSP109,NSP110,NSP208"),
              ElementsAre("warning NSP109 nsp/data/a: `AzureCloud` of rule `a` never matches: "
                          "service tags mean nothing to Storage and Foundry"));
  EXPECT_THAT(lint(env, "NSP208", {.assume = "C6=any"}),
              ElementsAre("warning NSP208 nsp/data/a: `AzureCloud` of rule `a` holds public "
                          "addresses of Azure, virtual machines of all customers among them"));
}

TEST(LintRules, ASubscriptionThatNoCallerShows) {
  const auto env =
      rules_environment({fmt::format("a | nsp/data | inbound | subscription {}", kSubscription)});
  const std::string finding = fmt::format(
      "warning NSP108 nsp/data/a: subscription `{}` of rule `a` admits nobody: no caller shows a "
      "managed identity of it, and no resource needs it",
      kSubscription);
  const auto with = [&](std::vector<Caller> callers, std::string assume = {}) {
    return lint(env, "NSP108", {&callers, std::move(assume)});
  };
  EXPECT_THAT(lint(env, "NSP108"), IsEmpty());
  EXPECT_THAT(with({}), IsEmpty());
  EXPECT_THAT(with({caller(Credential::Key, kSubscription)}), ElementsAre(finding));
  EXPECT_THAT(with({caller(Credential::ManagedIdentity, "22222222-2222-2222-2222-222222222222")}),
              ElementsAre(finding));
  EXPECT_THAT(with({caller(Credential::ManagedIdentity)}), IsEmpty());
  EXPECT_THAT(with({caller(std::nullopt, kSubscription)}), IsEmpty());
  EXPECT_THAT(with({caller(Credential::ServicePrincipal, kSubscription)}), ElementsAre(finding));
  EXPECT_THAT(with({caller(Credential::ServicePrincipal, kSubscription)}, "U6=match"), IsEmpty());
}

TEST(LintRules, EverybodyInPartsOfIPv6IsGlobalUnicast) {
  const auto env =
      rules_environment({"a | nsp/data | inbound | 2000::/4, 203.0.113.0/24",
                         "b | nsp/data | inbound | 3000::/5", "c | nsp/data | inbound | 3800::/5"});
  EXPECT_THAT(lint(env, "NSP204"),
              ElementsAre("warning NSP204 nsp/data: `2000::/4` of rule `a`, `3000::/5` of rule "
                          "`b` and `3800::/5` of rule `c` together admit every public IPv6 "
                          "address"));
  EXPECT_THAT(lint(rules_environment({"a | nsp/data | inbound | ::/0"}), "NSP204"), IsEmpty());
}

TEST(LintRules, ManyPartsAreCounted) {
  std::string list;
  for (int i = 0; i < 16; ++i) list += fmt::format("{}{}.0.0.0/4", i == 0 ? "" : ", ", 16 * i);
  EXPECT_THAT(lint(rules_environment({"a | nsp/data | inbound | " + list}), "NSP204"),
              ElementsAre("warning NSP204 nsp/data: `0.0.0.0/4` of rule `a`, `16.0.0.0/4` of rule "
                          "`a`, `32.0.0.0/4` of rule `a`, `48.0.0.0/4` of rule `a` and 12 others "
                          "together admit every public IPv4 address"));
}

TEST(LintRules, WildcardsAboveSharedNamesHangOnU4) {
  const auto env =
      rules_environment({"a | nsp/data | outbound | *.windows.net, *.search.windows.net"});
  EXPECT_THAT(lint(env, "NSP206"),
              ElementsAre("warning NSP206 nsp/data/a: `*.search.windows.net` of rule `a` admits "
                          "the host of any customer's AI Search",
                          "warning NSP206 nsp/data/a: `*.windows.net` of rule `a` admits the host "
                          "of any customer's Storage (`*.blob.core.windows.net`) and 8 other "
                          "shared suffixes"));
  EXPECT_THAT(lint(env, "NSP206", {.assume = "U4=one-label"}),
              ElementsAre("warning NSP206 nsp/data/a: `*.search.windows.net` of rule `a` admits "
                          "the host of any customer's AI Search"));
}

TEST(LintRules, LearningAndAuditWithAnOpenFirewall) {
  EXPECT_THAT(lint(rules_environment({"a | nsp/data | inbound | 203.0.113.0/28"}), "NSP209"),
              ElementsAre("note NSP209 vault: `vault` is associated in Audit and its own firewall "
                          "admits everybody, so no rule of the perimeter holds anybody off"));
}

TEST(LintRules, CoveringRulesAreRelatedPlaces) {
  const Policy policy = compile(rules_environment(
      {"a | nsp/data | inbound | 203.0.113.0/28", "b | nsp/data | inbound | 203.0.113.0/24"}));
  const auto findings =
      run_lint({policy}, select_checks(std::vector<std::string>{"NSP102"}, {}).value());
  ASSERT_EQ(findings.size(), 1U);
  const auto& rules = policy.environment().perimeters[0].profiles[0].rules;
  EXPECT_EQ(findings[0].place, rules[0].place);
  EXPECT_THAT(findings[0].related,
              ElementsAre(RelatedPlace{rules[1].place, "`203.0.113.0/24` of rule `b` covers it"}));
}

}  // namespace
}  // namespace nsp

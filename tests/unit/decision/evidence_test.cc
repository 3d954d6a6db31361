#include "sim/decision/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/decision/small_environment.h"

namespace nsp {
namespace {

using test::from_outside;
using test::kListed;
using test::kOther;
using test::small_environment;
using testing::ElementsAre;

Observation seen(Attempt attempt) { return {std::move(attempt), std::nullopt, {}}; }

Observation recorded(Attempt attempt, LogCategory category, std::string rule = {}) {
  attempt.credential.reset();
  attempt.via = Via::Public;
  return {std::move(attempt), Recorded{category, std::move(rule), "p1"}, {}};
}

Attempt unknown_caller(std::string_view address) {
  Attempt attempt = from_outside("st", Credential::User, address);
  attempt.credential.reset();
  return attempt;
}

// `st` in Learning, open: what a rule does not admit, its own firewall does.
Policy open_learning() {
  Environment environment = small_environment(AccessMode::Learning);
  environment.resources[0].firewall.default_allow = true;
  return compile(std::move(environment));
}

// `verdict: reason` when enforced, and how many hypotheses it rests on.
struct Heard {
  Evidence evidence;
  Judgement now;
  Judgement enforced;
};
Heard hear(const Policy& policy, const Observation& observation) {
  Heard heard;
  heard.evidence = weigh(policy, policy, observation).value();
  heard.now = judge(policy, observation, heard.evidence).value();
  heard.enforced = judge(policy, observation, heard.evidence, if_enforced()).value();
  return heard;
}
std::string outcome(const Judgement& judgement) {
  return std::string(to_string(judgement.verdict)) + ": " + judgement.reason;
}
std::vector<std::string> possibilities(const Judgement& judgement) {
  std::vector<std::string> all;
  for (const Possibility& p : judgement.possibilities) {
    all.push_back(to_string(p.hypothesis) + " → " + std::string(to_string(p.verdict)) + ": " +
                  p.reason);
  }
  return all;
}

TEST(Evidence, A_capture_does_not_show_the_credential) {
  const Policy policy = open_learning();
  const Heard heard = hear(policy, seen(unknown_caller("198.51.100.9")));
  EXPECT_EQ(outcome(heard.now), "allow: resource rule default action");
  EXPECT_EQ(outcome(heard.enforced), "undecided: missing credential");
  EXPECT_EQ(heard.enforced.clause, Clause::G10);
  EXPECT_THAT(possibilities(heard.enforced),
              ElementsAre("credential user → deny: no inbound rule",
                          "managed identity of subscription "
                          "11111111-1111-1111-1111-111111111111 → allow: inbound rule ci"));
}

TEST(Evidence, Where_no_value_changes_the_verdict_it_is_decided) {
  const Policy policy = open_learning();
  const Heard inside = hear(policy, seen(unknown_caller("203.0.113.5")));
  EXPECT_EQ(outcome(inside.enforced), "allow: inbound rule office");
  EXPECT_THAT(inside.enforced.possibilities, testing::IsEmpty());
}

TEST(Evidence, A_stated_credential_is_not_varied) {
  const Policy policy = open_learning();
  const Heard heard = hear(policy, seen(from_outside("st", Credential::Key, "198.51.100.9")));
  ASSERT_EQ(heard.evidence.fits.size(), 1U);
  EXPECT_EQ(to_string(heard.evidence.fits.front()), "as stated");
  EXPECT_EQ(outcome(heard.enforced), "deny: no inbound rule");
}

TEST(Evidence, A_managed_identity_without_its_subscription_lacks_only_that) {
  const Policy policy = open_learning();
  const Heard heard =
      hear(policy, seen(from_outside("st", Credential::ManagedIdentity, "198.51.100.9")));
  EXPECT_EQ(outcome(heard.enforced), "undecided: missing subscription");
}

TEST(Evidence, One_leg_alone_is_judged_whatever_was_recorded) {
  const Policy policy = open_learning();
  const Observation observation = seen(unknown_caller("198.51.100.9"));
  const Evidence evidence = weigh(policy, policy, observation).value();
  const auto inbound =
      judge_leg(policy, observation, Direction::Inbound, evidence, if_enforced()).value();
  EXPECT_EQ(outcome(inbound), "undecided: missing credential");
  EXPECT_EQ(judge_leg(policy, observation, Direction::Outbound, evidence).error(),
            "`office` is no resource of the environment, so its outbound leg cannot be judged");
}

TEST(Evidence, A_record_of_the_resources_rules_rules_out_the_listed_subscription) {
  const Policy policy = open_learning();
  const Heard heard = hear(policy, recorded(unknown_caller("198.51.100.9"),
                                            LogCategory::NspPublicInboundResourceRulesAllowed));
  EXPECT_TRUE(heard.evidence.agrees);
  EXPECT_TRUE(heard.evidence.narrowed);
  EXPECT_EQ(outcome(heard.enforced), "deny: no inbound rule");
}

TEST(Evidence, A_record_of_a_subscription_rule_is_of_a_managed_identity) {
  const Policy policy = open_learning();
  const Heard heard =
      hear(policy, recorded(unknown_caller("198.51.100.9"),
                            LogCategory::NspPublicInboundPerimeterRulesAllowed, "ci"));
  EXPECT_TRUE(heard.evidence.agrees);
  ASSERT_EQ(heard.evidence.fits.size(), 1U);
  EXPECT_EQ(to_string(heard.evidence.fits.front()),
            "managed identity of subscription 11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(heard.evidence.predicted_rule, "ci");
  EXPECT_EQ(outcome(heard.enforced), "allow: inbound rule ci");
}

TEST(Evidence, A_member_whose_record_names_the_resources_rules_showed_no_identity) {
  const Policy policy = open_learning();
  const Observation observation =
      recorded(test::between("search", "st"), LogCategory::NspPublicInboundResourceRulesAllowed);
  const Heard heard = hear(policy, observation);
  EXPECT_TRUE(heard.evidence.agrees);
  for (const Hypothesis& hypothesis : heard.evidence.fits) {
    EXPECT_NE(hypothesis.credential, Credential::ManagedIdentity);
  }
  EXPECT_EQ(outcome(heard.now), "allow: resource rule default action");
  EXPECT_EQ(outcome(heard.enforced), "deny: no inbound rule");
}

TEST(Evidence, An_intra_record_is_of_a_managed_identity) {
  const Policy policy = open_learning();
  const Heard heard = hear(policy, recorded(test::between("search", "st"),
                                            LogCategory::NspIntraPerimeterInboundAllowed));
  ASSERT_EQ(heard.evidence.fits.size(), 1U);
  EXPECT_EQ(heard.evidence.fits.front().credential, Credential::ManagedIdentity);
  EXPECT_EQ(outcome(heard.enforced), "allow: same perimeter");
}

TEST(Evidence, A_record_is_judged_by_its_own_leg) {
  const Policy policy = compile(small_environment(AccessMode::Enforced));
  const Attempt attempt = test::between("search", "kv");
  const Observation outbound =
      recorded(attempt, LogCategory::NspPublicOutboundPerimeterRulesDenied);
  const Observation inbound = recorded(attempt, LogCategory::NspPublicInboundPerimeterRulesDenied);
  EXPECT_EQ(outcome(hear(policy, outbound).now), "deny: no outbound rule");
  EXPECT_EQ(outcome(hear(policy, inbound).now), "deny: no inbound rule");
}

TEST(Evidence, A_record_that_the_baseline_does_not_explain_disagrees) {
  const Policy policy = open_learning();
  // The office has a rule now; when this was written it had none.
  const Heard heard = hear(policy, recorded(unknown_caller("203.0.113.5"),
                                            LogCategory::NspPublicInboundResourceRulesAllowed));
  EXPECT_FALSE(heard.evidence.agrees);
  EXPECT_THAT(heard.evidence.predicted.view(),
              ElementsAre(LogCategory::NspPublicInboundPerimeterRulesAllowed));
  EXPECT_EQ(heard.evidence.predicted_rule, "office");
  EXPECT_EQ(outcome(heard.enforced), "allow: inbound rule office");
}

TEST(Evidence, Another_rule_than_the_recorded_one_disagrees) {
  const Policy policy = open_learning();
  const Heard heard =
      hear(policy, recorded(unknown_caller("203.0.113.5"),
                            LogCategory::NspPublicInboundPerimeterRulesAllowed, "old-office"));
  EXPECT_FALSE(heard.evidence.agrees);
  EXPECT_EQ(heard.evidence.predicted_rule, "office");
}

TEST(Evidence, Under_Enforced_both_kinds_of_category_are_taken) {
  const Policy policy = compile(small_environment(AccessMode::Enforced));
  const Heard denied = hear(policy, recorded(unknown_caller("198.51.100.9"),
                                             LogCategory::NspPublicInboundResourceRulesDenied));
  EXPECT_TRUE(denied.evidence.agrees);
  const Heard allowed = hear(policy, recorded(unknown_caller("198.51.100.9"),
                                              LogCategory::NspPublicInboundResourceRulesAllowed));
  EXPECT_TRUE(allowed.evidence.agrees);  // a managed identity of the listed subscription
  EXPECT_EQ(outcome(allowed.enforced), "allow: inbound rule ci");
}

TEST(Evidence, A_trusted_service_is_a_value_that_can_be_missing) {
  Environment now = small_environment(AccessMode::Learning);
  now.resources[0].firewall.default_allow = true;
  now.resources[0].firewall.trusted_services = true;
  Environment then = now;
  then.resources[0].firewall.default_allow = false;
  const Policy baseline = compile(std::move(now));
  const Policy candidate = compile(std::move(then));
  Attempt attempt = unknown_caller("198.51.100.9");
  attempt.credential = Credential::User;
  Observation observation = recorded(attempt, LogCategory::NspPublicInboundResourceRulesAllowed);
  observation.attempt.credential = Credential::User;
  const Evidence evidence = weigh(baseline, candidate, observation).value();
  EXPECT_EQ(outcome(judge(candidate, observation, evidence).value()),
            "undecided: missing trusted service");
}

TEST(Evidence, A_missing_address_is_named_where_every_credential_lacks_it) {
  Environment environment = small_environment(AccessMode::Enforced);
  environment.perimeters[0].profiles[0].rules.erase(
      environment.perimeters[0].profiles[0].rules.begin() + 1);  // the subscription rule
  const Policy policy = compile(std::move(environment));
  EXPECT_EQ(outcome(hear(policy, seen(unknown_caller(""))).now), "undecided: missing address");
}

TEST(Evidence, A_destination_that_nobody_knows) {
  const Policy policy = open_learning();
  Attempt outside = unknown_caller("198.51.100.9");
  outside.to.clear();
  EXPECT_EQ(outcome(hear(policy, seen(outside)).now), "undecided: missing host name");

  Attempt inside = test::between("st", "");
  EXPECT_EQ(outcome(hear(policy, seen(inside)).now), "allow: outbound not restricted");
  EXPECT_EQ(outcome(hear(policy, seen(inside)).enforced), "undecided: missing host name");
}

ResourceId subnet(std::string_view name) {
  return test::id_of("Microsoft.Network/virtualNetworks", "vnet").child("subnets", name);
}

// `st` in Learning, closed but for these subnets.
Policy admitting(const std::vector<std::string_view>& subnets) {
  Environment environment = small_environment(AccessMode::Learning);
  for (const std::string_view name : subnets) {
    environment.resources[0].firewall.subnet_rules.push_back(subnet(name));
  }
  return compile(std::move(environment));
}

Observation through_service_endpoint(LogCategory category, std::string rule = {}) {
  Observation observation = recorded(unknown_caller(""), category, std::move(rule));
  observation.attempt.via = Via::ServiceEndpoint;
  return observation;
}

TEST(Evidence, A_record_tells_of_the_subnet_that_a_service_endpoint_hides) {
  const Policy policy = admitting({"apps", "jobs"});
  const Heard allowed =
      hear(policy, through_service_endpoint(LogCategory::NspPublicInboundResourceRulesAllowed,
                                            "virtual network rule"));
  EXPECT_TRUE(allowed.evidence.agrees);
  EXPECT_EQ(outcome(allowed.now), "allow: resource rule subnet vnet/apps");
  EXPECT_EQ(outcome(allowed.enforced), "deny: no inbound rule");
  const Heard named =
      hear(policy, through_service_endpoint(LogCategory::NspPublicInboundResourceRulesAllowed,
                                            "subnet vnet/jobs"));
  EXPECT_EQ(outcome(named.now), "allow: resource rule subnet vnet/jobs");
  EXPECT_EQ(named.evidence.predicted_rule, "subnet vnet/jobs");
  const Heard denied =
      hear(policy, through_service_endpoint(LogCategory::NspPublicInboundResourceRulesDenied));
  EXPECT_TRUE(denied.evidence.agrees);
  EXPECT_EQ(outcome(denied.now), "deny: resource rules");
  EXPECT_EQ(to_string(denied.evidence.fits.front()),
            "credential user, in a subnet that no rule names");
}

TEST(Evidence, A_subnet_that_only_the_candidate_names_may_be_the_one) {
  const Policy baseline = admitting({"apps"});
  const Policy candidate = admitting({"apps", "jobs"});
  const Observation observation =
      through_service_endpoint(LogCategory::NspPublicInboundResourceRulesDenied);
  const Evidence evidence = weigh(baseline, candidate, observation).value();
  EXPECT_TRUE(evidence.agrees);
  EXPECT_EQ(outcome(judge(baseline, observation, evidence).value()), "deny: resource rules");
  const Judgement then = judge(candidate, observation, evidence).value();
  EXPECT_EQ(outcome(then), "undecided: missing subnet");
  EXPECT_THAT(
      possibilities(then),
      ElementsAre("credential user, in a subnet that no rule names → deny: resource rules",
                  "credential user, in subnet vnet/jobs → allow: resource rule subnet vnet/jobs"));
}

TEST(Evidence, A_matched_rule_in_our_words_rules_out_the_others) {
  Environment environment = small_environment(AccessMode::Learning);
  environment.resources[0].firewall.trusted_services = true;
  environment.resources[0].firewall.ip_rules = {
      {IpPrefix::parse("198.51.100.0/24").value(), "198.51.100.0/24"}};
  const Policy policy = compile(std::move(environment));
  const auto now = [&](std::string rule) {
    return hear(policy, recorded(unknown_caller("198.51.100.9"),
                                 LogCategory::NspPublicInboundResourceRulesAllowed, rule));
  };
  EXPECT_EQ(outcome(now("trusted service").now), "allow: trusted service");
  EXPECT_EQ(now("trusted service").evidence.predicted_rule, "trusted service");
  EXPECT_EQ(outcome(now("ip 198.51.100.0/24").now), "allow: resource rule ip 198.51.100.0/24");
  for (const Hypothesis& hypothesis : now("ip 198.51.100.0/24").evidence.fits) {
    EXPECT_FALSE(hypothesis.trusted_service);
  }
  // A word of the service's own tells nothing, and is no disagreement.
  const Heard own = now("IP firewall");
  EXPECT_TRUE(own.evidence.agrees);
  EXPECT_TRUE(std::ranges::any_of(own.evidence.fits, &Hypothesis::trusted_service));
}

TEST(Evidence, A_service_principal_has_a_subscription_where_it_is_read_so) {
  const Policy policy = open_learning();
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "U6=match"));
  const Observation observation = recorded(
      unknown_caller("198.51.100.9"), LogCategory::NspPublicInboundPerimeterRulesAllowed, "ci");
  const Evidence evidence = weigh(policy, policy, observation, readings).value();
  ASSERT_EQ(evidence.fits.size(), 2U);
  EXPECT_EQ(to_string(evidence.fits[0]),
            "service principal of subscription 11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(to_string(evidence.fits[1]),
            "managed identity of subscription 11111111-1111-1111-1111-111111111111");
  EXPECT_EQ(outcome(judge(policy, observation, evidence, if_enforced(), readings).value()),
            "allow: inbound rule ci");
}

TEST(Evidence, What_cannot_be_bound_says_why) {
  const Policy policy = open_learning();
  Attempt attempt = unknown_caller("198.51.100.9");
  attempt.to = "nowhere";
  EXPECT_EQ(weigh(policy, policy, recorded(attempt, LogCategory::NspPrivateInboundAllowed)).error(),
            "unknown destination `nowhere`, expected a resource of the environment or a host name");
  attempt.to = "st";
  EXPECT_EQ(weigh(policy, policy, recorded(attempt, LogCategory::NspOutboundAttempt)).error(),
            "`office` is no resource of the environment, so its outbound leg cannot be judged");
}

}  // namespace
}  // namespace nsp

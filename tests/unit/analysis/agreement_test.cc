#include "sim/analysis/agreement.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/observations.h"
#include "tests/unit/report/page_environment.h"

namespace nsp {
namespace {

using test::in_the_log;
using test::on_the_wire;

constexpr LogCategory kByFirewall = LogCategory::NspPublicInboundResourceRulesAllowed;
constexpr LogCategory kByRule = LogCategory::NspPublicInboundPerimeterRulesAllowed;
constexpr LogCategory kDeniedByRules = LogCategory::NspPublicInboundPerimeterRulesDenied;

class AgreementTest : public testing::Test {
 protected:
  Agreement compare(const std::vector<Observation>& observations,
                    const RuleVersions& versions = {}) {
    const Comparison comparison{&environment_.policy, &environment_.policy, {}, if_enforced(), {}};
    return compare_records(judge_all(observations, comparison), comparison, versions);
  }
  // The explanation of the only disagreement.
  std::string why(Observation observation, const RuleVersions& versions = {}) {
    const Agreement agreement = compare({std::move(observation)}, versions);
    EXPECT_EQ(agreement.disagreements.size(), 1U);
    return agreement.disagreements.empty() ? "agrees" : agreement.disagreements[0].explanation;
  }

  test::PageEnvironment environment_ = test::sample_environment();
};

TEST_F(AgreementTest, Counts_events_and_leaves_out_what_has_no_record) {
  const Agreement agreement = compare({in_the_log("203.0.113.7", "st", kByRule, "office", 30),
                                       in_the_log("203.0.113.7", "st", kByRule, "home", 9),
                                       in_the_log("192.0.2.1", "gone", kByRule, "office", 2),
                                       on_the_wire("203.0.113.7", "st", 100)});
  EXPECT_EQ(agreement.agreeing, 30U);
  EXPECT_EQ(agreement.disagreeing, 9U);
  EXPECT_EQ(agreement.unjudged, 2U);
  EXPECT_DOUBLE_EQ(agreement.share(), 30.0 / 39.0);
  ASSERT_EQ(agreement.disagreements.size(), 1U);
  const Disagreement& one = agreement.disagreements[0];
  EXPECT_EQ(one.resource, "st");
  EXPECT_EQ(one.profile, "data");
  EXPECT_EQ(one.recorded, (RecordedOutcome{"NspPublicInboundPerimeterRulesAllowed", "home"}));
  EXPECT_EQ(one.recorded.action(), "Approved");
  EXPECT_EQ(one.predicted, (RecordedOutcome{"NspPublicInboundPerimeterRulesAllowed", "office"}));
  EXPECT_EQ(one.from, "203.0.113.7");
  EXPECT_EQ(one.to, "st");
}

TEST_F(AgreementTest, Is_whole_where_there_is_nothing) {
  EXPECT_DOUBLE_EQ(compare({}).share(), 1.0);
  EXPECT_TRUE(compare({on_the_wire("203.0.113.7", "st")}).empty());
}

TEST_F(AgreementTest, A_rule_that_is_gone) {
  EXPECT_EQ(why(in_the_log("203.0.113.7", "st", kByRule, "offices")),
            "profile `data` has no rule `offices`: renamed or removed since; it has `office`");
  EXPECT_EQ(why(in_the_log("203.0.113.7", "st", kByRule, "home")),
            "profile `data` has no rule `home`: renamed or removed since");
}

TEST_F(AgreementTest, A_rule_that_does_not_match_any_more) {
  EXPECT_EQ(why(in_the_log("203.0.113.20", "st", kByRule, "office")),
            "rule `office` does not match as it is described: source 203.0.113.20 is 5 past the "
            "end of 203.0.113.0/28");
}

TEST_F(AgreementTest, Another_profile) {
  Observation observation = in_the_log("203.0.113.7", "st", kByRule, "home");
  observation.recorded->profile = "other";
  EXPECT_EQ(why(observation),
            "recorded under profile `other`, which it does not have, the environment associates "
            "`st` with `data`");
}

TEST_F(AgreementTest, Between_members_one_of_whom_is_not_known) {
  EXPECT_EQ(why(in_the_log("203.0.113.7", "st", LogCategory::NspIntraPerimeterInboundAllowed)),
            "recorded between members, `203.0.113.7` is no resource of the environment");
}

TEST_F(AgreementTest, Denied_then_and_admitted_now) {
  EXPECT_EQ(why(in_the_log("203.0.113.7", "search-1", kDeniedByRules)),
            "denied by the perimeter when it was recorded, the environment says allow: inbound "
            "rule office: rules or mode changed since");
  EXPECT_EQ(why(in_the_log("203.0.113.7", "st", kByFirewall)),
            "no perimeter rule of `st` had admitted it, the environment says allow: inbound rule "
            "office: rules or firewall changed since");
}

TEST_F(AgreementTest, Enforced_then_and_in_learning_now) {
  EXPECT_EQ(why(in_the_log("198.51.100.7", "st", kDeniedByRules)),
            "`st` is in Learning, where its perimeter refuses nothing: it was Enforced, or its "
            "publicNetworkAccess SecuredByPerimeter, when this was recorded");
}

TEST_F(AgreementTest, Tells_when_the_rules_changed_within_the_window) {
  EXPECT_EQ(why(in_the_log("203.0.113.7", "st", kByRule, "home"), {{"data", {"3", "4"}}}),
            "profile `data` has no rule `home`: renamed or removed since; the rules of `data` "
            "changed within the window (versions 3, 4)");
}

TEST_F(AgreementTest, The_heaviest_disagreement_comes_first) {
  const Agreement agreement = compare({in_the_log("203.0.113.7", "st", kByRule, "a", 2),
                                       in_the_log("203.0.113.7", "st", kByRule, "b", 5),
                                       in_the_log("203.0.113.8", "st", kByRule, "a", 1)});
  ASSERT_EQ(agreement.disagreements.size(), 2U);
  EXPECT_EQ(agreement.disagreements[0].recorded.rule, "b");
  EXPECT_EQ(agreement.disagreements[1].seen.weight, 3U);
}

}  // namespace
}  // namespace nsp

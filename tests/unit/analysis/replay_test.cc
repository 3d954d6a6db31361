#include "sim/analysis/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/analysis/observations.h"
#include "tests/unit/report/page_environment.h"

namespace nsp {
namespace {

using test::in_the_log;
using test::on_the_wire;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr LogCategory kReplayedByFirewall = LogCategory::NspPublicInboundResourceRulesAllowed;
constexpr LogCategory kReplayedByRule = LogCategory::NspPublicInboundPerimeterRulesAllowed;

class ReplayTest : public testing::Test {
 protected:
  Replay replay(const ReplayFilter& filter = {}) {
    judged_ = judge_all(observations_, comparison());
    return make_replay(judged_, comparison(), filter);
  }
  [[nodiscard]] Comparison comparison() const {
    return {&environment_.policy, &environment_.policy, {}, if_enforced(), {}};
  }
  std::vector<std::string> unknown(const ReplayFilter& filter) {
    judged_ = judge_all(observations_, comparison());
    return unknown_names(judged_, comparison(), filter);
  }

  test::PageEnvironment environment_ = test::sample_environment();
  std::vector<Observation> observations_{
      in_the_log("198.51.100.33", "st", kReplayedByFirewall, "ip 198.51.100.0/24", 14),
      in_the_log("203.0.113.7", "st", kReplayedByRule, "office", 3),
      on_the_wire("198.51.100.34", "st", 20),
      in_the_log("192.0.2.1", "gone", kReplayedByRule, "office", 2),
  };
  std::vector<Judged> judged_;
};

TEST_F(ReplayTest, Puts_first_what_matters_most) {
  const Replay result = replay();
  ASSERT_EQ(result.tuples.size(), 3U);
  EXPECT_EQ(result.weight(Change::Revoked), 34U);
  EXPECT_EQ(result.weight(Change::Unchanged), 3U);
  const ReplayTuple& first = result.tuples[0];
  EXPECT_EQ(first.caller, "198.51.100.34");
  EXPECT_EQ(first.seen.weight, 20U);
  EXPECT_THAT(first.recorded, IsEmpty());
  const ReplayTuple& second = result.tuples[1];
  EXPECT_EQ(second.change, Change::Revoked);
  EXPECT_EQ(second.direction, Direction::Inbound);
  EXPECT_EQ(second.caller, "198.51.100.33");
  EXPECT_EQ(second.address, "198.51.100.33");
  EXPECT_EQ(second.resource, "");
  EXPECT_EQ(second.to, "st");
  EXPECT_EQ(second.profile, "nsp/data");
  EXPECT_EQ(second.credential, std::nullopt);
  EXPECT_EQ(second.path, Path::Public);
  EXPECT_EQ(second.now.reason, "resource rule ip 198.51.100.0/24");
  EXPECT_EQ(second.then.reason, "no inbound rule");
  EXPECT_EQ(second.then.clause, Clause::In5);
  EXPECT_THAT(second.recorded, ElementsAre(kReplayedByFirewall));
  EXPECT_EQ(result.tuples[2].change, Change::Unchanged);
}

TEST_F(ReplayTest, Names_the_nearest_miss_of_what_denies) {
  observations_ = {
      in_the_log("203.0.113.20", "search-1", LogCategory::NspPublicInboundPerimeterRulesDenied)};
  const Replay result = replay();
  ASSERT_EQ(result.tuples.size(), 1U);
  EXPECT_EQ(result.tuples[0].nearest_miss,
            "office: source 203.0.113.20 is 5 past the end of 203.0.113.0/28");
}

TEST_F(ReplayTest, Tells_what_cannot_be_judged) {
  const Replay result = replay();
  EXPECT_EQ(result.unjudged_weight, 2U);
  ASSERT_EQ(result.unjudged.size(), 1U);
  EXPECT_EQ(result.unjudged[0].seen.weight, 2U);
  EXPECT_THAT(result.unjudged[0].why, testing::HasSubstr("`gone`"));
}

TEST_F(ReplayTest, Sums_up_what_looks_alike) {
  observations_ = {on_the_wire("198.51.100.33", "st", 1), on_the_wire("198.51.100.33", "st", 2)};
  observations_[1].seen = test::activity(2, "2026-06-03T00:00:00Z");
  const Replay result = replay();
  ASSERT_EQ(result.tuples.size(), 1U);
  EXPECT_EQ(result.tuples[0].seen.weight, 3U);
  EXPECT_EQ(to_string(result.tuples[0].seen.last), "2026-06-03T00:00:00Z");
  EXPECT_EQ(result.tuples[0].seen.days.size(), 2U);
}

TEST_F(ReplayTest, Says_which_value_gives_which_verdict) {
  environment_ = test::sample_environment(
      "```scenario\nstatus: local\n```\n\n"
      "| resource | kind    | profile  | mode     |\n"
      "| -------- | ------- | -------- | -------- |\n"
      "| st       | storage | nsp/data | Learning |\n\n"
      "| rule | profile  | direction | allows                                            |\n"
      "| ---- | -------- | --------- | ------------------------------------------------- |\n"
      "| ci   | nsp/data | inbound   | subscription 11111111-1111-1111-1111-111111111111 |\n");
  observations_ = {on_the_wire("198.51.100.33", "st", 4)};
  const Replay result = replay();
  EXPECT_EQ(result.weight(Change::Undecided), 4U);
  ASSERT_EQ(result.tuples.size(), 1U);
  EXPECT_EQ(result.tuples[0].then.reason, "missing credential");
  EXPECT_THAT(
      result.tuples[0].then.choices,
      ElementsAre(
          OpenChoice{"credential user", Verdict::Deny, "no inbound rule"},
          OpenChoice{"managed identity of subscription 11111111-1111-1111-1111-111111111111",
                     Verdict::Allow, "inbound rule ci"}));
}

TEST_F(ReplayTest, A_filter_takes_what_fits_one_of_each_kind) {
  EXPECT_EQ(replay({.profiles = {"DATA"}, .rules = {}, .categories = {}, .resources = {}})
                .weight(Change::Revoked),
            34U);
  EXPECT_EQ(replay({.profiles = {}, .rules = {"office"}, .categories = {}, .resources = {}})
                .weight(Change::Unchanged),
            3U);
  const Replay by_category =
      replay({.profiles = {}, .rules = {}, .categories = {kReplayedByFirewall}, .resources = {}});
  // What was seen on the wire would be written under this category.
  EXPECT_EQ(by_category.weight(Change::Revoked), 34U);
  EXPECT_EQ(by_category.unjudged_weight, 0U);
  EXPECT_EQ(replay({.profiles = {}, .rules = {}, .categories = {}, .resources = {"gone"}})
                .unjudged_weight,
            2U);
  EXPECT_TRUE(
      replay({.profiles = {"data"}, .rules = {"nothing"}, .categories = {}, .resources = {}})
          .empty());
}

TEST_F(ReplayTest, Names_in_a_filter_that_nobody_has_are_told_with_the_nearest) {
  EXPECT_THAT(unknown({.profiles = {"dta"}, .rules = {"x"}, .categories = {}, .resources = {"ST"}}),
              ElementsAre("no record is of the profile `dta`; did you mean `data`?",
                          "no record is of the rule `x`"));
}

TEST_F(ReplayTest, Does_not_depend_on_the_order_of_the_observations) {
  const Replay one = replay();
  std::ranges::reverse(observations_);
  const Replay other = replay();
  ASSERT_EQ(one.tuples.size(), other.tuples.size());
  for (std::size_t i = 0; i < one.tuples.size(); ++i) {
    EXPECT_TRUE(static_cast<const ReplayKey&>(one.tuples[i]) == other.tuples[i]);
    EXPECT_EQ(one.tuples[i].seen, other.tuples[i].seen);
  }
}

}  // namespace
}  // namespace nsp

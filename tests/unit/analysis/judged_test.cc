#include "sim/analysis/judged.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/observations.h"
#include "tests/unit/report/page_environment.h"

namespace nsp {
namespace {

using test::in_the_log;
using test::on_the_wire;

TEST(JudgeAll, Says_what_enforcing_changes) {
  const auto [policy, callers] = test::sample_environment();
  const Comparison comparison{&policy, &policy, {}, if_enforced(), {}};
  const std::vector<Observation> observations{on_the_wire("198.51.100.7", "st"),
                                              on_the_wire("203.0.113.7", "st"),
                                              on_the_wire("198.51.100.7", "nobody")};
  const auto judged = judge_all(observations, comparison);
  ASSERT_EQ(judged.size(), 3U);
  EXPECT_EQ(judged[0].observation, observations.data());
  EXPECT_EQ(judged[0].change, Change::Revoked);
  EXPECT_EQ(judged[0].now.reason, "resource rule ip 198.51.100.0/24");
  EXPECT_EQ(judged[0].then.reason, "no inbound rule");
  EXPECT_EQ(judged[1].change, Change::Unchanged);
  EXPECT_NE(judged[2].error, "");
}

TEST(JudgeAll, A_resource_that_the_candidate_has_no_more_is_an_error_of_its_observation) {
  const auto [now, callers] = test::sample_environment();
  const auto [then, others] = test::sample_environment(
      "```scenario\nstatus: local\n```\n\n"
      "| resource | kind    | profile  | mode     | firewall        |\n"
      "| -------- | ------- | -------- | -------- | --------------- |\n"
      "| st       | storage | nsp/data | Learning | 198.51.100.0/24 |\n");
  const Comparison comparison{&now, &then, {}, {}, {}};
  const std::vector<Observation> observations{
      in_the_log("192.0.2.7", "search-1", LogCategory::NspPublicInboundPerimeterRulesAllowed,
                 "office"),
      in_the_log("198.51.100.7", "st", LogCategory::NspPublicInboundResourceRulesAllowed)};
  const auto judged = judge_all(observations, comparison);
  EXPECT_NE(judged[0].error, "");
  EXPECT_EQ(judged[0].then.possibilities.size(), 0U);
  EXPECT_EQ(judged[1].error, "");
  EXPECT_EQ(judged[1].change, Change::Unchanged);
}

TEST(JudgeAll, Is_the_same_with_any_number_of_jobs) {
  const auto [policy, callers] = test::sample_environment();
  const Comparison comparison{&policy, &policy, {}, if_enforced(), {}};
  std::vector<Observation> observations;
  for (int i = 0; i < 5000; ++i) {
    const std::string address =
        std::to_string(i % 2 == 0 ? 198 : 203) + ".0.113." + std::to_string(i % 256);
    observations.push_back(on_the_wire(address, i % 3 == 0 ? "search-1" : "st"));
  }
  const auto one = judge_all(observations, comparison, 1);
  const auto three = judge_all(observations, comparison, 3);
  ASSERT_EQ(one.size(), three.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].observation, three[i].observation);
    EXPECT_EQ(one[i].change, three[i].change);
    EXPECT_EQ(one[i].now.decision, three[i].now.decision);
    EXPECT_EQ(one[i].then.reason, three[i].then.reason);
  }
}

}  // namespace
}  // namespace nsp

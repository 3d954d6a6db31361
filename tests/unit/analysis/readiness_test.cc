#include "sim/analysis/readiness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/analysis/readiness_world.h"

namespace nsp {
namespace {

using enum LogCategory;
using testing::ElementsAre;
using testing::IsEmpty;

class ReadinessTest : public testing::Test {
 protected:
  ReadinessReport assess(const test::Seen& seen) {
    observations_ = seen.all;
    return assess_readiness(policy_, observations_, options_);
  }
  std::vector<std::string> why(const test::Seen& seen, std::string_view resource) {
    return test::at(assess(seen), resource).why;
  }
  void accept(std::initializer_list<Gap> gaps) {
    for (const Gap gap : gaps) options_.coverage.accepted.set(static_cast<std::size_t>(gap));
  }
  void say_logged() {
    options_.coverage.logged.set(static_cast<std::size_t>(NspPublicInboundResourceRulesAllowed));
    options_.coverage.logged.set(static_cast<std::size_t>(NspPublicOutboundResourceRulesAllowed));
  }

  const Policy policy_ = test::sample_environment(test::kReadinessPage).policy;
  ReadinessOptions options_;
  std::vector<Observation> observations_;
};

// Two weeks of calls that the rule `office` admits.
test::Seen quiet() {
  test::Seen seen;
  return seen.every_day().inbound("203.0.113.7", "stdocs", 3,
                                  NspPublicInboundPerimeterRulesAllowed);
}

TEST_F(ReadinessTest, ReadsNoLogsAsNoEvidence) {
  const ReadinessReport report = assess({});
  EXPECT_EQ(report.associations.size(), 5U);
  for (const AssociationReadiness& one : report.associations) {
    EXPECT_EQ(one.verdict, ReadinessVerdict::InsufficientEvidence) << one.name;
    EXPECT_THAT(one.why, ElementsAre("there are no records: no evidence at all")) << one.name;
  }
  EXPECT_EQ(exit_status(report), 5);
}

TEST_F(ReadinessTest, NoRecordsCannotBeAccepted) {
  options_.coverage.accepted.set();
  const ReadinessReport report = assess({});
  EXPECT_EQ(report.count(ReadinessVerdict::InsufficientEvidence), 5U);
}

TEST_F(ReadinessTest, IsReadyWhenEverythingSeenStaysAndTheEvidenceIsWhole) {
  say_logged();
  const ReadinessReport report = assess(quiet());
  const AssociationReadiness& stdocs = test::at(report, "stdocs");
  EXPECT_EQ(stdocs.verdict, ReadinessVerdict::Ready);
  EXPECT_THAT(
      stdocs.why,
      ElementsAre("all 42 events seen on 14 days of records stay as they are when Enforced"));
  EXPECT_THAT(stdocs.remarks, ElementsAre("nothing is known after 2026-06-14T19:15:00Z: records "
                                          "take up to 45 minutes to arrive (C10)"));
  EXPECT_EQ(stdocs.silent_days, 0);
}

TEST_F(ReadinessTest, AnEnforcedAssociationHasNothingLeftToBreak) {
  const AssociationReadiness done = test::at(assess(quiet()), "done");
  EXPECT_EQ(done.verdict, ReadinessVerdict::Ready);
  EXPECT_THAT(done.why, ElementsAre("Enforced already: nothing changes"));
}

TEST_F(ReadinessTest, IsNotReadyWhenSomethingThatWorkedWillBeRefused) {
  say_logged();
  const ReadinessReport report =
      assess(quiet().inbound("198.51.100.7", "stdocs", 5).inbound("198.51.100.9", "stdocs", 1));
  const AssociationReadiness& stdocs = test::at(report, "stdocs");
  EXPECT_EQ(stdocs.verdict, ReadinessVerdict::NotReady);
  EXPECT_THAT(stdocs.why, ElementsAre("84 events inbound will be refused: no inbound rule (IN-5)"));
  ASSERT_EQ(stdocs.blockers.size(), 2U);
  EXPECT_EQ(stdocs.blockers[0].peer, "198.51.100.7");
  EXPECT_EQ(stdocs.blockers[0].seen.weight, 70U);
  EXPECT_EQ(stdocs.blockers[0].now, "resource rule default action");
  EXPECT_EQ(stdocs.blockers[0].then, "no inbound rule");
  EXPECT_EQ(to_string(stdocs.blockers[0].seen.first), "2026-06-01T08:00:00Z");
  EXPECT_EQ(to_string(stdocs.blockers[0].seen.last), "2026-06-14T20:00:00Z");
  EXPECT_EQ(stdocs.weight(Change::Revoked), 84U);
  EXPECT_EQ(stdocs.weight(Change::Unchanged), 42U);
  EXPECT_EQ(exit_status(report), 1);
}

TEST_F(ReadinessTest, BlamesEachEndForItsOwnLeg) {
  const ReadinessReport report = assess(quiet().outbound("search-1", "api.example.com", 2));
  EXPECT_EQ(test::at(report, "stdocs").weight(Change::Revoked), 0U);
  EXPECT_EQ(test::at(report, "search-1").weight(Change::Revoked), 28U);
  EXPECT_THAT(test::at(report, "search-1").why.front(),
              "28 events outbound will be refused: no outbound rule (OUT-5)");
}

TEST_F(ReadinessTest, TrustsTheRecordMoreThanTheConfiguration) {
  // The firewall of `done` and its mode would refuse this; the log says that it worked.
  test::Seen seen = quiet();
  seen.inbound("203.0.113.7", "search-1", 1, NspPublicInboundResourceRulesAllowed);
  const AssociationReadiness search = test::at(assess(seen), "search-1");
  // Recorded under the resource's rules although `office` admits it: the rule is younger.
  EXPECT_EQ(search.weight(Change::Revoked), 0U);
  EXPECT_THAT(search.why,
              testing::Contains("14 of 14 events are recorded otherwise than this environment "
                                "predicts: it has changed since, or is not what was in force"));
  EXPECT_EQ(search.verdict, ReadinessVerdict::InsufficientEvidence);
}

TEST_F(ReadinessTest, SaysThatTheWindowIsTooShort) {
  say_logged();
  test::Seen seen;
  seen.every_day(5).inbound("203.0.113.7", "stdocs", 1, NspPublicInboundPerimeterRulesAllowed);
  EXPECT_THAT(
      why(seen, "stdocs"),
      ElementsAre("the log has records on 5 days (2026-06-01 to 2026-06-05), 14 were asked for",
                  "a caller of every 7 days would be missed with a chance of 29 % in 5 days of "
                  "records"));
}

TEST_F(ReadinessTest, CountsHolesAgainstTheWindow) {
  say_logged();
  test::Seen seen;
  seen.on({1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14});
  seen.inbound("203.0.113.7", "stdocs", 1, NspPublicInboundPerimeterRulesAllowed);
  EXPECT_THAT(
      why(seen, "stdocs"),
      ElementsAre("the log has records on 13 days (2026-06-01 to 2026-06-14), 14 were asked "
                  "for; nothing at all on 2026-06-09"));
}

TEST_F(ReadinessTest, SaysThatAResourceIsSilent) {
  say_logged();
  EXPECT_THAT(why(quiet(), "search-1"),
              ElementsAre("no record of `search-1` in 14 days of log (2026-06-01 to 2026-06-14): "
                          "silence is no evidence"));
  test::Seen seen = quiet();
  seen.on({1, 2, 3, 4})
      .inbound("203.0.113.8", "search-1", 1, NspPublicInboundPerimeterRulesAllowed);
  EXPECT_EQ(test::at(assess(seen), "search-1").silent_days, 10);
  EXPECT_THAT(
      why(seen, "search-1"),
      ElementsAre("no record of `search-1` on 10 days of the last 14 days, at most 7 may be "
                  "silent"));
  options_.coverage.max_silent_days = 10;
  EXPECT_EQ(test::at(assess(seen), "search-1").verdict, ReadinessVerdict::Ready);
}

TEST_F(ReadinessTest, SaysThatNobodyKnowsWhatIsCollected) {
  EXPECT_THAT(
      why(quiet(), "stdocs"),
      ElementsAre("nothing shows that NspPublicInboundResourceRulesAllowed is collected: no "
                  "record has it, and the environment holds no logging configuration of "
                  "`nsp`",
                  "nothing shows that NspPublicOutboundResourceRulesAllowed is collected: no "
                  "record has it, and the environment holds no logging configuration of "
                  "`nsp`"));
}

TEST_F(ReadinessTest, LooksAtTheLoggingConfiguration) {
  Environment env = policy_.environment();
  env.perimeters[0].enabled_log_categories = {"nspPublicInboundResourceRulesAllowed"};
  const Policy policy = compile(env);
  observations_ = quiet().all;
  EXPECT_THAT(
      test::at(assess_readiness(policy, observations_, {}), "stdocs").why,
      ElementsAre("`nsp` does not collect NspPublicOutboundResourceRulesAllowed, which would "
                  "show what breaks"));
  env.perimeters[0].enabled_log_categories = {"allLogs"};
  const Policy group = compile(env);
  EXPECT_THAT(test::at(assess_readiness(group, observations_, {}), "stdocs").why.front(),
              "`nsp` collects `allLogs`, which was seen to collect nothing (C17): name "
              "NspPublicInboundResourceRulesAllowed by itself");
}

TEST_F(ReadinessTest, NamesCallersSeenOnce) {
  say_logged();
  test::Seen seen = quiet();
  seen.on({3}).inbound("203.0.113.9", "stdocs", 8, NspPublicInboundPerimeterRulesAllowed);
  EXPECT_THAT(
      why(seen, "stdocs"),
      ElementsAre("seen on one day only: `203.0.113.9`; if periodic, one comes every 12 days "
                  "or more rarely, and another of a period of 28 days would be missed with a "
                  "chance of 50 %"));
  accept({Gap::SeenOnce});
  const AssociationReadiness stdocs = test::at(assess(seen), "stdocs");
  EXPECT_EQ(stdocs.verdict, ReadinessVerdict::Ready);
  EXPECT_THAT(stdocs.remarks.front(), testing::StartsWith("accepted (seen once): seen on one day"));
}

TEST_F(ReadinessTest, EstimatesThePeriodOfRareCallers) {
  say_logged();
  accept({Gap::Window, Gap::SilentDays});
  test::Seen seen;
  seen.on({1, 2, 3, 4, 5, 6, 7, 16})
      .inbound("203.0.113.7", "stdocs", 1, NspPublicInboundPerimeterRulesAllowed);
  seen.on({1, 16}).inbound("203.0.113.8", "stdocs", 1, NspPublicInboundPerimeterRulesAllowed);
  EXPECT_THAT(why(seen, "stdocs"),
              ElementsAre("`203.0.113.8` comes about every 15.0 days: another like it would be "
                          "missed with a chance of 47 % in 8 days of records"));
}

TEST_F(ReadinessTest, NamesWhatTheFirewallMasks) {
  Observation smb = test::on_the_wire("203.0.113.7", "stdocs");
  smb.attempt.protocol = Protocol::Smb;
  test::Seen seen = quiet();
  seen.add(smb, 1);
  EXPECT_THAT(
      why(seen, "stdocs").front(),
      "14 events inbound will be refused: protocol not supported (C11); today the resource's "
      "own firewall admits this protocol and masks it");
}

TEST_F(ReadinessTest, NamesCapabilitiesThatMayGo) {
  say_logged();
  Environment env = policy_.environment();
  env.resources[1].service = Service::Foundry;
  const Policy policy = compile(env);
  Observation tuning = test::on_the_wire("203.0.113.7", "search-1");
  tuning.attempt.operation = "fine-tuning";
  test::Seen seen = quiet();
  observations_ = seen.add(tuning, 2).all;
  EXPECT_THAT(test::at(assess_readiness(policy, observations_, options_), "search-1").why,
              ElementsAre("28 events of fine-tuning or Assistants: the network admits them, the "
                          "service may refuse them when Enforced (FOUNDRY)"));
}

TEST_F(ReadinessTest, NamesPrivateHopsThatLeaveNoRecords) {
  say_logged();
  Environment env = policy_.environment();
  for (const Index i : {0U, 1U}) {
    env.resources[i].private_connections.push_back({"pe", {}, {}, ConnectionStatus::Approved});
  }
  const Policy policy = compile(env);
  observations_ =
      quiet().inbound("203.0.113.7", "search-1", 1, NspPublicInboundPerimeterRulesAllowed).all;
  const ReadinessReport report = assess_readiness(policy, observations_, options_);
  EXPECT_THAT(test::at(report, "stdocs").why,
              ElementsAre("`stdocs` has an approved private endpoint and no "
                          "NspPrivateInboundAllowed record: who uses it is not known; clients that "
                          "mean to use it may arrive in public"));
  EXPECT_THAT(test::at(report, "search-1").why,
              ElementsAre("`search-1` has an approved private endpoint and no "
                          "NspPrivateInboundAllowed record: who uses it is not known, and this "
                          "service may not log it (C3)"));
}

TEST_F(ReadinessTest, NamesRecordsThatWereLost) {
  say_logged();
  options_.coverage.lost_records = 3;
  EXPECT_THAT(why(quiet(), "stdocs"),
              ElementsAre("3 records could not be read or tell too little: what they would show is "
                          "not known"));
}

TEST_F(ReadinessTest, UndecidedIsNeverReady) {
  say_logged();
  options_.coverage.accepted.set();
  Environment env = policy_.environment();
  AccessRule rule;
  rule.name = "build";
  rule.subscriptions = {Guid{1, 2}};
  env.perimeters[0].profiles[0].rules.push_back(rule);
  const Policy policy = compile(env);
  test::Seen seen = quiet();
  observations_ = seen.add(test::on_the_wire("198.51.100.7", "stdocs"), 2).all;
  const AssociationReadiness stdocs =
      test::at(assess_readiness(policy, observations_, options_), "stdocs");
  EXPECT_EQ(stdocs.verdict, ReadinessVerdict::InsufficientEvidence);
  EXPECT_THAT(stdocs.why, ElementsAre("28 events cannot be decided: missing credential (G-10)"));
}

TEST_F(ReadinessTest, JudgesOnlyTheSelected) {
  say_logged();
  options_.selected = {true, false, false, false, false};
  const ReadinessReport report = assess(quiet().inbound("198.51.100.7", "search-1"));
  ASSERT_EQ(report.associations.size(), 1U);
  EXPECT_EQ(report.associations[0].name, "nsp/stdocs-association");
  EXPECT_EQ(exit_status(report), 0);
}

TEST_F(ReadinessTest, DoesNotDependOnTheOrderOfObservations) {
  test::Seen seen = quiet();
  seen.inbound("198.51.100.7", "stdocs", 5).inbound("198.51.100.9", "stdocs", 1);
  const ReadinessReport one = assess(seen);
  const AssociationReadiness before = test::at(one, "stdocs");
  std::ranges::reverse(seen.all);
  const AssociationReadiness after = test::at(assess(seen), "stdocs");
  EXPECT_EQ(before.why, after.why);
  ASSERT_EQ(before.blockers.size(), after.blockers.size());
  for (std::size_t i = 0; i < before.blockers.size(); ++i) {
    EXPECT_EQ(before.blockers[i].peer, after.blockers[i].peer);
  }
}

}  // namespace
}  // namespace nsp

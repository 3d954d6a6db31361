#include "sim/analysis/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/analysis/observations.h"

namespace nsp {
namespace {

Activity on_days(const std::vector<std::string>& days) {
  Activity all;
  for (const std::string& day : days) all.merge(test::activity(1, day + "T12:00:00Z"));
  return all;
}

TEST(MissedChance, IsTheShareOfThePeriodThatTheWindowLeavesOut) {
  EXPECT_DOUBLE_EQ(missed_chance(7, 5), 2.0 / 7);
  EXPECT_DOUBLE_EQ(missed_chance(7, 7), 0);
  EXPECT_DOUBLE_EQ(missed_chance(7, 30), 0);
  EXPECT_DOUBLE_EQ(missed_chance(30, 15), 0.5);
  EXPECT_DOUBLE_EQ(missed_chance(7, 0), 1);
}

TEST(EstimatedPeriod, IsTheMeanDistanceOfDays) {
  EXPECT_EQ(estimated_period(on_days({"2026-06-01"}).days), std::nullopt);
  EXPECT_EQ(estimated_period(on_days({"2026-06-01", "2026-06-08"}).days), 7.0);
  EXPECT_EQ(estimated_period(on_days({"2026-06-01", "2026-06-02", "2026-06-08"}).days), 3.5);
}

TEST(LeastPeriod, IsWhatWouldHaveShownTheCallerAgain) {
  EXPECT_EQ(least_period(10, 10, 16), 7);
  EXPECT_EQ(least_period(13, 10, 16), 4);
  EXPECT_EQ(least_period(16, 10, 16), 7);
}

TEST(LogCoverage, KnowsItsDaysAndHoles) {
  const Activity all = on_days({"2026-06-01", "2026-06-02", "2026-06-05"});
  const LogCoverage log = log_coverage(all, {});
  EXPECT_EQ(log.span(), 5);
  EXPECT_EQ(log.covered(), 3);
  EXPECT_EQ(days_text(log.holes), "2026-06-03, 2026-06-04");
  EXPECT_EQ(to_string(log.known_until), "2026-06-05T11:15:00Z");
  EXPECT_TRUE(log_coverage({}, {}).empty());
  EXPECT_EQ(log_coverage({}, {}).span(), 0);
}

TEST(LogCoverage, ReachesToWhenItWasCollected) {
  CoverageOptions options;
  options.as_of = parse_instant("2026-06-07T00:10:00Z");
  const LogCoverage log = log_coverage(on_days({"2026-06-05"}), options);
  EXPECT_EQ(log.span(), 3);
  EXPECT_EQ(days_text(log.holes), "2026-06-06, 2026-06-07");
  EXPECT_EQ(to_string(log.known_until), "2026-06-06T23:25:00Z");
}

TEST(SilentDays, CountTheLastDaysOfTheWindowOnly) {
  const LogCoverage log = log_coverage(on_days({"2026-06-01", "2026-06-10"}), {});
  const DaySet seen = on_days({"2026-06-01", "2026-06-09"}).days;
  EXPECT_EQ(silent_days(log, seen, 14), 8);
  EXPECT_EQ(silent_days(log, seen, 3), 2);
  EXPECT_EQ(silent_days(LogCoverage{}, seen, 3), 0);
}

TEST(Texts, AreForPeople) {
  EXPECT_EQ(percent_text(2.0 / 7), "29 %");
  EXPECT_EQ(percent_text(0.001), "below 1 %");
  EXPECT_EQ(percent_text(0), "0 %");
  const LogCoverage log = log_coverage(on_days({"2026-06-01", "2026-06-08"}), {});
  EXPECT_EQ(days_text(log.holes), "2026-06-02, 2026-06-03, 2026-06-04 and 3 more");
}

TEST(Gaps, ThatAreNoMatterOfTasteCannotBeAccepted) {
  EXPECT_FALSE(may_be_accepted(Gap::NoRecords));
  EXPECT_FALSE(may_be_accepted(Gap::Undecided));
  EXPECT_TRUE(may_be_accepted(Gap::SeenOnce));
}

}  // namespace
}  // namespace nsp

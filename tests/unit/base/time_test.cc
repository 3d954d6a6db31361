#include "sim/base/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nsp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string again(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? to_string(*instant) : "no instant";
}

TEST(Time, Reads_and_writes) {
  EXPECT_EQ(again("2026-06-01T00:00:00Z"), "2026-06-01T00:00:00Z");
  EXPECT_EQ(again("2026-06-01 23:59:59.2500000Z"), "2026-06-01T23:59:59.25Z");
  EXPECT_EQ(again("2026-06-01t00:00:00.123456789123z"), "2026-06-01T00:00:00.123456789Z");
  EXPECT_EQ(again("2026-06-01T01:30:00+02:00"), "2026-05-31T23:30:00Z");
  EXPECT_EQ(again("2026-06-01T23:30:00-01:00"), "2026-06-02T00:30:00Z");
  EXPECT_EQ(again("2026-06-01T12:00:00"), "2026-06-01T12:00:00Z");
  EXPECT_EQ(again("1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59.5Z");
  EXPECT_EQ(again("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(again("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(again("1678-01-02T03:04:05.000000001Z"), "1678-01-02T03:04:05.000000001Z");
  EXPECT_EQ(again("2026-06-01T00:00:00.05Z"), "2026-06-01T00:00:00.05Z");
}

TEST(Time, Refuses_everything_else) {
  for (const char* text :
       {"", "2026-06-01", "2026-06-01T", "2026-6-1T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-06-01T24:00:00Z", "2026-06-01T00:60:00Z", "2026-06-01T00:00:61Z",
        "2026-06-01T00:00:00.Z", "2026-06-01T00:00:00ZZ", "2026-06-01T00:00:00+2:00",
        "2026-06-01X00:00:00Z", " 2026-06-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "2400-01-01T00:00:00Z", "2026-13-01T00:00:00Z"}) {
    EXPECT_EQ(again(text), "no instant") << text;
  }
}

TEST(Time, Days_begin_at_midnight_UTC) {
  EXPECT_EQ(day_of(*parse_instant("1970-01-01T23:59:59.999Z")), 0);
  EXPECT_EQ(day_of(*parse_instant("1969-12-31T23:59:59.999Z")), -1);
  EXPECT_EQ(day_of(*parse_instant("2026-06-01T00:00:00+02:00")),
            day_of(*parse_instant("2026-05-31T12:00:00Z")));
}

TEST(DaySet, Holds_days_in_order_whatever_the_order_of_insertion) {
  DaySet days;
  EXPECT_THAT(days.days(), IsEmpty());
  for (const Day day : {100, -1, 63, 64, 100, -65}) days.insert(day);
  EXPECT_THAT(days.days(), ElementsAre(-65, -1, 63, 64, 100));
  EXPECT_EQ(days.size(), 5U);
  EXPECT_TRUE(days.contains(-65));
  EXPECT_FALSE(days.contains(-64));
  EXPECT_FALSE(days.contains(-1000));
  EXPECT_FALSE(days.contains(1000));
}

TEST(DaySet, Merges) {
  DaySet a;
  a.insert(5, 8);
  DaySet b;
  b.insert(200);
  b.insert(7);
  DaySet ab = a;
  ab.merge(b);
  b.merge(a);
  EXPECT_EQ(ab, b);
  EXPECT_THAT(ab.days(), ElementsAre(5, 6, 7, 8, 200));
}

TEST(ParseDay, TakesADateAndNothingElse) {
  EXPECT_EQ(parse_day("1970-01-01"), 0);
  EXPECT_EQ(parse_day("1969-12-31"), -1);
  EXPECT_EQ(parse_day("2024-02-29"), 19'782);
  for (const char* text : {"", "2023-02-29", "2024-2-29", "2024-02-29 ", "2024-02-29T00:00:00Z"}) {
    EXPECT_EQ(parse_day(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace nsp

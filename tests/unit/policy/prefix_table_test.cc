#include "sim/policy/prefix_table.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace nsp {
namespace {

PrefixTable prefix_table(std::initializer_list<std::pair<std::string_view, Index>> rules) {
  std::vector<PrefixTable::Entry> entries;
  for (const auto& [text, rank] : rules) entries.push_back({IpPrefix::parse(text).value(), rank});
  return PrefixTable(entries);
}

RankMatch find(const PrefixTable& prefixes, std::string_view address) {
  return prefixes.find(IpAddress::parse(address).value());
}

TEST(PrefixTable, AnswersAtEveryBoundary) {
  const PrefixTable prefixes = prefix_table({{"203.0.113.16/28", 0}});
  EXPECT_EQ(find(prefixes, "203.0.113.15").rank, kNone);
  EXPECT_EQ(find(prefixes, "203.0.113.16").rank, 0U);
  EXPECT_EQ(find(prefixes, "203.0.113.31").rank, 0U);
  EXPECT_EQ(find(prefixes, "203.0.113.32").rank, kNone);
}

TEST(PrefixTable, NamesTheSmallestRankOfNestedPrefixes) {
  const PrefixTable prefixes = prefix_table({{"198.51.0.0/16", 2}, {"198.51.100.0/24", 1}});
  EXPECT_EQ(find(prefixes, "198.51.1.1"), (RankMatch{2, false}));
  EXPECT_EQ(find(prefixes, "198.51.100.1"), (RankMatch{1, true}));
  EXPECT_EQ(find(prefixes, "198.51.101.1"), (RankMatch{2, false}));
}

TEST(PrefixTable, OneRuleTwiceIsOneMatch) {
  EXPECT_EQ(find(prefix_table({{"198.51.0.0/16", 0}, {"198.51.100.0/24", 0}}), "198.51.100.1"),
            (RankMatch{0, false}));
}

TEST(PrefixTable, CoversTheWholeLineAndItsLastAddress) {
  const PrefixTable prefixes =
      prefix_table({{"0.0.0.0/0", 0}, {"255.255.255.255/32", 1}, {"::/0", 2}});
  EXPECT_EQ(find(prefixes, "0.0.0.0"), (RankMatch{0, false}));
  EXPECT_EQ(find(prefixes, "255.255.255.254"), (RankMatch{0, false}));
  EXPECT_EQ(find(prefixes, "255.255.255.255"), (RankMatch{0, true}));
  EXPECT_EQ(find(prefixes, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), (RankMatch{2, false}));
}

TEST(PrefixTable, KeepsTheFamiliesApart) {
  EXPECT_EQ(find(prefix_table({{"::/0", 0}}), "192.0.2.1").rank, kNone);
  EXPECT_EQ(find(prefix_table({{"0.0.0.0/0", 0}}), "2001:db8::1").rank, kNone);
}

// Against a plain scan, with many nested and repeated prefixes.
TEST(PrefixTable, EqualsALinearScan) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 200; ++round) {
    std::vector<PrefixTable::Entry> entries;
    for (Index i = 0; i < 40; ++i) {
      const auto length = static_cast<std::uint8_t>(24 + random() % 9);
      const std::uint32_t mask = 0xffff'ffffU << (32 - length);
      const std::uint32_t address = (0xcb007100U + random() % 512) & mask;
      entries.push_back({{IpAddress::from_v4(address), length}, static_cast<Index>(random() % 8)});
    }
    const PrefixTable prefixes(entries);
    for (std::uint32_t address = 0xcb0070f0; address < 0xcb007320; ++address) {
      RankMatch expected;
      for (const auto& entry : entries) {
        if (entry.prefix.contains(IpAddress::from_v4(address))) {
          expected = merge(expected, {entry.rank, false});
        }
      }
      ASSERT_EQ(prefixes.find(IpAddress::from_v4(address)), expected) << round << ' ' << address;
    }
  }
}

TEST(SubscriptionTable, FindsTheSmallestRank) {
  const std::vector<SubscriptionTable::Entry> entries{{7, 3}, {7, 1}, {9, 0}};
  const SubscriptionTable subscriptions(entries);
  EXPECT_EQ(subscriptions.find(7), (RankMatch{1, true}));
  EXPECT_EQ(subscriptions.find(9), (RankMatch{0, false}));
  EXPECT_EQ(subscriptions.find(8).rank, kNone);
}

}  // namespace
}  // namespace nsp

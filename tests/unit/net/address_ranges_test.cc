#include "sim/net/address_ranges.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>

namespace nsp {
namespace {

using testing::ElementsAre;

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

std::vector<IpPrefix> prefixes(const std::vector<std::string>& range_texts) {
  std::vector<IpPrefix> all;
  for (const std::string& text : range_texts) all.push_back(IpPrefix::parse(text).value());
  return all;
}

std::vector<AddressRange> ranges(const std::vector<std::string>& range_texts) {
  std::vector<AddressRange> all;
  for (const IpPrefix& prefix : prefixes(range_texts)) all.push_back(range_of(prefix));
  return all;
}

std::vector<std::string> range_texts(const AddressRanges& set) {
  std::vector<std::string> all;
  for (const AddressRange& range : set) {
    all.push_back(to_string(range.first) + "-" + to_string(range.last));
  }
  return all;
}

TEST(AddressRanges, UniteWhatTouchesAndKeepFamiliesApart) {
  EXPECT_THAT(range_texts(united(ranges(
                  {"203.0.113.128/25", "203.0.113.0/25", "203.0.113.64/26", "203.0.115.0/24"}))),
              ElementsAre("203.0.113.0-203.0.113.255", "203.0.115.0-203.0.115.255"));
  EXPECT_THAT(range_texts(united(ranges({"::/0", "0.0.0.0/0"}))),
              ElementsAre("0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_TRUE(united({}).empty());
}

TEST(AddressRanges, TakeAwayAtBothEndsOfTheLine) {
  const AddressRanges all = united(ranges({"0.0.0.0/0", "::/0"}));
  EXPECT_THAT(
      range_texts(without(all, united(ranges({"0.0.0.0/1", "255.255.255.255/32", "::/0"})))),
      ElementsAre("128.0.0.0-255.255.255.254"));
  EXPECT_TRUE(without(all, all).empty());
  EXPECT_EQ(without(all, {}), all);
  EXPECT_THAT(range_texts(without(united(ranges({"203.0.113.0/24"})),
                                  united(ranges({"203.0.113.1/32", "203.0.113.254/31"})))),
              ElementsAre("203.0.113.0-203.0.113.0", "203.0.113.2-203.0.113.253"));
}

TEST(AddressRanges, ThePublicPartLeavesPrivateAddressesOut) {
  EXPECT_THAT(range_texts(public_part(prefixes({"8.0.0.0/6"}))),
              ElementsAre("8.0.0.0-9.255.255.255", "11.0.0.0-11.255.255.255"));
  EXPECT_TRUE(public_part(prefixes({"10.1.0.0/16", "fd00::/8", "fe80::/64", "::1/128"})).empty());
  EXPECT_THAT(range_texts(public_part(prefixes({"fc00::/6"}))),
              ElementsAre("fe00::-fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                          "fec0::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

TEST(AddressRanges, CountAddresses) {
  EXPECT_EQ(address_count(united(ranges({"203.0.113.0/24", "203.0.113.0/25"}))), 256);
  EXPECT_EQ(address_count(united(ranges({"0.0.0.0/0"}))), 4294967296.0);
  EXPECT_EQ(address_count({}), 0);
}

TEST(FewestCovering, TakesWhatReachesFurthest) {
  const AddressRanges wanted = united(ranges({"203.0.113.0/24"}));
  EXPECT_THAT(*fewest_covering(wanted, ranges({"203.0.113.0/26", "203.0.113.0/25",
                                               "203.0.113.64/26", "203.0.113.128/25"})),
              ElementsAre(1, 3));
  EXPECT_THAT(*fewest_covering(wanted, ranges({"203.0.113.0/25", "203.0.113.0/24"})),
              ElementsAre(1));
  EXPECT_FALSE(fewest_covering(wanted, ranges({"203.0.113.0/25", "203.0.113.192/26"})));
  EXPECT_THAT(*fewest_covering({}, ranges({"203.0.113.0/25"})), ElementsAre());
}

TEST(FewestCovering, OneCandidateServesSeveralRangesAndBothFamilies) {
  const AddressRanges wanted = public_part(prefixes({"8.0.0.0/6", "2001:db8::/32"}));
  EXPECT_THAT(*fewest_covering(wanted, ranges({"8.0.0.0/7", "::/0", "8.0.0.0/5"})),
              ElementsAre(2, 1));
  EXPECT_THAT(*fewest_covering(united(ranges({"255.255.255.255/32"})), ranges({"0.0.0.0/0"})),
              ElementsAre(0));
}

// Every subset of a few ranges over sixteen addresses, tried one by one.
TEST(FewestCovering, IsExact) {
  std::uint32_t state = 7;
  const auto roll = [&](std::uint32_t sides) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % sides;
  };
  const IpAddress base = address("203.0.113.0");
  const auto at = [&](std::uint32_t offset) { return IpAddress{base.bits + offset, true}; };
  int covered = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<AddressRange> candidates;
    for (int i = 0; i < 6; ++i) {
      const std::uint32_t first = roll(16);
      candidates.push_back({at(first), at(std::min<std::uint32_t>(15, first + roll(8)))});
    }
    std::vector<AddressRange> pieces;
    for (int i = 0; i < 2; ++i) {
      const std::uint32_t first = roll(16);
      pieces.push_back({at(first), at(std::min<std::uint32_t>(15, first + roll(5)))});
    }
    const AddressRanges wanted = united(pieces);
    std::size_t best = 7;
    for (unsigned subset = 0; subset < 64; ++subset) {
      std::vector<AddressRange> chosen;
      for (unsigned i = 0; i < 6; ++i) {
        if ((subset >> i & 1) != 0) chosen.push_back(candidates[i]);
      }
      if (!without(wanted, united(chosen)).empty()) continue;
      best = std::min<std::size_t>(best, static_cast<std::size_t>(std::popcount(subset)));
    }
    const auto found = fewest_covering(wanted, candidates);
    ASSERT_EQ(found.has_value(), best < 7) << round;
    if (!found) continue;
    ++covered;
    EXPECT_EQ(found->size(), best) << round;
  }
  EXPECT_GT(covered, 200);
}

}  // namespace
}  // namespace nsp

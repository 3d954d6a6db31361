#include "sim/analysis/suggest_prefixes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <functional>

namespace nsp {
namespace {

IpAddress address(std::string_view text) { return *IpAddress::parse(text); }

std::vector<std::string> texts(const PrefixCover& cover) {
  std::vector<std::string> all;
  for (const IpPrefix& prefix : cover.prefixes) all.push_back(to_string(prefix));
  return all;
}

PrefixCover cover(const std::vector<std::string>& wanted, std::uint64_t max_unseen,
                  const std::vector<std::string>& avoided = {}) {
  std::vector<IpAddress> in;
  std::vector<IpAddress> out;
  for (const std::string& text : wanted) in.push_back(address(text));
  for (const std::string& text : avoided) out.push_back(address(text));
  return cover_addresses(in, out, max_unseen);
}

TEST(CoverAddresses, TakesOneUnseenAddressForTwoElementsLess) {
  const std::vector<std::string> seen{"203.0.113.7", "203.0.113.4", "203.0.113.5", "203.0.113.4"};
  EXPECT_THAT(texts(cover(seen, 0)), testing::ElementsAre("203.0.113.4/31", "203.0.113.7/32"));
  EXPECT_EQ(cover(seen, 0).unseen, 0U);
  EXPECT_THAT(texts(cover(seen, 1)), testing::ElementsAre("203.0.113.4/30"));
  EXPECT_EQ(cover(seen, 1).unseen, 1U);
}

TEST(CoverAddresses, NeverCoversAnAvoidedAddress) {
  const std::vector<std::string> seen{"203.0.113.4", "203.0.113.5", "203.0.113.7"};
  EXPECT_THAT(texts(cover(seen, 16, {"203.0.113.6"})),
              testing::ElementsAre("203.0.113.4/31", "203.0.113.7/32"));
  EXPECT_THAT(texts(cover({"203.0.113.7"}, 16, {"203.0.113.7"})),
              testing::ElementsAre("203.0.113.7/32"));
}

TEST(CoverAddresses, KeepsTheFamiliesApart) {
  EXPECT_THAT(texts(cover({"2001:db8::1", "203.0.113.7", "2001:db8::", "203.0.113.6"}, 0)),
              testing::ElementsAre("203.0.113.6/31", "2001:db8::/127"));
  EXPECT_THAT(texts(cover({"2001:db8::1", "2001:db8:1::1"}, 1'000'000)),
              testing::ElementsAre("2001:db8::1/128", "2001:db8:1::1/128"));
}

TEST(CoverAddresses, SpansTheWholeLineWhenAllMayPass) {
  const PrefixCover all = cover({"0.0.0.0", "255.255.255.255"}, ~std::uint64_t{0});
  EXPECT_THAT(texts(all), testing::ElementsAre("0.0.0.0/0"));
  EXPECT_EQ(all.unseen, (std::uint64_t{1} << 32) - 2);
  EXPECT_TRUE(cover({}, 5).prefixes.empty());
}

// Every way to cover the seen ones of sixteen addresses by disjoint prefixes, tried one by one.
struct BruteForce {
  std::uint32_t seen;
  std::uint32_t avoided;
  std::size_t bound;

  // Calls `found` with (prefixes, unseen) of every cover of [begin, begin + size).
  void covers(std::uint32_t begin, std::uint32_t size,
              const std::function<void(std::size_t, std::size_t)>& found) const {
    const std::uint32_t mask = ((1U << size) - 1U) << begin;
    const auto others = static_cast<std::size_t>(std::popcount(mask & ~seen));
    if ((seen & mask) == 0) return found(0, 0);
    if ((avoided & mask) == 0) found(1, others);
    if (size == 1) return;
    covers(begin, size / 2, [&](std::size_t k, std::size_t u) {
      covers(begin + size / 2, size / 2,
             [&](std::size_t l, std::size_t v) { found(k + l, u + v); });
    });
  }

  std::pair<std::size_t, std::size_t> best() const {
    std::pair<std::size_t, std::size_t> best{99, 99};
    covers(0, 16, [&](std::size_t k, std::size_t u) {
      if (u <= bound) best = std::min(best, {k, u});
    });
    return best;
  }
};

TEST(CoverAddresses, EqualsBruteForceOnSixteenAddresses) {
  std::size_t compared = 0;
  for (std::uint32_t seen = 1; seen < 0x10000; seen += 37) {
    const std::uint32_t avoided = (seen * 2654435761U >> 7) & ~seen & 0x1111;
    for (const std::size_t bound : {0U, 1U, 2U, 3U, 5U, 8U, 16U}) {
      std::vector<IpAddress> in;
      std::vector<IpAddress> out;
      for (std::uint32_t i = 0; i < 16; ++i) {
        if ((seen >> i & 1) != 0) in.push_back(IpAddress::from_v4(0xcb007100 + i));
        if ((avoided >> i & 1) != 0) out.push_back(IpAddress::from_v4(0xcb007100 + i));
      }
      const PrefixCover cover = cover_addresses(in, out, bound);
      const auto expected = BruteForce{seen, avoided, bound}.best();
      ASSERT_EQ(std::pair(cover.prefixes.size(), static_cast<std::size_t>(cover.unseen)), expected)
          << fmt::format("seen {:016b} avoided {:016b} bound {}", seen, avoided, bound);
      for (const IpAddress& a : in) {
        ASSERT_EQ(
            std::ranges::count_if(cover.prefixes, [&](const IpPrefix& p) { return p.contains(a); }),
            1);
      }
      ++compared;
    }
  }
  EXPECT_EQ(compared, 1'772U * 7);
}

}  // namespace
}  // namespace nsp

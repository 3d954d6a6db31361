#include "sim/policy/name_table.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace nsp {
namespace {

NameTable table(std::initializer_list<std::pair<std::string_view, Index>> rules) {
  std::vector<NameTable::Entry> entries;
  for (const auto& [text, rank] : rules)
    entries.push_back({DomainPattern::parse(text).value(), rank});
  return NameTable(entries);
}

// Both ways of asking must agree; the answer of one is returned.
NameMatch find(const NameTable& names, std::string_view host, bool one_label = false) {
  const DomainName name = DomainName::parse(host).value();
  const NameMatch match = names.find(HostName::of(name), one_label);
  const NameMatch again = names.find(name.text(), one_label);
  EXPECT_EQ(match.match, again.match);
  EXPECT_EQ(match.by_wildcard, again.by_wildcard);
  return match;
}

TEST(NameTable, WildcardFitsLabelsUnderTheSuffixOnly) {
  const NameTable names = table({{"*.blob.core.windows.net", 0}});
  EXPECT_EQ(find(names, "a.blob.core.windows.net").match.rank, 0U);
  EXPECT_EQ(find(names, "a.b.blob.core.windows.net").match.rank, 0U);
  EXPECT_EQ(find(names, "blob.core.windows.net").match.rank, kNone);
  EXPECT_EQ(find(names, "a.blob.core.windows.net.evil.example").match.rank, kNone);
  EXPECT_EQ(find(names, "aablob.core.windows.net").match.rank, kNone);
}

TEST(NameTable, OneLabelReadingStopsAtDepthOne) {
  const NameTable names = table({{"*.blob.core.windows.net", 0}});
  EXPECT_EQ(find(names, "a.blob.core.windows.net", true).match.rank, 0U);
  EXPECT_EQ(find(names, "a.b.blob.core.windows.net", true).match.rank, kNone);
}

TEST(NameTable, SmallestRankWinsAmongExactWildcardAndAny) {
  const NameTable names = table({{"*", 2}, {"*.example.com", 1}, {"api.example.com", 0}});
  const NameMatch api = find(names, "api.example.com");
  EXPECT_EQ(api.match, (RankMatch{0, true}));
  EXPECT_FALSE(api.by_wildcard);
  const NameMatch other = find(names, "www.example.com");
  EXPECT_EQ(other.match, (RankMatch{1, true}));
  EXPECT_TRUE(other.by_wildcard);
  EXPECT_EQ(find(names, "example.org").match, (RankMatch{2, false}));
}

TEST(NameTable, EmptyTableMatchesNothing) {
  EXPECT_EQ(find(NameTable(), "example.com").match.rank, kNone);
}

TEST(NameTable, EqualsALinearScan) {
  std::mt19937 random(7);
  const std::vector<std::string> labels{"a", "b", "blob", "core", "net"};
  const auto make = [&](std::size_t depth) {
    std::string name;
    for (std::size_t i = 0; i < depth; ++i) {
      if (i != 0) name += '.';
      name += labels[random() % labels.size()];
    }
    return name;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<NameTable::Entry> entries;
    for (int i = 0; i < 20; ++i) {
      const std::string text = (random() % 2 != 0 ? "*." : "") + make(1 + random() % 3);
      entries.push_back({DomainPattern::parse(text).value(), static_cast<Index>(random() % 6)});
    }
    const NameTable names(entries);
    for (int i = 0; i < 100; ++i) {
      const DomainName host = DomainName::parse(make(1 + random() % 4)).value();
      for (const bool one_label : {false, true}) {
        RankMatch expected;
        for (const auto& entry : entries) {
          if (entry.pattern.matches(host, one_label))
            expected = merge(expected, {entry.rank, false});
        }
        ASSERT_EQ(find(names, host.text(), one_label).match, expected)
            << round << ' ' << host.text();
      }
    }
  }
}

}  // namespace
}  // namespace nsp

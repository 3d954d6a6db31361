#include "sim/net/address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nsp {
namespace {

IpAddress parsed_address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(IpAddress{});
}

IpPrefix prefix(std::string_view text) {
  const auto parsed = IpPrefix::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(IpPrefix{});
}

TEST(IpAddress, WritesTheShortestForm) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"203.0.113.7", "203.0.113.7"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
  };
  for (const auto& [text, expected] : rows)
    EXPECT_EQ(to_string(parsed_address(text)), expected) << text;
}

TEST(IpAddress, RefusesWhatIsNotOne) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "01.2.3.4",
                           "256.1.1.1",
                           "1.2.3.-4",
                           "1.2.3.4 ",
                           "1..3.4",
                           "0x1.2.3.4",
                           ":",
                           ":::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1::2::3",
                           "12345::",
                           "::g",
                           "fe80::1%eth0",
                           "1.2.3.4::",
                           "::1.2.3",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1.2.3.4:5",
                           "1:2:3:4:5:6:7::8",
                           "1.2.3.4/8",
                           ":1::",
                           "1::2:"}) {
    EXPECT_FALSE(IpAddress::parse(text).has_value()) << text;
  }
}

TEST(IpAddress, KnowsPrivateRangesAtTheirBounds) {
  const std::vector<std::pair<std::string, bool>> rows{{"9.255.255.255", false},
                                                       {"10.0.0.0", true},
                                                       {"10.255.255.255", true},
                                                       {"11.0.0.0", false},
                                                       {"172.15.255.255", false},
                                                       {"172.16.0.0", true},
                                                       {"172.31.255.255", true},
                                                       {"172.32.0.0", false},
                                                       {"192.167.255.255", false},
                                                       {"192.168.0.0", true},
                                                       {"192.168.255.255", true},
                                                       {"192.169.0.0", false},
                                                       {"127.0.0.1", true},
                                                       {"128.0.0.0", false},
                                                       {"169.254.1.1", true},
                                                       {"169.255.0.0", false},
                                                       {"203.0.113.1", false},
                                                       {"fbff::", false},
                                                       {"fc00::", true},
                                                       {"fdff:ffff::", true},
                                                       {"fe00::", false},
                                                       {"fe80::1", true},
                                                       {"febf::1", true},
                                                       {"fec0::", false},
                                                       {"::1", true},
                                                       {"::2", false},
                                                       {"2001:db8::1", false}};
  for (const auto& [text, expected] : rows) {
    EXPECT_EQ(parsed_address(text).is_private(), expected) << text;
  }
}

TEST(IpAddress, PutsIpv4BeforeIpv6AndNeverMixesThem) {
  EXPECT_LT(parsed_address("255.255.255.255"), parsed_address("::"));
  EXPECT_LT(parsed_address("1.2.3.4"), parsed_address("1.2.3.5"));
  EXPECT_NE(parsed_address("0.0.0.1"), parsed_address("::1"));
}

TEST(IpPrefix, ContainsExactlyItsAddresses) {
  struct Row {
    std::string prefix, before, first, last, after;
  };
  const std::vector<Row> rows{
      {"203.0.113.16/28", "203.0.113.15", "203.0.113.16", "203.0.113.31", "203.0.113.32"},
      {"203.0.113.7", "203.0.113.6", "203.0.113.7", "203.0.113.7", "203.0.113.8"},
      {"128.0.0.0/1", "127.255.255.255", "128.0.0.0", "255.255.255.255", "::"},
      {"2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
       "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
      {"2001:db8::8/127", "2001:db8::7", "2001:db8::8", "2001:db8::9", "2001:db8::a"}};
  for (const Row& row : rows) {
    const IpPrefix p = prefix(row.prefix);
    EXPECT_EQ(p.first(), parsed_address(row.first)) << row.prefix;
    EXPECT_EQ(p.last(), parsed_address(row.last)) << row.prefix;
    EXPECT_TRUE(p.contains(parsed_address(row.first))) << row.prefix;
    EXPECT_TRUE(p.contains(parsed_address(row.last))) << row.prefix;
    EXPECT_FALSE(p.contains(parsed_address(row.before))) << row.prefix;
    EXPECT_FALSE(p.contains(parsed_address(row.after))) << row.prefix;
  }
}

TEST(IpPrefix, OfLengthZeroHoldsItsWholeFamilyOnly) {
  EXPECT_TRUE(prefix("0.0.0.0/0").contains(parsed_address("255.255.255.255")));
  EXPECT_FALSE(prefix("0.0.0.0/0").contains(parsed_address("::")));
  EXPECT_TRUE(prefix("::/0").contains(parsed_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
  EXPECT_FALSE(prefix("::/0").contains(parsed_address("1.2.3.4")));
}

TEST(IpPrefix, ClearsHostBitsAndSaysSo) {
  bool had_host_bits = false;
  const auto read = IpPrefix::parse("203.0.113.7/24", &had_host_bits);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(to_string(*read), "203.0.113.0/24");
  EXPECT_TRUE(had_host_bits);
  ASSERT_TRUE(IpPrefix::parse("203.0.113.0/24", &had_host_bits).has_value());
  EXPECT_FALSE(had_host_bits);
}

TEST(IpPrefix, ReadsAMappedPrefixAsIpv4) {
  EXPECT_EQ(to_string(prefix("::ffff:192.0.2.0/120")), "192.0.2.0/24");
  EXPECT_FALSE(IpPrefix::parse("::ffff:192.0.2.0/95").has_value());
}

TEST(IpPrefix, RefusesWhatIsNotOne) {
  for (const char* text : {"", "/", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/08", "::/129",
                           "1.2.3.4/24/8", "office", "1.2.3.4/ 8", "1.2.3.4/+8"}) {
    EXPECT_FALSE(IpPrefix::parse(text).has_value()) << text;
  }
}

TEST(IpPrefix, HoldsNarrowerPrefixes) {
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(prefix("10.1.0.0/16")));
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(prefix("10.0.0.0/8")));
  EXPECT_FALSE(prefix("10.1.0.0/16").contains(prefix("10.0.0.0/8")));
  EXPECT_FALSE(prefix("::/0").contains(prefix("10.0.0.0/8")));
}

TEST(IpPrefix, IsPrivateOnlyWhenEveryAddressIs) {
  EXPECT_TRUE(prefix("10.1.0.0/16").is_private());
  EXPECT_FALSE(prefix("10.0.0.0/7").is_private());
  EXPECT_TRUE(prefix("fd00::/8").is_private());
  EXPECT_FALSE(prefix("0.0.0.0/0").is_private());
}

TEST(IpPrefix, DescribesHowFarAnAddressMisses) {
  const std::vector<std::vector<std::string>> rows{
      {"203.0.113.20", "203.0.113.0/28", "5 past the end of 203.0.113.0/28"},
      {"203.0.112.255", "203.0.113.0/28", "1 before the start of 203.0.113.0/28"},
      {"2001:db8::1", "203.0.113.0/28", "IPv6, the prefix is IPv4"},
      {"203.0.113.1", "2001:db8::/32", "IPv4, the prefix is IPv6"},
      {"2001:db8::a", "2001:db8::8/127", "1 past the end of 2001:db8::8/127"},
      {"3001::", "2001:db8::/32", "far past the end of 2001:db8::/32"}};
  for (const auto& row : rows) {
    EXPECT_EQ(describe_miss(parsed_address(row[0]), prefix(row[1])), row[2]);
  }
}

}  // namespace
}  // namespace nsp

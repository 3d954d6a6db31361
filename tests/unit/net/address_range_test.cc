#include "sim/net/address_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace nsp {
namespace {

using ::testing::ElementsAre;

AddressRange range(std::string_view first, std::string_view last) {
  return {*IpAddress::parse(first), *IpAddress::parse(last)};
}

std::vector<std::string> texts(const std::vector<AddressRange>& ranges) {
  std::vector<std::string> all;
  for (const IpPrefix& prefix : prefixes_of(ranges)) all.push_back(to_string(prefix));
  return all;
}

TEST(PrefixesOf, AreTheFewest) {
  EXPECT_THAT(texts({range("203.0.113.4", "203.0.113.7")}), ElementsAre("203.0.113.4/30"));
  EXPECT_THAT(texts({range("203.0.113.4", "203.0.113.8")}),
              ElementsAre("203.0.113.4/30", "203.0.113.8/32"));
  EXPECT_THAT(texts({range("203.0.113.1", "203.0.113.6")}),
              ElementsAre("203.0.113.1/32", "203.0.113.2/31", "203.0.113.4/31", "203.0.113.6/32"));
}

TEST(PrefixesOf, JoinsRangesThatTouch) {
  EXPECT_THAT(texts({range("203.0.113.0", "203.0.113.3"), range("203.0.113.4", "203.0.113.7"),
                     range("203.0.113.16", "203.0.113.16")}),
              ElementsAre("203.0.113.0/29", "203.0.113.16/32"));
}

TEST(PrefixesOf, WritesWholeLines) {
  EXPECT_THAT(texts({range("0.0.0.0", "255.255.255.255")}), ElementsAre("0.0.0.0/0"));
  EXPECT_THAT(texts({range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")}), ElementsAre("::/0"));
  EXPECT_THAT(texts({range("255.255.255.254", "255.255.255.255")}),
              ElementsAre("255.255.255.254/31"));
  EXPECT_THAT(texts({}), ElementsAre());
}

TEST(CutAt, CutsTheLineAtBothEndsOfEveryPrefixOfItsFamily) {
  const std::vector<IpPrefix> prefixes{
      *IpPrefix::parse("10.0.0.0/8"), *IpPrefix::parse("10.1.0.0/16"),
      *IpPrefix::parse("255.0.0.0/8"), *IpPrefix::parse("2001:db8::/32")};
  EXPECT_THAT(
      cut_at(prefixes, true),
      ElementsAre(range("0.0.0.0", "9.255.255.255"), range("10.0.0.0", "10.0.255.255"),
                  range("10.1.0.0", "10.1.255.255"), range("10.2.0.0", "10.255.255.255"),
                  range("11.0.0.0", "254.255.255.255"), range("255.0.0.0", "255.255.255.255")));
  EXPECT_THAT(cut_at(prefixes, false),
              ElementsAre(range("::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"),
                          range("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
                          range("2001:db9::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
  EXPECT_THAT(cut_at({}, true), ElementsAre(range("0.0.0.0", "255.255.255.255")));
}

}  // namespace
}  // namespace nsp

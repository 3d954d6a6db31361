#include "sim/lab/dns_view.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/lab/dns_world.h"

namespace nsp::lab {
namespace {

// `st.privatelink.blob… 127.78.1.1 10`; `NXDOMAIN`; `none` where the name has nothing of the kind.
std::string words(const DnsAnswer& answer) {
  if (answer.code == DnsAnswer::Code::NxDomain) return "NXDOMAIN";
  std::string text;
  for (const std::string& alias : answer.aliases) text += alias + ' ';
  if (answer.address) text += to_string(*answer.address) + ' ';
  if (!answer.pointer.empty()) text += answer.pointer + ' ';
  return text.empty() ? "none" : text + std::to_string(answer.ttl);
}

class DnsView : public testing::Test {
 protected:
  [[nodiscard]] std::string asked(std::string_view who, std::string_view name,
                                  DnsType type = DnsType::A) const {
    return words(look_up(*world_.edition, world_.asker(who), name, std::to_underlying(type)));
  }

  test::DnsWorld world_;
};

TEST_F(DnsView, AnswersByWhoAsks) {
  const std::string name = "st.blob.core.windows.net";
  const std::string link = "st.privatelink.blob.core.windows.net";
  EXPECT_EQ(asked("inside", name), link + " 127.78.1.1 10");
  EXPECT_EQ(asked("beside", name), link + " 127.77.1.1 60");
  EXPECT_EQ(asked("away", name), link + " 127.77.1.1 60");
  EXPECT_EQ(asked("nobody", name), link + " 127.77.1.1 60");
  EXPECT_EQ(asked("inside", link), "127.78.1.1 10");
  EXPECT_EQ(asked("away", link), "127.77.1.1 60");
}

TEST_F(DnsView, ReadsNamesInAnyCaseAndWithADot) {
  EXPECT_EQ(asked("inside", "ST.Blob.core.windows.NET."),
            "st.privatelink.blob.core.windows.net 127.78.1.1 10");
}

TEST_F(DnsView, NeedsAZoneForEachName) {
  EXPECT_EQ(asked("inside", "st.dfs.core.windows.net"), "127.77.1.1 60");
  EXPECT_EQ(asked("inside", "st.privatelink.dfs.core.windows.net"), "NXDOMAIN");
}

// Azure answers NXDOMAIN to `inside` here; clause P-2 says public.
TEST_F(DnsView, IsPublicWhereTheZoneLacksTheRecord) {
  EXPECT_EQ(asked("inside", "late.blob.core.windows.net"),
            "late.privatelink.blob.core.windows.net 127.77.1.2 60");
}

TEST_F(DnsView, FollowsARecordWhoseEndpointNobodyDescribes) {
  EXPECT_EQ(asked("inside", "bare.blob.core.windows.net"),
            "bare.privatelink.blob.core.windows.net 127.78.1.3 10");
  EXPECT_EQ(asked("away", "bare.blob.core.windows.net"), "127.77.1.3 60");
}

TEST_F(DnsView, LeadsAResourceOverItsSharedPrivateLink) {
  EXPECT_EQ(asked("find", "st.blob.core.windows.net"),
            "st.privatelink.blob.core.windows.net 127.78.1.1 10");
  EXPECT_EQ(asked("find", "st.queue.core.windows.net"), "127.77.1.1 60");
  EXPECT_EQ(asked("st", "find.search.windows.net"), "127.77.1.4 60");
}

TEST_F(DnsView, LeadsEverybodyElseOutside) {
  EXPECT_EQ(asked("inside", "example.com"), "127.77.0.1 60");
  EXPECT_EQ(asked("away", "other.blob.core.windows.net"), "127.77.0.1 60");
  EXPECT_EQ(asked("inside", "other.blob.core.windows.net"), "127.77.0.1 60");
  EXPECT_EQ(asked("away", "a.b.st.blob.core.windows.net"), "127.77.0.1 60");
  EXPECT_EQ(asked("inside", "login.microsoftonline.com"), "127.77.0.169 60");
}

TEST_F(DnsView, KnowsWhatPrivateZonesHoldOfStrangers) {
  EXPECT_EQ(asked("inside", "stranger.blob.core.windows.net"),
            "stranger.privatelink.blob.core.windows.net 127.78.0.1 10");
  EXPECT_EQ(asked("inside", "stranger.privatelink.blob.core.windows.net"), "127.78.0.1 10");
  EXPECT_EQ(asked("away", "stranger.blob.core.windows.net"), "127.77.0.1 60");
  EXPECT_EQ(asked("inside", "nobody.privatelink.blob.core.windows.net"), "NXDOMAIN");
  EXPECT_EQ(asked("inside", "db.corp.internal"), "127.77.0.1 10");
  EXPECT_EQ(asked("inside", "corp.internal"), "127.77.0.1 10");
  EXPECT_EQ(asked("inside", "privatelink.blob.core.windows.net"), "none");
  EXPECT_EQ(asked("inside", "nothing.corp.internal"), "NXDOMAIN");
  EXPECT_EQ(asked("beside", "nothing.corp.internal"), "127.77.0.1 60");
}

TEST_F(DnsView, HasOneKindOfAddress) {
  EXPECT_EQ(asked("inside", "st.blob.core.windows.net", DnsType::Aaaa),
            "st.privatelink.blob.core.windows.net 10");
  EXPECT_EQ(asked("inside", "st.blob.core.windows.net", DnsType::Cname),
            "st.privatelink.blob.core.windows.net 10");
  EXPECT_EQ(asked("inside", "st.blob.core.windows.net", DnsType::Any),
            "st.privatelink.blob.core.windows.net 127.78.1.1 10");
  EXPECT_EQ(asked("away", "find.search.windows.net", DnsType::Aaaa), "none");
  EXPECT_EQ(asked("away", "find.search.windows.net", DnsType::Ptr), "none");
}

// `ZONE SERIAL TTL`, `asked for` where it is the answer; `none` where there is something.
std::string start_of(const DnsAnswer& answer) {
  if (!answer.start) return "none";
  return fmt::format("{} {} {}{}", answer.start->zone, answer.start->serial, answer.ttl,
                     answer.start->asked_for ? " asked for" : "");
}

TEST_F(DnsView, TellsWhichZoneHasNothing) {
  const auto start = [&](std::string_view who, std::string_view name, DnsType type) {
    return start_of(look_up(*world_.edition, world_.asker(who), name, std::to_underlying(type)));
  };
  const std::string link = "privatelink.blob.core.windows.net";
  EXPECT_EQ(start("inside", "st.blob.core.windows.net", DnsType::A), "none");
  EXPECT_EQ(start("inside", "st.blob.core.windows.net", DnsType::Cname), "none");
  EXPECT_EQ(start("inside", "st.blob.core.windows.net", DnsType::Any), "none");
  EXPECT_EQ(start("inside", "st.blob.core.windows.net", DnsType::Aaaa), link + " 1 10");
  EXPECT_EQ(start("away", "st.blob.core.windows.net", DnsType::Soa), link + " 1 60");
  EXPECT_EQ(start("inside", "nobody." + link, DnsType::A), link + " 1 10");
  EXPECT_EQ(start("inside", link, DnsType::A), link + " 1 10");
  EXPECT_EQ(start("inside", link, DnsType::Soa), link + " 1 10 asked for");
  EXPECT_EQ(start("away", link, DnsType::Soa), "blob.core.windows.net 1 60");
  EXPECT_EQ(start("inside", "x.y.corp.internal", DnsType::A), "corp.internal 1 10");
  EXPECT_EQ(start("away", "example.org", DnsType::Aaaa), "org 1 60");
  EXPECT_EQ(start("away", "localhost", DnsType::A), " 1 10");
  EXPECT_EQ(start("away", ".", DnsType::Soa), " 1 10");
  EXPECT_EQ(start("away", "1.0.0.10.in-addr.arpa", DnsType::Ptr), "in-addr.arpa 1 10");
  EXPECT_EQ(start("away", "1.0.ip6.arpa", DnsType::Ptr), "ip6.arpa 1 10");
  EXPECT_EQ(asked("away", "1.0.ip6.arpa", DnsType::Ptr), "NXDOMAIN");
}

TEST_F(DnsView, HasNoNamesThatAreNone) {
  EXPECT_EQ(asked("away", ""), "none");
  EXPECT_EQ(asked("away", "."), "none");
  EXPECT_EQ(asked("away", "localhost"), "NXDOMAIN");
  EXPECT_EQ(asked("away", "a..b"), "NXDOMAIN");
  EXPECT_EQ(asked("away", "a\\032b.example"), "NXDOMAIN");
  EXPECT_EQ(asked("away", std::string(64, 'a') + ".example"), "NXDOMAIN");
}

TEST_F(DnsView, TellsWhoHasAnAddress) {
  EXPECT_EQ(asked("away", "1.1.77.127.in-addr.arpa", DnsType::Ptr), "st.blob.core.windows.net 60");
  EXPECT_EQ(asked("away", "2.1.78.127.in-addr.arpa", DnsType::Ptr),
            "late.blob.core.windows.net 60");
  EXPECT_EQ(asked("away", "3.1.78.127.in-addr.arpa", DnsType::Ptr),
            "bare.blob.core.windows.net 60");
  EXPECT_EQ(asked("away", "1.1.77.127.in-addr.arpa", DnsType::A), "none");
  EXPECT_EQ(asked("away", "1.1.79.127.in-addr.arpa", DnsType::Ptr), "NXDOMAIN");
  EXPECT_EQ(asked("away", "1.0.0.10.in-addr.arpa", DnsType::Ptr), "NXDOMAIN");
  EXPECT_EQ(asked("away", "x.in-addr.arpa", DnsType::Ptr), "NXDOMAIN");
}

TEST_F(DnsView, TellsAskersByTheirSeat) {
  EXPECT_EQ(world_.asker("inside"), (Asker{.resource = kNone, .subnet = 0}));
  EXPECT_EQ(world_.asker("beside"), (Asker{.resource = kNone, .subnet = 1}));
  EXPECT_EQ(world_.asker("away"), Asker{});
  EXPECT_EQ(world_.asker("find"), (Asker{.resource = 3, .subnet = kNone}));
  EXPECT_EQ(world_.asker("job"), (Asker{.resource = 3, .subnet = 0}));
  EXPECT_EQ(asker_at(*world_.edition, kProxy), Asker{});
  EXPECT_EQ(asker_at(*world_.edition, *IpAddress::parse("127.78.1.1")), Asker{});
}

// Of several endpoints: the one whose address the zone holds, then the one that serves the name.
TEST(DnsEndpoints, AreChosenByTheRecord) {
  Environment environment = test::DnsWorld::environment();
  environment.private_endpoints = {test::make_endpoint("a", 0, "10.0.0.9"),
                                   test::make_endpoint("b", 0, "10.0.0.4"),
                                   test::make_endpoint("c", 0, "10.0.0.10")};
  const auto address = [&] {
    const EditionPtr edition = make_edition(environment, {}).value();
    const DnsAnswer answer = look_up(*edition, {.resource = kNone, .subnet = 0},
                                     "st.blob.core.windows.net", std::to_underlying(DnsType::A));
    return to_string(answer.address.value());
  };
  EXPECT_EQ(address(), "127.78.1.2");
  environment.private_endpoints[1].addresses.clear();
  environment.private_endpoints[0].groups = {"queue"};
  environment.private_endpoints[1].status = ConnectionStatus::Pending;
  EXPECT_EQ(address(), "127.78.1.3");
}

}  // namespace
}  // namespace nsp::lab

#include "sim/capture/dns_answers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests

const DomainName kBlob = name("stdocs.blob.core.windows.net");
const DomainName kPrivate = name("stdocs.privatelink.blob.core.windows.net");
const IpAddress kClient = address("10.0.0.4");
const IpAddress kServer = address("20.60.1.4");

Message answer(std::uint32_t ttl = 300, const std::vector<DomainName>& aliases = {},
               const DomainName& asked = kBlob, const IpAddress& given = kServer) {
  return make_dns_answer(asked, aliases, given, ttl, 1);
}

TEST(DnsResponse, FollowsAliases) {
  const auto plain = read_dns_response(answer());
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->asked, kBlob);
  ASSERT_EQ(plain->addresses.size(), 1U);
  EXPECT_EQ(plain->addresses[0].address, kServer);
  EXPECT_EQ(plain->addresses[0].ttl, 300U);
  EXPECT_FALSE(plain->addresses[0].privatelink);

  const auto chain = read_dns_response(answer(
      300, {kPrivate, name("blob.x.store.core.windows.net")}, kBlob, address("2001:db8::5")));
  ASSERT_TRUE(chain.has_value());
  EXPECT_EQ(chain->asked, kBlob);
  EXPECT_EQ(chain->addresses[0].address, address("2001:db8::5"));
  EXPECT_TRUE(chain->addresses[0].privatelink);
}

// `blob` with compressed names and its records in the wrong order.
TEST(DnsResponse, ReadsCompressedNamesInAnyOrder) {
  ByteWriter out;
  out.u16(1).u16(0x8180).u16(1).u16(3).u32(0);
  out.u8(4).block(as_bytes("BLOB")).u8(7).block(as_bytes("example")).u8(0);  // at 12, 17
  out.u16(1).u16(1);
  // alias.example A, at 30
  out.u8(5).block(as_bytes("alias")).u16(0xc011).u16(1).u16(1).u32(20).u16(4).u32(0x0a000105);
  // other.example A: nobody led there
  out.u8(5).block(as_bytes("other")).u16(0xc011).u16(1).u16(1).u32(20).u16(4).u32(0x0a000106);
  out.u16(0xc00c).u16(5).u16(1).u32(10).u16(2).u16(0xc01e);
  const auto response = read_dns_response(out.bytes());
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->asked, name("blob.example"));
  ASSERT_EQ(response->addresses.size(), 1U);
  EXPECT_EQ(response->addresses[0].address, address("10.0.1.5"));
  EXPECT_EQ(response->addresses[0].ttl, 10U);
}

TEST(DnsResponse, IgnoresWhatGivesNoAddress) {
  const auto fault = [](const Message& message) { return read_dns_response(message).error(); };
  EXPECT_EQ(fault(make_dns_question(kBlob, true, 1)), DnsFault::Irrelevant);
  Message failed = answer();
  failed[3] |= 3;  // NXDOMAIN
  EXPECT_EQ(fault(failed), DnsFault::Irrelevant);
  Message no_host_name = answer();
  no_host_name[13] = '*';
  EXPECT_EQ(fault(no_host_name), DnsFault::Irrelevant);
  Message dotted = answer();
  dotted[14] = '.';
  EXPECT_EQ(fault(dotted), DnsFault::Irrelevant);
}

TEST(DnsResponse, EndsWherePointersOrAliasesLoop) {
  ByteWriter out;
  out.u16(1).u16(0x8180).u16(1).u16(1).u32(0).u16(0xc00c).u16(1).u16(1);
  EXPECT_EQ(read_dns_response(out.bytes()).error(), DnsFault::Damaged);
  const auto looped = read_dns_response(answer(60, {kPrivate, kBlob, kPrivate}));
  ASSERT_TRUE(looped.has_value());
  EXPECT_EQ(looped->addresses.size(), 1U);
  std::vector<DomainName> many;
  for (int i = 0; i < 40; ++i) many.push_back(name("a" + std::to_string(i) + ".example"));
  EXPECT_EQ(read_dns_response(answer(60, many)).error(), DnsFault::Irrelevant);
}

TEST(DnsResponse, CutAnywhereIsDamaged) {
  const Message whole = answer(300, {kPrivate});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto cut = read_dns_response(Bytes(whole).first(length));
    ASSERT_FALSE(cut.has_value()) << length;
    EXPECT_EQ(cut.error(), DnsFault::Damaged) << length;
  }
}

TEST(DnsAnswers, RemembersForTheClientThatAsked) {
  CaptureCounts counts;
  DnsAnswers dns({});
  dns.add(kClient, answer(300, {kPrivate}), at(0), counts);
  EXPECT_EQ(counts.dns_answers, 1U);
  const auto found = dns.find(kClient, kServer, at(1));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->name, kBlob);
  EXPECT_TRUE(found->privatelink);
  EXPECT_FALSE(found->ambiguous);
  EXPECT_FALSE(dns.find(address("10.0.0.5"), kServer, at(1)).has_value());
  EXPECT_FALSE(dns.find(kClient, address("20.60.1.5"), at(1)).has_value());
}

TEST(DnsAnswers, HoldForTheirTimeToLive) {
  CaptureCounts counts;
  DnsAnswers dns({});
  const IpAddress brief = address("20.60.1.5");
  const IpAddress endless = address("20.60.1.6");
  dns.add(kClient, answer(300), at(0), counts);
  dns.add(kClient, answer(0, {}, kBlob, brief), at(0), counts);
  dns.add(kClient, answer(UINT32_MAX, {}, kBlob, endless), at(0), counts);
  EXPECT_TRUE(dns.find(kClient, kServer, at(300)).has_value());
  EXPECT_FALSE(dns.find(kClient, kServer, at(301)).has_value());
  EXPECT_TRUE(dns.find(kClient, brief, at(60)).has_value());
  EXPECT_FALSE(dns.find(kClient, brief, at(61)).has_value());
  EXPECT_TRUE(dns.find(kClient, endless, at(86400)).has_value());
  EXPECT_FALSE(dns.find(kClient, endless, at(86401)).has_value());
}

TEST(DnsAnswers, DoesNotChooseBetweenNames) {
  CaptureCounts counts;
  DnsAnswers dns({});
  dns.add(kClient, answer(100), at(0), counts);
  dns.add(kClient, answer(300, {}, name("stdocs.file.core.windows.net")), at(50), counts);
  const auto both = dns.find(kClient, kServer, at(60));
  ASSERT_TRUE(both.has_value());
  EXPECT_TRUE(both->ambiguous);
  EXPECT_TRUE(both->name.empty());
  const auto later = dns.find(kClient, kServer, at(101));
  ASSERT_TRUE(later.has_value());
  EXPECT_FALSE(later->ambiguous);
  EXPECT_EQ(later->name, name("stdocs.file.core.windows.net"));
}

TEST(DnsAnswers, ForgetsTheOldestFirst) {
  CaptureCounts counts;
  DnsAnswers dns({.dns_addresses = 2});
  for (const char* server : {"20.0.0.1", "20.0.0.2", "20.0.0.1", "20.0.0.3"}) {
    dns.add(kClient, answer(300, {}, kBlob, address(server)), at(0), counts);
  }
  EXPECT_EQ(counts.forgotten_names, 1U);
  EXPECT_FALSE(dns.find(kClient, address("20.0.0.1"), at(1)).has_value());
  EXPECT_TRUE(dns.find(kClient, address("20.0.0.2"), at(1)).has_value());
  EXPECT_TRUE(dns.find(kClient, address("20.0.0.3"), at(1)).has_value());
}

}  // namespace
}  // namespace nsp

#include "sim/capture/namer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;   // NOLINT: the words of these tests
using namespace tcp_flag;  // NOLINT

constexpr std::string_view kNamedHost = "stdocs.blob.core.windows.net";
const SocketAddress kNamedClient = socket("10.0.0.4", 49152);
const SocketAddress kNamedServer = socket("20.60.1.4", 443);
const SocketAddress kResolver = socket("168.63.129.16", 53);
constexpr std::uint32_t kIsn = 0xffff'fff0;  // the sequence wraps inside the first message

Message part(const Message& whole, std::size_t from, std::size_t length) {
  const std::size_t end = std::min(from + length, whole.size());
  return {whole.begin() + static_cast<std::ptrdiff_t>(from),
          whole.begin() + static_cast<std::ptrdiff_t>(end)};
}

struct Talk {
  explicit Talk(const CaptureLimits& limits = {}, bool with_syn = true) : reader(limits) {
    if (with_syn) reader.tcp(0, kNamedClient, kNamedServer, kSyn, kIsn);
  }
  void say(std::size_t offset, const Message& payload) {
    reader.tcp(1, kNamedClient, kNamedServer, kAck, kIsn + 1 + static_cast<std::uint32_t>(offset),
               payload);
  }
  Flow end() {
    reader.finish();
    EXPECT_EQ(reader.flows.size(), 1U);
    return reader.flows.empty() ? Flow{} : reader.flows.front();
  }
  Reader reader;
};

void expect_name(const Flow& flow, std::string_view expected = kNamedHost,
                 NameSource source = NameSource::ServerName) {
  EXPECT_EQ(flow.name.text(), expected);
  EXPECT_EQ(flow.name_source, source);
}

const Message kHello = make_client_hello(name(kNamedHost));

TEST(Namer, ReadsTheFirstSegment) {
  Talk talk;
  talk.say(0, kHello);
  expect_name(talk.end());
}

TEST(Namer, JoinsTwoSegmentsCutAnywhere) {
  for (std::size_t cut = 1; cut < kHello.size(); ++cut) {
    Talk forward;
    forward.say(0, part(kHello, 0, cut));
    forward.say(cut, part(kHello, cut, kHello.size()));
    expect_name(forward.end());
    Talk backward;
    backward.say(cut, part(kHello, cut, kHello.size()));
    backward.say(0, part(kHello, 0, cut));
    expect_name(backward.end());
  }
}

TEST(Namer, JoinsSegmentsOfOneByte) {
  Talk talk;
  for (std::size_t i = 0; i < kHello.size(); ++i) talk.say(i, part(kHello, i, 1));
  expect_name(talk.end());
  EXPECT_TRUE(problems(talk.reader.assembler.counts()).empty());
}

TEST(Namer, JoinsShuffledRepeatedOverlappingSegments) {
  std::mt19937 random(11);
  const Message large = make_client_hello(name(kNamedHost), {.post_quantum = true});
  for (int round = 0; round < 200; ++round) {
    std::vector<std::size_t> starts(large.size() / 40 + 1);
    std::iota(starts.begin(), starts.end(), 0);
    std::ranges::shuffle(starts, random);
    Talk talk;
    for (const std::size_t start : starts) {
      const std::size_t from = start * 40 - std::min<std::size_t>(start * 40, random() % 30);
      talk.say(from, part(large, from, start * 40 - from + 40 + random() % 30));
    }
    expect_name(talk.end());
    EXPECT_TRUE(problems(talk.reader.assembler.counts()).empty());
  }
}

TEST(Namer, TheFirstCopyOfAByteStands) {
  Message other = make_client_hello(name("stevil.blob.core.windows.net"));
  Talk talk;
  talk.say(90, part(kHello, 90, kHello.size()));
  talk.say(0, other);
  expect_name(talk.end());
  EXPECT_EQ(problems(talk.reader.assembler.counts()),
            (std::vector<CountedKind>{{"contradicting segment", 1}}));
}

TEST(Namer, IgnoresProbesBeforeTheStart) {
  Talk talk;
  talk.reader.tcp(1, kNamedClient, kNamedServer, kAck, kIsn, {0});
  talk.reader.tcp(1, kNamedClient, kNamedServer, kAck, kIsn, join({{0}, kHello}));
  expect_name(talk.end());
}

TEST(Namer, ReadsDataInTheSyn) {
  Talk talk({}, false);
  talk.reader.tcp(0, kNamedClient, kNamedServer, kSyn, kIsn, kHello);
  expect_name(talk.end());
}

TEST(Namer, ReadsFlowsWhoseSynWasNotSeen) {
  Talk talk({}, false);
  talk.say(0, part(kHello, 0, 90));
  talk.say(90, part(kHello, 90, 900));
  const Flow flow = talk.end();
  expect_name(flow);
  EXPECT_TRUE(flow.client_by_port);
}

TEST(Namer, DoesNotReadTheServer) {
  Talk talk;
  talk.reader.tcp(1, kNamedServer, kNamedClient, kAck, 1, make_client_hello(name("evil.example")));
  EXPECT_TRUE(talk.end().name.empty());
}

// However a flow is cut short, the name is the right one or none.
TEST(Namer, InventsNoNameWhenTheFlowEndsEarly) {
  for (std::size_t length = 0; length < kHello.size(); ++length) {
    Talk talk;
    talk.say(0, part(kHello, 0, length));
    const Flow flow = talk.end();
    EXPECT_TRUE(flow.name.empty() || flow.name.text() == kNamedHost) << flow.name.text();
  }
  Talk nearly;
  nearly.say(0, part(kHello, 0, kHello.size() - 1));
  expect_name(nearly.end());
}

TEST(Namer, ReadsWhatASnapLengthLeft) {
  const Message segment = join({tcp_header(49152, 443, kAck, kIsn + 1), kHello});
  const Message frame = ipv4({}, segment);
  for (std::size_t length = 40; length < frame.size(); ++length) {
    Reader reader;
    reader.assembler.add(LinkType::RawIp, at(0), Bytes(frame).first(length),
                         static_cast<std::uint32_t>(frame.size()));
    EXPECT_EQ(reader.finish().cut_payloads, 1U);
    ASSERT_EQ(reader.flows.size(), 1U);
    const std::string& found = reader.flows[0].name.text();
    EXPECT_TRUE(found.empty() || found == kNamedHost) << found;
    // The name ends at byte 125 of the message.
    EXPECT_EQ(found.empty(), length < 40 + 125) << length;
  }
}

TEST(Namer, MarksEncryptedClientHellos) {
  Talk talk;
  talk.say(0, make_client_hello(name("public.example"), {.encrypted_hello = true}));
  const Flow flow = talk.end();
  expect_name(flow, "public.example");
  EXPECT_TRUE(flow.encrypted_client_hello);
  EXPECT_EQ(talk.reader.assembler.counts().encrypted_client_hellos, 1U);
}

TEST(Namer, ReadsHttp) {
  Talk talk;
  const Message request = make_http_request(name("api.example"));
  talk.say(20, part(request, 20, 900));
  talk.say(0, part(request, 0, 20));
  expect_name(talk.end(), "api.example", NameSource::HttpHost);
}

TEST(Namer, TakesNoAddressAndNoNonsenseForAName) {
  for (const std::string_view host : {"10.0.0.5", "10.0.0.5:8080", "[2001:db8::1]:80"}) {
    Talk talk;
    talk.say(0, text("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"));
    const Flow flow = talk.end();
    EXPECT_TRUE(flow.name.empty());
    EXPECT_EQ(flow.name_source, NameSource::None);
  }
  Talk talk;
  talk.say(0, text("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"));
  EXPECT_TRUE(talk.end().name.empty());
  EXPECT_EQ(problems(talk.reader.assembler.counts()),
            (std::vector<CountedKind>{{"unreadable name", 1}}));
}

TEST(Namer, GivesUpAStreamThatIsTooLong) {
  Talk talk({.stream_bytes = 400});
  talk.say(100, Message(300, 1));
  talk.say(400, Message(100, 1));
  talk.say(0, kHello);
  EXPECT_TRUE(talk.end().name.empty());
  EXPECT_EQ(talk.reader.assembler.counts().abandoned_streams, 1U);
}

TEST(Namer, GivesUpTheOldestStreamWhenThereAreTooMany) {
  Reader reader({.all_stream_bytes = 350});
  const std::vector<std::uint16_t> ports{50001, 50002, 50003};
  const auto client = [](std::uint16_t port) { return SocketAddress{kNamedClient.address, port}; };
  for (const std::uint16_t port : ports) {
    reader.tcp(1, client(port), kNamedServer, kSyn, 0);
    reader.tcp(1, client(port), kNamedServer, kAck, 1, part(kHello, 0, 130));
  }
  for (const std::uint16_t port : ports) {
    reader.tcp(2, client(port), kNamedServer, kAck, 131, part(kHello, 130, 900));
  }
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 3U);
  // Its name stood in the part that was there.
  for (const Flow& flow : reader.flows) expect_name(flow);
  EXPECT_EQ(reader.assembler.counts().abandoned_streams, 1U);
}

struct AskedName {
  std::vector<DomainName> aliases = {};
  std::string_view asked = kNamedHost;
  std::string_view given = "20.60.1.4";
};
Message dns_answer(const AskedName& lookup) {
  return make_dns_answer(name(lookup.asked), lookup.aliases, address(lookup.given), 60, 1);
}

TEST(Namer, ElseTheNameIsWhatDnsAnswered) {
  Reader reader;
  reader.udp(0, kResolver, {kNamedClient.address, 5353},
             dns_answer({{name("stdocs.privatelink.blob.core.windows.net")}}));
  reader.tcp(1, kNamedClient, {kNamedServer.address, 445}, kSyn, 1);
  reader.tcp(1, socket("10.0.0.5", 49152), {kNamedServer.address, 445}, kSyn, 1);
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 3U);
  expect_name(reader.flows[1], kNamedHost, NameSource::DnsAnswer);
  EXPECT_TRUE(reader.flows[1].privatelink);
  EXPECT_TRUE(reader.flows[2].name.empty());  // another client asked
  EXPECT_FALSE(reader.flows[2].privatelink);
}

TEST(Namer, WhatTheClientSaysCountsBeforeDns) {
  Reader reader;
  reader.udp(0, kResolver, {kNamedClient.address, 5353}, dns_answer({.asked = "other.example"}));
  reader.tcp(1, kNamedClient, kNamedServer, kSyn, kIsn);
  reader.tcp(1, kNamedClient, kNamedServer, kAck, kIsn + 1, kHello);
  reader.tcp(1, {kNamedClient.address, 50000}, kNamedServer, kSyn, 1);
  reader.tcp(1, {kNamedClient.address, 50000}, kNamedServer, kAck, 2, make_client_hello({}));
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 3U);
  expect_name(reader.flows[1]);
  expect_name(reader.flows[2], "other.example", NameSource::DnsAnswer);
}

TEST(Namer, AmbiguousAnswersNameNothing) {
  Reader reader;
  for (const std::string_view asked : {"a.example", "b.example"}) {
    reader.udp(0, kResolver, {kNamedClient.address, 5353}, dns_answer({.asked = asked}));
  }
  reader.tcp(1, kNamedClient, kNamedServer, kSyn, 1);
  reader.finish();
  EXPECT_TRUE(reader.flows[1].name.empty());
  EXPECT_EQ(problems(reader.assembler.counts()),
            (std::vector<CountedKind>{{"ambiguous DNS name", 1}}));
}

TEST(Namer, ReadsDnsOverTcp) {
  const SocketAddress asker{kNamedClient.address, 50053};
  const auto framed = [](const Message& message) {
    return ByteWriter().counted16(message).bytes();
  };
  const Message both =
      join({framed(dns_answer({})),
            framed(dns_answer({.asked = "srch.search.windows.net", .given = "20.60.1.5"}))});
  for (std::size_t cut = 1; cut < both.size(); ++cut) {
    Reader reader;
    reader.tcp(0, asker, kResolver, kSyn, 5);
    reader.tcp(0, kResolver, asker, kSyn | kAck, 100, {}, 6);
    reader.tcp(0, kResolver, asker, kAck, 101 + static_cast<std::uint32_t>(cut),
               part(both, cut, both.size()));
    reader.tcp(0, kResolver, asker, kAck, 101, part(both, 0, cut));
    reader.tcp(1, kNamedClient, {kNamedServer.address, 445}, kSyn, 1);
    reader.tcp(1, kNamedClient, {address("20.60.1.5"), 445}, kSyn, 1);
    reader.finish();
    ASSERT_EQ(reader.flows.size(), 3U);
    expect_name(reader.flows[1], kNamedHost, NameSource::DnsAnswer);
    expect_name(reader.flows[2], "srch.search.windows.net", NameSource::DnsAnswer);
    EXPECT_EQ(reader.assembler.counts().dns_answers, 2U);
  }
}

}  // namespace
}  // namespace nsp

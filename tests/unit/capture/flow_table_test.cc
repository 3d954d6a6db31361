#include "sim/capture/flow_table.h"

#include <gtest/gtest.h>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;   // NOLINT: the words of these tests
using namespace tcp_flag;  // NOLINT

const SocketAddress kFlowClient = socket("10.0.0.4", 49152);
const SocketAddress kFlowServer = socket("20.60.1.4", 443);

std::vector<std::uint16_t> client_ports(const std::vector<Flow>& flows) {
  std::vector<std::uint16_t> ports;
  for (const Flow& flow : flows) ports.push_back(flow.client.port);
  return ports;
}

TEST(FlowTable, SumsBothDirections) {
  Reader reader;
  reader.tcp(1, kFlowClient, kFlowServer, kSyn, 100);
  reader.tcp(1.5, kFlowServer, kFlowClient, kSyn | kAck, 500, {}, 101);
  reader.tcp(2, kFlowClient, kFlowServer, kAck, 101, text("\x01hello"), 501);
  reader.tcp(3, kFlowServer, kFlowClient, kAck, 501, text("hi"), 107);
  const CaptureCounts& counts = reader.finish();
  ASSERT_EQ(reader.flows.size(), 1U);
  const Flow& flow = reader.flows[0];
  EXPECT_EQ(flow.client, kFlowClient);
  EXPECT_EQ(flow.server, kFlowServer);
  EXPECT_EQ(flow.transport, Transport::Tcp);
  EXPECT_FALSE(flow.client_by_port);
  EXPECT_EQ(flow.first, at(1));
  EXPECT_EQ(flow.last, at(3));
  EXPECT_EQ(flow.sent.packets, 2U);
  EXPECT_EQ(flow.sent.bytes, 86U);
  EXPECT_EQ(flow.received.packets, 2U);
  EXPECT_EQ(flow.received.bytes, 82U);
  EXPECT_EQ(flow.name_source, NameSource::None);
  EXPECT_EQ(counts.packets, 4U);
  EXPECT_EQ(counts.bytes, 168U);
  EXPECT_EQ(counts.flows, 1U);
  EXPECT_EQ(counts.unnamed_flows, 1U);
  EXPECT_EQ(counts.first, at(1));
  EXPECT_EQ(counts.last, at(3));
}

TEST(FlowTable, TheClientIsTheSenderOfTheSyn) {
  // The lower port calls the higher one.
  const SocketAddress low = socket("10.0.0.4", 1000);
  const SocketAddress high = socket("20.60.1.4", 8443);
  for (const bool answer_first : {false, true}) {
    Reader reader;
    if (!answer_first) reader.tcp(0, low, high, kSyn, 1);
    reader.tcp(0, high, low, kSyn | kAck, 1, {}, 2);
    if (answer_first) reader.tcp(0, low, high, kSyn, 1);
    reader.finish();
    ASSERT_EQ(reader.flows.size(), 1U);
    EXPECT_EQ(reader.flows[0].client, low);
    EXPECT_FALSE(reader.flows[0].client_by_port);
  }
}

TEST(FlowTable, ElseTheClientIsTheHigherPort) {
  for (const bool server_first : {false, true}) {
    Reader reader;
    reader.tcp(0, server_first ? kFlowServer : kFlowClient,
               server_first ? kFlowClient : kFlowServer, kAck, 1);
    reader.finish();
    ASSERT_EQ(reader.flows.size(), 1U);
    EXPECT_EQ(reader.flows[0].client, kFlowClient);
    EXPECT_TRUE(reader.flows[0].client_by_port);
  }
  Reader reader;
  reader.udp(0, socket("20.60.1.4", 123), socket("10.0.0.4", 123), text("x"));
  reader.finish();
  EXPECT_EQ(reader.flows[0].client.address, address("20.60.1.4"));
  EXPECT_EQ(reader.flows[0].transport, Transport::Udp);
}

TEST(FlowTable, TransportsAndFamiliesDoNotMix) {
  Reader reader;
  reader.tcp(0, kFlowClient, kFlowServer, kAck, 1);
  reader.udp(0, kFlowClient, kFlowServer, text("x"));
  reader.tcp(0, socket("::a00:4", 49152), socket("::143c:104", 443), kAck, 1);
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 3U);
  EXPECT_FALSE(reader.flows[2].client.address.v4);
}

TEST(FlowTable, APortUsedAgainIsANewFlow) {
  Reader reader;
  reader.tcp(0, kFlowClient, kFlowServer, kSyn, 100);
  reader.tcp(1, kFlowClient, kFlowServer, kSyn, 100);  // repeated
  reader.tcp(2, kFlowServer, kFlowClient, kSyn | kAck, 7, {}, 101);
  reader.tcp(3, kFlowClient, kFlowServer, kFin | kAck, 101);
  reader.tcp(3, kFlowServer, kFlowClient, kFin | kAck, 8);
  reader.tcp(4, kFlowClient, kFlowServer, kAck, 102);
  reader.tcp(5, kFlowClient, kFlowServer, kSyn, 900);  // again, after the end
  reader.tcp(6, kFlowClient, kFlowServer, kSyn, 901);  // again, without one
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 3U);
  EXPECT_EQ(reader.flows[0].sent.packets, 4U);
  EXPECT_EQ(reader.flows[0].received.packets, 2U);
  EXPECT_EQ(reader.flows[1].first, at(5));
  EXPECT_EQ(reader.flows[2].first, at(6));
}

TEST(FlowTable, AnAnswerToALostSynIsANewFlowAfterTheEnd) {
  Reader reader;
  reader.tcp(0, kFlowClient, kFlowServer, kSyn, 100);
  reader.tcp(1, kFlowServer, kFlowClient, kRst | kAck, 0, {}, 101);
  reader.tcp(2, kFlowServer, kFlowClient, kSyn | kAck, 7, {}, 901);
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 2U);
  EXPECT_EQ(reader.flows[1].client, kFlowClient);
}

TEST(FlowTable, IdleFlowsExpire) {
  Reader reader({.idle = std::chrono::seconds(100), .linger = std::chrono::seconds(10)});
  reader.tcp(0, kFlowClient, kFlowServer, kSyn, 1);
  reader.tcp(50, kFlowClient, kFlowServer, kAck, 2);
  reader.tcp(149, socket("10.0.0.5", 1), kFlowServer, kSyn, 1);
  EXPECT_TRUE(reader.flows.empty());
  reader.tcp(151, socket("10.0.0.5", 1), kFlowServer, kAck, 2);
  ASSERT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(reader.flows[0].client, kFlowClient);
  // A RST closes: nothing is waited for but stragglers.
  reader.tcp(152, socket("10.0.0.5", 1), kFlowServer, kRst, 3);
  reader.tcp(161, kFlowClient, kFlowServer, kSyn, 9);
  EXPECT_EQ(reader.flows.size(), 1U);
  reader.tcp(163, kFlowClient, kFlowServer, kAck, 10);
  EXPECT_EQ(reader.flows.size(), 2U);
  const CaptureCounts& counts = reader.finish();
  EXPECT_EQ(counts.expired_flows, 1U);
  EXPECT_EQ(counts.flows, 3U);
  EXPECT_TRUE(problems(counts).empty());
}

TEST(FlowTable, TimeThatStepsBackExpiresNobody) {
  Reader reader({.idle = std::chrono::seconds(100)});
  reader.tcp(1000, kFlowClient, kFlowServer, kSyn, 1);
  reader.tcp(10, kFlowServer, kFlowClient, kSyn | kAck, 1, {}, 2);
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(reader.flows[0].first, at(10));
  EXPECT_EQ(reader.flows[0].last, at(1000));
}

TEST(FlowTable, EvictsTheLongestSilentAndSaysSo) {
  Reader reader({.live_flows = 3});
  const auto packet = [&](double time, std::uint16_t port, std::uint8_t flags) {
    reader.tcp(time, {kFlowClient.address, port}, kFlowServer, flags, 1);
  };
  for (const std::uint16_t port : std::vector<std::uint16_t>{1001, 1002, 1003})
    packet(port, port, kSyn);
  packet(1004, 1001, kAck);
  packet(1005, 1004, kSyn);
  EXPECT_EQ(client_ports(reader.flows), (std::vector<std::uint16_t>{1002}));
  packet(1006, 1001, kRst);
  packet(1007, 1005, kSyn);  // a closed flow makes room first
  EXPECT_EQ(client_ports(reader.flows), (std::vector<std::uint16_t>{1002, 1001}));
  const CaptureCounts& counts = reader.finish();
  EXPECT_EQ(client_ports(reader.flows), (std::vector<std::uint16_t>{1002, 1001, 1003, 1004, 1005}));
  EXPECT_EQ(problems(counts), (std::vector<CountedKind>{{"evicted flow", 1}}));
}

// Many more flows than live at a time: each is delivered once, whatever the index does.
TEST(FlowTable, LosesNoFlowAmongMany) {
  Reader reader({.live_flows = 500});
  constexpr std::uint32_t kFlows = 20000;
  for (std::uint32_t i = 0; i < kFlows; ++i) {
    const SocketAddress client{IpAddress::from_v4(0x0a000000 + i / 7),
                               static_cast<std::uint16_t>(1024 + i % 7)};
    reader.tcp(i * 0.001, client, kFlowServer, kSyn, i);
    reader.tcp(i * 0.001, kFlowServer, client, kSyn | kAck, 1, {}, i + 1);
  }
  const CaptureCounts& counts = reader.finish();
  EXPECT_EQ(reader.flows.size(), kFlows);
  EXPECT_EQ(counts.evicted_flows, kFlows - 500);
  for (const Flow& flow : reader.flows) {
    ASSERT_EQ(flow.sent.packets, 1U);
    ASSERT_EQ(flow.received.packets, 1U);
  }
}

TEST(CaptureCounts, SumUp) {
  Reader a;
  a.tcp(1, kFlowClient, kFlowServer, kSyn, 1);
  a.add(2, Message(40, 0x50));
  Reader b;
  b.tcp(5, kFlowClient, kFlowServer, kSyn, 1);
  CaptureCounts sum = a.finish();
  sum.add(b.finish());
  EXPECT_EQ(sum.packets, 3U);
  EXPECT_EQ(sum.bytes, 120U);
  EXPECT_EQ(sum.flows, 2U);
  EXPECT_EQ(sum.unnamed_flows, 2U);
  EXPECT_EQ(sum.first, at(1));
  EXPECT_EQ(sum.last, at(5));
  EXPECT_EQ(problems(sum), (std::vector<CountedKind>{{"wrong IP version", 1}}));
}

}  // namespace
}  // namespace nsp

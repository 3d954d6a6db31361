#include "sim/capture/frame.h"

#include <gtest/gtest.h>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests

const Message kSegment = join({tcp_header(49152, 443, tcp_flag::kAck, 7, 9), text("hello")});

void expect_segment(const std::expected<PacketView, FrameFault>& packet, bool v4 = true) {
  ASSERT_TRUE(packet.has_value()) << to_string(packet.error());
  EXPECT_EQ(packet->source, v4 ? socket("10.0.0.4", 49152) : socket("2001:db8::4", 49152));
  EXPECT_EQ(packet->destination, v4 ? socket("20.60.1.4", 443) : socket("2001:db8::1:4", 443));
  EXPECT_EQ(packet->transport, Transport::Tcp);
  EXPECT_EQ(packet->tcp_flags, tcp_flag::kAck);
  EXPECT_EQ(packet->sequence, 7U);
  EXPECT_EQ(packet->acknowledged, 9U);
  EXPECT_EQ(as_text(packet->payload), "hello");
  EXPECT_EQ(packet->payload_sent, 5U);
  EXPECT_EQ(packet->volume.packets, 1U);
  EXPECT_EQ(packet->is_fragment, false);
}

void expect_fault(const std::expected<PacketView, FrameFault>& packet, std::string_view fault) {
  ASSERT_FALSE(packet.has_value());
  EXPECT_EQ(to_string(packet.error()), fault);
}

TEST(Frame, ReadsEveryLinkType) {
  const Message v4 = ipv4({}, kSegment);
  const Message v6 = ipv6(6, kSegment);
  expect_segment(read(LinkType::Ethernet, ethernet(0x0800, v4)));
  expect_segment(read(LinkType::Ethernet, ethernet(0x86dd, v6)), false);
  expect_segment(read(LinkType::RawIp, v4));
  expect_segment(read(LinkType::RawIp, v6), false);
  expect_segment(read(LinkType::RawIpv4, v4));
  expect_segment(read(LinkType::RawIpv6, v6), false);
  const Message cooked = ByteWriter().u16(0).u16(1).u16(6).u64(0).u16(0x0800).bytes();
  expect_segment(read(LinkType::LinuxCooked, join({cooked, v4})));
  const Message cooked2 = ByteWriter().u16(0x86dd).u16(0).u32(2).u16(1).u8(0).u8(6).u64(0).bytes();
  expect_segment(read(LinkType::LinuxCooked2, join({cooked2, v6})), false);
}

TEST(Frame, ReadsLoopbackInBothByteOrders) {
  const Message v4 = ipv4({}, kSegment);
  const Message v6 = ipv6(6, kSegment);
  for (const std::uint8_t family : Message{10, 24, 28, 30}) {
    expect_segment(read(LinkType::BsdNull, join({{family, 0, 0, 0}, v6})), false);
    expect_segment(read(LinkType::BsdNull, join({{0, 0, 0, family}, v6})), false);
    expect_segment(read(LinkType::BsdLoop, join({{0, 0, 0, family}, v6})), false);
  }
  expect_segment(read(LinkType::BsdNull, join({{2, 0, 0, 0}, v4})));
  expect_segment(read(LinkType::BsdNull, join({{0, 0, 0, 2}, v4})));
  expect_segment(read(LinkType::BsdLoop, join({{0, 0, 0, 2}, v4})));
  expect_fault(read(LinkType::BsdLoop, join({{2, 0, 0, 0}, v4})), "not IP");
  expect_fault(read(LinkType::BsdNull, join({{2, 0, 0, 0}, v6})), "wrong IP version");
}

TEST(Frame, StepsOverTags) {
  const Message v4 = ipv4({}, kSegment);
  const Message tag = ByteWriter().u16(5).u16(0x0800).bytes();
  const Message outer = ByteWriter().u16(7).u16(0x8100).bytes();
  expect_segment(read(LinkType::Ethernet, ethernet(0x8100, join({tag, v4}))));
  expect_segment(read(LinkType::Ethernet, ethernet(0x88a8, join({outer, tag, v4}))));
  expect_segment(read(LinkType::Ethernet, ethernet(0x9100, join({outer, outer, outer, tag, v4}))));
  expect_fault(
      read(LinkType::Ethernet, ethernet(0x8100, join({outer, outer, outer, outer, tag, v4}))),
      "too many headers");
}

TEST(Frame, TrimsThePaddingOfShortFrames) {
  const Message padded = join({ethernet(0x0800, ipv4({}, kSegment)), Message(20, 0)});
  expect_segment(read(LinkType::Ethernet, padded));
}

TEST(Frame, StepsOverOptions) {
  expect_segment(read(LinkType::RawIp, ipv4({.options = 40}, kSegment)));
  Message options = tcp_header(49152, 443, tcp_flag::kAck, 7, 9);
  options[12] = 0x80;
  expect_segment(read(LinkType::RawIp, ipv4({}, join({options, Message(12, 1), text("hello")}))));
}

TEST(Frame, StepsOverExtensionHeaders) {
  const auto with = [](std::initializer_list<std::uint8_t> kinds) {
    Message packet = kSegment;
    std::uint8_t next = 6;
    for (const std::uint8_t kind : kinds) {
      Message header{next, 0};
      if (kind == 51) header[1] = 4;  // AH: 24 bytes
      header.resize(kind == 51 ? 24 : 8);
      packet = join({header, packet});
      next = kind;
    }
    return ipv6(next, packet);
  };
  expect_segment(read(LinkType::RawIp, with({60, 43, 0})), false);
  expect_segment(read(LinkType::RawIp, with({51, 135, 139, 140, 60})), false);
  expect_segment(read(LinkType::RawIp, with({60, 44, 0})), false);  // an atomic fragment
  expect_fault(read(LinkType::RawIp, with({60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60})),
               "too many headers");
  const Message authentication = join({{6, 4}, Message(22, 0)});
  expect_segment(read(LinkType::RawIp, ipv4({.protocol = 51}, join({authentication, kSegment}))));
}

TEST(Frame, NamesWhatItDoesNotRead) {
  expect_fault(read(LinkType::Ethernet, ethernet(0x0806, Message(28, 0))), "not IP");
  expect_fault(read(LinkType::Ethernet, ethernet(0x0026, Message(38, 0))), "not IP");
  expect_fault(read(LinkType::RawIp, ipv4({.protocol = 1}, Message(8, 0))), "not TCP or UDP");
  expect_fault(read(LinkType::RawIp, ipv4({.protocol = 59}, {})), "not TCP or UDP");
  expect_fault(read(LinkType::RawIp, ipv4({.protocol = 50}, Message(30, 0))), "encrypted");
  expect_fault(read(LinkType::RawIp, ipv6(50, Message(30, 0))), "encrypted");
  expect_fault(read(LinkType::RawIp, ipv6(59, {})), "no next header");
  expect_fault(read(LinkType::RawIp, ipv6(58, Message(8, 0))), "not TCP or UDP");
  expect_fault(read(LinkType::RawIp, Message(40, 0x50)), "wrong IP version");
  expect_fault(read(LinkType::RawIpv4, ipv6(6, kSegment)), "wrong IP version");
  expect_fault(read(LinkType::Ethernet, ethernet(0x86dd, ipv4({}, kSegment))), "wrong IP version");
}

TEST(Frame, FindsLengthsThatContradict) {
  Message short_header = ipv4({}, kSegment);
  short_header[0] = 0x44;
  expect_fault(read(LinkType::RawIp, short_header), "wrong length");
  expect_fault(read(LinkType::RawIp, ipv4({.length_error = 1}, kSegment)), "wrong length");
  expect_fault(read(LinkType::RawIp, ipv4({.length_error = -30}, kSegment)), "wrong length");
  Message far_offset = kSegment;
  far_offset[12] = 0x80;
  expect_fault(read(LinkType::RawIp, ipv4({}, far_offset)), "wrong length");
  far_offset[12] = 0x40;
  expect_fault(read(LinkType::RawIp, ipv4({}, far_offset)), "wrong length");
  expect_fault(read(LinkType::RawIp, ipv4({.protocol = 17}, udp_header(1, 2, 1))), "wrong length");
  Message long_payload = ipv6(6, kSegment);
  long_payload[5] = 200;
  expect_fault(read(LinkType::RawIp, long_payload), "wrong length");
  expect_fault(read(LinkType::RawIp, ipv6(60, {6, 9, 0, 0, 0, 0, 0, 0})), "wrong length");
}

TEST(Frame, ReadsAnAbsentLengthAsTheRestOfTheFrame) {
  Message offloaded = ipv4({}, kSegment);
  offloaded[2] = offloaded[3] = 0;
  expect_segment(read(LinkType::RawIp, offloaded));
  Message offloaded6 = ipv6(6, kSegment);
  offloaded6[4] = offloaded6[5] = 0;
  expect_segment(read(LinkType::RawIp, offloaded6), false);
}

TEST(Frame, KeepsThePayloadThatASnapLengthLeft) {
  const Message frame = ethernet(0x0800, ipv4({}, kSegment));
  const auto sent = static_cast<std::uint32_t>(frame.size());
  const auto cut = read_frame(LinkType::Ethernet, Bytes(frame).first(frame.size() - 3), sent);
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(as_text(cut->payload), "he");
  EXPECT_EQ(cut->payload_sent, 5U);
  EXPECT_EQ(cut->volume.bytes, 45U);
  for (std::size_t length = 0; length < frame.size() - 5; ++length) {
    expect_fault(read_frame(LinkType::Ethernet, Bytes(frame).first(length), sent),
                 "truncated frame");
  }
}

TEST(Frame, FindsFragments) {
  const Message piece(16, 3);
  const auto first = read(LinkType::RawIp, ipv4({.id = 9, .fragment = 0x2000}, piece));
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(first->is_fragment);
  EXPECT_EQ(first->fragment, (FragmentPlace{9, 0, true, 6}));
  const Message header = ByteWriter().u8(17).u8(0).u16(24).u32(0x10203).bytes();
  const auto last = read(LinkType::RawIp, ipv6(44, join({header, piece})));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->fragment, (FragmentPlace{0x10203, 24, false, 17}));
  EXPECT_EQ(last->payload.size(), 16U);
  expect_fault(read(LinkType::RawIp, ipv4({.fragment = 0x2000}, Message(15, 3))), "wrong length");
  expect_fault(read(LinkType::RawIp, ipv4({.fragment = 0x1fff}, piece)), "wrong length");
}

}  // namespace
}  // namespace nsp

#include "sim/capture/fragments.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests

constexpr std::uint16_t kMore = 0x2000;

// A UDP datagram of 8 + 40 bytes in pieces of 16.
const Message kDatagram = join({udp_header(5000, 6000, 40), Message(40, 'x')});

Message piece(std::size_t from, std::size_t length, std::uint16_t id = 1) {
  const bool more = from + length < kDatagram.size();
  return ipv4({.protocol = 17,
               .id = id,
               .fragment = static_cast<std::uint16_t>((more ? kMore : 0) | from / 8)},
              Message(kDatagram.begin() + static_cast<std::ptrdiff_t>(from),
                      kDatagram.begin() + static_cast<std::ptrdiff_t>(from + length)));
}

TEST(Fragments, JoinInEveryOrder) {
  std::vector<std::size_t> order{0, 16, 32};
  do {
    Reader reader;
    for (const std::size_t from : order) reader.add(0, piece(from, 16));
    const CaptureCounts& counts = reader.finish();
    ASSERT_EQ(reader.flows.size(), 1U);
    EXPECT_EQ(reader.flows[0].server, socket("10.0.0.4", 5000));
    EXPECT_EQ(reader.flows[0].client, socket("20.60.1.4", 6000));
    EXPECT_EQ(reader.flows[0].received.packets, 3U);
    EXPECT_EQ(reader.flows[0].received.bytes, 3 * 36U);
    EXPECT_EQ(counts.fragments, 3U);
    EXPECT_TRUE(problems(counts).empty());
  } while (std::ranges::next_permutation(order).found);
}

TEST(Fragments, OverlapsAreCountedAndTheFirstStands) {
  Reader reader;
  reader.add(0, piece(0, 24));
  reader.add(0, piece(16, 16));
  reader.add(0, piece(32, 16));
  const CaptureCounts& counts = reader.finish();
  EXPECT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(problems(counts), (std::vector<CountedKind>{{"overlapping fragment", 1}}));
}

TEST(Fragments, AreKeptApartByIdAndProtocol) {
  Reader reader;
  reader.add(0, piece(0, 16, 1));
  reader.add(0, piece(16, 16, 2));
  reader.add(0, piece(32, 16, 1));
  const CaptureCounts& counts = reader.finish();
  EXPECT_TRUE(reader.flows.empty());
  EXPECT_EQ(problems(counts), (std::vector<CountedKind>{{"incomplete datagram", 2}}));
}

TEST(Fragments, WaitOnlySoLong) {
  Reader reader({.datagram_time = std::chrono::seconds(5)});
  reader.add(0, piece(0, 16));
  reader.add(1, piece(16, 16));
  reader.add(6, piece(32, 16));
  reader.finish();
  EXPECT_TRUE(reader.flows.empty());
  EXPECT_EQ(reader.assembler.counts().lost_datagrams, 2U);
}

TEST(Fragments, OnlySoManyWait) {
  Reader reader({.datagrams = 2});
  for (const std::uint16_t id : std::vector<std::uint16_t>{1, 2, 3})
    reader.add(0, piece(0, 16, id));
  for (const std::uint16_t id : std::vector<std::uint16_t>{3, 2}) {
    reader.add(0, piece(16, 16, id));
    reader.add(0, piece(32, 16, id));
  }
  const CaptureCounts& counts = reader.finish();
  EXPECT_EQ(counts.lost_datagrams, 1U);
  ASSERT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(reader.flows[0].received.packets, 6U);
}

TEST(Fragments, ThatDisagreeAboutTheEndAreWrong) {
  Reader reader;
  reader.add(0, piece(32, 16));
  reader.add(0, ipv4({.protocol = 17, .id = 1, .fragment = kMore | 6}, Message(8, 1)));
  reader.add(0, ipv4({.protocol = 17, .id = 1, .fragment = 2}, Message(8, 1)));
  reader.finish();
  EXPECT_EQ(problems(reader.assembler.counts()),
            (std::vector<CountedKind>{{"wrong length", 2}, {"incomplete datagram", 1}}));
}

TEST(Fragments, OfIpv6MayStartWithExtensionHeaders) {
  const Message whole = join({{17, 0, 0, 0, 0, 0, 0, 0}, kDatagram});
  const auto part = [&](std::size_t from, std::size_t length, bool more) {
    ByteWriter header;
    header.u8(60).u8(0).u16(static_cast<std::uint32_t>(from | (more ? 1 : 0))).u32(77);
    header.block(Bytes(whole).subspan(from, length));
    return ipv6(44, header.bytes());
  };
  Reader reader;
  reader.add(0, part(24, 32, false));
  reader.add(0, part(0, 24, true));
  EXPECT_TRUE(problems(reader.finish()).empty());
  ASSERT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(reader.flows[0].client, socket("2001:db8::1:4", 6000));
}

TEST(Fragments, CarryClientHellos) {
  const Message hello = make_client_hello(name("srch.search.windows.net"));
  const Message segment = join({tcp_header(50000, 443, tcp_flag::kAck, 1), hello});
  const std::size_t half = segment.size() / 16 * 8;
  const auto middle = segment.begin() + static_cast<std::ptrdiff_t>(half);
  Reader reader;
  reader.add(
      0, ipv4({.fragment = static_cast<std::uint16_t>(half / 8)}, Message(middle, segment.end())));
  reader.add(0, ipv4({.fragment = kMore}, Message(segment.begin(), middle)));
  reader.finish();
  ASSERT_EQ(reader.flows.size(), 1U);
  EXPECT_EQ(reader.flows[0].name.text(), "srch.search.windows.net");
}

}  // namespace
}  // namespace nsp

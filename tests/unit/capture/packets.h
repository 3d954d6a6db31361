// Frames built by hand, for tests of what reads them.
#ifndef NSP_TESTS_UNIT_CAPTURE_PACKETS_H_
#define NSP_TESTS_UNIT_CAPTURE_PACKETS_H_

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sim/capture/byte_writer.h"
#include "sim/capture/flow_assembler.h"
#include "sim/capture/synthetic_messages.h"

namespace nsp::packets {

inline IpAddress address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(IpAddress{});
}
inline DomainName name(std::string_view text) {
  const auto parsed = DomainName::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(DomainName{});
}
inline SocketAddress socket(std::string_view text, std::uint16_t port) {
  return {address(text), port};
}
inline Instant at(double seconds) {
  return Instant(std::chrono::seconds(1'780'000'000)) +
         std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

inline Message join(std::initializer_list<Message> parts) {
  Message out;
  for (const Message& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}
inline Message text(std::string_view characters) { return {characters.begin(), characters.end()}; }

inline Message tcp_header(std::uint16_t from, std::uint16_t to, std::uint8_t flags,
                          std::uint32_t sequence = 0, std::uint32_t acknowledged = 0) {
  return ByteWriter()
      .u16(from)
      .u16(to)
      .u32(sequence)
      .u32(acknowledged)
      .u8(0x50)
      .u8(flags)
      .u16(1000)
      .u32(0)
      .bytes();
}
inline Message udp_header(std::uint16_t from, std::uint16_t to, std::size_t payload) {
  return ByteWriter().u16(from).u16(to).u16(static_cast<std::uint32_t>(8 + payload)).u16(0).bytes();
}

struct Ipv4 {
  std::string_view from = "10.0.0.4";
  std::string_view to = "20.60.1.4";
  std::uint8_t protocol = 6;
  std::size_t options = 0;  // bytes, in fours
  std::uint16_t id = 1;
  std::uint16_t fragment = 0;  // flags and offset in eights
  int length_error = 0;        // added to the total length
};
inline Message ipv4(const Ipv4& ip, const Message& payload) {
  ByteWriter out;
  const std::size_t header = 20 + ip.options;
  out.u8(static_cast<std::uint32_t>(0x40 | header / 4)).u8(0);
  out.u16(static_cast<std::uint32_t>(static_cast<int>(header + payload.size()) + ip.length_error));
  out.u16(ip.id).u16(ip.fragment).u8(64).u8(ip.protocol).u16(0);
  out.u32(static_cast<std::uint32_t>(address(ip.from).bits));
  out.u32(static_cast<std::uint32_t>(address(ip.to).bits));
  out.block(Message(ip.options, 1)).block(payload);
  return out.bytes();
}

inline Message ipv6(std::uint8_t next, const Message& payload,
                    std::string_view from = "2001:db8::4", std::string_view to = "2001:db8::1:4") {
  ByteWriter out;
  out.u32(0x6000'0000).u16(static_cast<std::uint32_t>(payload.size())).u8(next).u8(64);
  for (const IpAddress& end : {address(from), address(to)}) {
    out.u64(static_cast<std::uint64_t>(end.bits >> 64)).u64(static_cast<std::uint64_t>(end.bits));
  }
  return out.block(payload).bytes();
}

inline Message ethernet(std::uint16_t type, const Message& payload) {
  return ByteWriter().u64(0).u32(0).u16(type).block(payload).bytes();
}

inline std::expected<PacketView, FrameFault> read(LinkType link, const Message& frame) {
  return read_frame(link, frame, static_cast<std::uint32_t>(frame.size()));
}

// An assembler and what it delivered.
struct Reader {
  explicit Reader(const CaptureLimits& limits = {})
      : assembler([this](Flow&& flow) { flows.push_back(std::move(flow)); }, limits) {}

  void add(double time, const Message& frame, LinkType link = LinkType::RawIp) {
    assembler.add(link, at(time), frame, static_cast<std::uint32_t>(frame.size()));
  }
  void tcp(double time, const SocketAddress& from, const SocketAddress& to, std::uint8_t flags,
           std::uint32_t sequence, const Message& payload = {}, std::uint32_t acknowledged = 0) {
    const Message segment =
        join({tcp_header(from.port, to.port, flags, sequence, acknowledged), payload});
    const std::string source = to_string(from.address);
    const std::string target = to_string(to.address);
    add(time, from.address.v4 ? ipv4({.from = source, .to = target}, segment)
                              : ipv6(6, segment, source, target));
  }
  void udp(double time, const SocketAddress& from, const SocketAddress& to,
           const Message& payload) {
    const std::string source = to_string(from.address);
    const std::string target = to_string(to.address);
    add(time, ipv4({.from = source, .to = target, .protocol = 17},
                   join({udp_header(from.port, to.port, payload.size()), payload})));
  }
  const CaptureCounts& finish() {
    assembler.finish();
    return assembler.counts();
  }

  std::vector<Flow> flows;
  FlowAssembler assembler;
};

}  // namespace nsp::packets

#endif  // NSP_TESTS_UNIT_CAPTURE_PACKETS_H_

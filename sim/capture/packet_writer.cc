#include "sim/capture/packet_writer.h"

#include <cassert>
#include <chrono>
#include <utility>

#include "sim/capture/byte_writer.h"

namespace nsp {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kLongest = 262144;

void put_little32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

// Sums of 16-bit words, carried round (RFC 1071).
std::uint64_t sum_words(Bytes bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += big16(bytes.data() + i);
  return bytes.size() % 2 == 0 ? sum : sum + (std::uint64_t{bytes.back()} << 8);
}

std::uint32_t checksum(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint32_t>(~sum & 0xffff);
}

ByteWriter& put_address(ByteWriter& out, const IpAddress& address) {
  if (address.v4) return out.u32(static_cast<std::uint32_t>(address.bits));
  return out.u64(static_cast<std::uint64_t>(address.bits >> 64))
      .u64(static_cast<std::uint64_t>(address.bits));
}

// The checksum of a transport and the addresses that it travels between.
std::uint32_t transport_checksum(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                                 Bytes transport) {
  ByteWriter pseudo;
  put_address(put_address(pseudo, from), to);
  return checksum(sum_words(pseudo.bytes()) + sum_words(transport) + protocol + transport.size());
}

// A station's address made from its IP address; the second bit says that it is made up.
void put_station(ByteWriter& out, const IpAddress& address) {
  out.u16(0x0200).u32(static_cast<std::uint32_t>(address.bits));
}

void put_ipv4(ByteWriter& out, const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
              std::size_t payload) {
  ByteWriter header;
  header.u16(0x4500).u16(static_cast<std::uint32_t>(20 + payload));
  header.u16(0).u16(0x4000);  // not fragmented, and not to be
  header.u8(64).u8(protocol).u16(0);
  put_address(put_address(header, from), to);
  header.put16(10, checksum(sum_words(header.bytes())));
  out.block(header.bytes());
}

void put_ipv6(ByteWriter& out, const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
              std::size_t payload) {
  out.u32(0x6000'0000).u16(static_cast<std::uint32_t>(payload)).u8(protocol).u8(64);
  put_address(put_address(out, from), to);
}

}  // namespace

PacketWriter::PacketWriter() {
  put_little32(out_, 0xa1b2'3c4d);  // nanoseconds
  put_little32(out_, 2 | (4U << 16));
  put_little32(out_, 0);
  put_little32(out_, 0);
  put_little32(out_, kLongest);
  put_little32(out_, kEthernet);
}

std::string PacketWriter::take() { return std::exchange(out_, {}); }

void PacketWriter::tcp(Instant time, const TcpSegment& segment, Bytes payload) {
  constexpr std::uint32_t kHeaderWords = 5;
  ByteWriter out;
  out.u16(segment.from.port).u16(segment.to.port);
  out.u32(segment.sequence).u32(segment.acknowledged);
  out.u8(kHeaderWords << 4).u8(segment.flags).u16(0xffff);
  out.u32(0).block(payload);
  out.put16(16, transport_checksum(segment.from.address, segment.to.address, kTcp, out.bytes()));
  packet(time, segment.from.address, segment.to.address, kTcp, out.bytes());
}

void PacketWriter::udp(Instant time, const SocketAddress& from, const SocketAddress& to,
                       Bytes payload) {
  ByteWriter out;
  out.u16(from.port).u16(to.port).u16(static_cast<std::uint32_t>(8 + payload.size())).u16(0);
  out.block(payload);
  const std::uint32_t sum = transport_checksum(from.address, to.address, kUdp, out.bytes());
  out.put16(6, sum == 0 ? 0xffff : sum);  // zero stands for "none"
  packet(time, from.address, to.address, kUdp, out.bytes());
}

void PacketWriter::packet(Instant time, const IpAddress& from, const IpAddress& to,
                          std::uint8_t protocol, Bytes transport) {
  assert(from.v4 == to.v4 && transport.size() < 65500);
  ByteWriter frame;
  put_station(frame, to);
  put_station(frame, from);
  frame.u16(from.v4 ? 0x0800 : 0x86dd);
  (from.v4 ? put_ipv4 : put_ipv6)(frame, from, to, protocol, transport.size());
  frame.block(transport);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  put_little32(out_, static_cast<std::uint32_t>(seconds.time_since_epoch().count()));
  put_little32(out_, static_cast<std::uint32_t>((time - seconds).count()));
  put_little32(out_, static_cast<std::uint32_t>(frame.size()));
  put_little32(out_, static_cast<std::uint32_t>(frame.size()));
  out_ += as_text(frame.bytes());
}

}  // namespace nsp

#include "sim/capture/frame.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace nsp {
namespace {

using Fault = std::optional<FrameFault>;

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr int kMostTags = 4;
constexpr int kMostExtensions = 12;
constexpr std::uint32_t kLongestDatagram = 65535;

namespace protocol {
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kEsp = 50;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kNothing = 59;
constexpr std::uint8_t kDestination = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kHip = 139;
constexpr std::uint8_t kShim6 = 140;
}  // namespace protocol

// What of a frame is still to be read: the bytes that were captured, and how many were sent.
// INVARIANT: bytes.size() <= sent.
struct Rest {
  Bytes bytes;
  std::uint32_t sent = 0;

  void drop(std::uint32_t count) {
    bytes = bytes.subspan(count);
    sent -= count;
  }
  void limit(std::uint32_t count) {
    sent = std::min(sent, count);
    if (bytes.size() > sent) bytes = bytes.first(sent);
  }
  // Why `count` bytes cannot be read, if they cannot: the frame is shorter, or the capture is.
  [[nodiscard]] Fault lacks(std::uint32_t count) const {
    if (bytes.size() >= count) return std::nullopt;
    return sent < count ? FrameFault::WrongLength : FrameFault::Truncated;
  }
};

Fault read_ip(PacketView& view, Rest rest, int version);
Fault read_upper(PacketView& view, Rest rest, std::uint8_t next, bool may_be_fragment);

// --- the link ---

bool is_tag(std::uint16_t ether_type) {
  return ether_type == 0x8100 || ether_type == 0x88a8 || ether_type == 0x9100;
}

// Behind a link header that names an ether type: tags, then IP.
Fault read_ether_type(PacketView& view, Rest rest, std::uint16_t type) {
  for (int tags = 0; is_tag(type); ++tags) {
    if (tags == kMostTags) return FrameFault::TooManyHeaders;
    if (const Fault fault = rest.lacks(4)) return fault;
    type = big16(rest.bytes.data() + 2);
    rest.drop(4);
  }
  if (type == kIpv4) return read_ip(view, rest, 4);
  if (type == kIpv6) return read_ip(view, rest, 6);
  return FrameFault::NotIp;
}

// A header of fixed size with the ether type at `at`.
Fault read_typed(PacketView& view, Rest rest, std::uint32_t size, std::uint32_t at) {
  if (const Fault fault = rest.lacks(size)) return fault;
  const std::uint16_t type = big16(rest.bytes.data() + at);
  rest.drop(size);
  return read_ether_type(view, rest, type);
}

std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }

// AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on
// Darwin.
int version_of_family(std::uint32_t family) {
  if (family == 2) return 4;
  return family == 10 || family == 24 || family == 28 || family == 30 ? 6 : 0;
}

Fault read_loopback(PacketView& view, Rest rest, bool any_order) {
  if (const Fault fault = rest.lacks(4)) return fault;
  const std::uint32_t family = big32(rest.bytes.data());
  int version = version_of_family(family);
  if (version == 0 && any_order) version = version_of_family(swapped(family));
  if (version == 0) return FrameFault::NotIp;
  rest.drop(4);
  return read_ip(view, rest, version);
}

Fault read_raw(PacketView& view, Rest rest) {
  if (const Fault fault = rest.lacks(1)) return fault;
  const int version = rest.bytes[0] >> 4;
  if (version != 4 && version != 6) return FrameFault::WrongVersion;
  return read_ip(view, rest, version);
}

Fault read_link(PacketView& view, Rest rest, LinkType link) {
  switch (link) {
    case LinkType::Ethernet:
      return read_typed(view, rest, 14, 12);
    case LinkType::LinuxCooked:
      return read_typed(view, rest, 16, 14);
    case LinkType::LinuxCooked2:
      return read_typed(view, rest, 20, 0);
    case LinkType::RawIp:
      return read_raw(view, rest);
    case LinkType::RawIpv4:
      return read_ip(view, rest, 4);
    case LinkType::RawIpv6:
      return read_ip(view, rest, 6);
    case LinkType::BsdNull:
      return read_loopback(view, rest, true);
    case LinkType::BsdLoop:
      return read_loopback(view, rest, false);
  }
  return FrameFault::NotIp;
}

// --- the network ---

// A piece of a datagram: kept whole or not at all, since a cut piece joins to nothing.
Fault read_fragment(PacketView& view, Rest rest, FragmentPlace place) {
  if (rest.bytes.size() < rest.sent) return FrameFault::Truncated;
  if (place.more && rest.sent % 8 != 0) return FrameFault::WrongLength;
  if (place.offset + rest.sent > kLongestDatagram) return FrameFault::WrongLength;
  view.is_fragment = true;
  view.fragment = place;
  view.payload = rest.bytes;
  view.payload_sent = rest.sent;
  return std::nullopt;
}

// False for a fragment that is first and last at once ("atomic", RFC 6946): it splits nothing.
bool is_part(const FragmentPlace& place) { return place.more || place.offset != 0; }

Fault read_ipv4(PacketView& view, Rest rest) {
  if (const Fault fault = rest.lacks(20)) return fault;
  const std::uint8_t* ip = rest.bytes.data();
  const std::uint32_t header = (ip[0] & 0xfU) * 4;
  const std::uint32_t total = big16(ip + 2) == 0 ? rest.sent : big16(ip + 2);
  if (header < 20 || total < header || total > rest.sent) return FrameFault::WrongLength;
  rest.limit(total);
  if (const Fault fault = rest.lacks(header)) return fault;
  view.source.address = IpAddress::from_v4(big32(ip + 12));
  view.destination.address = IpAddress::from_v4(big32(ip + 16));
  view.volume = {1, total};
  const std::uint16_t place = big16(ip + 6);
  rest.drop(header);
  const FragmentPlace part{big16(ip + 4), (place & 0x1fffU) * 8, (place & 0x2000) != 0, ip[9]};
  return is_part(part) ? read_fragment(view, rest, part) : read_upper(view, rest, ip[9], false);
}

IpAddress v6_address(const std::uint8_t* at) {
  return {(Uint128{big64(at)} << 64) | big64(at + 8), false};
}

Fault read_ipv6(PacketView& view, Rest rest) {
  constexpr std::uint32_t kIpv6Header = 40;
  if (const Fault fault = rest.lacks(kIpv6Header)) return fault;
  const std::uint8_t* ip = rest.bytes.data();
  const std::uint32_t length = big16(ip + 4);
  if (length != 0 && kIpv6Header + length > rest.sent) return FrameFault::WrongLength;
  if (length != 0) rest.limit(kIpv6Header + length);
  view.source.address = v6_address(ip + 8);
  view.destination.address = v6_address(ip + 24);
  view.volume = {1, rest.sent};
  rest.drop(kIpv6Header);
  return read_upper(view, rest, ip[6], true);
}

Fault read_ip(PacketView& view, Rest rest, int version) {
  if (const Fault fault = rest.lacks(1)) return fault;
  if (rest.bytes[0] >> 4 != version) return FrameFault::WrongVersion;
  return version == 4 ? read_ipv4(view, rest) : read_ipv6(view, rest);
}

// --- extension headers ---

// The size of an extension header that is stepped over, or 0 for a header that is none.
std::uint32_t extension_size(std::uint8_t kind, std::uint8_t length, bool v4) {
  if (kind == protocol::kAuthentication) return (length + 2U) * 4;
  const bool is_extension = !v4 && (kind == protocol::kHopByHop || kind == protocol::kRouting ||
                                    kind == protocol::kDestination || kind == protocol::kMobility ||
                                    kind == protocol::kHip || kind == protocol::kShim6);
  return is_extension ? (length + 1U) * 8 : 0;
}

FragmentPlace read_fragment_header(const std::uint8_t* header) {
  const std::uint16_t place = big16(header + 2);
  return {big32(header + 4), place & 0xfff8U, (place & 1) != 0, header[0]};
}

// --- the transport ---

Fault read_tcp(PacketView& view, Rest rest) {
  if (const Fault fault = rest.lacks(20)) return fault;
  const std::uint8_t* tcp = rest.bytes.data();
  const std::uint32_t header = (tcp[12] >> 4U) * 4U;
  if (header < 20 || header > rest.sent) return FrameFault::WrongLength;
  view.transport = Transport::Tcp;
  view.source.port = big16(tcp);
  view.destination.port = big16(tcp + 2);
  view.sequence = big32(tcp + 4);
  view.acknowledged = big32(tcp + 8);
  view.tcp_flags = tcp[13];
  view.payload_sent = rest.sent - header;
  view.payload = rest.bytes.size() > header ? rest.bytes.subspan(header) : Bytes();
  return std::nullopt;
}

Fault read_udp(PacketView& view, Rest rest) {
  if (const Fault fault = rest.lacks(8)) return fault;
  const std::uint8_t* udp = rest.bytes.data();
  const std::uint32_t length = big16(udp + 4) == 0 ? rest.sent : big16(udp + 4);
  if (length < 8 || length > rest.sent) return FrameFault::WrongLength;
  rest.limit(length);
  view.transport = Transport::Udp;
  view.source.port = big16(udp);
  view.destination.port = big16(udp + 2);
  view.payload_sent = rest.sent - 8;
  view.payload = rest.bytes.subspan(8);
  return std::nullopt;
}

Fault read_transport(PacketView& view, Rest rest, std::uint8_t next) {
  switch (next) {
    case protocol::kTcp:
      return read_tcp(view, rest);
    case protocol::kUdp:
      return read_udp(view, rest);
    case protocol::kEsp:
      return FrameFault::Encrypted;
    case protocol::kNothing:
      return view.source.address.v4 ? FrameFault::NotTcpOrUdp : FrameFault::NoNextHeader;
    default:
      return FrameFault::NotTcpOrUdp;
  }
}

Fault read_upper(PacketView& view, Rest rest, std::uint8_t next, bool may_be_fragment) {
  const bool v4 = view.source.address.v4;
  for (int headers = 0; headers < kMostExtensions; ++headers) {
    if (next == protocol::kFragment && !v4) {
      if (const Fault fault = rest.lacks(8)) return fault;
      const FragmentPlace place = read_fragment_header(rest.bytes.data());
      rest.drop(8);
      if (is_part(place)) {
        return may_be_fragment ? read_fragment(view, rest, place) : FrameFault::WrongLength;
      }
      next = place.protocol;
      continue;
    }
    if (extension_size(next, 0, v4) == 0) return read_transport(view, rest, next);
    if (const Fault fault = rest.lacks(2)) return fault;
    const std::uint32_t size = extension_size(next, rest.bytes[1], v4);
    if (const Fault fault = rest.lacks(size)) return fault;
    next = rest.bytes[0];
    rest.drop(size);
  }
  return FrameFault::TooManyHeaders;
}

}  // namespace

std::expected<PacketView, FrameFault> read_frame(LinkType link, Bytes captured,
                                                 std::uint32_t sent) {
  // Filled where it is returned: a view is large enough for a copy to be felt.
  std::expected<PacketView, FrameFault> packet(std::in_place);
  Rest rest{captured, sent};
  rest.limit(sent);
  if (const Fault fault = read_link(*packet, rest, link)) packet = std::unexpected(*fault);
  return packet;
}

std::expected<PacketView, FrameFault> read_datagram(const PacketView& view, Bytes datagram) {
  PacketView whole;
  whole.source.address = view.source.address;
  whole.destination.address = view.destination.address;
  whole.volume = view.volume;
  const Rest rest{datagram, static_cast<std::uint32_t>(datagram.size())};
  if (const Fault fault = read_upper(whole, rest, view.fragment.protocol, false)) {
    return std::unexpected(*fault);
  }
  return whole;
}

}  // namespace nsp

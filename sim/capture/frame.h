// One frame, from its bytes to what flows are made of: addresses, ports, TCP's numbers, the
// payload.
//
// A frame is taken apart from the outside in: link header, VLAN tags, IP header with options or
// extension headers, TCP or UDP. Tunnels are not opened. Checksums are not verified: where a
// capture is made on the sending machine the card fills them in later, so a wrong one says nothing.
// For the same reason an IP length of zero reads as "to the end of the frame" (segmentation
// offload).
//
// A frame that cannot be read is a FrameFault: its kind, which readers count. Nothing is guessed
// from the part that could be read. A frame that was cut by the capture's snap length is readable
// as long as its headers are whole; the payload is then shorter than `payload_sent`.
//
// Sources: IEEE 802.1Q and 802.1ad, tcpdump.org/linktypes, RFC 791, 8200, 4302 (AH), 4303 (ESP),
// 9293 (TCP), 768. Cost: no allocation. Thread safety: pure functions. Lifetime: views into the
// frame's bytes.
#ifndef NSP_SIM_CAPTURE_FRAME_H_
#define NSP_SIM_CAPTURE_FRAME_H_

#include <cstdint>
#include <expected>

#include "sim/base/vocabulary.h"
#include "sim/capture/bytes.h"
#include "sim/capture/flow.h"
#include "sim/net/address.h"

namespace nsp {

enum class LinkType : std::uint8_t {
  Ethernet,
  LinuxCooked,   // v1: what `-i any` wrote
  LinuxCooked2,  // v2: what it writes today
  RawIp,         // IPv4 or IPv6, told apart by the version
  RawIpv4,
  RawIpv6,
  BsdNull,  // address family in the byte order of the machine that captured
  BsdLoop,  // … in network order
};
template <>
struct Vocabulary<LinkType> {
  static constexpr std::array<std::string_view, 8> words{
      "Ethernet", "Linux cooked v1", "Linux cooked v2", "raw IP",
      "raw IPv4", "raw IPv6",        "BSD loopback",    "OpenBSD loopback"};
};

enum class FrameFault : std::uint8_t {
  Truncated,       // the capture holds less than the headers
  WrongLength,     // a length that contradicts the frame or another length
  NotIp,           // ARP, LLDP, a tag protocol that we do not know
  WrongVersion,    // an IP version other than the link header's, or than 4 and 6
  NotTcpOrUdp,     // ICMP, a tunnel
  Encrypted,       // ESP: what is inside cannot be seen
  NoNextHeader,    // IPv6 that says that nothing follows
  TooManyHeaders,  // more VLAN tags or extension headers than anybody sends
};
inline constexpr std::size_t kFrameFaults = 8;
template <>
struct Vocabulary<FrameFault> {
  static constexpr std::array<std::string_view, kFrameFaults> words{
      "truncated frame", "wrong length", "not IP",         "wrong IP version",
      "not TCP or UDP",  "encrypted",    "no next header", "too many headers"};
};

namespace tcp_flag {
inline constexpr std::uint8_t kFin = 1;
inline constexpr std::uint8_t kSyn = 2;
inline constexpr std::uint8_t kRst = 4;
inline constexpr std::uint8_t kAck = 16;
}  // namespace tcp_flag

// Where a fragment lies in its datagram.
struct FragmentPlace {
  std::uint32_t id = 0;
  std::uint32_t offset = 0;   // bytes
  bool more = false;          // not the last one
  std::uint8_t protocol = 0;  // of the header that the datagram starts with

  bool operator==(const FragmentPlace&) const = default;
};

struct PacketView {
  SocketAddress source;  // ports are zero in a fragment
  SocketAddress destination;
  Transport transport = Transport::Tcp;
  std::uint8_t tcp_flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  Bytes payload;                   // of TCP or UDP; of a fragment what follows the IP headers
  std::uint32_t payload_sent = 0;  // its length on the wire
  Volume volume;                   // one packet and its network-layer bytes; of a reassembled
                                   // datagram all its fragments
  bool is_fragment = false;
  FragmentPlace fragment;
};

// `sent` is the length of the frame on the wire; `captured` may be shorter.
[[nodiscard]] std::expected<PacketView, FrameFault> read_frame(LinkType link, Bytes captured,
                                                               std::uint32_t sent);

// The rest of a datagram whose fragments were joined: `view` with addresses and volume, `datagram`
// what its fragments held.
[[nodiscard]] std::expected<PacketView, FrameFault> read_datagram(const PacketView& view,
                                                                  Bytes datagram);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FRAME_H_

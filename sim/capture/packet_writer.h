// Packets as bytes of a pcap file: what write_capture.h and tests make captures of.
//
// The file is pcap with nanoseconds, little-endian, Ethernet, whatever machine writes it: the same
// packets give the same bytes. Headers carry right lengths and checksums; a packet is not cut into
// segments, so a payload must fit into one (REQUIRES: at most 65 000 bytes; both addresses of one
// family).
//
// Sources: draft-ietf-opsawg-pcap, RFC 791, 8200, 9293, 768, 1071 (checksum). Thread safety: none;
// one writer a file.
#ifndef NSP_SIM_CAPTURE_PACKET_WRITER_H_
#define NSP_SIM_CAPTURE_PACKET_WRITER_H_

#include <cstdint>
#include <string>

#include "sim/base/time.h"
#include "sim/capture/bytes.h"
#include "sim/capture/flow.h"
#include "sim/capture/frame.h"

namespace nsp {

struct TcpSegment {
  SocketAddress from;
  SocketAddress to;
  std::uint8_t flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
};

class PacketWriter {
 public:
  PacketWriter();  // with the file header

  void tcp(Instant time, const TcpSegment& segment, Bytes payload = {});
  void udp(Instant time, const SocketAddress& from, const SocketAddress& to, Bytes payload);

  [[nodiscard]] const std::string& bytes() const { return out_; }
  // The bytes so far, which the writer forgets: a long capture is written piece by piece.
  [[nodiscard]] std::string take();

 private:
  void packet(Instant time, const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
              Bytes transport);

  std::string out_;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_PACKET_WRITER_H_

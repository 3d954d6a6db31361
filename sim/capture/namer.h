// The name of a flow while it lives: looked for in the first bytes of its client, and nowhere once
// it is known or hopeless.
//
// A flow starts with what DNS told its client of the server's address. Then each segment of the
// client is looked at until the name is found, or until the bytes are of a protocol that says none.
// Most names stand in the first segment, which is read where it lies. Only when more is needed the
// bytes are kept, in a stream that is joined by sequence numbers (PieceBuffer), at most
// `stream_bytes` of it. When the streams of all flows together pass `all_stream_bytes`, the one
// opened first is given up. A flow that ends with an unfinished ClientHello keeps the name that
// stood there whole.
//
// A TCP flow with port 53 is read as DNS, in the server's direction, as long as it lives.
//
// Thread safety: none; one reader, one namer.
#ifndef NSP_SIM_CAPTURE_NAMER_H_
#define NSP_SIM_CAPTURE_NAMER_H_

#include <list>
#include <memory>

#include "sim/capture/client_hello.h"
#include "sim/capture/dns_answers.h"
#include "sim/capture/flow.h"
#include "sim/capture/limits.h"
#include "sim/capture/piece_buffer.h"

namespace nsp {

struct Naming;

// The bytes of one flow that are kept. Lives in the Namer.
struct NameStream {
  Naming* owner = nullptr;
  PieceBuffer pieces;
  std::size_t need = 0;  // bytes of the front from which on reading is of use
};

// What the Namer knows of one flow. INVARIANT: does not move while it has a stream.
struct Naming {
  enum class Phase : std::uint8_t {
    Wanted,  // look at what the client sends
    Dns,     // look at what the server sends, for others
    Over,
  };
  DomainName name;
  NameSource source = NameSource::None;
  Phase phase = Phase::Over;
  bool encrypted_client_hello = false;
  bool privatelink = false;
  bool ambiguous = false;  // what DNS told; no matter once there is a name
  bool has_origin = false;
  std::uint32_t origin = 0;  // the sequence number of the first byte looked at
  std::list<NameStream>::iterator stream;
  bool has_stream = false;
};

class Namer {
 public:
  Namer(const CaptureLimits& limits, DnsAnswers& dns, CaptureCounts& counts)
      : limits_(limits), dns_(dns), counts_(counts) {}

  // A new flow of `client`.
  void open(Naming& naming, Transport transport, const SocketAddress& client,
            const SocketAddress& server, Instant now);
  // A TCP segment of the flow. `by_client` is its direction.
  void segment(Naming& naming, const PacketView& packet, bool by_client, Instant now) {
    if (naming.phase == Naming::Phase::Over) return;
    if (by_client == (naming.phase == Naming::Phase::Dns)) return;
    look(naming, packet, now);
  }
  // The flow is over: what is there is all there will be.
  void close(Naming& naming);

 private:
  using Streams = std::list<NameStream>;

  void look(Naming& naming, const PacketView& packet, Instant now);
  void look_at(Naming& naming, std::uint32_t offset, Bytes payload, const PacketView& packet,
               Instant now);
  [[nodiscard]] SpokenName read(Bytes stream);
  bool take(Naming& naming, const SpokenName& spoken);
  void set_name(Naming& naming, const SpokenName& spoken);
  void keep(Naming& naming, std::uint32_t offset, Bytes payload);
  void read_stream(Naming& naming, bool last);
  void read_dns(Naming& naming, const PacketView& packet, Instant now);
  void open_stream(Naming& naming);
  void close_stream(Naming& naming);
  void give_up(Naming& naming);

  CaptureLimits limits_;
  DnsAnswers& dns_;
  CaptureCounts& counts_;
  ClientHelloReader hello_;
  Streams open_;   // in order of opening
  Streams spare_;  // closed ones, whose memory is used again
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_NAMER_H_

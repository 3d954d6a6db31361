// What bounds the memory of reading a capture, and what came to each bound.
//
// Everything that is held while packets arrive is held per live flow, per open stream, per
// unfinished datagram or per name that DNS gave; each has a cap here. What a cap costs is counted
// and never silent.
//
// Thread safety: plain values.
#ifndef NSP_SIM_CAPTURE_LIMITS_H_
#define NSP_SIM_CAPTURE_LIMITS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/base/time.h"
#include "sim/capture/frame.h"

namespace nsp {

struct CaptureLimits {
  // A flow without a packet for so long is over. (Azure's load balancers drop idle connections
  // after 4 minutes unless told otherwise.)
  std::chrono::nanoseconds idle = std::chrono::minutes(10);
  // After both FINs or a RST a flow waits so long for stragglers.
  std::chrono::nanoseconds linger = std::chrono::minutes(1);
  std::uint32_t live_flows = 1U << 18;  // the one longest without a packet goes first; at least 1

  std::uint32_t stream_bytes = 64U << 10;        // a flow, while its name is looked for
  std::uint64_t all_stream_bytes = 64ULL << 20;  // … all flows; the oldest gives up first
  std::uint32_t datagrams = 256;                 // unfinished at once; the oldest goes first
  std::chrono::nanoseconds datagram_time = std::chrono::seconds(30);  // RFC 791, 8200: 15 to 60 s
  std::uint32_t dns_addresses = 1U << 16;  // remembered; the oldest goes first
};

struct CaptureCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // as captured
  std::uint64_t flows = 0;  // delivered
  std::uint64_t unnamed_flows = 0;
  std::uint64_t encrypted_client_hellos = 0;
  Instant first = Instant::max();  // of the packets; first > last where there was none
  Instant last = Instant::min();

  // Packets that belong to no flow, by the kind of fault.
  std::array<std::uint64_t, kFrameFaults> faults{};
  std::uint64_t cut_payloads = 0;  // shorter than sent, by the snap length

  std::uint64_t fragments = 0;
  std::uint64_t overlapping_fragments = 0;  // the first stands
  std::uint64_t lost_datagrams = 0;         // never complete, or too many at once

  std::uint64_t expired_flows = 0;  // idle
  std::uint64_t evicted_flows = 0;  // the cap of live flows

  std::uint64_t contradicting_segments = 0;  // the first stands
  std::uint64_t abandoned_streams = 0;       // a cap came before the name
  std::uint64_t unreadable_names = 0;        // asked for with what is no host name

  std::uint64_t dns_answers = 0;      // messages that gave an address
  std::uint64_t damaged_dns = 0;      // messages that could not be read
  std::uint64_t forgotten_names = 0;  // the cap of addresses
  std::uint64_t ambiguous_names = 0;  // flows without a name to an address of several

  void add(const CaptureCounts& other);
  bool operator==(const CaptureCounts&) const = default;
};

// What was not read or not kept, in words, for reports: only what is not zero, in a fixed order.
struct CountedKind {
  std::string_view kind;
  std::uint64_t count = 0;
  bool operator==(const CountedKind&) const = default;
};
[[nodiscard]] std::vector<CountedKind> problems(const CaptureCounts& counts);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_LIMITS_H_

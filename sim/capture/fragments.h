// IP fragments back to datagrams.
//
// A datagram is known by its addresses, id and protocol (RFC 791; RFC 8200 for IPv6, where the id
// has 32 bits and the protocol does not count). Its pieces may come in any order; the first copy of
// a byte stands (see PieceBuffer). A datagram waits `datagram_time` for its pieces, and no more
// than `datagrams` wait at once: the oldest is given up. Both are counted as lost.
//
// Memory: at most datagrams × 64 KiB. Thread safety: none; one reader, one table.
#ifndef NSP_SIM_CAPTURE_FRAGMENTS_H_
#define NSP_SIM_CAPTURE_FRAGMENTS_H_

#include <list>
#include <optional>

#include "sim/capture/limits.h"
#include "sim/capture/piece_buffer.h"

namespace nsp {

class FragmentTable {
 public:
  explicit FragmentTable(const CaptureLimits& limits) : limits_(limits) {}

  // The datagram that this fragment completes, as read_frame() would have read it whole; its volume
  // is that of all its fragments. Nothing while pieces are missing, or when the whole cannot be
  // read: then its fault is counted. Views live until the next call.
  // REQUIRES: fragment.is_fragment.
  std::optional<PacketView> add(const PacketView& fragment, Instant now, CaptureCounts& counts);

  // Gives up what is still incomplete.
  void finish(CaptureCounts& counts);

 private:
  struct Datagram {
    IpAddress source;
    IpAddress destination;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    Instant since;
    Volume volume;
    std::uint32_t length = 0;  // 0: the last fragment has not come
    PieceBuffer pieces;
  };
  using Datagrams = std::list<Datagram>;  // oldest first; few, so a search is short
  void expire(Instant now, CaptureCounts& counts);
  Datagrams::iterator find(const PacketView& fragment, Instant now, CaptureCounts& counts);
  bool accept(Datagram& datagram, const PacketView& fragment, CaptureCounts& counts);

  CaptureLimits limits_;
  Datagrams waiting_;
  Datagram complete_;  // keeps the bytes of what add() returned
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FRAGMENTS_H_

// Packets to flows.
//
// A flow is known by its FlowKey. It begins with its first packet, and anew when a client sends a
// SYN with another initial sequence number from the same port. It is over, and delivered once, when
//   - it is idle for `idle`, or both FINs or a RST came and nothing followed for `linger`;
//   - its endpoints begin a new one;
//   - more than `live_flows` live: the one longest without a packet is evicted, and counted; one
//   that
//     only waits for stragglers goes before it, and is not, since it loses nothing;
//   - the capture ends.
//
// Time is that of the packets: "now" is the latest that was seen, so a step back expires nobody.
//
// The client is the sender of the SYN, or the receiver of the SYN's answer. Where neither was seen
// it is the side with the higher port, and of equal ports the one that was seen first.
//
// Order: flows are delivered in the order in which they are over; those that live to the end in the
// order of their last packets, closed ones first. So the same packets give the same order.
//
// Cost: a packet of a known flow costs one probe of the index and no allocation. Memory: about 250
// bytes a live flow. Thread safety: none; one reader, one table.
#ifndef NSP_SIM_CAPTURE_FLOW_TABLE_H_
#define NSP_SIM_CAPTURE_FLOW_TABLE_H_

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "sim/capture/flow.h"
#include "sim/capture/flow_index.h"
#include "sim/capture/flow_key.h"
#include "sim/capture/limits.h"
#include "sim/capture/namer.h"

namespace nsp {

using FlowSink = std::function<void(Flow&&)>;

class FlowTable {
 public:
  FlowTable(const CaptureLimits& limits, DnsAnswers& dns, CaptureCounts& counts, FlowSink sink);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // REQUIRES: !packet.is_fragment.
  void add(const PacketView& packet, Instant time);
  // Delivers every flow that lives.
  void finish();
  [[nodiscard]] std::size_t live() const { return live_; }

 private:
  static constexpr std::uint32_t kNobody = FlowIndex::kNobody;
  static constexpr std::size_t kOpen = 0;
  static constexpr std::size_t kClosed = 1;

  struct Record {
    FlowKey key;
    Instant touched;  // "now" at the last packet
    Instant first;
    Instant last;
    std::uint32_t hash = 0;
    std::uint32_t older = kNobody;
    std::uint32_t newer = kNobody;
    std::uint32_t client_isn = 0;
    std::array<Volume, 2> volume;  // by the first endpoint of the key, by the other
    std::array<bool, 2> fin{};     // likewise
    bool client_is_first = false;
    bool client_by_port = false;
    bool has_client_isn = false;
    bool closed = false;
    Naming naming;
  };
  // Records in the order of `touched`.
  struct Queue {
    std::uint32_t oldest = kNobody;
    std::uint32_t newest = kNobody;
  };

  Record& record(std::uint32_t number) { return chunks_[number / kChunk][number % kChunk]; }
  [[nodiscard]] std::uint32_t find(const FlowKey& key, std::uint32_t hash) const;
  [[nodiscard]] static bool begins_anew(const Record& record, const PacketView& packet);
  std::uint32_t open(const PacketView& packet, const DirectedKey& key, std::uint32_t hash,
                     Instant time);
  static void find_client(Record& record, const PacketView& packet, bool from_first);
  void update(std::uint32_t number, const PacketView& packet, bool from_first, Instant time);
  void follow_tcp(std::uint32_t number, const PacketView& packet, bool from_first);
  void expire();
  void evict();
  void deliver(std::uint32_t number);
  std::uint32_t take_number();
  void unlink(std::uint32_t number);
  void link(std::uint32_t number);

  static constexpr std::size_t kChunk = 1024;
  CaptureLimits limits_;
  CaptureCounts& counts_;
  FlowSink sink_;
  Namer namer_;
  FlowIndex index_;
  std::vector<std::unique_ptr<Record[]>> chunks_;  // so that a record never moves
  std::vector<std::uint32_t> free_;
  std::array<Queue, 2> queues_;  // open and closed flows
  std::size_t live_ = 0;
  Instant now_ = Instant::min();
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FLOW_TABLE_H_

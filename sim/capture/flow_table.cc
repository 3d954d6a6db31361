#include "sim/capture/flow_table.h"

#include <algorithm>
#include <utility>

namespace nsp {
namespace {

constexpr std::uint8_t kSynAck = tcp_flag::kSyn | tcp_flag::kAck;

bool is_syn(const PacketView& packet) { return (packet.tcp_flags & kSynAck) == tcp_flag::kSyn; }
bool is_syn_ack(const PacketView& packet) { return (packet.tcp_flags & kSynAck) == kSynAck; }

}  // namespace

FlowTable::FlowTable(const CaptureLimits& limits, DnsAnswers& dns, CaptureCounts& counts,
                     FlowSink sink)
    : limits_(limits), counts_(counts), sink_(std::move(sink)), namer_(limits, dns, counts) {}

void FlowTable::add(const PacketView& packet, Instant time) {
  now_ = std::max(now_, time);
  expire();
  const DirectedKey key = key_of(packet);
  const std::uint32_t hash = hash_of(key.key);
  std::uint32_t number = find(key.key, hash);
  if (number != kNobody && begins_anew(record(number), packet)) {
    deliver(number);
    number = kNobody;
  }
  if (number == kNobody) number = open(packet, key, hash, time);
  update(number, packet, key.from_first, time);
}

std::uint32_t FlowTable::find(const FlowKey& key, std::uint32_t hash) const {
  return index_.find(hash, [&](std::uint32_t number) {
    return chunks_[number / kChunk][number % kChunk].key == key;
  });
}

// A SYN of another connection than the record's. The same SYN again is a repetition.
bool FlowTable::begins_anew(const Record& record, const PacketView& packet) {
  if (packet.transport != Transport::Tcp) return false;
  if (is_syn(packet)) return !record.has_client_isn || record.client_isn != packet.sequence;
  // The SYN itself was lost, and its answer belongs to none that we know.
  return is_syn_ack(packet) && record.closed && record.has_client_isn &&
         record.client_isn != packet.acknowledged - 1;
}

void FlowTable::find_client(Record& record, const PacketView& packet, bool from_first) {
  const bool is_tcp = packet.transport == Transport::Tcp;
  if (is_tcp && is_syn(packet)) {
    record.client_is_first = from_first;
    record.client_isn = packet.sequence;
    record.has_client_isn = true;
    return;
  }
  if (is_tcp && is_syn_ack(packet)) {
    record.client_is_first = !from_first;
    record.client_isn = packet.acknowledged - 1;
    record.has_client_isn = true;
    return;
  }
  record.client_by_port = true;
  const bool source_is_client = packet.source.port >= packet.destination.port;
  record.client_is_first = source_is_client == from_first;
}

std::uint32_t FlowTable::open(const PacketView& packet, const DirectedKey& key, std::uint32_t hash,
                              Instant time) {
  if (live_ >= std::max(limits_.live_flows, 1U)) evict();
  const std::uint32_t number = take_number();
  Record& fresh = record(number);
  fresh.key = key.key;
  fresh.hash = hash;
  fresh.first = time;
  fresh.last = time;
  fresh.volume = {};
  fresh.fin = {};
  fresh.client_by_port = false;
  fresh.has_client_isn = false;
  fresh.closed = false;
  find_client(fresh, packet, key.from_first);
  namer_.open(fresh.naming, packet.transport, endpoint_of(key.key, fresh.client_is_first),
              endpoint_of(key.key, !fresh.client_is_first), time);
  index_.insert(hash, number);
  ++live_;
  fresh.touched = now_;
  link(number);
  return number;
}

void FlowTable::update(std::uint32_t number, const PacketView& packet, bool from_first,
                       Instant time) {
  Record& flow = record(number);
  flow.first = std::min(flow.first, time);
  flow.last = std::max(flow.last, time);
  Volume& volume = flow.volume[from_first ? 0 : 1];
  volume.packets += packet.volume.packets;
  volume.bytes += packet.volume.bytes;
  if (packet.transport == Transport::Tcp) follow_tcp(number, packet, from_first);
  flow.touched = now_;
  if (flow.newer == kNobody) return;
  unlink(number);
  link(number);
}

void FlowTable::follow_tcp(std::uint32_t number, const PacketView& packet, bool from_first) {
  Record& flow = record(number);
  namer_.segment(flow.naming, packet, from_first == flow.client_is_first, now_);
  if ((packet.tcp_flags & (tcp_flag::kFin | tcp_flag::kRst)) == 0 || flow.closed) return;
  if ((packet.tcp_flags & tcp_flag::kFin) != 0) flow.fin[from_first ? 0 : 1] = true;
  if ((packet.tcp_flags & tcp_flag::kRst) == 0 && !(flow.fin[0] && flow.fin[1])) return;
  unlink(number);
  flow.closed = true;
  link(number);
}

void FlowTable::expire() {
  const auto is_over = [this](std::uint32_t number, std::chrono::nanoseconds after) {
    return number != kNobody && now_ - record(number).touched > after;
  };
  while (is_over(queues_[kClosed].oldest, limits_.linger)) deliver(queues_[kClosed].oldest);
  while (is_over(queues_[kOpen].oldest, limits_.idle)) {
    ++counts_.expired_flows;
    deliver(queues_[kOpen].oldest);
  }
}

// A closed flow loses nothing by going early, so it goes first and is not counted.
void FlowTable::evict() {
  if (queues_[kClosed].oldest != kNobody) return deliver(queues_[kClosed].oldest);
  ++counts_.evicted_flows;
  deliver(queues_[kOpen].oldest);
}

void FlowTable::deliver(std::uint32_t number) {
  Record& over = record(number);
  namer_.close(over.naming);
  index_.remove(over.hash, number);
  unlink(number);
  free_.push_back(number);
  --live_;
  const std::size_t client = over.client_is_first ? 0 : 1;
  Flow flow{.client = endpoint_of(over.key, over.client_is_first),
            .server = endpoint_of(over.key, !over.client_is_first),
            .transport = transport_of(over.key),
            .client_by_port = over.client_by_port,
            .first = over.first,
            .last = over.last,
            .sent = over.volume[client],
            .received = over.volume[1 - client],
            .name = std::move(over.naming.name),
            .name_source = over.naming.source,
            .encrypted_client_hello = over.naming.encrypted_client_hello,
            .privatelink = over.naming.privatelink};
  ++counts_.flows;
  counts_.unnamed_flows += flow.name.empty() ? 1 : 0;
  counts_.encrypted_client_hellos += flow.encrypted_client_hello ? 1 : 0;
  sink_(std::move(flow));
}

void FlowTable::finish() {
  for (const Queue& queue : {std::cref(queues_[kClosed]), std::cref(queues_[kOpen])}) {
    while (queue.oldest != kNobody) deliver(queue.oldest);
  }
}

std::uint32_t FlowTable::take_number() {
  if (free_.empty()) {
    const auto first = static_cast<std::uint32_t>(chunks_.size() * kChunk);
    chunks_.push_back(std::make_unique<Record[]>(kChunk));
    for (std::uint32_t i = kChunk; i > 0; --i) free_.push_back(first + i - 1);
  }
  const std::uint32_t number = free_.back();
  free_.pop_back();
  return number;
}

void FlowTable::unlink(std::uint32_t number) {
  Record& out = record(number);
  Queue& queue = queues_[out.closed ? kClosed : kOpen];
  (out.older == kNobody ? queue.oldest : record(out.older).newer) = out.newer;
  (out.newer == kNobody ? queue.newest : record(out.newer).older) = out.older;
}

void FlowTable::link(std::uint32_t number) {
  Record& in = record(number);
  Queue& queue = queues_[in.closed ? kClosed : kOpen];
  in.older = queue.newest;
  in.newer = kNobody;
  (queue.newest == kNobody ? queue.oldest : record(queue.newest).newer) = number;
  queue.newest = number;
}

}  // namespace nsp

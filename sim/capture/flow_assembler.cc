#include "sim/capture/flow_assembler.h"

#include <algorithm>

namespace nsp {

void FlowAssembler::add(LinkType link, Instant time, Bytes captured, std::uint32_t sent) {
  ++counts_.packets;
  counts_.bytes += captured.size();
  counts_.first = std::min(counts_.first, time);
  counts_.last = std::max(counts_.last, time);
  const auto packet = read_frame(link, captured, sent);
  if (!packet) {
    ++counts_.faults[static_cast<std::size_t>(packet.error())];
    return;
  }
  if (!packet->is_fragment) return add_packet(*packet, time);
  if (const auto whole = fragments_.add(*packet, time, counts_)) add_packet(*whole, time);
}

void FlowAssembler::add_packet(const PacketView& packet, Instant time) {
  constexpr std::uint16_t kDnsPort = 53;
  counts_.cut_payloads += packet.payload.size() < packet.payload_sent ? 1 : 0;
  if (packet.transport == Transport::Udp && packet.source.port == kDnsPort) {
    dns_.add(packet.destination.address, packet.payload, time, counts_);
  }
  flows_.add(packet, time);
}

void FlowAssembler::finish() {
  fragments_.finish(counts_);
  flows_.finish();
}

}  // namespace nsp

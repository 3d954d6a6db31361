#include "sim/capture/namer.h"

#include <algorithm>

#include "sim/capture/http_host.h"

namespace nsp {
namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kMostSpare = 64;
constexpr std::uint8_t kTlsHandshake = 22;

using State = SpokenName::State;

}  // namespace

void Namer::open(Naming& naming, Transport transport, const SocketAddress& client,
                 const SocketAddress& server, Instant now) {
  naming = {};
  if (client.port == kDnsPort || server.port == kDnsPort) {
    if (transport == Transport::Tcp) naming.phase = Naming::Phase::Dns;
    return;
  }
  if (transport == Transport::Tcp) naming.phase = Naming::Phase::Wanted;
  const auto found = dns_.find(client.address, server.address, now);
  if (!found) return;
  naming.privatelink = found->privatelink;
  naming.ambiguous = found->ambiguous;
  if (found->name.empty()) return;
  naming.name = found->name;
  naming.source = NameSource::DnsAnswer;
}

void Namer::look(Naming& naming, const PacketView& packet, Instant now) {
  const bool is_syn = (packet.tcp_flags & tcp_flag::kSyn) != 0;
  if (is_syn) {
    naming.origin = packet.sequence + 1;
    naming.has_origin = true;
  }
  if (packet.payload_sent == 0) return;
  const std::uint32_t sequence = packet.sequence + (is_syn ? 1 : 0);
  if (!naming.has_origin) {
    // The capture began later than the flow: what is seen first is where the stream starts, or it
    // reads as nothing.
    naming.origin = sequence;
    naming.has_origin = true;
  }
  const auto offset = static_cast<std::int32_t>(sequence - naming.origin);
  const auto length = static_cast<std::int64_t>(packet.payload.size());
  if (offset + length <= 0) return;  // before the start: repeated, or a keep-alive probe
  const auto before = static_cast<std::size_t>(std::max(-offset, 0));
  look_at(naming, static_cast<std::uint32_t>(std::max(offset, 0)), packet.payload.subspan(before),
          packet, now);
}

void Namer::look_at(Naming& naming, std::uint32_t offset, Bytes payload, const PacketView& packet,
                    Instant now) {
  if (naming.phase == Naming::Phase::Dns) {
    keep(naming, offset, payload);
    return read_dns(naming, packet, now);
  }
  const bool is_cut = packet.payload.size() < packet.payload_sent;
  if (offset == 0 && !naming.has_stream) {
    const SpokenName spoken = read(payload);
    if (take(naming, spoken)) return;
    if (is_cut) return set_name(naming, spoken);
  }
  keep(naming, offset, payload);
  // A cut segment leaves a hole that nothing fills.
  if (naming.has_stream) read_stream(naming, is_cut);
}

SpokenName Namer::read(Bytes stream) {
  return stream[0] == kTlsHandshake ? hello_.read(stream) : read_http_host(stream);
}

// True when there is nothing more to look for.
bool Namer::take(Naming& naming, const SpokenName& spoken) {
  if (spoken.state == State::NeedMore) return false;
  set_name(naming, spoken);
  return true;
}

void Namer::set_name(Naming& naming, const SpokenName& spoken) {
  naming.phase = Naming::Phase::Over;
  naming.encrypted_client_hello = spoken.encrypted;
  if (spoken.name.empty() || spoken.state == State::Other) return;
  auto name = DomainName::parse(spoken.name);
  if (!name) {
    ++counts_.unreadable_names;
    return;
  }
  if (IpAddress::parse(name->text())) return;  // a literal address is no name
  naming.name = std::move(*name);
  naming.source = spoken.is_server_name ? NameSource::ServerName : NameSource::HttpHost;
}

void Namer::keep(Naming& naming, std::uint32_t offset, Bytes payload) {
  if (offset >= limits_.stream_bytes || payload.size() > limits_.stream_bytes - offset) {
    return give_up(naming);
  }
  if (!naming.has_stream) open_stream(naming);
  PieceBuffer& pieces = naming.stream->pieces;
  kept_bytes_ -= pieces.size();
  const PieceBuffer::Added added = pieces.add(offset, payload);
  kept_bytes_ += pieces.size();
  if (added == PieceBuffer::Added::Differed) ++counts_.contradicting_segments;
  if (added == PieceBuffer::Added::Scattered) give_up(naming);
  while (kept_bytes_ > limits_.all_stream_bytes) give_up(*open_.front().owner);
}

void Namer::read_stream(Naming& naming, bool last) {
  const Bytes front = naming.stream->pieces.front();
  const bool is_of_use = !front.empty() && (last || front.size() >= naming.stream->need);
  if (!is_of_use && !last) return;
  if (is_of_use) {
    const SpokenName spoken = read(front);
    if (!take(naming, spoken)) {
      naming.stream->need = spoken.need;
      if (last) set_name(naming, spoken);
    }
  }
  if (last) naming.phase = Naming::Phase::Over;
  if (naming.phase == Naming::Phase::Over) close_stream(naming);
}

// Messages of DNS over TCP, each behind its length (RFC 1035 section 4.2.2).
void Namer::read_dns(Naming& naming, const PacketView& packet, Instant now) {
  while (naming.has_stream) {
    PieceBuffer& pieces = naming.stream->pieces;
    const Bytes front = pieces.front();
    if (front.size() < 2 || front.size() < 2U + big16(front.data())) break;
    const std::uint32_t length = 2U + big16(front.data());
    dns_.add(packet.destination.address, front.subspan(2, length - 2), now, counts_);
    kept_bytes_ -= pieces.size();
    pieces.drop(length);
    kept_bytes_ += pieces.size();
    naming.origin += length;
    if (pieces.size() == 0) close_stream(naming);
  }
}

void Namer::open_stream(Naming& naming) {
  if (spare_.empty()) spare_.emplace_back();
  open_.splice(open_.end(), spare_, spare_.begin());
  naming.stream = std::prev(open_.end());
  naming.stream->owner = &naming;
  naming.stream->need = 0;
  naming.has_stream = true;
}

void Namer::close_stream(Naming& naming) {
  kept_bytes_ -= naming.stream->pieces.size();
  naming.stream->pieces.clear();
  naming.has_stream = false;
  if (spare_.size() < kMostSpare) {
    spare_.splice(spare_.begin(), open_, naming.stream);
  } else {
    open_.erase(naming.stream);
  }
}

void Namer::give_up(Naming& naming) {
  ++counts_.abandoned_streams;
  if (naming.has_stream && naming.phase == Naming::Phase::Wanted) return read_stream(naming, true);
  naming.phase = Naming::Phase::Over;
  if (naming.has_stream) close_stream(naming);
}

void Namer::close(Naming& naming) {
  if (naming.has_stream && naming.phase == Naming::Phase::Wanted) read_stream(naming, true);
  if (naming.has_stream) close_stream(naming);
  // What the client said itself leaves nothing to be ambiguous about.
  if (naming.ambiguous && naming.name.empty()) ++counts_.ambiguous_names;
}

}  // namespace nsp

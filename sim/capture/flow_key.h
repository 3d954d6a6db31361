// What makes packets one flow: the two endpoints and the transport, in an order that does not
// depend on the direction.
//
// Forty bytes without padding, so that hashing and comparing are five words. Thread safety: plain
// values.
#ifndef NSP_SIM_CAPTURE_FLOW_KEY_H_
#define NSP_SIM_CAPTURE_FLOW_KEY_H_

#include <array>
#include <cstdint>

#include "sim/capture/frame.h"

namespace nsp {

struct FlowKey {
  // The smaller endpoint's address in two words, the larger's, then ports, transport and family.
  std::array<std::uint64_t, 5> words{};

  // Without a branch, and without the call that comparing arrays is.
  bool operator==(const FlowKey& other) const {
    std::uint64_t differs = 0;
    for (std::size_t i = 0; i < words.size(); ++i) differs |= words[i] ^ other.words[i];
    return differs == 0;
  }
};

// A packet's key, and whether its source is the first (smaller) endpoint.
struct DirectedKey {
  FlowKey key;
  bool from_first = false;
};

[[nodiscard]] inline bool is_first(const SocketAddress& a, const SocketAddress& b) {
  return a.address.bits != b.address.bits ? a.address.bits < b.address.bits : a.port <= b.port;
}

[[nodiscard]] inline DirectedKey key_of(const PacketView& packet) {
  const bool from_first = is_first(packet.source, packet.destination);
  const SocketAddress& a = from_first ? packet.source : packet.destination;
  const SocketAddress& b = from_first ? packet.destination : packet.source;
  const auto high = [](Uint128 bits) { return static_cast<std::uint64_t>(bits >> 64); };
  const std::uint64_t kind =
      (packet.transport == Transport::Udp ? 2U : 0U) | (a.address.v4 ? 1U : 0U);
  return {{{high(a.address.bits), static_cast<std::uint64_t>(a.address.bits), high(b.address.bits),
            static_cast<std::uint64_t>(b.address.bits),
            (kind << 32) | (std::uint64_t{a.port} << 16) | b.port}},
          from_first};
}

[[nodiscard]] inline SocketAddress endpoint_of(const FlowKey& key, bool first) {
  const std::size_t at = first ? 0 : 2;
  const Uint128 bits = (Uint128{key.words[at]} << 64) | key.words[at + 1];
  const auto port = static_cast<std::uint16_t>(key.words[4] >> (first ? 16 : 0));
  return {{bits, ((key.words[4] >> 32) & 1U) != 0}, port};
}

[[nodiscard]] inline Transport transport_of(const FlowKey& key) {
  return ((key.words[4] >> 32) & 2U) != 0 ? Transport::Udp : Transport::Tcp;
}

// Two multiplications fold the words (as wyhash and its kin do).
[[nodiscard]] inline std::uint32_t hash_of(const FlowKey& key) {
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    const Uint128 product = Uint128{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto& w = key.words;
  const std::uint64_t left =
      fold(w[0] ^ w[1] ^ 0xa076'1d64'78bd'642fU, w[4] ^ 0xe703'7ed1'a0b4'28dbU);
  const std::uint64_t right =
      fold(w[2] ^ w[3] ^ 0x8ebc'6af0'9c88'c6e3U, left ^ 0x5899'65cc'7537'4cc3U);
  return static_cast<std::uint32_t>(right ^ (right >> 32));
}

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FLOW_KEY_H_

// IP addresses and prefixes, parsed once and compared as numbers.
//
// An address is 128 bits: IPv6 as it is, IPv4 in the low 32 bits with `v4` set. The two families
// never compare equal (an IPv4-mapped IPv6 text, ::ffff:192.0.2.1, reads as the IPv4 address: it is
// one on the wire).
//
// Sources: RFC 4291 and 5952 (IPv6 text), RFC 4632 (CIDR), RFC 1918 and 4193 (private ranges).
// Thread safety: plain values.
#ifndef NSP_SIM_NET_ADDRESS_H_
#define NSP_SIM_NET_ADDRESS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nsp {

using Uint128 = unsigned __int128;

struct IpAddress {
  Uint128 bits = 0;
  bool v4 = true;

  // Dotted quad without leading zeros, or RFC 4291 text without a zone. Nothing else.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
  [[nodiscard]] static constexpr IpAddress from_v4(std::uint32_t bits) { return {bits, true}; }

  // RFC 1918, RFC 4193 (fc00::/7), loopback, link-local: never the source of a public attempt
  // (clause P-6).
  [[nodiscard]] bool is_private() const;

  bool operator==(const IpAddress&) const = default;
  // IPv4 before IPv6, then by number.
  std::strong_ordering operator<=>(const IpAddress& other) const;
};

// RFC 5952 form.
[[nodiscard]] std::string to_string(const IpAddress& address);

struct IpPrefix {
  IpAddress network;        // host bits are zero
  std::uint8_t length = 0;  // 0..32 or 0..128

  // `address/length`, or a bare address as a prefix of one. Host bits are cleared: 203.0.113.7/24
  // reads as 203.0.113.0/24 (`had_host_bits` tells, where a caller wants to warn).
  [[nodiscard]] static std::optional<IpPrefix> parse(std::string_view text,
                                                     bool* had_host_bits = nullptr);

  [[nodiscard]] IpAddress first() const { return network; }
  [[nodiscard]] IpAddress last() const;
  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] bool contains(const IpPrefix& other) const;
  // True when every address in it is private in the sense of is_private().
  [[nodiscard]] bool is_private() const;

  bool operator==(const IpPrefix&) const = default;
  auto operator<=>(const IpPrefix&) const = default;
};

[[nodiscard]] std::string to_string(const IpPrefix& prefix);

// The prefixes that is_private() speaks of, disjoint.
[[nodiscard]] std::span<const IpPrefix> private_prefixes();

// How far `address` lies outside `prefix`, in words: "5 past the end of 203.0.113.0/28", "1 before
// the start of …", "far past the end of …" (beyond 65535), "IPv6, the prefix is IPv4". REQUIRES:
// !prefix.contains(address).
[[nodiscard]] std::string describe_miss(const IpAddress& address, const IpPrefix& prefix);

}  // namespace nsp

#endif  // NSP_SIM_NET_ADDRESS_H_

#include "sim/net/address.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::size_t kGroups = 8;  // 16-bit groups of an IPv6 address
constexpr std::uint8_t kV4Bits = 32;
constexpr std::uint8_t kV6Bits = 128;
constexpr std::uint8_t kMappedBits = 96;  // the length of ::ffff:0:0/96

std::uint8_t width_of(const IpAddress& address) { return address.v4 ? kV4Bits : kV6Bits; }

// The bits that a prefix of that length leaves to hosts.
Uint128 host_mask(std::uint8_t width, std::uint8_t length) {
  const unsigned host_bits = static_cast<unsigned>(width - length);
  return host_bits >= kV6Bits ? ~Uint128{0} : (Uint128{1} << host_bits) - 1;
}

// A whole number in `base`, at most `max_digits` long, without sign; no leading zero in decimal.
std::optional<std::uint32_t> number(std::string_view text, int base, std::size_t max_digits) {
  if (text.empty() || text.size() > max_digits) return std::nullopt;
  if (base == 10 && text.size() > 1 && text.front() == '0') return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> parse_v4(std::string_view text) {
  std::uint32_t bits = 0;
  for (int octet = 0; octet < 4; ++octet) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (octet == 3)) return std::nullopt;
    const auto value = number(text.substr(0, dot), 10, 3);
    if (!value || *value > 0xff) return std::nullopt;
    bits = (bits << 8) | *value;
    if (octet < 3) text.remove_prefix(dot + 1);
  }
  return bits;
}

struct Groups {
  std::array<std::uint16_t, kGroups> values{};
  std::size_t count = 0;

  bool push(std::uint32_t value) {
    if (count == kGroups) return false;
    values[count++] = static_cast<std::uint16_t>(value);
    return true;
  }
};

// One piece between colons. A dotted quad counts for two groups and must be the last piece.
bool push_piece(Groups& groups, std::string_view piece, bool last) {
  if (last && piece.find('.') != std::string_view::npos) {
    const auto quad = parse_v4(piece);
    return quad && groups.push(*quad >> 16) && groups.push(*quad & 0xffff);
  }
  const auto value = number(piece, 16, 4);
  return value && groups.push(*value);
}

// Groups separated by single colons; empty text is no groups. `ends_address`: a dotted quad may
// stand at the end.
std::optional<Groups> parse_groups(std::string_view text, bool ends_address) {
  Groups groups;
  if (text.empty()) return groups;
  for (;;) {
    const auto colon = text.find(':');
    const bool last = colon == std::string_view::npos;
    if (!push_piece(groups, text.substr(0, colon), last && ends_address)) return std::nullopt;
    if (last) return groups;
    text.remove_prefix(colon + 1);
  }
}

Uint128 bits_of(const Groups& groups) {
  Uint128 bits = 0;
  for (std::size_t i = 0; i < groups.count; ++i) bits = (bits << 16) | groups.values[i];
  return bits;
}

std::optional<Uint128> parse_v6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto all = parse_groups(text, true);
    if (!all || all->count != kGroups) return std::nullopt;
    return bits_of(*all);
  }
  const auto head = parse_groups(text.substr(0, gap), false);
  const auto tail = parse_groups(text.substr(gap + 2), true);
  if (!head || !tail || head->count + tail->count >= kGroups) return std::nullopt;
  Uint128 bits = bits_of(*head);
  if (head->count != 0) bits <<= 16 * (kGroups - head->count);
  return bits | bits_of(*tail);
}

bool is_mapped(Uint128 bits) { return (bits >> kV4Bits) == 0xffff; }

// The longest run of two or more zero groups (the first of equals): what `::` stands for.
struct Run {
  std::size_t start = kGroups;
  std::size_t length = 1;
};

Run longest_zero_run(const std::array<std::uint16_t, kGroups>& groups) {
  Run best;
  for (std::size_t i = 0; i < kGroups;) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > best.length) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

std::string v6_text(Uint128 bits) {
  std::array<std::uint16_t, kGroups> groups{};
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups[kGroups - 1 - i] = static_cast<std::uint16_t>(bits >> (16 * i));
  }
  const Run run = longest_zero_run(groups);
  std::string text;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == run.start) {
      text += "::";
      i += run.length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    fmt::format_to(std::back_inserter(text), "{:x}", groups[i]);
  }
  return text;
}

IpPrefix v4_prefix(std::uint32_t bits, std::uint8_t length) {
  return {IpAddress::from_v4(bits), length};
}

IpPrefix v6_prefix(std::uint16_t first_group, std::uint8_t length) {
  return {IpAddress{Uint128{first_group} << 112, false}, length};
}

}  // namespace

// RFC 1918, loopback (RFC 1122), link-local (RFC 3927); RFC 4193, loopback and link-local (RFC
// 4291).
std::span<const IpPrefix> private_prefixes() {
  static const std::array<IpPrefix, 8> prefixes{
      v4_prefix(0x0a000000, 8),  v4_prefix(0xac100000, 12),
      v4_prefix(0xc0a80000, 16), v4_prefix(0x7f000000, 8),
      v4_prefix(0xa9fe0000, 16), v6_prefix(0xfc00, 7),
      v6_prefix(0xfe80, 10),     IpPrefix{IpAddress{1, false}, kV6Bits}};
  return prefixes;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const auto bits = parse_v4(text);
    if (!bits) return std::nullopt;
    return from_v4(*bits);
  }
  const auto bits = parse_v6(text);
  if (!bits) return std::nullopt;
  if (is_mapped(*bits)) return from_v4(static_cast<std::uint32_t>(*bits));
  return IpAddress{*bits, false};
}

bool IpAddress::is_private() const {
  for (const IpPrefix& prefix : private_prefixes()) {
    if (prefix.contains(*this)) return true;
  }
  return false;
}

std::strong_ordering IpAddress::operator<=>(const IpAddress& other) const {
  if (v4 != other.v4) return v4 ? std::strong_ordering::less : std::strong_ordering::greater;
  if (bits == other.bits) return std::strong_ordering::equal;
  return bits < other.bits ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::string to_string(const IpAddress& address) {
  if (!address.v4) return v6_text(address.bits);
  const auto bits = static_cast<std::uint32_t>(address.bits);
  return fmt::format("{}.{}.{}.{}", bits >> 24, (bits >> 16) & 0xff, (bits >> 8) & 0xff,
                     bits & 0xff);
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text, bool* had_host_bits) {
  if (had_host_bits != nullptr) *had_host_bits = false;
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  std::uint32_t length = width_of(*address);
  if (slash != std::string_view::npos) {
    const auto given = number(text.substr(slash + 1), 10, 3);
    // An IPv4-mapped prefix counts from the start of the 128 bits.
    const bool mapped = address->v4 && text.substr(0, slash).find(':') != std::string_view::npos;
    const std::uint32_t offset = mapped ? kMappedBits : 0;
    if (!given || *given < offset || *given - offset > length) return std::nullopt;
    length = *given - offset;
  }
  IpPrefix prefix{*address, static_cast<std::uint8_t>(length)};
  const Uint128 mask = host_mask(width_of(*address), prefix.length);
  if (had_host_bits != nullptr) *had_host_bits = (address->bits & mask) != 0;
  prefix.network.bits &= ~mask;
  return prefix;
}

IpAddress IpPrefix::last() const {
  return {network.bits | host_mask(width_of(network), length), network.v4};
}

bool IpPrefix::contains(const IpAddress& address) const {
  return address.v4 == network.v4 && address.bits >= network.bits && address.bits <= last().bits;
}

bool IpPrefix::contains(const IpPrefix& other) const {
  return length <= other.length && contains(other.network);
}

bool IpPrefix::is_private() const {
  for (const IpPrefix& prefix : private_prefixes()) {
    if (prefix.contains(*this)) return true;
  }
  return false;
}

std::string to_string(const IpPrefix& prefix) {
  return fmt::format("{}/{}", to_string(prefix.network), prefix.length);
}

std::string describe_miss(const IpAddress& address, const IpPrefix& prefix) {
  if (address.v4 != prefix.network.v4) {
    return address.v4 ? "IPv4, the prefix is IPv6" : "IPv6, the prefix is IPv4";
  }
  const bool past = address.bits > prefix.network.bits;
  const Uint128 distance =
      past ? address.bits - prefix.last().bits : prefix.network.bits - address.bits;
  // A near miss is worth counting; of a far one the digits tell nobody anything.
  constexpr Uint128 kNear = 0xffff;
  const std::string count = distance > kNear
                                ? std::string("far")
                                : fmt::format("{}", static_cast<std::uint64_t>(distance));
  return fmt::format("{} {} of {}", count, past ? "past the end" : "before the start",
                     to_string(prefix));
}

}  // namespace nsp

#include "sim/base/guid.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace nsp {
namespace {

std::optional<unsigned> hex_digit(char c) {
  const char l = ascii_lower(c);
  if (l >= '0' && l <= '9') return static_cast<unsigned>(l - '0');
  if (l >= 'a' && l <= 'f') return static_cast<unsigned>(l - 'a') + 10;
  return std::nullopt;
}

// FNV-1a, 64 bit (Fowler, Noll, Vo), from a chosen start.
std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint8_t>(ascii_lower(c))) * kPrime;
  }
  return hash;
}

}  // namespace

std::optional<Guid> Guid::parse(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() == kLength + 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, kLength);
  }
  if (text.size() != kLength) return std::nullopt;
  Guid guid;
  for (std::size_t i = 0; i < kLength; ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto digit = hex_digit(text[i]);
    if (!digit) return std::nullopt;
    guid.high = (guid.high << 4) | (guid.low >> 60);
    guid.low = (guid.low << 4) | *digit;
  }
  return guid;
}

Guid Guid::from_text(std::string_view text) {
  constexpr std::uint64_t kOffset = 0xcbf29ce484222325;
  constexpr std::uint64_t kOtherOffset = 0x84222325cbf29ce4;
  // The version (8, custom) and variant bits of RFC 9562, so that nobody takes it for a random one.
  Guid guid{fnv1a(text, kOffset), fnv1a(text, kOtherOffset)};
  guid.high = (guid.high & ~std::uint64_t{0xf000}) | 0x8000;
  guid.low = (guid.low & ~(std::uint64_t{0x3} << 62)) | (std::uint64_t{0x2} << 62);
  return guid;
}

std::string to_string(const Guid& guid) {
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", guid.high >> 32,
                     (guid.high >> 16) & 0xffff, guid.high & 0xffff, guid.low >> 48,
                     guid.low & 0xffffffffffff);
}

}  // namespace nsp

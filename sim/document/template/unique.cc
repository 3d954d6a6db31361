#include "sim/document/template/unique.h"

#include <nettle/sha1.h>

#include <array>
#include <bit>
#include <cstddef>

#include "sim/base/guid.h"

namespace nsp {
namespace {

constexpr std::uint32_t kFirst = 0x239b961b;
constexpr std::uint32_t kSecond = 0xab0e9789;

// At most four bytes, the lowest first.
std::uint32_t word_of(std::string_view bytes) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 4; ++i) {
    word |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

std::uint32_t mixed_low(std::uint32_t word) { return std::rotl(word * kFirst, 15) * kSecond; }
std::uint32_t mixed_high(std::uint32_t word) { return std::rotl(word * kSecond, 17) * kFirst; }

std::uint32_t finished(std::uint32_t lane) {
  lane ^= lane >> 16;
  lane *= 0x85ebca6b;
  lane ^= lane >> 13;
  lane *= 0xc2b2ae35;
  return lane ^ (lane >> 16);
}

}  // namespace

std::uint64_t template_hash(std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  while (bytes.size() >= 8) {
    low = std::rotl(low ^ mixed_low(word_of(bytes)), 19) + high;
    low = low * 5 + 0x561ccd1b;
    high = std::rotl(high ^ mixed_high(word_of(bytes.substr(4))), 13) + low;
    high = high * 5 + 0x0bcaa747;
    bytes.remove_prefix(8);
  }
  if (!bytes.empty()) low ^= mixed_low(word_of(bytes));
  if (bytes.size() > 4) high ^= mixed_high(word_of(bytes.substr(4)));
  low ^= size;
  high ^= size;
  low += high;
  high += low;
  low = finished(low);
  high = finished(high);
  low += high;
  high += low;
  return (std::uint64_t{high} << 32) | low;
}

std::string unique_string(std::string_view joined) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr int kLength = 13;
  std::uint64_t rest = template_hash(joined);
  std::string text;
  for (int i = 0; i < kLength; ++i, rest <<= 5) text += kLetters[rest >> 59];
  return text;
}

std::string name_based_guid(std::string_view joined) {
  // 11fb06fb-712d-4ddd-98c7-e71bbd588830, the namespace that Microsoft documents.
  constexpr std::array<std::uint8_t, 16> kNamespace{0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd,
                                                    0x98, 0xc7, 0xe7, 0x1b, 0xbd, 0x58, 0x88, 0x30};
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
  sha1_ctx context;
  sha1_init(&context);
  sha1_update(&context, kNamespace.size(), kNamespace.data());
  sha1_update(&context, joined.size(), reinterpret_cast<const std::uint8_t*>(joined.data()));
  sha1_digest(&context, digest.size(), digest.data());
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0f) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3f) | 0x80);
  Guid guid;
  for (std::size_t i = 0; i < 8; ++i) {
    guid.high = (guid.high << 8) | digest[i];
    guid.low = (guid.low << 8) | digest[i + 8];
  }
  return to_string(guid);
}

}  // namespace nsp

// Bytes as packets hold them: numbers in network order, and a reader that never runs past its end.
//
// Thread safety: plain values. Views live as long as the bytes that they were made of.
#ifndef NSP_SIM_CAPTURE_BYTES_H_
#define NSP_SIM_CAPTURE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nsp {

using Bytes = std::span<const std::uint8_t>;

// REQUIRES: as many bytes as the number takes.
[[nodiscard]] constexpr std::uint16_t big16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>((at[0] << 8) | at[1]);
}
[[nodiscard]] constexpr std::uint32_t big32(const std::uint8_t* at) {
  return (std::uint32_t{big16(at)} << 16) | big16(at + 2);
}
[[nodiscard]] constexpr std::uint64_t big64(const std::uint8_t* at) {
  return (std::uint64_t{big32(at)} << 32) | big32(at + 4);
}

// Packets are bytes, names in them are characters.
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Takes numbers and blocks from the front. After the first take past the end `failed()` is true and
// every further take gives zeros and nothing.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] Bytes rest() const { return rest_; }

  std::uint8_t u8() {
    const Bytes taken = take(1);
    return taken.empty() ? std::uint8_t{0} : taken[0];
  }
  std::uint16_t u16() {
    const Bytes taken = take(2);
    return taken.empty() ? std::uint16_t{0} : big16(taken.data());
  }
  std::uint32_t u24() {
    const std::uint32_t high = u8();
    return (high << 16) | u16();
  }
  std::uint32_t u32() {
    const Bytes taken = take(4);
    return taken.empty() ? 0 : big32(taken.data());
  }
  Bytes take(std::size_t count) {
    if (count > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

 private:
  Bytes rest_;
  bool failed_ = false;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_BYTES_H_

// Numbers and blocks to bytes in network order, the counterpart of ByteReader.
#ifndef NSP_SIM_CAPTURE_BYTE_WRITER_H_
#define NSP_SIM_CAPTURE_BYTE_WRITER_H_

#include <cstdint>
#include <vector>

#include "sim/capture/bytes.h"

namespace nsp {

class ByteWriter {
 public:
  ByteWriter& u8(std::uint32_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  ByteWriter& u16(std::uint32_t value) { return u8(value >> 8).u8(value); }
  ByteWriter& u24(std::uint32_t value) { return u8(value >> 16).u16(value); }
  ByteWriter& u32(std::uint32_t value) { return u16(value >> 16).u16(value); }
  ByteWriter& u64(std::uint64_t value) {
    return u32(static_cast<std::uint32_t>(value >> 32)).u32(static_cast<std::uint32_t>(value));
  }
  ByteWriter& block(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  // A block behind its length in two bytes.
  ByteWriter& counted16(Bytes bytes) {
    return u16(static_cast<std::uint32_t>(bytes.size())).block(bytes);
  }
  // Overwrites two bytes. REQUIRES: they are there.
  ByteWriter& put16(std::size_t at, std::uint32_t value) {
    bytes_[at] = static_cast<std::uint8_t>(value >> 8);
    bytes_[at + 1] = static_cast<std::uint8_t>(value);
    return *this;
  }

  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_BYTE_WRITER_H_

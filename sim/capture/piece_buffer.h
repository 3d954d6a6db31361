// Bytes that arrive in pieces: out of order, twice, overlapping.
//
// What came first stands: a later piece fills only what is still missing. (Systems differ here, and
// an attacker can make two readers see two streams, RFC 1858 and Ptacek/Newsham 1998; so pieces
// that contradict each other are told apart from honest repetition, for the reader to count.)
//
// Cost: a piece costs its bytes and the number of holes, at most kMostHoles. Thread safety: a plain
// value.
#ifndef NSP_SIM_CAPTURE_PIECE_BUFFER_H_
#define NSP_SIM_CAPTURE_PIECE_BUFFER_H_

#include <cstdint>
#include <vector>

#include "sim/capture/bytes.h"

namespace nsp {

class PieceBuffer {
 public:
  // More holes than that between pieces are no network's doing.
  static constexpr std::size_t kMostHoles = 64;

  enum class Added : std::uint8_t {
    Kept,       // all of it is new
    Repeated,   // some or all was there already, with the same bytes
    Differed,   // some was there already, with other bytes
    Scattered,  // refused: one hole too many
  };
  Added add(std::uint32_t offset, Bytes piece);

  // What is there from the start on, without a hole.
  [[nodiscard]] Bytes front() const;
  // Bytes up to the end of the furthest piece, holes included: what it takes in memory.
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  // Drops `count` bytes of the front; offsets count from there on. REQUIRES: count <=
  // front().size().
  void drop(std::uint32_t count);
  void clear();

 private:
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  using Ranges = std::vector<Range>;
  Added merge(Range added, const std::uint8_t* piece, Ranges::iterator first,
              Ranges::iterator last);
  void fill(std::uint32_t from, Range added, std::uint32_t until, const std::uint8_t* piece);

  std::vector<std::uint8_t> bytes_;
  Ranges ranges_;  // sorted; neither touching nor overlapping
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_PIECE_BUFFER_H_

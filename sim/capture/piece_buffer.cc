#include "sim/capture/piece_buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace nsp {

PieceBuffer::Added PieceBuffer::add(std::uint32_t offset, Bytes piece) {
  if (piece.empty()) return Added::Kept;
  const Range added{offset, static_cast<std::uint32_t>(offset + piece.size())};
  // The ranges that it overlaps or touches.
  const auto first = std::ranges::find_if(ranges_, [&](Range r) { return r.end >= added.begin; });
  const auto last =
      std::find_if(first, ranges_.end(), [&](Range r) { return r.begin > added.end; });
  if (first == last && ranges_.size() == kMostHoles) return Added::Scattered;
  if (bytes_.size() < added.end) bytes_.resize(added.end);
  return merge(added, piece.data(), first, last);
}

// Writes what is missing, compares what is not, and makes one range of all.
PieceBuffer::Added PieceBuffer::merge(Range added, const std::uint8_t* piece,
                                      Ranges::iterator first, Ranges::iterator last) {
  Added result = Added::Kept;
  std::uint32_t at = added.begin;
  Range whole = added;
  for (auto range = first; range != last; ++range) {
    fill(at, added, range->begin, piece);
    const std::uint32_t from = std::max(added.begin, range->begin);
    const std::uint32_t until = std::min(added.end, range->end);
    if (from < until) {
      const bool same =
          std::memcmp(bytes_.data() + from, piece + (from - added.begin), until - from) == 0;
      if (result != Added::Differed) result = same ? Added::Repeated : Added::Differed;
    }
    at = range->end;
    whole = {std::min(whole.begin, range->begin), std::max(whole.end, range->end)};
  }
  fill(at, added, added.end, piece);
  if (first == last) {
    ranges_.insert(first, whole);
  } else {
    *first = whole;
    ranges_.erase(first + 1, last);
  }
  return result;
}

// Copies what of the piece lies in [from, until).
void PieceBuffer::fill(std::uint32_t from, Range added, std::uint32_t until,
                       const std::uint8_t* piece) {
  from = std::max(from, added.begin);
  until = std::min(until, added.end);
  if (from >= until) return;
  std::memcpy(bytes_.data() + from, piece + (from - added.begin), until - from);
}

Bytes PieceBuffer::front() const {
  if (ranges_.empty() || ranges_.front().begin != 0) return {};
  return Bytes(bytes_).first(ranges_.front().end);
}

void PieceBuffer::drop(std::uint32_t count) {
  assert(count <= front().size());
  if (count == 0) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + count);
  for (Range& range : ranges_) {
    range.begin -= std::min(range.begin, count);
    range.end -= count;
  }
  if (ranges_.front().end == 0) ranges_.erase(ranges_.begin());
}

void PieceBuffer::clear() {
  bytes_.clear();
  ranges_.clear();
}

}  // namespace nsp

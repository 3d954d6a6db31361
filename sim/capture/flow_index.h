// Where a flow's record is: hashes to record numbers, by open addressing.
//
// A slot is eight bytes, its hash beside its number, so that a probe touches the records only when
// all 32 bits of the hash agree. Linear probing; a removal moves later slots back, so there are no
// tombstones and a long capture does not slow down. At most half full.
//
// Thread safety: none; one reader, one index.
#ifndef NSP_SIM_CAPTURE_FLOW_INDEX_H_
#define NSP_SIM_CAPTURE_FLOW_INDEX_H_

#include <cstdint>
#include <vector>

namespace nsp {

class FlowIndex {
 public:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  FlowIndex() : slots_(kSmallest) {}

  // The number under `hash` for which `is_it` holds, or kNobody.
  template <class Predicate>
  [[nodiscard]] std::uint32_t find(std::uint32_t hash, Predicate is_it) const {
    for (std::size_t at = home(hash); slots_[at].number != kNobody; at = next(at)) {
      if (slots_[at].hash == hash && is_it(slots_[at].number)) return slots_[at].number;
    }
    return kNobody;
  }

  // REQUIRES: `number` is not there.
  void insert(std::uint32_t hash, std::uint32_t number);
  // REQUIRES: `number` is there under `hash`.
  void remove(std::uint32_t hash, std::uint32_t number);

 private:
  static constexpr std::size_t kSmallest = 1024;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNobody;
  };
  [[nodiscard]] std::size_t home(std::uint32_t hash) const { return hash & (slots_.size() - 1); }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void place(Slot slot);
  void grow();

  std::vector<Slot> slots_;  // a power of two
  std::size_t count_ = 0;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FLOW_INDEX_H_

#include "sim/capture/flow_index.h"

#include <utility>

namespace nsp {

void FlowIndex::place(Slot slot) {
  std::size_t at = home(slot.hash);
  while (slots_[at].number != kNobody) at = next(at);
  slots_[at] = slot;
}

void FlowIndex::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number != kNobody) place(slot);
  }
}

void FlowIndex::insert(std::uint32_t hash, std::uint32_t number) {
  if ((count_ + 1) * 2 > slots_.size()) grow();
  place({hash, number});
  ++count_;
}

void FlowIndex::remove(std::uint32_t hash, std::uint32_t number) {
  std::size_t hole = home(hash);
  while (slots_[hole].number != number) hole = next(hole);
  // A later slot of the run moves into the hole unless its home lies behind the hole.
  for (std::size_t at = next(hole); slots_[at].number != kNobody; at = next(at)) {
    const std::size_t mask = slots_.size() - 1;
    const std::size_t from_home = (at - home(slots_[at].hash)) & mask;
    const std::size_t from_hole = (at - hole) & mask;
    if (from_home < from_hole) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --count_;
}

}  // namespace nsp

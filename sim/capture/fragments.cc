#include "sim/capture/fragments.h"

#include <algorithm>
#include <utility>

namespace nsp {

void FragmentTable::expire(Instant now, CaptureCounts& counts) {
  while (!waiting_.empty() && now - waiting_.front().since > limits_.datagram_time) {
    waiting_.pop_front();
    ++counts.lost_datagrams;
  }
}

FragmentTable::Datagrams::iterator FragmentTable::find(const PacketView& fragment, Instant now,
                                                       CaptureCounts& counts) {
  const bool v4 = fragment.source.address.v4;
  const auto found = std::ranges::find_if(waiting_, [&](const Datagram& datagram) {
    return datagram.id == fragment.fragment.id && datagram.source == fragment.source.address &&
           datagram.destination == fragment.destination.address &&
           (!v4 || datagram.protocol == fragment.fragment.protocol);
  });
  if (found != waiting_.end()) return found;
  if (waiting_.size() >= std::max(limits_.datagrams, 1U)) {
    waiting_.pop_front();
    ++counts.lost_datagrams;
  }
  Datagram datagram;
  datagram.source = fragment.source.address;
  datagram.destination = fragment.destination.address;
  datagram.id = fragment.fragment.id;
  datagram.protocol = fragment.fragment.protocol;
  datagram.since = now;
  return waiting_.insert(waiting_.end(), std::move(datagram));
}

// False when the pieces contradict each other about where the datagram ends.
bool FragmentTable::accept(Datagram& datagram, const PacketView& fragment, CaptureCounts& counts) {
  const FragmentPlace& place = fragment.fragment;
  const auto end = static_cast<std::uint32_t>(place.offset + fragment.payload.size());
  if (datagram.length != 0 && (end > datagram.length || (!place.more && end != datagram.length))) {
    return false;
  }
  if (!place.more && datagram.pieces.size() > end) return false;
  if (!place.more) datagram.length = end;
  if (place.offset == 0) datagram.protocol = place.protocol;
  datagram.volume.packets += fragment.volume.packets;
  datagram.volume.bytes += fragment.volume.bytes;
  const PieceBuffer::Added added = datagram.pieces.add(place.offset, fragment.payload);
  using enum PieceBuffer::Added;
  if (added == Repeated || added == Differed) ++counts.overlapping_fragments;
  return added != Scattered;
}

std::optional<PacketView> FragmentTable::add(const PacketView& fragment, Instant now,
                                             CaptureCounts& counts) {
  ++counts.fragments;
  expire(now, counts);
  const auto datagram = find(fragment, now, counts);
  if (!accept(*datagram, fragment, counts)) {
    ++counts.faults[static_cast<std::size_t>(FrameFault::WrongLength)];
    return std::nullopt;
  }
  if (datagram->length == 0 || datagram->pieces.front().size() < datagram->length) {
    return std::nullopt;
  }
  complete_ = std::move(*datagram);
  waiting_.erase(datagram);
  PacketView whole = fragment;
  whole.volume = complete_.volume;
  whole.fragment.protocol = complete_.protocol;
  const auto read = read_datagram(whole, complete_.pieces.front());
  if (read) return *read;
  ++counts.faults[static_cast<std::size_t>(read.error())];
  return std::nullopt;
}

void FragmentTable::finish(CaptureCounts& counts) {
  counts.lost_datagrams += waiting_.size();
  waiting_.clear();
}

}  // namespace nsp

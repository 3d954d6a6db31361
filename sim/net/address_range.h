// Runs of addresses, and the fewest prefixes that spell them.
//
// A range is written exactly by prefixes in one shortest way: from its start on, each time the
// widest prefix that starts there and ends inside. 203.0.113.4 to 203.0.113.7 is 203.0.113.4/30;
// up to .8 it is that and 203.0.113.8/32.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_NET_ADDRESS_RANGE_H_
#define NSP_SIM_NET_ADDRESS_RANGE_H_

#include <span>
#include <vector>

#include "sim/net/address.h"

namespace nsp {

// Both ends belong to it. INVARIANT: one family, first <= last.
struct AddressRange {
  IpAddress first;
  IpAddress last;

  [[nodiscard]] bool contains(const IpAddress& address) const {
    return address.v4 == first.v4 && address.bits >= first.bits && address.bits <= last.bits;
  }
  bool operator==(const AddressRange&) const = default;
};

// The fewest prefixes whose union is that of the ranges, in order. REQUIRES: ranges in order,
// disjoint; those that touch are joined.
[[nodiscard]] std::vector<IpPrefix> prefixes_of(std::span<const AddressRange> ranges);

// The whole line of a family cut at both ends of every prefix, of its family or not; in order,
// without gaps.
[[nodiscard]] std::vector<AddressRange> cut_at(std::span<const IpPrefix> prefixes, bool v4);

}  // namespace nsp

#endif  // NSP_SIM_NET_ADDRESS_RANGE_H_

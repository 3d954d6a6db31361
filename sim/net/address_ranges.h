// Sets of addresses as sorted ranges: what some prefixes hold together, what is left of it, and the
// fewest ranges that cover it.
//
// Prefixes nest or are apart, but what they admit from the Internet need not: 8.0.0.0/6 without the
// private 10.0.0.0/8 is two ranges. So sets are ranges, and IPv4 comes before IPv6 in them.
//
// Example: {203.0.113.0-203.0.113.255} is covered by 203.0.113.0/25 and 203.0.113.128/25, two of
// the three candidates 203.0.113.0/25, 203.0.113.0/26, 203.0.113.128/25.
//
// fewest_covering() is the textbook greedy for intervals, which is exact: whatever covers the
// leftmost address that is not covered yet, the one that reaches furthest serves best. Cost:
// (ranges + answer) × candidates.
//
// Thread safety: plain values, pure functions.
#ifndef NSP_SIM_NET_ADDRESS_RANGES_H_
#define NSP_SIM_NET_ADDRESS_RANGES_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sim/net/address.h"
#include "sim/net/address_range.h"

namespace nsp {

// INVARIANT: in order, disjoint, none ends where the next starts.
using AddressRanges = std::vector<AddressRange>;

[[nodiscard]] AddressRange range_of(const IpPrefix& prefix);

// Ranges in any order, overlapping or not, as a set.
[[nodiscard]] AddressRanges united(std::vector<AddressRange> ranges);
// What is in `ranges` and not in `taken`.
[[nodiscard]] AddressRanges without(const AddressRanges& ranges, const AddressRanges& taken);
// What the prefixes hold that is not private (clause P-6).
[[nodiscard]] AddressRanges public_part(std::span<const IpPrefix> prefixes);

// Rounded: to compare how wide sets are.
[[nodiscard]] double address_count(const AddressRanges& ranges);

// The fewest of `candidates` that together hold all of `wanted`, as indices in order of addresses;
// of equals the first. Nothing when all of them do not.
[[nodiscard]] std::optional<std::vector<std::size_t>> fewest_covering(
    const AddressRanges& wanted, std::span<const AddressRange> candidates);

}  // namespace nsp

#endif  // NSP_SIM_NET_ADDRESS_RANGES_H_

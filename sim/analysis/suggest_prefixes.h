// The fewest prefixes that cover some addresses without admitting many others.
//
// Seen addresses rarely lie side by side, but a pool behind a NAT does: 203.0.113.4, .5 and .7 are
// one rule element instead of three if one address that nobody has seen may pass with them. The
// bound is on those unseen addresses, all prefixes together; an address that is to stay out may
// never be covered.
//
// Example: {203.0.113.4, .5, .7}, at most 0 unseen: 203.0.113.4/31 and 203.0.113.7/32; at most 1:
// 203.0.113.4/30.
//
// Method: the addresses form a binary trie in which only nodes with two branches matter, each a
// prefix that may stand for everything under it. Per node the undominated pairs (prefixes, unseen)
// are kept, and merged upward: exact, since a prefix of a solution is the common prefix of what it
// covers or can be narrowed to it. Cost: addresses × min(addresses, max_unseen). IPv4 and IPv6 are
// two tries. Thread safety: pure function.
#ifndef NSP_SIM_ANALYSIS_SUGGEST_PREFIXES_H_
#define NSP_SIM_ANALYSIS_SUGGEST_PREFIXES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "sim/net/address.h"

namespace nsp {

struct PrefixCover {
  std::vector<IpPrefix> prefixes;  // in order, disjoint
  std::uint64_t unseen = 0;        // addresses in them that were not asked for
};

// The fewest prefixes that hold every address of `wanted`, none of `avoided`, and at most
// `max_unseen` others; among those the ones with the fewest others. Duplicates count once. An
// address that stands in both lists is covered by itself.
[[nodiscard]] PrefixCover cover_addresses(std::span<const IpAddress> wanted,
                                          std::span<const IpAddress> avoided,
                                          std::uint64_t max_unseen);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SUGGEST_PREFIXES_H_

#include "sim/net/address_ranges.h"

#include <algorithm>
#include <utility>

namespace nsp {
namespace {

constexpr Uint128 kLastV4 = 0xffff'ffff;

// The address after it in its family, or nothing at the end.
std::optional<IpAddress> after(const IpAddress& address) {
  if (address.bits == (address.v4 ? kLastV4 : ~Uint128{0})) return std::nullopt;
  return IpAddress{address.bits + 1, address.v4};
}

IpAddress before(const IpAddress& address) { return {address.bits - 1, address.v4}; }

// True when no address lies between the two, or they overlap. REQUIRES: a starts first.
bool touch(const AddressRange& a, const AddressRange& b) {
  if (b.first <= a.last) return true;
  const auto next = after(a.last);
  return next && *next == b.first;
}

const AddressRanges& all_private() {
  static const AddressRanges ranges = [] {
    std::vector<AddressRange> all;
    for (const IpPrefix& prefix : private_prefixes()) all.push_back(range_of(prefix));
    return united(std::move(all));
  }();
  return ranges;
}

// The candidate that holds `address` and reaches furthest, or none.
std::optional<std::size_t> furthest_from(const IpAddress& address,
                                         std::span<const AddressRange> candidates) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const AddressRange& range = candidates[i];
    if (address < range.first || range.last < address) continue;
    if (!best || candidates[*best].last < range.last) best = i;
  }
  return best;
}

}  // namespace

AddressRange range_of(const IpPrefix& prefix) { return {prefix.first(), prefix.last()}; }

AddressRanges united(std::vector<AddressRange> ranges) {
  std::ranges::sort(ranges, {}, &AddressRange::first);
  AddressRanges set;
  for (const AddressRange& range : ranges) {
    if (!set.empty() && touch(set.back(), range)) {
      set.back().last = std::max(set.back().last, range.last);
    } else {
      set.push_back(range);
    }
  }
  return set;
}

AddressRanges without(const AddressRanges& ranges, const AddressRanges& taken) {
  AddressRanges left;
  for (const AddressRange& range : ranges) {
    std::optional<IpAddress> from = range.first;
    for (const AddressRange& hole : taken) {
      if (!from || hole.last < *from || range.last < hole.first) continue;
      if (*from < hole.first) left.push_back({*from, before(hole.first)});
      from = after(hole.last);
      if (from && range.last < *from) from = std::nullopt;
    }
    if (from) left.push_back({*from, range.last});
  }
  return left;
}

AddressRanges public_part(std::span<const IpPrefix> prefixes) {
  std::vector<AddressRange> ranges;
  for (const IpPrefix& prefix : prefixes) ranges.push_back(range_of(prefix));
  return without(united(std::move(ranges)), all_private());
}

double address_count(const AddressRanges& ranges) {
  double count = 0;
  for (const AddressRange& range : ranges) {
    count += static_cast<double>(range.last.bits - range.first.bits) + 1;
  }
  return count;
}

std::optional<std::vector<std::size_t>> fewest_covering(const AddressRanges& wanted,
                                                        std::span<const AddressRange> candidates) {
  std::vector<std::size_t> chosen;
  for (const AddressRange& range : wanted) {
    std::optional<IpAddress> from = range.first;
    if (!chosen.empty() && range.first <= candidates[chosen.back()].last) {
      from = after(candidates[chosen.back()].last);
    }
    while (from && *from <= range.last) {
      const auto next = furthest_from(*from, candidates);
      if (!next) return std::nullopt;
      chosen.push_back(*next);
      from = after(candidates[*next].last);
    }
  }
  return chosen;
}

}  // namespace nsp

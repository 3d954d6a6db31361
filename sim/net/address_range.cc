#include "sim/net/address_range.h"

#include <algorithm>
#include <cstdint>

namespace nsp {
namespace {

constexpr std::uint8_t kBitsOfV4 = 32;
constexpr std::uint8_t kBitsOfV6 = 128;

Uint128 last_of_line(bool v4) { return v4 ? Uint128{0xffff'ffff} : ~Uint128{0}; }

// The widest prefix that starts at `first` and ends no later than `last`.
IpPrefix widest(const IpAddress& first, const IpAddress& last) {
  IpPrefix prefix{first, first.v4 ? kBitsOfV4 : kBitsOfV6};
  while (prefix.length > 0) {
    IpPrefix wider = prefix;
    --wider.length;
    const Uint128 size = prefix.last().bits - prefix.network.bits + 1;
    if ((first.bits & size) != 0 || wider.last().bits > last.bits) break;
    prefix = wider;
  }
  return prefix;
}

void add_prefixes(const AddressRange& range, std::vector<IpPrefix>& to) {
  IpAddress at = range.first;
  for (;;) {
    to.push_back(widest(at, range.last));
    const IpAddress end = to.back().last();
    if (end == range.last) return;
    at.bits = end.bits + 1;
  }
}

bool adjoin(const AddressRange& a, const AddressRange& b) {
  return a.last.v4 == b.first.v4 && a.last.bits + 1 == b.first.bits;
}

}  // namespace

std::vector<IpPrefix> prefixes_of(std::span<const AddressRange> ranges) {
  std::vector<IpPrefix> prefixes;
  for (std::size_t i = 0; i < ranges.size();) {
    AddressRange joined = ranges[i];
    for (++i; i < ranges.size() && adjoin(joined, ranges[i]); ++i) joined.last = ranges[i].last;
    add_prefixes(joined, prefixes);
  }
  return prefixes;
}

std::vector<AddressRange> cut_at(std::span<const IpPrefix> prefixes, bool v4) {
  std::vector<Uint128> starts{0};
  for (const IpPrefix& prefix : prefixes) {
    if (prefix.network.v4 != v4) continue;
    starts.push_back(prefix.first().bits);
    const Uint128 last = prefix.last().bits;
    if (last != last_of_line(v4)) starts.push_back(last + 1);
  }
  std::ranges::sort(starts);
  starts.erase(std::ranges::unique(starts).begin(), starts.end());
  std::vector<AddressRange> ranges;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const Uint128 last = i + 1 < starts.size() ? starts[i + 1] - 1 : last_of_line(v4);
    ranges.push_back({{starts[i], v4}, {last, v4}});
  }
  return ranges;
}

}  // namespace nsp

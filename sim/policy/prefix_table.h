// Address prefixes of many rules, compiled to sorted intervals: which rule admits this address?
//
// The prefixes of all rules cut the address line into intervals in which the answer is constant.
// Each interval keeps the smallest rank that covers it (rules are ranked by name, R-8) and whether
// a second rule covers it too (U10). A look-up is a binary search over interval starts: log2(2n)
// steps, no allocation. IPv4 and IPv6 are separate lines.
//
// Example: rules a=10.0.0.0/8 (rank 0) and b=10.1.0.0/16 (rank 1) give [10.0, 10.1) → a,
// [10.1, 10.2) → a and another, [10.2, 11.0) → a.
#ifndef NSP_SIM_POLICY_PREFIX_TABLE_H_
#define NSP_SIM_POLICY_PREFIX_TABLE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/model/environment.h"
#include "sim/net/address.h"

namespace nsp {

// The best rule of a look-up; rank kNone: no rule.
struct RankMatch {
  Index rank = kNone;
  bool several = false;  // another rule matches too
  bool operator==(const RankMatch&) const = default;
};

// The better of two, knowing that both matched when both did.
[[nodiscard]] constexpr RankMatch merge(RankMatch a, RankMatch b) {
  if (a.rank == kNone) return b;
  if (b.rank == kNone) return a;
  return {std::min(a.rank, b.rank), a.several || b.several || a.rank != b.rank};
}

class PrefixTable {
 public:
  struct Entry {
    IpPrefix prefix;
    Index rank;
  };

  PrefixTable() = default;
  explicit PrefixTable(std::span<const Entry> entries);

  [[nodiscard]] RankMatch find(const IpAddress& address) const;
  [[nodiscard]] bool empty() const { return v4_.starts.empty() && v6_.starts.empty(); }
  [[nodiscard]] std::size_t interval_count() const { return v4_.starts.size() + v6_.starts.size(); }

 private:
  // INVARIANT: starts is sorted, answers runs parallel to it; before starts[0] nothing matches.
  template <class Number>
  struct Line {
    std::vector<Number> starts;
    std::vector<RankMatch> answers;
    [[nodiscard]] RankMatch find(Number address) const;
  };
  template <class Number>
  static Line<Number> build(std::vector<Entry> entries);

  Line<std::uint32_t> v4_;
  Line<Uint128> v6_;
};

// Which rule lists this subscription? A sorted array by interned subscription number.
class SubscriptionTable {
 public:
  struct Entry {
    Index subscription;
    Index rank;
  };

  SubscriptionTable() = default;
  explicit SubscriptionTable(std::span<const Entry> entries);

  [[nodiscard]] RankMatch find(Index subscription) const;
  [[nodiscard]] bool empty() const { return keys_.empty(); }

 private:
  std::vector<Index> keys_;  // sorted
  std::vector<RankMatch> answers_;
};

}  // namespace nsp

#endif  // NSP_SIM_POLICY_PREFIX_TABLE_H_

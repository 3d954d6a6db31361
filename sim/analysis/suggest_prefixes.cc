#include "sim/analysis/suggest_prefixes.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace nsp {
namespace {

// Sums of two stay in 64 bits.
constexpr std::uint64_t kLargestBound = std::uint64_t{1} << 62;
constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

// One undominated way to cover what lies under a node: this many prefixes and unseen addresses. The
// ways of the two branches that it is made of; kNobody: the node's own prefix covers all.
struct CoverWay {
  std::size_t prefixes = 0;
  std::uint64_t unseen = 0;
  std::size_t left = kNobody;
  std::size_t right = kNobody;
};

struct Node {
  IpPrefix prefix;
  std::size_t left = kNobody;  // both or neither
  std::size_t right = kNobody;
  std::vector<CoverWay> ways;  // fewest prefixes first, so most unseen first
};

int width_of(const IpAddress& address) { return address.v4 ? 32 : 128; }

// How many leading bits two addresses of one family share.
int shared_bits(const IpAddress& a, const IpAddress& b) {
  const Uint128 differ = a.bits ^ b.bits;
  const auto high = static_cast<std::uint64_t>(differ >> 64);
  const int zeros = high != 0 ? std::countl_zero(high)
                              : 64 + std::countl_zero(static_cast<std::uint64_t>(differ));
  return zeros - (128 - width_of(a));
}

IpPrefix prefix_of(IpAddress address, int length) {
  const int host_bits = width_of(address) - length;
  address.bits = host_bits == 128 ? Uint128{0} : address.bits >> host_bits << host_bits;
  return {address, static_cast<std::uint8_t>(length)};
}

class FewestPrefixes {
 public:
  FewestPrefixes(std::span<const IpAddress> wanted, std::span<const IpAddress> avoided,
                 std::uint64_t bound)
      : wanted_(wanted), avoided_(avoided), bound_(std::min(bound, kLargestBound)) {}

  PrefixCover solve() {
    const auto first_v6 = std::ranges::find(wanted_, false, &IpAddress::v4);
    const auto split = static_cast<std::size_t>(first_v6 - wanted_.begin());
    if (split != 0) roots_.push_back(build(0, split));
    if (split != wanted_.size()) roots_.push_back(build(split, wanted_.size()));
    if (roots_.size() == 1) {
      take(roots_[0], 0);
    } else {
      const std::vector<CoverWay> both = merged(roots_[0], roots_[1]);
      take(roots_[0], both.front().left);
      take(roots_[1], both.front().right);
    }
    return std::move(cover_);
  }

 private:
  // The node over the sorted addresses [begin, end) of one family; `ways` filled in.
  std::size_t build(std::size_t begin, std::size_t end) {
    const IpAddress& first = wanted_[begin];
    const int length = end - begin == 1 ? width_of(first) : shared_bits(first, wanted_[end - 1]);
    Node node;
    node.prefix = prefix_of(first, length);
    if (end - begin == 1) {
      node.ways.push_back({1, 0});
      nodes_.push_back(std::move(node));
      return nodes_.size() - 1;
    }
    const Uint128 half = Uint128{1} << (width_of(first) - length - 1);
    const auto middle = std::ranges::lower_bound(
        wanted_.subspan(begin, end - begin), node.prefix.network.bits + half, {}, &IpAddress::bits);
    const std::size_t cut =
        begin +
        static_cast<std::size_t>(middle - (wanted_.begin() + static_cast<std::ptrdiff_t>(begin)));
    node.left = build(begin, cut);
    node.right = build(cut, end);
    node.ways = merged(node.left, node.right);
    add_whole(node, end - begin);
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }

  // The node's own prefix instead of several, where the bound and the avoided addresses let it.
  void add_whole(Node& node, std::size_t seen) const {
    const Uint128 others = node.prefix.last().bits - node.prefix.network.bits - (seen - 1);
    if (others > bound_ || holds_avoided(node.prefix)) return;
    const auto unseen = static_cast<std::uint64_t>(others);
    std::erase_if(node.ways, [&](const CoverWay& way) { return way.unseen >= unseen; });
    node.ways.insert(node.ways.begin(), {1, unseen});
    std::ranges::sort(node.ways, {}, &CoverWay::prefixes);
  }

  [[nodiscard]] bool holds_avoided(const IpPrefix& prefix) const {
    const auto next = std::ranges::lower_bound(avoided_, prefix.first());
    return next != avoided_.end() && prefix.contains(*next);
  }

  // Every pair of ways of two subtrees that no other pair beats in both respects.
  [[nodiscard]] std::vector<CoverWay> merged(std::size_t left, std::size_t right) const {
    std::vector<CoverWay> all;
    const std::vector<CoverWay>& a = nodes_[left].ways;
    const std::vector<CoverWay>& b = nodes_[right].ways;
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < b.size(); ++j) {
        if (a[i].unseen + b[j].unseen > bound_) continue;
        all.push_back({a[i].prefixes + b[j].prefixes, a[i].unseen + b[j].unseen, i, j});
      }
    }
    return undominated(std::move(all));
  }

  static std::vector<CoverWay> undominated(std::vector<CoverWay> all) {
    std::ranges::sort(all, [](const CoverWay& x, const CoverWay& y) {
      return std::tie(x.prefixes, x.unseen, x.left, x.right) <
             std::tie(y.prefixes, y.unseen, y.left, y.right);
    });
    std::vector<CoverWay> best;
    for (const CoverWay& way : all) {
      if (best.empty() || way.unseen < best.back().unseen) best.push_back(way);
    }
    return best;
  }

  void take(std::size_t index, std::size_t chosen) {
    const Node& node = nodes_[index];
    const CoverWay& way = node.ways[chosen];
    if (way.left == kNobody) {
      cover_.prefixes.push_back(node.prefix);
      cover_.unseen += way.unseen;
      return;
    }
    take(node.left, way.left);
    take(node.right, way.right);
  }

  std::span<const IpAddress> wanted_;
  std::span<const IpAddress> avoided_;
  std::uint64_t bound_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> roots_;
  PrefixCover cover_;
};

std::vector<IpAddress> sorted(std::span<const IpAddress> addresses) {
  std::vector<IpAddress> all(addresses.begin(), addresses.end());
  std::ranges::sort(all);
  const auto again = std::ranges::unique(all);
  all.erase(again.begin(), again.end());
  return all;
}

}  // namespace

PrefixCover cover_addresses(std::span<const IpAddress> wanted, std::span<const IpAddress> avoided,
                            std::uint64_t max_unseen) {
  if (wanted.empty()) return {};
  const std::vector<IpAddress> in = sorted(wanted);
  std::vector<IpAddress> out = sorted(avoided);
  std::erase_if(out, [&](const IpAddress& a) { return std::ranges::binary_search(in, a); });
  return FewestPrefixes(in, out, max_unseen).solve();
}

}  // namespace nsp

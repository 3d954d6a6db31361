#include "sim/policy/prefix_table.h"

#include <limits>

namespace nsp {

// Prefixes nest or are apart, never overlap in part. So one walk in order of start, with a stack of
// the prefixes that are open, meets every boundary: an interval begins where a prefix opens and
// where one closes, and its answer is the merge of all that are open.
template <class Number>
PrefixTable::Line<Number> PrefixTable::build(std::vector<Entry> entries) {
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.prefix.network.bits, a.prefix.length) <
           std::pair(b.prefix.network.bits, b.prefix.length);
  });

  struct Open {
    Number last;
    RankMatch answer;
  };
  Line<Number> line;
  std::vector<Open> open;
  const auto begin_interval = [&line](Number start, RankMatch answer) {
    if (!line.starts.empty() && line.starts.back() == start) {
      line.answers.back() = answer;
    } else {
      line.starts.push_back(start);
      line.answers.push_back(answer);
    }
  };
  const auto close_top = [&] {
    const Number last = open.back().last;
    open.pop_back();
    if (last != std::numeric_limits<Number>::max()) {
      begin_interval(static_cast<Number>(last + 1),
                     open.empty() ? RankMatch{} : open.back().answer);
    }
  };

  for (const Entry& entry : entries) {
    const auto first = static_cast<Number>(entry.prefix.first().bits);
    while (!open.empty() && open.back().last < first) close_top();
    const RankMatch outer = open.empty() ? RankMatch{} : open.back().answer;
    const RankMatch answer = merge(outer, RankMatch{entry.rank, false});
    begin_interval(first, answer);
    open.push_back({static_cast<Number>(entry.prefix.last().bits), answer});
  }
  while (!open.empty()) close_top();
  return line;
}

template <class Number>
RankMatch PrefixTable::Line<Number>::find(Number address) const {
  if (starts.empty() || address < starts.front()) return {};
  // The last start at or below the address; the steps compile to conditional moves.
  const Number* base = starts.data();
  for (std::size_t length = starts.size(); length > 1;) {
    const std::size_t half = length / 2;
    base += base[half] <= address ? half : 0;
    length -= half;
  }
  return answers[static_cast<std::size_t>(base - starts.data())];
}

PrefixTable::PrefixTable(std::span<const Entry> entries) {
  std::vector<Entry> v4;
  std::vector<Entry> v6;
  for (const Entry& entry : entries) (entry.prefix.network.v4 ? v4 : v6).push_back(entry);
  v4_ = build<std::uint32_t>(std::move(v4));
  v6_ = build<Uint128>(std::move(v6));
}

RankMatch PrefixTable::find(const IpAddress& address) const {
  return address.v4 ? v4_.find(static_cast<std::uint32_t>(address.bits)) : v6_.find(address.bits);
}

SubscriptionTable::SubscriptionTable(std::span<const Entry> entries) {
  std::vector<Entry> sorted(entries.begin(), entries.end());
  std::ranges::sort(sorted, [](const Entry& a, const Entry& b) {
    return std::pair(a.subscription, a.rank) < std::pair(b.subscription, b.rank);
  });
  for (const Entry& entry : sorted) {
    const RankMatch answer{entry.rank, false};
    if (!keys_.empty() && keys_.back() == entry.subscription) {
      answers_.back() = merge(answers_.back(), answer);
    } else {
      keys_.push_back(entry.subscription);
      answers_.push_back(answer);
    }
  }
}

RankMatch SubscriptionTable::find(Index subscription) const {
  const auto found = std::ranges::lower_bound(keys_, subscription);
  if (found == keys_.end() || *found != subscription) return {};
  return answers_[static_cast<std::size_t>(found - keys_.begin())];
}

}  // namespace nsp

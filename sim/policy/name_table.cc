#include "sim/policy/name_table.h"

#include <bit>

namespace nsp {
namespace {

// FNV-1a in 32 bits, fed from the last character to the first, so that every suffix's hash is met
// on the way.
constexpr std::uint32_t kHashStart = 0x811c9dc5;

constexpr std::uint32_t hash_step(std::uint32_t hash, char c) {
  constexpr std::uint32_t kPrime = 0x01000193;
  return (hash ^ static_cast<std::uint8_t>(c)) * kPrime;
}

// Calls visit(offset, hash) for every suffix that starts at a label, shortest first; the last is
// the whole name.
template <class Visit>
void for_each_suffix(std::string_view name, Visit visit) {
  std::uint32_t hash = kHashStart;
  for (std::size_t i = name.size(); i-- > 0;) {
    hash = hash_step(hash, name[i]);
    if (i == 0 || name[i - 1] == '.') visit(i, hash);
  }
}

std::uint32_t hash_of(std::string_view name) {
  std::uint32_t hash = kHashStart;
  for (std::size_t i = name.size(); i-- > 0;) hash = hash_step(hash, name[i]);
  return hash;
}

bool is_one_label(std::string_view labels) {
  // `labels` ends in the dot before the suffix.
  return labels.find('.') == labels.size() - 1;
}

}  // namespace

HostName HostName::of(const DomainName& name) {
  HostName host{name.text(), {}};
  for_each_suffix(host.text, [&](std::size_t offset, std::uint32_t hash) {
    host.suffixes.push_back({hash, static_cast<std::uint16_t>(offset)});
  });
  return host;
}

NameTable::NameTable(std::span<const Entry> entries) {
  if (entries.empty()) return;
  // At most half full, so that a miss ends quickly.
  slots_.resize(std::bit_ceil(2 * entries.size() + 1));
  for (const Entry& entry : entries) insert(entry.pattern, entry.rank);
  count_ = entries.size();
}

void NameTable::insert(const DomainPattern& pattern, Index rank) {
  if (pattern.kind == DomainPattern::Kind::Any) {
    any_ = merge(any_, RankMatch{rank, false});
    return;
  }
  const std::string& text = pattern.name.text();
  const std::uint32_t hash = hash_of(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].length != 0 &&
         (slots_[at].hash != hash ||
          std::string_view(pool_).substr(slots_[at].text, slots_[at].length) != text)) {
    at = (at + 1) & mask;
  }
  Slot& slot = slots_[at];
  if (slot.length == 0) {
    slot.hash = hash;
    slot.text = static_cast<std::uint32_t>(pool_.size());
    slot.length = static_cast<std::uint16_t>(text.size());
    pool_ += text;
  }
  const bool exact = pattern.kind == DomainPattern::Kind::Exact;
  Index& best = exact ? slot.exact : slot.under;
  bool& several = exact ? slot.exact_several : slot.under_several;
  const RankMatch merged = merge({best, several}, {rank, false});
  best = merged.rank;
  several = merged.several;
}

const NameTable::Slot* NameTable::probe(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].length != 0; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.hash == hash && slot.length == text.size() &&
        pool_.compare(slot.text, slot.length, text) == 0) {
      return &slot;
    }
  }
  return nullptr;
}

void NameTable::try_suffix(std::string_view name, std::size_t offset, std::uint32_t hash,
                           bool one_label, NameMatch& best) const {
  const Slot* slot = probe(name.substr(offset), hash);
  if (slot == nullptr) return;
  const bool whole = offset == 0;
  if (!whole && one_label && !is_one_label(name.substr(0, offset))) return;
  const RankMatch found = whole ? RankMatch{slot->exact, slot->exact_several}
                                : RankMatch{slot->under, slot->under_several};
  if (found.rank == kNone) return;
  if (found.rank < best.match.rank) best.by_wildcard = !whole;
  // The same rule may match by its name and by its wildcard: then it is one match, and an exact
  // one.
  if (found.rank == best.match.rank && whole) best.by_wildcard = false;
  best.match = merge(best.match, found);
}

NameMatch NameTable::find(const HostName& host, bool one_label) const {
  NameMatch best{any_, any_.rank != kNone};
  if (slots_.empty()) return best;
  for (const HostName::Suffix& suffix : host.suffixes) {
    try_suffix(host.text, suffix.offset, suffix.hash, one_label, best);
  }
  return best;
}

NameMatch NameTable::find(std::string_view normalised, bool one_label) const {
  NameMatch best{any_, any_.rank != kNone};
  if (slots_.empty()) return best;
  for_each_suffix(normalised, [&](std::size_t offset, std::uint32_t hash) {
    try_suffix(normalised, offset, hash, one_label, best);
  });
  return best;
}

}  // namespace nsp

// Host-name patterns of many rules in one hash table: which rule admits this name?
//
// A name is hashed from its end to its front; at each label boundary the running hash is the hash
// of a suffix, so one pass gives the hashes of all suffixes. Exact patterns are found under the
// whole name's hash, `*.suffix` patterns under the suffix's. Every hit is compared byte by byte, so
// equal hashes never make a match. `*` is kept aside.
//
// Example: `a.blob.core.windows.net` probes the whole name for exact patterns, then
// `blob.core.windows.net`, `core.windows.net`, `windows.net`, `net` for wildcards (U4 read as one
// label: only the first of these).
#ifndef NSP_SIM_POLICY_NAME_TABLE_H_
#define NSP_SIM_POLICY_NAME_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/net/domain.h"
#include "sim/policy/prefix_table.h"

namespace nsp {

// A host name with the hashes of its suffixes, computed once. Empty: not known.
//
// Lifetime: owns its text.
struct HostName {
  struct Suffix {
    std::uint32_t hash = 0;
    std::uint16_t offset = 0;  // where it starts in the text
  };
  std::string text;              // normalised, as DomainName
  std::vector<Suffix> suffixes;  // shortest first; the last is the whole name

  [[nodiscard]] static HostName of(const DomainName& name);
  [[nodiscard]] bool empty() const { return text.empty(); }
};

struct NameMatch {
  RankMatch match;
  bool by_wildcard = false;  // the matching pattern of that rank is `*` or `*.suffix`
};

class NameTable {
 public:
  struct Entry {
    DomainPattern pattern;
    Index rank;
  };

  NameTable() = default;
  explicit NameTable(std::span<const Entry> entries);

  [[nodiscard]] NameMatch find(const HostName& host, bool one_label = false) const;
  // The same for a bare, normalised name: hashes on the way.
  [[nodiscard]] NameMatch find(std::string_view normalised, bool one_label = false) const;
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t text = 0;    // offset into pool_
    std::uint16_t length = 0;  // 0: free
    bool exact_several = false;
    bool under_several = false;
    Index exact = kNone;
    Index under = kNone;
  };

  void insert(const DomainPattern& pattern, Index rank);
  [[nodiscard]] const Slot* probe(std::string_view text, std::uint32_t hash) const;
  // What the suffix that starts at `offset` adds: as the whole name, or as a wildcard's suffix.
  void try_suffix(std::string_view name, std::size_t offset, std::uint32_t hash, bool one_label,
                  NameMatch& best) const;

  std::vector<Slot> slots_;  // a power of two, open addressing
  std::string pool_;
  RankMatch any_;
  std::size_t count_ = 0;
};

}  // namespace nsp

#endif  // NSP_SIM_POLICY_NAME_TABLE_H_

// An environment without what names its owner: to be shown to strangers, with every verdict kept.
//
// Replaced, each text by the same one wherever it stands: subscriptions, tenants, resource groups,
// resources, perimeters, profiles, rules, associations, links, networks, subnets, endpoints,
// expressions of unresolved values; in ids and host names too. Addresses move by a permutation that
// keeps every common prefix (J. Xu et al., "Prefix-Preserving IP Address Anonymization", ICNP
// 2002), so what contains, overlaps or misses what stays the same; ranges with a meaning of their
// own (private, link-local, multicast …) stay within themselves. Kept: types, regions, service
// tags, suffixes of Azure's services, `*.`, words of Azure's vocabulary. Dropped: what the model
// does not know, tags and descriptions with it.
//
// The same environment and key give the same result. Whoever has the key can undo addresses and
// check guesses of names. Without one the key is made from the environment itself, so that it is
// nobody's who does not have it. What a service tag contains is public; its range shows through.
//
// Functions: SipHash-2-4 (Aumasson, Bernstein 2012) as the pseudo-random function; names and GUIDs
// are 50 and 122 bits of it, so that two never meet in practice.
// Thread safety: immutable value, pure functions.
#ifndef NSP_SIM_MODEL_REDACT_H_
#define NSP_SIM_MODEL_REDACT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/model/build.h"
#include "sim/model/environment.h"

namespace nsp {

class Redaction {
 public:
  explicit Redaction(std::string_view key);

  // Without case. Empty, `*` and `@` stay; a GUID becomes a GUID, an expression `[…]` another; of
  // `net/subnet` each part.
  [[nodiscard]] std::string name(std::string_view text) const;
  [[nodiscard]] Guid guid(const Guid& guid) const;
  [[nodiscard]] IpAddress address(const IpAddress& address) const;
  [[nodiscard]] IpPrefix prefix(const IpPrefix& prefix) const;
  // Label by label from the right: what lies under a suffix before does so after. A name that would
  // grow beyond 253 bytes (more than 20 labels) becomes one label.
  [[nodiscard]] DomainName host(const DomainName& host) const;
  [[nodiscard]] DomainPattern pattern(const DomainPattern& pattern) const;
  [[nodiscard]] ResourceId id(const ResourceId& id) const;
  [[nodiscard]] std::string type(std::string_view arm_type) const;
  // The file keeps its extension, the pointer its numbers and Azure's member names.
  [[nodiscard]] Place place(const Place& place) const;
  // What stands in backticks is replaced, but for Azure's words.
  [[nodiscard]] Diagnostic diagnostic(const Diagnostic& diagnostic) const;

 private:
  [[nodiscard]] std::uint64_t random(std::string_view domain, std::string_view text) const;
  [[nodiscard]] std::string token(std::string_view text) const;
  [[nodiscard]] std::string host_text(std::string_view host) const;
  [[nodiscard]] std::string quoted(std::string_view text) const;

  std::uint64_t key0_ = 0;
  std::uint64_t key1_ = 0;
};

// A key that only the environment gives.
[[nodiscard]] std::string own_key(const Environment& environment);

// How many members and descriptions were dropped stands in `ignored`.
[[nodiscard]] Environment redact(const Environment& environment, const Redaction& redaction);
// With its diagnostics, whether it is ok or not.
[[nodiscard]] BuildResult redact(const BuildResult& result, const Redaction& redaction);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_REDACT_H_

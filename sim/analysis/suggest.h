// What would let an association be Enforced without breaking what was seen.
//
// For each blocker, and for each verdict that hangs on a missing fact: let a member show its
// managed identity instead of a key; associate the caller; link its perimeter; admit its addresses
// by the fewest prefixes; name the host it calls; admit a whole subscription. Each suggestion says
// what else it would admit (its blast radius), stays within the limits of a profile (C2) and of
// links, and is proved: the environment with the suggestion is built, what it touches is judged
// again as if enforced, and what it resolves and what it gains is counted and listed. What cannot
// be resolved is listed with the reason.
//
// Which of them belong together? In the order of the kinds below, narrow before wide: each that
// resolves something that no earlier one does. They are `chosen`; their environment is the
// candidate, and the proof of all of them together judges every observation again. Others are
// offered and left out: a rule for a whole subscription where prefixes do, wildcards.
//
// Associations that are suggested start in Learning. Membership, links and subscriptions count only
// where the caller shows its managed identity (asks_for_identity); a log does not tell, so the
// suggestion asks for it and is proved with it. Where an address is visible, prefixes come first:
// they ask nothing of the caller.
//
// Example: stdocs refuses 198.51.100.7 and .9 when Enforced. Suggested: inbound rule
// `callers-of-stdocs` with 198.51.100.7/32 and 198.51.100.9/32, admits no other address, resolves
// 83, gains 0.
//
// Thread safety: pure functions, plain values.
#ifndef NSP_SIM_ANALYSIS_SUGGEST_H_
#define NSP_SIM_ANALYSIS_SUGGEST_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sim/analysis/readiness.h"

namespace nsp {

enum class SuggestionKind : std::uint8_t {
  ManagedIdentity,   // a change at the caller, not of the perimeter
  Associate,         // a resource with the profile, in Learning
  Link,              // two perimeters
  InboundRule,       // address prefixes
  OutboundRule,      // exact host names
  SubscriptionRule,  // every managed identity of a subscription
  OutboundWildcard,  // `*.suffix`: never chosen
};
template <>
struct Vocabulary<SuggestionKind> {
  static constexpr std::array<std::string_view, 7> words{
      "managed identity",  "associate",        "link", "inbound rule", "outbound rule",
      "subscription rule", "outbound wildcard"};
};

// The calls that it is meant for must show a managed identity.
[[nodiscard]] constexpr bool asks_for_identity(SuggestionKind kind) {
  return kind <= SuggestionKind::Link || kind == SuggestionKind::SubscriptionRule;
}

// A profile of a perimeter, by index.
struct ProfileAt {
  Index perimeter = kNone;
  Index profile = kNone;
  auto operator<=>(const ProfileAt&) const = default;
};

// A leg of an observation, which may have had no association when it was seen.
struct LegAt {
  std::size_t observation = 0;
  Direction direction = Direction::Inbound;
  auto operator<=>(const LegAt&) const = default;
};

// What judging again has shown. Numbers are events.
struct Proof {
  std::uint64_t resolves = 0;      // refused when enforced without it, allowed with it
  std::uint64_t settles = 0;       // undecided when enforced without it, allowed with it
  std::uint64_t may_resolve = 0;   // refused without it; with it, it hangs on a missing fact
  std::uint64_t gained = 0;        // refused as it is, allowed with it
  std::uint64_t revoked_left = 0;  // of all blockers
  std::vector<std::size_t> resolved_legs;  // into ReadinessReport::legs; settled ones too
  std::vector<LegAt> gained_legs;

  bool operator==(const Proof&) const = default;
};

struct Suggestion {
  SuggestionKind kind = SuggestionKind::InboundRule;
  bool chosen = false;
  std::string text;                  // one sentence: what to do
  std::string admits;                // one sentence: what else it admits
  ProfileAt at;                      // whose rule, association or link it is
  ProfileAt remote;                  // of a link
  AccessRule rule;                   // of the three kinds of rules and the wildcard
  std::string name;                  // of the association or link to make
  Index resource = kNone;            // to associate, or to show its identity
  std::uint64_t unseen = 0;          // addresses that it admits and nobody has seen
  std::vector<std::size_t> targets;  // the legs it is meant for
  Proof proof;
  std::map<Index, std::uint64_t> resolves_at;  // association → events, settled ones too
};

struct UnresolvedBlocker {
  std::size_t leg = 0;
  std::string why;
};

struct Suggestions {
  std::vector<Suggestion> all;  // by kind, then by name
  // All chosen ones together.
  Environment candidate;
  Proof proof;
  std::vector<UnresolvedBlocker>
      unresolved;  // blockers and undecided legs that the chosen ones leave

  [[nodiscard]] bool empty() const { return all.empty(); }
};

struct SuggestOptions {
  std::uint64_t max_unseen = 16;  // addresses that nobody has seen, a rule
};

// REQUIRES: `report` is of this policy, and its observations still live.
[[nodiscard]] Suggestions suggest(const Policy& policy, const ReadinessReport& report,
                                  const Readings& readings, const SuggestOptions& options = {});

// Elements of a profile's rules in one direction (C2 allows 200).
[[nodiscard]] std::size_t rule_elements(const Profile& profile, Direction direction);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_SUGGEST_H_

// Dead rules: what can be taken out of a profile without changing any verdict, and which other
// elements of its rules make it superfluous.
//
// An element is dead when the others of its profile admit all that it admits; a rule is dead when
// that holds of all its elements together. Two that cover each other are not both dead: what is
// found can be taken away all at once. So of equals only the later by name is found, of a part and
// a whole the part. What is kept is needed: each element that is left admits something that no
// other does, as far as evaluation can tell (exceptions below).
//
// Example: `halves` holds 203.0.113.0/25, 203.0.113.128/25 and 198.51.100.0/24, `whole` holds
// 203.0.113.0/24. `whole` is dead, covered by two elements of `halves`. Were `halves` two rules,
// each would be dead, covered by `whole`.
//
// What an element admits: a prefix its addresses that are not private (P-6), IPv6 as U2 is read; a
// tag the addresses of its prefixes where the environment holds them, else itself alone; a
// subscription its identities; a pattern its names, as U4 is read. A tag stands for addresses of a
// prefix only where all associated services support tags.
//
// Not looked at: an element that admits nothing at all (a private prefix; a tag that no associated
// service supports; a wildcard no name fits under): it covers nothing, is no finding here and keeps
// no rule alive. Elements of a rule whose direction is not known: they neither cover nor are found.
// A rule that holds values not known now is never dead as a whole. A tag without public prefixes.
//
// Covers are the fewest elements that do. Exact: for prefixes by fewest_covering(), with tags by
// trying every choice of them (up to ten that overlap; beyond, only all or none), for the rest
// because one element covers alone or none does. Where tags count for some members only, prefixes
// and tags of a rule are covered each by themselves.
//
// Order of search: rules first, those with the narrowest elements first, the later by name before
// the earlier; then elements alike. Cost: elements² × log elements a profile.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_DEAD_RULES_H_
#define NSP_SIM_ANALYSIS_DEAD_RULES_H_

#include <vector>

#include "sim/analysis/rule_elements.h"
#include "sim/decision/reading.h"
#include "sim/policy/policy.h"

namespace nsp {

struct DeadElement {
  ElementAt element;
  std::vector<ElementAt> cover;  // in order of rule names; none of them is dead
  bool rests_on_u4 = false;      // with the other reading of U4 the cover would not do

  bool operator==(const DeadElement&) const = default;
};

struct DeadRule {
  RuleAt at;
  std::vector<ElementAt> cover;
  bool rests_on_u4 = false;

  bool operator==(const DeadRule&) const = default;
};

// In order of their places in the environment. Elements are those of rules that are not dead.
struct DeadRules {
  std::vector<DeadRule> rules;
  std::vector<DeadElement> elements;

  [[nodiscard]] bool empty() const { return rules.empty() && elements.empty(); }
  bool operator==(const DeadRules&) const = default;
};

// By comparing what elements admit.
[[nodiscard]] DeadRules propose_dead_rules(const Environment& environment,
                                           const Readings& readings = {});

// Those that evaluation proves too: without them no leg of a telling attempt (rule_proof.h) gets
// another verdict. All are taken away at once, and rules only allow (G-3): no part of them can
// change what the whole does not.
[[nodiscard]] DeadRules find_dead_rules(const Policy& policy, const Readings& readings = {});

[[nodiscard]] Environment without_dead(Environment environment, const DeadRules& dead);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DEAD_RULES_H_

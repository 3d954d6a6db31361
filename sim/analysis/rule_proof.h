// Whether two versions of an environment's rules decide alike, by evaluation of attempts chosen to
// tell them apart.
//
// The prefixes of a profile cut the addresses into pieces in which all of its rules answer alike;
// so do its subscriptions and host names. An attempt of each piece tells any two subsets of the
// rules apart. Of addresses the pieces are met at their ends: the first and last address of each
// prefix, and its neighbours.
//
// Example: a profile with 203.0.113.0/28 and `*.contoso.com`. Attempts from 203.0.112.255,
// 203.0.113.0, .15 and .16, from no visible address, with every credential; calls to contoso.com,
// x.contoso.com, x.x.contoso.com, x.x, and to a host that nobody knows.
//
// One member of each service stands for all: under `if_enforced` rules alone decide, and services
// differ only in what kinds of rules they know (tags, outbound rules).
//
// Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_RULE_PROOF_H_
#define NSP_SIM_ANALYSIS_RULE_PROOF_H_

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "sim/analysis/rule_elements.h"
#include "sim/decision/evaluate.h"
#include "sim/traffic/attempt.h"

namespace nsp {

// The first associated resource of each service. The pointers live as long as the environment.
[[nodiscard]] std::vector<const Resource*> representatives(const Environment& environment,
                                                           const RuleAt& at);

// Attempts at and of members of the profile that `at` names; its rule does not matter.
[[nodiscard]] std::vector<Attempt> telling_attempts(const Environment& environment,
                                                    const RuleAt& at);

// The first attempt of which some leg gets another verdict, as it is or as if enforced. REQUIRES:
// the same resources in both.
[[nodiscard]] std::optional<Attempt> first_change(const Policy& before, const Policy& after,
                                                  std::span<const Attempt> attempts,
                                                  const Readings& readings = {});

// Those of the profiles where a telling attempt changes.
[[nodiscard]] std::set<RuleAt> changed_profiles(const Policy& before, const Policy& after,
                                                const std::set<RuleAt>& profiles,
                                                const Readings& readings = {});

// The elements that can be taken away, all at once, without changing anything: in a profile where
// something changes, none. Each once.
[[nodiscard]] std::vector<ElementAt> proved_superfluous(const Policy& policy,
                                                        std::vector<ElementAt> elements,
                                                        const Readings& readings = {});

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_RULE_PROOF_H_

// The elements of access rules one by one, and an environment without some of them.
//
// An element is one entry of one list of a rule: a prefix, a subscription, a service tag, a host
// name. Rules only allow and one matching element is enough (G-3), so an element is the smallest
// thing that can be taken away.
//
// Thread safety: pure functions. REQUIRES of all: indices in range.
#ifndef NSP_SIM_ANALYSIS_RULE_ELEMENTS_H_
#define NSP_SIM_ANALYSIS_RULE_ELEMENTS_H_

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/model/environment.h"

namespace nsp {

struct RuleAt {
  Index perimeter = kNone;
  Index profile = kNone;  // within the perimeter
  Index rule = kNone;     // within the profile

  auto operator<=>(const RuleAt&) const = default;
};

// The profile that the rule stands in, its rule left out.
[[nodiscard]] constexpr RuleAt profile_at(const RuleAt& at) {
  return {at.perimeter, at.profile, kNone};
}

struct ElementAt {
  enum class Kind : std::uint8_t { Prefix, Subscription, Tag, HostName };
  RuleAt at;
  Kind kind = Kind::Prefix;
  Index index = kNone;  // into the rule's list of that kind

  auto operator<=>(const ElementAt&) const = default;
};

[[nodiscard]] const Profile& profile_of(const Environment& environment, const RuleAt& at);
[[nodiscard]] const AccessRule& rule_of(const Environment& environment, const RuleAt& at);

// In the order of the lists above.
[[nodiscard]] std::vector<ElementAt> elements_of(const Environment& environment, const RuleAt& at);
// `203.0.113.0/28` as it was written, a GUID, a tag, `*.contoso.com`.
[[nodiscard]] std::string element_text(const Environment& environment, const ElementAt& element);

// Every rule, in order of perimeter, profile and rule.
[[nodiscard]] std::vector<RuleAt> all_rules(const Environment& environment);

// The environment without these; in any order, each once.
[[nodiscard]] Environment without_rules(Environment environment, std::vector<RuleAt> rules,
                                        std::vector<ElementAt> elements);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_RULE_ELEMENTS_H_

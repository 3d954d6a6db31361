#include "sim/analysis/rule_elements.h"

#include <algorithm>
#include <functional>

namespace nsp {
namespace {

void add_elements(const RuleAt& at, ElementAt::Kind kind, std::size_t count,
                  std::vector<ElementAt>& out) {
  for (Index i = 0; i < count; ++i) out.push_back({at, kind, i});
}

AccessRule& rule_in(Environment& environment, const RuleAt& at) {
  return environment.perimeters[at.perimeter].profiles[at.profile].rules[at.rule];
}

template <class T>
void erase_at(std::vector<T>& items, Index index) {
  items.erase(items.begin() + index);
}

void erase_element(AccessRule& rule, const ElementAt& element) {
  switch (element.kind) {
    case ElementAt::Kind::Prefix:
      return erase_at(rule.prefixes, element.index);
    case ElementAt::Kind::Subscription:
      return erase_at(rule.subscriptions, element.index);
    case ElementAt::Kind::Tag:
      return erase_at(rule.service_tags, element.index);
    case ElementAt::Kind::HostName:
      return erase_at(rule.host_names, element.index);
  }
}

}  // namespace

const Profile& profile_of(const Environment& environment, const RuleAt& at) {
  return environment.perimeters[at.perimeter].profiles[at.profile];
}

const AccessRule& rule_of(const Environment& environment, const RuleAt& at) {
  return profile_of(environment, at).rules[at.rule];
}

std::vector<ElementAt> elements_of(const Environment& environment, const RuleAt& at) {
  const AccessRule& rule = rule_of(environment, at);
  std::vector<ElementAt> elements;
  add_elements(at, ElementAt::Kind::Prefix, rule.prefixes.size(), elements);
  add_elements(at, ElementAt::Kind::Subscription, rule.subscriptions.size(), elements);
  add_elements(at, ElementAt::Kind::Tag, rule.service_tags.size(), elements);
  add_elements(at, ElementAt::Kind::HostName, rule.host_names.size(), elements);
  return elements;
}

std::string element_text(const Environment& environment, const ElementAt& element) {
  const AccessRule& rule = rule_of(environment, element.at);
  switch (element.kind) {
    case ElementAt::Kind::Prefix:
      return rule.prefixes[element.index].text;
    case ElementAt::Kind::Subscription:
      return to_string(rule.subscriptions[element.index]);
    case ElementAt::Kind::Tag:
      return rule.service_tags[element.index];
    case ElementAt::Kind::HostName:
      return to_string(rule.host_names[element.index]);
  }
  return {};
}

std::vector<RuleAt> all_rules(const Environment& environment) {
  std::vector<RuleAt> rules;
  for (Index p = 0; p < environment.perimeters.size(); ++p) {
    const auto& profiles = environment.perimeters[p].profiles;
    for (Index f = 0; f < profiles.size(); ++f) {
      for (Index r = 0; r < profiles[f].rules.size(); ++r) rules.push_back({p, f, r});
    }
  }
  return rules;
}

// Last things first, so that the indices of the others stay.
Environment without_rules(Environment environment, std::vector<RuleAt> rules,
                          std::vector<ElementAt> elements) {
  std::ranges::sort(elements, std::ranges::greater());
  for (const ElementAt& element : elements)
    erase_element(rule_in(environment, element.at), element);
  std::ranges::sort(rules, std::ranges::greater());
  for (const RuleAt& at : rules) {
    erase_at(environment.perimeters[at.perimeter].profiles[at.profile].rules, at.rule);
  }
  return environment;
}

}  // namespace nsp

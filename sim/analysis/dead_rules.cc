#include "sim/analysis/dead_rules.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "sim/analysis/rule_cover.h"
#include "sim/analysis/rule_proof.h"

namespace nsp {
namespace {

using Members = std::vector<std::size_t>;  // of ProfileElements::all()

// One profile: what is taken away, step by step.
class Thinning {
 public:
  Thinning(const ProfileElements& elements, DeadRules& dead)
      : elements_(elements), dead_(dead), gone_(elements.all().size(), false) {}

  void run() {
    for (const Members& rule : rules_narrowest_first()) {
      if (!can_die(rule) || !is_covered(rule)) continue;
      take_away(rule);
      dead_rules_.push_back(rule);
    }
    for (const std::size_t i : elements_narrowest_first()) {
      if (gone_[i] || !elements_.all()[i].may_die || !is_covered({i})) continue;
      take_away({i});
      dead_elements_.push_back(i);
    }
    report();
  }

 private:
  using Widths = std::vector<double>;

  // Indices of the elements of each rule, rules by name.
  [[nodiscard]] std::vector<Members> members_by_rule() const {
    std::vector<Members> rules;
    for (std::size_t i = 0; i < elements_.all().size(); ++i) {
      const bool same = i != 0 && elements_.all()[i].at.at == elements_.all()[i - 1].at.at;
      if (!same) rules.emplace_back();
      rules.back().push_back(i);
    }
    return rules;
  }

  [[nodiscard]] Widths widths(const Members& members) const {
    Widths all;
    for (const std::size_t i : members) all.push_back(elements_.all()[i].width);
    std::ranges::sort(all, std::ranges::greater());
    return all;
  }

  // The later by name first among those of equal widths.
  [[nodiscard]] std::vector<Members> rules_narrowest_first() const {
    std::vector<Members> rules = members_by_rule();
    std::ranges::reverse(rules);
    std::ranges::stable_sort(rules, {}, [&](const Members& rule) { return widths(rule); });
    return rules;
  }

  [[nodiscard]] Members elements_narrowest_first() const {
    Members order;
    for (std::size_t i = elements_.all().size(); i-- > 0;) order.push_back(i);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return elements_.all()[i].width; });
    return order;
  }

  // Something of it admits, and nothing of it must stay.
  [[nodiscard]] bool can_die(const Members& rule) const {
    const auto& all = elements_.all();
    return elements_.is_whole(all[rule.front()].at.at) &&
           std::ranges::none_of(rule, [&](std::size_t i) { return all[i].must_stay; }) &&
           std::ranges::any_of(rule, [&](std::size_t i) { return all[i].may_die; });
  }

  [[nodiscard]] bool is_covered(const Members& wanted) const {
    return elements_.is_covered(wanted, others(wanted));
  }

  // What may cover and is neither gone nor wanted.
  [[nodiscard]] Members others(const Members& wanted) const {
    Members left;
    for (std::size_t i = 0; i < gone_.size(); ++i) {
      if (gone_[i] || !elements_.all()[i].may_cover) continue;
      if (std::ranges::find(wanted, i) == wanted.end()) left.push_back(i);
    }
    return left;
  }

  void take_away(const Members& members) {
    for (const std::size_t i : members) gone_[i] = true;
  }

  // Covers are looked for at the end, among what is left.
  void report() {
    for (const Members& rule : dead_rules_) {
      const Cover cover = elements_.cover(rule, others(rule));
      dead_.rules.push_back({elements_.all()[rule.front()].at.at, elements_.places(cover.members),
                             cover.rests_on_u4});
    }
    for (const std::size_t i : dead_elements_) {
      const Cover cover = elements_.cover({i}, others({i}));
      dead_.elements.push_back(
          {elements_.all()[i].at, elements_.places(cover.members), cover.rests_on_u4});
    }
  }

  const ProfileElements& elements_;
  DeadRules& dead_;
  std::vector<bool> gone_;
  std::vector<Members> dead_rules_;
  Members dead_elements_;
};

std::set<RuleAt> profiles_of(const DeadRules& dead) {
  std::set<RuleAt> profiles;
  for (const DeadRule& rule : dead.rules) profiles.insert(profile_at(rule.at));
  for (const DeadElement& element : dead.elements) {
    profiles.insert(profile_at(element.element.at));
  }
  return profiles;
}

void drop_profile(DeadRules& dead, const RuleAt& profile) {
  std::erase_if(dead.rules, [&](const DeadRule& rule) { return profile_at(rule.at) == profile; });
  std::erase_if(dead.elements, [&](const DeadElement& element) {
    return profile_at(element.element.at) == profile;
  });
}

}  // namespace

DeadRules propose_dead_rules(const Environment& environment, const Readings& readings) {
  DeadRules dead;
  for (Index p = 0; p < environment.perimeters.size(); ++p) {
    for (Index f = 0; f < environment.perimeters[p].profiles.size(); ++f) {
      Thinning(ProfileElements(environment, readings, {p, f, kNone}), dead).run();
    }
  }
  std::ranges::sort(dead.rules, {}, &DeadRule::at);
  std::ranges::sort(dead.elements, {}, &DeadElement::element);
  return dead;
}

DeadRules find_dead_rules(const Policy& policy, const Readings& readings) {
  DeadRules dead = propose_dead_rules(policy.environment(), readings);
  if (dead.empty()) return dead;
  const Policy without = compile(without_dead(policy.environment(), dead));
  for (const RuleAt& profile : changed_profiles(policy, without, profiles_of(dead), readings)) {
    drop_profile(dead, profile);
  }
  return dead;
}

Environment without_dead(Environment environment, const DeadRules& dead) {
  std::vector<RuleAt> rules;
  std::vector<ElementAt> elements;
  for (const DeadRule& rule : dead.rules) rules.push_back(rule.at);
  for (const DeadElement& element : dead.elements) elements.push_back(element.element);
  return without_rules(std::move(environment), std::move(rules), std::move(elements));
}

}  // namespace nsp

#include "sim/model/effective.h"

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/model/builder.h"
#include "sim/model/drift.h"

namespace nsp {
namespace {

bool is_of_rules(const Drift& drift) {
  return drift.kind == DriftKind::MissingRule || drift.kind == DriftKind::ExtraRule ||
         drift.kind == DriftKind::ChangedRule;
}

bool is_open(const AccessRule& rule) { return !rule.unresolved.empty(); }

Index find_profile(const Perimeter& perimeter, std::string_view name) {
  const auto same = [&](const Profile& profile) { return iequals(profile.name, name); };
  const auto found = std::ranges::find_if(perimeter.profiles, same);
  return found == perimeter.profiles.end() ? kNone
                                           : static_cast<Index>(found - perimeter.profiles.begin());
}

bool has_only_tags(const AccessRule& rule) {
  return !rule.service_tags.empty() && rule.prefixes.empty() && rule.subscriptions.empty();
}

// No configuration has a member for service tags: theirs are the profile's.
std::vector<AccessRule> reported_rules(const EffectiveConfiguration& reported,
                                       const Profile& profile) {
  std::vector<AccessRule> rules = reported.rules;
  for (const AccessRule& rule : profile.rules) {
    const auto same = [&](const AccessRule& copy) { return iequals(copy.name, rule.name); };
    const auto copy = std::ranges::find_if(rules, same);
    if (copy == rules.end()) {
      if (has_only_tags(rule)) rules.push_back(rule);
    } else if (copy->service_tags.empty() && copy->direction == Direction::Inbound) {
      copy->service_tags = rule.service_tags;
    }
  }
  if (const Unresolved* open = find_unresolved(reported.unresolved, "accessRules")) {
    rules.push_back(any_rule(*open));
  }
  return rules;
}

class Taking {
 public:
  explicit Taking(Environment& environment) : environment_(environment) {
    differs_.resize(environment.resources.size());
    for (const Drift& drift : find_drift(environment)) {
      if (is_of_rules(drift)) differs_[drift.resource] = true;
    }
    taken_.resize(environment.resources.size());
  }

  // A resource that moved may still report the perimeter that it left: of several configurations
  // the one of its association's perimeter is taken, else the first.
  void all() {
    for (const EffectiveConfiguration& one : environment_.configurations) {
      if (association_of(one).perimeter == one.perimeter) take(one);
    }
    for (const EffectiveConfiguration& one : environment_.configurations) take(one);
  }

 private:
  Association& association_of(const EffectiveConfiguration& reported) {
    return environment_.associations[environment_.resources[reported.resource].association];
  }

  void take(const EffectiveConfiguration& reported) {
    if (taken_[reported.resource]) return;
    taken_[reported.resource] = true;
    Association& association = association_of(reported);
    take_profile(reported, association);
    take_mode(reported, association);
    association.place = reported.association_place;
  }

  void take_profile(const EffectiveConfiguration& reported, Association& association) {
    Perimeter& perimeter = environment_.perimeters[reported.perimeter];
    Index profile = find_profile(perimeter, reported.profile);
    if (has_own_rules(reported, perimeter.profiles[profile])) {
      profile = add_copy(reported, profile);
    }
    association.perimeter = reported.perimeter;
    association.profile = profile;
    std::erase_if(association.unresolved,
                  [](const Unresolved& one) { return one.setting == "profile"; });
  }

  [[nodiscard]] bool has_own_rules(const EffectiveConfiguration& reported,
                                   const Profile& profile) const {
    return differs_[reported.resource] || std::ranges::any_of(profile.rules, is_open) ||
           std::ranges::any_of(reported.rules, is_open) ||
           find_unresolved(reported.unresolved, "accessRules") != nullptr;
  }

  Index add_copy(const EffectiveConfiguration& reported, Index original) {
    auto& profiles = environment_.perimeters[reported.perimeter].profiles;
    Profile copy = profiles[original];
    copy.rules = reported_rules(reported, copy);
    copy.rules_version = reported.rules_version;
    copy.place = reported.profile_place;
    profiles.push_back(std::move(copy));
    const auto added = static_cast<Index>(profiles.size() - 1);
    for (PerimeterLink& link : environment_.links) {
      if (link.local == reported.perimeter) join(link.local_profiles, original, added);
      if (link.remote == reported.perimeter) join(link.remote_profiles, original, added);
    }
    return added;
  }

  static void join(std::vector<Index>& profiles, Index original, Index added) {
    if (std::ranges::find(profiles, original) != profiles.end()) profiles.push_back(added);
  }

  static void take_mode(const EffectiveConfiguration& reported, Association& association) {
    if (reported.mode_text.empty()) return;
    association.mode = reported.mode;
    association.mode_text = reported.mode_text;
    std::erase_if(association.unresolved,
                  [](const Unresolved& one) { return one.setting == "accessMode"; });
    if (const Unresolved* open = find_unresolved(reported.unresolved, "accessMode")) {
      association.unresolved.push_back(*open);
    }
  }

  Environment& environment_;
  std::vector<bool> differs_;  // resource → its rules are not the profile's
  std::vector<bool> taken_;
};

}  // namespace

Environment as_reported(Environment environment) {
  Taking(environment).all();
  return environment;
}

Environment on_side(Environment environment, EffectiveSide side) {
  return side == EffectiveSide::Resource ? as_reported(std::move(environment)) : environment;
}

}  // namespace nsp

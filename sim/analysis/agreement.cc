#include "sim/analysis/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/analysis/sighting.h"
#include "sim/base/text.h"
#include "sim/decision/describe.h"
#include "sim/decision/nearest.h"

namespace nsp {
namespace {

bool is_of_resource_rules(LogCategory category) {
  return category == LogCategory::NspPublicInboundResourceRulesAllowed ||
         category == LogCategory::NspPublicInboundResourceRulesDenied ||
         category == LogCategory::NspPublicOutboundResourceRulesAllowed ||
         category == LogCategory::NspPublicOutboundResourceRulesDenied;
}

bool is_perimeter_rule(LogCategory category) {
  return category == LogCategory::NspPublicInboundPerimeterRulesAllowed ||
         category == LogCategory::NspPublicOutboundPerimeterRulesAllowed;
}

bool is_membership(LogCategory category) {
  return category == LogCategory::NspIntraPerimeterInboundAllowed ||
         category == LogCategory::NspOutboundAttempt;
}

bool is_link(LogCategory category) {
  return category == LogCategory::NspCrossPerimeterInboundAllowed ||
         category == LogCategory::NspCrossPerimeterOutboundAllowed;
}

// Says why one record is not what the environment predicts, the first reason that holds.
class Explainer {
 public:
  Explainer(const Judged& judged, const Comparison& by)
      : judged_(judged), by_(by), recorded_(*judged.observation->recorded), leg_(leg_now(judged)) {}

  [[nodiscard]] std::string explain() const {
    if (leg_ == nullptr || leg_->association == kNone) return not_associated();
    if (!same_profile()) return other_profile();
    if (recorded_.category == LogCategory::NspPrivateInboundAllowed) return not_private();
    if (is_link(recorded_.category)) return no_link();
    if (is_membership(recorded_.category)) return no_membership();
    if (is_of_resource_rules(recorded_.category) && leg_->mode == AccessMode::Enforced) {
      return enforced_since();
    }
    if (is_perimeter_rule(recorded_.category)) return rule_differs();
    if (is_denied_by_perimeter() && leg_->mode == AccessMode::Learning) return learning_now();
    return changed_since();
  }

 private:
  [[nodiscard]] std::string owner() const {
    return leg_ == nullptr ? destination_name(by_, judged_) : by_.now->display_name(leg_->resource);
  }
  [[nodiscard]] const Association& association() const {
    return by_.now->environment().associations[leg_->association];
  }
  [[nodiscard]] const Profile& profile() const {
    const Association& a = association();
    return by_.now->environment().perimeters[a.perimeter].profiles[a.profile];
  }
  [[nodiscard]] bool same_profile() const {
    return recorded_.profile.empty() || iequals(recorded_.profile, profile().name);
  }

  [[nodiscard]] std::string not_associated() const {
    return fmt::format(
        "`{}` is not associated in the environment, the record was written under profile `{}`",
        owner(), recorded_.profile);
  }

  [[nodiscard]] std::string other_profile() const {
    const Perimeter& perimeter = by_.now->environment().perimeters[association().perimeter];
    const bool exists = std::ranges::any_of(
        perimeter.profiles, [&](const Profile& p) { return iequals(p.name, recorded_.profile); });
    return fmt::format("recorded under profile `{}`{}, the environment associates `{}` with `{}`",
                       recorded_.profile, exists ? "" : ", which it does not have", owner(),
                       profile().name);
  }

  [[nodiscard]] std::string not_private() const {
    return fmt::format("the environment describes no approved private endpoint of `{}`", owner());
  }

  [[nodiscard]] std::string no_link() const {
    return "no approved link of the environment joins the profiles of both ends";
  }

  [[nodiscard]] std::string no_membership() const {
    const Index other = leg_->direction == Direction::Inbound ? judged_.now.bound.caller
                                                              : judged_.now.bound.destination;
    const std::string name = leg_->direction == Direction::Inbound ? caller_name(by_, judged_)
                                                                   : destination_name(by_, judged_);
    if (other == kNone) {
      return fmt::format("recorded between members, `{}` is no resource of the environment", name);
    }
    const Resource& resource = by_.now->environment().resources[other];
    if (resource.association == kNone) {
      return fmt::format("recorded between members, `{}` is not associated in the environment",
                         name);
    }
    const Index caller = judged_.now.bound.caller;
    const bool no_identity =
        caller != kNone && by_.now->environment().resources[caller].identity == false;
    if (no_identity) {
      return fmt::format("recorded between members, the environment gives `{}` no managed identity",
                         by_.now->display_name(caller));
    }
    return "recorded between members, the environment has both ends in different perimeters";
  }

  [[nodiscard]] std::string enforced_since() const {
    return fmt::format(
        "`{}` is Enforced: it was in Learning when this was recorded, or its service writes "
        "ResourceRules categories under Enforced too (C16)",
        owner());
  }

  [[nodiscard]] bool is_denied_by_perimeter() const {
    return is_denial(recorded_.category) && !is_of_resource_rules(recorded_.category);
  }

  [[nodiscard]] std::string learning_now() const {
    return fmt::format(
        "`{}` is in Learning, where its perimeter refuses nothing: it was Enforced, or its "
        "publicNetworkAccess SecuredByPerimeter, when this was recorded",
        owner());
  }

  // The recorded rule is not the one that is predicted.
  [[nodiscard]] std::string rule_differs() const {
    const auto& rules = profile().rules;
    const auto rule = std::ranges::find_if(
        rules, [&](const AccessRule& r) { return iequals(r.name, recorded_.rule); });
    if (recorded_.rule.empty()) return "no rule is named, and none of the profile matches";
    if (rule == rules.end()) return rule_is_gone(rules);
    if (rule->direction != leg_->direction) {
      return fmt::format("rule `{}` of the profile is {}", rule->name, to_string(rule->direction));
    }
    return rule_misses(rule->name);
  }

  [[nodiscard]] std::string rule_is_gone(const std::vector<AccessRule>& rules) const {
    std::vector<std::string_view> names;
    for (const AccessRule& rule : rules) names.emplace_back(rule.name);
    const std::string_view near = nearest_word(recorded_.rule, names);
    return fmt::format("profile `{}` has no rule `{}`: renamed or removed since{}", profile().name,
                       recorded_.rule,
                       near.empty() ? std::string() : fmt::format("; it has `{}`", near));
  }

  [[nodiscard]] std::string rule_misses(const std::string& name) const {
    Trace trace;
    static_cast<void>(evaluate(*by_.now, judged_.now.bound, by_.scope_now, by_.readings, trace));
    std::vector<const RuleTrial*> trials;
    for (const TraceStep& step : trace.steps) {
      for (const RuleTrial& trial : step.trials) {
        if (iequals(trial.rule_name, name)) trials.push_back(&trial);
      }
    }
    if (trials.empty()) return fmt::format("rule `{}` was not reached", name);
    const RuleTrial& told = *most_telling(judged_.now.bound, trials);
    if (told.matched) {
      return fmt::format("rule `{}` matches as well; which of several is logged is assumed (U10)",
                         name);
    }
    return fmt::format("rule `{}` does not match as it is described: {}", name, told.why);
  }

  [[nodiscard]] std::string changed_since() const {
    const bool denied = is_denial(recorded_.category);
    const std::string outcome =
        fmt::format("{}: {}", to_string(judged_.now.verdict), judged_.now.reason);
    if (is_of_resource_rules(recorded_.category)) {
      return fmt::format(
          "no perimeter rule of `{}` had admitted it, the environment says {}: rules or firewall "
          "changed "
          "since",
          owner(), outcome);
    }
    return fmt::format(
        "{} by the perimeter when it was recorded, the environment says {}: rules "
        "or mode changed since",
        denied ? "denied" : "admitted", outcome);
  }

  const Judged& judged_;
  const Comparison& by_;
  const Recorded& recorded_;
  const Leg* leg_;
};

using Key = std::tuple<std::string, std::string, RecordedOutcome, RecordedOutcome, std::string>;

// `the rules of `default` changed within the window: versions 3, 4`.
std::string versions_text(const RuleVersions& versions, const std::string& profile) {
  const auto found = versions.find(lower(profile));
  if (found == versions.end() || found->second.size() < 2) return {};
  return fmt::format(
      "; the rules of `{}` changed within the window (versions {})", profile,
      join(std::vector<std::string>(found->second.begin(), found->second.end()), ", "));
}

std::string owner_of(const Judged& judged, const Comparison& by) {
  return direction_of(judged) == Direction::Inbound ? destination_name(by, judged)
                                                    : caller_name(by, judged);
}

Key key_of(const Judged& judged, const Comparison& by, const RuleVersions& versions) {
  const Recorded& recorded = *judged.observation->recorded;
  const Evidence& evidence = judged.evidence;
  return {owner_of(judged, by), recorded.profile,
          RecordedOutcome{std::string(to_string(recorded.category)), recorded.rule},
          RecordedOutcome{categories_text(evidence.predicted.view()), evidence.predicted_rule},
          Explainer(judged, by).explain() + versions_text(versions, recorded.profile)};
}

Disagreement start_group(const Key& key, const Judged& judged, const Comparison& by) {
  const auto& [resource, profile, recorded, predicted, explanation] = key;
  return {resource,
          profile,
          recorded,
          predicted,
          {},
          caller_name(by, judged),
          destination_name(by, judged),
          explanation};
}

}  // namespace

std::string_view RecordedOutcome::action() const {
  if (category == "none") return {};
  return category.ends_with("Denied") ? "Denied" : "Approved";
}

double Agreement::share() const {
  const std::uint64_t judged = agreeing + disagreeing;
  return judged == 0 ? 1.0 : static_cast<double>(agreeing) / static_cast<double>(judged);
}

Agreement compare_records(std::span<const Judged> judged, const Comparison& comparison,
                          const RuleVersions& versions) {
  Agreement agreement;
  std::map<Key, Disagreement> groups;
  for (const Judged& one : judged) {
    if (!one.observation->recorded) continue;
    const std::uint64_t weight = one.observation->seen.weight;
    if (!one.error.empty()) {
      agreement.unjudged += weight;
    } else if (one.evidence.agrees) {
      agreement.agreeing += weight;
    } else {
      agreement.disagreeing += weight;
      const Key key = key_of(one, comparison, versions);
      auto& group = groups.try_emplace(key, start_group(key, one, comparison)).first->second;
      group.seen.merge(one.observation->seen);
    }
  }
  for (auto& [key, group] : groups) agreement.disagreements.push_back(std::move(group));
  std::ranges::stable_sort(
      agreement.disagreements,
      [](const Disagreement& a, const Disagreement& b) { return a.seen.weight > b.seen.weight; });
  return agreement;
}

}  // namespace nsp

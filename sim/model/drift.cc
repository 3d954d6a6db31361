#include "sim/model/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/base/text.h"
#include "sim/model/builder.h"
#include "sim/model/secrets.h"

namespace nsp {
namespace {

constexpr std::string_view kSucceeded = "Succeeded";

// Comparable elements of a rule: canonical text, sorted.
std::vector<std::string> elements_of(const AccessRule& rule, bool with_tags) {
  std::vector<std::string> out;
  for (const WrittenPrefix& prefix : rule.prefixes) out.push_back(to_string(prefix.prefix));
  for (const Guid& guid : rule.subscriptions) out.push_back("subscription " + to_string(guid));
  for (const DomainPattern& pattern : rule.host_names) out.push_back(to_string(pattern));
  if (with_tags) {
    for (const std::string& tag : rule.service_tags) out.push_back("tag " + lower(tag));
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& taken) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, taken, std::back_inserter(rest));
  return rest;
}

std::string listed(const std::vector<std::string>& elements) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(elements.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + elements[i];
  }
  if (elements.size() > kShown) text += fmt::format(" and {} more", elements.size() - kShown);
  return text;
}

// ` at file:line:column`, or nothing where there is no line.
std::string at(const Place& place) {
  return place.line == 0 ? std::string() : " at " + shown_place(place);
}

const AccessRule* find_rule(const std::vector<AccessRule>& rules, std::string_view name) {
  const auto same = [&](const AccessRule& rule) { return iequals(rule.name, name); };
  const auto found = std::ranges::find_if(rules, same);
  return found == rules.end() ? nullptr : &*found;
}

std::vector<const AccessRule*> by_name(const std::vector<AccessRule>& rules) {
  std::vector<const AccessRule*> out;
  for (const AccessRule& rule : rules) out.push_back(&rule);
  std::ranges::stable_sort(
      out, [](const AccessRule* a, const AccessRule* b) { return iless(a->name, b->name); });
  return out;
}

// The difference of one configuration.
class Comparison {
 public:
  Comparison(const Environment& environment, const EffectiveConfiguration& configuration,
             std::vector<Drift>& out)
      : environment_(environment),
        reported_(configuration),
        resource_(environment.resources[configuration.resource]),
        association_(environment.associations[resource_.association]),
        out_(out) {}

  void run() {
    compare_listing();
    compare_perimeters();
    compare_profiles();
    compare_modes();
    if (const Profile* profile = reported_profile()) {
      compare_versions(*profile);
      compare_rules(*profile);
    }
    compare_states();
    compare_issues();
  }

 private:
  void add(Drift drift) {
    drift.association = resource_.association;
    drift.resource = reported_.resource;
    out_.push_back(std::move(drift));
  }

  // The association was read from this configuration, for want of another.
  [[nodiscard]] bool is_own() const {
    return !association_.listed && association_.perimeter == reported_.perimeter &&
           (reported_.association.empty() || iequals(association_.name, reported_.association));
  }

  void compare_listing() {
    if (!is_own()) return;
    const Perimeter& perimeter = environment_.perimeters[association_.perimeter];
    Drift drift{.kind = DriftKind::NotListed,
                .subject = "association",
                .resource_side = association_.name,
                .perimeter_place = perimeter.place,
                .resource_place = reported_.association_place};
    drift.sentence = fmt::format(
        "resource `{}` reports association `{}`, which its perimeter `{}`{} does not list",
        resource_.name, association_.name, perimeter.name, at(perimeter.place));
    add(std::move(drift));
  }

  void compare_perimeters() {
    const Perimeter& here = environment_.perimeters[reported_.perimeter];
    if (association_.perimeter != reported_.perimeter) {
      const Perimeter& there = environment_.perimeters[association_.perimeter];
      return add_other("networkSecurityPerimeter", DriftKind::Perimeter, there.name, here.name,
                       "perimeter", reported_.perimeter_place);
    }
    if (!reported_.perimeter_guid || here.guid_is_made || *reported_.perimeter_guid == here.guid) {
      return;
    }
    Drift drift{.kind = DriftKind::Perimeter,
                .subject = "perimeterGuid",
                .perimeter_side = to_string(here.guid),
                .resource_side = to_string(*reported_.perimeter_guid),
                .perimeter_place = here.place,
                .resource_place = reported_.perimeter_place};
    drift.sentence = fmt::format(
        "resource `{}` reports perimeter `{}` with `perimeterGuid` `{}`, the perimeter{} has `{}`",
        resource_.name, here.name, drift.resource_side, at(here.place), drift.perimeter_side);
    add(std::move(drift));
  }

  // `resource st reports WORD x, its association at … has y`.
  void add_other(std::string subject, DriftKind kind, std::string there, std::string here,
                 std::string_view word, const Place& place) {
    Drift drift{.kind = kind,
                .subject = std::move(subject),
                .perimeter_side = std::move(there),
                .resource_side = std::move(here),
                .perimeter_place = association_.place,
                .resource_place = place};
    drift.sentence =
        fmt::format("resource `{}` reports {} `{}`, its association{} has `{}`", resource_.name,
                    word, drift.resource_side, at(association_.place), drift.perimeter_side);
    add(std::move(drift));
  }

  void compare_profiles() {
    if (association_.perimeter != reported_.perimeter ||
        find_unresolved(association_.unresolved, "profile") != nullptr) {
      return;
    }
    const Profile& there =
        environment_.perimeters[association_.perimeter].profiles[association_.profile];
    if (iequals(there.name, reported_.profile)) return;
    add_other("profile", DriftKind::Profile, there.name, reported_.profile, "profile",
              reported_.profile_place);
  }

  void compare_modes() {
    const auto is_open = [](const std::vector<Unresolved>& all) {
      return find_unresolved(all, "accessMode") != nullptr;
    };
    if (reported_.mode_text.empty() || is_open(association_.unresolved) ||
        is_open(reported_.unresolved)) {
      return;
    }
    const bool same = association_.mode == reported_.mode &&
                      (reported_.mode != AccessMode::Unknown ||
                       iequals(association_.mode_text, reported_.mode_text));
    if (same) return;
    const std::string there = association_.mode == AccessMode::Unknown
                                  ? association_.mode_text
                                  : std::string(to_string(association_.mode));
    add_other("accessMode", DriftKind::AccessMode, there, reported_.mode_text, "`accessMode`",
              reported_.association_place);
  }

  [[nodiscard]] const Profile* reported_profile() const {
    const auto& profiles = environment_.perimeters[reported_.perimeter].profiles;
    const auto same = [&](const Profile& profile) {
      return iequals(profile.name, reported_.profile);
    };
    const auto found = std::ranges::find_if(profiles, same);
    return found == profiles.end() ? nullptr : &*found;
  }

  void compare_versions(const Profile& profile) {
    const std::string& there = profile.rules_version;
    const std::string& here = reported_.rules_version;
    if (there.empty() || here.empty() || there == here) return;
    Drift drift{.kind = DriftKind::RulesVersion,
                .subject = "accessRulesVersion",
                .perimeter_side = there,
                .resource_side = here,
                .perimeter_place = profile.place,
                .resource_place = reported_.profile_place};
    drift.sentence = fmt::format(
        "resource `{}` reports `accessRulesVersion` `{}` of profile `{}`, which{} is "
        "`{}`",
        resource_.name, here, profile.name, at(profile.place), there);
    add(std::move(drift));
  }

  void compare_rules(const Profile& profile) {
    if (find_unresolved(reported_.unresolved, "accessRules") != nullptr) return;
    for (const AccessRule* rule : by_name(profile.rules)) {
      if (rule->derived_from_link || !rule->unresolved.empty()) continue;
      const AccessRule* copy = find_rule(reported_.rules, rule->name);
      if (copy == nullptr) {
        add_missing(profile, *rule);
      } else if (copy->unresolved.empty()) {
        compare_rule(profile, *rule, *copy);
      }
    }
    for (const AccessRule* copy : by_name(reported_.rules)) {
      if (!copy->derived_from_link && find_rule(profile.rules, copy->name) == nullptr) {
        add_extra(profile, *copy);
      }
    }
  }

  // A rule of service tags alone has nothing that a configuration could show.
  void add_missing(const Profile& profile, const AccessRule& rule) {
    const auto elements = elements_of(rule, false);
    if (elements.empty() && !rule.service_tags.empty()) return;
    Drift drift{.kind = DriftKind::MissingRule,
                .subject = rule.name,
                .perimeter_side = listed(elements),
                .perimeter_place = rule.place,
                .resource_place = reported_.profile_place};
    drift.sentence = fmt::format("resource `{}` does not have rule `{}`{} of profile `{}`",
                                 resource_.name, rule.name, at(rule.place), profile.name);
    add(std::move(drift));
  }

  void add_extra(const Profile& profile, const AccessRule& copy) {
    Drift drift{.kind = DriftKind::ExtraRule,
                .subject = copy.name,
                .resource_side = listed(elements_of(copy, true)),
                .perimeter_place = profile.place,
                .resource_place = copy.place};
    drift.sentence = fmt::format("resource `{}` has rule `{}`, profile `{}`{} has not",
                                 resource_.name, copy.name, profile.name, at(profile.place));
    add(std::move(drift));
  }

  void compare_rule(const Profile& profile, const AccessRule& rule, const AccessRule& copy) {
    std::string there;
    std::string here;
    if (rule.direction != copy.direction) {
      there = fmt::format("direction {}", to_string(rule.direction));
      here = fmt::format("direction {}", to_string(copy.direction));
    } else {
      const bool with_tags = !copy.service_tags.empty();
      const auto all = elements_of(rule, with_tags);
      const auto copied = elements_of(copy, with_tags);
      there = listed(without(all, copied));
      here = listed(without(copied, all));
    }
    if (there.empty() && here.empty()) return;
    Drift drift{.kind = DriftKind::ChangedRule,
                .subject = rule.name,
                .perimeter_side = there,
                .resource_side = here,
                .perimeter_place = rule.place,
                .resource_place = copy.place};
    drift.sentence = fmt::format("resource `{}` has rule `{}` of profile `{}` {}", resource_.name,
                                 rule.name, profile.name, sides(there, here, at(rule.place)));
    add(std::move(drift));
  }

  static std::string sides(const std::string& there, const std::string& here,
                           const std::string& where) {
    if (here.empty()) return fmt::format("without `{}`, which it has{}", there, where);
    if (there.empty()) return fmt::format("with `{}`, which it has not{}", here, where);
    return fmt::format("with `{}`, which{} has `{}`", here, where, there);
  }

  void compare_states() {
    const std::string& there = association_.provisioning_state;
    const std::string& here = reported_.provisioning_state;
    const auto is_done = [](const std::string& state) {
      return state.empty() || iequals(state, kSucceeded);
    };
    if (is_done(there) && is_done(here)) return;
    Drift drift{.kind = DriftKind::ProvisioningState,
                .subject = "provisioningState",
                .perimeter_side = there,
                .resource_side = here,
                .perimeter_place = association_.place,
                .resource_place = reported_.place};
    const std::string of_resource =
        fmt::format("resource `{}` reports `provisioningState` `{}`", resource_.name, here);
    const std::string of_association = fmt::format("its association `{}`{} `{}`", association_.name,
                                                   at(association_.place), there);
    drift.sentence = there.empty() ? of_resource : of_resource + ", " + of_association;
    if (here.empty()) {
      drift.sentence = fmt::format(
          "association `{}` of resource `{}`{} has `provisioningState` "
          "`{}`",
          association_.name, resource_.name, at(association_.place), there);
    }
    add(std::move(drift));
  }

  void compare_issues() {
    for (const ProvisioningIssue& issue : reported_.issues) add_issue(issue);
    if (!reported_.issues.empty() || !iequals(association_.has_provisioning_issues, "yes")) return;
    Drift drift{.kind = DriftKind::ProvisioningIssue,
                .subject = "hasProvisioningIssues",
                .perimeter_side = association_.has_provisioning_issues,
                .perimeter_place = association_.place,
                .resource_place = reported_.place};
    drift.sentence = fmt::format(
        "association `{}`{} says that it has provisioning issues, resource `{}` "
        "reports none",
        association_.name, at(association_.place), resource_.name);
    add(std::move(drift));
  }

  void add_issue(const ProvisioningIssue& issue) {
    Drift drift{.kind = DriftKind::ProvisioningIssue,
                .subject = issue.name.empty() ? "provisioningIssues" : issue.name,
                .perimeter_side = association_.has_provisioning_issues,
                .resource_side = issue.type,
                .perimeter_place = association_.place,
                .resource_place = issue.place};
    drift.sentence = fmt::format("resource `{}` reports a provisioning issue", resource_.name);
    if (!issue.type.empty()) drift.sentence += fmt::format(" `{}`", issue.type);
    if (!issue.severity.empty()) drift.sentence += fmt::format(" of severity `{}`", issue.severity);
    if (!issue.description.empty()) drift.sentence += fmt::format(": `{}`", issue.description);
    add(std::move(drift));
  }

  const Environment& environment_;
  const EffectiveConfiguration& reported_;
  const Resource& resource_;
  const Association& association_;
  std::vector<Drift>& out_;
};

}  // namespace

std::vector<Drift> find_drift(const Environment& environment) {
  std::vector<Drift> all;
  for (const EffectiveConfiguration& configuration : environment.configurations) {
    Comparison(environment, configuration, all).run();
  }
  return all;
}

Diagnostic as_warning(Drift drift) {
  Place place = drift.place();
  return {Severity::Warning, std::move(place), std::move(drift.sentence)};
}

Diagnostics without_drift(const BuildResult& result) {
  Diagnostics drift;
  for (Drift& one : find_drift(result.environment)) drift.push_back(as_warning(std::move(one)));
  for (Diagnostic& one : drift) one.message = message_without_secrets(one.message);
  // Pages drop pointers.
  const auto is_drift = [&](const Diagnostic& diagnostic) {
    return std::ranges::any_of(drift, [&](const Diagnostic& one) {
      return one.message == diagnostic.message && one.place.line == diagnostic.place.line;
    });
  };
  Diagnostics rest;
  std::ranges::remove_copy_if(result.diagnostics, std::back_inserter(rest), is_drift);
  return rest;
}

void warn_of_drift(Builder& builder) {
  for (Drift& drift : find_drift(builder.environment)) {
    builder.diagnostics.push_back(as_warning(std::move(drift)));
  }
}

}  // namespace nsp

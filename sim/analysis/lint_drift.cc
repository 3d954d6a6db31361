// Drift as findings: a check for each kind of difference between what a resource reports of its
// perimeter and what the perimeter's documents say (sim/model/drift.h).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/analysis/lint_families.h"

namespace nsp {
namespace {

constexpr Basis kDriftBasis{
    "How gaps are filled",
    "A resource obeys its own copy of its profile and its mode, which follows "
    "the perimeter's documents by propagation"};

bool is_of_rule(DriftKind kind) {
  return kind == DriftKind::MissingRule || kind == DriftKind::ExtraRule ||
         kind == DriftKind::ChangedRule;
}

// The resource, and of a rule its name: each can be accepted by itself.
std::string subject_of(const Policy& policy, const Drift& drift) {
  const std::string resource = policy.display_name(drift.resource);
  return is_of_rule(drift.kind) ? fmt::format("{}/{}", resource, drift.subject) : resource;
}

std::vector<RelatedPlace> other_side(const Drift& drift) {
  if (drift.resource_place.line == 0 || drift.perimeter_place.line == 0) return {};
  const std::string value = drift.perimeter_side.empty()
                                ? std::string("the perimeter's side")
                                : fmt::format("the perimeter's side: {}", drift.perimeter_side);
  return {{drift.perimeter_place, value}};
}

template <DriftKind kKind>
void find_kind(const LintInput& input, FindingSink& sink) {
  for (const Drift& drift : input.drift) {
    if (drift.kind != kKind) continue;
    sink.add(drift.place(), subject_of(input.policy, drift), drift.sentence, other_side(drift));
  }
}

template <DriftKind kKind>
constexpr Check check(std::string_view id, std::string_view name, std::string_view title,
                      std::string_view remedy) {
  return {.id = id,
          .name = name,
          .severity = Severity::Warning,
          .title = title,
          .basis = {kDriftBasis},
          .remedy = remedy,
          .find = find_kind<kKind>};
}

constexpr std::string_view kWait =
    "wait a few minutes and export again; if it stays, write the change once more";
constexpr std::string_view kExport =
    "export perimeter and resource again, at one time; if it stays, associate the resource anew";

constexpr std::array kDriftChecks{
    check<DriftKind::NotListed>("NSP501", "association-not-listed",
                                "a resource reports an association that its perimeter does not "
                                "list",
                                kExport),
    check<DriftKind::Perimeter>("NSP502", "other-perimeter-reported",
                                "a resource reports another perimeter than its association",
                                kExport),
    check<DriftKind::Profile>("NSP503", "other-profile-reported",
                              "a resource reports another profile than its association", kWait),
    check<DriftKind::AccessMode>("NSP504", "other-access-mode-reported",
                                 "a resource reports another access mode than its association",
                                 kWait),
    check<DriftKind::RulesVersion>("NSP505", "other-rules-version-reported",
                                   "a resource reports another version of the rules than its "
                                   "profile",
                                   kWait),
    check<DriftKind::MissingRule>("NSP506", "rule-not-arrived",
                                  "a rule of the profile is missing at a resource", kWait),
    check<DriftKind::ExtraRule>("NSP507", "rule-not-removed",
                                "a resource has a rule that its profile has not", kWait),
    check<DriftKind::ChangedRule>("NSP508", "rule-not-changed",
                                  "a rule has other elements at a resource than in its profile",
                                  kWait),
    check<DriftKind::ProvisioningState>("NSP509", "provisioning-not-succeeded",
                                        "the last change of an association or its copy did not "
                                        "succeed",
                                        "see what failed in the activity log and write the change "
                                        "once more"),
    check<DriftKind::ProvisioningIssue>("NSP510", "provisioning-issue",
                                        "a resource reports an issue with its place in the "
                                        "perimeter",
                                        "mend what the issue names, then export again"),
};

}  // namespace

std::span<const Check> drift_checks() { return kDriftChecks; }

}  // namespace nsp

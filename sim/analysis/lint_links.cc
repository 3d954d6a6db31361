// Never matches, by what is missing at either end: profiles nobody is in, links that carry nothing.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_names.h"

namespace nsp {
namespace {

std::string rules_text(std::size_t count) {
  return count == 1 ? std::string("its rule applies to nothing")
                    : fmt::format("its {} rules apply to nothing", count);
}

bool has_association(const Environment& environment, Index perimeter, Index profile) {
  return std::ranges::any_of(environment.associations, [&](const Association& association) {
    return association.perimeter == perimeter && association.profile == profile;
  });
}

// A profile without rules that nobody is in is a draft and harms nobody.
void find_empty_profiles(const LintInput& input, FindingSink& sink) {
  const auto& perimeters = input.environment().perimeters;
  for (Index p = 0; p < perimeters.size(); ++p) {
    for (Index i = 0; i < perimeters[p].profiles.size(); ++i) {
      const Profile& profile = perimeters[p].profiles[i];
      if (profile.rules.empty() || has_association(input.environment(), p, i)) continue;
      sink.add(profile.place, profile_subject(perimeters[p], profile),
               fmt::format("no resource is associated with profile `{}`, so {}", profile.name,
                           rules_text(profile.rules.size())));
    }
  }
}

void find_links_not_approved(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const PerimeterLink& link : environment.links) {
    if (link.status == ConnectionStatus::Approved) continue;
    sink.add(link.place, link_subject(environment, link),
             fmt::format("link `{}` to perimeter `{}` is {}, so it carries no traffic", link.name,
                         environment.perimeters[link.remote].name, to_string(link.status)));
  }
}

constexpr std::array kChecks{
    Check{.id = "NSP150",
          .name = "profile-without-association",
          .severity = Severity::Warning,
          .title = "a profile has rules and no associated resource",
          .basis = {Basis{"IN-4"}, Basis{"OUT-4"}},
          .remedy = "associate the resources that the rules are meant for, or remove the profile",
          .find = find_empty_profiles},
    Check{.id = "NSP152",
          .name = "link-not-approved",
          .severity = Severity::Warning,
          .title = "a link between perimeters is not Approved",
          .basis = {Basis{"IN-3"}, Basis{"OUT-3"}},
          .remedy = "approve the link at the other perimeter, or remove it",
          .find = find_links_not_approved},
};

}  // namespace

std::span<const Check> association_and_link_checks() { return kChecks; }

}  // namespace nsp

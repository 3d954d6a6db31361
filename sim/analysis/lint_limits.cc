// Limits of the service that an environment comes near. What is beyond them is no finding: reading
// refuses it.
#include <fmt/format.h>

#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_names.h"
#include "sim/model/limits.h"

namespace nsp {
namespace {

// Nine tenths of it or more. What is above the limit is told by reading.
bool is_near(std::size_t count, std::size_t limit) {
  return count * 10 >= limit * 9 && count <= limit;
}

void find_full_profile(const Perimeter& perimeter, const Profile& profile, FindingSink& sink) {
  const RuleElements count = count_elements(profile);
  const auto tell = [&](std::size_t number, std::string_view which) {
    if (!is_near(number, kMostElements)) return;
    sink.add(profile.place, profile_subject(perimeter, profile),
             fmt::format("profile `{}` has {} of at most {} {}", profile.name, number,
                         kMostElements, which));
  };
  tell(count.inbound, "inbound rule elements");
  tell(count.outbound, "outbound rule elements");
  // Alone in one direction, the total says the same.
  if (count.inbound != 0 && count.outbound != 0)
    tell(count.inbound + count.outbound, "rule elements, if both directions count together");
}

void find_full_profiles(const LintInput& input, FindingSink& sink) {
  for (const Perimeter& perimeter : input.environment().perimeters) {
    for (const Profile& profile : perimeter.profiles) find_full_profile(perimeter, profile, sink);
  }
}

void find_many_links(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  const std::vector<std::size_t> count = count_links(environment);
  for (std::size_t i = 0; i < count.size(); ++i) {
    const Perimeter& perimeter = environment.perimeters[i];
    if (!perimeter.described || !is_near(count[i], kMostLinks)) continue;
    sink.add(perimeter.place, perimeter.name,
             fmt::format("perimeter `{}` has {} of at most {} links", perimeter.name, count[i],
                         kMostLinks));
  }
}

void find_long_name(std::string_view kind, const std::string& name, const Place& place,
                    std::string subject, FindingSink& sink) {
  if (!is_near(name.size(), kLongestName)) return;
  sink.add(place, std::move(subject),
           fmt::format("the name of {} `{}` has {} of at most {} characters", kind, name,
                       name.size(), kLongestName));
}

void find_long_names(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (const Perimeter& perimeter : environment.perimeters) {
    if (perimeter.described) {
      find_long_name("perimeter", perimeter.name, perimeter.place, perimeter.name, sink);
    }
    for (const Profile& profile : perimeter.profiles) {
      find_long_name("profile", profile.name, profile.place, profile_subject(perimeter, profile),
                     sink);
      for (const AccessRule& rule : profile.rules) {
        find_long_name("rule", rule.name, rule.place, rule_subject(perimeter, profile, rule), sink);
      }
    }
  }
  for (const Association& association : environment.associations) {
    find_long_name("association", association.name, association.place,
                   association_subject(environment, association), sink);
  }
  for (const PerimeterLink& link : environment.links) {
    find_long_name("link", link.name, link.place, link_subject(environment, link), sink);
  }
}

constexpr std::array kLimitsChecks{
    Check{.id = "NSP401",
          .name = "rule-elements-near-limit",
          .severity = Severity::Note,
          .title = "a profile comes near the limit of 200 rule elements",
          .basis = {Basis{"C2"}},
          .remedy = "join prefixes that lie side by side, or split the resources over two profiles",
          .find = find_full_profiles},
    Check{
        .id = "NSP402",
        .name = "links-near-limit",
        .severity = Severity::Note,
        .title = "a perimeter comes near the limit of ten links",
        .basis = {Basis{"Links", "A perimeter has at most ten"}},
        .remedy = "remove links that nobody uses, or put what calls each other into one perimeter",
        .find = find_many_links},
    Check{.id = "NSP403",
          .name = "name-near-limit",
          .severity = Severity::Note,
          .title = "a name comes near the limit of 80 characters",
          .basis = {Basis{"How gaps are filled", "a name has at most 80 characters"}},
          .remedy = "shorten the name before scripts add a suffix to it",
          .find = find_long_names},
};

}  // namespace

std::span<const Check> limit_checks() { return kLimitsChecks; }

}  // namespace nsp

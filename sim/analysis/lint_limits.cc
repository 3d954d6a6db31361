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

constexpr std::array kChecks{
    Check{.id = "NSP401",
          .name = "rule-elements-near-limit",
          .severity = Severity::Note,
          .title = "a profile comes near the limit of 200 rule elements",
          .basis = {Basis{"C2"}},
          .remedy = "join prefixes that lie side by side, or split the resources over two profiles",
          .find = find_full_profiles},
};

}  // namespace

std::span<const Check> limit_checks() { return kChecks; }

}  // namespace nsp

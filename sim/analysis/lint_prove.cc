#include "sim/analysis/lint_prove.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/decision/bind.h"
#include "sim/decision/evaluate.h"

namespace nsp {

std::optional<NowAndThen> judge(const LintInput& input, const Attempt& attempt) {
  const auto bound = bind(input.policy, attempt, input.readings);
  if (!bound) return std::nullopt;
  return NowAndThen{evaluate(input.policy, *bound, {}, input.readings),
                    evaluate(input.policy, *bound, if_enforced(), input.readings)};
}

Attempt outside_attempt(const LintInput& input, Index resource, Credential credential) {
  Attempt attempt;
  attempt.from = "somebody";
  attempt.outside = true;
  attempt.to = input.policy.display_name(resource);
  attempt.via = Via::Public;
  attempt.credential = credential;
  return attempt;
}

std::vector<PerimeterMember> members_of(const LintInput& input) {
  const Environment& environment = input.environment();
  std::vector<PerimeterMember> members;
  for (const Association& association : environment.associations) {
    const Resource& resource = environment.resources[association.resource];
    if (!resource.described) continue;
    members.push_back({association.resource, &resource, &association,
                       &environment.perimeters[association.perimeter].profiles[association.profile],
                       input.policy.display_name(association.resource)});
  }
  return members;
}

std::string some_names(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += fmt::format("{}`{}`", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

}  // namespace nsp

// What the engine says of an attempt now and with every association Enforced. For checks that claim
// what will end: they ask, they do not reckon.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_LINT_PROVE_H_
#define NSP_SIM_ANALYSIS_LINT_PROVE_H_

#include <optional>
#include <string>
#include <vector>

#include "sim/analysis/lint.h"
#include "sim/decision/decision.h"
#include "sim/traffic/attempt.h"

namespace nsp {

struct NowAndThen {
  Decision now;
  Decision then;

  // Allowed now and denied if enforced; where a fact is missing on either side it is not said.
  [[nodiscard]] bool ends() const {
    return now.verdict == Verdict::Allow && then.verdict == Verdict::Deny;
  }
};

// Nothing where the attempt is none (P-9), or names what the environment does not have.
[[nodiscard]] std::optional<NowAndThen> judge(const LintInput& input, const Attempt& attempt);

// Somebody outside calls the resource.
[[nodiscard]] Attempt outside_attempt(const LintInput& input, Index resource,
                                      Credential credential);

// An associated, described resource.
struct PerimeterMember {
  Index resource = kNone;
  const Resource* document = nullptr;
  const Association* association = nullptr;
  const Profile* profile = nullptr;
  std::string name;  // as display_name()

  // Rules decide besides the resource's own settings: what those admit ends when enforced.
  [[nodiscard]] bool is_learning() const {
    return association->mode == AccessMode::Learning || association->mode == AccessMode::Audit;
  }
};
// In order of the associations.
[[nodiscard]] std::vector<PerimeterMember> members_of(const LintInput& input);

// `a, b and 3 more`, each in backticks.
[[nodiscard]] std::string some_names(const std::vector<std::string>& names);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_PROVE_H_

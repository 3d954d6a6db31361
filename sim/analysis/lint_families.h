// The checks of each file, in order of their ids; all_checks() joins them. For the files of checks
// and lint.cc alone.
//
// A new file of checks declares its function here and is named in lint.cc.
#ifndef NSP_SIM_ANALYSIS_LINT_FAMILIES_H_
#define NSP_SIM_ANALYSIS_LINT_FAMILIES_H_

#include <span>

#include "sim/analysis/lint.h"

namespace nsp {

[[nodiscard]] std::span<const Check> association_and_link_checks();  // lint_links.cc
[[nodiscard]] std::span<const Check> dead_rule_checks();             // lint_dead_rules.cc
[[nodiscard]] std::span<const Check> never_match_checks();           // lint_never_matches.cc
[[nodiscard]] std::span<const Check> subscription_rule_checks();     // lint_callers.cc
[[nodiscard]] std::span<const Check> too_wide_checks();              // lint_too_wide.cc
[[nodiscard]] std::span<const Check> wide_name_checks();             // lint_wide_names.cc
[[nodiscard]] std::span<const Check> limit_checks();                 // lint_limits.cc
[[nodiscard]] std::span<const Check> log_checks();                   // lint_logs.cc
[[nodiscard]] std::span<const Check> mode_checks();                  // lint_modes.cc
[[nodiscard]] std::span<const Check> identity_checks();              // lint_identity.cc
[[nodiscard]] std::span<const Check> ending_checks();                // lint_endings.cc
[[nodiscard]] std::span<const Check> private_checks();               // lint_private.cc
[[nodiscard]] std::span<const Check> destination_checks();           // lint_destinations.cc
[[nodiscard]] std::span<const Check> service_checks();               // lint_services.cc
[[nodiscard]] std::span<const Check> drift_checks();                 // lint_drift.cc
[[nodiscard]] std::span<const Check> suppression_checks();           // lint_suppressions.cc

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_FAMILIES_H_

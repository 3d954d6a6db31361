// How findings name the objects of an environment: what a suppression writes as `object`.
//
//   resource      st-contoso                its short name, or its id where two share it
//   perimeter     nsp-ai
//   profile       nsp-ai/default
//   rule          nsp-ai/default/office
//   association   nsp-ai/a-search
//   link          nsp-ai/to-partner         at its local side
//   endpoint      pe-search                 a private endpoint
//   setting       nsp-ai/to-workspace       a diagnostic setting, behind whose logs it ships
//
// Thread safety: pure functions. REQUIRES: indices in range.
#ifndef NSP_SIM_ANALYSIS_LINT_NAMES_H_
#define NSP_SIM_ANALYSIS_LINT_NAMES_H_

#include <string>

#include "sim/model/environment.h"

namespace nsp {

[[nodiscard]] std::string profile_subject(const Perimeter& perimeter, const Profile& profile);
[[nodiscard]] std::string rule_subject(const Perimeter& perimeter, const Profile& profile,
                                       const AccessRule& rule);
[[nodiscard]] std::string association_subject(const Environment& environment,
                                              const Association& association);
[[nodiscard]] std::string link_subject(const Environment& environment, const PerimeterLink& link);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_NAMES_H_

// What an access rule lets through, in words.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_MODEL_RULE_TEXT_H_
#define NSP_SIM_MODEL_RULE_TEXT_H_

#include <string>
#include <vector>

#include "sim/model/environment.h"

namespace nsp {

// Its elements one by one, as written: `203.0.113.0/24`, `subscription GUID`, `tag Storage`,
// `*.contoso.com`; expressions of elements that only a deployment tells last.
[[nodiscard]] std::vector<std::string> rule_elements(const AccessRule& rule);

// Those, with commas between; `nothing` of an empty rule.
[[nodiscard]] std::string rule_text(const AccessRule& rule);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_RULE_TEXT_H_

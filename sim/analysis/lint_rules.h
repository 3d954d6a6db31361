// How checks of rules name what they find. For the files of checks alone.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_ANALYSIS_LINT_RULES_H_
#define NSP_SIM_ANALYSIS_LINT_RULES_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/analysis/lint.h"
#include "sim/analysis/rule_elements.h"

namespace nsp {

[[nodiscard]] std::string subject_of(const Environment& environment, const RuleAt& at);
// "`203.0.113.0/28` of rule `office`".
[[nodiscard]] std::string describe(const Environment& environment, const ElementAt& element);
// A finding at the element's rule: the element in words, then `what`.
void tell(const LintInput& input, const ElementAt& element, std::string_view what,
          FindingSink& sink);
// "Storage and AI Search"; "Storage, AI Search and Foundry". REQUIRES: not empty.
[[nodiscard]] std::string list_in_words(const std::vector<std::string>& words);
// The services that are associated with the profile, each once, in order of the table of services.
[[nodiscard]] std::vector<Service> services_of(const Environment& environment, const RuleAt& at);
// Their titles, as list_in_words().
[[nodiscard]] std::string titles_of(const std::vector<Service>& services);

// Every element of every rule.
void for_each_element(const Environment& environment,
                      const std::function<void(const ElementAt&)>& visit);
void for_each_profile(const Environment& environment,
                      const std::function<void(const RuleAt& profile)>& visit);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_RULES_H_

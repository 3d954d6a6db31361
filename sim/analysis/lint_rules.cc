#include "sim/analysis/lint_rules.h"

#include <fmt/format.h>

#include <set>
#include <span>

#include "sim/analysis/lint_names.h"
#include "sim/base/text.h"
#include "sim/model/services.h"

namespace nsp {

std::string subject_of(const Environment& environment, const RuleAt& at) {
  return rule_subject(environment.perimeters[at.perimeter], profile_of(environment, at),
                      rule_of(environment, at));
}

std::string describe(const Environment& environment, const ElementAt& element) {
  return fmt::format("`{}` of rule `{}`", element_text(environment, element),
                     rule_of(environment, element.at).name);
}

void tell(const LintInput& input, const ElementAt& element, std::string_view what,
          FindingSink& sink) {
  const Environment& environment = input.environment();
  sink.add(rule_of(environment, element.at).place, subject_of(environment, element.at),
           fmt::format("{} {}", describe(environment, element), what));
}

std::string list_in_words(const std::vector<std::string>& words) {
  if (words.size() == 1) return words.front();
  const std::span<const std::string> all(words);
  return join(all.first(all.size() - 1), ", ") + " and " + all.back();
}

std::vector<Service> services_of(const Environment& environment, const RuleAt& at) {
  std::set<Service> services;
  for (const Association& association : environment.associations) {
    if (association.perimeter != at.perimeter || association.profile != at.profile) continue;
    services.insert(environment.resources[association.resource].service);
  }
  return {services.begin(), services.end()};
}

std::string titles_of(const std::vector<Service>& services) {
  std::vector<std::string> titles;
  for (const Service service : services) titles.emplace_back(facts(service).title);
  return list_in_words(titles);
}

void for_each_element(const Environment& environment,
                      const std::function<void(const ElementAt&)>& visit) {
  for (const RuleAt& at : all_rules(environment)) {
    for (const ElementAt& element : elements_of(environment, at)) visit(element);
  }
}

void for_each_profile(const Environment& environment,
                      const std::function<void(const RuleAt& profile)>& visit) {
  for (Index p = 0; p < environment.perimeters.size(); ++p) {
    for (Index f = 0; f < environment.perimeters[p].profiles.size(); ++f) visit({p, f, kNone});
  }
}

}  // namespace nsp

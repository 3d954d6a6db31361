// Never matches, by what stands beside it: elements and rules that others make superfluous, as
// dead_rules.h finds and proves them.
//
// One finding a thing: a dead rule is told as a whole, and where it has one element only, by the
// check of that element.
#include <fmt/format.h>

#include <algorithm>

#include "sim/analysis/dead_rules.h"
#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_rules.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

enum class Kind : std::uint8_t { Inside, Duplicate, Rule, Name };

// A dead element, or a dead rule of several elements (then `element` is its first).
struct Dead {
  ElementAt element;
  bool whole_rule = false;
  bool only_element = false;
  const std::vector<ElementAt>* cover = nullptr;
  bool rests_on_u4 = false;
};

// Tags and names are compared without case, prefixes and patterns as they were read.
bool is_equal(const Environment& environment, const ElementAt& a, const ElementAt& b) {
  const AccessRule& left = rule_of(environment, a.at);
  const AccessRule& right = rule_of(environment, b.at);
  if (a.kind != b.kind) return false;
  if (a.kind == ElementAt::Kind::Prefix) {
    return left.prefixes[a.index].prefix == right.prefixes[b.index].prefix;
  }
  return iequals(element_text(environment, a), element_text(environment, b));
}

Kind kind_of(const Environment& environment, const Dead& dead) {
  if (dead.whole_rule) return Kind::Rule;
  if (dead.cover->size() == 1 && is_equal(environment, dead.element, dead.cover->front())) {
    return Kind::Duplicate;
  }
  return dead.element.kind == ElementAt::Kind::HostName ? Kind::Name : Kind::Inside;
}

std::string cover_text(const Environment& environment, const std::vector<ElementAt>& cover) {
  std::vector<std::string> words;
  for (const ElementAt& element : cover) words.push_back(describe(environment, element));
  return list_in_words(words);
}

std::vector<RelatedPlace> related(const Environment& environment,
                                  const std::vector<ElementAt>& cover) {
  std::vector<RelatedPlace> places;
  for (const ElementAt& element : cover) {
    places.push_back({rule_of(environment, element.at).place,
                      fmt::format("{} covers it", describe(environment, element))});
  }
  return places;
}

std::string element_message(const Environment& environment, const Dead& dead, Kind kind) {
  const std::string what = describe(environment, dead.element);
  const std::string only = dead.only_element ? ", its only element," : "";
  if (kind == Kind::Duplicate) {
    const ElementAt& other = dead.cover->front();
    if (other.at == dead.element.at) return what + " stands there twice";
    return fmt::format("{}{} stands in rule `{}` already", what, only,
                       rule_of(environment, other.at).name);
  }
  return fmt::format("{}{} admits nothing that {} {} not admit", what, only,
                     cover_text(environment, *dead.cover), dead.cover->size() == 1 ? "does" : "do");
}

std::string message_of(const Environment& environment, const Dead& dead, Kind kind) {
  std::string text = kind == Kind::Rule
                         ? fmt::format("rule `{}` admits nothing that {} {} not admit",
                                       rule_of(environment, dead.element.at).name,
                                       cover_text(environment, *dead.cover),
                                       dead.cover->size() == 1 ? "does" : "do")
                         : element_message(environment, dead, kind);
  if (dead.rests_on_u4) text += ", as long as `*.` stands for more than one label (U4)";
  return text;
}

std::vector<Dead> all_dead(const Environment& environment, const DeadRules& found) {
  std::vector<Dead> all;
  for (const DeadRule& rule : found.rules) {
    const auto elements = elements_of(environment, rule.at);
    const bool one = elements.size() == 1;
    all.push_back({elements.front(), !one, one, &rule.cover, rule.rests_on_u4});
  }
  for (const DeadElement& dead : found.elements) {
    all.push_back({dead.element, false, false, &dead.cover, dead.rests_on_u4});
  }
  return all;
}

template <Kind kKind>
void find_dead(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  const DeadRules found = find_dead_rules(input.policy, input.readings);
  for (const Dead& dead : all_dead(environment, found)) {
    if (kind_of(environment, dead) != kKind) continue;
    sink.add(rule_of(environment, dead.element.at).place, subject_of(environment, dead.element.at),
             message_of(environment, dead, kKind), related(environment, *dead.cover));
  }
}

constexpr std::string_view kRemove =
    "remove it, or narrow what covers it where that admits more than it should";

constexpr std::array kDeadRulesChecks{
    Check{.id = "NSP102",
          .name = "covered-address",
          .severity = Severity::Warning,
          .title = "a prefix or tag lies inside what other elements of the profile admit",
          .basis = {Basis{"G-3"}, Basis{"R-1"}, Basis{"R-3"}},
          .remedy = kRemove,
          .find = find_dead<Kind::Inside>},
    Check{.id = "NSP103",
          .name = "duplicate-element",
          .severity = Severity::Warning,
          .title = "an element stands in the profile twice",
          .basis = {Basis{"G-3"}, Basis{"R-8"}},
          .remedy = "remove one of the two",
          .find = find_dead<Kind::Duplicate>},
    Check{.id = "NSP104",
          .name = "dead-rule",
          .severity = Severity::Warning,
          .title = "other rules of the profile admit all that a rule admits",
          .basis = {Basis{"G-3"}, Basis{"R-1"}, Basis{"R-5"}},
          .remedy =
              "remove the rule, or narrow those that cover it where they admit more than they "
              "should",
          .find = find_dead<Kind::Rule>},
    Check{.id = "NSP105",
          .name = "name-under-wildcard",
          .severity = Severity::Warning,
          .title = "a host name or wildcard lies under a wildcard of the profile",
          .basis = {Basis{"R-5"}, Basis{"U4"}},
          .remedy = "remove it, or replace the wildcard by the names that are called",
          .find = find_dead<Kind::Name>},
};

}  // namespace

std::span<const Check> dead_rule_checks() { return kDeadRulesChecks; }

}  // namespace nsp

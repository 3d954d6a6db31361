// Logs: which of the thirteen categories a perimeter collects.
//
// What is not collected is not missed until somebody asks what enforcing would break. Whether
// nothing is collected is known only where the documents hold a logging configuration; where they
// hold none, that is a note.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "sim/analysis/lint_families.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr std::string_view kAllLogs = "allLogs";
// Groups of Azure Monitor that stand where a category does.
constexpr std::array<std::string_view, 2> kGroups{kAllLogs, "audit"};
constexpr std::string_view kRetired = "NspIntraPerimeterOutboundAllowed";

bool enables(const Perimeter& perimeter, std::string_view word) {
  return std::ranges::any_of(perimeter.enabled_log_categories,
                             [&](const std::string& each) { return iequals(each, word); });
}

std::vector<std::string_view> missing_categories(const Perimeter& perimeter) {
  std::vector<std::string_view> missing;
  for (const std::string_view word : Vocabulary<LogCategory>::words) {
    if (!enables(perimeter, word)) missing.push_back(word);
  }
  return missing;
}

std::string named(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

bool has_members(const Environment& environment, std::size_t perimeter) {
  return std::ranges::any_of(environment.associations, [&](const Association& association) {
    return association.perimeter == perimeter;
  });
}

// What collects is described: a logging configuration, or diagnostic settings of the perimeter.
bool says_what_is_collected(const Environment& environment, const Perimeter& perimeter) {
  const auto is_its = [&](const DiagnosticSetting& setting) {
    return setting.scope == perimeter.id;
  };
  return perimeter.has_logging || std::ranges::any_of(environment.diagnostic_settings, is_its);
}

// Some of it is known only to a deployment.
bool may_collect_more(const Environment& environment, const Perimeter& perimeter) {
  return std::ranges::any_of(environment.diagnostic_settings,
                             [&](const DiagnosticSetting& setting) {
                               return setting.scope == perimeter.id &&
                                      find_unresolved(setting.unresolved, "logs") != nullptr;
                             });
}

void find_silent_perimeters(const LintInput& input, FindingSink& sink) {
  const Environment& environment = input.environment();
  for (std::size_t i = 0; i < environment.perimeters.size(); ++i) {
    const Perimeter& perimeter = environment.perimeters[i];
    if (!perimeter.described || !perimeter.enabled_log_categories.empty()) continue;
    if (!has_members(environment, i) || may_collect_more(environment, perimeter)) continue;
    if (says_what_is_collected(environment, perimeter)) {
      sink.add(perimeter.place, perimeter.name,
               fmt::format("perimeter `{}` collects no category of its access log: what enforcing "
                           "would break leaves no record",
                           perimeter.name));
    } else {
      sink.note(perimeter.place, perimeter.name,
                fmt::format("the documents hold no logging configuration of perimeter `{}`: "
                            "nothing shows that its access log is collected",
                            perimeter.name));
    }
  }
}

void find_missing_categories(const LintInput& input, FindingSink& sink) {
  for (const Perimeter& perimeter : input.environment().perimeters) {
    if (may_collect_more(input.environment(), perimeter)) continue;
    const auto missing = missing_categories(perimeter);
    const bool none = missing.size() == Vocabulary<LogCategory>::words.size();
    if (missing.empty() || none || enables(perimeter, kAllLogs)) continue;
    sink.add(
        perimeter.place, perimeter.name,
        fmt::format("perimeter `{}` does not collect {} of {} log categories: {}", perimeter.name,
                    missing.size(), Vocabulary<LogCategory>::words.size(), named(missing)));
  }
}

void find_all_logs(const LintInput& input, FindingSink& sink) {
  for (const Perimeter& perimeter : input.environment().perimeters) {
    const auto missing = missing_categories(perimeter);
    if (missing.empty() || !enables(perimeter, kAllLogs)) continue;
    sink.add(perimeter.place, perimeter.name,
             fmt::format("perimeter `{}` collects `allLogs`, which was seen to collect nothing, "
                         "and does not name {}",
                         perimeter.name, named(missing)));
  }
}

std::string unknown_category(const Perimeter& perimeter, std::string_view word) {
  if (iequals(word, kRetired)) {
    return fmt::format("perimeter `{}` enables `{}`, a category that is retired", perimeter.name,
                       word);
  }
  const auto near = nearest_word(word, Vocabulary<LogCategory>::words);
  return fmt::format("perimeter `{}` enables `{}`, which is no category of the access log{}",
                     perimeter.name, word,
                     near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near));
}

void find_unknown_categories(const LintInput& input, FindingSink& sink) {
  for (const Perimeter& perimeter : input.environment().perimeters) {
    for (const std::string& word : perimeter.enabled_log_categories) {
      if (parse_word<LogCategory>(word) || find_word(kGroups, word)) continue;
      sink.add(perimeter.place, perimeter.name, unknown_category(perimeter, word));
    }
  }
}

constexpr std::array kLogsChecks{
    Check{.id = "NSP451",
          .name = "logs-not-collected",
          .severity = Severity::Warning,
          .title = "a perimeter with members collects no log category",
          .basis = {Basis{"Logs",
                          "That there are none, over a time that the logs really cover, is "
                          "needed before enforcing"}},
          .remedy = "enable all thirteen categories by name, before anything is enforced",
          .find = find_silent_perimeters},
    Check{.id = "NSP452",
          .name = "log-categories-missing",
          .severity = Severity::Warning,
          .title = "a perimeter collects some log categories and not all",
          .basis = {Basis{"Logs",
                          "What will break when enforced is what the two "
                          "ResourceRulesAllowed categories show"},
                    Basis{"C17"}},
          .remedy = "enable the missing categories by name",
          .find = find_missing_categories},
    Check{.id = "NSP453",
          .name = "all-logs-group",
          .severity = Severity::Warning,
          .title = "a perimeter relies on the category group `allLogs`",
          .basis = {Basis{"C17"}},
          .remedy = "name the thirteen categories instead of the group",
          .find = find_all_logs},
    Check{.id = "NSP454",
          .name = "unknown-log-category",
          .severity = Severity::Warning,
          .title = "a perimeter enables a log category that does not exist",
          .basis = {Basis{"Logs", "Thirteen categories in the table NSPAccessLogs"}},
          .remedy = "correct the name of the category",
          .find = find_unknown_categories},
};

}  // namespace

std::span<const Check> log_checks() { return kLogsChecks; }

}  // namespace nsp

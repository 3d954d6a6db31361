#include "sim/analysis/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/analysis/lint_families.h"
#include "sim/base/text.h"
#include "sim/decision/clause.h"
#include "sim/model/secrets.h"

namespace nsp {
namespace {

std::vector<Check> join_families() {
  std::vector<Check> all;
  for (const auto checks : {
           dead_rule_checks(),
           never_match_checks(),
           subscription_rule_checks(),
           association_and_link_checks(),
           mode_checks(),
           identity_checks(),
           ending_checks(),
           private_checks(),
           destination_checks(),
           too_wide_checks(),
           wide_name_checks(),
           limit_checks(),
           log_checks(),
           service_checks(),
           drift_checks(),
           suppression_checks(),
       }) {
    all.insert(all.end(), checks.begin(), checks.end());
  }
  std::ranges::sort(all, {}, &Check::id);
  return all;
}

std::string_view table_sentence(std::string_view id) {
  if (const auto clause = parse_clause(id)) return facts(*clause).sentence;
  const auto matters = all_matters();
  const auto found = std::ranges::find(matters, id, &MatterFacts::id);
  return found == matters.end() ? std::string_view() : found->reading;
}

// `NSP1xx`: the `x` at the end stand for any digits. Without one it is no range.
bool is_range(std::string_view word) {
  const auto digits = word.find_first_of("xX");
  return digits != word.npos && digits >= 3 && iequals(word.substr(0, 3), "NSP") &&
         word.size() == 6 && word.find_first_not_of("xX", digits) == word.npos &&
         word.find_first_not_of("0123456789", 3) == digits;
}

bool names(std::string_view word, const Check& check) {
  if (iequals(word, check.id) || iequals(word, check.name)) return true;
  const auto digits = word.find_first_of("xX");
  return is_range(word) &&
         check.id.substr(0, digits) == lower(word).replace(0, 3, "NSP").substr(0, digits);
}

std::expected<void, std::string> mark(std::span<const std::string> texts, bool to,
                                      LintSelection& selection) {
  const auto checks = all_checks();
  for (const std::string& text : texts) {
    for (const std::string_view word : split_words(text, ',')) {
      bool any = false;
      for (std::size_t i = 0; i < checks.size(); ++i) {
        if (!names(word, checks[i])) continue;
        selection[i] = to;
        any = true;
      }
      if (!any) return std::unexpected(no_such_check(word));
    }
  }
  return {};
}

}  // namespace

void FindingSink::add(Place place, std::string subject, const std::string& message,
                      std::vector<RelatedPlace> related) {
  out_.push_back({&check_, check_.severity, std::move(place), std::move(subject),
                  message_without_secrets(message), std::move(related)});
}

void FindingSink::note(Place place, std::string subject, const std::string& message,
                       std::vector<RelatedPlace> related) {
  add(std::move(place), std::move(subject), message, std::move(related));
  out_.back().severity = Severity::Note;
}

LintFamily family_of(const Check& check) {
  const auto hundred = static_cast<std::size_t>(check.id[3] - '1');
  return hundred < static_cast<std::size_t>(LintFamily::Suppressions)
             ? static_cast<LintFamily>(hundred)
             : LintFamily::Suppressions;
}

std::span<const Check> all_checks() {
  static const std::vector<Check> checks = join_families();
  return checks;
}

const Check* find_check(std::string_view id_or_name) {
  const auto checks = all_checks();
  const auto found = std::ranges::find_if(checks, [&](const Check& check) {
    return iequals(check.id, id_or_name) || iequals(check.name, id_or_name);
  });
  return found == checks.end() ? nullptr : &*found;
}

std::string no_such_check(std::string_view word) {
  std::vector<std::string_view> known;
  for (const Check& check : all_checks()) {
    known.push_back(check.id);
    known.push_back(check.name);
  }
  const auto near = nearest_word(word, known);
  return fmt::format("there is no check `{}`{}", word,
                     near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near));
}

std::vector<Basis> basis_of(const Check& check) {
  std::vector<Basis> all;
  for (const Basis& basis : check.basis) {
    if (basis.id.empty()) continue;
    all.push_back({basis.id, basis.sentence.empty() ? table_sentence(basis.id) : basis.sentence});
  }
  return all;
}

LintSelection every_check() { return LintSelection(all_checks().size(), true); }

std::expected<LintSelection, std::string> select_checks(std::span<const std::string> enable,
                                                        std::span<const std::string> disable) {
  LintSelection selection(all_checks().size(), enable.empty());
  if (const auto marked = mark(enable, true, selection); !marked) {
    return std::unexpected(marked.error());
  }
  if (const auto marked = mark(disable, false, selection); !marked) {
    return std::unexpected(marked.error());
  }
  return selection;
}

void sort_findings(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.place, a.check->id, a.message) < std::tie(b.place, b.check->id, b.message);
  });
}

std::vector<Finding> run_lint(const LintInput& input, const LintSelection& selection) {
  std::vector<Finding> findings;
  const auto checks = all_checks();
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!selection[i] || checks[i].find == nullptr) continue;
    FindingSink sink(checks[i], findings);
    checks[i].find(input, sink);
  }
  sort_findings(findings);
  return findings;
}

}  // namespace nsp

// What in an environment will not do what its author thinks: a table of checks, each a pure
// function from a policy to findings.
//
// A check has a stable id `NSP1xx`, which users write into their suppressions, so it is never given
// to another check. The hundred tells the family: 1 never matches, 2 too wide, 3 will surprise,
// 4 logs and limits, 5 drift, 9 suppressions. Each family stands in files of its own
// (lint_families.h); together they are all_checks().
//
// A finding says what is so in this environment and where; the check says why it matters (the
// sentences of the semantics it rests on) and what to do. Example: check NSP152
// `link-not-approved`, finding "link `to-partner` to perimeter `nsp-b` is Pending, so it carries no
// traffic". A check that lacks a fact says nothing, or adds a note; it never guesses.
//
// Thread safety: the table is constant data; run_lint() is pure. Findings point into the table and
// stay valid.
#ifndef NSP_SIM_ANALYSIS_LINT_H_
#define NSP_SIM_ANALYSIS_LINT_H_

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/decision/reading.h"
#include "sim/model/drift.h"
#include "sim/policy/policy.h"

namespace nsp {

enum class LintFamily : std::uint8_t {
  NeverMatches,
  TooWide,
  WillSurprise,
  LogsAndLimits,
  Drift,
  Suppressions,
};
template <>
struct Vocabulary<LintFamily> {
  static constexpr std::array<std::string_view, 6> words{
      "never matches", "too wide", "will surprise", "logs and limits", "drift", "suppressions"};
};

// What a check rests on: a clause, contradiction or assumption of the semantics, whose sentence is
// the program's table's; or a section of scenarios/SEMANTICS.md that gives its facts no id, with
// the words that stand there. A test holds both against that page.
struct Basis {
  std::string_view id;             // `P-6`, `C7`, `U2`; `Links`
  std::string_view sentence = {};  // of a section only
};

// What a check may look at.
struct LintInput {
  const Policy& policy;
  // Who calls from outside, as far as the user says; null: nobody said, so nothing follows from who
  // is missing.
  const std::vector<Caller>* callers = nullptr;
  Readings readings{};
  // Where resources report otherwise than their perimeters' documents say: find_drift() of the
  // environment as it was read.
  std::span<const Drift> drift{};

  [[nodiscard]] const Environment& environment() const { return policy.environment(); }
};

struct RelatedPlace {
  Place place;
  std::string message;  // `the rule that covers it`

  auto operator<=>(const RelatedPlace&) const = default;
};

struct Check;

struct Finding {
  const Check* check = nullptr;  // in the table
  Severity severity = Severity::Warning;
  Place place;
  std::string subject;  // the object, as lint_names.h writes it: `nsp/default/office`
  std::string message;
  std::vector<RelatedPlace> related;
};

// Collects what one check finds.
class FindingSink {
 public:
  FindingSink(const Check& check, std::vector<Finding>& out) : check_(check), out_(out) {}

  // With the severity of the check. What looks secret in the message is not kept.
  void add(Place place, std::string subject, const std::string& message,
           std::vector<RelatedPlace> related = {});
  // As a note: something that would matter if a fact were known.
  void note(Place place, std::string subject, const std::string& message,
            std::vector<RelatedPlace> related = {});

 private:
  const Check& check_;
  std::vector<Finding>& out_;
};

using FindFunction = void (*)(const LintInput& input, FindingSink& sink);

struct Check {
  std::string_view id;    // `NSP150`
  std::string_view name;  // `link-not-approved`: lower case, words joined by `-`
  Severity severity = Severity::Warning;
  std::string_view title;           // a sentence without a full stop, for lists
  std::array<Basis, 3> basis = {};  // the first is never empty
  std::string_view remedy;          // what to do: an imperative sentence without a full stop
  FindFunction find = nullptr;      // null: found elsewhere (lint_suppressions.h)
};

[[nodiscard]] LintFamily family_of(const Check& check);

// In order of their ids.
[[nodiscard]] std::span<const Check> all_checks();
// By id or name, without case; null when there is none.
[[nodiscard]] const Check* find_check(std::string_view id_or_name);

// `there is no check `NSP15`; did you mean `NSP150`?`, for messages.
[[nodiscard]] std::string no_such_check(std::string_view word);

// A basis with its sentence filled in; empty entries are left out.
[[nodiscard]] std::vector<Basis> basis_of(const Check& check);

// Which checks run: an entry for each of all_checks().
using LintSelection = std::vector<bool>;
[[nodiscard]] LintSelection every_check();
// Those that `enable` names (all when it is empty) without those that `disable` names. Each text is
// ids, ranges (`NSP1xx`, `NSP15x`), names of checks, separated by commas. The error is a message.
[[nodiscard]] std::expected<LintSelection, std::string> select_checks(
    std::span<const std::string> enable, std::span<const std::string> disable);

// In order of place, then of check, then of message.
[[nodiscard]] std::vector<Finding> run_lint(const LintInput& input, const LintSelection& selection);
// That order.
void sort_findings(std::vector<Finding>& findings);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_H_

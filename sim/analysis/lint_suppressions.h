// Findings that somebody has looked at and accepted, for a reason and for a time.
//
//   {"suppressions": [
//     {"finding": "NSP152", "object": "nsp-a/to-partner", "reason": "the partner signs in June",
//      "expires": "2026-06-30"}]}
//
// `finding` is the id or the name of a check; `object` is the subject of a finding (lint_names.h),
// without case; `file` its file, or the end of its path. At least one of these two is there, and
// all that is there must fit. A suppression holds up to and including the day `expires`. After it,
// it suppresses nothing and is itself a finding (NSP901); one that fits no finding is a note
// (NSP902). The file is JSON, with comments and trailing commas. Schema: sim/report/schemas.
//
// Errors, all of them, each with its place: an unknown or missing member, a wrong type, an unknown
// check, a date that is none. Thread safety: plain values, pure functions; "today" is passed in.
#ifndef NSP_SIM_ANALYSIS_LINT_SUPPRESSIONS_H_
#define NSP_SIM_ANALYSIS_LINT_SUPPRESSIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/analysis/lint.h"
#include "sim/base/time.h"
#include "sim/document/node.h"

namespace nsp {

struct Suppression {
  const Check* check = nullptr;  // in the table
  std::string object;            // empty: not said
  std::string file;              // empty: not said
  std::string reason;
  Day last_day = 0;
  std::string expires;  // as written
  Place place;          // of the whole entry
};

[[nodiscard]] Result<std::vector<Suppression>> read_suppressions(std::string_view bytes,
                                                                 const std::string& file);
[[nodiscard]] Result<std::vector<Suppression>> read_suppressions(const Node& root);

struct SuppressedFinding {
  Finding finding;
  Suppression by;
};

struct LintReport {
  std::vector<Finding> findings;  // in order
  std::vector<SuppressedFinding> suppressed;

  // Of that severity or a worse one.
  [[nodiscard]] std::size_t count_from(Severity threshold) const;
};

// All findings of the selected checks, sorted into those that stand and those that are suppressed.
// What a suppression says of a check that does not run is not looked at.
[[nodiscard]] LintReport lint(const LintInput& input, const LintSelection& selection,
                              const std::vector<Suppression>& suppressions, Day today);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_LINT_SUPPRESSIONS_H_

// A small lint report for the tests of its forms: one warning with a related place, one note below
// its check's severity, one suppressed finding.
#ifndef NSP_TESTS_UNIT_REPORT_LINT_SAMPLE_H_
#define NSP_TESTS_UNIT_REPORT_LINT_SAMPLE_H_

#include "sim/report/lint_report.h"

namespace nsp {

inline LintFacts sample_lint() {
  const Check* link = find_check("NSP152");
  const Check* service = find_check("NSP151");
  LintFacts facts;
  facts.selection = *select_checks(std::vector<std::string>{"NSP15x"}, {});
  facts.report.findings = {
      {service,
       Severity::Note,
       {"a b/site.json", 4, 3, "/resources/2"},
       "nsp/to-partner",
       "link `to-partner` carries nothing to or from `search-1`, `search-2` of `nsp`: AI Search "
       "does not support links",
       {{{"a b/site.json", 9, 5, {}}, "`search-1`, AI Search"}}},
      {link,
       Severity::Warning,
       {"a b/site.json", 4, 3, "/resources/2"},
       "nsp/to-partner",
       "link `to-partner` to perimeter `b|c` is Pending, so it carries no traffic",
       {}}};
  Finding accepted = facts.report.findings[1];
  accepted.subject = "nsp/to-other";
  accepted.place.line = 6;
  Suppression by;
  by.check = link;
  by.object = "nsp/to-other";
  by.reason = "signs in June";
  by.expires = "2026-06-30";
  facts.report.suppressed = {{accepted, by}};
  return facts;
}

}  // namespace nsp

#endif  // NSP_TESTS_UNIT_REPORT_LINT_SAMPLE_H_

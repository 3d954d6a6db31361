// One hand-made result of a run that has everything in it: a page that holds, a page with a failure
// and a moved outcome, a page that could not be read. Texts hold what each form must escape.
#ifndef NSP_TESTS_UNIT_REPORT_RUN_SAMPLE_H_
#define NSP_TESTS_UNIT_REPORT_RUN_SAMPLE_H_

#include "sim/scenario/result.h"

namespace nsp {

inline CellResult passed_cell() {
  CellResult cell;
  cell.case_name = "office reads blobs";
  cell.column = "expect";
  cell.from = "office";
  cell.to = "stcontoso";
  cell.place = {.file = "scenarios/20-inbound/ip.md", .line = 14, .column = 42, .pointer = ""};
  cell.expected = cell.actual = "allow: inbound rule office";
  cell.clauses = {"IN-4"};
  cell.elapsed = std::chrono::nanoseconds(1500);
  return cell;
}

// The é before the cell is two bytes and one code point.
inline CellResult failed_cell() {
  CellResult cell;
  cell.case_name = "café <a> & \"b\", 50%";
  cell.column = "Enforced";
  cell.from = "café";
  cell.to = "search-1";
  cell.place = {.file = "./scenarios/a b.v2/two.md", .line = 7, .column = 11, .pointer = ""};
  cell.character = 10;
  cell.expected = "deny: no inbound rule";
  cell.actual = "allow: inbound rule office";
  cell.status = CellStatus::Failed;
  cell.row_text = "| café | deny: no inbound rule |";
  cell.clauses = {"OUT-8", "IN-4"};
  cell.assumptions = {"U2"};
  cell.trace = "inbound at search-1\n  IN-4 `office` matched\x1b[31m\n";
  cell.elapsed = std::chrono::nanoseconds(2'000'000);
  return cell;
}

inline CellResult moved_cell() {
  CellResult cell = passed_cell();
  cell.case_name = "partner reads";
  cell.place = {.file = "./scenarios/a b.v2/two.md", .line = 8, .column = 3, .pointer = ""};
  cell.expected = "deny";
  cell.actual = "deny: no inbound rule";
  cell.clauses = {"IN-5"};
  cell.before = "allow: inbound rule partner";
  return cell;
}

inline RunResult sample_run() {
  PageResult held{.path = "scenarios/20-inbound/ip.md",
                  .title = "Rules by address",
                  .status = "documented",
                  .cells = {passed_cell()},
                  .diagnostics = {},
                  .elapsed = std::chrono::milliseconds(1)};
  PageResult mixed{
      .path = "./scenarios/a b.v2/two.md",
      .title = "A title that is so long that it cannot stand in one line of a terminal",
      .status = "local",
      .cells = {failed_cell(), moved_cell()},
      .diagnostics = {},
      .elapsed = std::chrono::milliseconds(3)};
  PageResult invalid{.path = "bad.md",
                     .title = "Bad",
                     .status = "local",
                     .cells = {},
                     .diagnostics = {},
                     .elapsed = {}};
  invalid.diagnostics = {{Severity::Error,
                          {.file = "bad.md", .line = 3, .column = 1, .pointer = ""},
                          "unknown key `evidnce`; did you mean `evidence`"},
                         {Severity::Warning,
                          {.file = "env.json", .line = 0, .column = 0, .pointer = "/resources/0"},
                          "no `location`"}};
  return {.pages = {held, mixed, invalid}};
}

}  // namespace nsp

#endif  // NSP_TESTS_UNIT_REPORT_RUN_SAMPLE_H_

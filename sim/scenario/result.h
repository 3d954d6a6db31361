// What running pages yields, as data: every cell with what was expected, what came, and where it
// stands.
//
// The runner (run.h) fills these; sim/report turns them into text, JSON, JUnit, SARIF, annotations
// and Markdown. Thread safety: plain values.
#ifndef NSP_SIM_SCENARIO_RESULT_H_
#define NSP_SIM_SCENARIO_RESULT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp {

enum class CellStatus : std::uint8_t { Passed, Failed };

// One outcome cell (or `logged` cell, `calls` cell, `document` block): one test.
struct CellResult {
  // `office reads blobs`; for a grid `search-1 calls st`; for a document block its first line's
  // words
  std::string case_name;
  std::string column;  // `expect`, `Enforced`, `outbound`, `logged`, `calls`, `document`
  std::string from;    // as written; empty for a document block
  std::string to;
  Place place;                  // of the cell
  std::uint32_t character = 1;  // the column of the place in code points, from 1
  std::string expected;         // `deny: no inbound rule`
  std::string actual;           // `allow: inbound rule office`
  CellStatus status = CellStatus::Passed;
  std::string row_text;                  // the whole row as written, for failures
  std::vector<std::string> clauses;      // the clause each leg rests on, `IN-4`
  std::vector<std::string> assumptions;  // readings used
  std::string trace;                     // failures only: the trace of the decision, as text
  // Regression run (`--env`): the outcome with the page's own environment, where it moved.
  std::string before;
  std::chrono::nanoseconds elapsed{0};
};

struct PageResult {
  std::string path;    // as the user named it
  std::string title;   // the first heading
  std::string status;  // of its first block: `documented`, …
  std::vector<CellResult> cells;
  Diagnostics diagnostics;    // errors make the page invalid; its cells are then not run
  bool without_case = false;  // its one error is that there is nothing to run
  std::chrono::nanoseconds elapsed{0};
};

struct RunResult {
  std::vector<PageResult> pages;

  [[nodiscard]] std::size_t cells() const;
  [[nodiscard]] std::size_t passed() const;
  [[nodiscard]] std::size_t failed() const;
  [[nodiscard]] std::size_t invalid_pages() const;
};

// The exit status of the contract: 5 when nothing could be run and nothing else is wrong, else 3
// when a page is invalid, else 1 when a cell failed, else 0.
[[nodiscard]] int exit_status(const RunResult& result);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_RESULT_H_

// A scenario page, read: what its blocks and tables say, checked as far as that is possible without
// an environment.
//
// A page is a list of sections, one a `scenario` block; the block governs the tables up to the
// next. A section that names no environment and builds none uses that of the section before it;
// callers of earlier sections stay known.
//
// Everything wrong is found at once: unknown keys, columns, verdicts, reasons and words, each with
// line and column. Thread safety: plain values.
#ifndef NSP_SIM_SCENARIO_PAGE_H_
#define NSP_SIM_SCENARIO_PAGE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/decision/reading.h"
#include "sim/model/environment.h"
#include "sim/scenario/lint_block.h"
#include "sim/scenario/markdown.h"
#include "sim/scenario/outcome.h"
#include "sim/traffic/attempt.h"

namespace nsp {

// Where a page's expectation comes from. Local: a user's own.
enum class PageStatus : std::uint8_t { Documented, Observed, Inferred, Local };
template <>
struct Vocabulary<PageStatus> {
  static constexpr std::array<std::string_view, 4> words{"documented", "observed", "inferred",
                                                         "local"};
};

// The outcome columns of a `case` table, in the order of the contract.
enum class CaseColumn : std::uint8_t {
  Expect,
  Learning,
  Enforced,
  Audit,
  NotAssociated,
  Outbound,
  Inbound
};
template <>
struct Vocabulary<CaseColumn> {
  static constexpr std::array<std::string_view, 7> words{
      "expect", "Learning", "Enforced", "Audit", "not associated", "outbound", "inbound"};
};

struct OutcomeCell {
  CaseColumn column = CaseColumn::Expect;
  ExpectedOutcome expected;  // with the row's `because` where the cell names no reason
  bool own_reason = false;   // the cell itself names a reason
  PageCell cell;
};

struct LoggedCell {
  std::vector<LogCategory> categories;
  PageCell cell;
};

// What the rows of `case` and `flow` tables have in common: a name and what is expected.
struct OutcomeRow {
  std::string name;
  PageCell cell;  // of the name
  std::optional<ExpectedReason> because;
  std::vector<OutcomeCell> outcomes;
  std::optional<LoggedCell> logged;
  std::string source;  // the whole row as written
};

// One row of a `case` table. `attempt.from` may name a caller; the runner fills in what the row
// leaves open.
struct CaseRow : OutcomeRow {
  Attempt attempt;
  std::optional<PublicNetworkAccess> public_network_access;
};

// One row of a `flow` table: which flows of the recorded traffic it names (flow_match.h), and what
// is expected of them.
struct FlowRow : OutcomeRow {
  std::string from;               // empty: anybody
  std::optional<std::string> to;  // nothing: anywhere; empty: a destination that nobody knows
  std::optional<DomainName> host;
  bool nameless = false;                 // only flows that showed no name
  std::optional<std::uint64_t> packets;  // of all of them; of records the events
};

// One filled cell of a `calls` grid.
struct GridCell {
  std::string from;
  std::string to;
  Verdict expected = Verdict::Allow;
  PageCell cell;
  std::string source;
};

// A `document` block: what is read, and every diagnostic that reading must give.
struct DocumentCase {
  std::string name;
  std::string content;
  std::vector<std::string> expected;
  Place place;  // of the block
};

// A text of the block with the place where it stands.
struct PlacedText {
  std::string text;
  Place place;
};

// The tables that build a virtual perimeter (tables.h), as written.
struct BuildTables {
  std::vector<PageTable> resources;
  std::vector<PageTable> rules;
  std::vector<PageTable> links;
  std::vector<PageTable> subnets;
  std::vector<PageTable> private_endpoints;

  [[nodiscard]] bool empty() const {
    return resources.empty() && rules.empty() && links.empty() && subnets.empty() &&
           private_endpoints.empty();
  }
};

// The recorded traffic of a section: paths relative to the page.
struct SectionTraffic {
  std::vector<PlacedText> captures;
  std::vector<PlacedText> logs;
  std::optional<PlacedText> bindings;

  [[nodiscard]] bool empty() const { return captures.empty() && logs.empty(); }
};

struct Section {
  Place place;
  std::vector<PlacedText> environment;  // paths relative to the page
  PageStatus status = PageStatus::Local;
  std::vector<std::string> evidence;
  std::vector<PlacedText> assume;
  std::optional<Credential> as;  // of the `calls` grids
  BuildTables tables;
  std::vector<Caller> callers;
  std::vector<CaseRow> cases;
  std::vector<GridCell> grid;
  SectionTraffic traffic;
  std::vector<FlowRow> flows;
  std::optional<PageCell> flow_table;  // the first header of the first `flow` table

  [[nodiscard]] bool builds_environment() const { return !environment.empty() || !tables.empty(); }
};

struct Page {
  std::string file;   // as the user named it
  std::string title;  // the first heading
  std::vector<Section> sections;
  std::vector<DocumentCase> documents;
  std::vector<LintCase> lints;
  bool executable = false;    // something in it asks to be run; false: plain prose
  bool without_case = false;  // nothing in it can be run, and nothing else is wrong with it
  Diagnostics diagnostics;
};

[[nodiscard]] Page read_page(std::string_view bytes, std::string file);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_PAGE_H_

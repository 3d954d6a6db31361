// A run as SARIF 2.1.0, the form that code scanning services read: a result for every failed cell
// and every diagnostic.
//
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.13 to 3.30.
#include <fmt/format.h>

#include <array>

#include "sim/report/json_writer.h"
#include "sim/report/run_report.h"
#include "sim/report/sarif.h"

namespace nsp {
namespace {

struct Rule {
  std::string_view id;
  std::string_view summary;
};
constexpr std::array<Rule, 2> kRules{
    Rule{"outcome", "An outcome cell of a scenario page does not hold."},
    Rule{"page", "A scenario page, or a document that it names, is wrong or doubtful."}};
constexpr std::size_t kOutcomeRule = 0;
constexpr std::size_t kPageRule = 1;

void begin_result(JsonWriter& json, std::size_t rule, std::string_view level,
                  std::string_view message) {
  json.object().member("ruleId", kRules[rule].id).member("ruleIndex", rule);
  json.member("level", level).key("message").object().member("text", message).end();
}

void write_failure(JsonWriter& json, const CellResult& cell) {
  const std::string name = fmt::format("{} [{}]", cell.case_name, cell.column);
  begin_result(json, kOutcomeRule, "error",
               fmt::format("{}: expected {}, got {}", name, cell.expected, cell.actual));
  write_locations(json, cell.place, cell.character);
  // What stays the same when lines move: lets a service follow a result from run to run.
  json.key("partialFingerprints").object().member("cell/v1", name).end().end();
}

void write_finding(JsonWriter& json, const Diagnostic& diagnostic) {
  begin_result(json, kPageRule, to_string(diagnostic.severity), diagnostic.message);
  // The column of a diagnostic counts bytes, and the line that would tell the difference is not at
  // hand. In the first column there is none.
  write_locations(json, diagnostic.place, diagnostic.place.column == 1 ? 1 : 0);
  json.end();
}

void write_tool(JsonWriter& json, const RenderOptions& options) {
  json.key("tool").object().key("driver").object().member("name", "nspsim");
  json.member("version", options.program_version).key("rules").array();
  for (const Rule& rule : kRules) {
    json.object().member("id", rule.id);
    json.key("shortDescription").object().member("text", rule.summary).end().end();
  }
  json.end().end().end();
}

}  // namespace

std::string run_as_sarif(const RunResult& result, const RenderOptions& options) {
  JsonWriter json;
  begin_sarif_run(json);
  write_tool(json, options);
  json.member("columnKind", "unicodeCodePoints").key("results").array();
  for (const PageResult& page : result.pages) {
    for (const Diagnostic& diagnostic : page.diagnostics) write_finding(json, diagnostic);
    for (const CellResult& cell : page.cells) {
      if (cell.status == CellStatus::Failed) write_failure(json, cell);
    }
  }
  json.end().end().end().end();
  return json.take();
}

}  // namespace nsp

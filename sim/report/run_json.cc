// A run as one JSON document, `nspsim.run/1`; see schemas/run.schema.json for every member.
#include <algorithm>

#include "sim/report/json_writer.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

double in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void write_cell(JsonWriter& json, const CellResult& cell) {
  const bool failed = cell.status == CellStatus::Failed;
  json.object().member("case", cell.case_name).member("column", cell.column);
  if (!cell.from.empty()) json.member("from", cell.from);
  if (!cell.to.empty()) json.member("to", cell.to);
  write_place(json, cell.place);
  json.member("expected", cell.expected).member("actual", cell.actual);
  json.member("status", failed ? "failed" : "passed");
  if (!cell.before.empty()) json.member("before", cell.before);
  json.member("clauses", cell.clauses).member("assumptions", cell.assumptions);
  if (failed) json.member("row", cell.row_text).member("trace", cell.trace);
  json.key("seconds").seconds(in_seconds(cell.elapsed)).end();
}

void write_page(JsonWriter& json, const PageResult& page) {
  json.object().member("path", page.path).member("title", page.title);
  json.member("status", page.status).member("valid", !has_errors(page.diagnostics));
  json.key("diagnostics").array();
  for (const Diagnostic& diagnostic : page.diagnostics) write_diagnostic(json, diagnostic);
  json.end().key("cells").array();
  for (const CellResult& cell : page.cells) write_cell(json, cell);
  json.end().key("seconds").seconds(in_seconds(page.elapsed)).end();
}

void write_summary(JsonWriter& json, const RunResult& result) {
  const ClauseCoverage coverage = clause_coverage(result);
  json.key("summary").object().member("pages", result.pages.size());
  json.member("invalidPages", result.invalid_pages()).member("cells", result.cells());
  json.member("passed", result.passed()).member("failed", result.failed());
  json.member("moved", moved(result)).member("exitStatus", exit_status(result));
  json.member("clausesCovered", coverage.covered).member("clausesNotCovered", coverage.missed);
  json.end();
}

}  // namespace

std::string run_as_json(const RunResult& result, const RenderOptions& options) {
  JsonWriter json;
  json.object().member("schema", "nspsim.run/1").key("versions").object();
  json.member("program", options.program_version).member("semantics", kSemanticsVersion);
  json.member("contract", kContractVersion).end();
  write_summary(json, result);
  json.key("pages").array();
  for (const PageResult& page : result.pages) write_page(json, page);
  json.end().end();
  return json.take();
}

}  // namespace nsp

// Findings, and the list of checks, for programs.
#include <algorithm>

#include "sim/report/json_writer.h"
#include "sim/report/lint_report.h"

namespace nsp {
namespace {

// What findings and suppressed findings have in common; the object stays open.
void begin_finding(JsonWriter& json, const Finding& finding) {
  json.object().member("id", finding.check->id).member("name", finding.check->name);
  json.member("severity", to_string(finding.severity));
  write_place(json, finding.place);
  json.member("object", finding.subject).member("message", finding.message);
  json.key("related").array();
  for (const RelatedPlace& related : finding.related) {
    json.object();
    write_place(json, related.place);
    json.member("message", related.message).end();
  }
  json.end();
}

void write_summary(JsonWriter& json, const LintFacts& facts) {
  const auto count = [&](Severity severity) {
    return std::ranges::count(facts.report.findings, severity, &Finding::severity);
  };
  json.key("summary").object().member("checks", selected_checks(facts.selection).size());
  json.member("findings", facts.report.findings.size());
  json.member("errors", count(Severity::Error)).member("warnings", count(Severity::Warning));
  json.member("notes", count(Severity::Note));
  json.member("suppressed", facts.report.suppressed.size()).end();
}

}  // namespace

void write_check(JsonWriter& json, const Check& check) {
  json.object().member("id", check.id).member("name", check.name);
  json.member("family", to_string(family_of(check)));
  json.member("severity", to_string(check.severity)).member("title", check.title);
  json.key("basis").array();
  for (const Basis& basis : basis_of(check)) {
    json.object().member("id", basis.id).member("sentence", basis.sentence).end();
  }
  json.end().member("remedy", check.remedy).end();
}

std::string lint_as_json(const LintFacts& facts) {
  JsonWriter json;
  json.object().member("schema", "nspsim.lint/1");
  write_summary(json, facts);
  json.key("findings").array();
  for (const Finding& finding : facts.report.findings) {
    begin_finding(json, finding);
    json.end();
  }
  json.end().key("suppressed").array();
  for (const SuppressedFinding& each : facts.report.suppressed) {
    begin_finding(json, each.finding);
    json.member("reason", each.by.reason).member("expires", each.by.expires).end();
  }
  json.end().key("checks").array();
  for (const CheckFindings& group : by_check(facts.report.findings))
    write_check(json, *group.check);
  json.end().end();
  return json.take();
}

std::string checks_as_json(const LintSelection& selection) {
  JsonWriter json;
  json.object().member("schema", "nspsim.lint-checks/1").key("checks").array();
  for (const Check* check : selected_checks(selection)) write_check(json, *check);
  json.end().end();
  return json.take();
}

}  // namespace nsp

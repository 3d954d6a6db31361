// Findings as SARIF 2.1.0, the form that code scanning services read.
//
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.27, 3.35
// (suppressions kept outside of the file are `external`), 3.49 to 3.51.
#include <fmt/format.h>

#include <algorithm>

#include "sim/report/json_writer.h"
#include "sim/report/lint_report.h"
#include "sim/report/markdown.h"
#include "sim/report/sarif.h"

namespace nsp {
namespace {

// Our sentences begin in lower case and have no full stop; a service shows them on their own.
std::string as_sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out + ".";
}

std::string help_text(const Check& check) {
  std::string text = fmt::format("To mend it: {}.", check.remedy);
  for (const Basis& basis : basis_of(check)) {
    text += fmt::format("\n{}: {}.", basis.id, basis.sentence);
  }
  return text;
}

std::string help_markdown(const Check& check) {
  std::string text = fmt::format("**To mend it:** {}.\n", markdown_with_code(check.remedy));
  for (const Basis& basis : basis_of(check)) {
    text +=
        fmt::format("\n- {}: {}.", markdown_plain(basis.id), markdown_with_code(basis.sentence));
  }
  return text;
}

void write_rule(JsonWriter& json, const Check& check) {
  json.object().member("id", check.id).member("name", check.name);
  json.key("shortDescription").object().member("text", as_sentence(check.title)).end();
  json.key("help").object().member("text", help_text(check));
  json.member("markdown", help_markdown(check)).end();
  json.key("defaultConfiguration").object().member("level", to_string(check.severity)).end();
  json.key("properties").object().key("tags").array();
  json.value(to_string(family_of(check))).end().end().end();
}

class SarifWriter {
 public:
  SarifWriter(const LintFacts& facts, const RenderOptions& options)
      : facts_(facts), options_(options), rules_(selected_checks(facts.selection)) {}

  std::string write() {
    begin_sarif_run(json_);
    json_.key("tool").object().key("driver").object().member("name", "nspsim");
    json_.member("version", options_.program_version).key("rules").array();
    for (const Check* check : rules_) write_rule(json_, *check);
    json_.end().end().end();
    json_.member("columnKind", "unicodeCodePoints").key("results").array();
    for (const Finding& finding : facts_.report.findings) {
      begin_result(finding);
      json_.end();
    }
    for (const SuppressedFinding& each : facts_.report.suppressed) write_suppressed(each);
    json_.end().end().end().end();
    return json_.take();
  }

 private:
  // In the first column bytes and code points are the same.
  [[nodiscard]] std::uint32_t character(const Place& place) const {
    if (place.column == 1) return 1;
    return facts_.character ? facts_.character(place) : 0;
  }

  void begin_result(const Finding& finding) {
    const auto rule = std::ranges::find(rules_, finding.check) - rules_.begin();
    json_.object().member("ruleId", finding.check->id).member("ruleIndex", rule);
    json_.member("level", to_string(finding.severity));
    json_.key("message").object().member("text", finding.message).end();
    write_location(finding);
    write_related(finding);
    // What stays the same when lines move: lets a service follow a result from run to run.
    json_.key("partialFingerprints").object();
    json_
        .member("finding/v1",
                fmt::format("{} {}: {}", finding.check->id, finding.subject, finding.message))
        .end();
  }

  // Besides line and column the JSON pointer, as the name of a logical location.
  void write_location(const Finding& finding) {
    json_.key("locations").array().object();
    write_physical_location(json_, finding.place, character(finding.place));
    json_.key("logicalLocations").array().object().member("name", finding.subject);
    if (!finding.place.pointer.empty()) {
      json_.member("fullyQualifiedName", finding.place.pointer);
    }
    json_.end().end().end().end();
  }

  void write_related(const Finding& finding) {
    if (finding.related.empty()) return;
    json_.key("relatedLocations").array();
    for (const RelatedPlace& related : finding.related) {
      json_.object();
      write_physical_location(json_, related.place, character(related.place));
      json_.key("message").object().member("text", related.message).end().end();
    }
    json_.end();
  }

  void write_suppressed(const SuppressedFinding& each) {
    begin_result(each.finding);
    json_.key("suppressions").array().object().member("kind", "external");
    json_.member("status", "accepted");
    json_.member("justification", fmt::format("{} (until {})", each.by.reason, each.by.expires));
    json_.end().end().end();
  }

  const LintFacts& facts_;
  const RenderOptions& options_;
  std::vector<const Check*> rules_;
  JsonWriter json_;
};

}  // namespace

std::string lint_as_sarif(const LintFacts& facts, const RenderOptions& options) {
  return SarifWriter(facts, options).write();
}

}  // namespace nsp

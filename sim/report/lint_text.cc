// Findings for people: by family and check, each check's basis and remedy once, no line wider than
// the terminal unless one word is.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/report/lint_report.h"

namespace nsp {
namespace {

constexpr std::size_t kWidest = 100;

std::string paint(const RenderOptions& options, std::string_view code, std::string_view text) {
  if (!options.color) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string paint(const RenderOptions& options, Severity severity, std::string_view text) {
  const std::string_view code =
      severity == Severity::Error ? "31" : (severity == Severity::Warning ? "33" : "36");
  return paint(options, code, text);
}

std::size_t width_of(const RenderOptions& options) { return std::min(options.width, kWidest); }

// `text` behind `start`, its further lines below its first; ended by a line end.
std::string hung(std::string_view start, std::string_view text, const RenderOptions& options) {
  const std::size_t indent = display_width(start);
  const std::size_t width = width_of(options);
  const std::string folded = wrapped(printable(text), width > indent ? width - indent : 1, 0);
  return std::string(start) + indent_lines(folded, indent).substr(indent);
}

std::string finding_text(const Finding& finding, const RenderOptions& options) {
  // The severity where it is not that of the check.
  const std::string severity = finding.severity == finding.check->severity
                                   ? std::string()
                                   : fmt::format("{}: ", to_string(finding.severity));
  std::string text = hung("  ", to_string(finding.place), options);
  text += hung("    ", severity + finding.message, options);
  for (const RelatedPlace& related : finding.related) {
    text +=
        hung("      ", fmt::format("{}: {}", to_string(related.place), related.message), options);
  }
  return text;
}

std::string check_text(const CheckFindings& group, const RenderOptions& options) {
  const Check& check = *group.check;
  std::string text =
      fmt::format("{} {}: {}\n", paint(options, check.severity, to_string(check.severity)),
                  paint(options, "1", check.id), check.name);
  for (const Finding* finding : group.findings) text += finding_text(*finding, options);
  for (const Basis& basis : basis_of(check)) {
    text += hung("  because  ", fmt::format("{} ({})", basis.sentence, basis.id), options);
  }
  return text + hung("  do       ", check.remedy, options) + "\n";
}

std::string groups_text(const LintFacts& facts, const RenderOptions& options) {
  std::string text;
  std::optional<LintFamily> family;
  for (const CheckFindings& group : by_check(facts.report.findings)) {
    if (family_of(*group.check) != family) {
      family = family_of(*group.check);
      text += paint(options, "1", to_string(*family)) + "\n\n";
    }
    text += check_text(group, options);
  }
  return text;
}

std::string suppressed_text(const LintFacts& facts, const RenderOptions& options) {
  if (facts.report.suppressed.empty()) return {};
  std::string text = paint(options, "1", "suppressed") + "\n\n";
  for (const SuppressedFinding& each : facts.report.suppressed) {
    text +=
        hung(fmt::format("  {} ", each.finding.check->id),
             fmt::format("{}, until {}: {}", each.finding.subject, each.by.expires, each.by.reason),
             options);
  }
  return text + "\n";
}

// As every diagnostic is written, with the id before the message.
std::string line_text(const Finding& finding, const RenderOptions& options) {
  return fmt::format(
      "{} {}: {}: {}\n", paint(options, finding.severity, to_string(finding.severity)),
      printable(to_string(finding.place)), finding.check->id, printable(finding.message));
}

}  // namespace

std::string lint_as_text(const LintFacts& facts, const RenderOptions& options) {
  std::string text;
  if (options.quiet) {
    for (const Finding& finding : facts.report.findings) text += line_text(finding, options);
  } else {
    text = groups_text(facts, options) + suppressed_text(facts, options);
  }
  const bool good = facts.report.findings.empty();
  return text + paint(options, good ? "32" : "33", lint_summary(facts)) + "\n";
}

std::string checks_as_text(const LintSelection& selection, const RenderOptions& options) {
  std::string text;
  std::optional<LintFamily> family;
  TextTable table;
  const auto flush = [&] {
    text += to_string(table, 2);
    table.rows.clear();
  };
  for (const Check* check : selected_checks(selection)) {
    if (family_of(*check) != family) {
      flush();
      family = family_of(*check);
      text +=
          fmt::format("{}{}\n", text.empty() ? "" : "\n", paint(options, "1", to_string(*family)));
    }
    table.rows.push_back({std::string(check->id), std::string(to_string(check->severity)),
                          std::string(check->name)});
    table.rows.push_back({"", "", fmt::format("  {}", check->title)});
  }
  flush();
  return text;
}

}  // namespace nsp

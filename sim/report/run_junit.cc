// A run as JUnit XML: a suite a page, a test case a cell. CI servers read this dialect (the one of
// the Ant task, with the `file` and `line` attributes that most add).
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/report/entity.h"
#include "sim/report/run_report.h"

namespace nsp {
namespace {

// What XML 1.0 has no way to write: control characters other than tab and line end, and the two
// last code points of the first plane (U+FFFE, U+FFFF; ef bf be and ef bf bf in UTF-8).
std::size_t unwritable_bytes(std::string_view rest) {
  const auto byte = static_cast<unsigned char>(rest[0]);
  if (byte < 0x20) return rest[0] == '\n' || rest[0] == '\t' ? 0 : 1;
  return rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf") ? 3 : 0;
}

// Text without what XML cannot write; of text that is not UTF-8 only the ASCII is kept.
std::string xml(std::string_view text) {
  const bool readable = is_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x80 && !readable) continue;
    if (const std::size_t skipped = unwritable_bytes(text.substr(i)); skipped > 0) {
      i += skipped - 1;
      continue;
    }
    const std::string_view entity = entity_of(c);
    if (entity.empty()) out += c;
    out += entity;
  }
  return out;
}

// In an attribute, where a parser would turn a line end into a space.
std::string xml_attribute(std::string_view text) {
  std::string out;
  for (const char c : xml(text)) {
    if (c == '\n') {
      out += "&#10;";
    } else if (c == '\t') {
      out += "&#9;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string seconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

// `scenarios/20-inbound/ip.md` is `scenarios.20-inbound.ip`: servers fold test cases by the dots.
std::string class_name(std::string_view path) {
  if (path.ends_with(".md")) path.remove_suffix(3);
  std::vector<std::string> parts;
  for (const std::string_view part : split_words(path, '/')) {
    if (part == "." || part == "..") continue;
    std::string& name = parts.emplace_back(part);
    std::ranges::replace(name, '.', '_');
  }
  return join(parts, ".");
}

std::size_t failed(const PageResult& page) {
  return static_cast<std::size_t>(
      std::ranges::count(page.cells, CellStatus::Failed, &CellResult::status));
}

std::string failure_text(const CellResult& cell) {
  std::string text = fmt::format("{}:{}:{}\n", cell.place.file, cell.place.line, cell.place.column);
  if (!cell.row_text.empty()) text += cell.row_text + "\n";
  if (!cell.clauses.empty()) text += fmt::format("rests on {}\n", join(cell.clauses, ", "));
  return text + cell.trace;
}

std::string test_case(const PageResult& page, const CellResult& cell) {
  const std::string start =
      fmt::format(R"(    <testcase classname="{}" name="{}" file="{}" line="{}" time="{}")",
                  xml_attribute(class_name(page.path)),
                  xml_attribute(fmt::format("{} [{}]", cell.case_name, cell.column)),
                  xml_attribute(cell.place.file), cell.place.line, seconds(cell.elapsed));
  if (cell.status == CellStatus::Passed) return start + "/>\n";
  const std::string message = fmt::format("expected {}, got {}", cell.expected, cell.actual);
  return fmt::format(
      "{}>\n      <failure message=\"{}\" type=\"outcome\">{}</failure>\n    </testcase>\n", start,
      xml_attribute(message), xml(failure_text(cell)));
}

// The errors of a page are one test case, so that no server takes it for a page that held.
std::string invalid_page_suite(const PageResult& page) {
  const auto first = std::ranges::find(page.diagnostics, Severity::Error, &Diagnostic::severity);
  std::string all;
  for (const Diagnostic& diagnostic : page.diagnostics) all += to_string(diagnostic) + "\n";
  return fmt::format(
      "    <testcase classname=\"{}\" name=\"page\" file=\"{}\" line=\"{}\" time=\"{}\">\n"
      "      <error message=\"{}\" type=\"page\">{}</error>\n    </testcase>\n",
      xml_attribute(class_name(page.path)), xml_attribute(first->place.file), first->place.line,
      seconds(page.elapsed), xml_attribute(first->message), xml(all));
}

std::string suite(const PageResult& page) {
  const bool invalid = has_errors(page.diagnostics);
  std::string text = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" "
      "time=\"{}\">\n",
      xml_attribute(page.path), page.cells.size() + (invalid ? 1 : 0), failed(page),
      invalid ? 1 : 0, seconds(page.elapsed));
  if (invalid) text += invalid_page_suite(page);
  for (const CellResult& cell : page.cells) text += test_case(page, cell);
  return text + "  </testsuite>\n";
}

}  // namespace

std::string run_as_junit(const RunResult& result) {
  std::chrono::nanoseconds elapsed{0};
  std::string suites;
  for (const PageResult& page : result.pages) {
    elapsed += page.elapsed;
    suites += suite(page);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"nspsim\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n"
      "{}</testsuites>\n",
      result.cells() + result.invalid_pages(), result.failed(), result.invalid_pages(),
      seconds(elapsed), suites);
}

}  // namespace nsp

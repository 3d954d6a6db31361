// The forms a report can take, and what a renderer needs to know beside the facts.
//
// Renderers are pure: facts and options to text. The same facts give the same bytes, except for
// measured times, which stand in the forms for programs only (JSON, JUnit). Thread safety: plain
// values.
#ifndef NSP_SIM_REPORT_FORMAT_H_
#define NSP_SIM_REPORT_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/vocabulary.h"

namespace nsp {

enum class ReportFormat : std::uint8_t {
  Text,      // for people, at a terminal
  Json,      // one document, `"schema": "nspsim.COMMAND/1"`
  Ndjson,    // one JSON value a line
  Junit,     // XML as CI servers read it
  Sarif,     // SARIF 2.1.0, for code scanning
  Github,    // workflow commands: annotations on the lines of a change
  Markdown,  // a job's summary page
  Html,      // one file that needs nothing else
  Csv
};

template <>
struct Vocabulary<ReportFormat> {
  static constexpr std::array<std::string_view, 9> words{
      "text", "json", "ndjson", "junit", "sarif", "github", "markdown", "html", "csv"};
};

// The versions of the semantics that decide and of the contract that this program keeps. They grow
// apart from the program's own version.
inline constexpr std::string_view kSemanticsVersion = "1";
inline constexpr std::string_view kContractVersion = "1";

struct RenderOptions {
  bool color = false;      // terminal escape sequences in the text form
  bool quiet = false;      // failures and the last line only
  std::size_t width = 80;  // columns of the terminal; text is cut to fit only where it says so
  std::string program_version{};  // `0.1.0`
};

// `text` on a terminal: control characters, which could move the cursor or change colours, become
// `?`. Line ends and tabs stay when `keep_lines`.
[[nodiscard]] std::string printable(std::string_view text, bool keep_lines = false);

// At most `width` code points, the last one `…` where something was cut.
[[nodiscard]] std::string cut(std::string_view text, std::size_t width);

// Every line of `text` begun by `spaces` spaces and ended by `\n`; trailing empty lines dropped.
[[nodiscard]] std::string indent_lines(std::string_view text, std::size_t spaces);

// `1 page`, `2 pages`.
[[nodiscard]] std::string count_of(std::size_t count, std::string_view noun);

// For people: `48,211`, `1 event`, `48,211 events`.
[[nodiscard]] std::string grouped(std::uint64_t number);
[[nodiscard]] std::string grouped_count(std::uint64_t count, std::string_view noun);

// Lines of at most `width` columns, broken at spaces; those after the first begin with `indent`
// spaces. A word that is longer stays whole, so that it can be copied.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_FORMAT_H_

// Text inside a Markdown report. Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_MARKDOWN_H_
#define NSP_SIM_REPORT_MARKDOWN_H_

#include <string>
#include <string_view>

namespace nsp {

// Text of a user inside a sentence or a cell: what Markdown or HTML would take for markup is
// escaped, control characters become `?`.
[[nodiscard]] std::string markdown_plain(std::string_view text);

// The same where the text has code in backticks, which stays code.
[[nodiscard]] std::string markdown_with_code(std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_MARKDOWN_H_

// Reports for a browser: one file that needs nothing else, no script, no font, no network.
//
// Light or dark as the reader's system asks for; tables scroll in their own frame on a narrow
// screen; printed, they stay whole. All text of users is escaped here. Thread safety: pure
// functions.
#ifndef NSP_SIM_REPORT_HTML_H_
#define NSP_SIM_REPORT_HTML_H_

#include <string>
#include <string_view>

#include "sim/base/text_table.h"

namespace nsp {

// As the text or the quoted attribute of an element; control characters become `?`.
[[nodiscard]] std::string escape_html(std::string_view text);

// As a sentence of a Markdown page, where it must not become markup. Backticks stay: messages quote
// with them.
[[nodiscard]] std::string without_markup(std::string_view text);

// A whole document. `title` is text, `body` is HTML.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body);

// `<h2>` and what follows.
[[nodiscard]] std::string html_heading(std::string_view title);
[[nodiscard]] std::string html_paragraph(std::string_view text);

// Cells are text. A line end inside a cell is a new line. A cell that is one of the words of
// verdicts or changes (`deny`, `revoked: …`) is coloured by it.
[[nodiscard]] std::string html_table(const TextTable& table);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_HTML_H_

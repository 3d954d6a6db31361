// Tables for terminals: columns as wide as their widest cell, two spaces between, no trailing
// blanks. Width counts code points, so that accents and arrows do not break the alignment.
#ifndef NSP_SIM_BASE_TEXT_TABLE_H_
#define NSP_SIM_BASE_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

struct TextTable {
  std::vector<std::string> header;             // may be empty: no header line
  std::vector<std::vector<std::string>> rows;  // a row may be shorter than the header
};

// Code points in a UTF-8 text (terminal escape sequences count as zero).
[[nodiscard]] std::size_t display_width(std::string_view text);

// Lines, each ended by `\n`, each begun by `indent` spaces.
[[nodiscard]] std::string to_string(const TextTable& table, std::size_t indent = 0);

// A GitHub-flavoured Markdown table, columns aligned in the source; `|` in a cell is escaped.
[[nodiscard]] std::string to_markdown(const TextTable& table);

}  // namespace nsp

#endif  // NSP_SIM_BASE_TEXT_TABLE_H_

#include "sim/report/markdown.h"

#include "sim/report/format.h"

namespace nsp {

std::string markdown_plain(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]#|~";
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (kMarkup.find(c) != kMarkup.npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_with_code(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == text.npos ? open : text.find('`', open + 1);
    if (close == text.npos) return out + markdown_plain(text);
    out += markdown_plain(text.substr(0, open));
    // A bar ends a cell of a table, even inside code.
    for (const char c : printable(text.substr(open, close + 1 - open))) {
      if (c == '|') out += '\\';
      out += c;
    }
    text.remove_prefix(close + 1);
  }
}

}  // namespace nsp

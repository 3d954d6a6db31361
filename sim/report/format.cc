#include "sim/report/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text_table.h"

namespace nsp {
namespace {

bool is_terminal_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// True for the second and later bytes of a code point.
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// U+0080 to U+009F are control characters as well; UTF-8 writes them as c2 80 to c2 9f.
bool is_c1_control(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at] == '\xc2' &&
         static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool kept = keep_lines && (text[i] == '\n' || text[i] == '\t');
    if (is_c1_control(text, i)) {
      out += '?';
      ++i;
    } else {
      out += is_terminal_control(text[i]) && !kept ? '?' : text[i];
    }
  }
  return out;
}

std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t points = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (is_continuation(text[end])) continue;
    if (++points == width) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string indent_lines(std::string_view text, std::size_t spaces) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return {};
  const std::string start(spaces, ' ');
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) out.append(start).append(line);
    out += '\n';
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::string count_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string grouped_count(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t wide = display_width(word);
    if (column != 0 && column + 1 + wide > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column != 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += wide;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace nsp

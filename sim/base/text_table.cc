#include "sim/base/text_table.h"

#include <algorithm>
#include <span>

namespace nsp {
namespace {

using Cells = std::vector<std::string>;

// The length of a terminal escape sequence (`ESC [ … letter`) at the start of `text`, or 0.
std::size_t escape_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (text[i] >= 0x40 && text[i] <= 0x7e) return i + 1;
  }
  return text.size();
}

void widen(std::vector<std::size_t>& widths, const Cells& row) {
  if (widths.size() < row.size()) widths.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    widths[i] = std::max(widths[i], display_width(row[i]));
  }
}

std::string padded(const std::string& cell, std::size_t width) {
  return cell + std::string(width - std::min(width, display_width(cell)), ' ');
}

std::string text_line(const Cells& row, std::span<const std::size_t> widths, std::size_t indent) {
  std::string line(indent, ' ');
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) line += "  ";
    line += padded(row[i], widths[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string markdown_line(const Cells& row, std::span<const std::size_t> widths) {
  std::string line = "|";
  for (std::size_t i = 0; i < widths.size(); ++i) {
    line += ' ' + padded(i < row.size() ? row[i] : std::string(), widths[i]) + " |";
  }
  return line + '\n';
}

std::string markdown_cell(std::string_view cell) {
  std::string out;
  for (const char c : cell) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

Cells markdown_row(const Cells& row) {
  Cells out;
  for (const std::string& cell : row) out.push_back(markdown_cell(cell));
  return out;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const auto escape = escape_length(text)) {
      text.remove_prefix(escape);
      continue;
    }
    // Bytes 10xxxxxx continue a code point; every other byte starts one.
    if ((static_cast<unsigned char>(text.front()) & 0xc0) != 0x80) ++width;
    text.remove_prefix(1);
  }
  return width;
}

std::string to_string(const TextTable& table, std::size_t indent) {
  std::vector<std::size_t> widths;
  widen(widths, table.header);
  for (const Cells& row : table.rows) widen(widths, row);
  std::string out;
  if (!table.header.empty()) out += text_line(table.header, widths, indent);
  for (const Cells& row : table.rows) out += text_line(row, widths, indent);
  return out;
}

std::string to_markdown(const TextTable& table) {
  constexpr std::size_t kShortestRule = 3;
  const Cells header = markdown_row(table.header);
  std::vector<Cells> rows;
  for (const Cells& row : table.rows) rows.push_back(markdown_row(row));
  std::vector<std::size_t> widths;
  widen(widths, header);
  for (const Cells& row : rows) widen(widths, row);
  for (std::size_t& width : widths) width = std::max(width, kShortestRule);
  std::string out = markdown_line(header, widths);
  out += '|';
  for (const std::size_t width : widths) out += ' ' + std::string(width, '-') + " |";
  out += '\n';
  for (const Cells& row : rows) out += markdown_line(row, widths);
  return out;
}

}  // namespace nsp

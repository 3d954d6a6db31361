#include "sim/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/report/entity.h"
#include "sim/report/format.h"

namespace nsp {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --bad: #b3261e; --good: #1b6e36; --open: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7bd88f; --open: #ffc766; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 100rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); white-space: pre-line; }
th { background: var(--soft); white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
.bad { color: var(--bad); } .good { color: var(--good); } .open { color: var(--open); }
@media print { .table { overflow: visible; } body { margin: 0; } }
)";

// The class that colours a cell, by its first word.
std::string_view class_of(std::string_view cell) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kClasses{{
      {"deny", "bad"},
      {"revoked", "bad"},
      {"allow", "good"},
      {"gained", "good"},
      {"undecided", "open"},
      {"not ready", "bad"},
  }};
  for (const auto& [word, name] : kClasses) {
    if (cell == word || (cell.starts_with(word) && cell.substr(word.size()).starts_with(':'))) {
      return name;
    }
  }
  return {};
}

bool is_number_cell(std::string_view cell) {
  return !cell.empty() &&
         std::ranges::all_of(cell, [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

// A column is one of numbers when every row's cell is one.
bool holds_numbers(const TextTable& table, std::size_t column) {
  return !table.rows.empty() && std::ranges::all_of(table.rows, [&](const auto& row) {
    return column < row.size() && is_number_cell(row[column]);
  });
}

std::string cell_html(std::string_view element, std::string_view text, bool number) {
  const std::string_view name = number ? "number" : element == "td" ? class_of(text) : "";
  const std::string attribute = name.empty() ? "" : fmt::format(" class=\"{}\"", name);
  return fmt::format("<{0}{1}>{2}</{0}>", element, attribute, escape_html(text));
}

std::string row_html(std::string_view element, const std::vector<std::string>& cells,
                     const std::vector<bool>& numbers) {
  std::string text = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += cell_html(element, cells[i], i < numbers.size() && numbers[i]);
  }
  return text + "</tr>\n";
}

}  // namespace

std::string without_markup(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<' || c == '&') {
      out += entity_of(c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : printable(text, true)) {
    const std::string_view entity = c == '\'' ? "&#39;" : entity_of(c);
    if (entity.empty()) out += c;
    out += entity;
  }
  return out;
}

std::string html_page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n{2}</body>\n</"
      "html>\n",
      escape_html(title), kStyle, body);
}

std::string html_heading(std::string_view title) {
  return fmt::format("<h2>{}</h2>\n", escape_html(title));
}

std::string html_paragraph(std::string_view text) {
  return fmt::format("<p>{}</p>\n", escape_html(text));
}

std::string html_table(const TextTable& table) {
  std::vector<bool> numbers;
  for (std::size_t i = 0; i < table.header.size(); ++i) numbers.push_back(holds_numbers(table, i));
  std::string text = "<div class=\"table\"><table>\n";
  if (!table.header.empty())
    text += "<thead>" + row_html("th", table.header, numbers) + "</thead>\n";
  text += "<tbody>\n";
  for (const auto& row : table.rows) text += row_html("td", row, numbers);
  return text + "</tbody></table></div>\n";
}

}  // namespace nsp

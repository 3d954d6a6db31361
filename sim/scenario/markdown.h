// A Markdown file (GitHub flavour) as the flat list of what a page executes: headings, fenced code,
// tables.
//
// cmark-gfm finds the blocks and the plain text of cells (backticks, emphasis and links stripped).
// It does not say where in its line a cell stands, so columns come from scanning the source line
// for unescaped `|`, which is how GitHub splits rows (a `|` inside backticks must be escaped too).
//
// Example: the line `| a | b |` on line 7 gives cells `a` at 7:3 and `b` at 7:7, each with the byte
// range between its pipes.
//
// Thread safety: plain values; read_markdown() may be called from one thread at a time for the
// first call.
#ifndef NSP_SIM_SCENARIO_MARKDOWN_H_
#define NSP_SIM_SCENARIO_MARKDOWN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nsp {

struct PageCell {
  std::string text;        // plain text, trimmed
  std::uint32_t line = 0;  // of the first byte of the text; of an empty cell, where it would begin
  std::uint32_t column = 0;     // in bytes, from 1
  std::uint32_t character = 0;  // the same in code points
  std::size_t begin = 0;        // byte range in the file between the pipes, blanks included;
  std::size_t end = 0;          // begin == end == 0 for a cell that the row leaves out
};

struct PageRow {
  std::uint32_t line = 0;
  std::string source;  // the line as written, trimmed
  std::vector<PageCell> cells;
  std::optional<PageCell>
      surplus;  // the first cell beyond the header's width, which Markdown drops
};

struct PageHeading {
  std::string text;
  std::uint32_t line = 0;
};

struct PageFence {
  std::string info;  // `scenario`, `document two rules`
  std::string content;
  std::uint32_t line = 0;  // of the opening fence; the content starts on the next
  // The bytes of the content in the file; equal where it does not stand there as it is (in a quote,
  // with other line ends).
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct PageTable {
  PageRow header;
  std::vector<PageRow> rows;  // each as wide as the header
  // The line below the header does not fit it, so Markdown shows the whole as text: only the header
  // is kept.
  bool broken = false;
};

using PageBlock = std::variant<PageHeading, PageFence, PageTable>;

[[nodiscard]] std::vector<PageBlock> read_markdown(std::string_view bytes);

// The byte ranges of the cells of one table line, without the pipes around them.
struct CellRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const CellRange&) const = default;
};
[[nodiscard]] std::vector<CellRange> split_table_line(std::string_view line);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_MARKDOWN_H_

#include "sim/scenario/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/base/text.h"

namespace nsp {
namespace {

struct ParserDeleter {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct NodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct IteratorDeleter {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using Tree = std::unique_ptr<cmark_node, NodeDeleter>;
using Iterator = std::unique_ptr<cmark_iter, IteratorDeleter>;

// One line of the file: where it starts and how long it is without its line end.
struct Line {
  std::size_t offset = 0;
  std::string_view text;
};

// Every byte that does not continue a code point begins one. REQUIRES: UTF-8.
std::uint32_t code_points(std::string_view text) {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Lines end as CommonMark says: `\n`, `\r\n` or `\r`.
std::vector<Line> split_lines(std::string_view bytes) {
  std::vector<Line> lines;
  std::size_t start = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\n' && bytes[i] != '\r') continue;
    lines.push_back({start, bytes.substr(start, i - start)});
    if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
    start = i + 1;
  }
  if (start < bytes.size()) lines.push_back({start, bytes.substr(start)});
  return lines;
}

Tree parse(std::string_view bytes) {
  static const bool registered = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return true;
  }();
  static_cast<void>(registered);
  const std::unique_ptr<cmark_parser, ParserDeleter> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  if (auto* table = cmark_find_syntax_extension("table")) {
    cmark_parser_attach_syntax_extension(parser.get(), table);
  }
  cmark_parser_feed(parser.get(), bytes.data(), bytes.size());
  return Tree(cmark_parser_finish(parser.get()));
}

std::string_view type_of(cmark_node* node) { return cmark_node_get_type_string(node); }

std::string literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text == nullptr ? std::string() : std::string(text);
}

std::uint32_t line_of(cmark_node* node) {
  const int line = cmark_node_get_start_line(node);
  return line < 1 ? 1 : static_cast<std::uint32_t>(line);
}

// All text under a node, markup stripped; a break counts as a space.
std::string plain_text(cmark_node* node) {
  std::string text;
  const Iterator iterator(cmark_iter_new(node));
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    if (event != CMARK_EVENT_ENTER) continue;
    cmark_node* inner = cmark_iter_get_node(iterator.get());
    const auto type = type_of(inner);
    if (type == "softbreak" || type == "linebreak") text += ' ';
    if (type == "text" || type == "code" || type == "html_inline") text += literal(inner);
  }
  return std::string(trim(text));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes), lines_(split_lines(bytes)) {}

  std::vector<PageBlock> read(cmark_node* root) {
    std::vector<PageBlock> blocks;
    const Iterator iterator(cmark_iter_new(root));
    for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator.get())) {
      if (event == CMARK_EVENT_ENTER) add(cmark_iter_get_node(iterator.get()), blocks);
    }
    return blocks;
  }

 private:
  void add(cmark_node* node, std::vector<PageBlock>& blocks) const {
    const auto type = type_of(node);
    if (type == "heading") blocks.emplace_back(PageHeading{plain_text(node), line_of(node)});
    if (type == "table") blocks.emplace_back(table(node));
    if (type == "paragraph") broken_table(node, blocks);
    if (type == "code_block" && cmark_node_get_fence_info(node) != nullptr) fence(node, blocks);
  }

  void fence(cmark_node* node, std::vector<PageBlock>& blocks) const {
    PageFence fence{std::string(trim(cmark_node_get_fence_info(node))), literal(node),
                    line_of(node)};
    if (fence.info.empty()) return;
    if (fence.line < lines_.size()) {
      const std::size_t begin = lines_[fence.line].offset;
      if (bytes_.substr(begin).starts_with(fence.content)) {
        fence.begin = begin;
        fence.end = begin + fence.content.size();
      }
    }
    blocks.emplace_back(std::move(fence));
  }

  // A paragraph with a line that begins with `|` was meant as a table.
  void broken_table(cmark_node* node, std::vector<PageBlock>& blocks) const {
    const auto last = static_cast<std::size_t>(std::max(cmark_node_get_end_line(node), 1));
    for (std::size_t number = line_of(node); number <= std::min(last, lines_.size()); ++number) {
      const Line& line = lines_[number - 1];
      if (!trim(line.text).starts_with('|')) continue;
      PageTable table;
      table.broken = true;
      table.header.line = static_cast<std::uint32_t>(number);
      const auto ranges = split_table_line(line.text);
      for (const CellRange& range : ranges) {
        const auto text = trim(line.text.substr(range.begin, range.end - range.begin));
        table.header.cells.push_back(
            cell(std::string(text), table.header.line, line, ranges, table.header.cells.size()));
      }
      blocks.emplace_back(std::move(table));
      return;
    }
  }

  PageTable table(cmark_node* node) const {
    PageTable table;
    for (auto* child = cmark_node_first_child(node); child != nullptr;
         child = cmark_node_next(child)) {
      if (type_of(child) == "table_header") {
        table.header = row(child);
      } else {
        table.rows.push_back(row(child));
      }
    }
    return table;
  }

  PageRow row(cmark_node* node) const {
    PageRow row;
    row.line = line_of(node);
    const Line line = row.line <= lines_.size() ? lines_[row.line - 1] : Line{};
    row.source = trim(line.text);
    const auto ranges = split_table_line(line.text);
    for (auto* child = cmark_node_first_child(node); child != nullptr;
         child = cmark_node_next(child)) {
      row.cells.push_back(cell(plain_text(child), row.line, line, ranges, row.cells.size()));
    }
    if (ranges.size() > row.cells.size()) {
      row.surplus = cell({}, row.line, line, ranges, row.cells.size());
    }
    return row;
  }

  static void put_at(PageCell& cell, const Line& line, std::size_t byte) {
    cell.column = static_cast<std::uint32_t>(byte) + 1;
    cell.character = code_points(line.text.substr(0, byte)) + 1;
  }

  static PageCell cell(std::string text, std::uint32_t number, const Line& line,
                       const std::vector<CellRange>& ranges, std::size_t index) {
    PageCell cell{std::move(text), number, 0, 0, 0, 0};
    if (index >= ranges.size()) {  // the row has fewer cells than the header
      put_at(cell, line, line.text.size());
      return cell;
    }
    const auto [begin, end] = ranges[index];
    auto first = line.text.substr(0, end).find_first_not_of(" \t", begin);
    if (first == std::string_view::npos) first = std::min(begin + 1, end);
    put_at(cell, line, first);
    cell.begin = line.offset + begin;
    cell.end = line.offset + end;
    return cell;
  }

  std::string_view bytes_;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<CellRange> split_table_line(std::string_view line) {
  std::vector<CellRange> cells;
  auto start = line.find_first_not_of(" \t>");
  if (start == std::string_view::npos) return cells;
  if (line[start] == '|') ++start;
  for (std::size_t i = start; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells.push_back({start, i});
      start = i + 1;
    }
  }
  const bool open_ended = start < line.size() && !trim(line.substr(start)).empty();
  if (open_ended) cells.push_back({start, line.size()});
  return cells;
}

std::vector<PageBlock> read_markdown(std::string_view bytes) {
  const Tree tree = parse(bytes);
  return tree == nullptr ? std::vector<PageBlock>{} : Reader(bytes).read(tree.get());
}

}  // namespace nsp

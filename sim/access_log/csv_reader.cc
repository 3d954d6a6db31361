#include <algorithm>
#include <string>
#include <vector>

#include "sim/access_log/line_protocol.h"
#include "sim/access_log/line_reader.h"

namespace nsp {
namespace {

constexpr int kEndOfInput = -1;

// One row at a time from the start of a window.
class CsvRows {
 public:
  explicit CsvRows(Window& window) : window_(window) {}

  enum class Row : std::uint8_t { Whole, Damaged, TooLong, End };

  // Parses the row; what it covers is consumed by take() or, where it is of no use, by skip_line().
  Row next() {
    at_ = 0;
    lines_ = 0;
    count_ = 0;
    if (peek() == kEndOfInput) return Row::End;
    for (;;) {
      const Row cell = read_cell();
      if (cell != Row::Whole) return cell;
      const int c = peek();
      if (c == ',') {
        ++at_;
        continue;
      }
      return end_row(c) ? Row::Whole : Row::Damaged;
    }
  }

  [[nodiscard]] std::span<const std::string> cells() const { return {cells_.data(), count_}; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  void take() { window_.consume(at_); }

  // Over the first line of the row. False: the window ended.
  bool skip_line() {
    at_ = 0;
    for (int c = peek(); c != kEndOfInput; c = peek()) {
      ++at_;
      if (c == '\n') break;
      if (at_ == kLongestLine) take_and_restart();
    }
    take();
    return peek_restart() != kEndOfInput;
  }

 private:
  int peek() {
    while (at_ >= window_.size()) {
      if (!window_.more()) return kEndOfInput;
    }
    return static_cast<unsigned char>(window_.data()[at_]);
  }
  int peek_restart() {
    at_ = 0;
    return peek();
  }
  void take_and_restart() {
    take();
    at_ = 0;
  }

  std::string& new_cell() {
    if (count_ == cells_.size()) cells_.emplace_back();
    std::string& cell = cells_[count_++];
    cell.clear();
    return cell;
  }

  Row read_cell() {
    std::string& cell = new_cell();
    return peek() == '"' ? read_quoted(cell) : read_plain(cell);
  }

  Row read_plain(std::string& cell) {
    for (int c = peek(); c != kEndOfInput && c != ',' && c != '\n' && c != '\r'; c = peek()) {
      if (at_ > kLongestLine) return Row::TooLong;
      cell += static_cast<char>(c);
      ++at_;
    }
    return Row::Whole;
  }

  // A doubled quote stands for one.
  Row read_quoted(std::string& cell) {
    ++at_;
    for (;;) {
      const int c = peek();
      if (c == kEndOfInput) return Row::Damaged;
      if (at_ > kLongestLine) return Row::TooLong;
      ++at_;
      if (c == '\n') ++lines_;
      if (c == '"') {
        if (peek() != '"') return Row::Whole;
        ++at_;
      }
      cell += static_cast<char>(c);
    }
  }

  // Over the line end, if the row ends here.
  bool end_row(int c) {
    if (c == '\r') {
      ++at_;
      c = peek();
    }
    if (c == kEndOfInput) return true;
    if (c != '\n') return false;
    ++at_;
    ++lines_;
    return true;
  }

  Window& window_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
  std::vector<std::string> cells_;
  std::size_t count_ = 0;
};

bool is_empty(std::span<const std::string> cells) { return cells.size() == 1 && cells[0].empty(); }

}  // namespace

void read_csv(Window& window, LogCollector& collector) {
  CsvRows rows(window);
  RecordPlace place;
  if (rows.next() != CsvRows::Row::Whole) return collector.refuse("no header row", place);
  const Columns columns = make_columns(rows.cells());
  place.line += rows.lines();
  rows.take();
  for (;;) {
    const CsvRows::Row row = rows.next();
    if (row == CsvRows::Row::End) return;
    const bool fits = row == CsvRows::Row::Whole &&
                      (rows.cells().size() == columns.members.size() || is_empty(rows.cells()));
    if (fits) {
      if (!is_empty(rows.cells())) collector.add_cells(rows.cells(), columns, place);
      place.line += rows.lines();
      rows.take();
      continue;
    }
    collector.refuse(row == CsvRows::Row::TooLong ? kTooLong : "a row does not fit the header",
                     place);
    ++place.line;
    if (!rows.skip_line()) return;
  }
}

}  // namespace nsp

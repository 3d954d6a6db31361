#include "sim/access_log/log_collector.h"

#include <algorithm>
#include <limits>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/element_scanner.h"

namespace nsp {
namespace {

std::uint32_t narrow(std::uint64_t number) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(number, kMost));
}

bool is_all_blanks(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void LogCollector::begin_piece(std::string file, bool first_of_file) {
  file_ = std::move(file);
  if (first_of_file) ++rest_.files;
}

void LogCollector::end_piece(const std::function<std::uint64_t()>& lines_before) {
  if (piece_examples_.empty()) return;
  const std::uint64_t before = lines_before();
  LogTable piece;
  for (Diagnostic& example : piece_examples_) {
    example.place.line = narrow(example.place.line + before);
    piece.examples.push_back(std::move(example));
  }
  piece_examples_.clear();
  rest_.merge(piece);
}

void LogCollector::refuse(std::string_view why, RecordPlace place) {
  ++rest_.unreadable[std::string(why)];
  if (piece_examples_.size() == kMostExamples) return;
  piece_examples_.push_back(
      {Severity::Error, {file_, narrow(place.line), narrow(place.column), {}}, std::string(why)});
}

void LogCollector::settle(ReadStatus status, RecordPlace place) {
  switch (status) {
    case ReadStatus::Record:
      if (!tally_.add(record_)) refuse(tally_.why(), place);
      return;
    case ReadStatus::Unreadable:
      refuse(reader_.why(), place);
      return;
    case ReadStatus::NotOne:
      refuse("not a record", place);
      return;
  }
}

void LogCollector::add_line(std::string_view text, RecordPlace place, bool cut_off) {
  if (is_all_blanks(text)) return;
  const ReadStatus status = reader_.read(text, record_);
  if (status == ReadStatus::Unreadable && cut_off && text.front() == '{' && text.back() != '}') {
    return refuse(kCutOff, place);
  }
  if (status != ReadStatus::NotOne) return settle(status, place);
  const auto source = memory_source(text);
  Window window(*source);
  ElementScanner(window, *this, place).run();
}

void LogCollector::add_element(std::string_view text, RecordPlace place) {
  settle(reader_.read(text, record_), place);
}

void LogCollector::add_row(std::string_view text, const Columns& columns, RecordPlace place) {
  settle(reader_.read_row(text, columns, record_), place);
}

void LogCollector::add_cells(std::span<const std::string> cells, const Columns& columns,
                             RecordPlace place) {
  settle(reader_.read_cells(cells, columns, record_), place);
}

LogTable LogCollector::take() {
  LogTable table = tally_.take();
  for (const auto& [name, records] : reader_.unknown_members()) {
    if (records != 0) rest_.unknown_columns[name] = records;
  }
  table.merge(rest_);
  return table;
}

}  // namespace nsp

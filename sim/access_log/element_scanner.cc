#include "sim/access_log/element_scanner.h"

#include "sim/access_log/line_protocol.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr int kEndOfPiece = -1;

bool is_json_blank(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

ElementScanner::ElementScanner(Window& window, LogCollector& collector, RecordPlace place)
    : window_(window),
      collector_(collector),
      line_(place.line),
      line_begin_(static_cast<std::int64_t>(window.offset()) -
                  static_cast<std::int64_t>(place.column - 1)) {}

// The byte at hand, or kEndOfPiece.
int ElementScanner::peek() {
  while (at_ >= window_.size()) {
    if (at_ > kLongestLine) {
      too_long_ = true;
      drop();
    }
    if (!window_.more()) return kEndOfPiece;
  }
  return static_cast<unsigned char>(window_.data()[at_]);
}

// Over the byte that peek() gave.
void ElementScanner::step() {
  if (window_.data()[at_++] != '\n') return;
  ++line_;
  line_begin_ = static_cast<std::int64_t>(window_.offset() + at_);
}

// Forgets what stands before the byte at hand.
void ElementScanner::drop() {
  window_.consume(at_);
  at_ = 0;
}

int ElementScanner::skip_blank() {
  int c = peek();
  for (; is_json_blank(c); c = peek()) step();
  return c;
}

RecordPlace ElementScanner::here() const {
  const auto offset = static_cast<std::int64_t>(window_.offset() + at_);
  return {line_, static_cast<std::uint64_t>(offset - line_begin_) + 1};
}

// REQUIRES: at an opening quote. A line end inside means that the quotes do not fit.
ElementScanner::Walk ElementScanner::skip_string() {
  ++at_;
  for (;;) {
    const int c = peek();
    if (c == kEndOfPiece) return Walk::End;
    if (c == '\n') return Walk::Damaged;
    ++at_;
    if (c == '"') return Walk::Whole;
    if (c == '\\' && peek() != kEndOfPiece && peek() != '\n') ++at_;
  }
}

// REQUIRES: at an opening bracket.
ElementScanner::Walk ElementScanner::skip_container() {
  constexpr std::size_t kDeepest = 1000;
  open_.clear();
  for (;;) {
    const int c = peek();
    if (c == kEndOfPiece) return Walk::End;
    if (c == '"') {
      if (const Walk walk = skip_string(); walk != Walk::Whole) return walk;
      continue;
    }
    if (c == '{' || c == '[') {
      if (open_.size() == kDeepest) return Walk::Damaged;
      open_ += static_cast<char>(c);
    } else if (c == '}' || c == ']') {
      if (open_.back() != (c == '}' ? '{' : '[')) return Walk::Damaged;
      open_.pop_back();
    }
    step();
    if (open_.empty()) return Walk::Whole;
  }
}

ElementScanner::Walk ElementScanner::skip_scalar() {
  for (;;) {
    const int c = peek();
    if (c == kEndOfPiece) return Walk::End;
    if (c == ',' || c == '}' || c == ']' || is_json_blank(c)) return Walk::Whole;
    if (c == '{' || c == '[' || c == '"' || c == ':') return Walk::Damaged;
    step();
  }
}

ElementScanner::Walk ElementScanner::skip_value() {
  const int c = skip_blank();
  if (c == '"') return skip_string();
  if (c == '{' || c == '[') return skip_container();
  return skip_scalar();
}

void ElementScanner::run() {
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return;
    if (c == '{') {
      read_object();
    } else if (c == '[') {
      step();
      read_elements();
    } else if (c == ',') {
      step();
    } else {
      pass_over(c);
    }
  }
}

// A record, or a wrapper of records: told by its members.
void ElementScanner::read_object() {
  drop();
  too_long_ = false;
  const RecordPlace place = here();
  bool wrapper = false;
  step();
  const Walk walk = read_members(wrapper);
  if (walk != Walk::Whole) return give_up(walk, place);
  if (!wrapper) {
    if (too_long_ || at_ > kLongestLine) {
      collector_.refuse(kTooLong, place);
    } else {
      collector_.add_element(window_.view().substr(0, at_), place);
    }
  }
  drop();
}

// To behind the closing bracket.
ElementScanner::Walk ElementScanner::read_members(bool& wrapper) {
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return Walk::End;
    if (c == '}') {
      step();
      return Walk::Whole;
    }
    if (c == ',') {
      step();
    } else if (c != '"') {
      return Walk::Damaged;
    } else if (const Walk walk = read_member(wrapper); walk != Walk::Whole) {
      return walk;
    }
  }
}

ElementScanner::Walk ElementScanner::read_member(bool& wrapper) {
  const std::uint64_t begin = window_.offset() + at_;
  if (const Walk walk = skip_string(); walk != Walk::Whole) return walk;
  std::string_view name;
  if (begin >= window_.offset()) {
    const auto from = static_cast<std::size_t>(begin - window_.offset()) + 1;
    name = window_.view().substr(from, at_ - from - 1);
  }
  const bool wraps = find_member(Level::Top, name) == RecordMember::Wrapper;
  const bool tables = wraps && iequals(name, "tables");
  if (const int c = skip_blank(); c != ':') return c == kEndOfPiece ? Walk::End : Walk::Damaged;
  step();
  if (skip_blank() != '[' || !wraps) return skip_value();
  wrapper = true;
  step();
  tables ? read_tables() : read_elements();
  return Walk::Whole;
}

// To behind the closing bracket of an array of records or wrappers.
void ElementScanner::read_elements() {
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return end_of_list();
    if (c == ']') return step();
    if (c == '{') {
      read_object();
    } else if (c == ',') {
      step();
    } else {
      pass_over(c);
    }
  }
}

void ElementScanner::read_tables() {
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return end_of_list();
    if (c == ']') return step();
    if (c == ',') {
      step();
      continue;
    }
    const RecordPlace place = here();
    const Walk walk = c == '{' ? read_table() : Walk::Damaged;
    if (walk != Walk::Whole) give_up(walk, place);
  }
}

ElementScanner::Walk ElementScanner::read_table() {
  Columns columns;
  step();
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return Walk::End;
    if (c == '}') {
      step();
      return Walk::Whole;
    }
    if (c == ',') {
      step();
    } else if (c != '"') {
      return Walk::Damaged;
    } else if (const Walk walk = read_table_member(columns); walk != Walk::Whole) {
      return walk;
    }
  }
}

ElementScanner::Walk ElementScanner::read_table_member(Columns& columns) {
  drop();
  too_long_ = false;
  if (const Walk walk = skip_string(); walk != Walk::Whole) return walk;
  const bool is_columns = !too_long_ && iequals(window_.view().substr(0, at_), "\"columns\"");
  const bool is_rows = !too_long_ && iequals(window_.view().substr(0, at_), "\"rows\"");
  if (const int c = skip_blank(); c != ':') return c == kEndOfPiece ? Walk::End : Walk::Damaged;
  step();
  if (skip_blank() != '[') return skip_value();
  drop();
  if (is_rows) {
    step();
    read_rows(columns);
    return Walk::Whole;
  }
  const Walk walk = skip_value();
  if (walk == Walk::Whole && is_columns && !too_long_) {
    columns = make_columns(read_column_names(window_.view().substr(0, at_)));
  }
  return walk;
}

void ElementScanner::read_rows(const Columns& columns) {
  for (;;) {
    const int c = skip_blank();
    if (c == kEndOfPiece) return end_of_list();
    if (c == ']') return step();
    if (c == '[') {
      read_row(columns);
    } else if (c == ',') {
      step();
    } else {
      give_up(Walk::Damaged, here(), '[');
    }
  }
}

void ElementScanner::read_row(const Columns& columns) {
  drop();
  too_long_ = false;
  const RecordPlace place = here();
  const Walk walk = skip_container();
  if (walk != Walk::Whole) return give_up(walk, place, '[');
  if (too_long_ || at_ > kLongestLine) {
    collector_.refuse(kTooLong, place);
  } else if (columns.members.empty()) {
    collector_.refuse("a row without columns before it", place);
  } else {
    collector_.add_row(window_.view().substr(0, at_), columns, place);
  }
  drop();
}

// Where a record is expected stands something else: a whole number, word or list is left out.
void ElementScanner::pass_over(int c) {
  const RecordPlace place = here();
  const bool value = c == '[' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  const Walk walk = value ? skip_value() : Walk::Damaged;
  if (walk != Walk::Whole) return give_up(walk, place);
  collector_.refuse("not a record", place);
  drop();
}

// The bytes end where a list should go on.
void ElementScanner::end_of_list() {
  if (!end_told_) collector_.refuse("the file ends inside a list of records", here());
  end_told_ = true;
}

// Counts one damaged record and looks for the next one, which starts with `opening`.
void ElementScanner::give_up(Walk walk, RecordPlace place, int opening) {
  if (walk == Walk::End && end_told_) return;
  collector_.refuse(walk == Walk::End ? kCutOff : "not JSON", place);
  if (walk == Walk::Damaged) find_next(opening);
  end_told_ = peek() == kEndOfPiece;
  drop();
}

// To the next bracket that can start a record: at the start of a line, or behind a comma, a bracket
// or another record. Members that are objects stand behind a colon.
void ElementScanner::find_next(int opening) {
  int before = '\n';
  for (int c = peek(); c != kEndOfPiece; c = peek()) {
    const bool starts =
        before == '\n' || before == ',' || before == '[' || before == '}' || before == ']';
    if (c == opening && starts) return;
    const bool line_end = c == '\n' && before != ':';
    if (line_end || !is_json_blank(c)) before = c;
    step();
    drop();
  }
}

}  // namespace nsp

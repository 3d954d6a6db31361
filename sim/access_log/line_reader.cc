#include "sim/access_log/line_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "sim/access_log/line_protocol.h"
#include "sim/access_log/log_format.h"

namespace nsp {
namespace {

// The next line end in a window, reading on as needed.
class Lines {
 public:
  explicit Lines(Window& window) : window_(window) {}

  // True when a line, perhaps without an end, stands at the start of the window.
  bool next() {
    length_ = 0;
    dropped_ = 0;
    for (;;) {
      if (find_end()) return true;
      if (length_ > kLongestLine) drop();
      if (!window_.more()) break;
    }
    has_end_ = false;
    return length_ != 0 || dropped_ != 0;
  }

  [[nodiscard]] std::string_view text() const { return window_.view().substr(0, length_); }
  [[nodiscard]] bool too_long() const { return dropped_ != 0 || length_ > kLongestLine; }
  [[nodiscard]] bool has_end() const { return has_end_; }
  void consume() { window_.consume(length_ + (has_end_ ? 1 : 0)); }

 private:
  bool find_end() {
    if (length_ == window_.size()) return false;
    const char* const from = window_.data() + length_;
    const void* const found = std::memchr(from, '\n', window_.size() - length_);
    has_end_ = found != nullptr;
    length_ = has_end_ ? static_cast<std::size_t>(static_cast<const char*>(found) - window_.data())
                       : window_.size();
    return has_end_;
  }

  void drop() {
    dropped_ += length_;
    window_.consume(length_);
    length_ = 0;
  }

  Window& window_;
  std::size_t length_ = 0;
  std::size_t dropped_ = 0;
  bool has_end_ = false;
};

// Lines that start before `stop`.
void read_until(Window& window, LogCollector& collector, std::uint64_t stop) {
  Lines lines(window);
  RecordPlace place;
  for (; window.offset() < stop && lines.next(); ++place.line) {
    if (lines.too_long()) {
      collector.refuse(kTooLong, place);
    } else {
      collector.add_line(lines.text(), place, !lines.has_end());
    }
    lines.consume();
  }
}

}  // namespace

void read_lines(Window& window, LogCollector& collector) {
  read_until(window, collector, std::numeric_limits<std::uint64_t>::max());
}

std::uint64_t read_line_range(Window& window, LogCollector& collector, std::uint64_t begin,
                              std::uint64_t end) {
  if (begin != 0) {
    Lines lines(window);
    if (lines.next()) lines.consume();
  } else if (window.more()) {
    // The first line starts at the file's first byte, even where that is a mark of the byte order.
    const std::size_t mark = bom_length(window.view());
    window.consume(mark);
    if (end > 0) end = std::max<std::uint64_t>(end, mark + 1);
  }
  const std::uint64_t first = window.offset();
  read_until(window, collector, end);
  return first;
}

}  // namespace nsp

#include "sim/access_log/line_reader.h"

#include <cstring>

#include "sim/access_log/line_protocol.h"

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

}  // namespace

std::uint64_t read_lines(Window& window, LogCollector& collector, bool inside_line,
                         std::uint64_t stop) {
  Lines lines(window);
  if (inside_line && lines.next()) lines.consume();
  const std::uint64_t first = window.offset();
  RecordPlace place;
  for (; window.offset() < stop && lines.next(); ++place.line) {
    if (lines.too_long()) {
      collector.refuse(kTooLong, place);
    } else {
      collector.add_line(lines.text(), place, !lines.has_end());
    }
    lines.consume();
  }
  return first;
}

}  // namespace nsp

#include "sim/document/json_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/base/text.h"
#include "sim/document/json.h"

namespace nsp {
namespace {

// What may stand next. The names are those of the message, see expected().
enum class Next : std::uint8_t { Value, ValueOrEnd, KeyOrEnd, Key, Colon, CommaOrEnd, Nothing };

bool is_json_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word_char(char c) {
  return is_json_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '+' ||
         c == '-' || c == '.' || c == '_';
}

bool is_hex_digit(char c) {
  return is_json_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

// Drops the digits at the front of `text`; false when there is none.
bool drop_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_json_digit) - text.begin();
  text.remove_prefix(static_cast<std::size_t>(end));
  return end > 0;
}

// The number grammar of RFC 8259.
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && is_json_digit(text[1])) return false;
  if (!drop_digits(text)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!drop_digits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!drop_digits(text)) return false;
  }
  return text.empty();
}

bool is_literal(std::string_view word) {
  return word == "true" || word == "false" || word == "null";
}

class Scanner {
 public:
  explicit Scanner(std::string bytes) { scan_.text = std::move(bytes); }

  Scan run() {
    constexpr std::string_view kBom = "\xef\xbb\xbf";
    if (text().starts_with(kBom)) blank(0, at_ = kBom.size());
    while (!scan_.fault && at_ < text().size()) step();
    if (!scan_.fault && next_ != Next::Nothing) fail_at_end();
    return std::move(scan_);
  }

 private:
  std::string& text() { return scan_.text; }
  char peek(std::size_t ahead) { return at_ + ahead < text().size() ? text()[at_ + ahead] : '\0'; }

  void fail(std::size_t offset, std::string message) {
    if (!scan_.fault) scan_.fault = ScanFault{offset, std::move(message)};
  }

  void blank(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (text()[i] != '\n' && text()[i] != '\r') text()[i] = ' ';
    }
  }

  void note_token() { scan_.tokens.push_back(static_cast<std::uint32_t>(at_)); }

  std::string_view expected() const {
    switch (next_) {
      case Next::Value:
        return "a value";
      case Next::ValueOrEnd:
        return "a value or `]`";
      case Next::KeyOrEnd:
        return "a key in double quotes or `}`";
      case Next::Key:
        return "a key in double quotes";
      case Next::Colon:
        return "`:`";
      case Next::CommaOrEnd:
        return open_.back() == '{' ? "`,` or `}`" : "`,` or `]`";
      case Next::Nothing:
        return "nothing after the value";
    }
    return "a value";
  }

  void fail_found(std::string_view found) {
    fail(at_, fmt::format("found `{}`, expected {}", found, expected()));
  }

  void fail_at_end() {
    if (scan_.tokens.empty()) return fail(text().size(), "the text is empty, expected JSON");
    fail(text().size(), fmt::format("the text ends here, expected {}", expected()));
  }

  // The character at the cursor, for a message.
  std::string found_char() {
    const auto byte = static_cast<unsigned char>(peek(0));
    if (byte < 0x20 || byte == 0x7f) return fmt::format("\\x{:02x}", byte);
    std::size_t length = 1;
    while ((static_cast<unsigned char>(peek(length)) & 0xc0) == 0x80) ++length;
    return text().substr(at_, length);
  }

  void step() {
    const char c = peek(0);
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        ++at_;
        return;
      case '/':
        return comment();
      case '{':
      case '[':
        return open(c);
      case '}':
      case ']':
        return close(c);
      case ':':
        return colon();
      case ',':
        return comma();
      case '"':
        return string();
      default:
        return word();
    }
  }

  void comment() {
    std::size_t end = std::string::npos;
    if (peek(1) == '/') {
      end = std::min(text().find('\n', at_), text().size());
    } else if (peek(1) == '*') {
      end = text().find("*/", at_ + 2);
      if (end == std::string::npos) return fail(at_, "a comment is not closed, expected `*/`");
      end += 2;
    } else {
      return fail_found("/");
    }
    blank(at_, end);
    at_ = end;
  }

  bool takes_value() const { return next_ == Next::Value || next_ == Next::ValueOrEnd; }

  void after_value() { next_ = open_.empty() ? Next::Nothing : Next::CommaOrEnd; }

  void open(char c) {
    if (!takes_value()) return fail_found(std::string_view(&c, 1));
    if (open_.size() == kMaxDepth) {
      return fail(at_, fmt::format("nested deeper than {} levels", kMaxDepth));
    }
    note_token();
    open_.push_back(c);
    next_ = c == '{' ? Next::KeyOrEnd : Next::ValueOrEnd;
    last_comma_ = std::string::npos;
    ++at_;
  }

  // A comma may stand before the closing bracket; plain JSON has none there.
  void close(char c) {
    const char opener = c == '}' ? '{' : '[';
    const bool after_comma = last_comma_ != std::string::npos;
    const bool may_close = next_ == Next::CommaOrEnd || next_ == Next::KeyOrEnd ||
                           next_ == Next::ValueOrEnd || after_comma;
    if (!may_close || open_.empty() || open_.back() != opener) {
      return fail_found(std::string_view(&c, 1));
    }
    if (after_comma) blank(last_comma_, last_comma_ + 1);
    last_comma_ = std::string::npos;
    open_.pop_back();
    after_value();
    ++at_;
  }

  void colon() {
    if (next_ != Next::Colon) return fail_found(":");
    next_ = Next::Value;
    ++at_;
  }

  void comma() {
    if (next_ != Next::CommaOrEnd) return fail_found(",");
    next_ = open_.back() == '{' ? Next::Key : Next::Value;
    last_comma_ = at_;
    ++at_;
  }

  void string() {
    const bool key = next_ == Next::Key || next_ == Next::KeyOrEnd;
    if (!key && !takes_value()) return fail_found("\"");
    note_token();
    last_comma_ = std::string::npos;
    skip_string();
    if (key) {
      next_ = Next::Colon;
    } else {
      after_value();
    }
  }

  void skip_string() {
    const std::size_t start = at_++;
    for (; at_ < text().size(); ++at_) {
      const char c = peek(0);
      if (c == '"') {
        ++at_;
        return;
      }
      if (c == '\n' || c == '\r') return fail(start, "a string is not closed on its line");
      if (static_cast<unsigned char>(c) < 0x20) {
        return fail(at_, fmt::format("a string holds the control character `\\u{:04x}`, "
                                     "expected it escaped",
                                     static_cast<unsigned>(c)));
      }
      if (c == '\\' && !skip_escape()) return;
    }
    fail(start, "a string is not closed, expected `\"`");
  }

  // Leaves the cursor on the last character of the escape.
  bool skip_escape() {
    constexpr std::string_view kSimple = "\"\\/bfnrt";
    const char c = peek(1);
    const bool unicode = c == 'u' && is_hex_digit(peek(2)) && is_hex_digit(peek(3)) &&
                         is_hex_digit(peek(4)) && is_hex_digit(peek(5));
    if (c == '\0' || (!unicode && kSimple.find(c) == std::string_view::npos)) {
      fail(at_,
           "a string has an unknown escape, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t "
           "\\uXXXX");
      return false;
    }
    at_ += unicode ? 5 : 1;
    return true;
  }

  void word() {
    const auto begin = text().begin() + static_cast<std::ptrdiff_t>(at_);
    const auto end = std::find_if_not(begin, text().end(), is_word_char);
    if (begin == end) return fail_found(found_char());
    const std::string_view word(&*begin, static_cast<std::size_t>(end - begin));
    if (!takes_value()) return fail_found(word);
    if (!is_literal(word) && !is_json_number(word)) {
      return fail(at_, fmt::format("found `{}`, expected a value: a string stands in double quotes",
                                   word.substr(0, 40)));
    }
    note_token();
    last_comma_ = std::string::npos;
    after_value();
    at_ += word.size();
  }

  Scan scan_;
  std::size_t at_ = 0;
  Next next_ = Next::Value;
  std::vector<char> open_;
  std::size_t last_comma_ = std::string::npos;  // the comma just read, while nothing followed it
};

}  // namespace

Scan scan_json(std::string bytes) { return Scanner(std::move(bytes)).run(); }

}  // namespace nsp

#include "sim/document/template/expression.h"

#include <fmt/format.h>

#include <charconv>

#include "sim/base/text.h"

namespace nsp {
namespace {

using Parsed = std::expected<Expression, ExpressionError>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Recursive descent, one method a rule of the grammar.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), end_(text.size() - 1), at_(1) {}

  Parsed run() {
    auto whole = operand();
    if (!whole) return whole;
    skip_blanks();
    if (at_ != end_) return wrong(fmt::format("unexpected {}", shown_here()));
    return whole;
  }

 private:
  // A call or a literal, and what reaches into it.
  Parsed operand() {
    if (++depth_ > kMaxExpressionDepth) return wrong("the expression nests too deep");
    skip_blanks();
    auto base = primary();
    while (base) {
      skip_blanks();
      if (!at('.') && !at('[')) break;
      base = at('.') ? member(std::move(*base)) : index(std::move(*base));
    }
    --depth_;
    return base;
  }

  Parsed primary() {
    if (at('\'')) return string();
    if (at_ < end_ && (is_digit(text_[at_]) || text_[at_] == '-')) return integer();
    if (at_ < end_ && is_letter(text_[at_])) return call();
    return wrong(
        fmt::format("expected a function, a string or an integer, found {}", shown_here()));
  }

  Parsed string() {
    Expression node = start(Expression::Kind::String);
    for (++at_; at_ < end_; ++at_) {
      if (text_[at_] == '\'') {
        if (at_ + 1 >= end_ || text_[at_ + 1] != '\'') return ++at_, node;
        ++at_;
      }
      node.text += text_[at_];
    }
    at_ = node.offset;
    return wrong("the string has no closing quote");
  }

  Parsed integer() {
    Expression node = start(Expression::Kind::Integer);
    const char* first = text_.data() + at_;
    const auto [last, error] = std::from_chars(first, text_.data() + end_, node.number);
    if (error != std::errc()) return wrong("expected an integer of 64 bits");
    at_ += static_cast<std::size_t>(last - first);
    return node;
  }

  Parsed call() {
    Expression node = start(Expression::Kind::Call);
    while (at_ < end_ && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) {
      node.text += text_[at_++];
    }
    skip_blanks();
    if (!at('(')) return wrong(fmt::format("expected `(` after `{}`", node.text));
    ++at_;
    skip_blanks();
    if (at(')')) return ++at_, node;
    for (;;) {
      auto argument = operand();
      if (!argument) return argument;
      node.operands.push_back(std::move(*argument));
      skip_blanks();
      if (at(')')) return ++at_, node;
      if (!at(',')) return wrong(fmt::format("expected `,` or `)`, found {}", shown_here()));
      ++at_;
    }
  }

  Parsed member(Expression base) {
    Expression node = start(Expression::Kind::Member);
    ++at_;
    skip_blanks();
    while (at_ < end_ && (is_letter(text_[at_]) || is_digit(text_[at_]))) node.text += text_[at_++];
    if (node.text.empty()) return wrong("expected the name of a member after `.`");
    node.operands.push_back(std::move(base));
    return node;
  }

  Parsed index(Expression base) {
    Expression node = start(Expression::Kind::Index);
    ++at_;
    auto inside = operand();
    if (!inside) return inside;
    skip_blanks();
    if (!at(']')) return wrong(fmt::format("expected `]`, found {}", shown_here()));
    ++at_;
    node.operands.push_back(std::move(base));
    node.operands.push_back(std::move(*inside));
    return node;
  }

  [[nodiscard]] Expression start(Expression::Kind kind) const {
    Expression node;
    node.kind = kind;
    node.offset = static_cast<std::uint32_t>(at_);
    return node;
  }
  [[nodiscard]] bool at(char c) const { return at_ < end_ && text_[at_] == c; }
  void skip_blanks() {
    while (at_ < end_ && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] std::string shown_here() const {
    return at_ < end_ ? fmt::format("`{}`", text_.substr(at_, 1)) : std::string("the end");
  }
  [[nodiscard]] std::unexpected<ExpressionError> wrong(std::string message) const {
    return std::unexpected(ExpressionError{std::move(message), static_cast<std::uint32_t>(at_)});
  }

  std::string_view text_;
  std::size_t end_;  // of the closing bracket
  std::size_t at_;
  std::size_t depth_ = 0;
};

}  // namespace

bool is_expression(std::string_view text) {
  return text.size() >= 2 && text.front() == '[' && text[1] != '[' && text.back() == ']';
}

std::string literal_of(std::string_view text) {
  return std::string(text.starts_with("[[") ? text.substr(1) : text);
}

Parsed parse_expression(std::string_view text) {
  if (text.size() > kLongestExpression) {
    return std::unexpected(ExpressionError{
        fmt::format("the expression is longer than {} characters", kLongestExpression), 0});
  }
  return Parser(text).run();
}

std::string caret_excerpt(std::string_view text, std::uint32_t error_offset) {
  constexpr std::size_t kBefore = 40;
  constexpr std::size_t kShown = 76;
  const std::size_t offset = std::min<std::size_t>(error_offset, text.size());
  std::size_t first = offset > kBefore ? offset - kBefore : 0;
  // Do not begin inside a UTF-8 sequence.
  while (first < offset && (static_cast<unsigned char>(text[first]) & 0xC0) == 0x80) ++first;
  std::string line;
  for (const char c : text.substr(first, kShown))
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  while (!line.empty() && !is_utf8(line)) line.pop_back();
  std::size_t column = 0;
  for (std::size_t i = first; i < offset; ++i) {
    column += (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80 ? 0 : 1;
  }
  return fmt::format("  {}\n  {:>{}}", line, '^', column + 1);
}

}  // namespace nsp

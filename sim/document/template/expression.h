// The expression language of ARM templates, as a tree.
//
// A string of a template is an expression when it begins with `[`, not with `[[`, and ends with
// `]`:
// `[concat(parameters('prefix'), '-', copyIndex())]`. Inside stands one operand: a call, a string
// in single quotes (`''` is one quote) or an integer; behind a call, `.member` and `[index]` reach
// into its value. `[[x]` is the literal `[x]`.
//
//   Expression      → Call(concat; Call(parameters; 'prefix'), '-', Call(copyIndex))
//   evaluate.h      → its value in a scope
//
// Names of functions are compared without case. A name with a point before the parenthesis,
// `contoso.name(…)`, is a function that the template defines. Errors name the offset, for a caret.
//
// Source: Azure Resource Manager, "Template syntax and expressions". Thread safety: plain values.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_EXPRESSION_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_EXPRESSION_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

struct Expression {
  enum class Kind : std::uint8_t {
    String,   // text
    Integer,  // number
    Call,     // text is the name, operands are the arguments
    Member,   // text is the name, operands are {base}
    Index,    // operands are {base, index}
  };
  Kind kind = Kind::String;
  std::string text;
  std::int64_t number = 0;
  std::vector<Expression> operands;
  std::uint32_t offset = 0;  // in the string that was parsed, brackets included
};

struct ExpressionError {
  std::string message;
  std::uint32_t offset = 0;
};

// How deep calls and accesses may nest.
inline constexpr std::size_t kMaxExpressionDepth = 100;
// How long an expression may be, as Resource Manager allows.
inline constexpr std::size_t kLongestExpression = 24'576;

[[nodiscard]] bool is_expression(std::string_view text);
// What a string that is no expression stands for.
[[nodiscard]] std::string literal_of(std::string_view text);

// REQUIRES: is_expression(text).
[[nodiscard]] std::expected<Expression, ExpressionError> parse_expression(std::string_view text);

// The expression and a caret under the place, two lines without a line end; a long expression is
// cut around it. For people, below the message.
[[nodiscard]] std::string caret_excerpt(std::string_view text, std::uint32_t offset);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_EXPRESSION_H_

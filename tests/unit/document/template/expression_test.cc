#include "sim/document/template/expression.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/document/template/evaluation.h"

namespace nsp {
namespace {

using test::value_of;

// `OFFSET MESSAGE` of a text that does not parse; empty when it does.
std::string mistake(std::string_view text) {
  const auto parsed = parse_expression(text);
  return parsed ? std::string()
                : fmt::format("{} {}", parsed.error().offset, parsed.error().message);
}

TEST(Expression, IsToldFromTextByItsBrackets) {
  EXPECT_TRUE(is_expression("[a()]"));
  EXPECT_TRUE(is_expression("[]"));
  EXPECT_FALSE(is_expression("[[a()]"));
  EXPECT_FALSE(is_expression("[a() "));
  EXPECT_FALSE(is_expression("a()]"));
  EXPECT_FALSE(is_expression("["));
  EXPECT_EQ(literal_of("[[a]"), "[a]");
  EXPECT_EQ(literal_of("a"), "a");
}

TEST(Expression, ReadsEveryForm) {
  EXPECT_EQ(value_of(" concat( 'it''s' ,\n '[x]' ) "), R"("it's[x]")");
  EXPECT_EQ(value_of("-12"), "-12");
  EXPECT_EQ(value_of("createObject('a', createArray(1, 2)).A[1]"), "2");
  EXPECT_EQ(value_of("createObject('a b', 1)['A B']"), "1");
  EXPECT_EQ(value_of("createArray(createArray(7))[0][add(0, 0)]"), "7");
}

TEST(Expression, NamesTheOffsetOfAMistake) {
  EXPECT_EQ(mistake("[]"), "1 expected a function, a string or an integer, found the end");
  EXPECT_EQ(mistake("[concat('a']"), "11 expected `,` or `)`, found the end");
  EXPECT_EQ(mistake("[concat('a]"), "8 the string has no closing quote");
  EXPECT_EQ(mistake("[a() b()]"), "5 unexpected `b`");
  EXPECT_EQ(mistake("[parameters]"), "11 expected `(` after `parameters`");
  EXPECT_EQ(mistake("[a().]"), "5 expected the name of a member after `.`");
  EXPECT_EQ(mistake("[a()[1 2]]"), "7 expected `]`, found `2`");
  EXPECT_EQ(mistake("[99999999999999999999]"), "1 expected an integer of 64 bits");
}

TEST(Expression, ShowsTheMistakeUnderACaret) {
  EXPECT_EQ(caret_excerpt("[concatt('a')]", 1), "  [concatt('a')]\n   ^");
  EXPECT_EQ(caret_excerpt("[concat('é', x)]", 14), "  [concat('é', x)]\n               ^");
  const std::string long_text = "[concat('" + std::string(200, 'a') + "', b())]";
  EXPECT_EQ(caret_excerpt(long_text, 212),
            "  " + std::string(37, 'a') + "', b())]\n  " + std::string(40, ' ') + "^");
  EXPECT_EQ(caret_excerpt("[a\x1b]", 2), "  [a ]\n    ^");
}

// Nothing that a template may say costs more than its budget.
TEST(Expression, IsBoundedInDepthLengthAndWork) {
  std::string deep;
  for (int i = 0; i < 101; ++i) deep += "not(";
  EXPECT_EQ(mistake("[" + deep + "true()" + std::string(101, ')') + "]"),
            "401 the expression nests too deep");
  EXPECT_EQ(mistake("[" + std::string(kLongestExpression, ' ') + "]"),
            "0 the expression is longer than 24576 characters");
  EXPECT_EQ(value_of("length(map(range(0, 10000), lambda('a', map(range(0, 10000), lambda('b', "
                     "lambdaVariables('a'))))))"),
            "45 the template takes too many steps");
  EXPECT_EQ(value_of("reduce(range(0, 10000), createArray(), lambda('a', 'b', "
                     "createArray(lambdaVariables('a'))))"),
            "57 the value nests too deep");
  EXPECT_EQ(value_of("reduce(range(0, 10000), 'x', lambda('a', 'b', "
                     "concat(lambdaVariables('a'), lambdaVariables('a'))))"),
            "47 `concat`: the text is too long");
  EXPECT_EQ(value_of("reduce(range(0, 10000), createArray(1), lambda('a', 'b', "
                     "concat(lambdaVariables('a'), lambdaVariables('a'))))"),
            "58 the template takes too many steps");
}

}  // namespace
}  // namespace nsp

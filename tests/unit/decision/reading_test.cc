#include "sim/decision/reading.h"

#include <gtest/gtest.h>

#include "sim/decision/clause.h"

namespace nsp {
namespace {

std::string error_of(std::string_view text) {
  Readings readings;
  const auto added = add_assumptions(readings, text);
  return added ? std::string() : added.error();
}

TEST(Readings, AreSwitchedByIdAndWord) {
  Readings readings;
  ASSERT_TRUE(add_assumptions(readings, "c5=PublicNetworkAccess, U4=one-label"));
  EXPECT_EQ(readings[Matter::C5], 1);
  EXPECT_EQ(readings[Matter::U4], 1);
  EXPECT_TRUE(readings.is_default(Matter::C4));
}

TEST(Readings, SayWhatWasExpected) {
  EXPECT_EQ(error_of("C5"),
            "assumption `C5` has no `=`, expected a form like `C5=publicNetworkAccess`");
  EXPECT_EQ(error_of("C99=x"), "unknown assumption `C99`, expected an id such as `C5` or `U4`");
  EXPECT_EQ(error_of("C5=maybe"),
            "unknown reading `maybe` of `C5`, expected `perimeterRules` or `publicNetworkAccess`");
  EXPECT_EQ(error_of("U1=x"), "assumption `U1` has one reading only: the document is refused");
}

TEST(Readings, AlternativesDifferInOneMatterEach) {
  const auto others = alternatives({});
  for (const Alternative& other : others) {
    std::size_t changed = 0;
    for (const MatterFacts& matter : all_matters()) {
      changed += other.readings[matter.matter] != 0 ? 1U : 0U;
    }
    EXPECT_EQ(changed, 1U) << other.text;
    Readings readings;
    EXPECT_TRUE(add_assumptions(readings, other.text)) << other.text;
    EXPECT_EQ(readings, other.readings) << other.text;
  }
  EXPECT_EQ(others.size(), 16U);
}

TEST(Clauses, StandInOrderUnderTheirIds) {
  for (const ClauseFacts& clause : all_clauses()) {
    EXPECT_EQ(&facts(clause.clause), &clause) << clause.id;
    EXPECT_EQ(parse_clause(clause.id), clause.clause);
  }
  EXPECT_EQ(facts(Clause::In5).id, "IN-5");
  EXPECT_FALSE(parse_clause("IN-11"));
  EXPECT_TRUE(is_citable("out-4"));
  EXPECT_TRUE(is_citable("U16"));
  EXPECT_TRUE(is_citable("FOUNDRY"));
  EXPECT_FALSE(is_citable("IN-11"));
}

}  // namespace
}  // namespace nsp

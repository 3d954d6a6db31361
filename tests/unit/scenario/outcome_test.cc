#include "sim/scenario/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nsp {
namespace {

using testing::ElementsAre;

TEST(ParseOutcome, ReadsEveryReasonOfTheVocabulary) {
  for (const auto word : Vocabulary<Reason>::words) {
    const std::string text = "deny: " + std::string(word);
    const auto outcome = parse_outcome(text);
    ASSERT_TRUE(outcome.has_value()) << text;
    EXPECT_EQ(to_string(*outcome), text);
  }
}

TEST(ParseOutcome, ReadsEveryFact) {
  for (std::size_t i = 1; i < Vocabulary<Fact>::words.size(); ++i) {
    const std::string text = "undecided: missing " + std::string(Vocabulary<Fact>::words[i]);
    const auto outcome = parse_outcome(text);
    ASSERT_TRUE(outcome.has_value()) << text;
    EXPECT_EQ(to_string(*outcome), text);
  }
}

TEST(ParseOutcome, ReadsBareVerdictsAndNames) {
  EXPECT_EQ(parse_outcome("allow"), (ExpectedOutcome{Verdict::Allow, std::nullopt}));
  EXPECT_EQ(parse_outcome(" Deny "), (ExpectedOutcome{Verdict::Deny, std::nullopt}));
  EXPECT_EQ(parse_outcome("allow: inbound rule head office"),
            (ExpectedOutcome{Verdict::Allow,
                             ExpectedReason{Reason::InboundRule, "head office", Fact::None}}));
  EXPECT_EQ(parse_outcome("allow: resource rule ip 2001:db8::/32"),
            (ExpectedOutcome{Verdict::Allow, ExpectedReason{Reason::ResourceRule,
                                                            "ip 2001:db8::/32", Fact::None}}));
}

TEST(ParseOutcome, SaysWhatWouldBeRead) {
  EXPECT_EQ(parse_outcome("denied").error(),
            "unknown verdict `denied`, expected one of `allow`, `deny`, `undecided`");
  EXPECT_EQ(parse_outcome("deny: no inbund rule").error(),
            "unknown reason `no inbund rule`, did you mean `no inbound rule`?");
  EXPECT_EQ(parse_outcome("undecided: missing adress").error(),
            "unknown fact `adress`, did you mean `address`?");
}

TEST(ParseCategories, ReadsListsInOrderAndNone) {
  EXPECT_THAT(
      *parse_categories("NspOutboundAttempt + NspIntraPerimeterInboundAllowed"),
      ElementsAre(LogCategory::NspOutboundAttempt, LogCategory::NspIntraPerimeterInboundAllowed));
  EXPECT_TRUE(parse_categories("none")->empty());
  EXPECT_EQ(parse_categories("NspOutboundAttempts").error(),
            "unknown log category `NspOutboundAttempts`, did you mean `NspOutboundAttempt`?");
}

TEST(MatchesOutcome, ComparesVerdictAndReasonOfTheControlPlane) {
  const Policy policy = compile({});
  Decision decision;
  decision.verdict = Verdict::Allow;
  decision.reason = Reason::ControlPlane;
  EXPECT_TRUE(matches(*parse_outcome("allow"), policy, decision));
  EXPECT_TRUE(matches(*parse_outcome("allow: control plane"), policy, decision));
  EXPECT_FALSE(matches(*parse_outcome("allow: same perimeter"), policy, decision));
  EXPECT_FALSE(matches(*parse_outcome("deny"), policy, decision));
}

TEST(MatchesOutcome, AReasonWithoutNameFitsAnyName) {
  const Policy policy = compile({});
  Leg leg;
  leg.verdict = Verdict::Undecided;
  leg.reason = Reason::Missing;
  leg.missing = Fact::Address;
  EXPECT_TRUE(matches(*parse_outcome("undecided: missing"), policy, leg));
  EXPECT_TRUE(matches(*parse_outcome("undecided: missing address"), policy, leg));
  EXPECT_FALSE(matches(*parse_outcome("undecided: missing subscription"), policy, leg));
}

}  // namespace
}  // namespace nsp

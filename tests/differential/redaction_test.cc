// A redacted environment judges every attempt as the original does, once the attempt's names and
// addresses are moved the same way.
//
// Of several rules that fit, the first by name is told; names are other ones, so the name of the
// rule is not compared.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "sim/model/redact.h"
#include "sim/policy/policy.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

constexpr Size kSmallRedaction{8, 6};

std::uint64_t redaction_worlds() { return sampling(4) == 1 ? 400 : 100; }

// A host name is moved as one; the name of a resource never has a dot here.
std::string move_destination(const Redaction& redaction, const std::string& to) {
  if (const auto id = ResourceId::parse(to)) return redaction.id(*id).text();
  if (!to.contains('.')) return redaction.name(to);
  return redaction.host(DomainName::parse(to).value()).text();
}

Attempt moved(const Redaction& redaction, Attempt attempt) {
  if (!attempt.outside) attempt.from = move_destination(redaction, attempt.from);
  attempt.to = move_destination(redaction, attempt.to);
  if (attempt.address) attempt.address = redaction.address(*attempt.address);
  if (attempt.subscription) attempt.subscription = redaction.guid(*attempt.subscription);
  attempt.subnet = redaction.name(attempt.subnet);
  if (attempt.name) attempt.name = redaction.host(*attempt.name);
  return attempt;
}

// Nothing when the attempt is none (P-9).
std::optional<reference::Outcome> judge(const Policy& policy, const Attempt& attempt,
                                        const Scope& scope) {
  const auto bound = bind(policy, attempt);
  if (!bound) return std::nullopt;
  reference::Outcome outcome = as_outcome(policy, evaluate(policy, *bound, scope));
  for (reference::LegOutcome& leg : outcome.legs) leg.rule.clear();
  return outcome;
}

std::string told(const std::optional<reference::Outcome>& outcome) {
  return outcome ? describe(*outcome) : "no attempt";
}

TEST(Redacted, JudgesEveryAttemptAsBefore) {
  std::map<Verdict, std::uint64_t> verdicts;
  for (std::uint64_t seed = 1; seed <= redaction_worlds(); ++seed) {
    Dice dice(seed);
    const Policy before = compile(random_environment(dice, kSmallRedaction));
    const Redaction redaction(fmt::format("key {}", seed));
    const Policy after = compile(redact(before.environment(), redaction));
    for (int i = 0; i < 200; ++i) {
      const Attempt attempt = random_attempt(dice, before.environment());
      const Scope scope = random_scope(dice, before.environment());
      const auto one = judge(before, attempt, scope);
      const auto other = judge(after, moved(redaction, attempt), scope);
      ASSERT_EQ(one, other) << seed << '\n'
                            << describe(before.environment(), attempt) << describe(attempt) << '\n'
                            << describe(moved(redaction, attempt)) << '\n'
                            << told(one) << '\n'
                            << told(other);
      if (one) ++verdicts[one->verdict];
    }
  }
  EXPECT_GT(verdicts[Verdict::Allow], 100U);
  EXPECT_GT(verdicts[Verdict::Deny], 100U);
  EXPECT_GT(verdicts[Verdict::Undecided], 100U);
}

// What a matrix asks: every resource to every other.
TEST(Redacted, HasTheSameMatrix) {
  std::uint64_t asked = 0;
  for (std::uint64_t seed = 1; seed <= redaction_worlds() / 4; ++seed) {
    Dice dice(seed);
    const Policy before = compile(random_environment(dice, kSmallRedaction));
    const Redaction redaction(own_key(before.environment()));
    const Policy after = compile(redact(before.environment(), redaction));
    for (const Resource& from : before.environment().resources) {
      for (const Resource& to : before.environment().resources) {
        Attempt attempt;
        attempt.from = from.id.text();
        attempt.to = to.id.text();
        const auto one = judge(before, attempt, {});
        ASSERT_EQ(one, judge(after, moved(redaction, attempt), {})) << seed << told(one);
        if (one) ++asked;
      }
    }
  }
  EXPECT_GT(asked, 1000U);
}

}  // namespace
}  // namespace nsp::differential

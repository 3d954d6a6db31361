// Verdicts on what was only partly seen, in random environments: as the engine's own
// verdict on a missing credential, and never against the attempt that really was.
#include "sim/decision/evidence.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/decision/describe.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

std::uint64_t evidence_environments() { return sampling(8) == 1 ? 200 : 20; }
constexpr int kAttempts = 300;

// Calls `check(policy, attempt, bound)` for random attempts that can be bound.
template <class Check>
void for_each_attempt(std::uint64_t first_seed, Check check) {
  for (std::uint64_t seed = first_seed; seed < first_seed + evidence_environments(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, {12, 8}));
    for (int i = 0; i < kAttempts; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const auto bound = bind(policy, attempt);
      if (bound && bound->operation != Operation::Control) check(policy, attempt, *bound);
    }
  }
}

// The engine's own answer to an unknown credential is that of trying all of them.
TEST(Evidence, AnUnseenCredentialIsUndecidedExactlyWhereTheEngineSaysSo) {
  std::size_t compared = 0;
  std::size_t undecided = 0;
  for_each_attempt(9'000, [&](const Policy& policy, const Attempt& attempt, const BoundAttempt&) {
    if (!attempt.outside) return;
    Observation observation{attempt, std::nullopt, {}};
    observation.attempt.credential = Credential::Unknown;
    const auto bound = bind(policy, observation.attempt);
    ASSERT_TRUE(bound);
    observation.attempt.credential.reset();
    const Evidence evidence = weigh(policy, policy, observation).value();
    for (const Scope& scope : {Scope{}, if_enforced()}) {
      const Judgement judged = judge(policy, observation, evidence, scope).value();
      const Decision decided = evaluate(policy, *bound, scope);
      ASSERT_EQ(judged.verdict, decided.verdict)
          << judged.reason << " against " << outcome_text(policy, decided);
      ++compared;
      undecided += judged.verdict == Verdict::Undecided ? 1 : 0;
    }
  });
  EXPECT_GT(undecided, compared / 50);
  EXPECT_GT(compared, evidence_environments() * 100);
}

// What the service would record of an attempt leads back to the attempt's own verdict, or leaves it
// open; it never says the opposite.
TEST(Evidence, ARecordNeverContradictsTheAttemptThatItIsOf) {
  std::size_t records = 0;
  std::size_t decided = 0;
  for_each_attempt(
      9'500, [&](const Policy& policy, const Attempt& attempt, const BoundAttempt& bound) {
        // A service knows what its caller showed, and the address or that there is none.
        if (bound.credential == Credential::Unknown || !bound.subscription_known ||
            bound.address_view == AddressView::Missing) {
          return;
        }
        const Decision truth = evaluate(policy, bound);
        const Decision enforced = evaluate(policy, bound, if_enforced());
        for (const Leg& leg : truth.legs()) {
          if (leg.categories.count == 0 || leg.verdict == Verdict::Undecided) continue;
          Observation observation{attempt, Recorded{leg.categories.list[0], {}, {}}, {}};
          observation.attempt.credential.reset();
          observation.attempt.trusted_service = false;
          if (bound.path == Path::PrivateEndpoint) observation.attempt.via = Via::PrivateEndpoint;
          if (names_a_rule(leg.reason)) observation.recorded->rule = policy.rule_name(leg.rule);
          const Evidence evidence = weigh(policy, policy, observation).value();
          ASSERT_TRUE(evidence.agrees) << to_string(leg.categories.list[0]);
          const Judgement now = judge(policy, observation, evidence).value();
          if (now.verdict != Verdict::Undecided) {
            ASSERT_EQ(now.verdict, leg.verdict) << now.reason;
          }
          const Judgement then = judge(policy, observation, evidence, if_enforced()).value();
          if (then.verdict != Verdict::Undecided) {
            ASSERT_EQ(then.verdict, enforced.find(leg.direction)->verdict) << then.reason;
            ++decided;
          }
          ++records;
        }
      });
  EXPECT_GT(records, evidence_environments() * 50);
  EXPECT_GT(decided, records * 9 / 10);
}

}  // namespace
}  // namespace nsp::differential

// `import --format json` of any environment reads back as that environment, redacted or not: what
// is written is the same again, and every attempt is judged the same.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "sim/model/build.h"
#include "sim/model/redact.h"
#include "sim/report/environment_json.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

constexpr Size kSmallRoundTrip{8, 6};

std::uint64_t round_trip_worlds() { return sampling(4) == 1 ? 400 : 60; }

std::optional<reference::Outcome> judge_again(const Policy& policy, const Attempt& attempt,
                                              const Scope& scope) {
  const auto bound = bind(policy, attempt);
  if (!bound) return std::nullopt;
  return as_outcome(policy, evaluate(policy, *bound, scope));
}

Environment read_again(const Environment& environment, std::uint64_t seed) {
  const std::string written = environment_as_json(environment);
  BuildResult built = build_environment(read_documents(written, "again.json"));
  EXPECT_TRUE(built.ok()) << seed << ": " << to_string(built.diagnostics.front());
  EXPECT_EQ(environment_as_json(built.environment), written) << seed;
  return std::move(built.environment);
}

// The number of attempts that both judge.
std::uint64_t compare(const Environment& environment, Dice& dice, std::uint64_t seed) {
  const Policy before = compile(Environment(environment));
  const Policy after = compile(read_again(environment, seed));
  std::uint64_t judged = 0;
  for (int i = 0; i < 60; ++i) {
    const Attempt attempt = random_attempt(dice, environment);
    const Scope scope = random_scope(dice, environment);
    const auto one = judge_again(before, attempt, scope);
    EXPECT_EQ(one, judge_again(after, attempt, scope))
        << seed << '\n'
        << describe(environment, attempt) << (one ? describe(*one) : "none");
    if (one) ++judged;
  }
  return judged;
}

// As documents say it: a random environment may hold what no document could.
Environment as_documents(const Environment& environment) {
  BuildResult built = build_environment(read_documents(environment_as_json(environment), "f.json"));
  EXPECT_TRUE(built.ok()) << to_string(built.diagnostics.front());
  return std::move(built.environment);
}

TEST(RoundTrip, OfRandomEnvironmentsAndOfTheSameRedacted) {
  std::uint64_t judged = 0;
  for (std::uint64_t seed = 1; seed <= round_trip_worlds() && !HasFailure(); ++seed) {
    Dice dice(seed);
    const Environment environment = as_documents(random_environment(dice, kSmallRoundTrip));
    judged += compare(environment, dice, seed);
    judged += compare(redact(environment, Redaction("key")), dice, seed);
  }
  EXPECT_GT(judged, 1000U);
}

}  // namespace
}  // namespace nsp::differential

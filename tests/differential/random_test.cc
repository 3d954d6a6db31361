// Large random environments: engine and reference agree on every attempt, under every scope
// and every reading.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>

#include "sim/policy/policy.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp {

// How GoogleTest prints a parameter; found by the type's namespace.
static void PrintTo(const Alternative& alternative, std::ostream* out) { *out << alternative.text; }

}  // namespace nsp

namespace nsp::differential {
namespace {

// NSPSIM_SEED=N looks at other environments than the usual ones.
std::uint64_t first_seed() {
  const char* seed = std::getenv("NSPSIM_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

std::uint64_t random_environments() { return sampling(8) == 1 ? 40 : 8; }

TEST(RandomEnvironments, EngineEqualsReference) {
  Comparer comparer;
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + random_environments(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice));
    for (int i = 0; i < 5'000; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const std::vector<Scope> scopes{Scope{}, if_enforced(),
                                      random_scope(dice, policy.environment())};
      comparer.compare(policy, attempt, scopes, {}, fmt::format("seed {}", seed));
    }
  }
  EXPECT_TRUE(comparer.report().empty()) << comparer.report();
  EXPECT_EQ(comparer.compared(), random_environments() * 15'000);
  fmt::print("seeds {} to {}: {} decisions\n", first, first + random_environments() - 1,
             comparer.compared());
}

// Small environments, where a chosen reading matters often.
class EveryReading : public testing::TestWithParam<Alternative> {};

TEST_P(EveryReading, EngineEqualsReference) {
  Comparer comparer;
  const std::uint64_t first = first_seed() + 1'000;
  for (std::uint64_t seed = first; seed < first + 10 * random_environments(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, {8, 6}));
    for (int i = 0; i < 500; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const std::vector<Scope> scopes{Scope{}, random_scope(dice, policy.environment())};
      comparer.compare(policy, attempt, scopes, GetParam().readings, fmt::format("seed {}", seed));
    }
  }
  EXPECT_TRUE(comparer.report().empty()) << GetParam().text << "\n" << comparer.report();
  EXPECT_EQ(comparer.compared(), random_environments() * 10'000);
}

std::string test_name(const testing::TestParamInfo<Alternative>& info) {
  std::string name;
  for (const char c : info.param.text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Readings, EveryReading, testing::ValuesIn(alternatives(Readings{})),
                         test_name);

}  // namespace
}  // namespace nsp::differential

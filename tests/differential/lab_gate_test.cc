// What a lab sends for an attempt is judged by the node that receives it as the attempt is judged.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/decision/describe.h"
#include "sim/lab/sending.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

using lab::Arrival;
using lab::EditionPtr;
using lab::GateDecision;
using lab::Sending;

constexpr Size kSmallGate{8, 6};

std::uint64_t gate_worlds() { return sampling(4) == 1 ? 400 : 100; }

EditionPtr edition_with(const EditionPtr& before, const Sending& sending) {
  std::vector<lab::Post> posts;
  if (!sending.own_address) posts.push_back(sending.post);
  return lab::make_edition(before->environment(), std::move(posts), before.get()).value();
}

Arrival arrival_of(const lab::Edition& edition, const Sending& sending) {
  return {lab::address_called(edition, sending), lab::address_calling(edition, sending),
          sending.host, sending.operation};
}

std::string told(const Policy& policy, const Leg* leg) {
  if (leg == nullptr) return "no leg";
  return fmt::format("{}: {} ({}; {}; readings {})", to_string(leg->verdict),
                     reason_text(policy, *leg), facts(leg->clause).id,
                     categories_text(leg->categories.view()), leg->readings.to_string());
}

// False where the attempt is none, cannot be sent, or has no inbound leg.
bool arrives_as_judged(const EditionPtr& first, const Attempt& attempt) {
  const auto bound = bind(first->policy, attempt);
  if (!bound || bound->destination == kNone) return false;
  const auto sending = lab::plan_sending(first->policy, attempt, *bound);
  if (!sending) return false;
  const EditionPtr edition = edition_with(first, *sending);
  lab::Gate gate({});
  const auto seen =
      gate.arriving(edition, bound->destination, arrival_of(*edition, *sending), sending->proven);
  EXPECT_TRUE(seen.has_value()) << seen.error();
  if (!seen) return true;
  const Decision judged = evaluate(first->policy, *bound);
  EXPECT_EQ(told(edition->policy, seen->leg(Direction::Inbound)),
            told(first->policy, judged.find(Direction::Inbound)))
      << "from " << attempt.from << " to " << attempt.to << " via " << to_string(attempt.via)
      << " subnet " << attempt.subnet;
  return true;
}

TEST(LabGate, JudgesWhatArrivesAsTheAttempt) {
  std::uint64_t sent = 0;
  for (std::uint64_t seed = 1; seed <= gate_worlds() && !::testing::Test::HasFailure(); ++seed) {
    Dice dice(seed);
    const EditionPtr edition = lab::make_edition(random_environment(dice, kSmallGate), {}).value();
    for (int i = 0; i < 40; ++i) {
      sent += arrives_as_judged(edition, random_attempt(dice, edition->environment())) ? 1 : 0;
    }
  }
  EXPECT_GT(sent, gate_worlds() * 10);
}

}  // namespace
}  // namespace nsp::differential

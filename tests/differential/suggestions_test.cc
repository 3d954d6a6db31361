// Readiness and its suggestions in random environments, against the attempts that really
// were: what is called a blocker is one, what is called resolved is allowed, and what is gained is
// listed. The reference evaluator says what really happens; readiness sees only what a log or a
// capture shows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/analysis/candidate.h"
#include "sim/analysis/rollout.h"
#include "sim/analysis/suggest.h"
#include "sim/base/text.h"
#include "sim/model/limits.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

std::uint64_t suggestion_environments() { return sampling(8) == 1 ? 1'000 : 60; }
constexpr int kSuggestionAttempts = 60;

// What somebody saw, and what really was.
struct World {
  Policy policy;
  std::vector<Observation> seen;
  std::vector<Attempt> truth;  // parallel
};

// Everything that could matter is known of it, though not to the observer.
bool is_whole(const BoundAttempt& bound) {
  return bound.operation != Operation::Control && bound.credential != Credential::Unknown &&
         bound.subscription_known && bound.address_view != AddressView::Missing;
}

void observe(World& world, const Attempt& attempt, const BoundAttempt& bound, Dice& dice) {
  Observation observation{attempt, std::nullopt, {}};
  const Instant when{std::chrono::days{20'000 + dice.roll(14)}};
  observation.seen.add(1 + dice.roll(9), when, when);
  if (dice.one_in(3)) observation.attempt.credential.reset();
  if (dice.one_in(2)) {  // on the wire
    if (!observation.attempt.credential)
      observation.attempt.trusted_service = attempt.trusted_service;
    world.seen.push_back(std::move(observation));
    world.truth.push_back(attempt);
    return;
  }
  observation.attempt.credential.reset();
  observation.attempt.trusted_service = false;
  if (bound.path == Path::PrivateEndpoint) observation.attempt.via = Via::PrivateEndpoint;
  const Decision decision = evaluate(world.policy, bound);
  for (const Leg& leg : decision.legs()) {
    if (leg.categories.count == 0 || leg.verdict == Verdict::Undecided) continue;
    Observation record = observation;
    record.recorded = Recorded{leg.categories.list[0], {}, {}};
    if (names_a_rule(leg.reason)) record.recorded->rule = world.policy.rule_name(leg.rule);
    world.seen.push_back(std::move(record));
    world.truth.push_back(attempt);
  }
}

World make_world(std::uint64_t seed) {
  Dice dice(seed);
  World world{compile(random_environment(dice, {10, 5})), {}, {}};
  for (int i = 0; i < kSuggestionAttempts; ++i) {
    Attempt attempt = random_attempt(dice, world.policy.environment());
    const auto bound = bind(world.policy, attempt);
    if (bound && is_whole(*bound)) observe(world, attempt, *bound, dice);
  }
  return world;
}

// What the leg of an attempt really ends in; nothing where there is no such leg or no attempt.
std::optional<Verdict> really(const Environment& env, const Attempt& attempt, Direction direction) {
  const auto outcome = reference::decide(env, attempt);
  if (!outcome) return std::nullopt;
  for (const reference::LegOutcome& leg : outcome->legs) {
    if (leg.direction == direction) return leg.verdict;
  }
  return std::nullopt;
}

class Checker {
 public:
  Checker(std::uint64_t seed, const World& world)
      : seed_(seed),
        world_(world),
        report_(assess_readiness(world.policy, world.seen, {})),
        options_{.max_unseen = seed % 40},
        suggestions_(suggest(world.policy, report_, {}, options_)) {}

  void check() {
    check_blockers();
    check_limits();
    check_proofs();
    check_resolved();
    check_gained();
    check_rollout();
  }

  std::size_t blockers = 0;
  std::size_t resolved = 0;
  std::size_t gained = 0;
  std::array<std::size_t, 7> kinds{};

 private:
  [[nodiscard]] std::string at(const SeenLeg& leg) const {
    return fmt::format("seed {}, observation {}, {}: {}\n{}", seed_, leg.observation,
                       to_string(leg.direction),
                       differential::describe(world_.truth[leg.observation]), leg.reason_after);
  }
  [[nodiscard]] std::uint64_t weight(std::size_t observation) const {
    return world_.seen[observation].seen.weight;
  }

  void check_blockers() {
    const Environment& env = world_.policy.environment();
    const Environment enforced = with_enforced(env, report_.selected);
    std::uint64_t all = 0;
    for (const SeenLeg& leg : report_.legs) {
      const Attempt& truth = world_.truth[leg.observation];
      const auto now = really(env, truth, leg.direction);
      const auto then = really(enforced, truth, leg.direction);
      ASSERT_TRUE(now && then) << at(leg);
      const bool breaks = *now == Verdict::Allow && *then == Verdict::Deny;
      if (leg.change() == Change::Revoked) {
        EXPECT_TRUE(breaks) << at(leg);
        ++blockers;
        all += weight(leg.observation);
      } else if (leg.change() == Change::Unchanged) {
        EXPECT_FALSE(breaks) << at(leg);
      }
    }
    const Proof& proof = suggestions_.proof;
    EXPECT_EQ(proof.resolves + proof.may_resolve + proof.revoked_left, all) << "seed " << seed_;
  }

  void check_limits() {
    const Environment& env = suggestions_.candidate;
    for (const Suggestion& one : suggestions_.all) {
      ++kinds[static_cast<std::size_t>(one.kind)];
      if (one.kind < SuggestionKind::InboundRule) continue;
      EXPECT_LE(one.unseen, options_.max_unseen) << "seed " << seed_;
      for (const WrittenPrefix& prefix : one.rule.prefixes) {
        EXPECT_FALSE(prefix.prefix.is_private()) << "seed " << seed_ << ": " << prefix.text;
      }
    }
    for (const Perimeter& perimeter : env.perimeters) {
      for (const Profile& profile : perimeter.profiles) {
        EXPECT_LE(rule_elements(profile, Direction::Inbound), kMostElements);
        EXPECT_LE(rule_elements(profile, Direction::Outbound), kMostElements);
        std::set<std::string> names;
        for (const AccessRule& rule : profile.rules) names.insert(rule.name);
        EXPECT_EQ(names.size(), profile.rules.size()) << "seed " << seed_;
      }
    }
  }

  // What a suggestion is said to touch is all that it touches.
  void check_proofs() {
    const Readings readings;
    const Prover prover(world_.policy, report_, readings);
    for (const Suggestion& one : suggestions_.all) {
      const Suggestion* const just = &one;
      EXPECT_EQ(one.proof, prover.prove_all({&just, 1})) << "seed " << seed_ << ": " << one.text;
    }
  }

  // A chosen suggestion asks its caller for the managed identity.
  [[nodiscard]] bool is_changed(std::size_t observation) const {
    return std::ranges::any_of(suggestions_.all, [&](const Suggestion& one) {
      return one.chosen && asks_for_identity(one.kind) &&
             std::ranges::any_of(one.targets, [&](std::size_t target) {
               return report_.legs[target].observation == observation;
             });
    });
  }
  [[nodiscard]] Attempt as_suggested(std::size_t observation) const {
    Attempt attempt = world_.truth[observation];
    if (is_changed(observation)) attempt.credential = Credential::ManagedIdentity;
    return attempt;
  }

  [[nodiscard]] Environment candidate_enforced() const {
    std::vector<bool> enforced = report_.selected;
    enforced.resize(suggestions_.candidate.associations.size(), false);
    return with_enforced(suggestions_.candidate, enforced);
  }

  void check_resolved() {
    const Environment env = candidate_enforced();
    std::set<std::size_t> left;
    for (const UnresolvedBlocker& one : suggestions_.unresolved) {
      EXPECT_FALSE(one.why.empty());
      left.insert(one.leg);
    }
    std::uint64_t revoked_left = 0;
    for (std::size_t i = 0; i < report_.legs.size(); ++i) {
      const SeenLeg& leg = report_.legs[i];
      const Change change = leg.change();
      if (change != Change::Revoked && change != Change::Undecided) continue;
      if (left.contains(i)) {
        revoked_left += change == Change::Revoked ? weight(leg.observation) : 0;
        continue;
      }
      ++resolved;
      EXPECT_EQ(really(env, as_suggested(leg.observation), leg.direction), Verdict::Allow)
          << at(leg);
    }
    EXPECT_EQ(suggestions_.proof.revoked_left + suggestions_.proof.may_resolve, revoked_left)
        << "seed " << seed_;
  }

  void check_gained() {
    const Environment& before = world_.policy.environment();
    const Environment after = candidate_enforced();
    std::set<LegAt> listed(suggestions_.proof.gained_legs.begin(),
                           suggestions_.proof.gained_legs.end());
    std::uint64_t sum = 0;
    for (const LegAt& one : listed) {
      EXPECT_EQ(really(before, world_.truth[one.observation], one.direction), Verdict::Deny)
          << "seed " << seed_;
      EXPECT_EQ(really(after, as_suggested(one.observation), one.direction), Verdict::Allow)
          << "seed " << seed_;
      sum += weight(one.observation);
      ++gained;
    }
    EXPECT_EQ(sum, suggestions_.proof.gained);
    for (const SeenLeg& leg : report_.legs) {
      const Attempt& truth = world_.truth[leg.observation];
      const bool is_gained = leg.before == Verdict::Deny && leg.after == Verdict::Deny &&
                             really(after, truth, leg.direction) == Verdict::Allow;
      if (is_gained && !is_changed(leg.observation) && is_certain(leg, after)) {
        EXPECT_TRUE(listed.contains({leg.observation, leg.direction})) << at(leg);
      }
    }
  }

  // Whatever the observer did not see, the leg is allowed in `env`.
  [[nodiscard]] bool is_certain(const SeenLeg& leg, const Environment& env) const {
    const Policy policy = compile(env);
    const std::vector<Judged> judged =
        judge_all({&world_.seen[leg.observation], 1}, {&world_.policy, &policy, {}, {}, {}});
    for (const SeenLeg& again :
         seen_legs(judged.front(), {&world_.policy, &policy, {}, {}, {}}, 0)) {
      if (again.direction == leg.direction) return again.after == Verdict::Allow;
    }
    return false;
  }

  void check_rollout() {
    const Rollout plan = plan_rollout(world_.policy, report_, suggestions_, {});
    std::uint64_t breaks = 0;
    std::set<std::size_t> made;
    for (const RolloutStep& step : plan.steps) {
      breaks += step.breaks;
      EXPECT_LE(step.breaks, step.breaks_alone) << "seed " << seed_;
      for (const std::size_t need : step.needs) EXPECT_TRUE(made.insert(need).second);
    }
    // What a later suggestion leaves open is refused until then.
    const std::uint64_t left = suggestions_.proof.revoked_left + suggestions_.proof.may_resolve;
    EXPECT_LE(breaks, left) << "seed " << seed_;
    EXPECT_TRUE(left != 0 || plan.breaks_nothing()) << "seed " << seed_;
  }

  std::uint64_t seed_;
  const World& world_;
  ReadinessReport report_;
  SuggestOptions options_;
  Suggestions suggestions_;
};

TEST(Suggestions, AreWhatTheySayInRandomEnvironments) {
  std::size_t blockers = 0;
  std::size_t resolved = 0;
  std::size_t gained = 0;
  std::array<std::size_t, 7> kinds{};
  for (std::uint64_t seed = 50'000; seed < 50'000 + suggestion_environments(); ++seed) {
    const World world = make_world(seed);
    Checker checker(seed, world);
    checker.check();
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
    blockers += checker.blockers;
    resolved += checker.resolved;
    gained += checker.gained;
    for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] += checker.kinds[i];
  }
  fmt::print("{} environments: {} blockers, {} resolved, {} gained; by kind {}\n",
             suggestion_environments(), blockers, resolved, gained, fmt::join(kinds, " "));
  EXPECT_GT(blockers, suggestion_environments());
  EXPECT_GT(resolved, suggestion_environments());
  EXPECT_GT(gained, suggestion_environments() / 20);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_GT(kinds[i], 0U) << to_string(static_cast<SuggestionKind>(i));
  }
}

}  // namespace
}  // namespace nsp::differential

// What holds of the engine in every environment, whatever its rules say: tried on random ones.
//
// Most tests use small environments, where attempts meet. Each counts how often its question
// really arose, so that none passes by asking nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "sim/base/text.h"
#include "sim/policy/policy.h"
#include "tests/differential/changed_world.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

constexpr Size kSmallProperties{8, 6};

std::uint64_t property_worlds() { return sampling(4) == 1 ? 400 : 100; }

// All that a decision says and that does not hang on the order of anything.
struct SeenVerdict {
  reference::Outcome outcome;
  std::vector<NoteSet> notes;
  std::vector<MatterSet> readings;
  bool operator==(const SeenVerdict&) const = default;
};

SeenVerdict see(const Policy& policy, const Decision& decision) {
  SeenVerdict seen{as_outcome(policy, decision), {}, {}};
  for (const Leg& leg : decision.legs()) {
    seen.notes.push_back(leg.notes);
    seen.readings.push_back(leg.readings);
  }
  return seen;
}

std::string verdict_words(const SeenVerdict& seen) {
  std::string text = differential::describe(seen.outcome);
  for (std::size_t i = 0; i < seen.notes.size(); ++i) {
    text += fmt::format("\n      notes {} readings {}", seen.notes[i].to_string(),
                        seen.readings[i].to_string());
  }
  return text;
}

// Nothing when the attempt is none (P-9).
std::optional<SeenVerdict> seen_of(const Policy& policy, const Attempt& attempt,
                                   const Scope& scope = {}, const Readings& readings = {}) {
  const auto bound = bind(policy, attempt, readings);
  if (!bound) return std::nullopt;
  return see(policy, evaluate(policy, *bound, scope, readings));
}

std::string difference(const Policy& policy, const Attempt& attempt, const Scope& scope,
                       const std::optional<SeenVerdict>& before,
                       const std::optional<SeenVerdict>& after) {
  return fmt::format("{}  {}\n  {}\n  one:   {}\n  other: {}\n",
                     differential::describe(policy.environment(), attempt),
                     differential::describe(attempt), differential::describe(scope),
                     before ? verdict_words(*before) : "no attempt",
                     after ? verdict_words(*after) : "no attempt");
}

// The default, or one other reading of one matter.
Readings random_readings(Dice& dice) {
  static const std::vector<Alternative> kOthers = alternatives(Readings{});
  return dice.one_in(2) ? Readings{} : dice.pick(kOthers).readings;
}

// ------------------------------------------------------------------------------------------------
// G-3

int openness(Verdict verdict) {
  constexpr std::array kOrder{Verdict::Deny, Verdict::Undecided, Verdict::Allow};
  return static_cast<int>(std::ranges::find(kOrder, verdict) - kOrder.begin());
}

Environment with_one_more_rule(Dice& dice, Environment env) {
  const auto direction = static_cast<Direction>(dice.roll(2));
  Perimeter& perimeter = env.perimeters[dice.roll(env.perimeters.size())];
  Profile& profile = perimeter.profiles[dice.roll(perimeter.profiles.size())];
  profile.rules.push_back(random_rule(dice, "added", direction));
  return env;
}

// Stronger than "never from allow to deny": nor to undecided, nor from undecided to deny.
TEST(Properties, AnotherRuleNeverCloses) {
  std::uint64_t opened = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Policy before = compile(random_environment(dice, kSmallProperties));
    const Policy after = compile(with_one_more_rule(dice, before.environment()));
    for (int i = 0; i < 200; ++i) {
      const Attempt attempt = random_attempt(dice, before.environment());
      const Scope scope = random_scope(dice, before.environment());
      const Readings readings = random_readings(dice);
      const auto one = seen_of(before, attempt, scope, readings);
      const auto other = seen_of(after, attempt, scope, readings);
      ASSERT_EQ(one.has_value(), other.has_value()) << seed;
      if (!one) continue;
      const int was = openness(one->outcome.verdict);
      const int is = openness(other->outcome.verdict);
      ASSERT_GE(is, was) << seed << '\n' << difference(after, attempt, scope, one, other);
      if (is > was) ++opened;
    }
  }
  EXPECT_GT(opened, 20U);
}

// ------------------------------------------------------------------------------------------------
// order

TEST(Properties, OrderNeverMatters) {
  std::uint64_t asked = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Size size = dice.one_in(4) ? Size{40, 12} : kSmallProperties;
    const Policy policy = compile(random_environment(dice, size));
    const Policy reordered = compile(shuffled(dice, policy.environment()));
    for (int i = 0; i < 200; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const Readings readings = random_readings(dice);
      const Scope scope = dice.one_in(2) ? Scope{} : if_enforced();
      const auto one = seen_of(policy, attempt, scope, readings);
      const auto other = seen_of(reordered, attempt, scope, readings);
      ASSERT_TRUE(one == other) << seed << '\n' << difference(policy, attempt, scope, one, other);
      if (one) ++asked;
    }
  }
  EXPECT_GT(asked, property_worlds() * 100);
}

// ------------------------------------------------------------------------------------------------
// scopes

using MakeScope = std::function<Scope(Dice&, const Environment&)>;

// How often the scope made a difference to what is there.
std::uint64_t compare_with_copies(const MakeScope& make_scope) {
  std::uint64_t changed = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, kSmallProperties));
    const Scope scope = make_scope(dice, policy.environment());
    const Policy copy = compile(as_supposed(policy.environment(), scope));
    for (int i = 0; i < 200; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const Readings readings = random_readings(dice);
      const auto supposed = seen_of(policy, attempt, scope, readings);
      const auto real = seen_of(copy, attempt, {}, readings);
      if (supposed != real) {
        ADD_FAILURE() << seed << '\n' << difference(policy, attempt, scope, supposed, real);
        return 0;
      }
      if (supposed != seen_of(policy, attempt, {}, readings)) ++changed;
    }
  }
  return changed;
}

TEST(Scopes, IfEnforcedEqualsEveryModeEnforced) {
  EXPECT_GT(compare_with_copies([](Dice&, const Environment&) { return if_enforced(); }), 500U);
}

TEST(Scopes, AnyModeEqualsEveryAssociationInIt) {
  EXPECT_GT(compare_with_copies([](Dice& dice, const Environment&) {
              Scope scope;
              scope.mode = static_cast<AccessMode>(dice.roll(3));
              return scope;
            }),
            500U);
}

TEST(Scopes, ChosenAssociationsEqualThoseChanged) {
  std::vector<bool> chosen;  // outlives each scope that refers to it
  EXPECT_GT(compare_with_copies([&](Dice& dice, const Environment& env) {
              chosen.clear();
              for (std::size_t i = 0; i < env.associations.size(); ++i) {
                chosen.push_back(dice.one_in(2));
              }
              Scope scope = if_enforced();
              scope.only = &chosen;
              return scope;
            }),
            200U);
}

TEST(Scopes, AnotherPublicNetworkAccessEqualsThatInTheDocument) {
  EXPECT_GT(compare_with_copies([](Dice& dice, const Environment& env) {
              Scope scope;
              scope.resource_with_access = static_cast<Index>(dice.roll(env.resources.size()));
              scope.public_network_access = static_cast<PublicNetworkAccess>(dice.roll(3));
              return scope;
            }),
            100U);
}

TEST(Scopes, NotAssociatedEqualsNoAssociation) {
  EXPECT_GT(compare_with_copies([](Dice& dice, const Environment& env) {
              Scope scope;
              scope.not_associated = static_cast<Index>(dice.roll(env.resources.size()));
              return scope;
            }),
            100U);
}

TEST(Scopes, AllAtOnceEqualAllChanged) { EXPECT_GT(compare_with_copies(random_scope), 200U); }

// ------------------------------------------------------------------------------------------------
// P-1

TEST(Properties, AnApprovedPrivatePathDoesNotAskThePerimeter) {
  std::uint64_t asked = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, kSmallProperties));
    const Policy other = compile(with_other_policy(dice, policy.environment()));
    for (int i = 0; i < 200; ++i) {
      Attempt attempt = random_attempt(dice, policy.environment());
      if (dice.one_in(2)) attempt.via = Via::PrivateEndpoint;
      const auto bound = bind(policy, attempt);
      if (!bound || bound->path != Path::PrivateEndpoint || bound->destination == kNone ||
          bound->private_state != PrivateState::Approved) {
        continue;
      }
      const auto here = as_outcome(policy, evaluate(policy, *bound));
      const auto there = as_outcome(other, evaluate(other, bind(other, attempt).value()));
      ASSERT_EQ(here.verdict, Verdict::Allow) << seed << '\n' << differential::describe(attempt);
      ASSERT_TRUE(here == there) << seed << '\n'
                                 << differential::describe(attempt)
                                 << "\n  one:   " << differential::describe(here)
                                 << "\n  other: " << differential::describe(there);
      ++asked;
    }
  }
  EXPECT_GT(asked, property_worlds());
}

// ------------------------------------------------------------------------------------------------
// edges of prefixes

// The first and the last address, the one before and the one past.
std::vector<IpAddress> edges(const IpPrefix& prefix) {
  const IpAddress first = prefix.first();
  const IpAddress last = prefix.last();
  const Uint128 top = first.v4 ? Uint128{0xffff'ffffU} : ~Uint128{0};
  std::vector<IpAddress> addresses{first, last};
  if (first.bits > 0) addresses.push_back({first.bits - 1, first.v4});
  if (last.bits < top) addresses.push_back({last.bits + 1, last.v4});
  return addresses;
}

std::vector<IpPrefix> prefixes_at(const Environment& env, const Resource& resource) {
  std::vector<IpPrefix> prefixes;
  for (const WrittenPrefix& rule : resource.firewall.ip_rules) prefixes.push_back(rule.prefix);
  if (resource.association == kNone) return prefixes;
  const Association& a = env.associations[resource.association];
  for (const AccessRule& rule : env.perimeters[a.perimeter].profiles[a.profile].rules) {
    for (const WrittenPrefix& written : rule.prefixes) prefixes.push_back(written.prefix);
  }
  return prefixes;
}

Attempt call_from(const IpAddress& address, const Resource& to) {
  Attempt attempt;
  attempt.outside = true;
  attempt.from = "someone";
  attempt.to = to.name;
  attempt.credential = Credential::User;
  attempt.via = Via::Public;
  attempt.address = address;
  return attempt;
}

// In Learning with publicNetworkAccess Enabled, where the resource's own IP rules count too.
Scope open_scope(Index resource) {
  Scope scope;
  scope.mode = AccessMode::Learning;
  scope.resource_with_access = resource;
  return scope;
}

TEST(Prefixes, EveryEdgeEqualsTheLinearAnswer) {
  Comparer comparer;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, kSmallProperties));
    const Environment& env = policy.environment();
    for (Index r = 0; r < env.resources.size(); ++r) {
      const std::vector<Scope> scopes{Scope{}, if_enforced(), open_scope(r)};
      for (const IpPrefix& prefix : prefixes_at(env, env.resources[r])) {
        for (const IpAddress& address : edges(prefix)) {
          comparer.compare(policy, call_from(address, env.resources[r]), scopes, {},
                           fmt::format("seed {}", seed));
        }
      }
    }
  }
  EXPECT_TRUE(comparer.report().empty()) << comparer.report();
  EXPECT_GT(comparer.compared(), property_worlds() * 100);
}

// The rule that a walk over all of them names: the first by name, and whether another matches.
struct LinearAnswer {
  std::string name;
  bool several = false;
  bool operator==(const LinearAnswer&) const = default;
};

LinearAnswer walk(const Profile& profile, const IpAddress& address) {
  LinearAnswer answer;
  for (const AccessRule& rule : profile.rules) {
    const bool inside = rule.direction == Direction::Inbound &&
                        std::ranges::any_of(rule.prefixes, [&](const WrittenPrefix& written) {
                          return written.prefix.contains(address);
                        });
    if (!inside) continue;
    answer.several = !answer.name.empty();
    if (answer.name.empty() || iless(rule.name, answer.name)) answer.name = rule.name;
  }
  return answer;
}

LinearAnswer look_up(const Profile& profile, const CompiledProfile& compiled,
                     const IpAddress& address) {
  const RankMatch match = compiled.prefixes.find(address);
  if (match.rank == kNone) return {};
  return {profile.rules[compiled.rule_of_rank[match.rank]].name, match.several};
}

// Tries the edges of every prefix of the profile; how many addresses that were.
std::uint64_t compare_tables(const Profile& profile, const CompiledProfile& compiled) {
  std::uint64_t asked = 0;
  for (const AccessRule& rule : profile.rules) {
    for (const WrittenPrefix& written : rule.prefixes) {
      for (const IpAddress& address : edges(written.prefix)) {
        const LinearAnswer expected = walk(profile, address);
        const LinearAnswer actual = look_up(profile, compiled, address);
        EXPECT_EQ(actual.name, expected.name) << to_string(address);
        EXPECT_EQ(actual.several, expected.several) << to_string(address);
        ++asked;
      }
    }
  }
  return asked;
}

TEST(Prefixes, TablesNameTheRuleThatAWalkNames) {
  std::uint64_t asked = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds() && !HasFailure(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, {8, 12}));
    for (Index r = 0; r < policy.environment().resources.size(); ++r) {
      const CompiledResource& resource = policy.resource(r);
      if (resource.association == kNone) continue;
      const Perimeter& perimeter = policy.environment().perimeters[resource.perimeter];
      asked += compare_tables(perimeter.profiles[resource.profile],
                              policy.profile(resource.compiled_profile));
    }
  }
  EXPECT_GT(asked, property_worlds() * 50);
}

// ------------------------------------------------------------------------------------------------
// traces

// The step that decides the leg; null unless there is exactly one.
const TraceStep* deciding_step(const Trace& trace, Direction direction) {
  const TraceStep* found = nullptr;
  for (const TraceStep& step : trace.steps) {
    if (step.direction != direction || step.outcome != TraceStep::Outcome::Decided) continue;
    if (found != nullptr) return nullptr;
    found = &step;
  }
  return found;
}

bool shows_rule(const TraceStep& step, const Policy& policy, const RuleRef& rule) {
  return std::ranges::any_of(step.trials, [&](const RuleTrial& trial) {
    return trial.matched && trial.rule == rule && trial.rule_name == policy.rule_name(rule);
  });
}

// What is wrong with the trace of a decision; nothing: empty. Counts the legs that show a rule.
std::string trace_problem(const Policy& policy, const Decision& decision, const Trace& trace,
                          std::uint64_t& rules_shown) {
  const auto decided =
      std::ranges::count(trace.steps, TraceStep::Outcome::Decided, &TraceStep::outcome);
  if (decided != std::max<std::ptrdiff_t>(1, decision.leg_count)) {
    return fmt::format("{} deciding steps", decided);
  }
  for (const Leg& leg : decision.legs()) {
    const TraceStep* step = deciding_step(trace, leg.direction);
    if (step == nullptr) return fmt::format("no deciding step {}", to_string(leg.direction));
    if (step->clause != leg.clause) return fmt::format("decided by {}", facts(step->clause).id);
    const bool is_listed =
        leg.rule.kind != RuleRef::Kind::None && leg.rule.kind != RuleRef::Kind::DefaultAction;
    if (!is_listed) continue;
    if (!shows_rule(*step, policy, leg.rule)) return "the rule is not shown as matched";
    ++rules_shown;
  }
  return "";
}

TEST(Traces, DecideAsWithoutAndShowTheRule) {
  std::uint64_t rules_shown = 0;
  for (std::uint64_t seed = 1; seed <= property_worlds(); ++seed) {
    Dice dice(seed);
    const Policy policy = compile(random_environment(dice, kSmallProperties));
    for (int i = 0; i < 200; ++i) {
      const Attempt attempt = random_attempt(dice, policy.environment());
      const Scope scope = random_scope(dice, policy.environment());
      const Readings readings = random_readings(dice);
      const auto bound = bind(policy, attempt, readings);
      if (!bound) continue;
      Trace trace;
      const Decision traced = evaluate(policy, *bound, scope, readings, trace);
      const Decision untraced = evaluate(policy, *bound, scope, readings);
      ASSERT_TRUE(traced == untraced)
          << seed << '\n'
          << difference(policy, attempt, scope, see(policy, traced), see(policy, untraced));
      ASSERT_EQ(trace_problem(policy, traced, trace, rules_shown), "")
          << seed << '\n'
          << difference(policy, attempt, scope, see(policy, traced), see(policy, untraced));
    }
  }
  EXPECT_GT(rules_shown, property_worlds());
}

}  // namespace
}  // namespace nsp::differential

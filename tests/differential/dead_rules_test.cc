// Dead rules of random environments: all of them can be taken away at once and no attempt is
// judged otherwise; and of what is left every element is needed, by an attempt that shows it.
#include "sim/analysis/dead_rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/analysis/rule_proof.h"
#include "sim/base/text.h"
#include "sim/decision/leg.h"
#include "sim/net/address_ranges.h"
#include "tests/differential/comparer.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {
namespace {

std::uint64_t environments() { return sampling(8) == 1 ? 60 : 8; }

std::vector<Readings> readings_to_try() {
  std::vector<Readings> all{Readings{}};
  for (const char* text : {"U2=none", "U4=one-label", "C6=unavailable", "C6=any"}) {
    Readings readings;
    EXPECT_TRUE(add_assumptions(readings, text));
    all.push_back(readings);
  }
  return all;
}

// Few profiles with many rules, so that covers of several elements occur.
Environment crowded(Dice& dice) {
  Environment env = random_environment(dice, {24, 16});
  for (auto& [tag, prefixes] : env.service_tags) {
    if (dice.one_in(3)) prefixes.push_back(*IpPrefix::parse("203.0.113.128/25"));
    if (dice.one_in(6)) prefixes.clear();
  }
  for (Resource& resource : env.resources) {
    if (resource.association != kNone && dice.one_in(2)) resource.service = Service::KeyVault;
  }
  return env;
}

TEST(DeadRulesOfRandomEnvironments, CanBeTakenAwayTogether) {
  std::uint64_t attempts = 0;
  std::size_t rules = 0;
  std::size_t elements = 0;
  std::size_t joint = 0;
  for (std::uint64_t seed = 1; seed <= environments(); ++seed) {
    Dice dice(seed);
    const Policy before = compile(crowded(dice));
    for (const Readings& readings : readings_to_try()) {
      const DeadRules dead = find_dead_rules(before, readings);
      ASSERT_EQ(dead, propose_dead_rules(before.environment(), readings)) << "seed " << seed;
      rules += dead.rules.size();
      elements += dead.elements.size();
      joint += static_cast<std::size_t>(std::ranges::count_if(
          dead.rules, [](const DeadRule& rule) { return rule.cover.size() > 1; }));
      const Policy after = compile(without_dead(before.environment(), dead));
      for (int i = 0; i < 2'000; ++i) {
        const Attempt attempt = random_attempt(dice, before.environment());
        const Scope scope = random_scope(dice, before.environment());
        const auto was = bind(before, attempt, readings);
        const auto is = bind(after, attempt, readings);
        ASSERT_EQ(was.has_value(), is.has_value());
        if (!was) continue;
        ++attempts;
        for (const Scope& each : {Scope{}, if_enforced(), scope}) {
          const Decision a = evaluate(before, *was, each, readings);
          const Decision b = evaluate(after, *is, each, readings);
          ASSERT_TRUE(a.verdict == b.verdict &&
                      std::ranges::equal(a.legs(), b.legs(), {}, &Leg::verdict, &Leg::verdict))
              << "seed " << seed << " " << describe(attempt);
        }
      }
    }
  }
  EXPECT_GT(rules, environments());
  EXPECT_GT(elements, environments());
  EXPECT_GT(joint, environments() / 8);
  fmt::print("{} dead rules ({} covered by several), {} dead elements, {} attempts\n", rules, joint,
             elements, attempts);
}

// Why no attempt can show that this element is needed, whatever else stands beside it.
bool is_exempt(const Environment& env, const ElementAt& element, const Readings& readings) {
  std::size_t members = 0;
  std::size_t with_tags = 0;
  std::size_t with_outbound = 0;
  for (const Association& association : env.associations) {
    if (association.perimeter != element.at.perimeter || association.profile != element.at.profile)
      continue;
    const Service service = env.resources[association.resource].service;
    ++members;
    with_tags += supports_tags(service, readings);
    with_outbound += service != Service::KeyVault;
  }
  const AccessRule& rule = rule_of(env, element.at);
  if (members == 0 || find_unresolved(rule.unresolved, "direction") != nullptr) return true;
  if (element.kind == ElementAt::Kind::HostName) return with_outbound == 0;
  if (element.kind == ElementAt::Kind::Prefix) {
    const IpPrefix& prefix = rule.prefixes[element.index].prefix;
    return prefix.is_private() || (!prefix.network.v4 && !readings.is_default(Matter::U2));
  }
  if (element.kind == ElementAt::Kind::Tag) {
    const auto known = env.service_tags.find(lower(rule.service_tags[element.index]));
    return with_tags == 0 || known == env.service_tags.end() || public_part(known->second).empty();
  }
  return false;
}

// Of a rule whose direction is open the elements count in the engine, and cover nothing here.
bool has_open_direction(const Environment& env, const RuleAt& at) {
  return std::ranges::any_of(profile_of(env, at).rules, [](const AccessRule& rule) {
    return find_unresolved(rule.unresolved, "direction") != nullptr;
  });
}

TEST(DeadRulesOfRandomEnvironments, WhatIsLeftIsNeeded) {
  std::size_t needed = 0;
  std::size_t exempt = 0;
  for (std::uint64_t seed = 1; seed <= environments(); ++seed) {
    Dice dice(seed + 500);
    const Environment env = crowded(dice);
    for (const Readings& readings : readings_to_try()) {
      const Environment kept = without_dead(env, propose_dead_rules(env, readings));
      const Policy before = compile(kept);
      for (const RuleAt& at : all_rules(kept)) {
        const auto attempts = telling_attempts(kept, at);
        for (const ElementAt& element : elements_of(kept, at)) {
          if (is_exempt(kept, element, readings) || has_open_direction(kept, at)) {
            ++exempt;
            continue;
          }
          ++needed;
          const Policy after = compile(without_rules(kept, {}, {element}));
          ASSERT_TRUE(first_change(before, after, attempts, readings))
              << "seed " << seed << " " << rule_of(kept, at).name << " "
              << element_text(kept, element);
        }
      }
    }
  }
  EXPECT_GT(needed, environments() * 20);
  fmt::print("{} elements needed, {} not looked at\n", needed, exempt);
}

}  // namespace
}  // namespace nsp::differential

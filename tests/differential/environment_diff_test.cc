// The changes of verdicts between two environments are complete and true: whatever random attempt
// is judged differently lies under a change, and every change has an attempt that really differs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "sim/analysis/verdict_diff.h"
#include "sim/base/text.h"
#include "sim/decision/describe.h"
#include "tests/differential/changed_world.h"
#include "tests/differential/comparer.h"
#include "tests/differential/edited_world.h"

namespace nsp::differential {
namespace {

constexpr Size kSmallDiff{8, 6};

std::uint64_t diff_worlds() { return sampling(4) == 1 ? 1500 : 100; }

using Sides = std::array<const Policy*, 2>;

bool has(const std::vector<std::string>& all, std::string_view text) {
  return std::ranges::find(all, text) != all.end();
}
bool none_or_has(const std::vector<std::string>& all, std::string_view text) {
  return all.empty() || has(all, text);
}

// One attempt as both sides bind it.
struct Asked2 {
  Sides policies;
  Attempt attempt;
  std::array<BoundAttempt, 2> bound;
  Readings readings;

  template <class Test>
  [[nodiscard]] bool either(Test test) const {
    return test(bound[0]) || test(bound[1]);
  }
  [[nodiscard]] std::string caller() const { return name(bound[1].caller); }
  [[nodiscard]] std::string destination() const { return name(bound[1].destination); }

 private:
  [[nodiscard]] std::string name(Index index) const {
    return index == kNone ? std::string() : policies[1]->display_name(index);
  }
};

bool is_public(const BoundAttempt& bound) { return bound.path != Path::PrivateEndpoint; }

// The attempt comes, or may come, from an address of these.
bool shows_address(const Asked2& asked, const std::vector<std::string>& prefixes) {
  return asked.either([&](const BoundAttempt& bound) {
    if (bound.address_view == AddressView::Missing) return true;
    return bound.address_view == AddressView::Visible &&
           std::ranges::any_of(prefixes, [&](const std::string& text) {
             const auto prefix = IpPrefix::parse(text);
             return prefix && prefix->contains(bound.address);
           });
  });
}

bool shows_subscription(const Asked2& asked, const VerdictChange& change) {
  const Attempt& attempt = asked.attempt;
  if (!attempt.outside) return false;
  if (attempt.credential && !has(change.credentials, to_string(*attempt.credential))) return false;
  if (!attempt.subscription || has(change.values, to_string(*attempt.subscription))) return true;
  // Named in another profile, it may be any other one here.
  return change.other_values;
}

bool shows_subnet(const Asked2& asked, const VerdictChange& change) {
  const bool by_endpoint =
      asked.either([](const BoundAttempt& b) { return b.path == Path::ServiceEndpoint; });
  if (!by_endpoint) return false;
  if (asked.attempt.subnet.empty() || change.other_values) return true;
  const Index index = asked.policies[0]->find_subnet(asked.attempt.subnet).index;
  return has(change.values, asked.policies[0]->environment().subnets[index].id.text());
}

bool at_host(const Asked2& asked, const VerdictChange& change) {
  if (change.host_names.empty()) return true;
  const std::string& host = asked.bound[0].host.text;
  return std::ranges::any_of(change.host_names, [&](const std::string& word) {
    return host == word || host.find("." + word + ".") != std::string::npos;
  });
}

bool with_credential(const Asked2& asked, const VerdictChange& change) {
  return asked.either([&](const BoundAttempt& bound) {
    return bound.credential == Credential::Unknown ||
           none_or_has(change.credentials, to_string(bound.credential)) ||
           (!asked.attempt.credential && has(change.credentials, "own"));
  });
}

bool shows_what_it_must(const Asked2& asked, const VerdictChange& change) {
  if (change.shows.empty()) return true;
  if (asked.attempt.trusted_service && has(change.shows, "trusted service")) return true;
  if (shows_address(asked, change.shows)) return true;
  const bool by_endpoint =
      asked.either([](const BoundAttempt& b) { return b.path == Path::ServiceEndpoint; });
  return by_endpoint && (asked.attempt.subnet.empty() || has(change.shows, "any other subnet") ||
                         has(change.shows, "subnet " + asked.attempt.subnet));
}

bool to_host_name(const Asked2& asked, const VerdictChange& change) {
  if (asked.bound[0].destination != kNone || !has(change.from, asked.caller())) return false;
  if (change.other_values) return true;
  const DomainName host = DomainName::parse(asked.bound[0].host.text).value();
  return std::ranges::any_of(change.values, [&](const std::string& value) {
    return DomainPattern::parse(value).value().matches(host);
  });
}

// `public` is any way past the caller's shared private link.
bool by_way(const Asked2& asked, const VerdictChange& change) {
  if (!change.via || *change.via == asked.attempt.via) return true;
  return *change.via == Via::Public && asked.either(is_public);
}

bool covers(const VerdictChange& change, const Asked2& asked) {
  if (change.asked == Asked::HostName) return to_host_name(asked, change);
  if (!has(change.to, asked.destination())) return false;
  if (!none_or_has(change.protocols, to_string(asked.attempt.protocol))) return false;
  switch (change.asked) {
    case Asked::Anyone:
      return asked.either(is_public);
    case Asked::Address:
      return shows_address(asked, change.values);
    case Asked::Subscription:
      return shows_subscription(asked, change);
    case Asked::TrustedService:
      return asked.attempt.trusted_service;
    case Asked::Subnet:
      return shows_subnet(asked, change);
    case Asked::PrivateEndpoint:
      return !asked.either(is_public) && at_host(asked, change);
    case Asked::Resource:
      return has(change.from, asked.caller()) && with_credential(asked, change) &&
             at_host(asked, change) && by_way(asked, change) && shows_what_it_must(asked, change);
    case Asked::Path:
      return asked.attempt.via == Via::Auto && has(change.values, asked.attempt.subnet) &&
             at_host(asked, change);
    default:
      return false;
  }
}

std::string told(const VerdictChange& change) {
  return fmt::format(
      "{} {} [{}] -> [{}] values [{}] other {} creds [{}] shows [{}] hosts [{}] "
      "protocols [{}]: {} -> {}, enforced {} -> {}\n",
      to_string(change.turn), to_string(change.asked), join(change.from, ","), join(change.to, ","),
      join(change.values, ","), change.other_values, join(change.credentials, ","),
      join(change.shows, ","), join(change.host_names, ","), join(change.protocols, ","),
      verdict_word(change.now.base), verdict_word(change.now.candidate),
      verdict_word(change.enforced.base), verdict_word(change.enforced.candidate));
}

std::string told(const VerdictDiff& diff) {
  std::string text;
  for (const VerdictChange& change : diff.changes) text += told(change);
  return text;
}

// A change of the path alone stands for both.
bool differs(const VerdictChange& change, bool enforced) {
  return change.paths || (enforced ? change.enforced : change.now).differs();
}

void expect_covered(const VerdictDiff& diff, const Asked2& asked, bool enforced,
                    const std::string& seed) {
  const bool covered = std::ranges::any_of(diff.changes, [&](const VerdictChange& change) {
    return differs(change, enforced) && covers(change, asked);
  });
  const Scope scope = enforced ? if_enforced() : Scope{};
  ASSERT_TRUE(covered) << seed << (enforced ? " enforced\n" : " now\n") << describe(asked.attempt)
                       << '\n'
                       << outcome_text(
                              *asked.policies[0],
                              evaluate(*asked.policies[0], asked.bound[0], scope, asked.readings))
                       << " -> "
                       << outcome_text(
                              *asked.policies[1],
                              evaluate(*asked.policies[1], asked.bound[1], scope, asked.readings))
                       << '\n'
                       << told(diff) << describe(asked.policies[0]->environment(), asked.attempt);
}

// Gives how many attempts differed.
std::size_t expect_complete(Dice& dice, const VerdictDiff& diff, const Sides& policies,
                            const Readings& readings, const std::string& seed) {
  std::size_t differing = 0;
  for (int i = 0; i < 400; ++i) {
    Attempt attempt = random_attempt(dice, policies[0]->environment());
    const auto base = bind(*policies[0], attempt, readings);
    const auto candidate = bind(*policies[1], attempt, readings);
    if (!base || !candidate || (base->caller != kNone && base->caller == base->destination)) {
      continue;
    }
    const Asked2 asked{policies, std::move(attempt), {*base, *candidate}, readings};
    for (const bool enforced : {false, true}) {
      const Scope scope = enforced ? if_enforced() : Scope{};
      if (evaluate(*policies[0], *base, scope, readings).verdict ==
          evaluate(*policies[1], *candidate, scope, readings).verdict) {
        continue;
      }
      ++differing;
      expect_covered(diff, asked, enforced, seed);
      if (testing::Test::HasFatalFailure()) return differing;
    }
  }
  return differing;
}

std::optional<Verdict> judge(const Policy& policy, const Attempt& attempt, const Scope& scope,
                             const Readings& readings) {
  const auto bound = bind(policy, attempt, readings);
  if (!bound) return std::nullopt;
  return evaluate(policy, *bound, scope, readings).verdict;
}

void expect_true(const VerdictDiff& diff, const Sides& policies, const Readings& readings,
                 const std::string& seed) {
  for (const VerdictChange& change : diff.changes) {
    for (const bool enforced : {false, true}) {
      const Scope scope = enforced ? if_enforced() : Scope{};
      const Turned& turned = enforced ? change.enforced : change.now;
      ASSERT_EQ(judge(*policies[0], change.witness[0], scope, readings), turned.base.verdict)
          << seed << '\n'
          << told(change) << describe(change.witness[0]);
      ASSERT_EQ(judge(*policies[1], change.witness[1], scope, readings), turned.candidate.verdict)
          << seed << '\n'
          << told(change) << describe(change.witness[1]);
    }
    ASSERT_TRUE(change.now.differs() || change.enforced.differs() || change.turn == Turn::Path)
        << seed << told(change);
  }
}

void compare(Environment base, Environment candidate, Dice& dice, const std::string& seed,
             std::size_t& differing, std::size_t& changes, const Readings& readings = {}) {
  const Policy before = compile(std::move(base));
  const Policy after = compile(std::move(candidate));
  const Sides policies{&before, &after};
  VerdictQuestion question;
  question.base = &before;
  question.candidate = &after;
  question.readings = readings;
  const VerdictDiff diff = diff_verdicts(question);
  changes += diff.changes.size();
  expect_true(diff, policies, readings, seed);
  if (testing::Test::HasFatalFailure()) return;
  differing += expect_complete(dice, diff, policies, readings, seed);
}

TEST(EnvironmentDiff, CoversWhateverDiffersAfterAFewEdits) {
  std::size_t differing = 0;
  std::size_t changes = 0;
  for (std::uint64_t seed = 1; seed <= diff_worlds(); ++seed) {
    Dice dice(seed);
    const Environment base = random_environment(dice, kSmallDiff);
    Environment candidate = edited(dice, base, 1 + dice.roll(5));
    compare(base, shuffled(dice, std::move(candidate)), dice, std::to_string(seed), differing,
            changes);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(differing, diff_worlds() * 5);
  EXPECT_GT(changes, diff_worlds() * 2);
}

TEST(EnvironmentDiff, CoversWhateverDiffersUnderAnotherPolicy) {
  std::size_t differing = 0;
  std::size_t changes = 0;
  for (std::uint64_t seed = 1; seed <= diff_worlds() / 4; ++seed) {
    Dice dice(1000 + seed);
    const Environment base = random_environment(dice, kSmallDiff);
    compare(base, with_other_policy(dice, base), dice, std::to_string(seed), differing, changes);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(differing, diff_worlds() * 5);
  EXPECT_GT(changes, diff_worlds());
}

// Another reading of one matter, of those that can be read otherwise.
TEST(EnvironmentDiff, CoversWhateverDiffersUnderOtherReadings) {
  std::size_t differing = 0;
  std::size_t changes = 0;
  const std::vector<Alternative> others = alternatives({});
  for (std::uint64_t seed = 1; seed <= diff_worlds(); ++seed) {
    Dice dice(3000 + seed);
    const Alternative& other = others[seed % others.size()];
    const Environment base = random_environment(dice, kSmallDiff);
    compare(base, edited(dice, base, 1 + dice.roll(5)), dice,
            fmt::format("{} {}", seed, other.text), differing, changes, other.readings);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(differing, diff_worlds() * 5);
  EXPECT_GT(changes, diff_worlds() * 2);
}

TEST(EnvironmentDiff, OrderIsNoDifference) {
  for (std::uint64_t seed = 1; seed <= diff_worlds() / 4; ++seed) {
    Dice dice(2000 + seed);
    const Environment base = random_environment(dice, kSmallDiff);
    const Policy before = compile(base);
    const Policy after = compile(shuffled(dice, base));
    VerdictQuestion question;
    question.base = &before;
    question.candidate = &after;
    EXPECT_EQ(told(diff_verdicts(question)), "") << seed;
  }
}

}  // namespace
}  // namespace nsp::differential

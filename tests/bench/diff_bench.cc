// Comparing two environments of 2 000 resources in 20 profiles of 200 rule elements: one rule
// widened; every association switched; the same where no two resources are alike, so that no class
// helps.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "sim/analysis/environment_diff.h"
#include "tests/bench/allocations.h"
#include "tests/bench/environments.h"

namespace nsp::bench {
namespace {

constexpr Shape kShape{.resources = 2000, .profiles = 20, .elements = 100};

IpPrefix prefix(std::string_view text) { return *IpPrefix::parse(text); }

Environment with_wider_rule(Environment env) {
  env.perimeters[1].profiles[0].rules.front().prefixes.push_back(
      {prefix("203.0.113.0/24"), "203.0.113.0/24"});
  return env;
}

Environment learning(Environment env) {
  for (Association& association : env.associations) association.mode = AccessMode::Learning;
  return env;
}

// Each with an egress limit and an address rule of its own.
Environment all_unlike(Environment env) {
  for (std::size_t n = 0; n < env.resources.size(); ++n) {
    Resource& resource = env.resources[n];
    const std::string text = fmt::format("198.18.{}.{}/32", n / 250, n % 250);
    resource.firewall.default_allow = false;
    resource.firewall.ip_rules.push_back({prefix(text), text});
    resource.allowed_fqdns.push_back(*DomainPattern::parse(fmt::format("{}.example", n)));
  }
  return env;
}

void compare(benchmark::State& state, Environment base, Environment candidate) {
  const Policy before = compile(std::move(base));
  const Policy after = compile(std::move(candidate));
  VerdictQuestion question;
  question.base = &before;
  question.candidate = &after;
  EnvironmentDiff diff;
  for (auto _ : state) {
    diff = diff_environments(question);
    if (diff.verdicts.changes.empty()) return fail(state, "no changes");
  }
  state.counters["callers"] = static_cast<double>(diff.verdicts.caller_classes);
  state.counters["destinations"] = static_cast<double>(diff.verdicts.destination_classes);
  state.counters["changes"] = static_cast<double>(diff.verdicts.changes.size());
  state.counters["evaluations"] = static_cast<double>(diff.verdicts.evaluations);
}

void diff_one_rule(benchmark::State& state) {
  const Environment base = make_environment(kShape);
  compare(state, base, with_wider_rule(base));
}
BENCHMARK(diff_one_rule)->Unit(benchmark::kMillisecond);

void diff_every_mode(benchmark::State& state) {
  const Environment base = make_environment(kShape);
  compare(state, base, learning(base));
}
BENCHMARK(diff_every_mode)->Unit(benchmark::kMillisecond);

void diff_no_two_alike(benchmark::State& state) {
  const Environment base = all_unlike(make_environment(kShape));
  compare(state, base, learning(base));
}
BENCHMARK(diff_no_two_alike)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace nsp::bench

// Decisions a second: the engine, binding included or not, and the linear reference beside it.
#include <benchmark/benchmark.h>

#include "sim/decision/describe.h"
#include "sim/decision/evaluate.h"
#include "tests/bench/allocations.h"
#include "tests/bench/environments.h"
#include "tests/reference/reference.h"

namespace nsp::bench {
namespace {

constexpr std::size_t kAttempts = 1024;

// Policy and attempts of one shape, made once and shared by the threads of a benchmark.
struct Setup {
  Policy policy;
  std::vector<Attempt> attempts;
  std::vector<BoundAttempt> bound;
  double allowed = 0;  // share of the attempts
};

Setup make_setup(std::size_t elements, Legs legs) {
  Environment environment = make_environment({.elements = elements});
  Setup setup;
  setup.attempts = make_attempts(environment, legs, kAttempts);
  setup.policy = compile(std::move(environment));
  setup.bound = bind_all(setup.policy, setup.attempts);
  for (const BoundAttempt& attempt : setup.bound) {
    setup.allowed +=
        evaluate(setup.policy, attempt).verdict == Verdict::Allow ? 1.0 / kAttempts : 0;
  }
  return setup;
}

const Setup& setup_of(std::size_t elements, Legs legs) {
  static const Setup small_one = make_setup(200, Legs::InboundOnly);
  static const Setup small_two = make_setup(200, Legs::Both);
  static const Setup large_one = make_setup(10'000, Legs::InboundOnly);
  static const Setup large_two = make_setup(10'000, Legs::Both);
  if (elements == 200) return legs == Legs::Both ? small_two : small_one;
  return legs == Legs::Both ? large_two : large_one;
}

const Setup& setup_of(const benchmark::State& state) {
  return setup_of(static_cast<std::size_t>(state.range(0)),
                  state.range(1) == 1 ? Legs::InboundOnly : Legs::Both);
}

// No decision may allocate, and each has as many legs as the benchmark's name says.
void check(benchmark::State& state, const Setup& setup) {
  const std::size_t before = allocations();
  for (const BoundAttempt& attempt : setup.bound) {
    const Decision decision = evaluate(setup.policy, attempt);
    if (decision.leg_count != state.range(1))
      return fail(state, "a decision has not the legs it should");
  }
  if (allocations() != before) fail(state, "a decision allocates");
}

void evaluate_decisions(benchmark::State& state) {
  const Setup& setup = setup_of(state);
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluate(setup.policy, setup.bound[at]));
    at = (at + 1) % kAttempts;
  }
  state.SetItemsProcessed(state.iterations());
  check(state, setup);
  state.counters["allowed"] = benchmark::Counter(setup.allowed, benchmark::Counter::kAvgThreads);
}
BENCHMARK(evaluate_decisions)->ArgNames({"elements", "legs"})->ArgsProduct({{200, 10'000}, {1, 2}});
BENCHMARK(evaluate_decisions)
    ->ArgNames({"elements", "legs"})
    ->ArgsProduct({{200}, {1, 2}})
    ->Threads(2)
    ->UseRealTime();

void bind_and_evaluate(benchmark::State& state) {
  const Setup& setup = setup_of(state);
  std::size_t at = 0;
  for (auto _ : state) {
    const auto bound = bind(setup.policy, setup.attempts[at]);
    benchmark::DoNotOptimize(evaluate(setup.policy, *bound));
    at = (at + 1) % kAttempts;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bind_and_evaluate)->ArgNames({"elements", "legs"})->ArgsProduct({{200}, {1, 2}});

void evaluate_with_trace(benchmark::State& state) {
  const Setup& setup = setup_of(state);
  std::size_t at = 0;
  for (auto _ : state) {
    Trace trace;
    benchmark::DoNotOptimize(evaluate(setup.policy, setup.bound[at], {}, {}, trace));
    at = (at + 1) % kAttempts;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(evaluate_with_trace)->ArgNames({"elements", "legs"})->ArgsProduct({{200}, {1, 2}});

bool agrees(const Setup& setup, std::size_t n) {
  const Decision decision = evaluate(setup.policy, setup.bound[n]);
  const auto outcome = reference::decide(setup.policy.environment(), setup.attempts[n]);
  return outcome && outcome->verdict == decision.verdict && outcome->reason == decision.reason;
}

void linear_reference(benchmark::State& state) {
  const Setup& setup = setup_of(state);
  for (std::size_t n = 0; n < kAttempts; n += 16) {
    if (!agrees(setup, n)) return fail(state, "reference and engine differ");
  }
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reference::decide(setup.policy.environment(), setup.attempts[at]));
    at = (at + 1) % kAttempts;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(linear_reference)->ArgNames({"elements", "legs"})->ArgsProduct({{200, 10'000}, {1, 2}});

}  // namespace
}  // namespace nsp::bench

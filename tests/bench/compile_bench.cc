// Compiling an environment of 1 000 resources and 200 profiles with 40 000 rule elements.
#include <benchmark/benchmark.h>

#include <optional>

#include "tests/bench/environments.h"

namespace nsp::bench {
namespace {

void compile_environment(benchmark::State& state) {
  // 100 elements a direction in each of 200 profiles.
  const Environment environment =
      make_environment({.resources = 1000, .profiles = 200, .elements = 100});
  std::optional<Policy> policy;
  for (auto _ : state) {
    state.PauseTiming();
    policy.reset();
    Environment copy = environment;
    state.ResumeTiming();
    policy = compile(std::move(copy));
  }
}
BENCHMARK(compile_environment)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nsp::bench

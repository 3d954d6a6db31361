// `nspsim run` over all pages as a whole process, start to end.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "tests/bench/allocations.h"

namespace nsp::bench {
namespace {

void run_all_pages(benchmark::State& state) {
  for (auto _ : state) {
    if (std::system("'" NSPSIM_PROGRAM "' run '" NSPSIM_SCENARIOS "' >/dev/null 2>&1") != 0) {
      return fail(state, "nspsim run fails");
    }
  }
}
BENCHMARK(run_all_pages)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace nsp::bench

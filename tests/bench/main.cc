#include <benchmark/benchmark.h>

#include "tests/bench/allocations.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return nsp::bench::any_failed() ? 1 : 0;
}

// Counts what the thread allocates, and remembers that a benchmark was wrong.
#ifndef NSP_TESTS_BENCH_ALLOCATIONS_H_
#define NSP_TESTS_BENCH_ALLOCATIONS_H_

#include <benchmark/benchmark.h>

#include <cstddef>

namespace nsp::bench {

// Calls of operator new by this thread so far.
[[nodiscard]] std::size_t allocations();

// Ends the benchmark with a message; the program then exits with 1.
void fail(benchmark::State& state, const char* message);
[[nodiscard]] bool any_failed();

}  // namespace nsp::bench

#endif  // NSP_TESTS_BENCH_ALLOCATIONS_H_

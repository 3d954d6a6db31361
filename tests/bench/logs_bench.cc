// Reading access logs from memory: what compare_logs times with files, without them.
#include <benchmark/benchmark.h>

#include <string>

#include "sim/access_log/read_logs.h"
#include "tests/bench/allocations.h"
#include "tests/support/log_generator.h"

namespace nsp::bench {
namespace {

// A third in the spelling of AI Search, the rest in that of the platform, mixed line by line.
void read_access_logs(benchmark::State& state) {
  test::LogGenerator generator;
  std::string log;
  constexpr std::size_t kBytes = 8'000'000;
  while (log.size() < kBytes) generator.next(log);
  LogTable truth = generator.truth();
  truth.files = 1;
  for (auto _ : state) {
    if (read_log_bytes(log, "log") != truth) return fail(state, "the records are not the truth");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(log.size()));
}
BENCHMARK(read_access_logs);

}  // namespace
}  // namespace nsp::bench

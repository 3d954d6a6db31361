// Capture files to flows with names. The size is NSPSIM_BENCH_CAPTURE_MB (default 8).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "sim/capture/read_capture.h"
#include "tests/bench/allocations.h"
#include "tests/bench/traffic.h"

namespace nsp::bench {
namespace {

namespace fs = std::filesystem;

std::uint64_t wanted_bytes() {
  const char* text = std::getenv("NSPSIM_BENCH_CAPTURE_MB");  // NOLINT: one thread
  const std::uint64_t megabytes = text == nullptr ? 8 : std::strtoull(text, nullptr, 10);
  return (megabytes == 0 ? 1 : megabytes) * 1'000'000;
}

// Made once, removed at the end.
struct File {
  File() : path(fs::temp_directory_path() / ("nspsim-bench-" + std::to_string(::getpid()))) {
    traffic = write_traffic(path, wanted_bytes());
  }
  ~File() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  fs::path path;
  Traffic traffic;
};

void capture_flows(benchmark::State& state) {
  static const File file;
  if (file.traffic.bytes == 0) return fail(state, "the capture could not be written");
  std::uint64_t names = 0;
  for (auto _ : state) {
    names = 0;
    const auto read = read_capture(file.path, [&](Flow&& flow) {
      names +=
          flow.name_source == NameSource::ServerName || flow.name_source == NameSource::HttpHost
              ? 1
              : 0;
    });
    if (!read || !problems(read->counts).empty()) return fail(state, "the capture was not read");
    if (read->counts.packets != file.traffic.packets) return fail(state, "packets are missing");
  }
  if (names != file.traffic.hellos + file.traffic.requests) fail(state, "names are missing");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(file.traffic.packets));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.traffic.bytes));
}
BENCHMARK(capture_flows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nsp::bench

// Reads access logs and tells what it found and how long it took, for tests/bench/compare_logs:
// `nspsim_read_logs JOBS PATH…`.
#include "sim/access_log/read_logs.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
  nsp::ReadLogsOptions options;
  const std::string_view jobs = argc > 2 ? argv[1] : "";
  const auto [end, error] = std::from_chars(jobs.data(), jobs.data() + jobs.size(), options.jobs);
  if (error != std::errc{} || end != jobs.data() + jobs.size()) {
    fmt::print(stderr, "usage: nspsim_read_logs JOBS PATH…\n");
    return 2;
  }
  const std::vector<std::filesystem::path> paths(argv + 2, argv + argc);
  const auto start = std::chrono::steady_clock::now();
  const auto table = nsp::read_logs(paths, options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!table) {
    fmt::print(stderr, "{}\n", to_string(table.error().front()));
    return 3;
  }
  std::uint64_t weight = 0;
  for (const auto& [tuple, activity] : table->tuples) weight += activity.weight;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("records {} tuples {} events {} seconds {:.3f} peak {} KiB\n", table->records,
             table->tuples.size(), weight, seconds.count(), usage.ru_maxrss);
  return 0;
}

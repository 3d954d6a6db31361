#include "sim/analysis/capture_reading.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "sim/capture/observe.h"
#include "sim/capture/read_capture.h"
#include "sim/document/file.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

void add_result(CapturedTraffic& traffic, CaptureResult& result) {
  traffic.files = 1;
  traffic.packets = result.counts.packets;
  for (const CountedKind& one : problems(result.counts)) {
    traffic.problems[std::string(one.kind)] += one.count;
  }
  std::ranges::sort(result.warnings);
  traffic.warnings = std::move(result.warnings);
}

FlowSink sink_into(CapturedTraffic& traffic, const FlowObserver& observer) {
  return [&](Flow&& flow) {
    if (!is_attempt(flow)) return;
    ++traffic.flows;
    traffic.add(observer.observe(flow));
  };
}

// The files, read by several threads; whoever is free takes the next one.
class CaptureCrew {
 public:
  CaptureCrew(std::span<const fs::path> files, const FlowObserver& observer)
      : files_(files), observer_(observer), results_(files.size()), left_(files.size()) {}

  Result<CapturedTraffic> read(const CaptureReading& reading) {
    const std::size_t crew =
        std::clamp<std::size_t>(reading.jobs, 1, std::max<std::size_t>(1, files_.size()));
    std::vector<std::jthread> threads;
    while (threads.size() < crew && start(threads)) {
    }
    if (threads.empty()) work();
    wait(reading.progress);
    threads.clear();
    return together();
  }

 private:
  // False: no more threads are to be had; fewer do the same work.
  bool start(std::vector<std::jthread>& threads) {
    try {
      threads.emplace_back([this] { work(); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  void work() {
    for (;;) {
      const std::size_t index = next_.fetch_add(1);
      if (index >= files_.size()) return;
      read_one(index);
      const std::scoped_lock lock(mutex_);
      --left_;
      done_.notify_one();
    }
  }

  void read_one(std::size_t index) {
    CapturedTraffic traffic;
    std::uint64_t told = 0;
    CaptureOptions options;
    options.progress = [&](std::uint64_t bytes) {
      bytes_ += bytes - told;
      told = bytes;
      return true;
    };
    auto result = read_capture(files_[index], sink_into(traffic, observer_), options);
    if (!result) {
      results_[index] = std::unexpected(std::move(result.error()));
      return;
    }
    add_result(traffic, *result);
    results_[index] = std::move(traffic);
  }

  void wait(const std::function<void(std::uint64_t)>& progress) {
    constexpr auto kInterval = std::chrono::milliseconds(100);
    std::unique_lock lock(mutex_);
    while (!done_.wait_for(lock, kInterval, [this] { return left_ == 0; })) {
      if (progress) progress(bytes_.load());
    }
    if (progress) progress(bytes_.load());
  }

  Result<CapturedTraffic> together() {
    CapturedTraffic all;
    Diagnostics errors;
    for (const auto& result : results_) {
      if (result) {
        all.merge(*result);
      } else {
        errors.insert(errors.end(), result.error().begin(), result.error().end());
      }
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return all;
  }

  std::span<const fs::path> files_;
  const FlowObserver& observer_;
  std::vector<Result<CapturedTraffic>> results_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t left_;
};

}  // namespace

Result<std::vector<fs::path>> list_captures(std::span<const fs::path> paths) {
  std::vector<fs::path> files;
  Diagnostics errors;
  for (const fs::path& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      files.push_back(path);
      continue;
    }
    auto inside = list_files(path, {".pcap", ".pcapng", ".cap"});
    if (inside) {
      files.insert(files.end(), inside->begin(), inside->end());
    } else {
      errors.insert(errors.end(), inside.error().begin(), inside.error().end());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::ranges::sort(files);
  files.erase(std::ranges::unique(files).begin(), files.end());
  return files;
}

Result<CapturedTraffic> read_captures(std::span<const fs::path> files, const Policy& policy,
                                      const Bindings& bindings, const CaptureReading& reading) {
  const FlowObserver observer(policy, bindings);
  return CaptureCrew(files, observer).read(reading);
}

Result<CapturedTraffic> listen(const LiveOptions& options, const Policy& policy,
                               const Bindings& bindings, const std::atomic<bool>& stop) {
  const FlowObserver observer(policy, bindings);
  CapturedTraffic traffic;
  auto result = live_capture(options, sink_into(traffic, observer), stop);
  if (!result) return std::unexpected(std::move(result.error()));
  add_result(traffic, *result);
  return traffic;
}

}  // namespace nsp

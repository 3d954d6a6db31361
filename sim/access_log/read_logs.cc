#include "sim/access_log/read_logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/element_scanner.h"
#include "sim/access_log/line_reader.h"
#include "sim/access_log/log_collector.h"
#include "sim/access_log/log_files.h"
#include "sim/access_log/log_format.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

// Enough to be worth a thread's while, small enough to share the last gigabyte among threads.
constexpr std::uint64_t kLongestPiece = std::uint64_t{64} << 20;

void read_plain(Window& window, LogFormat format, LogCollector& collector) {
  if (format == LogFormat::Document) {
    ElementScanner(window, collector).run();
  } else if (format == LogFormat::Csv) {
    read_csv(window, collector);
  } else {
    read_lines(window, collector);
  }
}

// As much as telling the format takes, or all there is.
std::string_view head_of(Window& window) {
  while (window.size() < kHeadBytes && window.more()) {
  }
  return window.view().substr(0, kHeadBytes);
}

// Whatever a file holds, from its start. Gzip inside gzip is not unpacked.
void read_unpacked(Window& window, LogCollector& collector) {
  const LogFormat format = sniff_format(head_of(window));
  if (format == LogFormat::Utf16) {
    return collector.refuse("the file is UTF-16, expected UTF-8", {});
  }
  window.consume(bom_length(window.view()));
  read_plain(window, format, collector);
}

void read_whole(Window& window, ByteSource& source, LogCollector& collector) {
  if (sniff_format(head_of(window)) != LogFormat::Gzip) return read_unpacked(window, collector);
  const auto unpacked = gunzip(std::string(window.view()), source);
  Window inner(*unpacked);
  read_unpacked(inner, collector);
  if (!inner.error().empty()) collector.refuse(inner.error(), {});
}

class LogsReader {
 public:
  LogsReader(std::span<const LogFile> files, std::span<const LogPiece> pieces)
      : files_(files), pieces_(pieces) {}

  // One thread's share: pieces until none is left.
  void work(LogCollector& collector) {
    for (;;) {
      const std::size_t index = next_.fetch_add(1);
      if (index >= pieces_.size()) return;
      read_piece(pieces_[index], collector);
    }
  }

  [[nodiscard]] std::uint64_t bytes_done() const { return done_.load(); }

  Diagnostics take_errors() {
    std::ranges::sort(errors_);
    return std::move(errors_);
  }

 private:
  void fail(const fs::path& path, const std::string& reason) {
    Diagnostics error = one_error({path.string(), 0, 0, {}}, "cannot be read: " + reason);
    const std::scoped_lock lock(mutex_);
    errors_.push_back(std::move(error.front()));
  }

  void read_piece(const LogPiece& piece, LogCollector& collector) {
    const LogFile& file = files_[piece.file];
    collector.begin_piece(file.path.string(), piece.first);
    const std::uint64_t from = range_start(piece.begin);
    auto source = open_source(file.path, from, [this](std::size_t bytes) { done_ += bytes; });
    if (!source) return fail(file.path, source.error());
    Window window(**source, from);
    std::uint64_t first = 0;
    if (piece.whole) {
      read_whole(window, **source, collector);
    } else {
      first = read_line_range(window, collector, piece.begin, piece.end);
    }
    if (!window.error().empty()) fail(file.path, window.error());
    collector.end_piece([&] { return count_lines(file.path, first); });
  }

  // Line ends before `offset`.
  static std::uint64_t count_lines(const fs::path& path, std::uint64_t offset) {
    if (offset == 0) return 0;
    auto source = open_source(path, 0, {});
    std::uint64_t lines = 0;
    std::vector<char> block(std::size_t{1} << 20);
    while (source && offset > 0) {
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), offset));
      const std::size_t count = (*source)->read(block.data(), most).value_or(0);
      if (count == 0) break;
      lines += static_cast<std::uint64_t>(std::count(block.data(), block.data() + count, '\n'));
      offset -= count;
    }
    return lines;
  }

  std::span<const LogFile> files_;
  std::span<const LogPiece> pieces_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;
  Diagnostics errors_;
};

// Threads that work, and the calling thread that tells how far they are.
class Crew {
 public:
  Crew(LogsReader& reader, std::size_t size) : reader_(reader), collectors_(size), left_(size) {
    for (LogCollector& collector : collectors_) start(collector);
  }

  void wait(const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::uint64_t all) {
    constexpr auto kInterval = std::chrono::milliseconds(100);
    std::unique_lock lock(mutex_);
    while (!done_.wait_for(lock, kInterval, [this] { return left_ == 0; })) {
      if (progress) progress(std::min(reader_.bytes_done(), all), all);
    }
    lock.unlock();
    for (std::thread& thread : threads_) thread.join();
    if (progress) progress(all, all);
  }

  LogTable take() {
    LogTable table;
    for (LogCollector& collector : collectors_) table.merge(collector.take());
    return table;
  }

 private:
  // Where the system gives no more threads, the work is done here: slower, and the same.
  void start(LogCollector& collector) {
    try {
      threads_.emplace_back([this, &collector] { run(collector); });
    } catch (const std::system_error&) {
      run(collector);
    }
  }

  void run(LogCollector& collector) {
    reader_.work(collector);
    const std::scoped_lock lock(mutex_);
    if (--left_ == 0) done_.notify_one();
  }

  LogsReader& reader_;
  std::vector<LogCollector> collectors_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t left_;
  std::vector<std::thread> threads_;
};

std::uint64_t bytes_of(std::span<const LogPiece> pieces) {
  std::uint64_t bytes = 0;
  for (const LogPiece& piece : pieces) bytes += piece.end - piece.begin;
  return bytes;
}

std::optional<std::uint32_t> whole_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::expected<LogShard, std::string> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto index = whole_number(text.substr(0, slash));
    const auto count = whole_number(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return LogShard{*index, *count};
  }
  return std::unexpected(
      fmt::format("`{}` is not a shard, expected `I/N` from `1/N` to `N/N`", text));
}

std::string to_string(const LogShard& shard) {
  return fmt::format("{}/{}", shard.index, shard.count);
}

Result<LogTable> read_logs(std::span<const fs::path> paths, const ReadLogsOptions& options) {
  auto files = list_log_files(paths);
  if (!files) return std::unexpected(std::move(files.error()));
  auto pieces = cut_log_files(*files, options.shard, kLongestPiece);
  if (!pieces) return std::unexpected(std::move(pieces.error()));
  LogsReader reader(*files, *pieces);
  const std::size_t jobs =
      std::clamp<std::size_t>(options.jobs, 1, std::max<std::size_t>(pieces->size(), 1));
  Crew crew(reader, jobs);
  crew.wait(options.progress, bytes_of(*pieces));
  if (Diagnostics errors = reader.take_errors(); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  return crew.take();
}

LogTable read_log_bytes(std::string_view bytes, std::string file) {
  LogCollector collector;
  collector.begin_piece(std::move(file), true);
  const auto source = memory_source(bytes);
  Window window(*source);
  read_whole(window, *source, collector);
  collector.end_piece([] { return std::uint64_t{0}; });
  return collector.take();
}

}  // namespace nsp

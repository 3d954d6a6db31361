#include "sim/access_log/log_files.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <system_error>

#include "sim/access_log/byte_source.h"
#include "sim/access_log/log_format.h"
#include "sim/document/file.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;

Diagnostics cannot_read(const fs::path& path, const std::string& reason) {
  return one_error({path.string(), 0, 0, {}}, "cannot be read: " + reason);
}

// What tells whether two names are one file.
std::string identity(const fs::path& path) {
  std::error_code error;
  const fs::path real = path == "-" ? path : fs::weakly_canonical(path, error);
  return error ? path.string() : real.string();
}

Result<LogFile> look_at(const fs::path& path) {
  LogFile file{path, 0, false};
  if (path == "-") return file;
  std::error_code error;
  file.regular = fs::is_regular_file(path, error);
  if (file.regular) file.size = fs::file_size(path, error);
  if (error) return std::unexpected(cannot_read(path, error.message()));
  return file;
}

// Whether the file can be cut at line ends.
Result<bool> has_lines(const LogFile& file) {
  if (!file.regular) return false;
  auto source = open_source(file.path, 0, {});
  if (!source) return std::unexpected(cannot_read(file.path, source.error()));
  std::string head(kHeadBytes, '\0');
  const auto count = (*source)->read(head.data(), head.size());
  if (!count) return std::unexpected(cannot_read(file.path, count.error()));
  return sniff_format(std::string_view(head).substr(0, *count)) == LogFormat::Lines;
}

// total * index / count, without overflow.
std::uint64_t share(std::uint64_t total, std::uint64_t index, std::uint64_t count) {
  const auto product = static_cast<unsigned __int128>(total) * index / count;
  return static_cast<std::uint64_t>(product);
}

// One shard's cut through the files.
class Cutter {
 public:
  Cutter(std::uint64_t begin, std::uint64_t end, bool last, std::uint64_t longest)
      : begin_(begin), end_(end), last_(last), longest_(longest) {}

  // `start`: of the file in the long text.
  void add(const LogFile& file, std::size_t index, std::uint64_t start) {
    // A file of no bytes lies where the next one does, or at the very end.
    const bool holds_start = start >= begin_ && (start < end_ || (last_ && start == end_));
    const bool overlaps = start < end_ && start + file.size > begin_;
    if (!holds_start && !overlaps) return;
    const Result<bool> lines = has_lines(file);
    if (!lines) {
      errors_.insert(errors_.end(), lines.error().begin(), lines.error().end());
    } else if (!*lines || file.size == 0) {
      if (holds_start) pieces_.push_back({index, 0, file.size});
    } else {
      cut(index, std::max(start, begin_) - start, std::min(start + file.size, end_) - start);
    }
  }

  // Standard input is cut by whoever feeds the shards: all that comes is this shard's.
  void add_input(std::size_t index, bool first) { pieces_.push_back({index, 0, 0, true, first}); }

  Result<std::vector<LogPiece>> take() {
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(pieces_);
  }

 private:
  void cut(std::size_t index, std::uint64_t from, std::uint64_t to) {
    for (; from < to; from += longest_) {
      pieces_.push_back({index, from, std::min(to, from + longest_), false, from == 0});
    }
  }

  std::uint64_t begin_;
  std::uint64_t end_;
  bool last_;
  std::uint64_t longest_;
  std::vector<LogPiece> pieces_;
  Diagnostics errors_;
};

}  // namespace

Result<std::vector<LogFile>> list_log_files(std::span<const fs::path> paths) {
  std::map<std::string, LogFile> files;  // by identity; of two names the smaller one stays
  Diagnostics errors;
  const auto fail = [&](const Diagnostics& more) {
    errors.insert(errors.end(), more.begin(), more.end());
  };
  for (const fs::path& path : paths) {
    const auto listed = list_files(path, {".json", ".jsonl", ".ndjson", ".csv", ".log", ".gz"});
    if (!listed) {
      fail(listed.error());
      continue;
    }
    for (const fs::path& found : *listed) {
      auto file = look_at(found);
      if (!file) {
        fail(file.error());
        continue;
      }
      const auto [at, is_new] = files.try_emplace(identity(found), *file);
      if (!is_new && found < at->second.path) at->second = *file;
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<LogFile> sorted;
  for (auto& [name, file] : files) sorted.push_back(std::move(file));
  std::ranges::sort(sorted, {}, &LogFile::path);
  return sorted;
}

Result<std::vector<LogPiece>> cut_log_files(std::span<const LogFile> files, const LogShard& shard,
                                            std::uint64_t longest) {
  assert(shard.index >= 1 && shard.index <= shard.count && longest > 0);
  std::uint64_t total = 0;
  for (const LogFile& file : files) total += file.size;
  Cutter cutter(share(total, shard.index - 1, shard.count), share(total, shard.index, shard.count),
                shard.index == shard.count, longest);
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].path == "-") {
      cutter.add_input(i, shard.index == 1);
    } else {
      cutter.add(files[i], i, start);
    }
    start += files[i].size;
  }
  return cutter.take();
}

}  // namespace nsp

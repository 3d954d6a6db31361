// Which bytes of which files a shard and its jobs read.
//
// The files, sorted by name, are one long text; a shard is one of N equal ranges of it. A piece is
// what one job reads in one go: a range of a file of lines, or a whole file that cannot be cut.
// Cutting depends on names, sizes and first bytes only, so every machine cuts alike.
#ifndef NSP_SIM_ACCESS_LOG_LOG_FILES_H_
#define NSP_SIM_ACCESS_LOG_LOG_FILES_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "sim/access_log/read_logs.h"
#include "sim/base/diagnostic.h"

namespace nsp {

struct LogFile {
  std::filesystem::path path;
  std::uint64_t size = 0;  // 0 for what is no regular file, such as a pipe
  bool regular = true;
};

// Every file that the paths name, each once, sorted by path.
[[nodiscard]] Result<std::vector<LogFile>> list_log_files(
    std::span<const std::filesystem::path> paths);

// Lines that start in [begin, end) of the file; `whole`: all of it, whatever it holds; `first`: the
// file counts as one of this shard's.
struct LogPiece {
  std::size_t file = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool whole = true;
  bool first = true;
};

// The pieces of a shard, none longer than `longest` where it can be cut, in order of files and
// bytes. The errors are those of opening files.
[[nodiscard]] Result<std::vector<LogPiece>> cut_log_files(std::span<const LogFile> files,
                                                          const LogShard& shard,
                                                          std::uint64_t longest);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LOG_FILES_H_

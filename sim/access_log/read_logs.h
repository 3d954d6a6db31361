// Access-log files to one LogTable.
//
//   read_logs({"insights-logs/", "export.csv.gz"}, {.jobs = 2}) → every record, condensed
//
// A path is a file, a folder (every .json, .jsonl, .ndjson, .csv, .log and .gz file under it, so
// also the layout that diagnostic settings write: …/y=2026/m=06/d=01/h=10/m=00/PT1H.json), or `-`
// for standard input. What a file holds is told by its first bytes, never by its name:
//   - raw records, one a line; `{"records":[…]}`, a bare array, a single record, on one line or
//   many
//   - Log Analytics: rows as JSON objects (a line each, or an array), `{"tables":[…]}`, CSV
//   - any of these in gzip, members concatenated or not
//
// Shards and jobs. The files, sorted, are thought of as one long text, and that is cut into N equal
// byte ranges. A line belongs to the range in which it starts. A file that cannot be cut at line
// ends (gzip, CSV, arrays and wrappers) belongs whole to the range of its first byte. The tables of
// all shards merge into the table of the whole; jobs cut in the same way, so the result depends
// neither on their number nor on the order in which paths are named. A file that is named twice is
// read once. Standard input cannot be cut from here: whoever pipes to a shard has cut (GNU parallel
// --pipepart), so all that comes is that shard's, and the shards' inputs together count as one
// file. Lines of it are numbered from the start of each input.
//
// Mistakes. A path that cannot be opened or read is an error. A damaged line costs that line: it is
// counted in LogTable::unreadable and the first places are kept.
//
// Memory: in proportion to distinct tuples and jobs, not to records; a line is at most
// kLongestLine. Cost: about a second a gigabyte on one core for lines of JSON. Thread safety:
// reentrant.
#ifndef NSP_SIM_ACCESS_LOG_READ_LOGS_H_
#define NSP_SIM_ACCESS_LOG_READ_LOGS_H_

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sim/access_log/log_table.h"
#include "sim/base/diagnostic.h"

namespace nsp {

// One of `count` equal parts of the input. INVARIANT: 1 <= index <= count.
struct LogShard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;

  bool operator==(const LogShard&) const = default;
};

// `2/8`. The error says what was expected.
[[nodiscard]] std::expected<LogShard, std::string> parse_shard(std::string_view text);
[[nodiscard]] std::string to_string(const LogShard& shard);

struct ReadLogsOptions {
  LogShard shard = {};
  unsigned jobs = 1;  // threads; 0 reads as 1
  // Bytes of files read and to be read, of this shard. Called about ten times a second and once at
  // the end, from the thread that called read_logs(). Standard input and pipes count as nothing to
  // be read.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
};

[[nodiscard]] Result<LogTable> read_logs(std::span<const std::filesystem::path> paths,
                                         const ReadLogsOptions& options = {});

// The bytes of one file, however they came: the file's name is only for places.
[[nodiscard]] LogTable read_log_bytes(std::string_view bytes, std::string file);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_READ_LOGS_H_

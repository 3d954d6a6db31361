// Parts: what one shard of a command read, in a file, to be merged with the other shards' later.
//
//   nspsim readiness … --shard 2/8 --part 2.json      (on any machine)
//   nspsim merge *.json                               (equal, byte for byte, to one run)
//
// A part is the LogTable of a shard and the question that was asked: the command, its arguments and
// a fingerprint of what else the answer depends on. Parts merge only when they answer the same
// question and each shard is there once.
//
// Form: one JSON document, `"schema":"nspsim.part/1"`, members and tuples in a fixed order, so that
// equal parts are equal bytes. Times are RFC 3339 with nanoseconds, so nothing is lost.
// Errors: Diagnostics that name the part's file. Thread safety: pure functions, plain values.
#ifndef NSP_SIM_ACCESS_LOG_PART_H_
#define NSP_SIM_ACCESS_LOG_PART_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/access_log/log_table.h"
#include "sim/access_log/read_logs.h"
#include "sim/base/diagnostic.h"

namespace nsp {

// What was asked. Texts are opaque here: parts of different texts do not merge.
struct PartRequest {
  std::string command;                             // `readiness`
  std::vector<std::string> arguments;              // those that change the answer, in a fixed order
  std::map<std::string, std::string> fingerprint;  // `environment` → a digest, …

  bool operator==(const PartRequest&) const = default;
};

struct Part {
  PartRequest request;
  LogShard shard;
  LogTable table;
  // The flows of its captures (captured_text.h); empty: none. Whoever merges parts reads them.
  std::string captures = {};

  bool operator==(const Part&) const = default;
};

[[nodiscard]] std::string write_part(const Part& part);

// `file` is for places.
[[nodiscard]] Result<Part> read_part(std::string_view bytes, std::string file);

// A part and where it was read.
struct PartFile {
  std::string file;
  Part part;
};

// The whole: the request, shard 1/1, and the tables merged. Errors, all of them: different requests
// (which member differs, and in which file), different numbers of shards, a shard twice, a shard
// missing. REQUIRES: at least one part.
[[nodiscard]] Result<Part> merge_parts(std::span<const PartFile> parts);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_PART_H_

// The options of every command that judges recorded traffic: where it lies, which addresses are
// whom, how many threads read it, and which shard of it.
//
// With `--shard I/N` a command reads its part only and writes that, as it came from the files, in
// the form of sim/access_log/part.h. `nspsim merge` puts the parts together, reads the command line
// that the parts remember, and runs the command on the whole: the output is that of one run. So a
// command that takes these options does this and nothing else about shards:
//
//   auto traffic = obtain_traffic({*command, options.traffic, options.common, environment, {}});
//   if (!traffic) return traffic.error();  // … which is kOk after a part was written
//
// What is wrong is printed on standard error. Thread safety: for the main thread.
#ifndef NSP_TOOLS_NSPSIM_TRAFFIC_OPTIONS_H_
#define NSP_TOOLS_NSPSIM_TRAFFIC_OPTIONS_H_

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "sim/access_log/part.h"
#include "sim/analysis/traffic.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {

// What the parts of a merge hold together.
struct MergedTraffic {
  PartRequest request;
  RecordedTraffic recorded;
};

struct TrafficOptions {
  std::vector<std::string> captures;
  std::vector<std::string> logs;
  std::string bindings;
  std::string shard;                      // `2/8`; empty: all of it
  unsigned jobs = 0;                      // 0: as many as there are processors
  const MergedTraffic* merged = nullptr;  // of `nspsim merge`: instead of reading

  [[nodiscard]] unsigned threads() const;
};

// Adds `--logs`, `--bindings`, `--jobs` and `--shard`; gives `--logs`.
CLI::Option* add_log_options(CLI::App& command, TrafficOptions& options);
// Adds `--capture`, and gives it.
CLI::Option* add_capture_option(CLI::App& command, TrafficOptions& options);

// What the answer depends on beside the command line: for parts of different ones not to be mixed.
using Fingerprint = std::map<std::string, std::string>;
[[nodiscard]] std::string digest_of(const Environment& environment);

struct TrafficJob {
  const CLI::App& command;  // parsed
  const TrafficOptions& options;
  const CommonOptions& common;
  const LoadedEnvironment& environment;
  Fingerprint fingerprint;  // beside that of the environment and the bindings
};

struct ObtainedTraffic {
  Bindings bindings;
  RecordedTraffic recorded;
  Traffic traffic;
};

// Reads, or takes what was merged. The error is an exit status: of what was wrong, or kOk when all
// that was asked for is a part, which is then written.
[[nodiscard]] std::expected<ObtainedTraffic, int> obtain_traffic(const TrafficJob& job);

// The options that a parsed command was given, `--name=value` each, sorted by name, without those
// that do not change the answer: `--shard`, `--jobs`, `--output`, `--color`, `--quiet`.
[[nodiscard]] std::vector<std::string> given_arguments(const CLI::App& command);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_TRAFFIC_OPTIONS_H_

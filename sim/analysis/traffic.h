// Recorded traffic: capture files and access logs, read, condensed and turned into observations.
//
//   files ──read_traffic()──▶ RecordedTraffic ──observe_traffic()──▶ Traffic
//
// RecordedTraffic is what reading leaves: each distinct record and flow once. Parts of it merge
// into the whole, whatever the parts and their order; shards, jobs and `nspsim merge` rest on that.
// It depends on the files, and for captures on the bindings, and on nothing else.
//
// Traffic is what judging starts from: observations in a fixed order, with the numbers of what was
// read. The same files give the same Traffic, whatever the number of jobs and the order of paths.
//
// Errors: a path that cannot be read is a Diagnostic. Damaged lines, records and packets are
// counted; unreadable_traffic() tells when nothing else was there. Thread safety: reentrant
// functions, plain values.
#ifndef NSP_SIM_ANALYSIS_TRAFFIC_H_
#define NSP_SIM_ANALYSIS_TRAFFIC_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/access_log/log_table.h"
#include "sim/access_log/read_logs.h"
#include "sim/analysis/agreement.h"
#include "sim/analysis/traffic_counts.h"
#include "sim/base/diagnostic.h"
#include "sim/model/bindings.h"
#include "sim/policy/policy.h"
#include "sim/traffic/captured_traffic.h"
#include "sim/traffic/traffic_files.h"

namespace nsp {

struct RecordedTraffic {
  LogTable logs;
  CapturedTraffic captures;

  void merge(const RecordedTraffic& other);
  bool operator==(const RecordedTraffic&) const = default;
};

struct ReadTrafficOptions {
  LogShard shard;     // of the logs by bytes, of the captures by files
  unsigned jobs = 1;  // threads
  // Bytes read and to be read, of this shard; now and then, from the thread that called.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress;
};

[[nodiscard]] Result<RecordedTraffic> read_traffic(const TrafficFiles& files, const Policy& policy,
                                                   const Bindings& bindings,
                                                   const ReadTrafficOptions& options = {});

struct Traffic {
  std::vector<Observation> observations;  // of logs, then of captures
  TrafficCounts counts;
  RuleVersions versions;  // of the profiles of the records
};

[[nodiscard]] Traffic observe_traffic(const RecordedTraffic& recorded, const Policy& policy,
                                      const Bindings& bindings);

// Errors, where lines or packets were read and not one of them is a record or belongs to a flow;
// else nothing.
[[nodiscard]] Diagnostics unreadable_traffic(const RecordedTraffic& recorded);

// The bindings of a file, checked against the environment; none where `file` is empty.
[[nodiscard]] Result<Bindings> load_bindings(const std::filesystem::path& file,
                                             const Environment& environment);

// All of it at once, for pages (RunOptions::read_traffic).
[[nodiscard]] Result<std::vector<Observation>> read_observations(const TrafficFiles& files,
                                                                 const Policy& policy);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_TRAFFIC_H_

#include "sim/analysis/traffic.h"

#include <algorithm>

#include "sim/access_log/observe_log.h"
#include "sim/base/text.h"
#include "sim/document/file.h"

namespace nsp {
namespace {

TrafficCounts counts_of(const RecordedTraffic& recorded) {
  TrafficCounts counts;
  counts.log_files = recorded.logs.files;
  counts.records = recorded.logs.records;
  counts.unreadable = recorded.logs.unreadable;
  counts.unknown_categories = recorded.logs.unknown_categories;
  counts.unknown_columns = recorded.logs.unknown_columns;
  counts.examples = recorded.logs.examples;
  counts.capture_files = recorded.captures.files;
  counts.packets = recorded.captures.packets;
  counts.flows = recorded.captures.flows;
  counts.packet_problems = recorded.captures.problems;
  counts.capture_warnings = recorded.captures.warnings;
  return counts;
}

RuleVersions versions_of(const LogTable& table) {
  RuleVersions versions;
  for (const auto& [tuple, seen] : table.tuples) {
    if (!tuple.version.empty()) versions[lower(tuple.profile)].insert(tuple.version);
  }
  return versions;
}

// Lines were there, and none of them is a record.
bool nothing_readable(const LogTable& table) {
  return table.records == 0 && !table.unreadable.empty();
}

}  // namespace

void RecordedTraffic::merge(const RecordedTraffic& other) {
  logs.merge(other.logs);
  captures.merge(other.captures);
}

Result<RecordedTraffic> read_traffic(const TrafficFiles& files, const Policy& policy,
                                     const Bindings& bindings, const ReadTrafficOptions& options) {
  static_cast<void>(policy);
  static_cast<void>(bindings);
  RecordedTraffic recorded;
  if (!files.logs.empty()) {
    auto logs = read_logs(files.logs, {options.shard, options.jobs, options.progress});
    if (!logs) return std::unexpected(std::move(logs.error()));
    recorded.logs = std::move(*logs);
  }
  return recorded;
}

Traffic observe_traffic(const RecordedTraffic& recorded, const Policy& policy,
                        const Bindings& bindings) {
  Traffic traffic;
  traffic.counts = counts_of(recorded);
  traffic.versions = versions_of(recorded.logs);
  LogObservations of_logs = observe_log(recorded.logs, policy, bindings);
  traffic.counts.unusable = std::move(of_logs.unusable);
  traffic.observations = std::move(of_logs.observations);
  std::ranges::move(recorded.captures.observations(), std::back_inserter(traffic.observations));
  for (const Observation& observation : traffic.observations) {
    traffic.counts.seen.merge(observation.seen);
  }
  return traffic;
}

Diagnostics unreadable_traffic(const RecordedTraffic& recorded) {
  return nothing_readable(recorded.logs) ? recorded.logs.examples : Diagnostics{};
}

Result<Bindings> load_bindings(const std::filesystem::path& file, const Environment& environment) {
  if (file.empty()) return Bindings{};
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  auto bindings = read_bindings(*bytes, file.string());
  if (!bindings) return bindings;
  Diagnostics wrong = check_bindings(environment, *bindings);
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  return bindings;
}

Result<std::vector<Observation>> read_observations(const TrafficFiles& files,
                                                   const Policy& policy) {
  const auto bindings = load_bindings(files.bindings, policy.environment());
  if (!bindings) return std::unexpected(bindings.error());
  const auto recorded = read_traffic(files, policy, *bindings);
  if (!recorded) return std::unexpected(recorded.error());
  if (Diagnostics nothing = unreadable_traffic(*recorded); !nothing.empty()) {
    return std::unexpected(std::move(nothing));
  }
  return observe_traffic(*recorded, policy, *bindings).observations;
}

}  // namespace nsp

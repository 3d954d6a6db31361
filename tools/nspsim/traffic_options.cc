#include "tools/nspsim/traffic_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include "sim/access_log/captured_text.h"
#include "sim/document/file.h"
#include "sim/report/environment_json.h"
#include "tools/nspsim/progress.h"

namespace nsp::cli {
namespace {

constexpr unsigned kMostJobs = 256;

// These say how the work is done and where the answer goes, not what it is.
constexpr std::array<std::string_view, 5> kOfNoConsequence{"--color", "--jobs", "--output",
                                                           "--quiet", "--shard"};

TrafficFiles files_of(const TrafficOptions& options) {
  TrafficFiles files;
  files.captures.assign(options.captures.begin(), options.captures.end());
  files.logs.assign(options.logs.begin(), options.logs.end());
  files.bindings = options.bindings;
  return files;
}

std::expected<Fingerprint, int> fingerprint_of(const TrafficJob& job) {
  Fingerprint fingerprint = job.fingerprint;
  fingerprint["environment"] = digest_of(job.environment.policy.environment());
  if (job.options.bindings.empty()) return fingerprint;
  const auto bytes = read_file(job.options.bindings);
  if (!bytes) {
    print_diagnostics(bytes.error());
    return std::unexpected(kInvalidInput);
  }
  fingerprint["bindings"] = to_string(Guid::from_text(*bytes));
  return fingerprint;
}

std::expected<RecordedTraffic, int> read_it(const TrafficJob& job, const Bindings& bindings) {
  Progress progress(job.common.quiet);
  ReadTrafficOptions options;
  options.jobs = job.options.threads();
  if (!job.options.shard.empty()) options.shard = *parse_shard(job.options.shard);
  options.progress = [&](std::uint64_t done, std::uint64_t all) {
    progress.show("reading", done, all);
  };
  auto recorded = read_traffic(files_of(job.options), job.environment.policy, bindings, options);
  progress.clear();
  if (recorded) return std::move(*recorded);
  print_diagnostics(recorded.error());
  return std::unexpected(kInvalidInput);
}

int write_shard(const TrafficJob& job, const Fingerprint& fingerprint, RecordedTraffic recorded) {
  Part part;
  part.request = {job.command.get_name(), given_arguments(job.command), fingerprint};
  part.shard = *parse_shard(job.options.shard);
  part.table = std::move(recorded.logs);
  if (!job.options.captures.empty()) part.captures = captured_text(recorded.captures);
  return write_output(write_part(part), job.common.output);
}

// What the merged parts were made with must be what is there now.
bool same_world(const Fingerprint& of_parts, const Fingerprint& now) {
  bool same = true;
  for (const auto& [what, digest] : now) {
    const auto found = of_parts.find(what);
    if (found != of_parts.end() && found->second == digest) continue;
    print_error(fmt::format(
        "the parts were made with another {}, expected the same: name it with `--{}`, or make the "
        "parts anew",
        what, what == "environment" ? "env" : what));
    same = false;
  }
  return same;
}

}  // namespace

unsigned TrafficOptions::threads() const {
  return jobs != 0 ? jobs : std::clamp(std::thread::hardware_concurrency(), 1U, kMostJobs);
}

CLI::Option* add_log_options(CLI::App& command, TrafficOptions& options) {
  auto* logs = command.add_option("--logs", options.logs,
                                  "access-log records, or folders of them; `-` is standard input");
  logs->type_name("PATH");
  command
      .add_option("--bindings", options.bindings,
                  "JSON file that says which address is which caller or resource")
      ->type_name("FILE");
  command.add_option("--jobs", options.jobs, "threads that read (default: one a processor)")
      ->type_name("N")
      ->check(CLI::Range(1U, kMostJobs));
  command
      .add_option("--shard", options.shard,
                  "read part I of N only and write it, for `nspsim merge`; standard input is "
                  "part I already")
      ->type_name("I/N")
      ->check(check_with([](const std::string& text) { return parse_shard(text); }));
  return logs;
}

CLI::Option* add_capture_option(CLI::App& command, TrafficOptions& options) {
  return command
      .add_option("--capture", options.captures, "pcap or pcapng files; `-` is standard input")
      ->type_name("FILE");
}

std::string digest_of(const Environment& environment) {
  return to_string(Guid::from_text(environment_as_json(environment)));
}

std::vector<std::string> given_arguments(const CLI::App& command) {
  std::vector<const CLI::Option*> given =
      command.get_options([](const CLI::Option* option) { return option->count() != 0; });
  std::ranges::sort(given, {}, [](const CLI::Option* option) { return option->get_name(); });
  std::vector<std::string> arguments;
  for (const CLI::Option* option : given) {
    const std::string name = option->get_name();
    if (std::ranges::find(kOfNoConsequence, name) != kOfNoConsequence.end()) continue;
    const bool flag = option->get_items_expected_max() == 0;
    for (const std::string& value : option->results()) {
      arguments.push_back(flag || value.empty() ? name : fmt::format("{}={}", name, value));
    }
  }
  return arguments;
}

std::expected<ObtainedTraffic, int> obtain_traffic(const TrafficJob& job) {
  auto bindings = load_bindings(job.options.bindings, job.environment.policy.environment());
  if (!bindings) {
    print_diagnostics(bindings.error());
    return std::unexpected(kInvalidInput);
  }
  const auto fingerprint = fingerprint_of(job);
  if (!fingerprint) return std::unexpected(fingerprint.error());
  ObtainedTraffic obtained;
  obtained.bindings = std::move(*bindings);
  if (const MergedTraffic* merged = job.options.merged) {
    if (!same_world(merged->request.fingerprint, *fingerprint)) {
      return std::unexpected(kInvalidInput);
    }
    obtained.recorded = merged->recorded;
  } else {
    auto recorded = read_it(job, obtained.bindings);
    if (!recorded) return std::unexpected(recorded.error());
    if (!job.options.shard.empty()) {
      return std::unexpected(write_shard(job, *fingerprint, std::move(*recorded)));
    }
    obtained.recorded = std::move(*recorded);
  }
  if (const Diagnostics nothing = unreadable_traffic(obtained.recorded); !nothing.empty()) {
    print_diagnostics(nothing);
    return std::unexpected(kInvalidInput);
  }
  obtained.traffic = observe_traffic(obtained.recorded, job.environment.policy, obtained.bindings);
  return obtained;
}

}  // namespace nsp::cli

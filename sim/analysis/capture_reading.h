// Capture files, and a live interface, to condensed traffic. Inside of read_traffic(), and for
// programs that listen.
//
// Thread safety: reentrant.
#ifndef NSP_SIM_ANALYSIS_CAPTURE_READING_H_
#define NSP_SIM_ANALYSIS_CAPTURE_READING_H_

#include <atomic>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/capture/live_capture.h"
#include "sim/model/bindings.h"
#include "sim/policy/policy.h"
#include "sim/traffic/captured_traffic.h"

namespace nsp {

// The captures that `paths` stand for: files, and folders of .pcap, .pcapng and .cap files; sorted,
// each once. Errors: a folder that holds none, all of them.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list_captures(
    std::span<const std::filesystem::path> paths);

struct CaptureReading {
  unsigned jobs = 1;  // files read at once
  // Bytes read of all the files; now and then, from the thread that called.
  std::function<void(std::uint64_t done)> progress = {};
};

// Errors: every file that cannot be read, in their order.
[[nodiscard]] Result<CapturedTraffic> read_captures(std::span<const std::filesystem::path> files,
                                                    const Policy& policy, const Bindings& bindings,
                                                    const CaptureReading& reading = {});

// What an interface hears until `stop` is set or the time is over.
[[nodiscard]] Result<CapturedTraffic> listen(const LiveOptions& options, const Policy& policy,
                                             const Bindings& bindings,
                                             const std::atomic<bool>& stop);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_CAPTURE_READING_H_

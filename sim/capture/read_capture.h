// Capture files to flows with names.
//
// pcap and pcapng, micro- and nanosecond, both byte orders, through libpcap. Link types are those
// of LinkType; a file of another one is refused. A file stands for itself: a flow that goes on in
// the next file is one flow in each, so the result does not depend on the order of files. `-` is
// standard input.
//
// A file that ends in the middle of a packet, or is damaged further on, gives what was read before:
// the flows, and a warning that says where it ended. Nothing is printed.
//
// Errors: a file that cannot be opened, that is no capture, that is compressed, whose link type is
// not read; a filter that libpcap does not understand. Thread safety: one call a thread, several at
// a time (libpcap compiles filters under a lock of its own since 1.8).
#ifndef NSP_SIM_CAPTURE_READ_CAPTURE_H_
#define NSP_SIM_CAPTURE_READ_CAPTURE_H_

#include <filesystem>
#include <functional>
#include <string>

#include "sim/base/diagnostic.h"
#include "sim/capture/flow.h"
#include "sim/capture/flow_table.h"
#include "sim/capture/limits.h"

namespace nsp {

struct CaptureOptions {
  std::string filter;  // a libpcap expression; empty: everything
  CaptureLimits limits;
  // Called now and then with the bytes of the file that were read; false stops reading, and what
  // was read stands.
  std::function<bool(std::uint64_t)> progress;
};

struct CaptureResult {
  CaptureCounts counts;
  Diagnostics warnings;
};

[[nodiscard]] Result<CaptureResult> read_capture(const std::filesystem::path& path,
                                                 const FlowSink& sink,
                                                 const CaptureOptions& options = {});

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_READ_CAPTURE_H_

// Packets of an interface to flows with names, as they pass.
//
// Listens until `stop` is set or `duration` is over; a tenth of a second more, so that packets that
// passed before are not missed. What is heard is read as a file is (read_capture.h). With `write`
// the packets go to a savefile too, which is written beside its name and renamed when all is there:
// a reader never sees half of it.
//
// The interface is not put into promiscuous mode: one sees one's own traffic, and what the
// interface is sent. `any` is every interface of a Linux machine.
//
// The time that passes is measured by the steady clock; the time of packets is the system's.
//
// Errors: no such interface (those that there are are named), no right to listen (the capability
// that is missing, and how to give it), a filter that libpcap does not understand, a savefile that
// cannot be written. Packets that the system dropped, because they came faster than they were read,
// are a warning. Thread safety: one call a thread; `stop` may be set by any thread or a signal
// handler.
#ifndef NSP_SIM_CAPTURE_LIVE_CAPTURE_H_
#define NSP_SIM_CAPTURE_LIVE_CAPTURE_H_

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/capture/read_capture.h"

namespace nsp {

struct LiveOptions {
  std::string interface;
  std::string filter = {};                                // a libpcap expression; empty: everything
  std::optional<std::chrono::nanoseconds> duration = {};  // nothing: until `stop`
  std::filesystem::path write = {};                       // empty: no savefile
  CaptureLimits limits = {};
};

[[nodiscard]] Result<CaptureResult> live_capture(const LiveOptions& options, const FlowSink& sink,
                                                 const std::atomic<bool>& stop);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_LIVE_CAPTURE_H_

// Bytes → a capture file, the whole way: pcap and pcapng, frames, fragments, streams, names. Small
// limits, so that each cap is met. Nothing crashes, every packet is in a flow or counted, and the
// same bytes give the same flows.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/capture/read_capture.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  bool read = false;
  nsp::CaptureCounts counts;
  std::uint64_t packets = 0;
  std::vector<std::string> flows;
};

Outcome read_all(const std::string& path) {
  Outcome outcome;
  nsp::CaptureOptions options;
  options.limits.live_flows = 4;
  options.limits.stream_bytes = 1024;
  options.limits.all_stream_bytes = 2048;
  options.limits.datagrams = 2;
  options.limits.dns_addresses = 2;
  const auto sink = [&](nsp::Flow&& flow) {
    outcome.packets += flow.sent.packets + flow.received.packets;
    outcome.flows.push_back(fmt::format("{} {} {} {}", to_string(flow.client.address),
                                        flow.client.port, flow.name.text(), flow.sent.bytes));
    require(flow.first <= flow.last);
    require(flow.name.empty() == (flow.name_source == nsp::NameSource::None));
  };
  const auto result = nsp::read_capture(path, sink, options);
  if (!result) {
    require(!result.error().empty());
    return outcome;
  }
  outcome.read = true;
  outcome.counts = result->counts;
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A file in memory: the reader takes a path.
  const int file = ::memfd_create("capture", 0);
  require(file >= 0 && ::write(file, data, size) == static_cast<ssize_t>(size));
  const std::string path = fmt::format("/proc/self/fd/{}", file);
  const Outcome first = read_all(path);
  const Outcome second = read_all(path);
  ::close(file);
  require(first.read == second.read && first.flows == second.flows);
  require(first.counts == second.counts && first.counts.flows == first.flows.size());
  require(first.packets <= first.counts.packets);
  return 0;
}

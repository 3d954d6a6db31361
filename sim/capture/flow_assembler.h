// Frames to flows with names: the whole way, without libpcap.
//
// Feed it frames in the order of the capture; it takes them apart, joins fragments, listens to DNS,
// and hands each flow to the sink when it is over (see flow_table.h for when, and in which order).
// Whatever cannot be read is counted by kind in `counts()`.
//
// Thread safety: none; one capture, one assembler.
#ifndef NSP_SIM_CAPTURE_FLOW_ASSEMBLER_H_
#define NSP_SIM_CAPTURE_FLOW_ASSEMBLER_H_

#include "sim/capture/flow_table.h"
#include "sim/capture/fragments.h"

namespace nsp {

class FlowAssembler {
 public:
  explicit FlowAssembler(FlowSink sink, const CaptureLimits& limits = {})
      : dns_(limits), fragments_(limits), flows_(limits, dns_, counts_, std::move(sink)) {}

  // `sent`: the length on the wire, where the capture holds less.
  void add(LinkType link, Instant time, Bytes captured, std::uint32_t sent);
  // The capture is over: delivers what lives. REQUIRES: called once, last.
  void finish();

  [[nodiscard]] const CaptureCounts& counts() const { return counts_; }

 private:
  void add_packet(const PacketView& packet, Instant time);

  CaptureCounts counts_;
  DnsAnswers dns_;
  FragmentTable fragments_;
  FlowTable flows_;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FLOW_ASSEMBLER_H_

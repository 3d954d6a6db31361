// What reading files and listening to interfaces share of libpcap: handles, link types, filters,
// packets.
//
// Only .cc files of this floor see libpcap; here its handle is a forward declaration. Thread
// safety: one source a thread.
#ifndef NSP_SIM_CAPTURE_PCAP_SOURCE_H_
#define NSP_SIM_CAPTURE_PCAP_SOURCE_H_

#include <expected>
#include <memory>
#include <string>

#include "sim/capture/flow_assembler.h"

struct pcap;
struct pcap_dumper;
struct pcap_pkthdr;

namespace nsp {

struct PcapCloser {
  void operator()(pcap* handle) const;
};
using PcapHandle = std::unique_ptr<pcap, PcapCloser>;

// The link type of a source, or what it has instead: "has link type `IEEE802_11`, expected …".
[[nodiscard]] std::expected<LinkType, std::string> link_type_of(pcap* handle);

// Sets a filter; the error is a message with the expression. An empty one sets nothing.
[[nodiscard]] std::expected<void, std::string> set_filter(pcap* handle, const std::string& filter);

// Packets from a handle to an assembler, and, if there is one, to a savefile.
class PcapPump {
 public:
  PcapPump(pcap* handle, LinkType link, bool nanoseconds, FlowAssembler& assembler,
           pcap_dumper* copy = nullptr)
      : handle_(handle),
        link_(link),
        nanoseconds_(nanoseconds),
        assembler_(assembler),
        copy_(copy) {}

  // Takes at most `most` packets. The number taken; 0 at the end of a file or when an interface has
  // none at the moment; negative on an error, which pcap_geterr() has.
  int pump(int most);

 private:
  static void take(unsigned char* self, const pcap_pkthdr* header, const unsigned char* bytes);

  pcap* handle_;
  LinkType link_;
  bool nanoseconds_;
  FlowAssembler& assembler_;
  pcap_dumper* copy_;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_PCAP_SOURCE_H_

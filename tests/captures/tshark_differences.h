// Where our reader and tshark differ on purpose, each with its reason. Everywhere else they are
// equal, but for names that DNS answers give to connections: tshark's fields do not have those. A
// difference that is not as it stands here, or that is no longer one, fails the test.
#ifndef NSP_TESTS_CAPTURES_TSHARK_DIFFERENCES_H_
#define NSP_TESTS_CAPTURES_TSHARK_DIFFERENCES_H_

#include <string_view>
#include <vector>

namespace nsp::captures {

struct Difference {
  std::string_view file;
  std::vector<std::string_view> lines;  // as the test writes them
  std::string_view reason;
};

inline const std::vector<Difference> kDifferences{
    {"built/hello-contradicting.pcap",
     {"only ours: 203.0.113.7:50000 foundry-rag.openai.azure.com",
      "only tshark: 203.0.113.7:50000 elsewhere-1.openai.azure.com"},
     "of two segments that contradict each other the first stands, and the contradiction is "
     "counted; tshark reads the one that it can dissect at once"},
    {"built/ipv4-fragments-contradicting.pcap",
     {"only ours: 203.0.113.7:50000 elsewhere-1.openai.azure.com",
      "only tshark: 203.0.113.7:50000 foundry-rag.openai.azure.com"},
     "of two fragments that contradict each other the first to arrive stands, and the overlap is "
     "counted; tshark prefers the one with the lower offset"},
    {"built/hello-incomplete.pcap",
     {"only ours: 203.0.113.7:50000 foundry-rag.openai.azure.com"},
     "a name that stands whole in a ClientHello whose end is missing is a name; tshark does not "
     "dissect the message"},
    {"built/http-hosts.pcap",
     {"only tshark: 203.0.113.7:50002 search-rag.search.windows.net",
      "only tshark: 203.0.113.7:50004 198.51.100.30"},
     "a flow has one name, that of its first request; an address is no name"},
    {"built/server-name-spellings.pcap",
     {"only tshark: 203.0.113.7:50001 198.51.100.10", "only tshark: 203.0.113.7:50002 not a name!"},
     "an address is no name (RFC 6066), nor is what no host can be called"},
    {"built/tunnels.pcap",
     {"tcp flows: 1, tshark 4", "only tshark: 192.0.2.1,10.0.1.4:50000 strag.blob.core.windows.net",
      "only tshark: 192.0.2.1,10.0.1.4:50001 strag.privatelink.blob.core.windows.net",
      "only tshark: 192.0.2.1,10.0.1.4:50002 strag.blob.core.windows.net"},
     "tunnels are not opened: who talks on this wire are their ends"},
    {"built/wrong-lengths.pcap",
     {"tcp flows: 1, tshark 5", "udp flows: 0, tshark 1"},
     "a packet whose lengths contradict each other is counted as such and belongs to no flow; "
     "tshark counts it by the ports that it believes to see"},
};

}  // namespace nsp::captures

#endif  // NSP_TESTS_CAPTURES_TSHARK_DIFFERENCES_H_

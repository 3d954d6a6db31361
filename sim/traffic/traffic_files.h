// Where recorded traffic lies: the files of a page's `capture`, `logs` and `bindings`, and of the
// options of the same names.
#ifndef NSP_SIM_TRAFFIC_TRAFFIC_FILES_H_
#define NSP_SIM_TRAFFIC_TRAFFIC_FILES_H_

#include <filesystem>
#include <vector>

namespace nsp {

struct TrafficFiles {
  std::vector<std::filesystem::path> captures;  // pcap, pcapng
  std::vector<std::filesystem::path> logs;      // records, and folders of them
  std::filesystem::path bindings;               // empty: none
};

}  // namespace nsp

#endif  // NSP_SIM_TRAFFIC_TRAFFIC_FILES_H_

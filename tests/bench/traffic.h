// A capture of made-up traffic, as large as one wants: what reading captures is measured on.
//
// Clients call storage accounts, search services and models over TLS: a handshake (half of the
// ClientHellos are post-quantum and take two segments), a request, an answer of 2 to 120 KiB in
// full segments with an acknowledgement for every second one, and FINs. 512 flows are under way at
// any time, their packets mixed. One flow in 64 is plain HTTP, one in 64 is a lookup by DNS. About
// 4 MB of packets pass in a second of the capture's own time, so flows come and go.
//
// The same size gives the same bytes. The file is written piece by piece, a few megabytes at a
// time.
#ifndef NSP_TESTS_BENCH_TRAFFIC_H_
#define NSP_TESTS_BENCH_TRAFFIC_H_

#include <cstdint>
#include <filesystem>

namespace nsp::bench {

struct Traffic {
  std::uint64_t bytes = 0;  // of the file
  std::uint64_t packets = 0;
  std::uint64_t hellos = 0;    // flows with a TLS server name
  std::uint64_t requests = 0;  // … with an HTTP host
};

// At least `bytes`, ending with whole flows. Nothing is written and all is zero when the file
// cannot be made.
Traffic write_traffic(const std::filesystem::path& path, std::uint64_t bytes);

}  // namespace nsp::bench

#endif  // NSP_TESTS_BENCH_TRAFFIC_H_

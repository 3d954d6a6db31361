// nspsim_make_traffic FILE MEGABYTES: writes the capture that tests/bench/compare_captures measures
// on.
#include <fmt/format.h>

#include <cstdlib>

#include "tests/bench/traffic.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "nspsim_make_traffic FILE MEGABYTES\n");
    return 2;
  }
  const auto traffic =
      nsp::bench::write_traffic(argv[1], std::strtoull(argv[2], nullptr, 10) * 1'000'000);
  if (traffic.bytes == 0) return 3;
  fmt::print("{} bytes, {} packets, {} flows with a TLS server name\n", traffic.bytes,
             traffic.packets, traffic.hellos);
  return 0;
}

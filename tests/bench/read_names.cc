// nspsim_read_names FILE: the TLS server names of a capture, one a flow, and on stderr how much
// memory that took at most.
#include <fmt/format.h>
#include <sys/resource.h>

#include <string>

#include "sim/capture/read_capture.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string names;
  const auto read = nsp::read_capture(argv[1], [&](nsp::Flow&& flow) {
    if (flow.name_source != nsp::NameSource::ServerName) return;
    names += flow.name.text();
    names += '\n';
    if (names.size() < 4096) return;
    fmt::print("{}", names);
    names.clear();
  });
  fmt::print("{}", names);
  if (!read) {
    fmt::print(stderr, "{}\n", to_string(read.error().front()));
    return 3;
  }
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print(stderr, "{} KiB\n", used.ru_maxrss);
  return 0;
}

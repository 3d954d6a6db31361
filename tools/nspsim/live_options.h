// `--interface` and what belongs to it: listening instead of reading files.
//
// Thread safety: for the main thread; an interrupt (SIGINT) ends the listening, not the program.
#ifndef NSP_TOOLS_NSPSIM_LIVE_OPTIONS_H_
#define NSP_TOOLS_NSPSIM_LIVE_OPTIONS_H_

#include <expected>
#include <string>

#include "tools/nspsim/traffic_options.h"

namespace nsp::cli {

struct LiveWords {
  std::string interface;  // empty: nobody listens
  std::string filter;
  double seconds = 0;  // 0: until interrupted
  std::string write;
};

// Adds `--interface`, `--filter`, `--duration` and `--write`; gives the first.
CLI::Option* add_live_options(CLI::App& command, LiveWords& words);

// Listens until the time is over or the user interrupts. What is wrong is printed; the error is the
// exit status.
[[nodiscard]] std::expected<ObtainedTraffic, int> listen_to(const LiveWords& words,
                                                            const TrafficJob& job);

}  // namespace nsp::cli

#endif  // NSP_TOOLS_NSPSIM_LIVE_OPTIONS_H_

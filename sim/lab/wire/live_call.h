// One attempt over the wire, and what came of it.
#ifndef NSP_SIM_LAB_WIRE_LIVE_CALL_H_
#define NSP_SIM_LAB_WIRE_LIVE_CALL_H_

#include <string>

#include "sim/lab/live_run.h"
#include "sim/lab/sending.h"
#include "sim/lab/wire/core.h"

namespace nsp::lab {

// What the sender saw.
struct LiveAnswer {
  bool refused = false;  // on its way out: nothing was sent
  bool cut = false;      // the connection ended without an answer
  unsigned status = 0;   // of the answer
  std::string verdict;   // as the answer's own fields say
  std::string reason;
  std::string clause;
  std::string problem;  // why there is no answer, in words
};

// REQUIRES: the data plane's edition has the sending's post.
[[nodiscard]] Awaitable<LiveAnswer> send_live(Core& core, const LiveCase& live,
                                              const Sending& sending);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_LIVE_CALL_H_

// The cases of pages over a lab: does a network decide as the engine does?
//
// LiveCases listens to a run of pages and keeps every attempt that was judged, with the decision.
// run_live() then starts one lab and sends each attempt over the wire as a caller would: from its
// own address, to the address that the lab's name server gives it, with a real credential. What the
// nodes decide, what they log and what the caller gets must be what the engine said.
//
// Compared leg by leg, since a call that is refused on its way out never arrives: verdict, reason,
// clause; the log categories of the records; the status of a denial, or that the connection was
// cut. What cannot be sent (other protocols, management, …) is counted by reason.
//
// Thread safety: none.
#ifndef NSP_SIM_LAB_LIVE_RUN_H_
#define NSP_SIM_LAB_LIVE_RUN_H_

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/decision/decided.h"

namespace nsp::lab {

struct LiveCase {
  std::string name;
  Place place;
  Attempt attempt;
  BoundAttempt bound;
  Scope scope;
  Decision decision;
};

// The cases of one block of a page: one environment, one set of readings.
struct LiveWorld {
  Environment environment;
  Readings readings;
  std::vector<LiveCase> cases;
};

class LiveCases {
 public:
  // REQUIRES: the attempt stands on a page (Decided::cell).
  void add(const Decided& decided);
  [[nodiscard]] const std::vector<LiveWorld>& worlds() const { return worlds_; }

 private:
  std::vector<LiveWorld> worlds_;
  Place section_;
};

struct LiveDifference {
  std::string name;
  Place place;
  std::string what;  // `inbound leg`, `log`, `caller sees`
  std::string expected;
  std::string actual;

  bool operator==(const LiveDifference&) const = default;
};

struct LiveResult {
  std::size_t sent = 0;
  std::map<std::string, std::size_t> not_sent;  // by reason
  std::vector<LiveDifference> differences;      // in order of the cases

  [[nodiscard]] std::size_t total() const;
};

// The error is one line: no lab could be started.
[[nodiscard]] std::expected<LiveResult, std::string> run_live(const LiveCases& cases);

// `live: 2412 attempts sent, all as decided`, then what was not sent, then every difference.
[[nodiscard]] std::string live_text(const LiveResult& result);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_LIVE_RUN_H_

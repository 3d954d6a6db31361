// One attempt, explained: the verdict, both legs with every step looked at, what enforcing would
// change, what the caller would see, and which other reading of the documents would decide
// otherwise.
//
// Nothing here decides: the steps are the evaluator's own trace. `explain()` gathers, the renderers
// write. Thread safety: pure functions and plain values. Lifetime: an Explanation's indices belong
// to its Policy.
#ifndef NSP_SIM_REPORT_EXPLAIN_H_
#define NSP_SIM_REPORT_EXPLAIN_H_

#include <expected>
#include <string>
#include <vector>

#include "sim/decision/bind.h"
#include "sim/decision/evaluate.h"
#include "sim/report/format.h"

namespace nsp {

struct TracedDecision {
  Decision decision;
  Trace trace;
};

// Another reading of one matter under which a verdict is not the same.
struct OtherReading {
  Matter matter;
  std::string text;  // `C5=publicNetworkAccess`
  Decision now;
  Decision enforced;
};

struct ExplainRequest {
  Attempt attempt;
  Readings readings;
  // The associations that are enforced in "if enforced", by association index; empty: all of them.
  std::vector<bool> enforced_associations;
  bool show_enforced = false;  // the steps that text shows are those of "if enforced"
};

struct Explanation {
  ExplainRequest request;
  BoundAttempt bound;
  TracedDecision now;
  TracedDecision enforced;
  std::vector<OtherReading> other_readings;

  // The decision that text explains and that the exit status follows.
  [[nodiscard]] const TracedDecision& shown() const {
    return request.show_enforced ? enforced : now;
  }
};

// The error says why the attempt makes no sense in this environment.
[[nodiscard]] std::expected<Explanation, std::string> explain(const Policy& policy,
                                                              ExplainRequest request);

// The associations that `name` stands for: `perimeter/association`, the association's name, or the
// resource's; nothing fits or several do: the error says so.
[[nodiscard]] std::expected<Index, std::string> find_association(const Environment& environment,
                                                                 std::string_view name);

// How much of the trace the text shows: each rule's nearest miss, or every element as a tree.
enum class TraceDetail : std::uint8_t { NearestMisses, Tree };

[[nodiscard]] std::string explain_as_text(const Policy& policy, const Explanation& explanation,
                                          TraceDetail detail, const RenderOptions& options);
// `"schema":"nspsim.explain/1"`.
[[nodiscard]] std::string explain_as_json(const Policy& policy, const Explanation& explanation);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_EXPLAIN_H_

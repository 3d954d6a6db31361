// The line protocol of `nspsim eval`: one attempt a line in, one decision a line out, in the same
// order.
//
//   {"id":"42","from":"office","to":"stcontoso"}
//   → {"id":"42","verdict":"deny","reason":"no inbound
//   rule","legs":[…],"ifEnforced":{…},"change":"unchanged"}
//
// `from` is a resource, a caller of the book, or absent: then the line itself carries the caller. A
// line that cannot be read, or whose attempt makes no sense, gives
// `{"id":…,"error":{"message":…,"line":…,"column":…}}` in its place and the run goes on. Empty
// lines are skipped. Lines are counted from 1, columns in bytes from 1.
//
// LineEvaluator takes lines; LineStream cuts bytes, however they arrive, into lines and bounds
// their length. Thread safety: one evaluator a thread; many may share a Policy. Memory: flat, the
// longest line decides.
#ifndef NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_H_
#define NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "sim/access_log/line_protocol_callers.h"
#include "sim/access_log/line_protocol_reader.h"
#include "sim/access_log/line_protocol_writer.h"
#include "sim/decision/decided.h"

namespace nsp {

// A longer line is an error line; nothing of it is kept.
inline constexpr std::size_t kLongestLine = std::size_t{16} << 20;

struct LineCounts {
  std::size_t lines = 0;      // all, empty ones too
  std::size_t records = 0;    // lines that were answered
  std::size_t errors = 0;     // … with an error
  std::size_t undecided = 0;  // … with the verdict undecided

  bool operator==(const LineCounts&) const = default;
};

// The exit status of the contract: 3 when a line was in error, else 4 when one was undecided, else
// 5 when there was none, else 0.
[[nodiscard]] int exit_status(const LineCounts& counts);

class LineEvaluator {
 public:
  // `policy` must outlive the evaluator.
  LineEvaluator(const Policy& policy, CallerBook callers = {}, const Readings& readings = {});

  // Told of every line that gets a verdict, with the decision as things are now.
  void on_decision(DecisionListener listener) { listener_ = std::move(listener); }

  // One line without its line end; appends the answer to `out`, or nothing for an empty line.
  void process(std::string_view line, std::string& out);

  // Answers a line of more than `longest` bytes, which was not kept.
  void refuse_long_line(std::size_t longest, std::string& out);

  [[nodiscard]] const LineCounts& counts() const { return counts_; }

 private:
  [[nodiscard]] std::expected<void, LineError> name_caller();
  [[nodiscard]] std::uint32_t column_of(std::string_view message) const;
  void answer(std::string& out);
  void refuse(const LineError& error, std::string& out);

  const Policy& policy_;
  CallerBook callers_;
  Readings readings_;
  Scope enforced_;
  AttemptLineReader reader_;
  DecisionLineWriter writer_;
  AttemptLine line_;
  LineCounts counts_;
  DecisionListener listener_;
};

class LineStream {
 public:
  // `evaluator` must outlive the stream.
  explicit LineStream(LineEvaluator& evaluator, std::size_t longest = kLongestLine)
      : evaluator_(evaluator), longest_(longest) {}

  // The next bytes; answers every line that they complete.
  void feed(std::string_view bytes, std::string& out);
  // The end of the input: answers a last line that has no line end.
  void finish(std::string& out);

 private:
  void keep(std::string_view rest);
  void end_line(std::string_view last_piece, std::string& out);

  LineEvaluator& evaluator_;
  std::size_t longest_;
  std::string partial_;  // the start of a line whose end has not come
  bool too_long_ = false;
};

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_H_

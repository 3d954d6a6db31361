// A node's decision together with what is said of it: to the caller in every answer, to the access
// log in records. Both follow from the decision (a record but for its time), so a ruling is made
// once and serves every request that asks the same.
//
// When is that so? Gate::arriving() depends on its arguments and the gate's readings alone: no
// clock, no state that an answer could tell (its variants of an edition are a cache). So equal
// questions have equal answers, and a RulingMemo that compares all of a question, exactly, gives
// what the gate would decide again. What changes with time is not in it: whether a token has
// expired is authentication's matter, asked with each request.
//
// A client sends the same kind of request again and again on one connection; hence one memo a
// connection, of one question. Example: a client with one token reads ten blobs: decided once, ten
// records. Counter-example: it reads with the token and a SAS in turn: decided each time. Cost of a
// hit: comparing the question; nothing is allocated.
//
// Thread safety: a Ruling is immutable, a RulingMemo belongs to one thread.
#ifndef NSP_SIM_LAB_RULING_H_
#define NSP_SIM_LAB_RULING_H_

#include <array>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/access_log/record_writer.h"
#include "sim/lab/credential.h"
#include "sim/lab/gate.h"

namespace nsp::lab {

// A record but for its time, see RecordWriter::prepare(). Shared: those who keep records keep this
// text and not the ruling, which would keep a whole edition.
using RecordText = std::shared_ptr<const std::string>;

struct Ruling {
  GateDecision decided;
  std::vector<RecordText> records;
};
using RulingPtr = std::shared_ptr<const Ruling>;

// `readings`: those of the gate that decided.
[[nodiscard]] RulingPtr make_ruling(GateDecision decided, const Readings& readings);
// Appends a record as a line with its end.
void append_record(std::string_view record, Instant at, std::string& out);

// All that the decision on an arriving request depends on. Views of the request and its credential.
struct ArrivalQuestion {
  const EditionPtr& edition;
  Index resource = kNone;
  IpAddress local;
  IpAddress peer;
  std::string_view host;  // of the `Host` field, without a port, in any case
  std::string_view operation;
  const Shown& shown;
};
// What a gate is asked.
[[nodiscard]] Arrival arrival_of(const ArrivalQuestion& question);

class RulingMemo {
 public:
  // The ruling on an equal question under equal readings, if that was the last; else null.
  [[nodiscard]] RulingPtr find(const ArrivalQuestion& question, const Readings& readings) const;
  void keep(const ArrivalQuestion& question, const Readings& readings, RulingPtr ruling);

 private:
  EditionPtr edition_;
  Arrival arrival_;
  Index resource_ = kNone;
  Credential credential_ = Credential::Unknown;
  bool has_claims_ = false;
  std::string mirid_;
  std::vector<Guid> perimeters_;
  Readings readings_;
  RulingPtr ruling_;
};

// Asks the gate unless the memo knows. The error is the gate's: it is not kept.
[[nodiscard]] std::expected<RulingPtr, std::string> rule(Gate& gate, RulingMemo& memo,
                                                         const ArrivalQuestion& question);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_RULING_H_

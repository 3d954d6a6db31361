#include "sim/lab/ruling.h"

#include <utility>

namespace nsp::lab {
namespace {

// What proven_of() reads of claims.
const std::string& mirid_shown(const Shown& shown) {
  static const std::string kNone;
  return shown.claims ? shown.claims->mirid : kNone;
}

const std::vector<Guid>& perimeters_shown(const Shown& shown) {
  static const std::vector<Guid> kNone;
  return shown.claims ? shown.claims->perimeters : kNone;
}

}  // namespace

RulingPtr make_ruling(GateDecision decided, const Readings& readings) {
  auto ruling = std::make_shared<Ruling>();
  ruling->decided = std::move(decided);
  const GateDecision& made = ruling->decided;
  const Decided whole{made.edition->policy, made.attempt, made.bound,
                      made.scope,           readings,     made.decision};
  for (std::string& text : RecordWriter(RecordShape::Raw).prepare(whole, std::nullopt)) {
    ruling->records.push_back(std::make_shared<const std::string>(std::move(text)));
  }
  return ruling;
}

void append_record(std::string_view record, Instant at, std::string& out) {
  RecordWriter(RecordShape::Raw).write(record, {at, at, 1}, out);
}

Arrival arrival_of(const ArrivalQuestion& question) {
  return {question.local, question.peer, std::string(question.host),
          std::string(question.operation)};
}

RulingPtr RulingMemo::find(const ArrivalQuestion& question, const Readings& readings) const {
  const bool same = ruling_ && edition_ == question.edition && resource_ == question.resource &&
                    arrival_.local == question.local && arrival_.peer == question.peer &&
                    arrival_.host == question.host && arrival_.operation == question.operation &&
                    credential_ == question.shown.credential &&
                    has_claims_ == question.shown.claims.has_value() &&
                    mirid_ == mirid_shown(question.shown) &&
                    perimeters_ == perimeters_shown(question.shown) && readings_ == readings;
  return same ? ruling_ : nullptr;
}

void RulingMemo::keep(const ArrivalQuestion& question, const Readings& readings, RulingPtr ruling) {
  edition_ = question.edition;
  arrival_ = arrival_of(question);
  resource_ = question.resource;
  credential_ = question.shown.credential;
  has_claims_ = question.shown.claims.has_value();
  mirid_ = mirid_shown(question.shown);
  perimeters_ = perimeters_shown(question.shown);
  readings_ = readings;
  ruling_ = std::move(ruling);
}

std::expected<RulingPtr, std::string> rule(Gate& gate, RulingMemo& memo,
                                           const ArrivalQuestion& question) {
  if (RulingPtr known = memo.find(question, gate.readings())) return known;
  auto decided = gate.arriving(question.edition, question.resource, arrival_of(question),
                               proven_of(question.shown));
  if (!decided) return std::unexpected(std::move(decided.error()));
  RulingPtr made = make_ruling(*std::move(decided), gate.readings());
  memo.keep(question, gate.readings(), made);
  return made;
}

}  // namespace nsp::lab

// The replay for a program: `nspsim.replay/1`, as one document or as lines.
#include "sim/report/activity_json.h"
#include "sim/report/replay_members.h"

namespace nsp {
namespace {

constexpr std::string_view kSchema = "nspsim.replay/1";

void write_choice(JsonWriter& json, const OpenChoice& choice) {
  json.object();
  json.member("value", choice.value);
  json.member("verdict", to_string(choice.verdict));
  json.member("reason", choice.reason);
  json.end();
}

void write_outcome(JsonWriter& json, std::string_view name, const ReplayOutcome& outcome) {
  json.key(name).object();
  json.member("verdict", to_string(outcome.verdict));
  json.member("reason", outcome.reason);
  json.member("clause", facts(outcome.clause).id);
  json.key("choices").array();
  for (const OpenChoice& choice : outcome.choices) write_choice(json, choice);
  json.end().end();
}

void write_from(JsonWriter& json, const ReplayTuple& tuple) {
  json.key("from").object();
  write_text_or_null(json, "name", tuple.caller);
  write_text_or_null(json, "address", tuple.address);
  write_text_or_null(json, "resource", tuple.resource);
  json.end();
}

void write_tuple(JsonWriter& json, const ReplayTuple& tuple) {
  std::vector<std::string> recorded;
  for (const LogCategory category : tuple.recorded) recorded.emplace_back(to_string(category));
  json.object();
  json.member("change", to_string(tuple.change));
  write_activity(json, tuple.seen);
  json.member("direction", to_string(tuple.direction));
  write_from(json, tuple);
  write_text_or_null(json, "to", tuple.to);
  write_text_or_null(json, "profile", tuple.profile);
  write_text_or_null(json, "credential", tuple.credential ? to_string(*tuple.credential) : "");
  json.member("path", to_string(tuple.path));
  json.member("recorded", recorded);
  write_outcome(json, "now", tuple.now);
  write_outcome(json, "then", tuple.then);
  write_text_or_null(json, "nearestMiss", tuple.nearest_miss);
  json.end();
}

void write_weights(JsonWriter& json, const Replay& replay) {
  json.key("weights").object();
  for (const Change change :
       {Change::Unchanged, Change::Revoked, Change::Gained, Change::Undecided}) {
    json.member(to_string(change), replay.weight(change));
  }
  json.member("notJudged", replay.unjudged_weight);
  json.end();
}

void write_unjudged(JsonWriter& json, const Replay& replay) {
  json.key("notJudged").array();
  for (const Unjudged& unjudged : replay.unjudged) {
    json.object();
    json.member("why", unjudged.why);
    write_activity(json, unjudged.seen);
    json.end();
  }
  json.end();
}

void write_recorded(JsonWriter& json, std::string_view name, const RecordedOutcome& outcome) {
  json.key(name).object();
  json.member("category", outcome.category);
  write_text_or_null(json, "rule", outcome.rule);
  write_text_or_null(json, "action", outcome.action());
  json.end();
}

void write_disagreement(JsonWriter& json, const Disagreement& one) {
  json.object();
  json.member("resource", one.resource);
  write_text_or_null(json, "profile", one.profile);
  write_recorded(json, "recorded", one.recorded);
  write_recorded(json, "predicted", one.predicted);
  write_activity(json, one.seen);
  json.key("example").object();
  json.member("from", one.from).member("to", one.to);
  json.end();
  json.member("explanation", one.explanation);
  json.end();
}

void write_agreement(JsonWriter& json, const Agreement& agreement) {
  json.key("agreement");
  if (agreement.empty()) {
    json.null();
    return;
  }
  json.object();
  json.member("agreeing", agreement.agreeing);
  json.member("disagreeing", agreement.disagreeing);
  json.member("notJudged", agreement.unjudged);
  json.key("disagreements").array();
  for (const Disagreement& one : agreement.disagreements) write_disagreement(json, one);
  json.end().end();
}

void write_head(JsonWriter& json, const ReplayReport& report) {
  write_counts(json, report.counts, report.window());
  json.key("comparison").object();
  json.member("now", report.now).member("then", report.then);
  write_text_or_null(json, "about", report.about);
  json.end();
  write_weights(json, report.replay);
}

}  // namespace

void write_replay_members(JsonWriter& json, const ReplayReport& report) {
  write_head(json, report);
  json.key("tuples").array();
  for (const ReplayTuple& tuple : report.replay.tuples) write_tuple(json, tuple);
  json.end();
  write_unjudged(json, report.replay);
  write_agreement(json, report.agreement);
}

std::string replay_as_json(const ReplayReport& report) {
  JsonWriter json;
  json.object().member("schema", kSchema);
  write_replay_members(json, report);
  json.end();
  return json.take();
}

std::string replay_as_ndjson(const ReplayReport& report) {
  JsonWriter head(JsonWriter::Style::OneLine);
  head.object().member("schema", kSchema);
  write_head(head, report);
  write_unjudged(head, report.replay);
  write_agreement(head, report.agreement);
  head.end();
  std::string text = head.take() + '\n';
  for (const ReplayTuple& tuple : report.replay.tuples) {
    JsonWriter line(JsonWriter::Style::OneLine);
    write_tuple(line, tuple);
    text += line.take() + '\n';
  }
  return text;
}

}  // namespace nsp

// A diff for a program, `nspsim.diff/1`.
#include "sim/report/diff_report.h"
#include "sim/report/json_writer.h"

namespace nsp {
namespace {

void write_answer(JsonWriter& json, std::string_view name, const Answer& answer) {
  json.key(name).object();
  json.member("verdict", verdict_word(answer)).member("reasons", answer.reasons);
  json.end();
}

void write_turned(JsonWriter& json, std::string_view name, const Turned& turned) {
  json.key(name).object();
  write_answer(json, "base", turned.base);
  write_answer(json, "candidate", turned.candidate);
  json.end();
}

void write_optional_place(JsonWriter& json, std::string_view name,
                          const std::optional<Place>& place) {
  json.key(name);
  if (!place) {
    json.null();
    return;
  }
  json.object();
  write_place(json, *place);
  json.end();
}

void write_setting(JsonWriter& json, const SettingChange& change) {
  json.object().member("name", change.name);
  if (change.is_list) {
    json.member("added", change.added).member("removed", change.removed);
  } else {
    const auto value = [&](std::string_view name, const std::string& text) {
      json.key(name);
      text.empty() ? json.null() : json.value(text);
    };
    value("from", change.from);
    value("to", change.to);
  }
  json.end();
}

void write_object(JsonWriter& json, const ObjectChange& change) {
  json.object().member("change", to_string(change.change)).member("kind", to_string(change.kind));
  json.member("name", change.name);
  write_optional_place(json, "base", change.base);
  write_optional_place(json, "candidate", change.candidate);
  json.key("settings").array();
  for (const SettingChange& setting : change.settings) write_setting(json, setting);
  json.end().end();
}

void write_paths(JsonWriter& json, const VerdictChange& change) {
  json.key("paths");
  if (!change.paths) {
    json.null();
    return;
  }
  json.object().member("base", to_string((*change.paths)[0]));
  json.member("candidate", to_string((*change.paths)[1])).end();
}

// As a line of `nspsim eval` has it, in the names of one side. A subnet that no document names
// cannot be written there: then there is none.
void write_attempt(JsonWriter& json, std::string_view name, const Attempt& attempt) {
  json.key(name);
  if (attempt.unlisted_subnet) {
    json.null();
    return;
  }
  json.object();
  if (!attempt.outside) json.member("from", attempt.from);
  json.member("to", attempt.to);
  if (attempt.credential) json.member("credential", to_string(*attempt.credential));
  json.member("via", to_string(attempt.via));
  if (attempt.address) json.member("address", to_string(*attempt.address));
  if (attempt.address_hidden) json.member("address", "hidden");
  if (attempt.subscription) json.member("subscription", to_string(*attempt.subscription));
  if (!attempt.subnet.empty()) json.member("subnet", attempt.subnet);
  if (attempt.name) json.member("name", attempt.name->text());
  json.member("protocol", to_string(attempt.protocol));
  json.member("trustedService", attempt.trusted_service).end();
}

void write_change(JsonWriter& json, const VerdictChange& change) {
  json.object().member("change", to_string(change.turn));
  json.member("onlyIfEnforced", change.only_enforced).member("asked", to_string(change.asked));
  json.member("from", change.from).member("to", change.to).member("values", change.values);
  json.member("otherValues", change.other_values).member("credentials", change.credentials);
  json.member("hostNames", change.host_names).member("protocols", change.protocols);
  json.member("shows", change.shows).key("via");
  change.via ? json.value(to_string(*change.via)) : json.null();
  write_paths(json, change);
  write_turned(json, "now", change.now);
  write_turned(json, "ifEnforced", change.enforced);
  json.key("witness").object();
  write_attempt(json, "base", change.witness[0]);
  write_attempt(json, "candidate", change.witness[1]);
  json.end().end();
}

void write_turns(JsonWriter& json, std::string_view name,
                 const std::array<std::size_t, kTurnCount>& counts) {
  json.key(name).object();
  for (std::size_t turn = 0; turn < kTurnCount; ++turn) {
    json.member(to_string(static_cast<Turn>(turn)), counts[turn]);
  }
  json.end();
}

void write_summary(JsonWriter& json, const EnvironmentDiff& diff) {
  const DiffTotals sum = totals(diff.verdicts);
  json.key("summary").object();
  write_turns(json, "now", sum.now);
  write_turns(json, "onlyIfEnforced", sum.only_enforced);
  std::array<std::size_t, 3> objects{};
  for (const ObjectChange& change : diff.configuration) {
    ++objects[static_cast<std::size_t>(change.change)];
  }
  json.key("configuration").object();
  json.member("added", objects[0]).member("removed", objects[1]).member("changed", objects[2]);
  json.end().end();
}

void write_asked(JsonWriter& json, const VerdictDiff& diff) {
  json.key("asked").object().member("resources", diff.resources);
  json.member("callerClasses", diff.caller_classes);
  json.member("destinationClasses", diff.destination_classes);
  json.member("evaluations", diff.evaluations).end();
}

}  // namespace

std::string diff_as_json(const DiffReport& report) {
  const EnvironmentDiff& diff = report.diff;
  JsonWriter json;
  json.object().member("schema", "nspsim.diff/1");
  json.member("base", report.base).member("candidate", report.candidate);
  json.key("configuration").array();
  for (const ObjectChange& change : diff.configuration) write_object(json, change);
  json.end().key("verdicts").array();
  for (const VerdictChange& change : diff.verdicts.changes) write_change(json, change);
  json.end().key("absent").object();
  json.member("base", diff.verdicts.only_candidate);
  json.member("candidate", diff.verdicts.only_base).end();
  write_summary(json, diff);
  write_asked(json, diff.verdicts);
  json.end();
  return json.take();
}

}  // namespace nsp

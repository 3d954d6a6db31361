// The explanation for a program: the members of an `eval` line, with the steps of each leg and what
// stands around them.

#include <algorithm>

#include "sim/decision/describe.h"
#include "sim/report/explain.h"
#include "sim/report/json_writer.h"

namespace nsp {
namespace {

void write_optional(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.value(text);
  }
}

void write_attempt(JsonWriter& json, const Policy& policy, const Explanation& e) {
  const Environment& environment = policy.environment();
  const Attempt& attempt = e.request.attempt;
  const BoundAttempt& bound = e.bound;
  json.key("attempt").object();
  write_optional(json, "from",
                 bound.caller == kNone ? attempt.from : display_name(environment, bound.caller));
  json.member("outside", bound.caller == kNone);
  json.member(
      "to", bound.destination == kNone ? attempt.to : display_name(environment, bound.destination));
  write_optional(json, "name", bound.host.text);
  write_optional(json, "credential",
                 bound.credential == Credential::Unknown ? "" : to_string(bound.credential));
  write_optional(
      json, "address",
      bound.address_view == AddressView::Visible || bound.address_view == AddressView::Private
          ? to_string(bound.address)
          : std::string());
  json.member("path", to_string(bound.path));
  json.member("protocol", to_string(attempt.protocol));
  json.member("operation", attempt.operation);
  json.member("trustedService", bound.trusted_service);
  json.end();
}

void write_verdict(JsonWriter& json, const Policy& policy, const Decision& decision) {
  json.member("verdict", to_string(decision.verdict));
  json.member("reason", reason_text(policy, decision));
}

void write_association(JsonWriter& json, const Environment& environment, const Leg& leg) {
  if (leg.association == kNone) {
    json.key("perimeter").null().key("profile").null().key("accessMode").null();
    return;
  }
  const Association& association = environment.associations[leg.association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  json.member("perimeter", perimeter.name);
  json.member("profile", perimeter.profiles[association.profile].name);
  write_optional(json, "accessMode",
                 leg.mode == AccessMode::Unknown ? association.mode_text : to_string(leg.mode));
}

void write_trial(JsonWriter& json, const RuleTrial& trial) {
  json.object();
  json.member("rule", trial.rule_name);
  write_optional(json, "element", trial.element);
  json.member("matched", trial.matched);
  json.member("why", trial.why);
  json.end();
}

void write_step(JsonWriter& json, const TraceStep& step) {
  const ClauseFacts& clause = facts(step.clause);
  json.object();
  json.member("clause", clause.id);
  json.member("grade", to_string(clause.grade));
  json.member("source", clause.source);
  json.member("sentence", clause.sentence);
  json.member("decides", step.outcome == TraceStep::Outcome::Decided);
  json.member("text", step.text);
  json.key("trials").array();
  for (const RuleTrial& trial : step.trials) write_trial(json, trial);
  json.end().end();
}

void write_lists(JsonWriter& json, const Policy& policy, const Leg& leg) {
  std::vector<std::string> categories;
  for (const LogCategory category : leg.categories.view())
    categories.emplace_back(to_string(category));
  std::vector<std::string> assumptions;
  for (const MatterFacts& matter : all_matters()) {
    if (leg.readings[static_cast<std::size_t>(matter.matter)]) assumptions.emplace_back(matter.id);
  }
  json.member("logCategory", categories);
  json.member("assumptions", assumptions);
  json.member("notes", note_texts(policy, leg));
}

void write_leg(JsonWriter& json, const Policy& policy, const Leg& leg, const Trace& trace) {
  const Environment& environment = policy.environment();
  const ClauseFacts& clause = facts(leg.clause);
  json.object();
  json.member("direction", to_string(leg.direction));
  json.member("resource", display_name(environment, leg.resource));
  write_association(json, environment, leg);
  write_optional(json, "publicNetworkAccess",
                 leg.public_network_access == PublicNetworkAccess::Unknown
                     ? environment.resources[leg.resource].public_network_access_text
                     : to_string(leg.public_network_access));
  json.member("verdict", to_string(leg.verdict));
  json.member("reason", reason_text(policy, leg));
  write_optional(json, "rule", policy.rule_name(leg.rule));
  json.member("clause", clause.id);
  json.member("grade", to_string(clause.grade));
  write_lists(json, policy, leg);
  json.key("steps").array();
  for (const TraceStep& step : trace.steps) {
    if (step.direction == leg.direction) write_step(json, step);
  }
  json.end().end();
}

void write_legs(JsonWriter& json, const Policy& policy, const TracedDecision& traced) {
  json.key("legs").array();
  for (const Leg& leg : traced.decision.legs()) write_leg(json, policy, leg, traced.trace);
  json.end();
}

// `"associations"` is null where all of them are enforced.
void write_enforced(JsonWriter& json, const Policy& policy, const Explanation& e) {
  const Environment& environment = policy.environment();
  json.key("ifEnforced").object();
  write_verdict(json, policy, e.enforced.decision);
  json.key("associations");
  if (e.request.enforced_associations.empty()) {
    json.null();
  } else {
    std::vector<std::string> names;
    for (Index i = 0; i < e.request.enforced_associations.size(); ++i) {
      if (!e.request.enforced_associations[i]) continue;
      const Association& association = environment.associations[i];
      names.push_back(environment.perimeters[association.perimeter].name + "/" + association.name);
    }
    json.value(names);
  }
  write_legs(json, policy, e.enforced);
  json.end();
}

void write_denial(JsonWriter& json, const Policy& policy, const Decision& decision) {
  json.key("denialSeen");
  const bool denied = decision.verdict == Verdict::Deny && decision.leg_count != 0;
  const Leg& leg = decision.leg[decision.deciding_leg];
  const Denial* denial =
      denied && leg.direction == Direction::Inbound
          ? denial_seen(policy.environment().resources[leg.resource].service, leg.clause)
          : nullptr;
  if (denial == nullptr) {
    json.null();
    return;
  }
  json.object();
  write_optional(json, "status", denial->status);
  write_optional(json, "code", denial->code);
  json.member("message", denial->message);
  write_optional(json, "lookAlike", denial->look_alike);
  json.member("grade", to_string(denial->grade));
  json.end();
}

void write_assumptions(JsonWriter& json, const Explanation& e) {
  MatterSet used;
  for (const TracedDecision* traced : {&e.now, &e.enforced}) {
    for (const Leg& leg : traced->decision.legs()) used |= leg.readings;
  }
  json.key("assumptions").array();
  for (const MatterFacts& matter : all_matters()) {
    if (!used[static_cast<std::size_t>(matter.matter)]) continue;
    json.object().member("id", matter.id).member("question", matter.question);
    json.member("reading", matter.reading);
    write_optional(json, "choice",
                   matter.choices.empty() ? "" : matter.choices[e.request.readings[matter.matter]]);
    json.end();
  }
  json.end();
}

void write_other_readings(JsonWriter& json, const Policy& policy, const Explanation& e) {
  json.key("otherReadings").array();
  for (const OtherReading& other : e.other_readings) {
    json.object().member("reading", other.text).member("question", facts(other.matter).question);
    write_verdict(json, policy, other.now);
    json.key("ifEnforced").object();
    write_verdict(json, policy, other.enforced);
    json.end().end();
  }
  json.end();
}

}  // namespace

std::string explain_as_json(const Policy& policy, const Explanation& explanation) {
  JsonWriter json;
  json.object().member("schema", "nspsim.explain/1");
  write_attempt(json, policy, explanation);
  write_verdict(json, policy, explanation.now.decision);
  write_legs(json, policy, explanation.now);
  write_enforced(json, policy, explanation);
  json.member("change", to_string(change_between(explanation.now.decision.verdict,
                                                 explanation.enforced.decision.verdict)));
  write_denial(json, policy, explanation.shown().decision);
  write_assumptions(json, explanation);
  write_other_readings(json, policy, explanation);
  json.end();
  return json.take();
}

}  // namespace nsp

// The explanation for a terminal.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/text_table.h"
#include "sim/decision/describe.h"
#include "sim/decision/nearest.h"
#include "sim/report/explain.h"

namespace nsp {
namespace {

using Lines = std::vector<std::string>;

std::string caller_name(const Policy& policy, const Explanation& e) {
  if (e.bound.caller != kNone) return display_name(policy.environment(), e.bound.caller);
  return e.request.attempt.from.empty() ? "the caller" : e.request.attempt.from;
}

std::string destination_name(const Policy& policy, const Explanation& e) {
  if (e.bound.destination != kNone) return display_name(policy.environment(), e.bound.destination);
  return e.request.attempt.to;
}

// The clause that the attempt's verdict rests on.
const ClauseFacts& deciding_clause(const Decision& decision) {
  if (decision.leg_count == 0) return facts(Clause::G1);
  return facts(decision.leg[decision.deciding_leg].clause);
}

std::string_view verdict_color(Verdict verdict) {
  switch (verdict) {
    case Verdict::Allow:
      return "\x1b[32m";
    case Verdict::Deny:
      return "\x1b[31m";
    case Verdict::Undecided:
      return "\x1b[33m";
  }
  return "";
}

std::string verdict_sentence(const Policy& policy, const Explanation& e) {
  const Decision& decision = e.shown().decision;
  const std::string from = caller_name(policy, e);
  const std::string to = destination_name(policy, e);
  const std::string when = e.request.show_enforced ? ", if enforced" : "";
  const std::string reason = reason_text(policy, decision);
  switch (decision.verdict) {
    case Verdict::Allow:
      return fmt::format("allowed{}: `{}` reaches `{}`, by {}", when, from, to, reason);
    case Verdict::Deny:
      return fmt::format("denied{}: `{}` does not reach `{}`, {}", when, from, to, reason);
    case Verdict::Undecided:
      return fmt::format("undecided{}: whether `{}` reaches `{}` depends on a missing fact, {}",
                         when, from, to, to_string(decision.missing));
  }
  return {};
}

std::string headline(const Policy& policy, const Explanation& e, bool color) {
  const Decision& decision = e.shown().decision;
  const ClauseFacts& clause = deciding_clause(decision);
  const std::string line = printable(
      fmt::format("{} ({}, {})", verdict_sentence(policy, e), clause.id, to_string(clause.grade)));
  if (!color) return line + '\n';
  const std::size_t word = line.find_first_of(",:");
  return fmt::format("{}{}\x1b[0m{}\n", verdict_color(decision.verdict), line.substr(0, word),
                     line.substr(word));
}

std::string address_text(const BoundAttempt& bound) {
  switch (bound.address_view) {
    case AddressView::Visible:
      return to_string(bound.address);
    case AddressView::Hidden:
      return "none visible";
    case AddressView::Missing:
      return "not stated";
    case AddressView::Private:
      return fmt::format("{}, private", to_string(bound.address));
  }
  return {};
}

std::string path_text(const Policy& policy, const BoundAttempt& bound) {
  std::string text(to_string(bound.path));
  if (bound.path == Path::PrivateEndpoint && bound.private_state == PrivateState::NotApproved) {
    text += ", not approved";
  }
  if (bound.resolved_by_zone != kNone) {
    text += fmt::format(", by the zone {}",
                        policy.environment().zones[bound.resolved_by_zone].name.text());
  }
  return text;
}

std::string attempt_section(const Policy& policy, const Explanation& e) {
  const Attempt& attempt = e.request.attempt;
  const std::string credential = e.bound.credential == Credential::Unknown
                                     ? "not stated"
                                     : std::string(to_string(e.bound.credential));
  TextTable table;
  table.rows = {{"from", caller_name(policy, e) +
                             (e.bound.caller == kNone ? ", outside the environment" : "")},
                {"credential", credential},
                {"address", address_text(e.bound)},
                {"to", destination_name(policy, e)}};
  if (!e.bound.host.empty()) table.rows.push_back({"name", e.bound.host.text});
  table.rows.push_back({"path", path_text(policy, e.bound)});
  table.rows.push_back(
      {"call", fmt::format("{}, {}", to_string(attempt.protocol), attempt.operation)});
  if (e.bound.trusted_service) table.rows.push_back({"trusted service", "yes"});
  return "\nattempt\n" + to_string(table, 2);
}

std::string association_text(const Environment& environment, const Leg& leg) {
  if (leg.association == kNone) return "none";
  const Association& association = environment.associations[leg.association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  const std::string mode = leg.mode == AccessMode::Unknown
                               ? fmt::format("`{}`, unknown", association.mode_text)
                               : std::string(to_string(leg.mode));
  return fmt::format("{}, profile {}, mode {}", perimeter.name,
                     perimeter.profiles[association.profile].name, mode);
}

std::string access_text(const Environment& environment, const Leg& leg) {
  if (leg.public_network_access != PublicNetworkAccess::Unknown) {
    return std::string(to_string(leg.public_network_access));
  }
  const std::string& written = environment.resources[leg.resource].public_network_access_text;
  return written.empty() ? "not known" : fmt::format("`{}`, unknown", written);
}

// `office: 203.0.113.0/28, no match: source … is 5 past the end of 203.0.113.0/28`. A resource's
// own rule is named after its element, which is then not said twice.
std::string trial_text(const RuleTrial& trial) {
  const bool in_name = trial.element.empty() || trial.rule_name.ends_with(trial.element);
  std::string text =
      in_name ? trial.rule_name : fmt::format("{}: {}", trial.rule_name, trial.element);
  text += trial.matched ? ", matches" : ", no match";
  if (!trial.why.empty()) text += ": " + trial.why;
  return text;
}

// The trials of a step, one vector a rule, in the order of their first trials.
std::vector<std::vector<const RuleTrial*>> by_rule(const TraceStep& step) {
  std::vector<std::vector<const RuleTrial*>> groups;
  for (const RuleTrial& trial : step.trials) {
    const auto same = std::ranges::find_if(groups, [&](const auto& group) {
      return group.front()->rule == trial.rule && group.front()->rule_name == trial.rule_name;
    });
    if (same != groups.end()) {
      same->push_back(&trial);
    } else {
      groups.push_back({&trial});
    }
  }
  return groups;
}

Lines nearest_misses(const BoundAttempt& bound, const TraceStep& step) {
  Lines lines;
  for (const auto& trials : by_rule(step)) {
    std::string line = "rule " + trial_text(*most_telling(bound, trials));
    if (trials.size() > 1) line += fmt::format(" (of {} elements)", trials.size());
    lines.push_back(std::move(line));
  }
  return lines;
}

Lines all_trials(const TraceStep& step) {
  Lines lines;
  for (const RuleTrial& trial : step.trials) lines.push_back("rule " + trial_text(trial));
  return lines;
}

std::string step_text(const TraceStep& step) {
  const ClauseFacts& clause = facts(step.clause);
  const std::string_view mark = step.outcome == TraceStep::Outcome::Decided ? "decides: " : "";
  return fmt::format("{} ({}) {}{}", clause.id, to_string(clause.grade), mark, step.text);
}

std::vector<const TraceStep*> steps_of(const Trace& trace, Direction direction) {
  std::vector<const TraceStep*> steps;
  for (const TraceStep& step : trace.steps) {
    if (step.direction == direction) steps.push_back(&step);
  }
  return steps;
}

std::string plain_steps(const Explanation& e, Direction direction) {
  std::string text = "  steps\n";
  for (const TraceStep* step : steps_of(e.shown().trace, direction)) {
    text += "    " + step_text(*step) + '\n';
    for (const std::string& line : nearest_misses(e.bound, *step)) text += "      " + line + '\n';
  }
  return text;
}

std::string tree_steps(const Explanation& e, Direction direction) {
  std::string text;
  const auto steps = steps_of(e.shown().trace, direction);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    text += fmt::format("  {} {}\n", last ? "└─" : "├─", step_text(*steps[i]));
    const Lines trials = all_trials(*steps[i]);
    for (std::size_t k = 0; k < trials.size(); ++k) {
      text += fmt::format("  {}  {} {}\n", last ? " " : "│", k + 1 == trials.size() ? "└─" : "├─",
                          trials[k]);
    }
  }
  return text;
}

std::string leg_section(const Policy& policy, const Explanation& e, const Leg& leg,
                        TraceDetail detail) {
  const Environment& environment = policy.environment();
  TextTable table;
  table.rows = {
      {"perimeter", association_text(environment, leg)},
      {"publicNetworkAccess", access_text(environment, leg)},
      {"verdict", fmt::format("{}: {}", to_string(leg.verdict), reason_text(policy, leg))},
      {"logged", categories_text(leg.categories.view())}};
  std::string text = fmt::format("\n{} leg, judged at {}\n", to_string(leg.direction),
                                 display_name(environment, leg.resource));
  text += to_string(table, 2);
  return text + (detail == TraceDetail::Tree ? tree_steps(e, leg.direction)
                                             : plain_steps(e, leg.direction));
}

// What tells the denial from its look-alike is the record that the perimeter writes, where it
// writes one.
std::string how_to_tell(const Leg& leg) {
  if (leg.categories.count == 0)
    return "the perimeter logs nothing here; look at the resource's own settings";
  return fmt::format("a denial by the {} leaves {} in NSPAccessLogs",
                     denied_by_perimeter(leg.clause) ? "perimeter" : "resource's own settings",
                     categories_text(leg.categories.view()));
}

std::string denial_section(const Policy& policy, const Explanation& e) {
  const Decision& decision = e.shown().decision;
  if (decision.verdict != Verdict::Deny || decision.leg_count == 0) return {};
  const Leg& leg = decision.leg[decision.deciding_leg];
  if (leg.direction != Direction::Inbound) {
    return fmt::format(
        "\nwhat the caller sees\n  the call does not leave `{}`; the destination never answers\n",
        display_name(policy.environment(), leg.resource));
  }
  const Denial* denial =
      denial_seen(policy.environment().resources[leg.resource].service, leg.clause);
  if (denial == nullptr) return {};
  TextTable table;
  table.rows.push_back({"answer", fmt::format("{}{}{}", denial->status,
                                              denial->status.empty() ? "" : " ", denial->code)});
  table.rows.push_back({"message", std::string(denial->message)});
  if (!denial->look_alike.empty())
    table.rows.push_back({"look-alike", std::string(denial->look_alike)});
  table.rows.push_back({"how to tell", how_to_tell(leg)});
  table.rows.push_back({"grade", std::string(to_string(denial->grade))});
  return "\nwhat the caller sees\n" + to_string(table, 2);
}

std::string enforced_scope_text(const Policy& policy, const Explanation& e) {
  const Environment& environment = policy.environment();
  Lines names;
  for (Index i = 0; i < e.request.enforced_associations.size(); ++i) {
    if (!e.request.enforced_associations[i]) continue;
    const Association& association = environment.associations[i];
    names.push_back(
        fmt::format("{}/{}", environment.perimeters[association.perimeter].name, association.name));
  }
  if (names.empty()) return "every association Enforced";
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text + " Enforced";
}

std::string outcome_line(const Policy& policy, const Decision& decision) {
  return fmt::format("{} ({})", outcome_text(policy, decision), deciding_clause(decision).id);
}

std::string change_section(const Policy& policy, const Explanation& e) {
  const Decision& now = e.now.decision;
  const Decision& then = e.enforced.decision;
  TextTable table;
  table.rows = {{"now", outcome_line(policy, now)},
                {"if enforced", outcome_line(policy, then)},
                {"change", std::string(to_string(change_between(now.verdict, then.verdict)))}};
  return fmt::format("\nif enforced ({})\n", enforced_scope_text(policy, e)) + to_string(table, 2);
}

// Of both legs, each once.
std::string notes_section(const Policy& policy, const Decision& decision) {
  Lines notes;
  for (const Leg& leg : decision.legs()) {
    for (std::string& note : note_texts(policy, leg)) {
      if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
    }
  }
  if (notes.empty()) return {};
  std::string text = "\nnotes\n";
  for (const std::string& note : notes) text += fmt::format("  {}\n", note);
  return text;
}

std::string reading_taken(const MatterFacts& matter, const Readings& readings) {
  if (readings.is_default(matter.matter)) return std::string(matter.reading);
  return fmt::format("{}={}, as asked", matter.id, matter.choices[readings[matter.matter]]);
}

std::string assumptions_section(const Explanation& e) {
  MatterSet used;
  for (const Leg& leg : e.shown().decision.legs()) used |= leg.readings;
  if (used.none()) return {};
  TextTable table;
  for (const MatterFacts& matter : all_matters()) {
    if (!used[static_cast<std::size_t>(matter.matter)]) continue;
    table.rows.push_back(
        {std::string(matter.id),
         fmt::format("{}: {}", matter.question, reading_taken(matter, e.request.readings))});
  }
  return "\nassumptions used\n" + to_string(table, 2);
}

std::string other_readings_section(const Policy& policy, const Explanation& e) {
  if (e.other_readings.empty()) {
    return "\nother readings\n  no other reading of an assumption changes a verdict here\n";
  }
  TextTable table;
  table.header = {"reading", "now", "if enforced"};
  for (const OtherReading& other : e.other_readings) {
    table.rows.push_back(
        {other.text, outcome_text(policy, other.now), outcome_text(policy, other.enforced)});
  }
  return "\nother readings\n" + to_string(table, 2);
}

}  // namespace

std::string explain_as_text(const Policy& policy, const Explanation& explanation,
                            TraceDetail detail, const RenderOptions& options) {
  std::string first = headline(policy, explanation, options.color);
  if (options.quiet) return first;
  std::string text = attempt_section(policy, explanation);
  for (const Leg& leg : explanation.shown().decision.legs()) {
    text += leg_section(policy, explanation, leg, detail);
  }
  text += denial_section(policy, explanation);
  text += change_section(policy, explanation);
  text += notes_section(policy, explanation.shown().decision);
  text += assumptions_section(explanation);
  text += other_readings_section(policy, explanation);
  return first + printable(text, true);
}

}  // namespace nsp

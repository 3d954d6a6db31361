#include "sim/access_log/line_protocol_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/access_log/line_protocol_text.h"
#include "sim/base/secrets.h"
#include "sim/base/text.h"
#include "sim/decision/describe.h"

namespace nsp {
namespace {

// As the document wrote it; `null` when it wrote nothing.
std::string quoted_or_null(std::string_view text) {
  return text.empty() ? "null" : quoted_json(text);
}

void append_word(std::string& out, std::string_view word) {
  out += '"';
  out += word;
  out += '"';
}

const RuleRef& deciding_rule(const Decision& decision) {
  static constexpr RuleRef kNoRule{};
  return decision.leg_count == 0 ? kNoRule : decision.leg[decision.deciding_leg].rule;
}

}  // namespace

std::size_t DecisionLineWriter::RuleHash::operator()(const RuleRef& rule) const {
  // Multiplications by an odd constant spread the four small numbers over the word (Knuth's
  // multiplicative hashing).
  constexpr std::size_t kSpread = 0x9e3779b97f4a7c15;
  std::size_t hash = static_cast<std::size_t>(rule.kind);
  for (const std::uint32_t part : {rule.owner, rule.profile, rule.index})
    hash = (hash ^ part) * kSpread;
  return hash;
}

DecisionLineWriter::DecisionLineWriter(const Policy& policy) : policy_(policy) {
  for (Index i = 0; i < policy.environment().resources.size(); ++i) {
    resources_.push_back(describe(i));
  }
  for (const ClauseFacts& clause : all_clauses()) {
    clauses_.push_back(
        fmt::format(R"("clause":"{}","grade":"{}")", clause.id, to_string(clause.grade)));
  }
  for (std::size_t i = 0; i < kNoteCount; ++i) {
    notes_.push_back(quoted_json(to_string(static_cast<Note>(i))));
  }
}

DecisionLineWriter::ResourceText DecisionLineWriter::describe(Index index) const {
  const Environment& environment = policy_.environment();
  const Resource& resource = environment.resources[index];
  const std::string name = quoted_json(policy_.display_name(index));
  ResourceText text;
  text.not_associated =
      fmt::format(R"("resource":{},"perimeter":null,"profile":null,"accessMode":null)", name);
  text.written_access = quoted_or_null(resource.public_network_access_text);
  if (resource.association == kNone) return text;
  const Association& association = environment.associations[resource.association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  text.associated = fmt::format(R"("resource":{},"perimeter":{},"profile":{},"accessMode":)", name,
                                quoted_json(perimeter.name),
                                quoted_json(perimeter.profiles[association.profile].name));
  text.written_mode = quoted_or_null(association.mode_text);
  return text;
}

const std::string& DecisionLineWriter::rule_name(const RuleRef& rule) {
  auto& name = rule_names_[rule];
  if (name.empty()) append_json_characters(name, policy_.rule_name(rule));
  return name;
}

void DecisionLineWriter::write(std::string_view id, const Decision& now,
                               const Decision& if_enforced, std::string& out) {
  out += R"({"id":)";
  out += id;
  out += ',';
  write_verdict(now, out);
  out += R"(,"legs":[)";
  for (const Leg& leg : now.legs()) {
    if (&leg != now.leg.data()) out += ',';
    write_leg(leg, out);
  }
  out += R"(],"ifEnforced":{)";
  write_verdict(if_enforced, out);
  out += R"(},"change":)";
  append_word(out, to_string(change_between(now.verdict, if_enforced.verdict)));
  out += "}\n";
}

void DecisionLineWriter::write_verdict(const Decision& decision, std::string& out) {
  out += R"("verdict":)";
  append_word(out, to_string(decision.verdict));
  out += R"(,"reason":)";
  write_reason(decision.reason, decision.missing, deciding_rule(decision), out);
}

void DecisionLineWriter::write_reason(Reason reason, Fact missing, const RuleRef& rule,
                                      std::string& out) {
  out += '"';
  out += to_string(reason);
  if (reason == Reason::Missing) {
    out += ' ';
    out += to_string(missing);
  } else if (names_a_rule(reason)) {
    out += ' ';
    out += rule_name(rule);
  }
  out += '"';
}

// `null` where the resource is not associated; a word that we do not know as the document wrote it.
void DecisionLineWriter::write_place(const Leg& leg, std::string& out) const {
  const ResourceText& resource = resources_[leg.resource];
  if (leg.association == kNone) {
    out += resource.not_associated;
  } else {
    out += resource.associated;
    if (leg.mode == AccessMode::Unknown) {
      out += resource.written_mode;
    } else {
      append_word(out, to_string(leg.mode));
    }
  }
  out += R"(,"publicNetworkAccess":)";
  if (leg.public_network_access == PublicNetworkAccess::Unknown) {
    out += resource.written_access;
  } else {
    append_word(out, to_string(leg.public_network_access));
  }
}

void DecisionLineWriter::write_leg(const Leg& leg, std::string& out) {
  out += R"({"direction":)";
  append_word(out, to_string(leg.direction));
  out += ',';
  write_place(leg, out);
  out += R"(,"verdict":)";
  append_word(out, to_string(leg.verdict));
  out += R"(,"reason":)";
  write_reason(leg.reason, leg.missing, leg.rule, out);
  out += R"(,"rule":)";
  if (leg.rule.kind == RuleRef::Kind::None) {
    out += "null";
  } else {
    append_word(out, rule_name(leg.rule));
  }
  out += ',';
  out += clauses_[static_cast<std::size_t>(leg.clause)];
  write_lists(leg, out);
  out += '}';
}

void DecisionLineWriter::write_lists(const Leg& leg, std::string& out) const {
  out += R"(,"logCategory":[)";
  for (const LogCategory category : leg.categories.view()) {
    if (out.back() != '[') out += ',';
    append_word(out, to_string(category));
  }
  out += R"(],"assumptions":[)";
  if (leg.readings.any()) write_readings(leg.readings, out);
  out += R"(],"notes":[)";
  if (leg.notes.any()) write_notes(leg.notes, out);
  if (leg.missing != Fact::None) write_open_values(leg, out);
  out += ']';
}

void DecisionLineWriter::write_readings(const MatterSet& readings, std::string& out) const {
  for (const MatterFacts& matter : all_matters()) {
    if (!readings[static_cast<std::size_t>(matter.matter)]) continue;
    if (out.back() != '[') out += ',';
    append_word(out, matter.id);
  }
}

void DecisionLineWriter::write_notes(const NoteSet& notes, std::string& out) const {
  for (std::size_t i = 0; i < kNoteCount; ++i) {
    if (!notes[i]) continue;
    if (out.back() != '[') out += ',';
    out += notes_[i];
  }
}

void DecisionLineWriter::write_open_values(const Leg& leg, std::string& out) const {
  for (const Unresolved* value : open_values(policy_, leg)) {
    if (out.back() != '[') out += ',';
    append_json_string(out, open_value_text(*value));
  }
}

void DecisionLineWriter::write_error(std::string_view id, std::string_view message,
                                     std::size_t line, std::uint32_t column, std::string& out) {
  out += R"({"id":)";
  out += id;
  out += R"(,"error":{"message":)";
  append_json_string(out,
                     is_utf8(message) ? message_without_secrets(message) : "the line is not UTF-8");
  fmt::format_to(std::back_inserter(out), R"(,"line":{},"column":{}}}}})", line, column);
  out += '\n';
}

}  // namespace nsp

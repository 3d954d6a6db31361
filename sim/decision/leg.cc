#include "sim/decision/leg.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/decision/describe.h"

namespace nsp {

End end_of(const Policy& policy, const Scope& scope, Index resource) {
  End end;
  if (resource == kNone) return end;
  end.resource = resource;
  end.compiled = &policy.resource(resource);
  end.document = &policy.environment().resources[resource];
  end.access = scope.resource_with_access == resource ? scope.public_network_access
                                                      : end.document->public_network_access;
  if (end.compiled->association == kNone || scope.not_associated == resource) return end;
  end.association = end.compiled->association;
  end.perimeter = end.compiled->perimeter;
  end.profile_index = end.compiled->profile;
  end.profile = &policy.profile(end.compiled->compiled_profile);
  const bool chosen = scope.only == nullptr || (*scope.only)[end.association];
  end.mode =
      scope.mode && chosen ? *scope.mode : policy.environment().associations[end.association].mode;
  return end;
}

LegMaker::LegMaker(const LegInput& input, Direction direction) : input_(input) {
  leg_.direction = direction;
  leg_.resource = input.self.resource;
  leg_.association = input.self.association;
  leg_.mode = input.self.associated() ? input.self.mode : AccessMode::Unknown;
  leg_.public_network_access = input.self.access;
  leg_.readings = input.attempt.readings;
  if (input.self.associated() && input.self.mode == AccessMode::Audit) {
    note(Note::AuditAsLearning);
    use(Matter::C1);
  }
}

Leg LegMaker::finish(Verdict verdict, Clause clause, Reason reason) {
  leg_.verdict = verdict;
  leg_.clause = clause;
  leg_.reason = reason;
  if (input_.doubt != nullptr) *input_.doubt = doubt_;
  if (input_.trace != nullptr) {
    input_.trace->steps.push_back(
        {leg_.direction, clause, TraceStep::Outcome::Decided,
         fmt::format("{}: {}", to_string(verdict), reason_text(input_.policy, leg_)),
         std::move(trials_)});
  }
  return leg_;
}

Leg LegMaker::allow(Clause clause, Reason reason, RuleRef rule) {
  leg_.rule = rule;
  return finish(Verdict::Allow, clause, reason);
}

Leg LegMaker::deny(Clause clause, Reason reason) {
  if (doubt_.fact == Fact::None) return finish(Verdict::Deny, clause, reason);
  leg_.missing = doubt_.fact;
  leg_.categories = {};
  return finish(Verdict::Undecided, Clause::G10, Reason::Missing);
}

void LegMaker::pass(Clause clause, std::string text, std::vector<RuleTrial> trials) {
  input_.trace->steps.push_back(
      {leg_.direction, clause, TraceStep::Outcome::Passed, std::move(text), std::move(trials)});
}

namespace {

bool search_and_foundry(const End& a, const End& b) {
  return (a.compiled->service == Service::Search && b.is_foundry()) ||
         (a.is_foundry() && b.compiled->service == Service::Search);
}

Membership same_perimeter(const LegInput& input) {
  const End& self = input.self;
  const End& other = input.other;
  if (!self.associated() || !other.associated() || self.perimeter != other.perimeter) {
    return Membership::NotAMember;
  }
  if (self.profile_index != other.profile_index && !input.readings.is_default(Matter::U14)) {
    return Membership::OtherProfile;
  }
  if (search_and_foundry(self, other) && !input.readings.is_default(Matter::C12)) {
    return Membership::RulesRequired;
  }
  if (input.attempt.credential == Credential::Unknown) return Membership::CredentialUnknown;
  return input.attempt.credential == Credential::ManagedIdentity ? Membership::Holds
                                                                 : Membership::NoIdentityShown;
}

LinkAnswer perimeter_link(const LegInput& input) {
  const End& self = input.self;
  const End& other = input.other;
  if (!self.associated() || !other.associated() || self.perimeter == other.perimeter) return {};
  LinkAnswer answer;
  if (input.policy.link_between(other.perimeter, other.profile_index, self.perimeter,
                                self.profile_index) == kNone) {
    answer.through_others = input.policy.linked_through_others(other.perimeter, self.perimeter);
    if (!answer.through_others || input.readings.is_default(Matter::U5)) return answer;
  }
  const bool supported =
      facts(self.compiled->service).supports_links && facts(other.compiled->service).supports_links;
  if (!supported) {
    answer.state = LinkState::Unsupported;
  } else if (input.attempt.credential == Credential::Unknown) {
    answer.state = LinkState::CredentialUnknown;
  } else {
    answer.state = input.attempt.credential == Credential::ManagedIdentity
                       ? LinkState::Holds
                       : LinkState::NoIdentityShown;
  }
  return answer;
}

// What a caller without a managed identity misses on its way out (R-7,
// MissingIdentityConfiguration).
void note_no_identity(const LegInput& input, LegMaker& make, Clause clause) {
  const bool outbound = clause == Clause::Out2 || clause == Clause::Out3;
  if (outbound && input.self.document->identity == false) make.note(Note::NoIdentityOutbound);
  if (input.attempt.credential == Credential::Sas) make.note(Note::SasNeverProvesMembership);
}

}  // namespace

bool is_member(const LegInput& input, LegMaker& make, Clause clause) {
  const Membership membership = same_perimeter(input);
  switch (membership) {
    case Membership::Holds:
      if (input.self.profile_index != input.other.profile_index) make.use(Matter::U14);
      if (input.self.mode != input.other.mode) make.use(Matter::U16);
      if (search_and_foundry(input.self, input.other)) make.use(Matter::C12);
      return true;
    case Membership::CredentialUnknown:
      make.maybe_credential();
      break;
    case Membership::RulesRequired:
      make.use(Matter::C12);
      break;
    case Membership::OtherProfile:
      make.use(Matter::U14);
      break;
    case Membership::NoIdentityShown:
      note_no_identity(input, make, clause);
      break;
    case Membership::NotAMember:
      break;
  }
  if (make.traced()) make.pass(clause, why_not_member(input, membership));
  return false;
}

bool is_linked(const LegInput& input, LegMaker& make, Clause clause) {
  const LinkAnswer answer = perimeter_link(input);
  if (answer.through_others) make.use(Matter::U5);
  switch (answer.state) {
    case LinkState::Holds:
      return true;
    case LinkState::CredentialUnknown:
      make.maybe_credential();
      break;
    case LinkState::Unsupported:
      make.note(Note::LinkUnsupported);
      break;
    case LinkState::NoIdentityShown:
      note_no_identity(input, make, clause);
      break;
    case LinkState::None:
      break;
  }
  if (make.traced()) make.pass(clause, why_no_link(input, answer));
  return false;
}

bool supports_tags(Service service, const Readings& readings) {
  constexpr std::uint8_t kUnavailable = 1;
  switch (readings[Matter::C6]) {
    case 0:
      return facts(service).supports_tags;
    case kUnavailable:
      return false;
    default:
      return true;
  }
}

bool instance_matches(const ResourceId& rule, const ResourceId& resource) {
  std::string_view wanted = rule.key();
  std::string_view actual = resource.key();
  // One segment of each at a time, up to its slash or the end.
  while (!wanted.empty() && !actual.empty()) {
    const std::size_t wanted_end = std::min(wanted.find('/'), wanted.size());
    const std::size_t actual_end = std::min(actual.find('/'), actual.size());
    const std::string_view segment = wanted.substr(0, wanted_end);
    if (segment != "*" && segment != actual.substr(0, actual_end)) return false;
    wanted.remove_prefix(std::min(wanted_end + 1, wanted.size()));
    actual.remove_prefix(std::min(actual_end + 1, actual.size()));
  }
  return wanted.empty() && actual.empty();
}

}  // namespace nsp

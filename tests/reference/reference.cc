#include "tests/reference/reference.h"

#include <algorithm>

#include "tests/reference/case.h"
#include "tests/reference/match.h"

namespace nsp::reference {
namespace {

using enum LogCategory;
using Logged = std::vector<LogCategory>;

// The leg so far: the first fact whose lack may have kept something from matching.
struct Doubt {
  Fact first = Fact::None;
  void note(const Match& match) {
    if (first == Fact::None) first = match.missing;
  }
};

LegOutcome allow(Clause clause, Reason reason, Logged logged, std::string rule = "") {
  return {Direction::Inbound, Verdict::Allow,  reason,           clause,
          Fact::None,         std::move(rule), std::move(logged)};
}

LegOutcome undecided(Fact missing) {
  return {Direction::Inbound, Verdict::Undecided, Reason::Missing, Clause::G10, missing, "", {}};
}

// Rules only allow, so a missing fact can only turn a denial round.
LegOutcome deny(const Doubt& doubt, Clause clause, Reason reason, Logged logged) {
  if (doubt.first != Fact::None) return undecided(doubt.first);
  return {Direction::Inbound, Verdict::Deny, reason, clause, Fact::None, "", std::move(logged)};
}

Logged if_associated(const Standing& own, LogCategory category) {
  return own.association != nullptr ? Logged{category} : Logged{};
}

using Judge = LegOutcome (*)(const Case&, Standing);

// A switch whose value nobody knows: judge with each value it may have.
LegOutcome agree(const std::vector<LegOutcome>& outcomes, const Doubt& doubt, Fact unknown) {
  const bool same = std::ranges::all_of(
      outcomes, [&](const LegOutcome& leg) { return leg.verdict == outcomes[0].verdict; });
  if (same) return outcomes[0];
  return undecided(doubt.first != Fact::None ? doubt.first : unknown);
}

LegOutcome with_each_mode(Judge judge, const Case& c, Standing own, const Doubt& doubt) {
  std::vector<LegOutcome> outcomes;
  for (AccessMode mode : {AccessMode::Learning, AccessMode::Enforced}) {
    own.mode = mode;
    outcomes.push_back(judge(c, own));
  }
  return agree(outcomes, doubt, Fact::AccessMode);
}

LegOutcome with_each_access(Judge judge, const Case& c, Standing own, const Doubt& doubt) {
  std::vector<LegOutcome> outcomes;
  for (PublicNetworkAccess access : {PublicNetworkAccess::Enabled, PublicNetworkAccess::Disabled,
                                     PublicNetworkAccess::SecuredByPerimeter}) {
    own.access = access;
    outcomes.push_back(judge(c, own));
  }
  return agree(outcomes, doubt, Fact::PublicNetworkAccess);
}

// True when the next question turns on a switch that is not known: the mode first, then
// publicNetworkAccess, which says nothing about an enforced resource (G-8).
bool mode_is_open(const Standing& own) {
  return own.association != nullptr && own.mode == AccessMode::Unknown;
}
bool access_is_open(const Standing& own) {
  const bool enforced = own.association != nullptr && own.mode == AccessMode::Enforced;
  return !enforced && own.access == PublicNetworkAccess::Unknown;
}

bool strict(const Standing& own) {
  return own.association != nullptr && (own.mode == AccessMode::Enforced ||
                                        own.access == PublicNetworkAccess::SecuredByPerimeter);
}

bool learning_and_secured(const Standing& own) {
  return own.mode != AccessMode::Enforced && own.access == PublicNetworkAccess::SecuredByPerimeter;
}

// IN-6 to IN-10: the resource's own switch and firewall. REQUIRES: the switches are known, the leg
// is not strict.
LegOutcome own_rules(const Case& c, const Standing& own, Doubt doubt) {
  const Logged allowed = if_associated(own, NspPublicInboundResourceRulesAllowed);
  const Logged denied = if_associated(own, NspPublicInboundResourceRulesDenied);
  const bool disabled = own.access == PublicNetworkAccess::Disabled;
  if (own.access == PublicNetworkAccess::SecuredByPerimeter) {
    return deny(doubt, Clause::In6, Reason::LockedDown, {});
  }
  const Match trusted = bypass(c);
  if (trusted.yes)
    return allow(disabled ? Clause::In7 : Clause::In9, Reason::TrustedService, allowed);
  doubt.note(trusted);
  if (disabled) return deny(doubt, Clause::In8, Reason::PublicAccessDisabled, denied);
  const Match rule = resource_rule(c);
  if (rule.yes) return allow(Clause::In9, Reason::ResourceRule, allowed, rule.rule);
  doubt.note(rule);
  return deny(doubt, Clause::In10, Reason::ResourceRules, denied);
}

bool private_hits_are_logged(const Case& c) {
  const Resource& r = *c.destination;
  const bool in_doubt = r.service == Service::Search || is_foundry(r);
  return !(chosen(c, Matter::C3) && in_doubt);
}

// Approved when any connection known for the destination is (the caller's shared private links to
// it included); when none is known the stated path stands.
bool private_path_works(const Case& c) {
  const Index index = index_of(c, c.destination);
  std::vector<ConnectionStatus> known;
  for (const auto& connection : c.destination->private_connections) {
    known.push_back(connection.status);
  }
  for (const PrivateEndpoint& endpoint : c.env.private_endpoints) {
    if (endpoint.resource == index) known.push_back(endpoint.status);
  }
  if (c.caller != nullptr) {
    for (const SharedPrivateLink& shared : c.caller->shared_private_links) {
      if (shared.target == c.destination->id) known.push_back(shared.status);
    }
  }
  return known.empty() || std::ranges::count(known, ConnectionStatus::Approved) > 0;
}

// P-3, IN-1.
LegOutcome private_inbound(const Case& c, const Standing& own) {
  if (!private_path_works(c)) {
    return deny({}, Clause::P3, Reason::PrivateEndpointNotApproved, {});
  }
  Logged logged = if_associated(own, NspPrivateInboundAllowed);
  if (!private_hits_are_logged(c)) logged.clear();
  return allow(Clause::In1, Reason::PrivateEndpoint, logged);
}

// An associated Storage account and a protocol other than HTTPS: perimeter rules say nothing about
// it (C11).
LegOutcome other_protocol(const Case& c, Standing own) {
  const bool always = chosen(c, Matter::C11);
  if (!always && mode_is_open(own)) return with_each_mode(other_protocol, c, own, {});
  if (!always && access_is_open(own)) return with_each_access(other_protocol, c, own, {});
  if (always || strict(own)) {
    return deny({}, Clause::C11, Reason::ProtocolNotSupported,
                {NspPublicInboundPerimeterRulesDenied});
  }
  return own_rules(c, own, {});
}

// C5, read as `publicNetworkAccess`: while it is Disabled, perimeter rules do not admit in
// Learning.
bool rules_wait(const Case& c, const Standing& own) {
  return chosen(c, Matter::C5) && own.mode != AccessMode::Enforced &&
         own.access == PublicNetworkAccess::Disabled;
}

// IN-5, with its category (U9).
LegOutcome no_inbound_rule(const Case& c, const Standing& own, const Doubt& doubt) {
  const bool as_resource = chosen(c, Matter::U9) && learning_and_secured(own);
  return deny(
      doubt, Clause::In5, Reason::NoInboundRule,
      {as_resource ? NspPublicInboundResourceRulesDenied : NspPublicInboundPerimeterRulesDenied});
}

LegOutcome inbound(const Case& c, Standing own) {
  Doubt doubt;
  if (c.path == Path::PrivateEndpoint) return private_inbound(c, own);
  if (own.association == nullptr) {
    if (access_is_open(own)) return with_each_access(inbound, c, own, doubt);
    return own_rules(c, own, doubt);
  }
  if (c.destination->service == Service::Storage && c.attempt.protocol != Protocol::Https) {
    return other_protocol(c, own);
  }
  const Match member = same_perimeter(c);
  if (member.yes) {
    return allow(Clause::In2, Reason::SamePerimeter, {NspIntraPerimeterInboundAllowed});
  }
  doubt.note(member);
  const Match link = linked(c);
  if (link.yes) return allow(Clause::In3, Reason::PerimeterLink, {NspCrossPerimeterInboundAllowed});
  doubt.note(link);
  if (chosen(c, Matter::C5) &&
      (own.access == PublicNetworkAccess::Disabled || access_is_open(own))) {
    if (mode_is_open(own)) return with_each_mode(inbound, c, own, doubt);
    if (access_is_open(own)) return with_each_access(inbound, c, own, doubt);
  }
  const Match rule =
      rules_wait(c, own) ? Match{} : inbound_rule(c, profile_of(c, *own.association));
  if (rule.yes) {
    return allow(Clause::In4, Reason::InboundRule, {NspPublicInboundPerimeterRulesAllowed},
                 rule.rule);
  }
  doubt.note(rule);
  if (mode_is_open(own)) return with_each_mode(inbound, c, own, doubt);
  if (access_is_open(own)) return with_each_access(inbound, c, own, doubt);
  if (!strict(own)) return own_rules(c, own, doubt);
  if (chosen(c, Matter::C4) && learning_and_secured(own)) {
    const Match trusted = bypass(c);
    if (trusted.yes) {
      return allow(Clause::In7, Reason::TrustedService, {NspPublicInboundResourceRulesAllowed});
    }
    doubt.note(trusted);
  }
  return no_inbound_rule(c, own, doubt);
}

LegOutcome outbound(const Case& c, Standing own) {
  Doubt doubt;
  if (c.path == Path::PrivateEndpoint) return allow(Clause::Out1, Reason::PrivateEndpoint, {});
  if (own.association != nullptr) {
    const Match member = same_perimeter(c);
    if (member.yes) return allow(Clause::Out2, Reason::SamePerimeter, {NspOutboundAttempt});
    doubt.note(member);
    const Match link = linked(c);
    if (link.yes) {
      return allow(Clause::Out3, Reason::PerimeterLink,
                   {NspOutboundAttempt, NspCrossPerimeterOutboundAllowed});
    }
    doubt.note(link);
    const bool uses_rules = c.caller->service != Service::KeyVault;
    const Match rule = uses_rules ? outbound_rule(c, profile_of(c, *own.association)) : Match{};
    if (rule.yes) {
      return allow(Clause::Out4, Reason::OutboundRule, {NspPublicOutboundPerimeterRulesAllowed},
                   rule.rule);
    }
    doubt.note(rule);
  }
  if (mode_is_open(own)) return with_each_mode(outbound, c, own, doubt);
  if (access_is_open(own)) return with_each_access(outbound, c, own, doubt);
  if (strict(own)) {
    return deny(doubt, Clause::Out5, Reason::NoOutboundRule,
                {NspPublicOutboundPerimeterRulesDenied});
  }
  if (own.access == PublicNetworkAccess::SecuredByPerimeter) {
    return deny(doubt, Clause::Out6, Reason::LockedDown, {});
  }
  const Match egress = egress_allows(c);
  if (egress.yes) {
    return allow(Clause::Out8, Reason::OutboundNotRestricted,
                 if_associated(own, NspPublicOutboundResourceRulesAllowed));
  }
  doubt.note(egress);
  return deny(doubt, Clause::Out7, Reason::ResourceEgressLimit,
              if_associated(own, NspPublicOutboundResourceRulesDenied));
}

// Of the two legs, the one whose reason is the attempt's: the first that denies, else the first
// that is undecided, else the last.
const LegOutcome& deciding(const std::vector<LegOutcome>& legs) {
  for (Verdict verdict : {Verdict::Deny, Verdict::Undecided}) {
    for (const LegOutcome& leg : legs) {
      if (leg.verdict == verdict) return leg;
    }
  }
  return legs.back();
}

}  // namespace

std::expected<Outcome, std::string> decide(const Environment& environment, const Attempt& attempt,
                                           const Scope& scope, const Readings& readings) {
  const auto found = look_up(environment, attempt, scope, readings);
  if (!found) return std::unexpected(found.error());
  const Case& c = *found;
  if (attempt.operation == "control" && !chosen(c, Matter::C8)) {
    return Outcome{Verdict::Allow, Reason::ControlPlane, Fact::None, {}};  // G-1
  }
  Outcome outcome;
  if (c.caller != nullptr) {
    outcome.legs.push_back(outbound(c, standing_of(c, c.caller)));
    outcome.legs.back().direction = Direction::Outbound;
  }
  if (c.destination != nullptr) outcome.legs.push_back(inbound(c, standing_of(c, c.destination)));
  const LegOutcome& leg = deciding(outcome.legs);
  outcome.verdict = leg.verdict;
  outcome.reason = leg.reason;
  outcome.missing = leg.missing;
  return outcome;
}

}  // namespace nsp::reference

// The outbound leg: clauses OUT-1 to OUT-8 in their order.

#include "sim/decision/leg.h"

namespace nsp {
namespace {

using enum LogCategory;

class Outbound {
 public:
  explicit Outbound(const LegInput& input)
      : in_(input), self_(input.self), attempt_(input.attempt), make_(input, Direction::Outbound) {}

  Leg decide() {
    if (attempt_.path == Path::PrivateEndpoint) {
      return make_.allow(Clause::Out1, Reason::PrivateEndpoint);
    }
    if (!self_.associated()) {
      if (self_.access == PublicNetworkAccess::SecuredByPerimeter) {
        return make_.deny(Clause::Out6, Reason::LockedDown);
      }
      return by_egress_limit();
    }
    if (is_member(in_, make_, Clause::Out2)) return allow_same_perimeter();
    if (is_linked(in_, make_, Clause::Out3)) return allow_linked();
    make_.enter(Stage::PerimeterRules);
    const NameMatch rule = match_rules();
    if (rule.match.rank != kNone) return allow_rule(rule);
    make_.enter(Stage::Resource);
    if (self_.strict()) {
      make_.log(NspPublicOutboundPerimeterRulesDenied);
      return make_.deny(Clause::Out5, Reason::NoOutboundRule);
    }
    return by_egress_limit();
  }

 private:
  Leg allow_same_perimeter() {
    make_.log(NspOutboundAttempt);
    return make_.allow(Clause::Out2, Reason::SamePerimeter);
  }

  Leg allow_linked() {
    make_.log(NspOutboundAttempt);
    make_.log(NspCrossPerimeterOutboundAllowed);
    return make_.allow(Clause::Out3, Reason::PerimeterLink);
  }

  // OUT-4. Key Vault never uses outbound rules.
  NameMatch match_rules() {
    if (self_.compiled->service == Service::KeyVault) {
      make_.note(Note::NoOutboundRulesForService);
      if (make_.traced())
        make_.pass(Clause::Out4, "not asked: Key Vault never uses outbound rules");
      return {};
    }
    const NameTable& names = self_.profile->names;
    const NameMatch found = find_name(names);
    if (self_.profile->open_outbound) make_.maybe(Fact::RuleValue);
    if (found.match.rank == kNone && make_.traced()) {
      make_.pass(Clause::Out4, "no outbound rule of the profile matches", try_outbound_rules(in_));
    }
    return found;
  }

  Leg allow_rule(const NameMatch& found) {
    if (found.match.several) make_.use(Matter::U10);
    make_.log(NspPublicOutboundPerimeterRulesAllowed);
    if (make_.traced()) make_.keep(try_outbound_rules(in_));
    return make_.allow(Clause::Out4, Reason::OutboundRule,
                       {RuleRef::Kind::Access, self_.perimeter, self_.profile_index,
                        self_.profile->rule_of_rank[found.match.rank]});
  }

  // OUT-7, OUT-8.
  Leg by_egress_limit() {
    const Resource& resource = *self_.document;
    const bool open =
        find_unresolved(resource.unresolved, "restrictOutboundNetworkAccess") != nullptr;
    if ((resource.restrict_outbound || open) && !egress_admits()) {
      if (open || find_unresolved(resource.unresolved, "allowedFqdnList") != nullptr) {
        make_.maybe(Fact::EgressLimit);
      }
      if (self_.associated()) make_.log(NspPublicOutboundResourceRulesDenied);
      if (make_.traced()) make_.keep(try_egress_names(in_));
      return make_.deny(Clause::Out7, Reason::ResourceEgressLimit);
    }
    if (self_.associated()) make_.log(NspPublicOutboundResourceRulesAllowed);
    return make_.allow(Clause::Out8, Reason::OutboundNotRestricted);
  }

  bool egress_admits() { return find_name(self_.compiled->egress).match.rank != kNone; }

  // U4 was used where a wildcard matched, or would have in its other reading.
  NameMatch find_name(const NameTable& names) {
    // Without a host name only `*` can match.
    if (attempt_.host.empty() && !names.empty()) make_.maybe(Fact::HostName);
    const bool one_label = !in_.readings.is_default(Matter::U4);
    const NameMatch found = names.find(attempt_.host, one_label);
    const bool other_matters =
        one_label && found.match.rank == kNone && names.find(attempt_.host).match.rank != kNone;
    if ((found.match.rank != kNone && found.by_wildcard) || other_matters) make_.use(Matter::U4);
    return found;
  }

  const LegInput& in_;
  const End& self_;
  const BoundAttempt& attempt_;
  LegMaker make_;
};

}  // namespace

Leg decide_outbound(const LegInput& input) { return Outbound(input).decide(); }

}  // namespace nsp

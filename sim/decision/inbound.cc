// The inbound leg: clauses IN-1 to IN-10 in their order, with the rule for non-HTTPS protocols
// (C11) after IN-1.

#include "sim/decision/leg.h"

namespace nsp {
namespace {

using enum LogCategory;

struct RuleMatch {
  RankMatch match;
  bool by_address = false;
};

class Inbound {
 public:
  explicit Inbound(const LegInput& input)
      : in_(input), self_(input.self), attempt_(input.attempt), make_(input, Direction::Inbound) {}

  Leg decide() {
    note_early();
    if (attempt_.path == Path::PrivateEndpoint) return by_private_endpoint();
    if (is_masked_protocol()) return by_protocol();
    if (!self_.associated()) return locked_down() ? deny_locked_down() : by_public_access();
    if (is_member(in_, make_, Clause::In2)) return allow_same_perimeter();
    if (is_linked(in_, make_, Clause::In3)) return allow_linked();
    make_.enter(Stage::PerimeterRules);
    if (perimeter_rules_apply()) {
      const RuleMatch rule = match_rules();
      if (rule.match.rank != kNone) return allow_rule(rule);
    }
    make_.enter(Stage::Resource);
    return self_.strict() ? by_strictness() : by_public_access();
  }

 private:
  [[nodiscard]] bool is(Credential credential) const { return attempt_.credential == credential; }
  [[nodiscard]] bool learning_while(PublicNetworkAccess access) const {
    return self_.associated() && self_.mode != AccessMode::Enforced && self_.access == access;
  }

  void note_early() {
    if (attempt_.limited_capability && self_.associated() && self_.is_foundry()) {
      make_.note(Note::CapabilityMayBeUnavailable);
    }
    const bool key_off = is(Credential::Key) && self_.document->local_auth_disabled == true;
    const bool shared_key_off =
        (is(Credential::Key) || is(Credential::Sas)) && self_.document->shared_key_access == false;
    if (key_off || shared_key_off) make_.note(Note::KeySwitchedOff);
    if (attempt_.address_view == AddressView::Private) make_.note(Note::PrivateSourceOnPublicPath);
    if (attempt_.path == Path::ServiceEndpoint) make_.note(Note::ServiceEndpointHidesAddress);
  }

  // P-3, IN-1.
  Leg by_private_endpoint() {
    if (attempt_.private_state == PrivateState::NotApproved) {
      return make_.deny(Clause::P3, Reason::PrivateEndpointNotApproved);
    }
    if (attempt_.private_state == PrivateState::NotDescribed)
      make_.note(Note::EndpointNotDescribed);
    if (self_.associated()) log_private();
    return make_.allow(Clause::In1, Reason::PrivateEndpoint);
  }

  void log_private() {
    const bool may_be_silent = self_.compiled->service == Service::Search || self_.is_foundry();
    if (may_be_silent) {
      make_.note(Note::PrivateMayNotBeLogged);
      make_.use(Matter::C3);
      if (!in_.readings.is_default(Matter::C3)) return;
    }
    make_.log(NspPrivateInboundAllowed);
  }

  [[nodiscard]] bool is_masked_protocol() const {
    return attempt_.protocol != Protocol::Https && self_.associated() &&
           self_.compiled->service == Service::Storage;
  }

  // C11: such a protocol knows no perimeter rules; only the resource's own rules can admit it.
  Leg by_protocol() {
    make_.use(Matter::C11);
    make_.enter(Stage::Resource);
    if (self_.strict() || !in_.readings.is_default(Matter::C11)) {
      make_.log(NspPublicInboundPerimeterRulesDenied);
      return make_.deny(Clause::C11, Reason::ProtocolNotSupported);
    }
    make_.note(Note::MaskedProtocol);
    if (make_.traced())
      make_.pass(Clause::C11, "the protocol is not HTTPS: only the resource's own rules are asked");
    return by_public_access();
  }

  [[nodiscard]] bool locked_down() const {
    return self_.access == PublicNetworkAccess::SecuredByPerimeter;
  }
  Leg deny_locked_down() { return make_.deny(Clause::In6, Reason::LockedDown); }

  Leg allow_same_perimeter() {
    note_widening();
    make_.log(NspIntraPerimeterInboundAllowed);
    return make_.allow(Clause::In2, Reason::SamePerimeter);
  }

  Leg allow_linked() {
    note_widening();
    make_.log(NspCrossPerimeterInboundAllowed);
    return make_.allow(Clause::In3, Reason::PerimeterLink);
  }

  // C5: whether the rules of a perimeter count at all while Learning and publicNetworkAccess is
  // Disabled.
  bool perimeter_rules_apply() {
    if (!learning_while(PublicNetworkAccess::Disabled)) return true;
    if (in_.readings.is_default(Matter::C5)) return true;
    make_.use(Matter::C5);
    if (make_.traced()) {
      make_.pass(Clause::In4,
                 "not asked: publicNetworkAccess is read as governing while Learning (C5)");
    }
    return false;
  }

  // IN-4.
  RuleMatch match_rules() {
    RuleMatch found;
    add_address(found);
    add_subscription(found);
    add_tags(found);
    if (self_.profile->open_inbound) make_.maybe(Fact::RuleValue);
    if (found.match.rank == kNone && make_.traced()) {
      make_.pass(Clause::In4, "no inbound rule of the profile matches", try_inbound_rules(in_));
    }
    return found;
  }

  void add_address(RuleMatch& found) {
    const CompiledProfile& profile = *self_.profile;
    const bool v6_matches = in_.readings.is_default(Matter::U2);
    if (attempt_.address_view == AddressView::Missing) {
      if (profile.has_public_v4 || (profile.has_public_v6 && v6_matches))
        make_.maybe(Fact::Address);
      return;
    }
    if (attempt_.address_view != AddressView::Visible) return;
    const RankMatch match = profile.prefixes.find(attempt_.address);
    if (match.rank == kNone) return;
    if (!attempt_.address.v4) {
      make_.use(Matter::U2);
      if (!v6_matches) return;
      make_.note(Note::Ipv6Varies);
    }
    found.match = merge(found.match, match);
    found.by_address = true;
  }

  // R-2, with U6 and U15 where a reading has a say.
  void add_subscription(RuleMatch& found) {
    const SubscriptionTable& table = self_.profile->subscriptions;
    if (table.empty()) return;
    if (!attempt_.subscription_known) {
      if (is(Credential::Unknown)) make_.maybe_credential();
      if (subscription_counts()) make_.maybe(Fact::Subscription);
      return;
    }
    const RankMatch match =
        attempt_.subscription == kNone ? RankMatch{} : table.find(attempt_.subscription);
    if (match.rank == kNone) return;
    if (is(Credential::Sas)) make_.note(Note::SasNeverProvesMembership);
    if (is(Credential::ServicePrincipal)) make_.use(Matter::U6);
    if (!subscription_counts() && !is(Credential::Unknown)) return;
    if (is_member_elsewhere()) {
      make_.use(Matter::U15);
      if (!in_.readings.is_default(Matter::U15)) return;
    }
    if (is(Credential::Unknown)) return make_.maybe_credential();
    found.match = merge(found.match, match);
  }

  // A managed identity proves its subscription; a service principal only where U6 is read so.
  [[nodiscard]] bool subscription_counts() const {
    return is(Credential::ManagedIdentity) ||
           (is(Credential::ServicePrincipal) && !in_.readings.is_default(Matter::U6));
  }

  [[nodiscard]] bool is_member_elsewhere() const {
    return in_.other.associated() && in_.other.perimeter != self_.perimeter;
  }

  //
  void add_tags(RuleMatch& found) {
    const CompiledProfile& profile = *self_.profile;
    if (!profile.has_tags) return;
    make_.use(Matter::C6);
    if (!supports_tags(self_.compiled->service, in_.readings)) {
      make_.note(Note::TagUnsupported);
      return;
    }
    if (attempt_.address_view == AddressView::Missing) return make_.maybe(Fact::Address);
    if (attempt_.address_view != AddressView::Visible) return;
    const RankMatch match = profile.tag_prefixes.find(attempt_.address);
    if (match.rank != kNone) {
      found.match = merge(found.match, match);
      found.by_address = true;
    } else if (profile.has_unknown_tag) {
      make_.maybe(Fact::ServiceTag);
    }
  }

  Leg allow_rule(const RuleMatch& found) {
    if (found.match.several) make_.use(Matter::U10);
    if (found.by_address && in_.other.resource != kNone &&
        self_.compiled->service == Service::Storage) {
      make_.use(Matter::U3);
    }
    note_widening();
    if (learning_while(PublicNetworkAccess::Disabled)) {
      make_.note(Note::DisabledWhileLearning);
      make_.use(Matter::C5);
    }
    make_.log(NspPublicInboundPerimeterRulesAllowed);
    if (make_.traced()) make_.keep(try_inbound_rules(in_));
    return make_.allow(Clause::In4, Reason::InboundRule,
                       {RuleRef::Kind::Access, self_.perimeter, self_.profile_index,
                        self_.profile->rule_of_rank[found.match.rank]});
  }

  // Learning admits what the resource itself would refuse.
  void note_widening() {
    const bool trusted = attempt_.trusted_service && self_.document->firewall.trusted_services;
    if (learning_while(PublicNetworkAccess::Disabled) && !trusted) make_.note(Note::Widening);
  }

  // IN-5, with C4 (trusted services) and U9 (the category while not Enforced).
  Leg by_strictness() {
    const bool only_secured = learning_while(PublicNetworkAccess::SecuredByPerimeter);
    const bool trusted_counts = only_secured && !in_.readings.is_default(Matter::C4);
    if (trusted_counts && attempt_.trusted_service && !self_.document->firewall.is_whole()) {
      make_.maybe(Fact::Firewall);
    }
    if (only_secured && is_trusted()) {
      make_.use(Matter::C4);
      if (trusted_counts) {
        make_.log(NspPublicInboundResourceRulesAllowed);
        return make_.allow(Clause::In7, Reason::TrustedService);
      }
    }
    if (only_secured) make_.use(Matter::U9);
    make_.log(only_secured && !in_.readings.is_default(Matter::U9)
                  ? NspPublicInboundResourceRulesDenied
                  : NspPublicInboundPerimeterRulesDenied);
    return make_.deny(Clause::In5, Reason::NoInboundRule);
  }

  [[nodiscard]] bool is_trusted() const {
    return attempt_.trusted_service && self_.document->firewall.trusted_services;
  }

  // IN-7 to IN-10.
  Leg by_public_access() {
    if (self_.access == PublicNetworkAccess::Disabled) return by_disabled_access();
    return by_resource_rules();
  }

  Leg by_disabled_access() {
    if (!self_.document->firewall.is_whole() && attempt_.trusted_service) {
      make_.maybe(Fact::Firewall);
    }
    if (is_trusted()) return allow_resource(Clause::In7, Reason::TrustedService);
    if (make_.traced()) {
      make_.pass(Clause::In7, attempt_.trusted_service
                                  ? "the resource's bypass does not list trusted services"
                                  : "the caller is no trusted service");
    }
    log_resource_denied();
    return make_.deny(Clause::In8, Reason::PublicAccessDisabled);
  }

  Leg allow_resource(Clause clause, Reason reason, RuleRef rule = {}) {
    if (self_.associated()) make_.log(NspPublicInboundResourceRulesAllowed);
    return make_.allow(clause, reason, rule);
  }
  void log_resource_denied() {
    if (self_.associated()) make_.log(NspPublicInboundResourceRulesDenied);
  }

  Leg by_resource_rules() {
    const Firewall& firewall = self_.document->firewall;
    if (!firewall.is_whole()) make_.maybe(Fact::Firewall);
    if (is_trusted()) return allow_resource(Clause::In9, Reason::TrustedService);
    const RuleRef rule = firewall.known ? match_resource_rule() : RuleRef{};
    if (rule.kind != RuleRef::Kind::None) {
      if (make_.traced() && rule.kind != RuleRef::Kind::DefaultAction) {
        make_.keep(try_resource_rules(in_));
      }
      return allow_resource(Clause::In9, Reason::ResourceRule, rule);
    }
    if (make_.traced()) {
      make_.pass(Clause::In9, "the resource's own rules do not admit it", try_resource_rules(in_));
    }
    log_resource_denied();
    return make_.deny(Clause::In10, Reason::ResourceRules);
  }

  RuleRef match_resource_rule() {
    if (self_.document->firewall.default_allow) {
      return {RuleRef::Kind::DefaultAction, self_.resource, 0, 0};
    }
    if (const Index i = match_ip_rule(); i != kNone)
      return {RuleRef::Kind::Ip, self_.resource, 0, i};
    if (const Index i = match_subnet_rule(); i != kNone) {
      return {RuleRef::Kind::Subnet, self_.resource, 0, i};
    }
    if (const Index i = match_instance_rule(); i != kNone) {
      return {RuleRef::Kind::Instance, self_.resource, 0, i};
    }
    return {};
  }

  Index match_ip_rule() {
    if (attempt_.address_view == AddressView::Missing && self_.compiled->has_public_ip_rule) {
      make_.maybe(Fact::Address);
    }
    if (attempt_.address_view != AddressView::Visible) return kNone;
    const Index rank = self_.compiled->ip_rules.find(attempt_.address).rank;
    return rank == kNone ? kNone : self_.compiled->ip_rule_of_rank[rank];
  }

  // P-5: only through a service endpoint does a virtual-network rule see the subnet.
  Index match_subnet_rule() {
    const std::vector<Index>& rules = self_.compiled->subnet_rules;
    if (attempt_.path != Path::ServiceEndpoint || rules.empty()) return kNone;
    if (attempt_.subnet == kNone) {
      make_.maybe(Fact::Subnet);
      return kNone;
    }
    for (const Index i : self_.compiled->subnet_rules_by_name) {
      if (rules[i] == attempt_.subnet) return i;
    }
    return kNone;
  }

  Index match_instance_rule() {
    if (in_.other.resource == kNone) return kNone;
    for (const Index i : self_.compiled->instance_rules_by_name) {
      const ResourceId& rule = self_.document->firewall.instance_rules[i];
      if (!instance_matches(rule, in_.other.document->id)) continue;
      if (is(Credential::Unknown)) make_.maybe_credential();
      return is(Credential::ManagedIdentity) ? i : kNone;
    }
    return kNone;
  }

  const LegInput& in_;
  const End& self_;
  const BoundAttempt& attempt_;
  LegMaker make_;
};

}  // namespace

Leg decide_inbound(const LegInput& input) { return Inbound(input).decide(); }

}  // namespace nsp

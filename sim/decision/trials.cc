// The trace's rule trials and its sentences: each rule tried one by one, with the one fact that
// kept it from matching.
//
// This is the explanation of a step that the evaluator took, not a second evaluator: it never
// decides. tests/differential checks that the trial marked as matched is the rule that decided.

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/decision/leg.h"

namespace nsp {
namespace {

class RuleTrials {
 public:
  explicit RuleTrials(const LegInput& input) : in_(input), attempt_(input.attempt) {}

  std::vector<RuleTrial> inbound() {
    for_each_rule(Direction::Inbound, [this](const AccessRule& rule) {
      for (const WrittenPrefix& prefix : rule.prefixes) try_prefix(prefix);
      for (const Guid& guid : rule.subscriptions) try_subscription(guid);
      for (const std::string& tag : rule.service_tags) try_tag(tag);
      if (rule.derived_from_link)
        add("derived from a link", "the link is judged, not the rule (R-4)");
    });
    return std::move(trials_);
  }

  std::vector<RuleTrial> outbound() {
    for_each_rule(Direction::Outbound, [this](const AccessRule& rule) {
      for (const DomainPattern& pattern : rule.host_names) try_name(pattern);
    });
    return std::move(trials_);
  }

  std::vector<RuleTrial> resource_rules() {
    const Firewall& firewall = in_.self.document->firewall;
    if (!firewall.known) return {};
    const Index owner = in_.self.resource;
    start({}, "trusted services");
    if (!attempt_.trusted_service) {
      add("bypass", "the caller is no trusted service");
    } else {
      add("bypass", "the bypass does not list trusted services");
    }
    start({RuleRef::Kind::DefaultAction, owner, 0, 0}, "default action");
    add("Deny", "it denies");
    for (Index i = 0; i < firewall.ip_rules.size(); ++i) {
      start({RuleRef::Kind::Ip, owner, 0, i});
      try_prefix(firewall.ip_rules[i]);
    }
    for (Index i = 0; i < firewall.subnet_rules.size(); ++i) {
      start({RuleRef::Kind::Subnet, owner, 0, i});
      try_subnet(i);
    }
    for (Index i = 0; i < firewall.instance_rules.size(); ++i) {
      start({RuleRef::Kind::Instance, owner, 0, i});
      try_instance(firewall.instance_rules[i]);
    }
    return std::move(trials_);
  }

  std::vector<RuleTrial> egress() {
    start({}, "allowedFqdnList");
    for (const DomainPattern& pattern : in_.self.document->allowed_fqdns) try_name(pattern);
    for (const Unresolved& value : in_.self.document->unresolved) {
      if (value.setting == "allowedFqdnList") {
        add(value.expression, "only a deployment tells its value");
      }
    }
    if (trials_.empty()) add("empty list", "it admits no host name");
    return std::move(trials_);
  }

 private:
  template <class Try>
  void for_each_rule(Direction direction, Try try_elements) {
    const Profile& profile =
        in_.policy.environment().perimeters[in_.self.perimeter].profiles[in_.self.profile_index];
    for (const Index i : in_.self.profile->rule_of_rank) {
      const AccessRule& rule = profile.rules[i];
      const bool either = find_unresolved(rule.unresolved, "direction") != nullptr;
      if (rule.direction != direction && !either) continue;
      start({RuleRef::Kind::Access, in_.self.perimeter, in_.self.profile_index, i});
      if (rule.direction == direction) try_elements(rule);
      for (const Unresolved& value : rule.unresolved) {
        add(value.expression, "only a deployment tells its value");
      }
    }
  }

  void start(RuleRef rule, std::string_view name = {}) {
    rule_ = rule;
    name_ = name.empty() ? in_.policy.rule_name(rule) : std::string(name);
  }
  void add(std::string element, std::string why, bool matched = false) {
    trials_.push_back({rule_, name_, std::move(element), matched, std::move(why)});
  }

  // Why no address can be compared at all; empty when one is visible.
  [[nodiscard]] std::string_view no_address() const {
    switch (attempt_.address_view) {
      case AddressView::Visible:
        return {};
      case AddressView::Hidden:
        return attempt_.path == Path::ServiceEndpoint
                   ? "no address is visible through a service endpoint (P-5)"
                   : "no source address is visible";
      case AddressView::Missing:
        return "the source address is not stated";
      case AddressView::Private:
        return "the source address is private and never arrives on the public path (P-6)";
    }
    return {};
  }

  void try_prefix(const WrittenPrefix& written) {
    const IpAddress& source = attempt_.address;
    if (const std::string_view why = no_address(); !why.empty()) {
      add(written.text, std::string(why));
    } else if (!written.prefix.contains(source)) {
      add(written.text,
          fmt::format("source {} is {}", to_string(source), describe_miss(source, written.prefix)));
    } else if (rule_.kind == RuleRef::Kind::Access && !source.v4 &&
               !in_.readings.is_default(Matter::U2)) {
      add(written.text, "IPv6 is read as not matching (U2)");
    } else {
      add(written.text, fmt::format("source {} is inside", to_string(source)), true);
    }
  }

  [[nodiscard]] bool subscription_counts() const {
    return attempt_.credential == Credential::ManagedIdentity ||
           (attempt_.credential == Credential::ServicePrincipal &&
            !in_.readings.is_default(Matter::U6));
  }

  void try_subscription(const Guid& guid) {
    const std::string element = "subscription " + to_string(guid);
    if (attempt_.credential == Credential::Unknown) {
      add(element, "the credential is not stated; only a managed identity could match");
    } else if (!subscription_counts()) {
      add(element, fmt::format("the credential is `{}`, a subscription needs a managed identity",
                               to_string(attempt_.credential)));
    } else if (!attempt_.subscription_known) {
      add(element, "the caller's subscription is not stated");
    } else if (attempt_.subscription != in_.policy.subscription(guid)) {
      add(element, "the caller's managed identity is of another subscription");
    } else if (!in_.readings.is_default(Matter::U15) && in_.other.associated() &&
               in_.other.perimeter != in_.self.perimeter) {
      add(element, "the caller is a member of another perimeter, read as not matching (U15)");
    } else {
      add(element, "the caller's managed identity is of this subscription", true);
    }
  }

  void try_tag(const std::string& tag) {
    const std::string element = "tag " + tag;
    const auto known = in_.policy.environment().service_tags.find(lower(tag));
    if (!supports_tags(in_.self.compiled->service, in_.readings)) {
      add(element,
          fmt::format("{} does not support service tags", facts(in_.self.compiled->service).title));
    } else if (const std::string_view why = no_address(); !why.empty()) {
      add(element, std::string(why));
    } else if (known == in_.policy.environment().service_tags.end()) {
      add(element, "the tag's addresses are not in the environment");
    } else {
      const bool inside = std::ranges::any_of(known->second, [this](const IpPrefix& prefix) {
        return prefix.contains(attempt_.address);
      });
      add(element,
          fmt::format("source {} is {} of the tag's addresses", to_string(attempt_.address),
                      inside ? "one" : "none"),
          inside);
    }
  }

  void try_name(const DomainPattern& pattern) {
    const bool one_label = !in_.readings.is_default(Matter::U4);
    const auto name = DomainName::parse(attempt_.host.text);
    if (!name) {
      const bool any = pattern.kind == DomainPattern::Kind::Any;
      add(to_string(pattern), any ? "every name fits" : "the host name is not known", any);
    } else if (!pattern.matches(*name, one_label)) {
      add(to_string(pattern), describe_miss(*name, pattern, one_label));
    } else {
      add(to_string(pattern), fmt::format("`{}` fits", name->text()), true);
    }
  }

  void try_subnet(Index i) {
    const std::string element = in_.self.document->firewall.subnet_rules[i].text();
    if (attempt_.path != Path::ServiceEndpoint) {
      add(element, "the attempt does not come through a service endpoint");
    } else if (attempt_.subnet == kNone) {
      add(element, "the caller's subnet is not stated");
    } else if (in_.self.compiled->subnet_rules[i] != attempt_.subnet) {
      add(element, "the caller is in another subnet");
    } else {
      add(element, "the caller is in this subnet", true);
    }
  }

  void try_instance(const ResourceId& id) {
    if (in_.other.resource == kNone) {
      add(id.text(), "the caller is no resource of the environment");
    } else if (!instance_matches(id, in_.other.document->id)) {
      add(id.text(), "the caller is another resource");
    } else if (attempt_.credential != Credential::ManagedIdentity) {
      add(id.text(), "a resource instance rule needs the caller's managed identity");
    } else {
      add(id.text(), "the caller is this resource", true);
    }
  }

  const LegInput& in_;
  const BoundAttempt& attempt_;
  RuleRef rule_;
  std::string name_;
  std::vector<RuleTrial> trials_;
};

std::string name_of(const LegInput& input, const End& end) {
  return end.resource == kNone
             ? "the other end"
             : fmt::format("`{}`", input.policy.environment().resources[end.resource].name);
}

std::string perimeter_of(const LegInput& input, const End& end) {
  return end.associated() ? fmt::format("in perimeter `{}`",
                                        input.policy.environment().perimeters[end.perimeter].name)
                          : "in no perimeter";
}

}  // namespace

std::vector<RuleTrial> try_inbound_rules(const LegInput& input) {
  return RuleTrials(input).inbound();
}
std::vector<RuleTrial> try_outbound_rules(const LegInput& input) {
  return RuleTrials(input).outbound();
}
std::vector<RuleTrial> try_resource_rules(const LegInput& input) {
  return RuleTrials(input).resource_rules();
}
std::vector<RuleTrial> try_egress_names(const LegInput& input) {
  return RuleTrials(input).egress();
}

std::string why_not_member(const LegInput& input, Membership membership) {
  switch (membership) {
    case Membership::Holds:
      return {};
    case Membership::NotAMember:
      if (input.other.resource == kNone) {
        return "not in the same perimeter: the other end is no resource of the environment";
      }
      return fmt::format("not in the same perimeter: {} is {}, {} is {}",
                         name_of(input, input.self), perimeter_of(input, input.self),
                         name_of(input, input.other), perimeter_of(input, input.other));
    case Membership::NoIdentityShown:
      return fmt::format(
          "same perimeter, but the credential is `{}`: membership needs a managed identity",
          to_string(input.attempt.credential));
    case Membership::CredentialUnknown:
      return "same perimeter, but the credential is not stated";
    case Membership::RulesRequired:
      return "AI Search and Foundry are read as needing explicit rules (C12)";
    case Membership::OtherProfile:
      return "membership is read as being of the profile, and the profiles differ (U14)";
  }
  return {};
}

namespace {

// A link that joins the two perimeters but does not carry this attempt, and why.
std::string why_link_fails(const LegInput& input) {
  const Environment& environment = input.policy.environment();
  for (const PerimeterLink& link : environment.links) {
    const bool joins =
        (link.local == input.self.perimeter && link.remote == input.other.perimeter) ||
        (link.remote == input.self.perimeter && link.local == input.other.perimeter);
    if (!joins) continue;
    if (link.status != ConnectionStatus::Approved) {
      return fmt::format("link `{}` is {}", link.name, to_string(link.status));
    }
    return fmt::format("link `{}` does not name both profiles", link.name);
  }
  return fmt::format("no link joins perimeters `{}` and `{}`",
                     environment.perimeters[input.self.perimeter].name,
                     environment.perimeters[input.other.perimeter].name);
}

}  // namespace

std::string why_no_link(const LegInput& input, LinkAnswer answer) {
  switch (answer.state) {
    case LinkState::Holds:
      return {};
    case LinkState::None:
      if (!input.self.associated() || !input.other.associated()) {
        return "no perimeter link: both ends must be in a perimeter";
      }
      if (input.self.perimeter == input.other.perimeter) {
        return "no perimeter link: both ends are in the same perimeter";
      }
      return why_link_fails(input) +
             (answer.through_others ? "; links are not transitive (U5)" : "");
    case LinkState::Unsupported:
      return fmt::format("a link joins the perimeters, but links do not carry {} to {}",
                         facts(input.other.compiled->service).title,
                         facts(input.self.compiled->service).title);
    case LinkState::NoIdentityShown:
      return fmt::format(
          "a link joins the perimeters, but the credential is `{}`: a managed identity is needed",
          to_string(input.attempt.credential));
    case LinkState::CredentialUnknown:
      return "a link joins the perimeters, but the credential is not stated";
  }
  return {};
}

}  // namespace nsp

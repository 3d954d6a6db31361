#include "tests/reference/match.h"

#include <algorithm>

#include "sim/base/text.h"
#include "sim/model/services.h"

namespace nsp::reference {
namespace {

Match yes(std::string rule = "") { return {true, std::move(rule), Fact::None}; }
Match no() { return {}; }
Match perhaps(Fact missing) { return {false, "", missing}; }

// Of two candidates: the one that matches, the first by name of two; else the doubt raised
// first.
Match better(Match a, Match b) {
  if (a.yes && b.yes) return iless(b.rule, a.rule) ? b : a;
  if (a.yes || b.yes) return a.yes ? a : b;
  return a.missing != Fact::None ? a : b;
}

Match uses_managed_identity(const Case& c) {
  if (c.credential == Credential::Unknown) return perhaps(unknown_credential(c));
  return c.credential == Credential::ManagedIdentity ? yes() : no();
}

// R-1 and the resource's own IP rules: the visible address lies in the prefix. P-6: a private
// prefix never matters.
Match address_in(const Case& c, const IpPrefix& prefix) {
  if (c.address_missing) return prefix.is_private() ? no() : perhaps(Fact::Address);
  return c.address && prefix.contains(*c.address) ? yes() : no();
}

Match by_prefix(const Case& c, const AccessRule& rule) {
  Match match;
  for (const WrittenPrefix& written : rule.prefixes) {
    if (chosen(c, Matter::U2) && !written.prefix.network.v4) continue;
    match = better(match, address_in(c, written.prefix));
  }
  return match;
}

bool in_another_perimeter(const Case& c) {
  const Association* from = association_of(c, c.caller);
  const Association* to = association_of(c, c.destination);
  return from != nullptr && to != nullptr && from->perimeter != to->perimeter;
}

// the subscription of a managed identity (U6: of a service principal too).
Match by_subscription(const Case& c, const AccessRule& rule) {
  const bool counts = c.credential == Credential::ManagedIdentity ||
                      c.credential == Credential::Unknown ||
                      (c.credential == Credential::ServicePrincipal && chosen(c, Matter::U6));
  if (!counts || rule.subscriptions.empty()) return no();
  if (chosen(c, Matter::U15) && in_another_perimeter(c)) return no();
  if (c.subscription && std::ranges::count(rule.subscriptions, *c.subscription) == 0) return no();
  if (c.credential == Credential::Unknown) return perhaps(unknown_credential(c));
  return c.subscription ? yes() : perhaps(Fact::Subscription);
}

bool tags_work(const Case& c) {
  const std::uint8_t choice = c.readings[Matter::C6];  // preview, unavailable, any
  return choice == 0 ? facts(c.destination->service).supports_tags : choice == 2;
}

// the address belongs to the tag.
Match by_tag(const Case& c, const AccessRule& rule) {
  if (!tags_work(c)) return no();
  Match match;
  for (const std::string& tag : rule.service_tags) {
    const auto known = c.env.service_tags.find(lower(tag));
    if (known == c.env.service_tags.end()) {
      if (c.address_missing) match = better(match, perhaps(Fact::Address));
      if (c.address) match = better(match, perhaps(Fact::ServiceTag));
      continue;
    }
    for (const IpPrefix& prefix : known->second) match = better(match, address_in(c, prefix));
  }
  return match;
}

// A rule with a value that only a deployment tells may match anything (G-10).
Match by_open_rules(const Profile& profile, Direction direction) {
  for (const AccessRule& rule : profile.rules) {
    for (const Unresolved& value : rule.unresolved) {
      if (rule.direction == direction || value.setting == "direction") {
        return perhaps(Fact::RuleValue);
      }
    }
  }
  return no();
}

}  // namespace

// IN-4. Any element of any rule is enough (G-3); a missing fact is named in the order,
//
Match inbound_rule(const Case& c, const Profile& profile) {
  Match match;
  for (auto element : {by_prefix, by_subscription, by_tag}) {
    for (const AccessRule& rule : profile.rules) {
      if (rule.direction != Direction::Inbound) continue;
      Match one = element(c, rule);
      if (one.yes) one.rule = rule.name;
      match = better(match, one);
    }
  }
  return better(match, by_open_rules(profile, Direction::Inbound));
}

namespace {

// An unknown name is matched by `*` alone.
Match name_fits(const Case& c, const DomainPattern& pattern) {
  if (!c.host) return pattern.kind == DomainPattern::Kind::Any ? yes() : perhaps(Fact::HostName);
  return pattern.matches(*c.host, chosen(c, Matter::U4)) ? yes() : no();
}

}  // namespace

// OUT-4.
Match outbound_rule(const Case& c, const Profile& profile) {
  Match match;
  for (const AccessRule& rule : profile.rules) {
    if (rule.direction != Direction::Outbound) continue;
    for (const DomainPattern& pattern : rule.host_names) {
      Match one = name_fits(c, pattern);
      if (one.yes) one.rule = rule.name;
      match = better(match, one);
    }
  }
  return better(match, by_open_rules(profile, Direction::Outbound));
}

bool is_foundry(const Resource& r) {
  return r.service == Service::Foundry || r.service == Service::OpenAi;
}

namespace {

// C12, read as `rules`: AI Search and Foundry do not trust each other by membership.
bool needs_rules_inside(const Case& c) {
  const Resource& a = *c.caller;
  const Resource& b = *c.destination;
  return chosen(c, Matter::C12) && ((a.service == Service::Search && is_foundry(b)) ||
                                    (b.service == Service::Search && is_foundry(a)));
}

}  // namespace

// IN-2 and OUT-2: both ends in one perimeter, and the caller uses its managed identity.
Match same_perimeter(const Case& c) {
  const Association* from = association_of(c, c.caller);
  const Association* to = association_of(c, c.destination);
  if (from == nullptr || to == nullptr || from->perimeter != to->perimeter) return no();
  if (chosen(c, Matter::U14) && from->profile != to->profile) return no();
  if (needs_rules_inside(c)) return no();
  return uses_managed_identity(c);
}

namespace {

bool names_profile(const std::vector<Index>& profiles, bool all, Index profile) {
  return all || std::ranges::count(profiles, profile) > 0;
}

bool joins(const PerimeterLink& link, const Association& local, const Association& remote) {
  return link.local == local.perimeter && link.remote == remote.perimeter &&
         names_profile(link.local_profiles, link.all_local_profiles, local.profile) &&
         names_profile(link.remote_profiles, link.all_remote_profiles, remote.profile);
}

// U5, read as `transitive`: a chain of two or more approved links leads from one perimeter to the
// other.
bool chain_joins(const Case& c, Index from, Index to) {
  std::vector<bool> reached(c.env.perimeters.size());
  reached[from] = true;
  for (std::size_t round = 0; round < reached.size(); ++round) {
    for (const PerimeterLink& link : c.env.links) {
      if (link.status != ConnectionStatus::Approved) continue;
      const bool direct =
          (link.local == from && link.remote == to) || (link.local == to && link.remote == from);
      if (direct) continue;
      const bool either = reached[link.local] || reached[link.remote];
      reached[link.local] = reached[link.remote] = either;
    }
  }
  return reached[to];
}

}  // namespace

// IN-3 and OUT-3.
Match linked(const Case& c) {
  const Association* from = association_of(c, c.caller);
  const Association* to = association_of(c, c.destination);
  if (from == nullptr || to == nullptr || from->perimeter == to->perimeter) return no();
  if (!facts(c.caller->service).supports_links || !facts(c.destination->service).supports_links) {
    return no();
  }
  const bool direct = std::ranges::any_of(c.env.links, [&](const PerimeterLink& link) {
    return link.status == ConnectionStatus::Approved &&
           (joins(link, *from, *to) || joins(link, *to, *from));
  });
  const bool chained = chosen(c, Matter::U5) && chain_joins(c, from->perimeter, to->perimeter);
  return direct || chained ? uses_managed_identity(c) : no();
}

Match bypass(const Case& c) {
  const Firewall& firewall = c.destination->firewall;
  if (!c.attempt.trusted_service) return no();
  if (!firewall.known) return perhaps(Fact::Firewall);
  if (firewall.trusted_services) return yes();
  return firewall.unresolved.empty() ? no() : perhaps(Fact::Firewall);
}

namespace {

Match by_subnet(const Case& c, const ResourceId& rule) {
  if (c.path != Path::ServiceEndpoint) return no();
  if (c.subnet == nullptr) return perhaps(Fact::Subnet);
  if (c.subnet->id != rule) return no();
  return yes("subnet " + std::string(rule.parent().name()) + "/" + std::string(rule.name()));
}

bool same_segments(std::string_view id, std::string_view pattern) {
  const auto ours = split(id, '/');
  const auto theirs = split(pattern, '/');
  return std::ranges::equal(ours, theirs, [](std::string_view a, std::string_view b) {
    return b == "*" || iequals(a, b);
  });
}

Match by_instance(const Case& c, const ResourceId& rule) {
  if (c.caller == nullptr || !same_segments(c.caller->id.text(), rule.text())) return no();
  Match match = uses_managed_identity(c);
  if (match.yes) match.rule = "resource " + std::string(rule.name());
  return match;
}

}  // namespace

// IN-9, after the trusted services: default action, IP rules, subnets, resource instances, in that
// order.
Match resource_rule(const Case& c) {
  const Firewall& firewall = c.destination->firewall;
  if (!firewall.known) return perhaps(Fact::Firewall);
  if (firewall.default_allow) return yes("default action");
  Match ip, subnet, instance;
  for (const WrittenPrefix& rule : firewall.ip_rules) {
    Match one = address_in(c, rule.prefix);
    if (one.yes) one.rule = "ip " + rule.text;
    ip = better(ip, one);
  }
  for (const ResourceId& rule : firewall.subnet_rules) subnet = better(subnet, by_subnet(c, rule));
  for (const ResourceId& rule : firewall.instance_rules) {
    instance = better(instance, by_instance(c, rule));
  }
  if (ip.yes) return ip;
  if (subnet.yes) return subnet;
  if (instance.yes) return instance;
  const Match open = firewall.unresolved.empty() ? no() : perhaps(Fact::Firewall);
  return better(open, better(ip, better(subnet, instance)));
}

// OUT-7: the resource's own list of hosts that it may call.
Match egress_allows(const Case& c) {
  const std::vector<Unresolved>& unresolved = c.caller->unresolved;
  const auto open = [&](std::string_view setting) {
    return std::ranges::count(unresolved, setting, &Unresolved::setting) > 0;
  };
  if (!c.caller->restrict_outbound && !open("restrictOutboundNetworkAccess")) return yes();
  Match match;
  for (const auto& pattern : c.caller->allowed_fqdns) match = better(match, name_fits(c, pattern));
  if (!open("restrictOutboundNetworkAccess") && !open("allowedFqdnList")) return match;
  return better(match, perhaps(Fact::EgressLimit));
}

}  // namespace nsp::reference

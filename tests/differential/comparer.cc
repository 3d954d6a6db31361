#include "tests/differential/comparer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

namespace nsp::differential {
namespace {

// The same comparison as as_outcome() == expected, without building strings for the millions that
// agree.
bool agrees(const Policy& policy, const Leg& leg, const reference::LegOutcome& expected) {
  const bool same = leg.direction == expected.direction && leg.verdict == expected.verdict &&
                    leg.reason == expected.reason && leg.clause == expected.clause &&
                    leg.missing == expected.missing &&
                    std::ranges::equal(leg.categories.view(), expected.categories);
  if (!same) return false;
  if (leg.rule.kind == RuleRef::Kind::None) return expected.rule.empty();
  return policy.rule_name(leg.rule) == expected.rule;
}

bool agrees(const Policy& policy, const Decision& decision, const reference::Outcome& expected) {
  return decision.verdict == expected.verdict && decision.reason == expected.reason &&
         decision.missing == expected.missing &&
         std::ranges::equal(decision.legs(), expected.legs,
                            [&](const Leg& leg, const reference::LegOutcome& other) {
                              return agrees(policy, leg, other);
                            });
}

std::string words_of(const reference::LegOutcome& leg) {
  std::string text = fmt::format("{} {}: {}", to_string(leg.direction), to_string(leg.verdict),
                                 to_string(leg.reason));
  if (leg.missing != Fact::None) text += fmt::format(" {}", to_string(leg.missing));
  if (!leg.rule.empty()) text += fmt::format(" `{}`", leg.rule);
  text += fmt::format(" [{}]", facts(leg.clause).id);
  for (LogCategory category : leg.categories) text += fmt::format(" {}", to_string(category));
  return text;
}

std::string words_of(const Firewall& firewall) {
  std::string text = firewall.known ? "" : "unknown ";
  text += firewall.default_allow ? "open" : "closed";
  if (firewall.trusted_services) text += " +trusted";
  for (const auto& rule : firewall.ip_rules) text += " +ip " + rule.text;
  for (const auto& rule : firewall.subnet_rules) text += " +subnet " + rule.text();
  for (const auto& rule : firewall.instance_rules) text += " +instance " + rule.text();
  return text;
}

std::string words_of(const Environment& env, const Resource& resource) {
  std::string text =
      fmt::format("  {} {} {} identity={} pna={} firewall={}", resource.name,
                  facts(resource.service).title, resource.described ? "" : "(stub)",
                  resource.identity ? (*resource.identity ? "yes" : "no") : "?",
                  to_string(resource.public_network_access), words_of(resource.firewall));
  if (resource.restrict_outbound) {
    text += " egress:";
    for (const auto& name : resource.allowed_fqdns) text += fmt::format(" {}", to_string(name));
  }
  for (const auto& c : resource.private_connections) {
    text += fmt::format(" connection={}", to_string(c.status));
  }
  for (const auto& s : resource.shared_private_links) {
    text += fmt::format(" shared={}", to_string(s.status));
  }
  if (resource.association != kNone) {
    const Association& a = env.associations[resource.association];
    const Perimeter& p = env.perimeters[a.perimeter];
    text += fmt::format(" in {}/{} {}", p.name, p.profiles[a.profile].name, to_string(a.mode));
  }
  return text + "\n";
}

std::string words_of(const PerimeterLink& link) {
  return fmt::format("  link {}-{} {} all={}/{} [{}]/[{}]\n", link.local, link.remote,
                     to_string(link.status), link.all_local_profiles, link.all_remote_profiles,
                     fmt::join(link.local_profiles, ","), fmt::join(link.remote_profiles, ","));
}

std::string words_of(const AccessRule& rule) {
  std::string text = fmt::format("{} {}:", rule.name, to_string(rule.direction));
  for (const auto& p : rule.prefixes) text += " " + p.text;
  for (const auto& s : rule.subscriptions) text += " subscription " + to_string(s);
  for (const auto& t : rule.service_tags) text += " tag " + t;
  for (const auto& n : rule.host_names) text += fmt::format(" {}", to_string(n));
  return text;
}

}  // namespace

reference::Outcome as_outcome(const Policy& policy, const Decision& decision) {
  reference::Outcome outcome{decision.verdict, decision.reason, decision.missing, {}};
  for (const Leg& leg : decision.legs()) {
    const auto view = leg.categories.view();
    outcome.legs.push_back({leg.direction,
                            leg.verdict,
                            leg.reason,
                            leg.clause,
                            leg.missing,
                            leg.rule.kind == RuleRef::Kind::None ? "" : policy.rule_name(leg.rule),
                            {view.begin(), view.end()}});
  }
  return outcome;
}

std::string describe(const Environment& env, const Attempt& attempt) {
  const bool small = env.resources.size() <= 12;
  const auto concerned = [&](Index index) {
    const Resource& r = env.resources[index];
    return small || r.name == attempt.to || r.name == attempt.from || r.id.text() == attempt.from;
  };
  std::string text;
  for (Index i = 0; i < env.resources.size(); ++i) {
    if (concerned(i)) text += words_of(env, env.resources[i]);
  }
  for (const Perimeter& perimeter : env.perimeters) {
    for (const Profile& profile : perimeter.profiles) {
      for (const AccessRule& rule : profile.rules) {
        text += fmt::format("  {}/{} {}\n", perimeter.name, profile.name, words_of(rule));
      }
    }
  }
  for (const PerimeterLink& link : env.links) text += words_of(link);
  for (const PrivateEndpoint& e : env.private_endpoints) {
    if (!concerned(e.resource)) continue;
    text += fmt::format("  endpoint to {} {}\n", e.resource, to_string(e.status));
  }
  for (const PrivateDnsZone& zone : env.zones) {
    const std::string label = zone.records.empty() ? "none" : zone.records[0].label;
    if (!small && label != attempt.to) continue;
    text += fmt::format("  zone {} record {} networks=[{}]\n", zone.name.text(), label,
                        fmt::join(zone.networks, ","));
  }
  return text;
}

std::string describe(const Attempt& a) {
  std::string text = fmt::format("{}{} -> {}", a.from, a.outside ? " (outside)" : "", a.to);
  text += fmt::format(" as {} via {}", a.credential ? to_string(*a.credential) : "default",
                      to_string(a.via));
  if (a.address) text += " address " + to_string(*a.address);
  if (a.address_hidden) text += " hidden";
  if (a.subscription) text += " subscription " + to_string(*a.subscription);
  if (!a.subnet.empty()) text += " subnet " + a.subnet;
  if (a.name) text += " name " + a.name->text();
  if (a.protocol != Protocol::Https) text += fmt::format(" {}", to_string(a.protocol));
  if (a.operation != "data") text += " operation " + a.operation;
  if (a.trusted_service) text += " trusted";
  return text;
}

std::string describe(const Scope& scope) {
  std::string text = "scope:";
  if (scope.mode) text += fmt::format(" mode {}", to_string(*scope.mode));
  if (scope.only != nullptr) text += " of some";
  if (scope.resource_with_access != kNone) {
    text += fmt::format(" {} with {}", scope.resource_with_access,
                        to_string(scope.public_network_access));
  }
  if (scope.not_associated != kNone)
    text += fmt::format(" {} not associated", scope.not_associated);
  return text;
}

std::string describe(const reference::Outcome& outcome) {
  std::string text = fmt::format("{}: {}", to_string(outcome.verdict), to_string(outcome.reason));
  if (outcome.missing != Fact::None) text += fmt::format(" {}", to_string(outcome.missing));
  for (const auto& leg : outcome.legs) text += "\n      " + words_of(leg);
  return text;
}

void Comparer::note(const Policy& policy, const Attempt& attempt, const Scope& scope,
                    std::string_view label, const std::string& engine,
                    const std::string& reference) {
  Difference& difference = differences_[engine + "\n" + reference];
  if (difference.count++ > 0) return;
  difference.first = fmt::format("{}\n{}  {}\n  {}\n  engine:    {}\n  reference: {}\n", label,
                                 describe(policy.environment(), attempt), describe(attempt),
                                 describe(scope), engine, reference);
}

std::string Comparer::report() const {
  std::string text;
  for (const auto& [outcomes, difference] : differences_) {
    text += fmt::format("{} times, first in {}", difference.count, difference.first);
  }
  return text;
}

void Comparer::compare(const Policy& policy, const Attempt& attempt, std::span<const Scope> scopes,
                       const Readings& readings, std::string_view label) {
  const auto bound = bind(policy, attempt, readings);
  for (const Scope& scope : scopes) {
    ++compared_;
    if (had_enough()) return;
    const auto expected = reference::decide(policy.environment(), attempt, scope, readings);
    if (!bound || !expected) {
      if (bound.has_value() != expected.has_value()) {
        note(policy, attempt, scope, label, bound ? "an attempt" : bound.error(),
             expected ? "an attempt" : expected.error());
      }
      continue;
    }
    const Decision decision = evaluate(policy, *bound, scope, readings);
    if (agrees(policy, decision, *expected)) continue;
    note(policy, attempt, scope, label, describe(as_outcome(policy, decision)),
         describe(*expected));
  }
}

std::uint64_t sampling(std::uint64_t sampled) {
#ifdef NDEBUG
  const bool all = true;
#else
  const bool all = std::getenv("NSPSIM_EXHAUSTIVE") != nullptr;
#endif
  return all ? 1 : sampled;
}

bool in_sample(std::uint64_t environment, std::uint64_t one_in) {
  // A multiplicative hash, so that the sample does not run along one dimension.
  return one_in <= 1 || ((environment * 0x9e3779b97f4a7c15U) >> 32U) % one_in == 0;
}

}  // namespace nsp::differential

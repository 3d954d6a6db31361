#include "sim/analysis/rule_proof.h"

#include <algorithm>
#include <set>
#include <string>

#include "sim/base/text.h"
#include "sim/net/address_ranges.h"

namespace nsp {
namespace {

constexpr std::uint8_t kKnownCredentials = static_cast<std::uint8_t>(Credential::Unknown);
constexpr Uint128 kLastV4 = 0xffff'ffff;

void add_ends(const AddressRange& range, std::set<IpAddress>& out) {
  out.insert(range.first);
  out.insert(range.last);
  if (range.first.bits != 0) out.insert({range.first.bits - 1, range.first.v4});
  const Uint128 top = range.last.v4 ? kLastV4 : ~Uint128{0};
  if (range.last.bits != top) out.insert({range.last.bits + 1, range.last.v4});
}

void add_ends(const IpPrefix& prefix, std::set<IpAddress>& out) {
  add_ends(range_of(prefix), out);
  for (const AddressRange& range : public_part({&prefix, 1})) add_ends(range, out);
}

std::set<IpAddress> boundaries(const Environment& environment, const Profile& profile) {
  std::set<IpAddress> addresses;
  for (const AccessRule& rule : profile.rules) {
    for (const WrittenPrefix& written : rule.prefixes) add_ends(written.prefix, addresses);
    for (const std::string& tag : rule.service_tags) {
      const auto known = environment.service_tags.find(lower(tag));
      if (known == environment.service_tags.end()) continue;
      for (const IpPrefix& prefix : known->second) add_ends(prefix, addresses);
    }
  }
  return addresses;
}

// A label that no pattern of the profile begins with.
std::string free_label(const Profile& profile) {
  std::string label = "x";
  const auto taken = [&](const AccessRule& rule) {
    return std::ranges::any_of(rule.host_names, [&](const DomainPattern& pattern) {
      return pattern.name.text().starts_with(label);
    });
  };
  while (std::ranges::any_of(profile.rules, taken)) label += 'x';
  return label;
}

// Each pattern's own name, and names one and two labels under it.
std::set<std::string> witness_names(const Profile& profile) {
  const std::string label = free_label(profile) + ".";
  std::set<std::string> names{label + free_label(profile)};
  for (const AccessRule& rule : profile.rules) {
    for (const DomainPattern& pattern : rule.host_names) {
      const std::string& name = pattern.name.text();
      if (name.empty()) continue;
      const std::string under = label + name;
      for (const std::string& text : {name, under, label + under}) {
        if (DomainName::parse(text)) names.insert(text);
      }
    }
  }
  return names;
}

std::set<Guid> subscriptions_of(const Profile& profile) {
  std::set<Guid> all;
  for (const AccessRule& rule : profile.rules) {
    all.insert(rule.subscriptions.begin(), rule.subscriptions.end());
  }
  return all;
}

Attempt inbound(const Resource& to, std::optional<Credential> credential) {
  Attempt attempt;
  attempt.from = "somebody";
  attempt.outside = true;
  attempt.to = to.id.text();
  attempt.credential = credential;
  attempt.via = Via::Public;
  return attempt;
}

void add_with_addresses(const Resource& to, const std::set<IpAddress>& addresses,
                        std::vector<Attempt>& out) {
  for (const IpAddress& address : addresses) {
    out.push_back(inbound(to, Credential::User));
    out.back().address = address;
  }
}

// Every credential: with no subscription stated, with each that a rule lists, with another; with
// the address hidden, and with none stated.
void add_with_credentials(const Resource& to, const std::set<Guid>& subscriptions,
                          std::vector<Attempt>& out) {
  std::vector<std::optional<Guid>> choices{std::nullopt, Guid::from_text("listed nowhere")};
  choices.insert(choices.end(), subscriptions.begin(), subscriptions.end());
  for (std::uint8_t word = 0; word <= kKnownCredentials; ++word) {
    for (const auto& subscription : choices) {
      const auto credential = static_cast<Credential>(word);
      out.push_back(inbound(
          to, word == kKnownCredentials ? std::optional<Credential>() : std::optional(credential)));
      out.back().subscription = subscription;
      out.push_back(out.back());
      out.back().address_hidden = true;
    }
  }
}

void add_outbound(const Resource& from, const std::set<std::string>& names,
                  std::vector<Attempt>& out) {
  Attempt attempt;
  attempt.from = from.id.text();
  attempt.credential = Credential::Key;
  attempt.via = Via::Public;
  out.push_back(attempt);
  for (const std::string& name : names) {
    attempt.to = name;
    out.push_back(attempt);
  }
}

bool same_verdicts(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict &&
         std::ranges::equal(a.legs(), b.legs(), {}, &Leg::verdict, &Leg::verdict);
}

bool changes(const Policy& before, const Policy& after, const Attempt& attempt,
             const Readings& readings) {
  const auto was = bind(before, attempt, readings);
  const auto is = bind(after, attempt, readings);
  if (!was || !is) return was.has_value() != is.has_value();
  return !same_verdicts(evaluate(before, *was, {}, readings), evaluate(after, *is, {}, readings)) ||
         !same_verdicts(evaluate(before, *was, if_enforced(), readings),
                        evaluate(after, *is, if_enforced(), readings));
}

}  // namespace

std::vector<const Resource*> representatives(const Environment& environment, const RuleAt& at) {
  std::vector<const Resource*> members;
  for (const Association& association : environment.associations) {
    if (association.perimeter != at.perimeter || association.profile != at.profile) continue;
    const Resource& resource = environment.resources[association.resource];
    if (std::ranges::find(members, resource.service, &Resource::service) == members.end()) {
      members.push_back(&resource);
    }
  }
  return members;
}

std::vector<Attempt> telling_attempts(const Environment& environment, const RuleAt& at) {
  const Profile& profile = profile_of(environment, at);
  const std::set<IpAddress> addresses = boundaries(environment, profile);
  const std::set<Guid> subscriptions = subscriptions_of(profile);
  const std::set<std::string> names = witness_names(profile);
  std::vector<Attempt> attempts;
  for (const Resource* member : representatives(environment, at)) {
    add_with_addresses(*member, addresses, attempts);
    add_with_credentials(*member, subscriptions, attempts);
    add_outbound(*member, names, attempts);
  }
  return attempts;
}

std::optional<Attempt> first_change(const Policy& before, const Policy& after,
                                    std::span<const Attempt> attempts, const Readings& readings) {
  const auto found = std::ranges::find_if(
      attempts, [&](const Attempt& attempt) { return changes(before, after, attempt, readings); });
  return found == attempts.end() ? std::nullopt : std::optional(*found);
}

std::set<RuleAt> changed_profiles(const Policy& before, const Policy& after,
                                  const std::set<RuleAt>& profiles, const Readings& readings) {
  std::set<RuleAt> changed;
  for (const RuleAt& profile : profiles) {
    const auto attempts = telling_attempts(before.environment(), profile);
    if (first_change(before, after, attempts, readings)) changed.insert(profile);
  }
  return changed;
}

std::vector<ElementAt> proved_superfluous(const Policy& policy, std::vector<ElementAt> elements,
                                          const Readings& readings) {
  if (elements.empty()) return elements;
  std::set<RuleAt> profiles;
  for (const ElementAt& element : elements) profiles.insert(profile_at(element.at));
  const Policy without = compile(without_rules(policy.environment(), {}, elements));
  const auto changed = changed_profiles(policy, without, profiles, readings);
  std::erase_if(elements,
                [&](const ElementAt& element) { return changed.contains(profile_at(element.at)); });
  return elements;
}

}  // namespace nsp

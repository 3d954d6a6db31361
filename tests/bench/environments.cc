#include "tests/bench/environments.h"

#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <string>

namespace nsp::bench {
namespace {

constexpr const char* kGroup =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/bench/providers/";
constexpr std::size_t kElementsOfRule = 10;

Guid subscription_number(std::size_t n) { return {0x1000'0000, n + 1}; }

// Prefix `n` of profile `p`: a /28 in 20.0.0.0/7, so that neighbours leave gaps between them.
IpPrefix prefix_number(std::size_t p, std::size_t n) {
  const auto bits = static_cast<std::uint32_t>(0x1400'0000 + ((p * 7919 + n * 32) & 0x01ff'ffe0));
  return {IpAddress::from_v4(bits), 28};
}

DomainPattern host_number(std::size_t p, std::size_t n) {
  const bool under = n % 3 == 0;
  const std::string text = under ? fmt::format("*.zone{}-{}.example", p, n)
                                 : fmt::format("st{}-{}.blob.core.windows.net", p, n);
  return *DomainPattern::parse(text);
}

ResourceId id_of(const std::string& path) { return *ResourceId::parse(kGroup + path); }

AccessRule inbound_rule(std::size_t p, std::size_t first, std::size_t count, bool subscriptions) {
  AccessRule rule;
  rule.name = fmt::format("in-{:06}", first);
  for (std::size_t n = first; n < first + count; ++n) {
    if (subscriptions) {
      rule.subscriptions.push_back(subscription_number(p * 100'000 + n));
    } else {
      const IpPrefix prefix = prefix_number(p, n);
      rule.prefixes.push_back({prefix, to_string(prefix)});
    }
  }
  return rule;
}

AccessRule outbound_rule(std::size_t p, std::size_t first, std::size_t count) {
  AccessRule rule;
  rule.name = fmt::format("out-{:06}", first);
  rule.direction = Direction::Outbound;
  for (std::size_t n = first; n < first + count; ++n) rule.host_names.push_back(host_number(p, n));
  // The accounts of the environment are allowed by every second profile, so that calls get through.
  if (first == 0 && p % 2 == 0)
    rule.host_names[0] = *DomainPattern::parse("*.blob.core.windows.net");
  return rule;
}

Profile make_profile(const std::string& perimeter, std::size_t p, std::size_t elements) {
  Profile profile;
  profile.name = fmt::format("profile{}", p);
  profile.id = id_of(fmt::format("Microsoft.Network/networkSecurityPerimeters/{}/profiles/{}",
                                 perimeter, profile.name));
  for (std::size_t first = 0; first < elements; first += kElementsOfRule) {
    const bool subscriptions = (first / kElementsOfRule) % 4 == 3;
    profile.rules.push_back(inbound_rule(p, first, kElementsOfRule, subscriptions));
    profile.rules.push_back(outbound_rule(p, first, kElementsOfRule));
  }
  return profile;
}

Perimeter make_perimeter(const std::string& name, std::size_t profiles, std::size_t elements) {
  Perimeter perimeter;
  perimeter.name = name;
  perimeter.id = id_of("Microsoft.Network/networkSecurityPerimeters/" + name);
  perimeter.guid = Guid::from_text(name);
  for (std::size_t p = 0; p < profiles; ++p) {
    perimeter.profiles.push_back(make_profile(name, p, elements));
  }
  return perimeter;
}

// Every second resource calls (AI Search, perimeter 0); the others are called (Storage, perimeter
// 1).
Resource make_resource(std::size_t n) {
  const bool caller = n % 2 == 0;
  Resource resource;
  resource.name = fmt::format("{}{}", caller ? "search" : "st", n);
  resource.service = caller ? Service::Search : Service::Storage;
  resource.arm_type = facts(resource.service).arm_type;
  resource.id = id_of(fmt::format("{}/{}", resource.arm_type, resource.name));
  resource.identity = true;
  resource.subscription = subscription_number((n / 2) * 100'000 + 30);
  resource.association = static_cast<Index>(n);
  const std::string_view suffix = facts(resource.service).hosts.front().suffix;
  resource.host_names.push_back(*DomainName::parse(fmt::format("{}.{}", resource.name, suffix)));
  return resource;
}

Association make_association(const Resource& resource, std::size_t n, std::size_t profiles) {
  Association association;
  association.name = resource.name;
  association.id =
      id_of("Microsoft.Network/networkSecurityPerimeters/x/resourceAssociations/" + resource.name);
  association.resource = static_cast<Index>(n);
  association.perimeter = static_cast<Index>(n % 2);
  association.profile = static_cast<Index>(n / 2 % profiles);
  association.mode = AccessMode::Enforced;
  association.mode_text = "Enforced";
  return association;
}

}  // namespace

Environment make_environment(const Shape& shape) {
  Environment environment;
  const std::size_t each = (shape.profiles + 1) / 2;
  for (const char* name : {"near", "far"}) {
    environment.perimeters.push_back(make_perimeter(name, each, shape.elements));
  }
  for (std::size_t n = 0; n < shape.resources; ++n) {
    environment.resources.push_back(make_resource(n));
    environment.associations.push_back(make_association(environment.resources.back(), n, each));
  }
  return environment;
}

std::vector<Attempt> make_attempts(const Environment& environment, Legs legs, std::size_t count) {
  std::mt19937 random(7);
  const std::size_t pairs = environment.resources.size() / 2;
  const std::size_t profiles = environment.perimeters[1].profiles.size();
  const std::size_t elements =
      environment.perimeters[1].profiles[0].rules.size() / 2 * kElementsOfRule;
  std::vector<Attempt> attempts(count);
  for (Attempt& attempt : attempts) {
    const std::size_t pair = random() % pairs;
    attempt.to = environment.resources[2 * pair + 1].name;
    if (legs == Legs::Both) {
      // Twins share a number, and the destination's profile lists the subscription of its twin.
      attempt.from = environment.resources[2 * (random() % 2 == 0 ? pair : random() % pairs)].name;
      attempt.credential = Credential::ManagedIdentity;
      continue;
    }
    attempt.from = "outside";
    attempt.outside = true;
    attempt.credential = Credential::User;
    const IpPrefix prefix = prefix_number(pair % profiles, random() % elements);
    attempt.address =
        IpAddress::from_v4(static_cast<std::uint32_t>(prefix.network.bits) + random() % 32);
  }
  return attempts;
}

std::vector<BoundAttempt> bind_all(const Policy& policy, const std::vector<Attempt>& attempts) {
  std::vector<BoundAttempt> bound;
  for (const Attempt& attempt : attempts) {
    auto one = bind(policy, attempt);
    if (!one) {
      fmt::print(stderr, "{}\n", one.error());
      std::abort();
    }
    bound.push_back(std::move(*one));
  }
  return bound;
}

}  // namespace nsp::bench

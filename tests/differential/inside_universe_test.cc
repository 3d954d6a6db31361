// Every tiny environment with two resources, one calling the other: once with all that an outbound
// leg may look at, once with all that an inbound leg may look at.
#include <gtest/gtest.h>

#include "sim/policy/policy.h"
#include "tests/differential/combinations.h"
#include "tests/differential/comparer.h"
#include "tests/reference/small_world.h"

namespace nsp::differential {
namespace {

using reference::address;
using reference::guid;
using reference::host;
using reference::pattern;
using reference::prefix;
using reference::SmallWorld;

constexpr std::array kServices{Service::Storage, Service::Search, Service::Foundry,
                               Service::KeyVault};
constexpr std::array kModes{AccessMode::Learning, AccessMode::Enforced, AccessMode::Unknown,
                            AccessMode::Audit};
const Guid kListed = guid(1);

// How the caller's association and the destination's stand to each other.
enum Relation : std::size_t {
  kNeither,
  kCallerOnly,
  kDestinationOnly,
  kSameProfile,
  kOtherProfile,
  kOtherPerimeter,
  kLinked,
  kLinkedOtherProfile,
  kLinkPending,
  kLinkedThroughThird,
  kRelations
};

void add_links(SmallWorld& world, std::size_t relation) {
  switch (relation) {
    case kLinked:
      world.add_link("l", 1, 0, ConnectionStatus::Approved);
      break;
    case kLinkedOtherProfile: {
      PerimeterLink& link = world.add_link("l", 0, 1, ConnectionStatus::Approved);
      link.all_remote_profiles = false;
      link.remote_profiles = {1};
      break;
    }
    case kLinkPending:
      world.add_link("l", 0, 1, ConnectionStatus::Pending);
      break;
    case kLinkedThroughThird:
      world.add_link("l", 0, 2, ConnectionStatus::Approved);
      world.add_link("m", 2, 1, ConnectionStatus::Approved);
      break;
    default:
      break;
  }
}

// Resource 0 calls resource 1. Perimeter p is the caller's, q another, r a third.
void relate(SmallWorld& world, std::size_t relation, AccessMode caller, AccessMode destination) {
  world.add_perimeter("p", {"one", "two"});
  world.add_perimeter("q", {"one", "two"});
  world.add_perimeter("r", {"one"});
  if (relation != kNeither && relation != kDestinationOnly) world.associate(0, {0, 0}, caller);
  if (relation == kSameProfile) world.associate(1, {0, 0}, destination);
  if (relation == kOtherProfile) world.associate(1, {0, 1}, destination);
  if (relation == kDestinationOnly || relation >= kOtherPerimeter) {
    world.associate(1, {1, 0}, destination);
  }
  add_links(world, relation);
}

void set_identity(Resource& resource, std::size_t choice) {
  if (choice == 1) resource.identity = false;
  if (choice == 2) {
    const auto access = resource.public_network_access;
    SmallWorld::make_stub(resource);
    resource.public_network_access = access;
  }
}

std::optional<Credential> credential(std::size_t choice) {
  if (choice == 0) return std::nullopt;
  return static_cast<Credential>(choice - 1);
}

Attempt call(std::size_t credential_choice, std::string to) {
  Attempt attempt;
  attempt.from = "caller";
  attempt.to = std::move(to);
  attempt.credential = credential(credential_choice);
  return attempt;
}

// -------------------------------------------------------------------------------------------------------
// outbound

// caller's service, destination's service, relation, caller's mode, publicNetworkAccess, outbound
// rules, egress, identity
constexpr Digits<8> kOutbound{4, 3, kRelations, 4, 4, 5, 4, 3};

void add_outbound_rules(SmallWorld& world, std::size_t choice) {
  const auto add = [&](std::string_view name, std::string_view text) {
    world.add_rule({0, 0}, name, Direction::Outbound).host_names.push_back(pattern(text));
  };
  switch (choice) {
    case 1:
      add("exact", "api.example.com");
      break;
    case 2:
      add("b", "*.example.com");
      add("A", "*");
      break;
    case 3:
      add("core", "*.windows.net");
      break;
    case 4:
      add("miss", "example.com");
      break;
    default:
      break;
  }
}

void set_egress(Resource& resource, std::size_t choice) {
  resource.restrict_outbound = choice > 0;
  if (choice == 2) resource.allowed_fqdns = {pattern("*.example.com")};
  if (choice == 3) resource.allowed_fqdns = {pattern("destination.search.windows.net")};
}

Environment outbound_environment(const Digits<8>& digits) {
  SmallWorld world;
  Resource& caller = world.add_resource("caller", kServices[digits[0]], guid(0));
  caller.public_network_access = static_cast<PublicNetworkAccess>(digits[4]);
  set_egress(caller, digits[6]);
  set_identity(caller, digits[7]);
  world.add_resource("destination", kServices[digits[1]], guid(0));
  relate(world, digits[2], kModes[digits[3]], AccessMode::Learning);
  add_outbound_rules(world, digits[5]);
  return std::move(world.env);
}

std::vector<Attempt> outbound_attempts() {
  std::vector<Attempt> attempts;
  for (std::size_t who = 0; who < 8; ++who) {
    for (const std::string to : {"destination", "api.example.com", "example.com"}) {
      attempts.push_back(call(who, to));
    }
    attempts.push_back(call(who, "destination"));
    attempts.back().via = Via::PrivateEndpoint;
  }
  return attempts;
}

// --------------------------------------------------------------------------------------------------------
// inbound

// caller's service, destination's service, relation, destination's mode, publicNetworkAccess,
// inbound rules, firewall, identity
constexpr Digits<8> kInbound{2, 4, kRelations, 4, 4, 4, 4, 3};

void add_inbound_rules(SmallWorld& world, Index perimeter, std::size_t choice) {
  const auto add = [&](std::string_view name) -> AccessRule& {
    return world.add_rule({perimeter, 0}, name, Direction::Inbound);
  };
  if (choice == 1) add("sub").subscriptions = {kListed};
  if (choice == 2) add("ip").prefixes = {prefix("203.0.113.0/24")};
  if (choice == 3) {
    add("Sub").subscriptions = {guid(7), kListed};
    add("ip").prefixes = {prefix("203.0.113.0/24")};
  }
}

void set_firewall(SmallWorld& world, std::size_t choice) {
  Firewall& firewall = world.env.resources[1].firewall;
  firewall.default_allow = choice == 0;
  if (choice == 2) firewall.instance_rules = {world.env.resources[0].id};
  if (choice == 3) firewall.ip_rules = {prefix("203.0.113.7")};
}

Environment inbound_environment(const Digits<8>& digits) {
  SmallWorld world;
  Resource& caller = world.add_resource("caller", kServices[digits[0] * 3], kListed);
  set_identity(caller, digits[7]);
  Resource& destination = world.add_resource("destination", kServices[digits[1]], guid(0));
  destination.public_network_access = static_cast<PublicNetworkAccess>(digits[4]);
  relate(world, digits[2], AccessMode::Learning, kModes[digits[3]]);
  const bool in_p = digits[2] == kSameProfile;
  add_inbound_rules(world, in_p ? 0 : 1, digits[5]);
  // Only Storage has resource instance rules.
  set_firewall(world, digits[6] == 2 && digits[1] != 0 ? 1 : digits[6]);
  return std::move(world.env);
}

std::vector<Attempt> inbound_attempts() {
  std::vector<Attempt> attempts;
  for (std::size_t who = 0; who < 8; ++who) {
    for (const bool addressed : {false, true}) {
      for (const Protocol protocol : {Protocol::Https, Protocol::Nfs}) {
        for (const bool trusted : {false, true}) {
          Attempt attempt = call(who, "destination");
          if (addressed) attempt.address = address("203.0.113.7");
          attempt.protocol = protocol;
          attempt.trusted_service = trusted;
          attempts.push_back(attempt);
        }
      }
    }
  }
  return attempts;
}

// ---------------------------------------------------------------------------------------------------------
// the runs

template <std::size_t N>
void run(const Digits<N>& sizes, Environment (*build)(const Digits<N>&),
         const std::vector<Attempt>& attempts, const std::vector<Scope>& scopes,
         std::uint64_t expected) {
  const std::uint64_t one_in = sampling(64);
  Comparer comparer;
  for (std::uint64_t n = 0; n < count_of(sizes) && !comparer.had_enough(); ++n) {
    if (!in_sample(n, one_in)) continue;
    const Policy policy = compile(build(combination(n, sizes)));
    const std::string label = "environment " + std::to_string(n);
    for (const Attempt& attempt : attempts) {
      comparer.compare(policy, attempt, scopes, {}, label);
    }
  }
  EXPECT_TRUE(comparer.report().empty()) << comparer.report();
  EXPECT_EQ(count_of(sizes) * attempts.size() * scopes.size(), expected);
  if (one_in == 1) {
    EXPECT_EQ(comparer.compared(), expected);
  }
  EXPECT_GE(comparer.compared() * one_in * 2, expected);
}

TEST(InsideUniverse, OutboundEngineEqualsReference) {
  run(kOutbound, outbound_environment, outbound_attempts(), {Scope{}}, 3'686'400U);
}

TEST(InsideUniverse, InboundEngineEqualsReference) {
  run(kInbound, inbound_environment, inbound_attempts(), {Scope{}}, 3'932'160U);
}

// Taking an association away, or switching a resource, judges as an environment without it: the
// scopes of page columns.
TEST(InsideUniverse, ScopesOfOneResourceEqualReference) {
  std::vector<Scope> scopes;
  for (const Index subject : {0U, 1U}) {
    Scope removed;
    removed.not_associated = subject;
    scopes.push_back(removed);
    for (std::uint8_t access = 0; access < 3; ++access) {
      Scope switched;
      switched.resource_with_access = subject;
      switched.public_network_access = static_cast<PublicNetworkAccess>(access);
      scopes.push_back(switched);
    }
  }
  constexpr Digits<8> fewer{4, 1, kRelations, 4, 4, 2, 2, 3};
  std::vector<Attempt> attempts{call(0, "destination"), call(4, "destination")};
  attempts.push_back(call(2, "api.example.com"));
  run(fewer, outbound_environment, attempts, scopes, 184'320U);
  constexpr Digits<8> fewer_inbound{2, 2, kRelations, 4, 4, 2, 2, 3};
  run(fewer_inbound, inbound_environment, attempts, scopes, 184'320U);
}

}  // namespace
}  // namespace nsp::differential

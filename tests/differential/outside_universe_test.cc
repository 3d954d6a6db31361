// Every tiny environment with one destination, every attempt of a caller from outside.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/policy/policy.h"
#include "tests/differential/combinations.h"
#include "tests/differential/comparer.h"
#include "tests/reference/small_world.h"

namespace nsp::differential {
namespace {

using reference::address;
using reference::guid;
using reference::prefix;
using reference::SmallWorld;

constexpr std::array kOutsideServices{Service::Storage, Service::Search, Service::Foundry,
                                      Service::KeyVault};
constexpr std::array kOutsideModes{AccessMode::Learning, AccessMode::Enforced, AccessMode::Audit,
                                   AccessMode::Unknown};
const Guid kOutsideListed = guid(1);
const Guid kOther = guid(2);

// service, association and mode, publicNetworkAccess, firewall, rules
enum Dimension : std::size_t { kService, kAssociation, kAccess, kFirewall, kRules };
constexpr Digits<5> kEnvironments{4, 5, 4, 7, 7};

void set_firewall(SmallWorld& world, Resource& resource, std::size_t choice) {
  Firewall& firewall = resource.firewall;
  firewall.default_allow = choice == 0;
  switch (choice) {
    case 2:
      firewall.ip_rules = {prefix("203.0.113.0/24")};
      break;
    case 3:
      firewall.trusted_services = true;
      break;
    case 4:
      firewall.subnet_rules = {world.env.subnets[0].id};
      break;
    case 5:
      firewall.ip_rules = {prefix("203.0.113.7"), prefix("10.0.0.0/8")};
      firewall.trusted_services = true;
      break;
    case 6:
      SmallWorld::make_stub(resource);
      break;
    default:
      break;
  }
}

void add_rules(SmallWorld& world, std::size_t choice) {
  const auto add = [&](std::string_view name) -> AccessRule& {
    return world.add_rule({0, 0}, name, Direction::Inbound);
  };
  switch (choice) {
    case 1:
      add("hit").prefixes = {prefix("203.0.113.0/28")};
      break;
    case 2:
      add("miss").prefixes = {prefix("192.0.2.0/24"), prefix("10.0.0.0/8")};
      break;
    case 3:
      add("sub").subscriptions = {kOutsideListed};
      break;
    case 4:
      add("Zeta").prefixes = {prefix("203.0.113.0/28")};
      add("alpha").subscriptions = {kOutsideListed};
      break;
    case 5:
      add("tag").service_tags = {"Known.Tag"};
      break;
    case 6:
      add("tag").service_tags = {"Unknown.Tag"};
      break;
    default:
      break;
  }
}

Environment environment(const Digits<5>& digits) {
  SmallWorld world;
  world.add_perimeter("p", {"one"});
  world.add_subnet("vnet", "apps", {"Microsoft.Storage", "Microsoft.KeyVault"});
  Resource& resource = world.add_resource("target", kOutsideServices[digits[kService]], guid(0));
  set_firewall(world, resource, digits[kFirewall]);
  resource.public_network_access = static_cast<PublicNetworkAccess>(digits[kAccess]);
  if (digits[kAssociation] > 0) world.associate(0, {0, 0}, kOutsideModes[digits[kAssociation] - 1]);
  add_rules(world, digits[kRules]);
  world.env.service_tags["known.tag"] = {prefix("203.0.113.0/30").prefix,
                                         prefix("203.0.113.4/30").prefix};
  return std::move(world.env);
}

// credential, address, subscription, way, kind of call
constexpr Digits<5> kOutsideAttempts{7, 5, 3, 6, 3};

void set_address(Attempt& attempt, std::size_t choice) {
  switch (choice) {
    case 0:
      attempt.address = address("203.0.113.7");
      break;
    case 1:
      attempt.address = address("198.51.100.7");
      break;
    case 2:
      attempt.address = address("10.1.2.3");
      break;
    case 3:
      attempt.address_hidden = true;
      break;
    default:
      break;
  }
}

void set_way(Attempt& attempt, std::size_t choice) {
  constexpr std::array kVia{
      Via::Auto,           Via::Auto, Via::Public, Via::PrivateEndpoint, Via::ServiceEndpoint,
      Via::ServiceEndpoint};
  attempt.via = kVia[choice];
  if (choice == 1 || choice == 4) attempt.subnet = "vnet/apps";
}

Attempt attempt_of(const Digits<5>& digits) {
  Attempt attempt;
  attempt.from = "someone";
  attempt.outside = true;
  attempt.to = "target";
  if (digits[0] < 6) attempt.credential = static_cast<Credential>(digits[0]);
  set_address(attempt, digits[1]);
  if (digits[2] < 2) attempt.subscription = digits[2] == 0 ? kOutsideListed : kOther;
  set_way(attempt, digits[3]);
  attempt.trusted_service = digits[4] == 1;
  if (digits[4] == 2) attempt.protocol = Protocol::Smb;
  return attempt;
}

std::vector<Attempt> all_attempts() {
  std::vector<Attempt> attempts;
  for (std::uint64_t n = 0; n < count_of(kOutsideAttempts); ++n) {
    attempts.push_back(attempt_of(combination(n, kOutsideAttempts)));
  }
  return attempts;
}

TEST(OutsideUniverse, EngineEqualsReference) {
  const std::vector<Attempt> attempts = all_attempts();
  const std::vector<Scope> scopes{Scope{}, if_enforced()};
  const std::uint64_t one_in = sampling(64);
  Comparer comparer;
  for (std::uint64_t n = 0; n < count_of(kEnvironments); ++n) {
    if (!in_sample(n, one_in)) continue;
    const Policy policy = compile(environment(combination(n, kEnvironments)));
    for (const Attempt& attempt : attempts) {
      comparer.compare(policy, attempt, scopes, {}, "environment " + std::to_string(n));
    }
    if (comparer.had_enough()) break;
  }
  EXPECT_TRUE(comparer.report().empty()) << comparer.report();
  EXPECT_EQ(count_of(kEnvironments) * attempts.size() * scopes.size(), 14'817'600U);
  if (one_in == 1) {
    EXPECT_EQ(comparer.compared(), 14'817'600U);
  }
  EXPECT_GE(comparer.compared() * one_in * 2, 14'817'600U);
}

}  // namespace
}  // namespace nsp::differential

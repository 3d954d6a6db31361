// Every way to a resource: endpoints, zones, service endpoints, names, and what the caller says
// about its path.
#include <gtest/gtest.h>

#include "sim/model/services.h"
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

constexpr std::array kPathServices{Service::Storage, Service::Search, Service::Foundry,
                                   Service::KeyVault};

// service, who holds the connections, their states, zone, service endpoint, association, firewall
constexpr Digits<7> kPathEnvironments{4, 3, 5, 5, 2, 3, 3};

std::vector<ConnectionStatus> states(std::size_t choice) {
  using enum ConnectionStatus;
  switch (choice) {
    case 1:
      return {Approved};
    case 2:
      return {Pending};
    case 3:
      return {Rejected, Approved};
    case 4:
      return {Disconnected, Unknown};
    default:
      return {};
  }
}

void add_connections(SmallWorld& world, std::size_t holder, std::size_t choice) {
  for (const ConnectionStatus status : states(choice)) {
    if (holder == 0) {
      world.env.resources[1].private_connections.push_back({"c", {}, {}, status});
    } else if (holder == 1) {
      world.add_endpoint("pe" + std::to_string(world.env.private_endpoints.size()), 1, status);
    } else {
      world.env.resources[0].shared_private_links.push_back(
          {"s", world.env.resources[1].id, "", status});
    }
  }
}

// Zone of the first host name: absent; unlinked; linked; linked without a record; linked to the
// other network only.
void add_zone(SmallWorld& world, Service service, std::size_t choice) {
  const std::string_view zone = facts(service).hosts.front().zone;
  switch (choice) {
    case 1:
      world.add_zone(zone, "target", {});
      break;
    case 2:
      world.add_zone(zone, "target", {1, 0});
      break;
    case 3:
      world.add_zone(zone, "somebody", {0});
      break;
    case 4:
      world.add_zone(zone, "target", {1});
      break;
    default:
      break;
  }
}

Environment environment(const Digits<7>& digits) {
  SmallWorld world;
  const Service service = kPathServices[digits[0]];
  world.add_perimeter("p", {"one"});
  world.add_resource("caller", Service::Search, guid(0));
  world.add_resource("target", service, guid(0));
  add_connections(world, digits[1], digits[2]);
  std::vector<std::string> endpoints{"Microsoft.Web"};
  if (digits[4] == 1) endpoints.emplace_back(facts(service).service_endpoint);
  world.add_subnet("vnet", "apps", endpoints);
  world.add_subnet("vnet", "plain", {});
  world.add_subnet("spoke", "apps", {std::string(facts(service).service_endpoint)});
  add_zone(world, service, digits[3]);
  if (digits[5] > 0) {
    world.associate(1, {0, 0}, digits[5] == 1 ? AccessMode::Learning : AccessMode::Enforced);
  }
  world.add_rule({0, 0}, "all", Direction::Inbound).prefixes = {prefix("0.0.0.0/1")};
  Firewall& firewall = world.env.resources[1].firewall;
  firewall.default_allow = false;
  if (digits[6] == 1) firewall.subnet_rules = {world.env.subnets[0].id, world.env.subnets[2].id};
  if (digits[6] == 2) firewall.ip_rules = {prefix("203.0.113.0/24")};
  return std::move(world.env);
}

// caller, via, subnet, host name, address
constexpr Digits<5> kPathAttempts{2, 4, 5, 4, 4};

Attempt attempt_of(const Digits<5>& digits, Service service) {
  constexpr std::array kSubnets{"", "vnet/apps", "vnet/plain", "spoke/apps", "VNET/Apps"};
  Attempt attempt;
  attempt.outside = digits[0] == 0;
  attempt.from = attempt.outside ? "someone" : "caller";
  attempt.credential = Credential::Key;
  attempt.to = "target";
  attempt.via = static_cast<Via>(digits[1]);
  attempt.subnet = kSubnets[digits[2]];
  const auto hosts = facts(service).hosts;
  const auto name = [&](const ServiceHost& known) {
    return reference::host("target." + std::string(known.suffix));
  };
  if (digits[3] == 1) attempt.name = name(hosts.front());
  if (digits[3] == 2) attempt.name = name(hosts.back());
  if (digits[3] == 3) attempt.to = "Target." + std::string(hosts.front().suffix) + ".";
  if (digits[4] == 1) attempt.address = address("203.0.113.7");
  if (digits[4] == 2) attempt.address = address("10.1.0.4");
  if (digits[4] == 3) attempt.address_hidden = true;
  return attempt;
}

TEST(PathUniverse, EngineEqualsReference) {
  constexpr std::uint64_t kExpected = 3'456'000;
  const std::vector<Scope> scopes{Scope{}};
  const std::uint64_t one_in = sampling(16);
  Comparer comparer;
  for (std::uint64_t n = 0; n < count_of(kPathEnvironments) && !comparer.had_enough(); ++n) {
    if (!in_sample(n, one_in)) continue;
    const Digits<7> digits = combination(n, kPathEnvironments);
    const Policy policy = compile(environment(digits));
    for (std::uint64_t a = 0; a < count_of(kPathAttempts); ++a) {
      comparer.compare(policy, attempt_of(combination(a, kPathAttempts), kPathServices[digits[0]]),
                       scopes, {}, "environment " + std::to_string(n));
    }
  }
  EXPECT_TRUE(comparer.report().empty()) << comparer.report();
  EXPECT_EQ(count_of(kPathEnvironments) * count_of(kPathAttempts), kExpected);
  EXPECT_GE(comparer.compared() * one_in * 2, kExpected);
}

}  // namespace
}  // namespace nsp::differential

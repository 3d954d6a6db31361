#include "sim/lab/address_plan.h"

#include <gmock/gmock.h>

#include <set>
#include <vector>

namespace nsp::lab {
namespace {

Resource storage(const std::string& name) {
  Resource resource;
  resource.name = name;
  resource.id = *ResourceId::parse(
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/" + name);
  return resource;
}

PrivateEndpoint endpoint(const std::string& name, Index resource) {
  PrivateEndpoint made;
  made.name = name;
  made.id = *ResourceId::parse(
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/" + name);
  made.resource = resource;
  return made;
}

Environment two_accounts() {
  Environment environment;
  environment.resources = {storage("one"), storage("two")};
  environment.private_endpoints = {endpoint("pe", 0), endpoint("pe", 1)};
  return environment;
}

AddressPlan plan_of(const Environment& environment, std::span<const Caller> callers,
                    const AddressPlan* previous = nullptr) {
  return AddressPlan::make(environment, callers, previous).value();
}

TEST(AddressPlan, GivesEachKindItsOwnBlock) {
  Environment environment = two_accounts();
  std::vector<Caller> callers(1);
  callers[0].name = "office";
  AddressPlan plan = plan_of(environment, callers);
  EXPECT_EQ(to_string(plan.of_resource(environment.resources[0])), "127.77.1.1");
  EXPECT_EQ(to_string(plan.of_resource(environment.resources[1])), "127.77.1.2");
  EXPECT_EQ(to_string(plan.of_endpoint(environment, environment.private_endpoints[0])),
            "127.78.1.1");
  EXPECT_EQ(to_string(plan.of_endpoint(environment, environment.private_endpoints[1])),
            "127.78.1.2");
  EXPECT_EQ(to_string(plan.of_caller(callers[0])), "127.79.1.1");
}

TEST(AddressPlan, TellsWhoSitsWhere) {
  Environment environment = two_accounts();
  AddressPlan plan = plan_of(environment, {});
  const Seat* seat = plan.at(*IpAddress::parse("127.77.1.2"));
  ASSERT_NE(seat, nullptr);
  EXPECT_EQ(*seat, seat_of(environment.resources[1]));
  EXPECT_EQ(plan.at(*IpAddress::parse("127.77.1.3")), nullptr);
  EXPECT_EQ(plan.at(kNameServer), nullptr);
}

// A way to a resource that no endpoint describes has a seat of its own; one that an endpoint
// describes has none besides.
TEST(AddressPlan, GivesASeatToPrivateAccessThatNoEndpointDescribes) {
  Environment environment = two_accounts();
  environment.resources.push_back(storage("three"));
  environment.resources.push_back(storage("four"));
  environment.resources[3].host_names = {*DomainName::parse("four.blob.core.windows.net")};
  environment.resources[0].host_names = {*DomainName::parse("one.blob.core.windows.net")};
  const auto address = [&](Index resource) {
    const AddressPlan plan = plan_of(environment, {});
    const auto found = plan.of_private_access(environment.resources[resource]);
    return found ? to_string(*found) : "none";
  };
  EXPECT_EQ(address(2), "none");
  EXPECT_EQ(address(3), "none");
  environment.resources[0].shared_private_links.push_back(
      {"link", environment.resources[2].id, "", ConnectionStatus::Pending, {}});
  EXPECT_EQ(address(2), "127.78.1.3");
  PrivateDnsZone zone;
  zone.records = {{"one", {}, {}}, {"four", {}, {}}, {"two", {}, {}}};
  environment.zones = {zone};
  EXPECT_EQ(address(0), "none");
  EXPECT_EQ(address(3), "127.78.1.4");
  environment.private_endpoints.push_back(endpoint("pe-four", 3));
  EXPECT_EQ(address(3), "none");
}

TEST(AddressPlan, KeepsSeatsWhenTheEnvironmentChanges) {
  Environment environment = two_accounts();
  AddressPlan first = plan_of(environment, {});
  environment.resources.erase(environment.resources.begin());
  environment.private_endpoints.clear();
  environment.resources.push_back(storage("three"));
  AddressPlan second = plan_of(environment, {}, &first);
  EXPECT_EQ(to_string(second.of_resource(environment.resources[0])), "127.77.1.2");
  EXPECT_EQ(to_string(second.of_resource(environment.resources[1])), "127.77.1.3");
  EXPECT_EQ(second.at(*IpAddress::parse("127.77.1.1")), nullptr);
}

TEST(AddressPlan, FillsABlockWithoutTakingAnAddressTwiceAndThenRefuses) {
  Environment environment;
  std::vector<Caller> callers(AddressPlan::kMostSeats);
  for (std::size_t i = 0; i < callers.size(); ++i) callers[i].name = std::to_string(i);
  AddressPlan plan = plan_of(environment, callers);
  std::set<IpAddress> addresses;
  for (const auto& [seat, address] : plan.seats()) addresses.insert(address);
  EXPECT_EQ(addresses.size(), callers.size());
  EXPECT_EQ(to_string(plan.of_caller(callers.back())), "127.79.255.254");

  callers.emplace_back().name = "one more";
  auto refused = AddressPlan::make(environment, callers);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(
      refused.error(),
      "the lab has addresses for 64770 resources, private endpoints and callers of each kind");
}

}  // namespace
}  // namespace nsp::lab

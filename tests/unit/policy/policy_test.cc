// Look-ups in the compiled policy: names, ids and private DNS.
#include "sim/policy/policy.h"

#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

const std::string kNetwork = kGroup + "Microsoft.Network/virtualNetworks/";
const std::string kZones = kGroup + "Microsoft.Network/privateDnsZones/";

Policy policy_of(const std::vector<std::string>& resources) {
  BuildResult built = build(resources);
  EXPECT_TRUE(built.ok()) << told(built);
  return compile(std::move(built.environment));
}

TEST(Policy, FindsIdsWithTheOldGroupSegment) {
  const Policy policy = policy_of(
      {object(kStorage + "st"), object(kNetwork + "v"), object(kNetwork + "v/subnets/a")});
  const std::string old =
      "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroup/G/providers/";
  EXPECT_EQ(policy.find_resource(old + "Microsoft.Storage/storageAccounts/ST").index, 0U);
  EXPECT_EQ(policy.find_subnet(old + "Microsoft.Network/virtualNetworks/v/subnets/a").index, 0U);
  EXPECT_EQ(policy.find_resource("/st").index, kNone);
  EXPECT_EQ(policy.find_resource("ST").index, 0U);
}

TEST(Policy, NamesResourcesAsTheEnvironmentDoes) {
  const Policy policy = policy_of(
      {object(kStorage + "st"),
       object("/subscriptions/s/resourceGroups/h/providers/Microsoft.Storage/storageAccounts/ST"),
       object(kSearch + "se")});
  for (Index i = 0; i < 3; ++i) {
    EXPECT_EQ(policy.display_name(i), display_name(policy.environment(), i));
  }
  EXPECT_EQ(policy.display_name(0), kStorage + "st");
  EXPECT_EQ(policy.display_name(2), "se");
}

std::string zone_link(const std::string& zone, const std::string& network) {
  return object(kZones + zone + "/virtualNetworkLinks/" + network,
                with(R"("virtualNetwork":{"id":")" + kNetwork + network + R"("})"));
}

TEST(Policy, AsksTheZonesOfTheNetwork) {
  const std::string blob = "privatelink.blob.core.windows.net";
  const std::string vault = "privatelink.vaultcore.azure.net";
  const std::string record = with(R"("aRecords":[{"ipv4Address":"10.0.0.4"}])");
  const Policy policy =
      policy_of({object(kNetwork + "v"), object(kNetwork + "w"),
                 object(kZones + blob + "/A/st", record), object(kZones + vault + "/A/kv", record),
                 zone_link(blob, "v"), zone_link(vault, "v"), zone_link(vault, "w")});
  EXPECT_EQ(policy.private_zone(0, "st.blob.core.windows.net"), 0U);
  EXPECT_EQ(policy.private_zone(0, "kv.vault.azure.net"), 1U);
  EXPECT_EQ(policy.private_zone(1, "kv.vault.azure.net"), 1U);
  for (const std::string host :
       {"st.blob.core.windows.net", "blob.core.windows.net", "", "xkv.vault.azure.net",
        "kvvault.azure.net", "st.vault.azure.net"}) {
    EXPECT_EQ(policy.private_zone(1, host), kNone) << host;
  }
}

// The connection of an endpoint that describes itself and leads to another resource is not there.
TEST(Policy, LeavesOutConnectionsOfEndpointsThatLeadElsewhere) {
  const std::string endpoint = kGroup + "Microsoft.Network/privateEndpoints/pe";
  const std::string connection =
      with(R"("privateEndpointConnections":[{"properties":{"privateEndpoint":{"id":")" + endpoint +
           R"("},"privateLinkServiceConnectionState":{"status":"Approved"}}}])");
  const std::vector<std::string> resources{object(kSearch + "a", connection),
                                           object(kSearch + "b")};
  EXPECT_EQ(policy_of(resources).resource(0).endpoints.at(0), EndpointState::Approved);
  auto with_endpoint = resources;
  with_endpoint.push_back(object(
      endpoint, with(R"("privateLinkServiceConnections":[{"properties":{"privateLinkServiceId":")" +
                     kSearch + R"(b"}}])")));
  const Policy policy = policy_of(with_endpoint);
  EXPECT_EQ(policy.resource(0).endpoints.at(0), EndpointState::NotDescribed);
  EXPECT_EQ(policy.resource(1).endpoints.at(0), EndpointState::Approved);
}

}  // namespace
}  // namespace nsp

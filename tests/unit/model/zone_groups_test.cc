// Zone groups give the zones of private endpoints their records.
#include <gtest/gtest.h>

#include "sim/model/build.h"

namespace nsp {
namespace {

constexpr std::string_view kTemplate = R"({"$schema":"x/deploymentTemplate.json#","resources":[
{"type":"Microsoft.CognitiveServices/accounts","name":"ai","kind":"AIServices","properties":{"customSubDomainName":"Ai-Sub","publicNetworkAccess":"Disabled"}},
{"type":"Microsoft.Network/privateDnsZones","name":"privatelink.openai.azure.com","location":"global"},
{"type":"Microsoft.Network/privateDnsZones","name":"privatelink.blob.core.windows.net","location":"global"},
{"type":"Microsoft.Network/privateEndpoints","name":"pe","properties":{"privateLinkServiceConnections":[
 {"name":"c","properties":{"privateLinkServiceId":"[resourceId('Microsoft.CognitiveServices/accounts','ai')]","groupIds":["account"]}}]}},
{"type":"Microsoft.Network/privateEndpoints/privateDnsZoneGroups","name":"pe/group","properties":{"privateDnsZoneConfigs":[
 {"name":"a","properties":{"privateDnsZoneId":"[resourceId('Microsoft.Network/privateDnsZones','privatelink.openai.azure.com')]"}},
 {"name":"b","properties":{"privateDnsZoneId":"[resourceId('Microsoft.Network/privateDnsZones','privatelink.blob.core.windows.net')]"}},
 {"name":"c","properties":{"privateDnsZoneId":"[resourceId('hub','Microsoft.Network/privateDnsZones','privatelink.services.ai.azure.com')]"}}]}}]})";

TEST(ZoneGroups, WriteTheNamesOfTheEndpointsResource) {
  const BuildResult built = build_environment(read_documents(kTemplate, "t.json"));
  ASSERT_EQ(built.environment.zones.size(), 2U);
  ASSERT_EQ(built.environment.zones[0].records.size(), 1U);
  EXPECT_EQ(built.environment.zones[0].records[0].label, "ai-sub");
  EXPECT_TRUE(built.environment.zones[1].records.empty());
  ASSERT_EQ(built.diagnostics.size(), 2U);
  EXPECT_EQ(to_string(built.diagnostics[1]),
            "warning t.json:10:47 /resources/4/properties/privateDnsZoneConfigs/2/properties/"
            "privateDnsZoneId: private DNS zone `privatelink.services.ai.azure.com` is not "
            "described: the zone group has no effect");
}

}  // namespace
}  // namespace nsp

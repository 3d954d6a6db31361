// Zone groups give the zones of private endpoints their records.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sim/document/file.h"
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

TEST(ZoneGroups, OfATerraformPlanToo) {
  const std::filesystem::path path =
      std::filesystem::path(NSPSIM_SOURCE_DIR) / "fixtures/environments/terraform/endpoints.json";
  const auto bytes = read_file(path);
  ASSERT_TRUE(bytes.has_value());
  const BuildResult built = build_environment(read_documents(*bytes, "plan.json"));
  std::string records;
  for (const PrivateDnsZone& zone : built.environment.zones) {
    for (const DnsRecord& record : zone.records) {
      records += fmt::format("{} in {}: {}\n", record.label, zone.name.text(),
                             record.addresses.empty() ? "open" : to_string(record.addresses[0]));
    }
  }
  EXPECT_EQ(records,
            "ai-chat in privatelink.openai.azure.com: 10.4.2.5\n"
            "ai-chat in privatelink.services.ai.azure.com: 10.4.2.6\n"
            "other in privatelink.services.ai.azure.com: open\n");
  ASSERT_EQ(built.diagnostics.size(), 2U);
  EXPECT_EQ(to_string(built.diagnostics[0]),
            "warning plan.json:71:32 /resource_changes/2/change/after/network_acls/0/"
            "virtual_network_rules/0/subnet_id: subnet `vnet/other` is not described: its service "
            "endpoints are not known");
  EXPECT_EQ(to_string(built.diagnostics[1]),
            "warning plan.json:214:18 /resource_changes/9/change/after: "
            "`[azurerm_private_dns_a_record.open.records]` is known only to a deployment: left "
            "open");
}

}  // namespace
}  // namespace nsp

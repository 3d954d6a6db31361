#include <gtest/gtest.h>

#include "tests/unit/model/documents.h"

namespace nsp {
namespace {

const std::string kNetwork = kGroup + "Microsoft.Network/virtualNetworks/v";
const std::string kZone =
    kGroup + "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net";
const std::string kEndpoint = kGroup + "Microsoft.Network/privateEndpoints/pe";

std::string network() {
  return object(
      kNetwork,
      with(
          R"("subnets":[{"name":"a","properties":{"serviceEndpoints":[{"service":"Microsoft.Storage"}]}}])"));
}

std::string endpoint(const std::string& list, const std::string& state) {
  return object(
      kEndpoint,
      with(
          R"("subnet":{"id":")" + kNetwork + R"(/subnets/A"},")" + list +
          R"(":[{"name":"c","properties":{"privateLinkServiceId":")" + kStorage +
          R"(st","groupIds":["blob"])" + state +
          R"(}}],"customDnsConfigs":[{"fqdn":"x","ipAddresses":["10.0.0.4"]}],"ipConfigurations":[{"properties":{"privateIPAddress":"10.0.0.4"}}])"));
}

TEST(Networks, HoldTheirSubnetsFromBothShapes) {
  const BuildResult built = build(
      {network(), object(kNetwork + "/subnets/b"),
       object(
           kNetwork + "/subnets/a",
           with(
               R"("serviceEndpoints":[{"service":"microsoft.storage"},{"service":"Microsoft.KeyVault"}])"))});
  EXPECT_EQ(told(built), "");
  const auto& subnets = built.environment.subnets;
  ASSERT_EQ(subnets.size(), 2U);
  EXPECT_EQ(subnets[0].service_endpoints,
            (std::vector<std::string>{"Microsoft.Storage", "Microsoft.KeyVault"}));
  EXPECT_EQ(find_subnet(built.environment, "V/A").index, 0U);
  EXPECT_EQ(find_subnet(built.environment, kNetwork + "/subnets/b").index, 1U);
  EXPECT_EQ(find_subnet(built.environment, "a").index, kNone);
}

TEST(Endpoints, JoinSubnetAndResource) {
  const BuildResult built =
      build({object(kStorage + "st"), network(), endpoint("privateLinkServiceConnections", "")});
  EXPECT_EQ(told(built), "");
  const PrivateEndpoint& read = built.environment.private_endpoints.at(0);
  EXPECT_EQ(read.subnet, 0U);
  EXPECT_EQ(read.resource, 0U);
  EXPECT_EQ(read.groups, std::vector<std::string>{"blob"});
  EXPECT_EQ(read.status, ConnectionStatus::Approved);
  EXPECT_EQ(read.addresses, std::vector<IpAddress>{*IpAddress::parse("10.0.0.4")});
  EXPECT_EQ(built.environment.resources[0].private_connections.at(0).endpoint.text(), kEndpoint);
}

TEST(Endpoints, SayWhatTheyNameInVain) {
  EXPECT_EQ(told(build({endpoint("privateLinkServiceConnections", "")})),
            "warning 2 /resources/0/properties/subnet: subnet `v/A` is not described\n"
            "warning 2 /resources/0/properties/privateLinkServiceConnections/0/properties/"
            "privateLinkServiceId: resource `st` is not described: this private endpoint has no "
            "effect\n");
}

TEST(Endpoints, AskedForByHandWaitUntilTheResourceApproves) {
  const std::string list = "manualPrivateLinkServiceConnections";
  EXPECT_EQ(build({object(kStorage + "st"), endpoint(list, "")})
                .environment.private_endpoints.at(0)
                .status,
            ConnectionStatus::Pending);
  const std::string approved = object(
      kStorage + "st",
      with(R"("privateEndpointConnections":[{"properties":{"privateEndpoint":{"id":")" + kEndpoint +
           R"("},"privateLinkServiceConnectionState":{"status":"Rejected"}}}])"));
  const BuildResult built = build({approved, endpoint(list, "")});
  EXPECT_EQ(built.environment.private_endpoints.at(0).status, ConnectionStatus::Rejected);
  EXPECT_EQ(built.environment.resources[0].private_connections.size(), 1U);
}

// The status of the endpoint, and of the one connection at the resource.
std::string joined(const std::string& at_resource, const std::string& at_endpoint,
                   const std::string& list = "privateLinkServiceConnections") {
  const auto state = [](const std::string& word) {
    return word.empty() ? ""
                        : R"(,"privateLinkServiceConnectionState":{"status":")" + word + R"("})";
  };
  const std::string storage =
      object(kStorage + "st",
             with(R"("privateEndpointConnections":[{"properties":{"privateEndpoint":{"id":")" +
                  kEndpoint + R"("})" + state(at_resource) + "}}]"));
  const BuildResult built = build({storage, network(), endpoint(list, state(at_endpoint))});
  const auto& connections = built.environment.resources.at(0).private_connections;
  EXPECT_EQ(connections.size(), 1U);
  return fmt::format("{} {}", to_string(built.environment.private_endpoints.at(0).status),
                     to_string(connections.at(0).status));
}

TEST(Endpoints, HaveTheWorseStatusOfTheTwoSides) {
  EXPECT_EQ(joined("Approved", "Approved"), "Approved Approved");
  EXPECT_EQ(joined("Approved", "Rejected"), "Rejected Rejected");
  EXPECT_EQ(joined("Pending", "Approved"), "Pending Pending");
  EXPECT_EQ(joined("Rejected", "Pending"), "Rejected Rejected");
  EXPECT_EQ(joined("", "Disconnected"), "Disconnected Disconnected");
  EXPECT_EQ(joined("Approved", "Perhaps"), "unknown unknown");
}

TEST(Endpoints, WithoutAStatusTakeTheResources) {
  const std::string manual = "manualPrivateLinkServiceConnections";
  EXPECT_EQ(joined("Approved", "", manual), "Approved Approved");
  EXPECT_EQ(joined("Rejected", ""), "Rejected Rejected");
  EXPECT_EQ(joined("", ""), "Approved Approved");
  EXPECT_EQ(joined("", "", manual), "Pending Pending");
}

TEST(Zones, HoldRecordsAndNetworks) {
  const BuildResult built =
      build({network(), object(kZone),
             object(kZone + "/A/ST", with(R"("aRecords":[{"ipv4Address":"10.0.0.4"}])")),
             object(kZone + "/virtualNetworkLinks/l",
                    with(R"("virtualNetwork":{"id":")" + kNetwork + R"("})"))});
  EXPECT_EQ(told(built), "");
  const PrivateDnsZone& zone = built.environment.zones.at(0);
  EXPECT_EQ(zone.name.text(), "privatelink.blob.core.windows.net");
  EXPECT_EQ(zone.records.at(0).label, "st");
  EXPECT_EQ(zone.networks, std::vector<Index>{0});
}

TEST(Zones, SayWhenALinkLeadsNowhere) {
  EXPECT_EQ(
      told(build({object(kZone + "/virtualNetworkLinks/l",
                         with(R"("virtualNetwork":{"id":")" + kNetwork + R"("})"))})),
      "warning 2 /resources/0/properties/virtualNetwork: virtual network `v` is not described: "
      "the zone link has no effect\n");
  EXPECT_EQ(told(build({object(kZone + "/A/st", with(R"("aRecords":[{"ipv4Address":"x"}])"))})),
            "error 2 /resources/0/properties/aRecords/0: `x` is not an address\n");
}

TEST(ServiceTags, AreKeptByLowerCaseName) {
  const BuildResult built = build_environment(read_documents(
      R"({"values":[{"name":"Storage.WestUS","properties":{"addressPrefixes":["203.0.113.0/24"]}}]})",
      "f"));
  EXPECT_EQ(told(built), "");
  EXPECT_EQ(to_string(built.environment.service_tags.at("storage.westus").at(0)), "203.0.113.0/24");
}

TEST(Fixtures, AreReadWithoutAWord) {
  for (const char* name : {"rag.json", "small.json"}) {
    const std::filesystem::path path =
        std::filesystem::path(NSPSIM_SOURCE_DIR) / "fixtures" / "environments" / name;
    const BuildResult built = load_environment(std::vector{path});
    EXPECT_EQ(told(built), "") << name;
    EXPECT_FALSE(built.environment.associations.empty()) << name;
    const std::map<std::string, std::size_t> nothing;
    EXPECT_EQ(built.environment.ignored, nothing) << name;
  }
}

}  // namespace
}  // namespace nsp

// The ARM types that the model acts on, each spelt once.
//
// Azure compares types without case and tools print them in any:
// `microsoft.network/networksecurityperimeters/linkreferences`.
//
// Thread safety: constant data.
#ifndef NSP_SIM_DOCUMENT_TYPES_H_
#define NSP_SIM_DOCUMENT_TYPES_H_

#include <array>
#include <string_view>

namespace nsp::types {

inline constexpr std::string_view kPerimeter = "Microsoft.Network/networkSecurityPerimeters";
inline constexpr std::string_view kProfile = "Microsoft.Network/networkSecurityPerimeters/profiles";
inline constexpr std::string_view kAccessRule =
    "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";
inline constexpr std::string_view kAssociation =
    "Microsoft.Network/networkSecurityPerimeters/resourceAssociations";
inline constexpr std::string_view kLink = "Microsoft.Network/networkSecurityPerimeters/links";
inline constexpr std::string_view kLinkReference =
    "Microsoft.Network/networkSecurityPerimeters/linkReferences";
inline constexpr std::string_view kLoggingConfiguration =
    "Microsoft.Network/networkSecurityPerimeters/loggingConfigurations";

inline constexpr std::string_view kVirtualNetwork = "Microsoft.Network/virtualNetworks";
inline constexpr std::string_view kSubnet = "Microsoft.Network/virtualNetworks/subnets";
inline constexpr std::string_view kPrivateEndpoint = "Microsoft.Network/privateEndpoints";
inline constexpr std::string_view kZoneGroup =
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";
inline constexpr std::string_view kDnsZone = "Microsoft.Network/privateDnsZones";
inline constexpr std::string_view kDnsRecord = "Microsoft.Network/privateDnsZones/A";
inline constexpr std::string_view kDnsLink =
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

inline constexpr std::string_view kStorage = "Microsoft.Storage/storageAccounts";
inline constexpr std::string_view kSearch = "Microsoft.Search/searchServices";
inline constexpr std::string_view kCognitiveServices = "Microsoft.CognitiveServices/accounts";
inline constexpr std::string_view kProject = "Microsoft.CognitiveServices/accounts/projects";
inline constexpr std::string_view kSharedPrivateLink =
    "Microsoft.Search/searchServices/sharedPrivateLinkResources";
inline constexpr std::string_view kKeyVault = "Microsoft.KeyVault/vaults";
inline constexpr std::string_view kCosmosDb = "Microsoft.DocumentDB/databaseAccounts";
inline constexpr std::string_view kEventHubs = "Microsoft.EventHub/namespaces";
inline constexpr std::string_view kServiceBus = "Microsoft.ServiceBus/namespaces";
inline constexpr std::string_view kSql = "Microsoft.Sql/servers";
inline constexpr std::string_view kAppConfiguration =
    "Microsoft.AppConfiguration/configurationStores";

// Azure Monitor goes under several types.
inline constexpr std::string_view kWorkspace = "Microsoft.OperationalInsights/workspaces";
inline constexpr std::array<std::string_view, 4> kMonitor{
    kWorkspace, "Microsoft.Insights/dataCollectionEndpoints",
    "Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/actionGroups"};

// What surrounds the network: no verdict needs them.
inline constexpr std::string_view kDiagnosticSetting = "Microsoft.Insights/diagnosticSettings";
inline constexpr std::string_view kRoleAssignment = "Microsoft.Authorization/roleAssignments";
inline constexpr std::string_view kUserAssignedIdentity =
    "Microsoft.ManagedIdentity/userAssignedIdentities";
inline constexpr std::string_view kFileShare =
    "Microsoft.Storage/storageAccounts/fileServices/shares";

inline constexpr std::string_view kDeployment = "Microsoft.Resources/deployments";

// The last segment of every resource's effective configuration and of its private endpoint
// connections, whoever's they are.
inline constexpr std::string_view kConfigurationSegment = "networkSecurityPerimeterConfigurations";
inline constexpr std::string_view kConnectionSegment = "privateEndpointConnections";

// The canonical spelling of a type listed here; empty for others.
[[nodiscard]] std::string_view canonical(std::string_view type);

// Of a type that verdicts may need; without case.
[[nodiscard]] bool matters(std::string_view type);

// Whether the last segment of `type` is `segment`.
[[nodiscard]] bool ends_with_segment(std::string_view type, std::string_view segment);

}  // namespace nsp::types

#endif  // NSP_SIM_DOCUMENT_TYPES_H_

#include "sim/model/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/guid.h"
#include "sim/base/text.h"
#include "sim/document/resource_document.h"
#include "sim/model/secrets.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 23> kBookkeeping{"provisioningState",
                                                        "provisioningIssues",
                                                        "systemData",
                                                        "etag",
                                                        "accessRulesVersion",
                                                        "diagnosticSettingsVersion",
                                                        "hasProvisioningIssues",
                                                        "creationTime",
                                                        "dateCreated",
                                                        "resourceGuid",
                                                        "version",
                                                        "creationTimestamp",
                                                        "lastModified",
                                                        "createdOn",
                                                        "tags",
                                                        "resourceGroup",
                                                        "statusDetails",
                                                        "accountMigrationInProgress",
                                                        "failoverInProgress",
                                                        "internalId",
                                                        "fqdn",
                                                        "ttl",
                                                        "isAutoRegistered"};

constexpr KnownMember held(std::string_view name, const Shape* inside = nullptr) {
  return {name, inside, Use::Held};
}

constexpr KnownMember kept(std::string_view name, const Shape* inside = nullptr) {
  return {name, inside, Use::Kept};
}

// Beside `properties`.
constexpr std::array kIdentityMembers{held("type"), held("principalId"), kept("tenantId"),
                                      held("userAssignedIdentities")};
constexpr Shape kIdentity{kIdentityMembers};
constexpr std::array kOfDocument{held("id"), held("name"), held("type")};
constexpr std::array kOfPerimeter{held("id"), held("name"), held("type"), held("location")};
constexpr std::array kOfResource{held("id"),       held("name"), held("type"),
                                 held("location"), held("kind"), held("identity", &kIdentity)};
constexpr std::array kOfItem{held("name")};
// az prints the scope and the condition of a role assignment beside its other members.
constexpr std::array kOfExtension{held("id"), held("name"), held("type"), held("scope"),
                                  kept("condition")};
constexpr std::array kOfSubnet{held("id"), held("name"), held("type")};

constexpr std::array kReferenceMembers{held("id")};
constexpr Shape kReference{kReferenceMembers, "id"};

// Perimeters and what belongs to them.
constexpr std::array kPerimeterMembers{held("perimeterGuid"), kept("displayName"),
                                       kept("description")};
constexpr std::array kProfileMembers{held("accessRulesVersion"), kept("enabledLogCategories")};
constexpr std::array kNamedPerimeterMembers{kept("id"), kept("perimeterGuid"), kept("location")};
constexpr Shape kNamedPerimeter{kNamedPerimeterMembers, "id"};
constexpr std::array kRuleMembers{held("direction"),
                                  held("addressPrefixes"),
                                  held("subscriptions", &kReference),
                                  held("serviceTags"),
                                  held("fullyQualifiedDomainNames"),
                                  kept("networkSecurityPerimeters", &kNamedPerimeter)};
constexpr std::array kAssociationMembers{held("privateLinkResource", &kReference),
                                         held("profile", &kReference), held("accessMode"),
                                         held("provisioningState"), held("hasProvisioningIssues")};
constexpr std::array kLinkMembers{held("autoApprovedRemotePerimeterResourceId"),
                                  held("remotePerimeterResourceId"),
                                  kept("remotePerimeterGuid"),
                                  kept("remotePerimeterLocation"),
                                  held("localInboundProfiles"),
                                  kept("localOutboundProfiles"),
                                  held("remoteInboundProfiles"),
                                  kept("remoteOutboundProfiles"),
                                  held("description"),
                                  held("status"),
                                  kept("statusReason")};
constexpr std::array kLoggingMembers{held("enabledLogCategories")};

// What a resource reports of its perimeter.
constexpr std::array kConfiguredPerimeterMembers{held("id"), held("perimeterGuid"),
                                                 held("location")};
constexpr Shape kConfiguredPerimeter{kConfiguredPerimeterMembers};
constexpr Shape kConfiguredRule{kRuleMembers, "name", kOfItem};
constexpr std::array kConfiguredProfileMembers{held("name"), held("accessRulesVersion"),
                                               held("accessRules", &kConfiguredRule),
                                               kept("enabledLogCategories")};
constexpr Shape kConfiguredProfile{kConfiguredProfileMembers};
constexpr std::array kConfiguredAssociationMembers{held("name"), held("accessMode")};
constexpr Shape kConfiguredAssociation{kConfiguredAssociationMembers};
constexpr std::array kIssueMembers{held("issueType"), held("severity"), held("description"),
                                   kept("suggestedResourceIds"), kept("suggestedAccessRules")};
constexpr Shape kIssue{kIssueMembers, "name", kOfItem};
constexpr std::array kConfigurationMembers{
    held("provisioningState"), held("provisioningIssues", &kIssue),
    held("networkSecurityPerimeter", &kConfiguredPerimeter), held("profile", &kConfiguredProfile),
    held("resourceAssociation", &kConfiguredAssociation)};

// A resource's own firewall. Azure gives each rule an action or a state that is always the same.
constexpr std::array kIpRuleMembers{held("value"), kept("action")};
constexpr Shape kIpRule{kIpRuleMembers, "value"};
constexpr std::array kSubnetRuleMembers{held("id"), kept("action"), kept("state"),
                                        kept("ignoreMissingVnetServiceEndpoint")};
constexpr Shape kSubnetRule{kSubnetRuleMembers, "id"};
constexpr std::array kInstanceRuleMembers{held("resourceId"), kept("tenantId")};
constexpr Shape kInstanceRule{kInstanceRuleMembers, "resourceId"};
constexpr std::array kAclsMembers{held("bypass"),
                                  held("defaultAction"),
                                  held("ipRules", &kIpRule),
                                  held("ipv6Rules", &kIpRule),
                                  held("virtualNetworkRules", &kSubnetRule),
                                  held("resourceAccessRules", &kInstanceRule)};
constexpr Shape kAcls{kAclsMembers};
constexpr std::array kRuleSetMembers{held("bypass"), held("ipRules", &kIpRule)};
constexpr Shape kRuleSet{kRuleSetMembers};

// Private connections, seen from the resource, from the endpoint and from a service that calls.
constexpr std::array kStateMembers{held("status"), kept("description"), kept("actionsRequired"),
                                   kept("actionRequired")};
constexpr Shape kState{kStateMembers};
constexpr std::array kConnectionMembers{held("privateEndpoint", &kReference), held("groupIds"),
                                        held("groupId"),
                                        held("privateLinkServiceConnectionState", &kState)};
constexpr Shape kConnectionItem{kConnectionMembers, "name", kOfItem};
constexpr std::array kSharedLinkMembers{held("privateLinkResourceId"), held("groupId"),
                                        held("status"), kept("requestMessage"),
                                        kept("resourceRegion")};
constexpr Shape kSharedLinkItem{kSharedLinkMembers, "name", kOfItem};
constexpr std::array kEndpointConnectionMembers{held("privateLinkServiceId"), held("groupIds"),
                                                held("privateLinkServiceConnectionState", &kState),
                                                kept("requestMessage")};
constexpr Shape kEndpointConnection{kEndpointConnectionMembers, "name", kOfItem};
constexpr std::array kDnsConfigMembers{kept("ipAddresses")};
constexpr Shape kDnsConfig{kDnsConfigMembers};
constexpr std::array kIpConfigurationMembers{kept("privateIPAddress"), kept("groupId"),
                                             kept("memberName")};
constexpr Shape kIpConfiguration{kIpConfigurationMembers, "name", kOfItem};
constexpr std::array kEndpointMembers{
    held("subnet", &kReference),
    held("privateLinkServiceConnections", &kEndpointConnection),
    held("manualPrivateLinkServiceConnections", &kEndpointConnection),
    kept("customDnsConfigs", &kDnsConfig),
    kept("ipConfigurations", &kIpConfiguration),
    kept("networkInterfaces"),
    kept("customNetworkInterfaceName")};

// The resources.
constexpr KnownMember kAccess = held("publicNetworkAccess");
constexpr KnownMember kConnections = held("privateEndpointConnections", &kConnectionItem);
constexpr KnownMember kSharedLinks = held("sharedPrivateLinkResources", &kSharedLinkItem);
constexpr KnownMember kSharedKeys = held("allowSharedKeyAccess");
constexpr KnownMember kLocalAuth = held("disableLocalAuth");
constexpr std::array kSearchMembers{kAccess,      held("networkRuleSet", &kRuleSet),
                                    kConnections, kSharedLinks,
                                    kSharedKeys,  kLocalAuth};
constexpr std::array kAccountMembers{kAccess,
                                     held("networkAcls", &kAcls),
                                     kConnections,
                                     kSharedLinks,
                                     kSharedKeys,
                                     kLocalAuth,
                                     held("customSubDomainName"),
                                     held("restrictOutboundNetworkAccess"),
                                     held("allowedFqdnList")};
constexpr std::array kFilesIdentityMembers{held("directoryServiceOptions")};
constexpr Shape kFilesIdentity{kFilesIdentityMembers};
constexpr std::array kStorageMembers{
    kAccess,
    held("networkAcls", &kAcls),
    kConnections,
    kSharedLinks,
    kSharedKeys,
    kLocalAuth,
    held("isSftpEnabled"),
    held("isNfsV3Enabled"),
    held("isHnsEnabled"),
    held("supportsHttpsTrafficOnly"),
    held("azureFilesIdentityBasedAuthentication", &kFilesIdentity)};
constexpr std::array kOtherMembers{
    kAccess, held("networkAcls", &kAcls), kConnections, kSharedLinks, kSharedKeys, kLocalAuth};
constexpr Shape kStorage{kStorageMembers, "name", kOfResource};
constexpr Shape kSearch{kSearchMembers, "name", kOfResource};
constexpr Shape kAccount{kAccountMembers, "name", kOfResource};
constexpr Shape kOther{kOtherMembers, "name", kOfResource};

// Networks and names.
constexpr std::array kServiceEndpointMembers{held("service"), kept("locations")};
constexpr Shape kServiceEndpoint{kServiceEndpointMembers, "service"};
constexpr std::array kSubnetMembers{held("serviceEndpoints", &kServiceEndpoint),
                                    kept("addressPrefix"), kept("addressPrefixes")};
constexpr Shape kSubnetItem{kSubnetMembers, "name", kOfSubnet};
constexpr std::array kNetworkMembers{held("subnets", &kSubnetItem), kept("addressSpace")};
constexpr std::array kZoneMembers{kept("maxNumberOfRecordSets"),
                                  kept("maxNumberOfVirtualNetworkLinks"),
                                  kept("maxNumberOfVirtualNetworkLinksWithRegistration"),
                                  kept("numberOfRecordSets"),
                                  kept("numberOfVirtualNetworkLinks"),
                                  kept("numberOfVirtualNetworkLinksWithRegistration")};
constexpr std::array kZoneConfigMembers{held("privateDnsZoneId"), kept("recordSets")};
constexpr Shape kZoneConfig{kZoneConfigMembers, "name", kOfItem};
constexpr std::array kZoneGroupMembers{held("privateDnsZoneConfigs", &kZoneConfig)};
constexpr std::array kAddressMembers{held("ipv4Address")};
constexpr Shape kAddress{kAddressMembers, "ipv4Address"};
constexpr std::array kRecordMembers{held("aRecords", &kAddress)};
constexpr std::array kZoneLinkMembers{held("virtualNetwork", &kReference),
                                      kept("registrationEnabled"), kept("resolutionPolicy"),
                                      kept("virtualNetworkLinkState")};

// What surrounds the network.
constexpr std::array kLogMembers{held("category"), held("categoryGroup"), held("enabled"),
                                 kept("retentionPolicy")};
constexpr Shape kLog{kLogMembers, "category"};
constexpr std::array kDiagnosticMembers{
    held("storageAccountId"), held("workspaceId"),          held("eventHubAuthorizationRuleId"),
    held("eventHubName"),     held("logs", &kLog),          kept("metrics"),
    kept("serviceBusRuleId"), kept("marketplacePartnerId"), kept("logAnalyticsDestinationType")};
constexpr std::array kRoleMembers{
    held("principalId"),        held("roleDefinitionId"),
    held("principalType"),      held("scope"),
    held("roleDefinitionName"), kept("principalName"),
    kept("description"),        kept("condition"),
    kept("conditionVersion"),   kept("delegatedManagedIdentityResourceId"),
    kept("createdBy"),          kept("updatedBy"),
    kept("updatedOn")};
constexpr std::array kShareMembers{held("enabledProtocols")};

bool is_listed(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names, [&](std::string_view known) { return iequals(known, name); });
}

bool is_empty(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return true;
    case Node::Kind::Array:
      return node.items.empty();
    case Node::Kind::Object:
      return node.members.empty();
    case Node::Kind::String:
      return node.text.empty();
    default:
      return false;
  }
}

// A subscription may be written as its GUID alone; it is written again in full.
std::string key_of(const Node& item, std::string_view key) {
  const std::string_view written = item.string_at(key);
  const auto guid = Guid::parse(written.substr(written.rfind('/') + 1));
  const bool is_subscription =
      guid && (Guid::parse(written) || lower(written).starts_with("/subscriptions/")) &&
      std::ranges::count(written, '/') <= 2;
  return is_subscription ? "/subscriptions/" + to_string(*guid) : std::string(written);
}

class Walk {
 public:
  Walk(std::string_view type, const SecretTexts& secrets,
       std::map<std::string, std::size_t>& counts)
      : type_(type), secrets_(secrets), counts_(counts) {}

  // An object by its shape. Recursion is bounded by the depth of the shapes.
  Unknown object(const Node& node, const Shape& shape, const std::string& path) {
    Unknown out;
    if (shape.around.empty()) {
      for (const Member& member : node.members) add(out, member, shape.members, path, false);
    } else {
      resource(out, node, shape, path);
    }
    return out;
  }

 private:
  // What stands beside `properties` and inside it; az may have put the two together.
  void resource(Unknown& out, const Node& node, const Shape& shape, const std::string& path) {
    const Node* properties = node.find("properties");
    const bool flat = properties == nullptr || properties->is_null();
    Unknown inside;
    for (const Member& member : node.members) {
      const bool around = is_envelope(member.name);
      if (&member.value == properties) {
        for (const Member& inner : properties->members) {
          add(inside, inner, shape.members, path, false);
        }
      } else if (around || !flat) {
        add(out, member, shape.around, path, around);
      } else {
        add(inside, member, shape.members, path, false);
      }
    }
    put(out, "properties", 0, std::move(inside));
  }

  // `silent`: kept without being counted.
  void add(Unknown& out, const Member& member, std::span<const KnownMember> known,
           const std::string& path, bool silent) {
    const auto same = [&](const KnownMember& entry) { return iequals(entry.name, member.name); };
    const auto found = std::ranges::find_if(known, same);
    const std::string here = path.empty() ? member.name : path + "." + member.name;
    if (found == known.end()) {
      keep(out, member);
      if (!silent && !is_bookkeeping(member.name) && !is_empty(member.value)) count(here);
      return;
    }
    Unknown inside;
    if (found->inside != nullptr) inside = value(member.value, *found->inside, here);
    if (found->use == Use::Kept) {
      keep(out, member);
    } else {
      put(out, member.name, 0, std::move(inside));
    }
  }

  Unknown value(const Node& node, const Shape& shape, const std::string& path) {
    if (!node.is_array()) return object(node, shape, path);
    Unknown out;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      put(out, key_of(node.items[i], shape.key), i, object(node.items[i], shape, path + "[]"));
    }
    return out;
  }

  void keep(Unknown& out, const Member& member) const {
    if (member.value.is_null()) return;
    out.members.emplace(member.name, json_without(secrets_, member.value));
  }

  static void put(Unknown& out, std::string name, std::size_t index, Unknown inside) {
    if (!inside.empty()) out.parts.push_back({std::move(name), index, std::move(inside)});
  }

  void count(const std::string& path) { ++counts_[fmt::format("{} {}", type_, path)]; }

  std::string_view type_;
  const SecretTexts& secrets_;
  std::map<std::string, std::size_t>& counts_;
};

}  // namespace

constexpr Shape kPerimeterShape{kPerimeterMembers, "name", kOfPerimeter};
constexpr Shape kProfileShape{kProfileMembers, "name", kOfDocument};
constexpr Shape kRuleShape{kRuleMembers, "name", kOfDocument};
constexpr Shape kAssociationShape{kAssociationMembers, "name", kOfDocument};
constexpr Shape kLinkShape{kLinkMembers, "name", kOfDocument};
constexpr Shape kLoggingShape{kLoggingMembers, "name", kOfDocument};
constexpr Shape kConfigurationShape{kConfigurationMembers, "name", kOfDocument};
constexpr Shape kConnectionShape{kConnectionMembers, "name", kOfDocument};
constexpr Shape kSharedLinkShape{kSharedLinkMembers, "name", kOfDocument};
constexpr Shape kNetworkShape{kNetworkMembers, "name", kOfDocument};
constexpr Shape kSubnetShape{kSubnetMembers, "name", kOfDocument};
constexpr Shape kEndpointShape{kEndpointMembers, "name", kOfDocument};
constexpr Shape kZoneShape{kZoneMembers, "name", kOfDocument};
constexpr Shape kZoneGroupShape{kZoneGroupMembers, "name", kOfDocument};
constexpr Shape kRecordShape{kRecordMembers, "name", kOfDocument};
constexpr Shape kZoneLinkShape{kZoneLinkMembers, "name", kOfDocument};
constexpr Shape kDiagnosticSettingShape{kDiagnosticMembers, "name", kOfExtension};
constexpr Shape kRoleAssignmentShape{kRoleMembers, "name", kOfExtension};
constexpr Shape kFileShareShape{kShareMembers, "name", kOfDocument};

const Shape& resource_shape(Service service) {
  switch (service) {
    case Service::Storage:
      return kStorage;
    case Service::Search:
      return kSearch;
    case Service::Foundry:
    case Service::OpenAi:
    case Service::CognitiveServices:
      return kAccount;
    default:
      return kOther;
  }
}

Unknown unknown_in(const Node& body, const Shape& shape, std::string_view type,
                   const SecretTexts& secrets, std::map<std::string, std::size_t>& counts) {
  return Walk(type, secrets, counts).object(body, shape, {});
}

bool is_bookkeeping(std::string_view property) { return is_listed(kBookkeeping, property); }

}  // namespace nsp

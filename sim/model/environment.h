// The environment: what a set of Azure documents says together, validated, in plain structs and the
// service's own words.
//
// Objects live in flat vectors and refer to each other by index (kNone: none). Nothing here knows
// how to decide; the compiled form of it is Policy (sim/policy/policy.h).
//
// Each object of a document keeps in `unknown` what the model does not know of it (unknown.h), and
// in `unresolved` what the document itself does not tell (unresolved.h).
//
// INVARIANT, after build_environment() returned a value: every index is in range; a resource has at
// most one association; an association's profile belongs to its perimeter; names are unique where
// ARM makes them so.
//
// Thread safety: plain values.
#ifndef NSP_SIM_MODEL_ENVIRONMENT_H_
#define NSP_SIM_MODEL_ENVIRONMENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diagnostic.h"
#include "sim/base/guid.h"
#include "sim/base/resource_id.h"
#include "sim/base/vocabulary.h"
#include "sim/model/services.h"
#include "sim/model/unknown.h"
#include "sim/model/unresolved.h"
#include "sim/net/address.h"
#include "sim/net/domain.h"

namespace nsp {

using Index = std::uint32_t;
inline constexpr Index kNone = 0xffff'ffff;

// An address prefix and how the document wrote it (the name of a resource's IP rule is that text).
struct WrittenPrefix {
  IpPrefix prefix;
  std::string text;
  bool operator==(const WrittenPrefix&) const = default;
};

struct AccessRule {
  std::string name;
  Direction direction = Direction::Inbound;
  std::vector<WrittenPrefix> prefixes;    // Inbound
  std::vector<Guid> subscriptions;        // Inbound
  std::vector<std::string> service_tags;  // Inbound
  std::vector<DomainPattern> host_names;  // Outbound
  bool derived_from_link = false;         // lists perimeters: made by a link, judged there
  // `direction` (then it may be a rule of either) or elements of its lists.
  std::vector<Unresolved> unresolved;
  Place place;
  Unknown unknown{};
};

struct Profile {
  std::string name;
  ResourceId id;
  std::vector<AccessRule> rules;  // in document order; order never matters
  Place place;
  Unknown unknown{};
  std::string rules_version{};  // accessRulesVersion: grows with every change; empty: not said
};

struct Perimeter {
  std::string name;
  ResourceId id;
  Guid guid;  // from the document, else made from the id
  bool guid_is_made = false;
  std::string location;
  std::vector<Profile> profiles;
  // What is collected, by its logging configuration and by diagnostic settings together: categories
  // and groups of them (`allLogs`), each once.
  std::vector<std::string> enabled_log_categories;
  std::vector<std::string> configured_log_categories;  // … by its logging configuration alone
  bool described = true;                               // false: only named by a link
  Place place;
  Unknown unknown{};
  bool has_logging = false;   // a logging configuration is described, however little it enables
  Unknown unknown_logging{};  // … of its logging configuration
};

struct Association {
  std::string name;
  ResourceId id;
  Index resource = kNone;
  Index perimeter = kNone;
  Index profile = kNone;  // within the perimeter
  AccessMode mode = AccessMode::Learning;
  std::string mode_text;               // as written, for modes we do not know
  std::vector<Unresolved> unresolved;  // `accessMode`: its mode is then Unknown
  Place place;
  Unknown unknown{};
  // As written, empty: not said. Azure says `yes` or `no` of provisioning issues.
  std::string provisioning_state{};
  std::string has_provisioning_issues{};
  // False: the resource alone reports it, its perimeter is described and does not list it.
  bool listed = true;
};

// What a resource reports to be wrong with its place in the perimeter.
struct ProvisioningIssue {
  std::string name;
  std::string type;      // `ConfigurationPropagationFailure`
  std::string severity;  // `Warning`, `Error`
  std::string description;
  Place place;
  Unknown unknown{};
};

// A resource's own copy of its place in a perimeter (`networkSecurityPerimeterConfigurations`):
// what its data plane obeys. It follows the perimeter's documents by propagation, and may lag or
// fail to; find_drift() tells where the two differ (sim/model/drift.h), as_reported() takes this
// side (sim/model/effective.h).
struct EffectiveConfiguration {
  std::string name;
  ResourceId id;
  Index resource = kNone;
  Index perimeter = kNone;
  std::optional<Guid> perimeter_guid;
  std::string perimeter_location;
  std::string profile;        // its name
  std::string rules_version;  // of the copy; empty: not said
  std::vector<AccessRule> rules;
  std::string association;  // its name; empty: not said
  AccessMode mode = AccessMode::Unknown;
  std::string mode_text;           // as written; empty: not said
  std::string provisioning_state;  // as written; empty: not said
  std::vector<ProvisioningIssue> issues;
  // `accessMode`, or `accessRules`: then `rules` may not be all.
  std::vector<Unresolved> unresolved;
  Place place;
  Place perimeter_place;  // of the members that tell of these
  Place profile_place;
  Place association_place;
  Unknown unknown{};
};

// The reference to a link, as the other side has it. What both say stands at the link.
struct LinkReference {
  ResourceId id;
  Unknown unknown{};
};

// One link between two perimeters; symmetric. An empty profile list with `all…` set stands for
// `["*"]`.
struct PerimeterLink {
  std::string name;
  Index local = kNone;
  Index remote = kNone;
  std::vector<Index> local_profiles;
  std::vector<Index> remote_profiles;
  bool all_local_profiles = false;
  bool all_remote_profiles = false;
  ConnectionStatus status = ConnectionStatus::Approved;
  std::string description;
  std::optional<LinkReference> reference;
  bool only_reference = false;  // described by its reference alone, which is the local side then
  Place place;
  Unknown unknown{};
};

// A resource's own firewall ("resource rules").
struct Firewall {
  // False for a resource that is associated but not described, and where the service's firewall
  // stands where it is not read (FirewallForm).
  bool known = true;
  bool default_allow = true;
  bool trusted_services = false;  // bypass lists AzureServices
  // `networkAcls` or `networkRuleSet` as a whole (then it is not known), or members of it: what it
  // admits is then certain, what it refuses is not.
  std::vector<Unresolved> unresolved;
  std::vector<WrittenPrefix> ip_rules;
  std::vector<ResourceId> subnet_rules;
  std::vector<ResourceId> instance_rules;  // a `*` segment stands for any

  // Nothing of it is missing.
  [[nodiscard]] bool is_whole() const { return known && unresolved.empty(); }
  bool operator==(const Firewall&) const = default;
};

// One connection of a private endpoint to a resource. Both sides describe it; here their words are
// brought together: every PrivateEndpoint with a resource has its connection at that resource, and
// the worse status of the two stands at both.
struct PrivateConnection {
  std::string name;
  ResourceId endpoint;              // may be empty
  std::vector<std::string> groups;  // sub-resources (`blob`); empty: not said
  ConnectionStatus status = ConnectionStatus::Unknown;
  Unknown unknown{};
};

// A private link that a resource opens outward (AI Search's shared private link).
struct SharedPrivateLink {
  std::string name;
  ResourceId target;
  std::string group;
  ConnectionStatus status = ConnectionStatus::Unknown;
  Unknown unknown{};
};

// Whose token a resource can show: its own identity, one that it was lent, that of a project in it.
struct ManagedIdentity {
  ResourceId of;          // the resource, a user-assigned identity, a project of the account
  std::string principal;  // a GUID as written; empty: only a deployment knows
  std::string client;     // likewise, of a user-assigned one
};

// A file share of a Storage account, and how it is mounted.
struct FileShare {
  std::string name;
  ResourceId id;
  std::string protocols;  // `SMB` or `NFS` as written; empty: not said
  Place place;
  Unknown unknown{};
};

// What Storage speaks besides HTTPS, where the document says it.
struct StorageProtocols {
  std::optional<bool> sftp;             // isSftpEnabled
  std::optional<bool> nfs;              // isNfsV3Enabled
  std::optional<bool> is_hierarchical;  // isHnsEnabled
  std::optional<bool> https_only;       // supportsHttpsTrafficOnly
  std::string files_directory;  // azureFilesIdentityBasedAuthentication: directoryServiceOptions
  std::vector<FileShare> shares;
};

struct Resource {
  std::string name;  // short
  ResourceId id;
  Service service = Service::Other;
  std::string arm_type;
  std::string kind;
  std::string location;
  bool described = true;         // false: a stub, only associated
  std::optional<bool> identity;  // has a managed identity; nothing: not known (a stub)
  std::string identity_type;     // as written
  std::vector<ManagedIdentity> identities;
  std::optional<Guid> subscription;
  PublicNetworkAccess public_network_access = PublicNetworkAccess::Enabled;
  std::string public_network_access_text;  // as written
  Firewall firewall;
  std::vector<PrivateConnection> private_connections;
  std::vector<SharedPrivateLink> shared_private_links;
  bool restrict_outbound = false;            // CognitiveServices: restrictOutboundNetworkAccess
  std::vector<DomainPattern> allowed_fqdns;  // … with allowedFqdnList
  std::optional<bool> shared_key_access;     // Storage: allowSharedKeyAccess
  std::optional<bool> local_auth_disabled;   // AI Search, CognitiveServices: disableLocalAuth
  StorageProtocols protocols;                // Storage
  // In the order of the service's facts; the first is the default.
  std::vector<DomainName> host_names;
  Index association = kNone;  // into Environment::associations
  // `publicNetworkAccess`, `identity`, `restrictOutboundNetworkAccess`, `allowedFqdnList`,
  // `customSubDomainName`.
  std::vector<Unresolved> unresolved;
  Place place;
  Unknown unknown{};
};

struct Subnet {
  std::string name;
  ResourceId id;
  Index network = kNone;
  std::vector<std::string> service_endpoints;  // `Microsoft.Storage`
  Unknown unknown{};
};

struct VirtualNetwork {
  std::string name;
  ResourceId id;
  Place place;
  Unknown unknown{};
};

struct PrivateEndpoint {
  std::string name;
  ResourceId id;
  Index subnet = kNone;    // kNone: its subnet is not described
  Index resource = kNone;  // kNone: its target is not described
  std::vector<std::string> groups;
  ConnectionStatus status = ConnectionStatus::Approved;
  std::vector<IpAddress> addresses;
  Place place;
  Unknown unknown{};             // of the document, which all its connections share
  Unknown unknown_connection{};  // of this connection
};

struct DnsRecord {
  std::string label;  // relative to the zone, lower case
  std::vector<IpAddress> addresses;
  Unknown unknown{};
};

// What the document of a zone's link to a virtual network says besides the network.
struct ZoneLink {
  std::string name;
  Unknown unknown{};
};

struct PrivateDnsZone {
  DomainName name;
  ResourceId id;
  std::vector<DnsRecord> records;
  std::vector<Index> networks;  // the virtual networks it is linked to
  std::vector<ZoneLink> links;  // one for each of `networks`, where it was read from documents
  Place place;
  Unknown unknown{};
};

// One entry of a diagnostic setting's `logs`.
struct LogChoice {
  std::string category;  // as written; of a group `allLogs`, `audit`
  bool is_group = false;
  bool enabled = false;
  Unknown unknown{};
};

// Where Azure Monitor sends the logs of a resource. What is sent ignores outbound rules (LOG).
struct DiagnosticSetting {
  std::string name;
  ResourceId id;
  ResourceId scope;  // whose logs: a perimeter, a resource, a service of a Storage account
  ResourceId storage_account;
  ResourceId workspace;
  ResourceId event_hub_rule;  // an authorization rule of the namespace
  std::string event_hub;
  std::vector<LogChoice> logs;
  // `logs`, `storageAccountId`, `workspaceId`, `eventHubAuthorizationRuleId`.
  std::vector<Unresolved> unresolved;
  Place place;
  Unknown unknown{};
};

// Who may do what where. Roles come after the network (G-4): no verdict needs them.
struct RoleAssignment {
  std::string name;
  ResourceId id;
  ResourceId scope;          // a resource, a group or a subscription; empty: everything
  std::optional<Guid> role;  // roles.h; nothing: by its name, or not known
  std::string role_name;
  std::string principal;  // a GUID as written
  // Whose identity, where a template or plan names the resource instead of the GUID.
  ResourceId principal_of;
  std::string principal_type;
  std::vector<Unresolved> unresolved;  // `principalId`, `roleDefinitionId`, `scope`
  Place place;
  Unknown unknown{};
};

struct Environment {
  std::vector<Perimeter> perimeters;
  std::vector<Association> associations;
  std::vector<EffectiveConfiguration> configurations;
  std::vector<PerimeterLink> links;
  std::vector<Resource> resources;
  std::vector<VirtualNetwork> networks;
  std::vector<Subnet> subnets;
  std::vector<PrivateEndpoint> private_endpoints;
  std::vector<PrivateDnsZone> zones;
  std::vector<DiagnosticSetting> diagnostic_settings;
  std::vector<RoleAssignment> role_assignments;
  // Lower-case tag → its prefixes, where given.
  std::map<std::string, std::vector<IpPrefix>> service_tags;

  // What reading left aside: what → how often. Types not modelled; unknown members, by type and
  // path (`Microsoft.Storage/storageAccounts networkAcls.newThing`).
  std::map<std::string, std::size_t> ignored;
};

// A caller from outside the modelled resources (a row of a `caller` table, an entry of
// `--callers`).
struct Caller {
  std::string name;
  std::optional<IpAddress> address;
  bool address_hidden = false;
  std::optional<Credential> credential;  // nothing: not said
  std::optional<Guid> subscription;
  std::string subnet;  // `vnet/subnet` or an id
  bool trusted_service = false;
  std::string note;
  Place place;
};

// Finds by short name or id, without case. `ambiguous` is set when a short name fits several.
struct Lookup {
  Index index = kNone;
  bool ambiguous = false;
};
[[nodiscard]] Lookup find_resource(const Environment& environment, std::string_view name_or_id);
// `vnet/subnet` or an id.
[[nodiscard]] Lookup find_subnet(const Environment& environment, std::string_view name_or_id);
// The subnet has the service endpoint of the service (P-5).
[[nodiscard]] bool has_service_endpoint(const Subnet& subnet, Service service);
// A private endpoint connection to this sub-resource (`blob`; empty: not said) serves this name of
// the resource, in lower case. Only Storage has one name for each.
[[nodiscard]] bool serves_host(const Resource& resource, std::string_view group,
                               std::string_view host);
// … to these sub-resources; none: not said.
[[nodiscard]] bool serves_host(const Resource& resource, const std::vector<std::string>& groups,
                               std::string_view host);
// The scope of an assignment contains the resource or lies inside it, or may: of a management group
// nobody says what is in it.
[[nodiscard]] bool reaches(const RoleAssignment& assignment, const ResourceId& resource);
// The assignment is to an identity of the resource: its own, one lent to it, a project's inside it.
[[nodiscard]] bool acts_as(const Resource& resource, const RoleAssignment& assignment);
// How a template's or plan's principalId names the identity of that resource:
// `[reference('ID').identity.principalId]`, without `identity` for a user-assigned identity.
[[nodiscard]] std::string principal_expression(const ResourceId& of);
// The resource that answers to this host name, if one of the environment does.
[[nodiscard]] Index find_host(const Environment& environment, const DomainName& host);
// How to name a resource so that find_resource finds it again: its short name, or its id where that
// is ambiguous. Looks through all resources: for many names take display_names().
[[nodiscard]] std::string display_name(const Environment& environment, Index resource);
// The display name of every resource, in their order.
[[nodiscard]] std::vector<std::string> display_names(const Environment& environment);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_ENVIRONMENT_H_

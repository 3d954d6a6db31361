// The resources of the provider azurerm in the shape of REST: its arguments under the names that
// Resource Manager has for them.
//
// Source: hashicorp/terraform-provider-azurerm 5.2.0, website/docs/r.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/terraform.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

constexpr std::array kTypes{
    TerraformType{"azurerm_network_security_perimeter", types::kPerimeter, {}, {}},
    TerraformType{"azurerm_network_security_perimeter_profile",
                  types::kProfile,
                  "network_security_perimeter_id",
                  {}},
    TerraformType{"azurerm_network_security_perimeter_access_rule",
                  types::kAccessRule,
                  "network_security_perimeter_profile_id",
                  {}},
    TerraformType{"azurerm_network_security_perimeter_association",
                  types::kAssociation,
                  "network_security_perimeter_profile_id",
                  {}},
    TerraformType{"azurerm_storage_account", types::kStorage, {}, {}},
    TerraformType{"azurerm_search_service", types::kSearch, {}, {}},
    TerraformType{"azurerm_search_shared_private_link_service",
                  types::kSharedPrivateLink,
                  "search_service_id",
                  {}},
    TerraformType{"azurerm_cognitive_account", types::kCognitiveServices, {}, {}},
    TerraformType{"azurerm_ai_services", types::kCognitiveServices, {}, {}},
    TerraformType{"azurerm_ai_foundry", "Microsoft.MachineLearningServices/workspaces", {}, {}},
    TerraformType{"azurerm_key_vault", types::kKeyVault, {}, {}},
    TerraformType{"azurerm_log_analytics_workspace", types::kWorkspace, {}, {}},
    TerraformType{"azurerm_cosmosdb_account", types::kCosmosDb, {}, {}},
    TerraformType{"azurerm_eventhub_namespace", types::kEventHubs, {}, {}},
    TerraformType{"azurerm_servicebus_namespace", types::kServiceBus, {}, {}},
    TerraformType{"azurerm_mssql_server", types::kSql, {}, {}},
    TerraformType{"azurerm_app_configuration", types::kAppConfiguration, {}, {}},
    TerraformType{"azurerm_virtual_network", types::kVirtualNetwork, {}, {}},
    TerraformType{"azurerm_subnet", types::kSubnet, {}, "virtual_network_name"},
    TerraformType{"azurerm_private_endpoint", types::kPrivateEndpoint, {}, {}},
    TerraformType{"azurerm_private_dns_zone", types::kDnsZone, {}, {}},
    TerraformType{"azurerm_private_dns_a_record", types::kDnsRecord, {}, "zone_name"},
    TerraformType{"azurerm_private_dns_zone_virtual_network_link",
                  types::kDnsLink,
                  {},
                  "private_dns_zone_name"},
    TerraformType{"azurerm_user_assigned_identity", types::kUserAssignedIdentity, {}, {}},
    TerraformType{"azurerm_storage_share", types::kFileShare, "storage_account_id", {}},
    TerraformType{
        "azurerm_monitor_diagnostic_setting", types::kDiagnosticSetting, "target_resource_id", {}},
    TerraformType{"azurerm_role_assignment", types::kRoleAssignment, "scope", {}}};

// The way to an item of a list, such as `network_rules/0`.
std::string item_path(std::string_view argument, std::size_t index) {
  return fmt::format("{}/{}", argument, index);
}

// `made` stands where `value` does, which is found under `path`.
Node placed(Node made, const Node& value, std::string_view path) {
  made.path = value.path != nullptr ? value.path : shared_text(path);
  return made;
}

// `made` stands at its parent's own place.
Node beside_parent(Node made) {
  made.path = shared_text({});
  return made;
}

// From the arguments of one block to the members of one object, each with the path of its argument.
class Members {
 public:
  explicit Members(Node& from) : from_(from), to_(Node::object(from)) {}

  [[nodiscard]] Node* given(std::string_view argument) {
    Node* value = from_.find(argument);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void add(std::string_view name, Node value) { to_.add(std::string(name), std::move(value)); }

  void copy(std::string_view argument, std::string_view name) {
    if (const Node* value = given(argument)) add(name, placed(*value, *value, argument));
  }
  // `{"id": …}`, or what stands where the id would.
  void reference(std::string_view argument, std::string_view name) {
    if (const Node* value = given(argument)) add(name, wrapped(*value, argument, "id"));
  }
  void negated(std::string_view argument, std::string_view name) {
    Node* value = given(argument);
    if (value == nullptr) return;
    Node turned = *value;
    turned.boolean = value->is(Node::Kind::Bool) && !value->boolean;
    add(name, placed(std::move(turned), *value, argument));
  }
  // `true` → `Enabled`.
  void switched(std::string_view argument, std::string_view name) {
    Node* value = given(argument);
    if (value == nullptr) return;
    Node word = value->is(Node::Kind::Bool)
                    ? Node::string(value->boolean ? "Enabled" : "Disabled", *value)
                    : *value;
    add(name, placed(std::move(word), *value, argument));
  }
  // A list, each item under `inside` if there is one; one value alone is a list of it.
  void list(std::string_view argument, std::string_view name, std::string_view inside = {}) {
    Node* value = given(argument);
    if (value == nullptr) return;
    Node out = placed(Node::array(*value), *value, argument);
    if (!value->is_array()) out.push(beside_parent(wrapped(*value, {}, inside)));
    for (std::size_t i = 0; i < value->items.size(); ++i) {
      out.push(wrapped(value->items[i], std::to_string(i), inside));
    }
    add(name, std::move(out));
  }
  // The first of a block that stands once at most, with its path.
  [[nodiscard]] Node* block(std::string_view argument) {
    Node* value = given(argument);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) {
      if (value->path == nullptr) value->path = shared_text(argument);
      return value;
    }
    if (value->items.empty() || value->items[0].is_null()) return nullptr;
    Node& first = value->items[0];
    first.path = shared_text(item_path(argument, 0));
    return &first;
  }
  [[nodiscard]] Node array() const { return beside_parent(Node::array(from_)); }
  [[nodiscard]] Node take() { return std::move(to_); }

 private:
  [[nodiscard]] static Node wrapped(const Node& value, std::string_view path,
                                    std::string_view inside) {
    if (inside.empty() || value.is_unresolved()) return placed(value, value, path);
    Node object = placed(Node::object(value), value, path);
    object.add(std::string(inside), beside_parent(value));
    return object;
  }

  Node& from_;
  Node to_;
};

// A set of words, one text with commas in REST.
void add_bypass(Members& acls, const Node& bypass) {
  const auto add = [&](Node value) {
    acls.add("bypass", placed(std::move(value), bypass, "bypass"));
  };
  if (!bypass.is_array()) return add(bypass);
  std::vector<std::string> words;
  for (const Node& word : bypass.items) {
    if (word.is_unresolved()) return add(word);
    words.push_back(word.text);
  }
  add(Node::string(words.empty() ? "None" : join(words, ", "), bypass));
}

// Of each block in the list, the object that REST has for its one argument.
Node items_of(const Node& block, std::string_view argument, std::string_view name) {
  Node out = Node::array(block);
  if (!block.is_array()) out.push(beside_parent(block));
  for (std::size_t i = 0; i < block.items.size(); ++i) {
    const Node& item = block.items[i];
    const Node* value = item.find(argument);
    if (item.is_unresolved()) {
      out.push(placed(item, item, std::to_string(i)));
    } else if (value != nullptr && !value->is_null()) {
      Node& made = out.push(placed(Node::object(item), item, std::to_string(i)));
      made.add(std::string(name), placed(*value, *value, argument));
    }
  }
  return out;
}

}  // namespace

const TerraformType* terraform_type(std::string_view type) {
  const auto found = std::ranges::find(kTypes, type, &TerraformType::type);
  return found == kTypes.end() ? nullptr : &*found;
}

bool is_extension(const TerraformType& type) {
  return type.arm_type == types::kDiagnosticSetting || type.arm_type == types::kRoleAssignment;
}

Node azurerm_acls(Node& rules) {
  if (rules.is_unresolved()) return rules;
  Members acls(rules);
  acls.copy("default_action", "defaultAction");
  if (const Node* bypass = acls.given("bypass")) add_bypass(acls, *bypass);
  acls.list("ip_rules", "ipRules", "value");
  if (const Node* subnets = acls.given("virtual_network_rules")) {
    acls.add("virtualNetworkRules",
             placed(items_of(*subnets, "subnet_id", "id"), *subnets, "virtual_network_rules"));
  } else {
    acls.list("virtual_network_subnet_ids", "virtualNetworkRules", "id");
  }
  if (const Node* instances = acls.given("private_link_access")) {
    acls.add("resourceAccessRules",
             placed(items_of(*instances, "endpoint_resource_id", "resourceId"), *instances,
                    "private_link_access"));
  }
  return acls.take();
}

namespace {

void add_acls(Members& out, std::string_view argument) {
  Node* rules = out.block(argument);
  if (rules != nullptr) out.add("networkAcls", placed(azurerm_acls(*rules), *rules, argument));
}

void write_rule(Members& out) {
  out.copy("direction", "direction");
  out.list("address_prefixes", "addressPrefixes");
  out.list("fqdns", "fullyQualifiedDomainNames");
  out.list("service_tags", "serviceTags");
  out.list("subscription_ids", "subscriptions", "id");
}

void write_association(Members& out) {
  out.reference("resource_id", "privateLinkResource");
  out.reference("network_security_perimeter_profile_id", "profile");
  out.copy("access_mode", "accessMode");
}

void write_storage(Members& out) {
  out.switched("public_network_access_enabled", "publicNetworkAccess");
  add_acls(out, "network_rules");
  out.copy("shared_access_key_enabled", "allowSharedKeyAccess");
  out.copy("sftp_enabled", "isSftpEnabled");
  out.copy("nfsv3_enabled", "isNfsV3Enabled");
  out.copy("is_hns_enabled", "isHnsEnabled");
  const bool renamed = out.given("https_traffic_only_enabled") != nullptr;
  out.copy(renamed ? "https_traffic_only_enabled" : "enable_https_traffic_only",
           "supportsHttpsTrafficOnly");
  Node* files = out.block("azure_files_authentication");
  if (files == nullptr || files->is_unresolved()) return;
  Members inside(*files);
  inside.copy("directory_type", "directoryServiceOptions");
  out.add("azureFilesIdentityBasedAuthentication", placed(inside.take(), *files, {}));
}

// Blocks `enabled_log {category}`, and `log {category, enabled}` of older providers.
void write_logs(Members& out) {
  Node logs = out.array();
  for (const std::string_view argument : {"enabled_log", "log"}) {
    const Node* given = out.given(argument);
    if (given == nullptr) continue;
    if (given->is_unresolved()) logs.push(placed(*given, *given, argument));
    for (std::size_t i = 0; i < given->items.size(); ++i) {
      const Node& one = given->items[i];
      if (!one.is_object()) continue;
      Node& log = logs.push(placed(Node::object(one), one, item_path(argument, i)));
      for (const auto& [from, to] :
           {std::pair{"category", "category"}, std::pair{"category_group", "categoryGroup"},
            std::pair{"enabled", "enabled"}}) {
        const Node* value = one.find(from);
        const bool is_given =
            value != nullptr && !value->is_null() && (!value->is_string() || !value->text.empty());
        if (is_given) log.add(to, placed(*value, *value, from));
      }
      if (log.find("enabled") != nullptr) continue;
      Node& enabled = log.add("enabled", beside_parent(Node::object(one)));
      enabled.kind = Node::Kind::Bool;
      enabled.boolean = true;
    }
  }
  out.add("logs", std::move(logs));
}

void write_diagnostic_setting(Members& out) {
  out.copy("storage_account_id", "storageAccountId");
  out.copy("log_analytics_workspace_id", "workspaceId");
  out.copy("eventhub_authorization_rule_id", "eventHubAuthorizationRuleId");
  out.copy("eventhub_name", "eventHubName");
  write_logs(out);
}

void write_role_assignment(Members& out) {
  out.copy("role_definition_id", "roleDefinitionId");
  out.copy("role_definition_name", "roleDefinitionName");
  out.copy("principal_id", "principalId");
  out.copy("principal_type", "principalType");
  const Node* scope = out.given("scope");
  if (scope != nullptr && scope->is_unresolved()) out.add("scope", *scope);
}

void write_search(Members& out) {
  out.switched("public_network_access_enabled", "publicNetworkAccess");
  out.negated("local_authentication_enabled", "disableLocalAuth");
  Node* bypass = out.given("network_rule_bypass_option");
  Node* addresses = out.given("allowed_ips");
  if (bypass == nullptr && addresses == nullptr) return;
  Node given = Node::object(out.array());
  if (bypass != nullptr) {
    given.add("bypass", placed(*bypass, *bypass, "network_rule_bypass_option"));
  }
  if (addresses != nullptr) given.add("ip_rules", placed(*addresses, *addresses, "allowed_ips"));
  out.add("networkRuleSet", beside_parent(azurerm_acls(given)));
}

void write_cognitive(Members& out) {
  out.copy("custom_subdomain_name", "customSubDomainName");
  out.switched("public_network_access_enabled", "publicNetworkAccess");
  out.copy("public_network_access", "publicNetworkAccess");
  add_acls(out, "network_acls");
  out.copy("outbound_network_access_restricted", "restrictOutboundNetworkAccess");
  out.list("fqdns", "allowedFqdnList");
  out.negated("local_auth_enabled", "disableLocalAuth");
  out.negated("local_authentication_enabled", "disableLocalAuth");
}

// Firewalls in forms of their own keep their names: whoever reads them sees that there is one.
void write_other(Members& out) {
  out.switched("public_network_access_enabled", "publicNetworkAccess");
  out.switched("public_network_access", "publicNetworkAccess");
  add_acls(out, "network_acls");
  out.list("ip_range_filter", "ipRules", "ipAddressOrRange");
  out.copy("is_virtual_network_filter_enabled", "isVirtualNetworkFilterEnabled");
  out.list("network_rulesets", "networkRuleSets");
  out.list("network_rule_set", "networkRuleSets");
  out.copy("internet_ingestion_access_type", "publicNetworkAccessForIngestion");
  out.copy("internet_query_access_type", "publicNetworkAccessForQuery");
}

void write_subnet(Members& out) {
  out.copy("address_prefix", "addressPrefix");
  out.list("address_prefixes", "addressPrefixes");
  out.list("service_endpoints", "serviceEndpoints", "service");
}

// An item of a list in REST, from a block: its name, and all else inside `properties`.
void add_named(Node& list, const Node& block, std::string_view path, Members& inside) {
  Node& entry = list.push(placed(Node::object(block), block, path));
  if (const Node* name = inside.given("name")) entry.add("name", *name);
  entry.add("properties", beside_parent(inside.take()));
}

void write_network(Members& out) {
  if (const Node* space = out.given("address_space")) {
    Node prefixes = placed(Node::object(*space), *space, "address_space");
    prefixes.add("addressPrefixes", beside_parent(*space));
    out.add("addressSpace", std::move(prefixes));
  }
  Node* subnets = out.given("subnet");
  if (subnets == nullptr || !subnets->is_array()) return;
  Node list = placed(Node::array(*subnets), *subnets, "subnet");
  for (std::size_t i = 0; i < subnets->items.size(); ++i) {
    Node& one = subnets->items[i];
    if (!one.is_object()) continue;
    Members inside(one);
    write_subnet(inside);
    add_named(list, one, std::to_string(i), inside);
  }
  out.add("subnets", std::move(list));
}

// An endpoint's addresses: those asked for, and in a state those that it got.
void add_addresses(Members& out) {
  if (const Node* given = out.given("custom_dns_configs"); given != nullptr && given->is_array()) {
    out.add("customDnsConfigs",
            placed(items_of(*given, "ip_addresses", "ipAddresses"), *given, "custom_dns_configs"));
  }
  Node list = out.array();
  for (const std::string_view argument : {"ip_configuration", "private_service_connection"}) {
    Node* given = out.given(argument);
    if (given == nullptr) continue;
    for (std::size_t i = 0; i < given->items.size(); ++i) {
      Node& one = given->items[i];
      const Node* address = one.find("private_ip_address");
      if (address == nullptr || !address->is_string() || address->text.empty()) continue;
      Members inside(one);
      inside.copy("private_ip_address", "privateIPAddress");
      list.push(placed(Node::object(one), one, item_path(argument, i)))
          .add("properties", beside_parent(inside.take()));
    }
  }
  if (!list.items.empty()) out.add("ipConfigurations", std::move(list));
}

bool is_manual(const Node& connection) {
  const Node* manual = connection.find("is_manual_connection");
  return manual != nullptr && manual->boolean;
}

void write_endpoint(Members& out) {
  out.reference("subnet_id", "subnet");
  add_addresses(out);
  Node* connections = out.given("private_service_connection");
  if (connections == nullptr || !connections->is_array()) return;
  Node automatic = placed(Node::array(*connections), *connections, "private_service_connection");
  Node manual = automatic;
  for (std::size_t i = 0; i < connections->items.size(); ++i) {
    Node& one = connections->items[i];
    if (!one.is_object()) continue;
    Members inside(one);
    inside.copy("private_connection_resource_id", "privateLinkServiceId");
    inside.list("subresource_names", "groupIds");
    add_named(is_manual(one) ? manual : automatic, one, std::to_string(i), inside);
  }
  if (!automatic.items.empty()) out.add("privateLinkServiceConnections", std::move(automatic));
  if (!manual.items.empty()) out.add("manualPrivateLinkServiceConnections", std::move(manual));
}

void write_properties(Members& out, std::string_view type) {
  if (type == types::kAccessRule) return write_rule(out);
  if (type == types::kAssociation) return write_association(out);
  if (type == types::kStorage) return write_storage(out);
  if (type == types::kSearch) return write_search(out);
  if (type == types::kCognitiveServices) return write_cognitive(out);
  if (type == types::kVirtualNetwork) return write_network(out);
  if (type == types::kSubnet) return write_subnet(out);
  if (type == types::kPrivateEndpoint) return write_endpoint(out);
  if (type == types::kDnsRecord) return out.list("records", "aRecords", "ipv4Address");
  if (type == types::kDnsLink) return out.reference("virtual_network_id", "virtualNetwork");
  if (type == types::kDiagnosticSetting) return write_diagnostic_setting(out);
  if (type == types::kRoleAssignment) return write_role_assignment(out);
  if (type == types::kFileShare) return out.copy("enabled_protocol", "enabledProtocols");
  if (type == types::kUserAssignedIdentity) {
    out.copy("client_id", "clientId");
    return out.copy("principal_id", "principalId");
  }
  if (type == types::kSharedPrivateLink) {
    out.copy("target_resource_id", "privateLinkResourceId");
    out.copy("subresource_name", "groupId");
    return out.copy("status", "status");
  }
  if (type != types::kPerimeter && type != types::kProfile && type != types::kDnsZone) {
    write_other(out);
  }
}

void add_kind(Members& body, const TerraformResource& resource) {
  if (body.given("account_kind") != nullptr) return body.copy("account_kind", "kind");
  if (body.given("kind") != nullptr) return body.copy("kind", "kind");
  if (resource.type == "azurerm_ai_services") {
    body.add("kind", beside_parent(Node::string("AIServices", *resource.values)));
  }
  if (resource.type == "azurerm_ai_foundry") {
    body.add("kind", beside_parent(Node::string("Hub", *resource.values)));
  }
}

}  // namespace

std::optional<Node> identity_body(const Node& block) {
  if (block.is_unresolved()) return block;
  const Node* kind = block.find("type");
  if (kind == nullptr) return std::nullopt;
  Node made = Node::object(block);
  made.add("type", *kind);
  const Node* principal = block.find("principal_id");
  if (principal != nullptr && principal->is_string() && !principal->text.empty()) {
    made.add("principalId", placed(*principal, *principal, "principal_id"));
  }
  const Node* lent = block.find("identity_ids");
  if (lent == nullptr || lent->is_null() || lent->is_unresolved()) return made;
  Node ids = placed(Node::object(*lent), *lent, "identity_ids");
  const auto add = [&](const Node& id, std::string_view path) {
    if (!id.is_string() || ids.find(id.text) != nullptr) return;
    ids.add(id.text, placed(Node::object(id), id, path));
  };
  add(*lent, {});
  for (std::size_t i = 0; i < lent->items.size(); ++i) add(lent->items[i], std::to_string(i));
  if (!ids.members.empty()) made.add("userAssignedIdentities", std::move(ids));
  return made;
}

std::optional<Node> azurerm_body(const TerraformResource& resource, Node& values) {
  const TerraformType* type = terraform_type(resource.type);
  if (type == nullptr) return std::nullopt;
  Members properties(values);
  write_properties(properties, type->arm_type);
  Members body(values);
  body.copy("location", "location");
  add_kind(body, resource);
  if (const Node* identity = body.block("identity")) {
    if (auto made = identity_body(*identity)) {
      body.add("identity", placed(*std::move(made), *identity, {}));
    }
  }
  body.add("properties", beside_parent(properties.take()));
  return body.take();
}

}  // namespace nsp

#include "sim/report/environment_parts.h"

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/report/environment_members.h"

namespace nsp {

void write_word(JsonWriter& json, std::string_view name, std::string_view word,
                const std::vector<Unresolved>& unresolved) {
  const Unresolved* open = find_unresolved(unresolved, name);
  json.member(name, open != nullptr ? std::string_view(open->expression) : word);
}

namespace {

void write_known(JsonWriter& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.member(name, text);
}

void write_known(JsonWriter& json, std::string_view name, const std::optional<bool>& value) {
  if (value) json.member(name, *value);
}

// A text, or the expression that stands in its place; nothing where neither is.
void write_open(JsonWriter& json, std::string_view name, std::string_view text,
                const std::vector<Unresolved>& unresolved) {
  const Unresolved* open = find_unresolved(unresolved, name);
  write_known(json, name, open != nullptr ? std::string_view(open->expression) : text);
}

bool is_lent(const ManagedIdentity& identity) {
  return iequals(identity.of.type(), types::kUserAssignedIdentity);
}

bool is_of_project(const ManagedIdentity& identity) {
  return iequals(identity.of.type(), types::kProject);
}

void write_lent(JsonWriter& json, const Resource& resource) {
  bool any = false;
  for (const ManagedIdentity& identity : resource.identities) {
    if (!is_lent(identity)) continue;
    if (!any) json.key("userAssignedIdentities").object();
    any = true;
    json.key(identity.of.text()).object();
    write_known(json, "principalId", identity.principal);
    write_known(json, "clientId", identity.client);
    json.end();
  }
  if (any) json.end();
}

}  // namespace

void write_identity(JsonWriter& json, const Resource& resource) {
  if (const Unresolved* open = find_unresolved(resource.unresolved, "identity")) {
    json.key("identity").object().member("type", open->expression).end();
    return;
  }
  const bool has_one = resource.identity.value_or(false);
  if (!has_one && resource.identity_type.empty()) return;
  json.key("identity").object();
  json.member("type", resource.identity_type.empty() ? std::string_view("SystemAssigned")
                                                     : std::string_view(resource.identity_type));
  for (const ManagedIdentity& identity : resource.identities) {
    if (identity.of == resource.id) write_known(json, "principalId", identity.principal);
  }
  write_lent(json, resource);
  write_unknown(json, resource.unknown.at("identity"));
  json.end();
}

void write_protocols(JsonWriter& json, const Resource& resource) {
  const StorageProtocols& protocols = resource.protocols;
  write_known(json, "isSftpEnabled", protocols.sftp);
  write_known(json, "isNfsV3Enabled", protocols.nfs);
  write_known(json, "isHnsEnabled", protocols.is_hierarchical);
  write_known(json, "supportsHttpsTrafficOnly", protocols.https_only);
  constexpr std::string_view kFiles = "azureFilesIdentityBasedAuthentication";
  const Unknown& unknown = resource.unknown.at("properties").at(kFiles);
  if (protocols.files_directory.empty() && unknown.empty()) return;
  json.key(kFiles).object();
  write_known(json, "directoryServiceOptions", protocols.files_directory);
  write_unknown(json, unknown);
  json.end();
}

void write_children(JsonWriter& json, const Resource& resource) {
  for (const FileShare& share : resource.protocols.shares) {
    open_resource(json, share.id, types::kFileShare);
    write_known(json, "enabledProtocols", share.protocols);
    close_resource(json, share.unknown);
  }
  for (const ManagedIdentity& identity : resource.identities) {
    if (!is_of_project(identity)) continue;
    json.object().member("id", identity.of.text()).member("name", identity.of.name());
    json.member("type", types::kProject).key("identity").object();
    json.member("type", "SystemAssigned");
    write_known(json, "principalId", identity.principal);
    json.end().end();
  }
}

void write_diagnostic_setting(JsonWriter& json, const DiagnosticSetting& setting) {
  open_resource(json, setting.id, types::kDiagnosticSetting);
  const auto& open = setting.unresolved;
  write_open(json, "storageAccountId", setting.storage_account.text(), open);
  write_open(json, "workspaceId", setting.workspace.text(), open);
  write_open(json, "eventHubAuthorizationRuleId", setting.event_hub_rule.text(), open);
  write_open(json, "eventHubName", setting.event_hub, open);
  json.key("logs").array();
  for (const LogChoice& log : setting.logs) {
    json.object().member(log.is_group ? "categoryGroup" : "category", log.category);
    json.member("enabled", log.enabled);
    write_unknown(json, log.unknown);
    json.end();
  }
  for (const std::string& text : with_open({}, "logs", open)) json.value(text);
  json.end();
  close_resource(json, setting.unknown);
}

void write_role_assignment(JsonWriter& json, const RoleAssignment& assignment) {
  open_resource(json, assignment.id, types::kRoleAssignment);
  const auto& open = assignment.unresolved;
  const std::string role = assignment.role ? "/providers/Microsoft.Authorization/roleDefinitions/" +
                                                 to_string(*assignment.role)
                                           : std::string();
  write_open(json, "roleDefinitionId", role, open);
  write_open(json, "roleDefinitionName", assignment.role_name, open);
  write_open(json, "principalId", assignment.principal, open);
  write_known(json, "principalType", assignment.principal_type);
  write_open(json, "scope", assignment.scope.text(), open);
  close_resource(json, assignment.unknown);
}

}  // namespace nsp

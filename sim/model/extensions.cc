// Diagnostic settings and role assignments: extension resources, which stand at the id of what they
// are about.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"
#include "sim/model/roles.h"

namespace nsp {
namespace {

// What stands before the last `/providers/`: a resource, a group, a subscription; empty at the
// root.
ResourceId scope_in(const ResourceId& id) {
  const auto end = id.key().rfind("/providers/");
  if (end == std::string::npos) return {};
  return ResourceId::parse(std::string_view(id.text()).substr(0, end)).value_or(ResourceId{});
}

// A member that may be left to a deployment; its reader asks no more of it.
std::string open_text(Builder& builder, const Spot& parent, std::string_view name,
                      std::vector<Unresolved>& open) {
  const Spot spot = parent.find(name);
  if (spot && is_unresolved(*spot.node)) {
    open.push_back({std::string(name), spot.node->text, spot.place()});
    return {};
  }
  return builder.text(parent, name);
}

// An id in a member; of a text that is none nothing follows.
ResourceId open_id(Builder& builder, const Spot& parent, std::string_view name,
                   std::vector<Unresolved>& open) {
  const std::string text = open_text(builder, parent, name, open);
  if (text.empty()) return {};
  auto id = ResourceId::parse(text);
  if (id) return std::move(*id);
  builder.warn(
      parent.find(name).place(),
      fmt::format("`{}` is not a resource id, expected `/subscriptions/…/providers/…`", text));
  return {};
}

LogChoice read_log(Builder& builder, const Spot& log, const Unknown& unknown) {
  LogChoice choice;
  choice.category = builder.text(log, "categoryGroup");
  choice.is_group = !choice.category.empty();
  if (!choice.is_group) choice.category = builder.text(log, "category");
  choice.enabled = builder.boolean(log, "enabled").value_or(false);
  choice.unknown = unknown;
  return choice;
}

void read_logs(Builder& builder, const Spot& properties, DiagnosticSetting& setting) {
  if (builder.leave_open(properties.find("logs"), "logs", setting.unresolved)) return;
  const Spot logs = builder.list(properties, "logs");
  const Unknown of_logs = setting.unknown.at("properties").at("logs");
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const Spot log = logs.item(i);
    if (builder.leave_open(log, "logs", setting.unresolved) ||
        builder.leave_open(log.find("enabled"), "logs", setting.unresolved) ||
        builder.leave_open(log.find("category"), "logs", setting.unresolved) ||
        builder.leave_open(log.find("categoryGroup"), "logs", setting.unresolved)) {
      continue;
    }
    setting.logs.push_back(read_log(builder, log, of_logs.item(i)));
  }
}

void enable_categories(Builder& builder, const DiagnosticSetting& setting) {
  const auto at = builder.perimeter_at.find(setting.scope.key());
  if (at == builder.perimeter_at.end()) return;
  auto& enabled = builder.environment.perimeters[at->second].enabled_log_categories;
  for (const LogChoice& log : setting.logs) {
    const auto same = [&](const std::string& word) { return iequals(word, log.category); };
    const bool is_new = log.enabled && !log.category.empty() && std::ranges::none_of(enabled, same);
    if (is_new) enabled.push_back(log.category);
  }
}

void build_setting(Builder& builder, const ResourceDocument& document) {
  const Spot body = body_of(document);
  const Spot properties = builder.properties(body);
  DiagnosticSetting setting;
  setting.name = document.name;
  setting.id = document.id;
  setting.scope = scope_in(document.id);
  setting.place = body.place();
  setting.unknown = builder.unknown(document, kDiagnosticSettingShape);
  auto& open = setting.unresolved;
  setting.storage_account = open_id(builder, properties, "storageAccountId", open);
  setting.workspace = open_id(builder, properties, "workspaceId", open);
  setting.event_hub_rule = open_id(builder, properties, "eventHubAuthorizationRuleId", open);
  setting.event_hub = open_text(builder, properties, "eventHubName", open);
  read_logs(builder, properties, setting);
  enable_categories(builder, setting);
  builder.environment.diagnostic_settings.push_back(std::move(setting));
}

// Of principal_expression().
ResourceId owner_in(std::string_view expression) {
  constexpr std::string_view kBegin = "[reference('";
  if (!expression.starts_with(kBegin) || !expression.ends_with(".principalId]")) return {};
  expression.remove_prefix(kBegin.size());
  return ResourceId::parse(expression.substr(0, expression.find('\''))).value_or(ResourceId{});
}

void read_principal(Builder& builder, const Spot& properties, RoleAssignment& assignment) {
  assignment.principal = open_text(builder, properties, "principalId", assignment.unresolved);
  assignment.principal_type = builder.text(properties, "principalType");
  const Unresolved* open = find_unresolved(assignment.unresolved, "principalId");
  if (open != nullptr) assignment.principal_of = owner_in(open->expression);
}

void read_role(Builder& builder, const Spot& properties, RoleAssignment& assignment) {
  const std::string id = open_text(builder, properties, "roleDefinitionId", assignment.unresolved);
  assignment.role = Guid::parse(std::string_view(id).substr(id.rfind('/') + 1));
  assignment.role_name =
      open_text(builder, properties, "roleDefinitionName", assignment.unresolved);
  const BuiltInRole* named = assignment.role ? nullptr : find_role(assignment.role_name);
  if (named != nullptr) assignment.role = named->id;
}

// az prints the scope beside the other members, REST inside; either way the id holds it too.
void read_scope(Builder& builder, const Spot& body, const Spot& properties,
                RoleAssignment& assignment) {
  assignment.scope = scope_in(assignment.id);
  for (const Spot& holder : {body, properties}) {
    const std::string text = open_text(builder, holder, "scope", assignment.unresolved);
    if (const auto id = ResourceId::parse(text)) assignment.scope = *id;
  }
}

void build_assignment(Builder& builder, const ResourceDocument& document) {
  const Spot body = body_of(document);
  const Spot properties = builder.properties(body);
  RoleAssignment assignment;
  assignment.name = document.name;
  assignment.id = document.id;
  assignment.place = body.place();
  assignment.unknown = builder.unknown(document, kRoleAssignmentShape);
  read_scope(builder, body, properties, assignment);
  read_role(builder, properties, assignment);
  read_principal(builder, properties, assignment);
  builder.environment.role_assignments.push_back(std::move(assignment));
}

bool is_inside(const std::string& key, const std::string& scope) {
  return key.starts_with(scope) && (key.size() == scope.size() || key[scope.size()] == '/');
}

}  // namespace

void build_diagnostic_settings(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kDiagnosticSetting)) {
    build_setting(builder, *document);
  }
}

void build_role_assignments(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kRoleAssignment)) {
    build_assignment(builder, *document);
  }
}

bool reaches(const RoleAssignment& assignment, const ResourceId& resource) {
  const std::string& scope = assignment.scope.key();
  return find_unresolved(assignment.unresolved, "scope") != nullptr || scope.empty() ||
         scope.contains("/managementgroups/") || is_inside(resource.key(), scope) ||
         is_inside(scope, resource.key());
}

std::string principal_expression(const ResourceId& of) {
  const bool lent = iequals(of.type(), types::kUserAssignedIdentity);
  return fmt::format("[reference('{}').{}principalId]", of.text(), lent ? "" : "identity.");
}

bool acts_as(const Resource& resource, const RoleAssignment& assignment) {
  return std::ranges::any_of(resource.identities, [&](const ManagedIdentity& identity) {
    return (!assignment.principal_of.empty() && identity.of == assignment.principal_of) ||
           (!identity.principal.empty() && iequals(identity.principal, assignment.principal));
  });
}

}  // namespace nsp

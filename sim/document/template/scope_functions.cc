// Functions that ask where a deployment goes: ids of resources, the subscription, the group.
//
// An id is made from types and names alone, so it is known before anything is deployed. What only
// Azure can answer (`list…`, `providers`, `pickZones`) is unresolved.

#include <array>
#include <initializer_list>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/template/arguments.h"

namespace nsp {
namespace {

std::string subscription_id(const DeploymentFacts& facts) {
  return fmt::format("/subscriptions/{}", facts.subscription);
}
std::string group_id(const DeploymentFacts& facts) {
  return fmt::format("{}/resourceGroups/{}", subscription_id(facts), facts.resource_group);
}

// `/providers/NAMESPACE/type/name/type/name…` from `Namespace/type/type` and as many names.
std::expected<std::string, std::string> provider_path(const Call& call, std::size_t type_at) {
  const auto type = string_argument(call, type_at);
  if (!type) return NotThis(type.error());
  const auto segments = split(*type, '/');
  const std::size_t names = call.size() - type_at - 1;
  if (segments.size() < 2 || segments.size() - 1 != names) {
    return NotThis(fmt::format("type `{}` takes {} name{}, found {}", *type, segments.size() - 1,
                               segments.size() == 2 ? "" : "s", names));
  }
  std::string path = fmt::format("/providers/{}", segments.front());
  for (std::size_t i = 0; i < names; ++i) {
    const auto name = string_argument(call, type_at + 1 + i);
    if (!name) return NotThis(name.error());
    path += fmt::format("/{}/{}", segments[i + 1], *name);
  }
  return path;
}

// The first argument that is a type, `Namespace/type`: before it stand a subscription and a group.
std::size_t type_position(const Call& call, std::size_t most_before) {
  for (std::size_t i = 0; i <= most_before && i < call.size(); ++i) {
    if (call[i].is_string() && call[i].text.find('/') != std::string::npos) return i;
  }
  return 0;
}

// resourceId([subscription,] [group,] type, names…), or resourceId('symbol').
FunctionResult run_resource_id(const Call& call) {
  if (call.size() == 1) {
    const auto symbol = string_argument(call, 0);
    if (!symbol) return NotThis(symbol.error());
    std::string id = call.scope.id_of_symbol(*symbol);
    if (id.empty()) return NotThis(fmt::format("no resource has the symbolic name `{}`", *symbol));
    return give(call, std::move(id));
  }
  const std::size_t type_at = type_position(call, 2);
  const auto path = provider_path(call, type_at);
  if (!path) return NotThis(path.error());
  DeploymentFacts at = call.scope.facts();
  const bool in_group = at.level == DeploymentFacts::Level::Group;
  if (type_at == 2) at.subscription = call[0].text;
  if (type_at == 1 && !in_group) at.subscription = call[0].text;
  if (type_at == 2 || (type_at == 1 && in_group)) at.resource_group = call[type_at - 1].text;
  if (in_group || type_at == 2) return give(call, group_id(at) + *path);
  const bool subscribed = at.level == DeploymentFacts::Level::Subscription || type_at == 1;
  return give(call, (subscribed ? subscription_id(at) : std::string()) + *path);
}

FunctionResult run_subscription_resource_id(const Call& call) {
  const std::size_t type_at = type_position(call, 1);
  const auto path = provider_path(call, type_at);
  if (!path) return NotThis(path.error());
  DeploymentFacts at = call.scope.facts();
  if (type_at == 1) at.subscription = call[0].text;
  return give(call, subscription_id(at) + *path);
}

FunctionResult run_tenant_resource_id(const Call& call) {
  auto path = provider_path(call, 0);
  if (!path) return NotThis(path.error());
  return give(call, *std::move(path));
}

FunctionResult run_extension_resource_id(const Call& call) {
  const auto base = string_argument(call, 0);
  if (!base) return NotThis(base.error());
  const auto path = provider_path(call, 1);
  if (!path) return NotThis(path.error());
  return give(call, std::string(*base) + *path);
}

FunctionResult run_management_group_resource_id(const Call& call) {
  const std::size_t type_at = type_position(call, 1);
  const auto path = provider_path(call, type_at);
  if (!path) return NotThis(path.error());
  const std::string group = type_at == 1 ? call[0].text : call.scope.facts().management_group;
  return give(call,
              fmt::format("/providers/Microsoft.Management/managementGroups/{}{}", group, *path));
}

using TextPair = std::pair<std::string_view, std::string_view>;

Node texts(const Call& call, std::initializer_list<TextPair> members) {
  Node out = Node::object(call.where);
  for (const auto& [name, text] : members) {
    out.add(std::string(name), string_node(std::string(text), call.where));
  }
  return out;
}

FunctionResult run_subscription(const Call& call) {
  const DeploymentFacts& facts = call.scope.facts();
  Node out = texts(call, {{"id", subscription_id(facts)},
                          {"subscriptionId", facts.subscription},
                          {"tenantId", facts.tenant}});
  out.add("displayName", Node::unresolved("[subscription().displayName]", call.where));
  return give(std::move(out));
}

FunctionResult run_resource_group(const Call& call) {
  const DeploymentFacts& facts = call.scope.facts();
  Node out = texts(call, {{"id", group_id(facts)},
                          {"name", facts.resource_group},
                          {"type", "Microsoft.Resources/resourceGroups"},
                          {"location", facts.location}});
  out.add("tags", Node::object(call.where));
  return give(std::move(out));
}

FunctionResult run_tenant(const Call& call) {
  return give(texts(call, {{"tenantId", call.scope.facts().tenant}}));
}

FunctionResult run_management_group(const Call& call) {
  return give(texts(call, {{"name", call.scope.facts().management_group}}));
}

FunctionResult run_deployment(const Call& call) {
  const DeploymentFacts& facts = call.scope.facts();
  Node out = texts(call, {{"name", facts.name}, {"location", facts.location}});
  Node& properties = out.add("properties", Node::object(call.where));
  Node& link = properties.add("templateLink", Node::object(call.where));
  link.add("uri", Node::unresolved("[deployment().properties.templateLink.uri]", call.where));
  return give(std::move(out));
}

// The public cloud, by its documented values.
FunctionResult run_environment(const Call& call) {
  Node out =
      texts(call, {{"name", "AzureCloud"}, {"resourceManager", "https://management.azure.com/"}});
  out.add("suffixes", texts(call, {{"storage", "core.windows.net"},
                                   {"keyvaultDns", ".vault.azure.net"},
                                   {"sqlServerHostname", ".database.windows.net"},
                                   {"acrLoginServer", ".azurecr.io"}}));
  out.add("authentication", texts(call, {{"loginEndpoint", "https://login.microsoftonline.com/"},
                                         {"tenant", "common"}}));
  return give(std::move(out));
}

FunctionResult only_when_deployed(const Call& call) {
  return share(Node::unresolved(call.where.text, call.where));
}

constexpr std::array kScopeFunctions{
    Function{"deployer", 0, 0, only_when_deployed, true, "template-functions-deployment#deployer"},
    Function{"deployment", 0, 0, run_deployment, false, "template-functions-deployment#deployment"},
    Function{"environment", 0, 0, run_environment, false,
             "template-functions-deployment#environment"},
    Function{"extensionResourceId", 3, kAnyNumber, run_extension_resource_id, false,
             "template-functions-resource#extensionresourceid"},
    Function{"listAccountSas", 3, 4, only_when_deployed, true, "template-functions-resource#list"},
    Function{"listKeys", 1, 3, only_when_deployed, true, "template-functions-resource#list"},
    Function{"listSecrets", 1, 3, only_when_deployed, true, "template-functions-resource#list"},
    Function{"managementGroup", 0, 0, run_management_group, false,
             "template-functions-scope#managementgroup"},
    Function{"managementGroupResourceId", 2, kAnyNumber, run_management_group_resource_id, false,
             "template-functions-resource#managementgroupresourceid"},
    Function{"newGuid", 0, 0, only_when_deployed, true, "template-functions-string#newguid"},
    Function{"pickZones", 3, 5, only_when_deployed, true, "template-functions-resource#pickzones"},
    Function{"providers", 1, 2, only_when_deployed, true, "template-functions-resource#providers"},
    Function{"references", 1, 2, only_when_deployed, true,
             "template-functions-resource#references"},
    Function{"resourceGroup", 0, 0, run_resource_group, false,
             "template-functions-scope#resourcegroup"},
    Function{"resourceId", 1, kAnyNumber, run_resource_id, false,
             "template-functions-resource#resourceid"},
    Function{"subscription", 0, 0, run_subscription, false,
             "template-functions-scope#subscription"},
    Function{"subscriptionResourceId", 2, kAnyNumber, run_subscription_resource_id, false,
             "template-functions-resource#subscriptionresourceid"},
    Function{"tenant", 0, 0, run_tenant, false, "template-functions-scope#tenant"},
    Function{"tenantResourceId", 2, kAnyNumber, run_tenant_resource_id, false,
             "template-functions-resource#tenantresourceid"},
    Function{"toLogicalZone", 3, 3, only_when_deployed, true,
             "bicep-functions-resource#tologicalzone"},
    Function{"toLogicalZones", 3, 3, only_when_deployed, true,
             "bicep-functions-resource#tologicalzones"},
    Function{"toPhysicalZone", 3, 3, only_when_deployed, true,
             "bicep-functions-resource#tophysicalzone"},
    Function{"toPhysicalZones", 3, 3, only_when_deployed, true,
             "bicep-functions-resource#tophysicalzones"}};

}  // namespace

std::span<const Function> scope_functions() { return kScopeFunctions; }

}  // namespace nsp

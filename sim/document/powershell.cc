// What PowerShell's `… | ConvertTo-Json` prints of the Az cmdlets, back in the shape of REST.
//
// The cmdlets flatten `properties`, write names in PascalCase and lists in the singular, and put
// the path to a nested member into its name: `AddressPrefix`, `PrivateLinkResourceId`,
// `ProfileAccessRule`. ConvertTo-Json adds its own: below its depth (2 unless told otherwise) an
// object is what its ToString() gives, which of the newer cmdlets is JSON again and of everything
// else the name of a type; enumerations of the older cmdlets are numbers. Neither tells the value,
// and numbers differ between versions of one cmdlet (DefaultAction of Az.Storage: Deny was 0, then
// Allow), so both are left open, as values that only a better export tells.
//
// Source: MicrosoftDocs/azure-docs-powershell, Az.Network, Az.Search, Az.Storage, Az.EventHub.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/json.h"
#include "sim/document/readers.h"
#include "sim/document/types.h"

namespace nsp {
namespace {

struct Move {
  std::string_view from;
  std::string_view to;   // `networkSecurityPerimeter.id`: inside an object of that name
  bool is_list = false;  // of a list that holds one thing PowerShell may leave the thing alone
};

constexpr std::array kRuleMoves{
    Move{"AddressPrefix", "addressPrefixes", true},
    Move{"Subscription", "subscriptions", true},
    Move{"ServiceTag", "serviceTags", true},
    Move{"FullyQualifiedDomainName", "fullyQualifiedDomainNames", true},
    Move{"EmailAddress", "emailAddresses", true},
    Move{"PhoneNumber", "phoneNumbers", true},
    Move{"NetworkSecurityPerimeter", "networkSecurityPerimeters", true}};

constexpr std::array kAssociationMoves{Move{"HasProvisioningIssue", "hasProvisioningIssues"},
                                       Move{"PrivateLinkResourceId", "privateLinkResource.id"},
                                       Move{"ProfileId", "profile.id"}};

constexpr std::array kLinkMoves{Move{"LocalInboundProfile", "localInboundProfiles", true},
                                Move{"LocalOutboundProfile", "localOutboundProfiles", true},
                                Move{"RemoteInboundProfile", "remoteInboundProfiles", true},
                                Move{"RemoteOutboundProfile", "remoteOutboundProfiles", true}};

constexpr std::array kLoggingMoves{Move{"EnabledLogCategory", "enabledLogCategories", true}};

constexpr std::array kConfigurationMoves{
    Move{"NetworkSecurityPerimeterId", "networkSecurityPerimeter.id"},
    Move{"NetworkSecurityPerimeterGuid", "networkSecurityPerimeter.perimeterGuid"},
    Move{"NetworkSecurityPerimeterLocation", "networkSecurityPerimeter.location"},
    Move{"ProfileName", "profile.name"},
    Move{"ProfileAccessRule", "profile.accessRules", true},
    Move{"ProfileAccessRulesVersion", "profile.accessRulesVersion"},
    Move{"ProfileDiagnosticSettingsVersion", "profile.diagnosticSettingsVersion"},
    Move{"ProfileEnabledLogCategory", "profile.enabledLogCategories", true},
    Move{"ProvisioningIssue", "provisioningIssues", true},
    Move{"ResourceAssociationName", "resourceAssociation.name"},
    Move{"ResourceAssociationAccessMode", "resourceAssociation.accessMode"}};

constexpr std::array kIssueMoves{Move{"SuggestedAccessRule", "suggestedAccessRules", true},
                                 Move{"SuggestedResourceId", "suggestedResourceIds", true}};

constexpr std::array kSearchMoves{
    Move{"NetworkRuleSetIPRule", "networkRuleSet.ipRules", true},
    Move{"NetworkRuleSetBypass", "networkRuleSet.bypass"},
    Move{"PrivateEndpointConnection", "privateEndpointConnections", true},
    Move{"SharedPrivateLinkResource", "sharedPrivateLinkResources", true}};

constexpr std::array kAccountMoves{Move{"NetworkRuleSet", "networkAcls"}};

// Of every object. The identity stands beside `properties`.
constexpr std::array kCommonMoves{Move{"Tag", "tags"}, Move{"IdentityType", "identity.type"},
                                  Move{"IdentityPrincipalId", "identity.principalId"},
                                  Move{"IdentityTenantId", "identity.tenantId"},
                                  Move{"AccountType", "kind"}};

// Members that the cmdlets add and REST has not, or has as `systemData`.
constexpr std::array<std::string_view, 7> kAdded{
    "ResourceGroupName", "ResourceId", "StorageAccountName", "VaultName",
    "AccountName",       "Context",    "ExtendedProperties"};

// What REST says in a word; the older cmdlets have enumerations.
constexpr std::array<std::string_view, 10> kPowerShellWords{
    "direction", "accessMode", "publicNetworkAccess", "defaultAction", "bypass", "kind", "status",
    "type",      "action",     "provisioningState"};

bool is_exactly(const Node& object, std::string_view name) {
  return std::ranges::any_of(object.members,
                             [&](const Member& member) { return member.name == name; });
}

bool is_word_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::any_of(words, [&](std::string_view known) { return iequals(known, word); });
}

// Types in .NET's and objects in PowerShell's spelling: `System.Object[]`, `@{Id=…}`.
bool is_cut_off(std::string_view text) {
  for (const std::string_view start :
       {"System.Object", "System.Collections.", "System.String[]", "System.Management.Automation.",
        "Microsoft.Azure.PowerShell.Cmdlets.", "Microsoft.Azure.Commands.",
        "Microsoft.Azure.Management.", "@{"}) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

// An expression that reads as one wherever it is written again.
std::string open_text(std::string_view function, std::string_view text) {
  std::string argument(text);
  std::ranges::replace(argument, '`', '\'');
  return fmt::format("[{}({})]", function, argument);
}

void stand_at(Node& node, const Node& where) {
  node.file = where.file;
  node.line = where.line;
  node.column = where.column;
  for (Node& item : node.items) stand_at(item, where);
  for (Member& member : node.members) {
    member.line = where.line;
    member.column = where.column;
    stand_at(member.value, where);
  }
}

// The newer cmdlets' objects give JSON where they are cut off.
bool read_text_of_object(Node& node) {
  const std::string_view text = trim(node.text);
  if (!text.starts_with('{')) return false;
  auto parsed = parse_json(text, std::string());
  if (!parsed || !parsed->is_object()) return false;
  stand_at(*parsed, node);
  node = *std::move(parsed);
  return true;
}

void leave_open(Node& node, std::string_view function) {
  node = Node::unresolved(open_text(function, node.text), node);
}

// Recursion is bounded by kMaxDepth twice: of the file, and of a text inside it.
void open_values(Node& node, bool is_word) {
  if (node.is_string() && !read_text_of_object(node)) {
    if (is_cut_off(node.text)) leave_open(node, "cutOffByConvertToJson");
    return;
  }
  if (is_word && node.is(Node::Kind::Number)) return leave_open(node, "enumeration");
  for (Node& item : node.items) open_values(item, is_word);
  for (Member& member : node.members)
    open_values(member.value, is_word_of(kPowerShellWords, member.name));
}

Node as_list(Node value) {
  if (value.is_array() || value.is_null() || value.is_unresolved()) return value;
  Node list = Node::array(value);
  list.push(std::move(value));
  return list;
}

// An object member of that name, made where there is none.
Node& object_member(Node& parent, std::string_view name, const Node& where) {
  Node* found = parent.find(name);
  if (found != nullptr && found->is_object()) return *found;
  return parent.add(std::string(name), Node::object(where));
}

void put(Node& into, const Move& move, Node value) {
  if (move.is_list) value = as_list(std::move(value));
  const auto dot = move.to.find('.');
  if (dot == std::string_view::npos) {
    into.add(std::string(move.to), std::move(value));
    return;
  }
  const Node where = Node::object(value);
  object_member(into, move.to.substr(0, dot), where)
      .add(std::string(move.to.substr(dot + 1)), std::move(value));
}

// A member that has its REST name already stays.
void move_members(Node& object, std::span<const Move> moves) {
  std::vector<Member> all = std::exchange(object.members, {});
  for (Member& member : all) {
    const auto named = [&](const Move& move) { return iequals(move.from, member.name); };
    const auto found = std::ranges::find_if(moves, named);
    if (found == moves.end()) {
      object.members.push_back(std::move(member));
    } else if (!member.value.is_null()) {
      put(object, *found, std::move(member.value));
    }
  }
}

void move_in_items(Node* list, std::span<const Move> moves) {
  if (list == nullptr) return;
  for (Node& item : list->items) {
    move_members(item, moves);
    if (Node* properties = item.find("properties")) move_members(*properties, moves);
  }
}

void restore_configuration(Node& members) {
  move_members(members, kConfigurationMoves);
  if (Node* profile = members.find("profile"))
    move_in_items(profile->find("accessRules"), kRuleMoves);
  move_in_items(members.find("provisioningIssues"), kIssueMoves);
}

// `["203.0.113.7"]` to `[{"value": "203.0.113.7"}]`.
void wrap_items(Node& acls, std::string_view from, std::string_view to, std::string_view member) {
  for (Member& list : acls.members) {
    if (!iequals(list.name, from)) continue;
    list.name = to;
    for (Node& item : list.value.items) {
      Node object = Node::object(item);
      object.add(std::string(member), std::move(item));
      item = std::move(object);
    }
  }
}

void restore_acls(Node& members) {
  Node* acls = members.find("networkAcls");
  if (acls == nullptr) return;
  wrap_items(*acls, "IpAddressRanges", "ipRules", "value");
  wrap_items(*acls, "VirtualNetworkResourceIds", "virtualNetworkRules", "id");
  if (Node* rules = acls->find("ipRules")) {
    constexpr std::array kAddress{Move{"IpAddress", "value"}};
    move_in_items(rules, kAddress);
  }
}

// Flags, and the same in every version of Az.Storage.
void read_storage_bypass(Node& members) {
  Node* rules = members.find("networkRuleSet");
  Node* bypass = rules == nullptr ? nullptr : rules->find("bypass");
  if (bypass == nullptr || !bypass->is(Node::Kind::Number)) return;
  const long flags = std::strtol(bypass->text.c_str(), nullptr, 10);
  std::string words;
  const std::array<std::pair<long, std::string_view>, 3> kFlags{
      {{1, "Logging"}, {2, "Metrics"}, {4, "AzureServices"}}};
  for (const auto& [flag, word] : kFlags) {
    if ((flags & flag) != 0) words += (words.empty() ? "" : ", ") + std::string(word);
  }
  *bypass = Node::string(words.empty() ? "None" : words, *bypass);
}

std::span<const Move> moves_of(std::string_view type) {
  if (type == types::kAccessRule) return kRuleMoves;
  if (type == types::kAssociation) return kAssociationMoves;
  if (type == types::kLink || type == types::kLinkReference) return kLinkMoves;
  if (type == types::kLoggingConfiguration || type == types::kProfile) return kLoggingMoves;
  if (type == types::kSearch) return kSearchMoves;
  if (type == types::kCognitiveServices) return kAccountMoves;
  return {};
}

void drop_added(Node& body) {
  std::erase_if(body.members, [](const Member& member) {
    return is_word_of(kAdded, member.name) || member.name.starts_with("SystemData");
  });
}

// A number that says nothing, where a word would say little.
void drop_kind_number(Node& body) {
  std::erase_if(body.members, [](const Member& member) {
    return iequals(member.name, "Kind") && member.value.is(Node::Kind::Number);
  });
}

}  // namespace

bool is_powershell(const Node& body) {
  return body.is_object() && !is_exactly(body, "id") &&
         (is_exactly(body, "Id") || is_exactly(body, "ResourceId"));
}

const Node* powershell_id(const Node& body) {
  const Node* id = body.find("Id");
  return id != nullptr && id->is_string() && !id->text.empty() ? id : body.find("ResourceId");
}

void restore_powershell(Node& body, std::string_view type) {
  drop_added(body);
  if (type == types::kStorage) {
    drop_kind_number(body);
    read_storage_bypass(body);
  }
  open_values(body, false);
  move_members(body, kCommonMoves);
  Node* inside = body.find("properties");
  Node& members = inside != nullptr && inside->is_object() ? *inside : body;
  move_members(members, moves_of(type));
  if (types::ends_with_segment(type, types::kConfigurationSegment)) restore_configuration(members);
  restore_acls(members);
}

}  // namespace nsp

// A resource's own firewall, its private endpoint connections and its shared private links.
//
// Storage, Key Vault, Cognitive Services and most others: `networkAcls {defaultAction, bypass,
// ipRules, virtualNetworkRules, resourceAccessRules}`, absent means open. AI Search:
// `networkRuleSet {ipRules, bypass}`, where any rule shuts out the rest. The firewalls of other
// services are not read; where one may be there it is not known, and never taken for open.

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

constexpr std::array<std::string_view, 5> kBypassWords{"None", "Logging", "Metrics",
                                                       "AzureServices", "AzurePortal"};

// One word, or for Storage several with commas between.
void read_bypass(Builder& builder, const Spot& acls, Resource& resource) {
  const Spot spot = acls.find("bypass");
  const bool open = spot && is_unresolved(*spot.node);
  resource.firewall.trusted_services = !open && facts(resource.service).bypass_by_default;
  const std::string written = builder.text(acls, "bypass");
  if (written.empty()) return;
  resource.firewall.trusted_services = false;
  for (const std::string_view word : split_words(written, ',')) {
    if (!find_word(kBypassWords, word)) {
      builder.warn(
          acls.find("bypass").place(),
          fmt::format("`{}` is not a known `bypass`, expected `None`, `Logging`, `Metrics` "
                      "or `AzureServices`",
                      word));
    }
    if (iequals(word, "AzureServices")) resource.firewall.trusted_services = true;
  }
}

void read_default_action(Builder& builder, const Spot& acls, Firewall& firewall) {
  const std::string word = builder.text(acls, "defaultAction");
  if (word.empty() || iequals(word, "Allow")) return;
  firewall.default_allow = false;
  if (iequals(word, "Deny")) return;
  builder.warn(acls.find("defaultAction").place(),
               fmt::format("`{}` is not a known `defaultAction`, expected `Allow` or `Deny`: taken "
                           "as `Deny`",
                           word));
}

// Each rule is `{"value": …}`, or the bare text.
void read_ip_rules(Builder& builder, const Spot& acls, std::string_view name, Firewall& firewall) {
  const Spot rules = builder.list(acls, name);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Spot rule = rules.item(i);
    const Spot value = rule.node->is_object() ? rule.find("value") : rule;
    if (value && is_unresolved(*value.node)) continue;
    if (!value || !value.node->is_string()) {
      builder.error(rule.place(), "expected an IP rule: `{\"value\":\"203.0.113.0/24\"}`");
    } else if (value.node->text.empty()) {
      builder.warn(value.place(), "an empty IP rule is ignored");
    } else if (auto prefix = builder.prefix(value)) {
      firewall.ip_rules.push_back(std::move(*prefix));
    }
  }
}

// The ids of `{"member": id}` in a list, each with its place.
std::vector<NamedSubnet> read_id_rules(Builder& builder, const Spot& acls, std::string_view name,
                                       std::string_view member) {
  const Spot rules = builder.list(acls, name);
  std::vector<NamedSubnet> out;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (is_unresolved(*rules.item(i).node)) continue;
    const Spot written = rules.item(i).find(member);
    if (auto id = builder.reference(rules.item(i), member)) {
      out.push_back({std::move(*id), written.place()});
    } else if (!written) {
      builder.error(rules.item(i).place(), fmt::format("expected a rule with an `{}`", member));
    } else if (written.node->is_string() && written.node->text.empty()) {
      builder.warn(written.place(), "an empty rule is ignored");
    }
  }
  return out;
}

// The whole firewall is not known now.
bool leave_firewall_open(Builder& builder, const Spot& properties, std::string_view name,
                         Firewall& firewall) {
  if (!builder.leave_open(properties.find(name), name, firewall.unresolved)) return false;
  firewall.known = false;
  return true;
}

// The members of `acls` that are not known now. What they could admit stays open.
void leave_members_open(Builder& builder, const Spot& acls, Firewall& firewall) {
  (void)builder.leave_open(acls.find("bypass"), "bypass", firewall.unresolved);
  if (builder.leave_open(acls.find("defaultAction"), "defaultAction", firewall.unresolved)) {
    firewall.default_allow = false;
  }
  for (const std::string_view list :
       {"ipRules", "ipv6Rules", "virtualNetworkRules", "resourceAccessRules"}) {
    builder.leave_elements_open(acls, list, firewall.unresolved);
  }
}

void read_search_firewall(Builder& builder, const Spot& properties, Resource& resource) {
  Firewall& firewall = resource.firewall;
  if (leave_firewall_open(builder, properties, "networkRuleSet", firewall)) return;
  const Spot rules = builder.object(properties, "networkRuleSet");
  leave_members_open(builder, rules, firewall);
  read_bypass(builder, rules, resource);
  read_ip_rules(builder, rules, "ipRules", firewall);
  // A list with something in it closes the service, whatever could be understood of it.
  firewall.default_allow = rules.find("ipRules").size() == 0 &&
                           find_unresolved(firewall.unresolved, "ipRules") == nullptr;
}

void read_acls(Builder& builder, const Spot& acls, Resource& resource) {
  Firewall& firewall = resource.firewall;
  leave_members_open(builder, acls, firewall);
  read_bypass(builder, acls, resource);
  read_default_action(builder, acls, firewall);
  read_ip_rules(builder, acls, "ipRules", firewall);
  read_ip_rules(builder, acls, "ipv6Rules", firewall);
  for (NamedSubnet& subnet : read_id_rules(builder, acls, "virtualNetworkRules", "id")) {
    firewall.subnet_rules.push_back(subnet.id);
    builder.named_subnets.push_back(std::move(subnet));
  }
  for (NamedSubnet& instance : read_id_rules(builder, acls, "resourceAccessRules", "resourceId")) {
    firewall.instance_rules.push_back(std::move(instance.id));
  }
}

// By these names services close themselves in their own ways. `false`, `[]` and the like say
// nothing.
constexpr std::array<std::string_view, 9> kClosingMembers{
    "ipRules",        "ipRangeFilter",   "virtualNetworkRules", "isVirtualNetworkFilterEnabled",
    "networkRuleSet", "networkRuleSets", "firewallRules",       "ipSecurityRestrictions",
    "vnetRules"};

bool says_something(const Spot& spot) {
  if (!spot || (spot.node->is(Node::Kind::Bool) && !spot.node->boolean)) return false;
  return spot.node->is(Node::Kind::Bool) || !spot.node->items.empty() ||
         !spot.node->members.empty() || !spot.node->text.empty();
}

// A rule that we cannot read may admit or shut out anybody (G-10).
void find_closing_members(Builder& builder, const Spot& properties, Resource& resource) {
  for (const std::string_view name : kClosingMembers) {
    const Spot spot = properties.find(name);
    if (!says_something(spot)) continue;
    resource.firewall.known = false;
    builder.warn(spot.place(), fmt::format("`{}` of `{}` is not read: the resource's own firewall "
                                           "is not known",
                                           name, resource.arm_type));
  }
}

void find_own_documents(Builder& builder, Resource& resource) {
  resource.firewall.known = false;
  builder.warn(resource.place,
               fmt::format("`{}` of `{}` are documents of their own, which are not "
                           "read: the resource's own firewall is not known",
                           facts(resource.service).firewall_name, resource.arm_type));
}

}  // namespace

void read_firewall(Builder& builder, const Spot& properties, Resource& resource) {
  const FirewallForm form = facts(resource.service).firewall;
  if (form == FirewallForm::RuleSet) return read_search_firewall(builder, properties, resource);
  if (leave_firewall_open(builder, properties, "networkAcls", resource.firewall)) return;
  const Spot acls = builder.object(properties, "networkAcls");
  read_acls(builder, acls, resource);
  // The plain shape says it of any resource in these words.
  if (acls) return;
  if (form == FirewallForm::OtherMembers) find_closing_members(builder, properties, resource);
  if (form == FirewallForm::OwnDocuments) find_own_documents(builder, resource);
}

PrivateConnection read_connection(Builder& builder, const Spot& body, Unknown unknown) {
  PrivateConnection connection;
  connection.unknown = std::move(unknown);
  connection.name = builder.text(body, "name");
  const Spot properties = builder.properties(body);
  connection.endpoint = builder.reference(properties, "privateEndpoint").value_or(ResourceId{});
  for (const Spot& group : builder.strings(properties, "groupIds")) {
    connection.groups.push_back(group.node->text);
  }
  const std::string group = builder.text(properties, "groupId");
  if (!group.empty()) connection.groups.push_back(group);
  const Spot state = builder.object(properties, "privateLinkServiceConnectionState");
  connection.status = builder.status(state, ConnectionStatus::Unknown);
  return connection;
}

SharedPrivateLink read_shared_link(Builder& builder, const Spot& body, Unknown unknown) {
  SharedPrivateLink link;
  link.unknown = std::move(unknown);
  link.name = builder.text(body, "name");
  const Spot properties = builder.properties(body);
  link.target = builder.reference(properties, "privateLinkResourceId").value_or(ResourceId{});
  link.group = builder.text(properties, "groupId");
  link.status = builder.status(properties, ConnectionStatus::Unknown);
  return link;
}

}  // namespace nsp

// A resource's own firewall, its private endpoint connections and its shared private links.
//
// Storage, Key Vault, Cognitive Services and most others: `networkAcls {defaultAction, bypass,
// ipRules, virtualNetworkRules, resourceAccessRules}`, absent means open. AI Search:
// `networkRuleSet {ipRules, bypass}`, where any rule shuts out the rest.

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
  resource.firewall.trusted_services = facts(resource.service).bypass_by_default;
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
    if (!value || !value.node->is_string()) {
      builder.error(rule.place(), "expected an IP rule: `{\"value\":\"203.0.113.0/24\"}`");
    } else if (value.node->text.empty()) {
      builder.warn(value.place(), "an empty IP rule is ignored");
    } else if (auto prefix = builder.prefix(value)) {
      firewall.ip_rules.push_back(std::move(*prefix));
    }
  }
}

void read_id_rules(Builder& builder, const Spot& acls, std::string_view name,
                   std::string_view member, std::vector<ResourceId>& out) {
  const Spot rules = builder.list(acls, name);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (auto id = builder.reference(rules.item(i), member)) {
      out.push_back(std::move(*id));
    } else if (!rules.item(i).find(member)) {
      builder.error(rules.item(i).place(), fmt::format("expected a rule with an `{}`", member));
    }
  }
}

void read_search_firewall(Builder& builder, const Spot& properties, Resource& resource) {
  const Spot rules = builder.object(properties, "networkRuleSet");
  read_bypass(builder, rules, resource);
  read_ip_rules(builder, rules, "ipRules", resource.firewall);
  // A list with something in it closes the service, whatever could be understood of it.
  resource.firewall.default_allow = rules.find("ipRules").size() == 0;
}

}  // namespace

void read_firewall(Builder& builder, const Spot& properties, Resource& resource) {
  if (resource.service == Service::Search) {
    return read_search_firewall(builder, properties, resource);
  }
  Firewall& firewall = resource.firewall;
  const Spot acls = builder.object(properties, "networkAcls");
  read_bypass(builder, acls, resource);
  read_default_action(builder, acls, firewall);
  read_ip_rules(builder, acls, "ipRules", firewall);
  read_ip_rules(builder, acls, "ipv6Rules", firewall);
  read_id_rules(builder, acls, "virtualNetworkRules", "id", firewall.subnet_rules);
  read_id_rules(builder, acls, "resourceAccessRules", "resourceId", firewall.instance_rules);
}

PrivateConnection read_connection(Builder& builder, const Spot& body) {
  PrivateConnection connection;
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

SharedPrivateLink read_shared_link(Builder& builder, const Spot& body) {
  SharedPrivateLink link;
  link.name = builder.text(body, "name");
  const Spot properties = builder.properties(body);
  link.target = builder.reference(properties, "privateLinkResourceId").value_or(ResourceId{});
  link.group = builder.text(properties, "groupId");
  link.status = builder.status(properties, ConnectionStatus::Unknown);
  return link;
}

}  // namespace nsp

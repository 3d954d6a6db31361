// Environments as lists of objects with settings: what diff_configurations() compares.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "sim/analysis/configuration_diff.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

// Builds the settings of one object; what says nothing is left out.
class Settings {
 public:
  Settings& value(std::string name, std::string text) {
    if (!text.empty()) all_.push_back({std::move(name), {std::move(text)}, false});
    return *this;
  }
  Settings& flag(std::string name, bool on) {
    return value(std::move(name), on ? "true" : "false");
  }
  Settings& flag(std::string name, std::optional<bool> on) {
    return on ? flag(std::move(name), *on) : *this;
  }

  template <class List, class ToText>
  Settings& list(std::string name, const List& items, ToText to_text) {
    std::vector<std::string> texts;
    for (const auto& item : items) texts.push_back(std::string(to_text(item)));
    std::ranges::sort(texts);
    texts.erase(std::ranges::unique(texts).begin(), texts.end());
    if (!texts.empty()) all_.push_back({std::move(name), std::move(texts), true});
    return *this;
  }

  // A setting that only a deployment tells stands in place of its value.
  Settings& unresolved(const std::vector<Unresolved>& open, std::string_view prefix = {}) {
    for (const Unresolved& one : open) {
      const std::string name = fmt::format("{}{}", prefix, one.setting);
      const auto known = std::ranges::find(all_, name, &Setting::name);
      if (known == all_.end()) {
        all_.push_back({name, {one.expression}, false});
      } else if (known->is_list) {
        known->values.insert(std::ranges::upper_bound(known->values, one.expression),
                             one.expression);
      } else {
        known->values = {one.expression};
      }
    }
    return *this;
  }

  [[nodiscard]] std::vector<Setting> take() { return std::move(all_); }

 private:
  std::vector<Setting> all_;
};

std::string text(const std::string& same) { return same; }
std::string text_of_prefix(const WrittenPrefix& written) { return to_string(written.prefix); }
std::string text_of_pattern(const DomainPattern& pattern) { return to_string(pattern); }
std::string text_of_address(const IpAddress& address) { return to_string(address); }
std::string text_of_subnet(const ResourceId& id) {
  return fmt::format("{}/{}", id.parent().name(), id.name());
}
std::string text_of_id(const ResourceId& id) { return id.text(); }

class FactGatherer {
 public:
  explicit FactGatherer(const Environment& env) : env_(env), names_(display_names(env)) {}

  std::vector<ConfiguredObject> run() {
    for (const Perimeter& perimeter : env_.perimeters) add(perimeter);
    for (const Association& association : env_.associations) add(association);
    for (const PerimeterLink& link : env_.links) add(link);
    for (Index i = 0; i < env_.resources.size(); ++i) add(env_.resources[i], names_[i]);
    for (const VirtualNetwork& network : env_.networks) {
      put(ObjectKind::VirtualNetwork, network.name, network.id.key(), network.place, {});
    }
    for (const Subnet& subnet : env_.subnets) add(subnet);
    for (const PrivateEndpoint& endpoint : env_.private_endpoints) add(endpoint);
    for (const PrivateDnsZone& zone : env_.zones) add(zone);
    for (const auto& [tag, prefixes] : env_.service_tags) {
      put(ObjectKind::ServiceTag, tag, tag, {},
          Settings().list("addressPrefixes", prefixes,
                          [](const IpPrefix& p) { return to_string(p); }));
    }
    std::ranges::stable_sort(
        all_, {}, [](const ConfiguredObject& object) { return std::tie(object.kind, object.key); });
    return std::move(all_);
  }

 private:
  void put(ObjectKind kind, std::string name, std::string key, const Place& place,
           Settings settings) {
    all_.push_back({kind, std::move(name), std::move(key), place, settings.take()});
  }

  void add(const Perimeter& perimeter) {
    Settings settings;
    settings.value("location", lower(perimeter.location));
    if (!perimeter.guid_is_made) settings.value("perimeterGuid", to_string(perimeter.guid));
    settings.list("enabledLogCategories", perimeter.enabled_log_categories, text);
    put(ObjectKind::Perimeter, perimeter.name, perimeter.id.key(), perimeter.place,
        std::move(settings));
    for (const Profile& profile : perimeter.profiles) {
      const std::string way = fmt::format("{}/{}", perimeter.name, profile.name);
      put(ObjectKind::Profile, way, profile.id.key(), profile.place, {});
      for (const AccessRule& rule : profile.rules) add(rule, profile, way);
    }
  }

  void add(const AccessRule& rule, const Profile& profile, const std::string& way) {
    Settings settings;
    settings.value("direction", std::string(to_string(rule.direction)))
        .list("addressPrefixes", rule.prefixes, text_of_prefix)
        .list("subscriptions", rule.subscriptions, [](const Guid& guid) { return to_string(guid); })
        .list("serviceTags", rule.service_tags, text)
        .list("fullyQualifiedDomainNames", rule.host_names, text_of_pattern)
        .unresolved(rule.unresolved);
    if (rule.derived_from_link) settings.flag("networkSecurityPerimeters", true);
    put(ObjectKind::Rule, fmt::format("{}/{}", way, rule.name),
        fmt::format("{}/accessrules/{}", profile.id.key(), lower(rule.name)), rule.place,
        std::move(settings));
  }

  void add(const Association& association) {
    const Perimeter& perimeter = env_.perimeters[association.perimeter];
    const std::string mode = association.mode_text.empty()
                                 ? std::string(to_string(association.mode))
                                 : association.mode_text;
    Settings settings;
    settings.value("resource", names_[association.resource])
        .value("profile", perimeter.profiles[association.profile].name)
        .value("accessMode", known_word(association.mode, mode))
        .unresolved(association.unresolved);
    put(ObjectKind::Association, fmt::format("{}/{}", perimeter.name, association.name),
        association.id.key(), association.place, std::move(settings));
  }

  // The canonical word of a value that is known: spellings are no difference.
  template <class E>
  static std::string known_word(E value, const std::string& written) {
    return value == E::Unknown ? written : std::string(to_string(value));
  }

  [[nodiscard]] Settings& end_of_link(Settings& settings, std::string_view side, Index perimeter,
                                      bool all, const std::vector<Index>& profiles) const {
    const Perimeter& end = env_.perimeters[perimeter];
    settings.value(fmt::format("{}Perimeter", side), end.name);
    if (all) return settings.list(fmt::format("{}Profiles", side), std::vector{"*"}, text);
    return settings.list(fmt::format("{}Profiles", side), profiles,
                         [&](Index profile) { return end.profiles[profile].name; });
  }

  void add(const PerimeterLink& link) {
    Settings settings;
    static_cast<void>(
        end_of_link(settings, "local", link.local, link.all_local_profiles, link.local_profiles));
    static_cast<void>(end_of_link(settings, "remote", link.remote, link.all_remote_profiles,
                                  link.remote_profiles));
    settings.value("status", std::string(to_string(link.status)));
    const Perimeter& local = env_.perimeters[link.local];
    put(ObjectKind::Link, fmt::format("{}/{}", local.name, link.name),
        fmt::format("{}/links/{}", local.id.key(), lower(link.name)), link.place,
        std::move(settings));
  }

  void add(const Resource& resource, const std::string& name) {
    Settings settings;
    settings.value("type", type_of(resource))
        .value("kind", resource.kind)
        .value("location", lower(resource.location));
    if (!resource.described) {
      return put(ObjectKind::Resource, name, resource.id.key(), resource.place,
                 std::move(settings.value("described", "only by its association")));
    }
    settings
        .value("publicNetworkAccess",
               known_word(resource.public_network_access, resource.public_network_access_text))
        .flag("identity", resource.identity);
    add_firewall(resource, settings);
    if (has_egress_limit(resource)) {
      settings.flag("restrictOutboundNetworkAccess", resource.restrict_outbound)
          .list("hostNames", resource.host_names, [](const DomainName& h) { return h.text(); });
    }
    settings.list("allowedFqdnList", resource.allowed_fqdns, text_of_pattern)
        .flag("allowSharedKeyAccess", resource.shared_key_access)
        .flag("disableLocalAuth", resource.local_auth_disabled)
        .list("privateEndpointConnections", resource.private_connections,
              [](const PrivateConnection& c) {
                return fmt::format("{} {}", c.name, to_string(c.status));
              })
        .list("sharedPrivateLinkResources", resource.shared_private_links,
              [](const SharedPrivateLink& link) {
                return fmt::format("{} to {} {}", link.name, link.target.name(),
                                   to_string(link.status));
              })
        .unresolved(resource.unresolved);
    put(ObjectKind::Resource, name, resource.id.key(), resource.place, std::move(settings));
  }

  static std::string type_of(const Resource& resource) {
    const std::string_view known = facts(resource.service).arm_type;
    return known.empty() ? lower(resource.arm_type) : std::string(known);
  }

  // Its names come of a setting of its own, `customSubDomainName`.
  static bool has_egress_limit(const Resource& resource) {
    return resource.restrict_outbound || resource.service == Service::Foundry ||
           resource.service == Service::OpenAi || resource.service == Service::CognitiveServices;
  }

  static void add_firewall(const Resource& resource, Settings& settings) {
    const Firewall& firewall = resource.firewall;
    const FirewallForm form = facts(resource.service).firewall;
    if (!firewall.known) {
      settings.value("firewall", "not known").unresolved(firewall.unresolved);
      return;
    }
    if (form == FirewallForm::None) return;
    const std::string_view part =
        form == FirewallForm::RuleSet ? "networkRuleSet." : "networkAcls.";
    const auto name = [&](std::string_view setting) { return fmt::format("{}{}", part, setting); };
    // AI Search has none: its rules shut out the rest.
    if (form != FirewallForm::RuleSet) {
      settings.value(name("defaultAction"), firewall.default_allow ? "Allow" : "Deny");
    }
    settings.value(name("bypass"), firewall.trusted_services ? "AzureServices" : "None")
        .list(name("ipRules"), firewall.ip_rules, text_of_prefix)
        .list(name("virtualNetworkRules"), firewall.subnet_rules, text_of_subnet)
        .list(name("resourceAccessRules"), firewall.instance_rules, text_of_id)
        .unresolved(firewall.unresolved, part);
  }

  void add(const Subnet& subnet) {
    const VirtualNetwork* network =
        subnet.network == kNone ? nullptr : &env_.networks[subnet.network];
    put(ObjectKind::Subnet, fmt::format("{}/{}", subnet.id.parent().name(), subnet.name),
        subnet.id.key(), network == nullptr ? Place{} : network->place,
        std::move(Settings().list("serviceEndpoints", subnet.service_endpoints, text)));
  }

  // An endpoint to several resources is one object a connection.
  void add(const PrivateEndpoint& endpoint) {
    Settings settings;
    if (endpoint.subnet != kNone) {
      settings.value("subnet", text_of_subnet(env_.subnets[endpoint.subnet].id));
    }
    const std::string resource =
        endpoint.resource == kNone ? std::string() : names_[endpoint.resource];
    settings.value("resource", resource)
        .list("groupIds", endpoint.groups, text)
        .value("status", std::string(to_string(endpoint.status)))
        .list("addresses", endpoint.addresses, text_of_address);
    put(ObjectKind::PrivateEndpoint, endpoint.name,
        fmt::format("{} {}", endpoint.id.key(), lower(resource)), endpoint.place,
        std::move(settings));
  }

  void add(const PrivateDnsZone& zone) {
    Settings settings;
    settings
        .list("records", zone.records,
              [](const DnsRecord& record) {
                std::string line = record.label;
                for (const IpAddress& address : record.addresses) line += ' ' + to_string(address);
                return line;
              })
        .list("virtualNetworkLinks", zone.networks,
              [&](Index network) { return env_.networks[network].name; });
    put(ObjectKind::Zone, zone.name.text(), zone.id.empty() ? zone.name.text() : zone.id.key(),
        zone.place, std::move(settings));
  }

  const Environment& env_;
  std::vector<std::string> names_;
  std::vector<ConfiguredObject> all_;
};

}  // namespace

std::vector<ConfiguredObject> configured_objects(const Environment& environment) {
  return FactGatherer(environment).run();
}

}  // namespace nsp

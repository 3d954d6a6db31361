#include "sim/model/redact.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/base/text.h"
#include "sim/model/drift.h"
#include "sim/model/roles.h"

namespace nsp {
namespace {

constexpr std::string_view kDropped = "value that the model does not know, dropped by redaction";

std::size_t count_members(const Unknown& unknown) {
  std::size_t count = unknown.members.size();
  for (const UnknownPart& part : unknown.parts) count += count_members(part.inside);
  return count;
}

bool has_own_form(Service service) {
  const FirewallForm form = facts(service).firewall;
  return form == FirewallForm::OtherMembers;
}

// Redacts an environment in place, object by object.
class Redactor {
 public:
  explicit Redactor(const Redaction& redaction) : to_(redaction) {}

  void all(Environment& environment) {
    for (Perimeter& perimeter : environment.perimeters) in(perimeter);
    for (Association& association : environment.associations) in(association);
    for (EffectiveConfiguration& reported : environment.configurations) in(reported);
    for (PerimeterLink& link : environment.links) in(link);
    for (Resource& resource : environment.resources) in(resource);
    for (VirtualNetwork& network : environment.networks) named(network);
    for (Subnet& subnet : environment.subnets) in(subnet);
    for (PrivateEndpoint& endpoint : environment.private_endpoints) in(endpoint);
    for (PrivateDnsZone& zone : environment.zones) in(zone);
    for (DiagnosticSetting& setting : environment.diagnostic_settings) in(setting);
    for (RoleAssignment& assignment : environment.role_assignments) in(assignment);
    for (auto& [tag, prefixes] : environment.service_tags) {
      for (IpPrefix& prefix : prefixes) prefix = to_.prefix(prefix);
    }
    count(environment.ignored);
  }

 private:
  void drop(Unknown& unknown) {
    dropped_ += count_members(unknown);
    unknown = {};
  }

  void name(std::string& text) { text = to_.name(text); }
  void id(ResourceId& id) { id = to_.id(id); }

  void of_place(Place& place) { place = to_.place(place); }

  template <class Object>
  void named(Object& object) {
    name(object.name);
    id(object.id);
    drop(object.unknown);
    if constexpr (requires { object.place; }) of_place(object.place);
  }

  void in(std::vector<Unresolved>& unresolved) {
    for (Unresolved& one : unresolved) {
      expression(one.expression);
      of_place(one.place);
    }
  }

  void in(std::vector<WrittenPrefix>& prefixes) {
    for (WrittenPrefix& prefix : prefixes) in(prefix);
  }

  // A written text keeps its form: with host bits, with or without a length.
  void in(WrittenPrefix& written) {
    const auto slash = written.text.find('/');
    const auto address = IpAddress::parse(std::string_view(written.text).substr(0, slash));
    const bool has_host_bits = address && *address != written.prefix.network;
    const std::uint8_t length = written.prefix.length;
    written.prefix = to_.prefix(written.prefix);
    written.text = to_string(has_host_bits ? to_.address(*address) : written.prefix.network);
    if (!address || slash != std::string::npos) written.text += fmt::format("/{}", length);
  }

  void in(std::vector<IpAddress>& addresses) {
    for (IpAddress& address : addresses) address = to_.address(address);
  }

  void in(std::vector<DomainPattern>& patterns) {
    for (DomainPattern& pattern : patterns) pattern = to_.pattern(pattern);
  }

  void in(std::vector<ResourceId>& ids) {
    for (ResourceId& one : ids) id(one);
  }

  // Vocabulary stays, what only a deployment knows does not.
  void words(std::vector<std::string>& texts) {
    for (std::string& text : texts) word(text);
  }
  void word(std::string& text) {
    if (text.starts_with('[')) expression(text);
  }
  // A word that we do not know, or an expression.
  void written(std::string& text) {
    if (text.starts_with('[')) return expression(text);
    name(text);
  }
  // Still to be read as one: with a call or an access inside its brackets.
  void expression(std::string& text) {
    name(text);
    if (text.find_first_of("(.") != std::string::npos) return;
    std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
    text = fmt::format("[redacted('{}')]", text);
  }

  void in(AccessRule& rule) {
    name(rule.name);
    in(rule.prefixes);
    for (Guid& guid : rule.subscriptions) guid = to_.guid(guid);
    words(rule.service_tags);
    in(rule.host_names);
    in(rule.unresolved);
    of_place(rule.place);
    drop(rule.unknown);
  }

  void in(Perimeter& perimeter) {
    named(perimeter);
    perimeter.guid =
        perimeter.guid_is_made ? Guid::from_text(perimeter.id.key()) : to_.guid(perimeter.guid);
    word(perimeter.location);
    words(perimeter.enabled_log_categories);
    words(perimeter.configured_log_categories);
    drop(perimeter.unknown_logging);
    for (Profile& profile : perimeter.profiles) {
      named(profile);
      for (AccessRule& rule : profile.rules) in(rule);
    }
  }

  void in(Association& association) {
    named(association);
    if (association.mode == AccessMode::Unknown) written(association.mode_text);
    in(association.unresolved);
  }

  // States, versions and types of issues are Azure's words; a new one may still be an expression.
  void in(EffectiveConfiguration& reported) {
    named(reported);
    if (reported.perimeter_guid) reported.perimeter_guid = to_.guid(*reported.perimeter_guid);
    word(reported.perimeter_location);
    name(reported.profile);
    name(reported.association);
    for (AccessRule& rule : reported.rules) in(rule);
    if (reported.mode == AccessMode::Unknown) written(reported.mode_text);
    for (ProvisioningIssue& issue : reported.issues) in(issue);
    in(reported.unresolved);
    of_place(reported.perimeter_place);
    of_place(reported.profile_place);
    of_place(reported.association_place);
  }

  void in(ProvisioningIssue& issue) {
    name(issue.name);
    if (!issue.description.empty()) ++dropped_;
    issue.description.clear();
    of_place(issue.place);
    drop(issue.unknown);
  }

  void in(PerimeterLink& link) {
    name(link.name);
    if (!link.description.empty()) ++dropped_;
    link.description.clear();
    if (link.reference) {
      id(link.reference->id);
      drop(link.reference->unknown);
    }
    of_place(link.place);
    drop(link.unknown);
  }

  void in(Firewall& firewall) {
    in(firewall.unresolved);
    in(firewall.ip_rules);
    in(firewall.subnet_rules);
    in(firewall.instance_rules);
  }

  void in(Resource& resource) {
    named(resource);
    resource.arm_type = to_.type(resource.arm_type);
    if (resource.subscription) resource.subscription = to_.guid(*resource.subscription);
    words_of(resource);
    in(resource.firewall);
    for (PrivateConnection& connection : resource.private_connections) {
      name(connection.name);
      id(connection.endpoint);
      words(connection.groups);
      drop(connection.unknown);
    }
    for (SharedPrivateLink& link : resource.shared_private_links) {
      name(link.name);
      id(link.target);
      word(link.group);
      drop(link.unknown);
    }
    for (ManagedIdentity& identity : resource.identities) {
      id(identity.of);
      name(identity.principal);
      name(identity.client);
    }
    word(resource.protocols.files_directory);
    for (FileShare& share : resource.protocols.shares) {
      named(share);
      word(share.protocols);
    }
    in(resource.allowed_fqdns);
    for (DomainName& host : resource.host_names) host = to_.host(host);
    in(resource.unresolved);
  }

  void words_of(Resource& resource) {
    word(resource.kind);
    word(resource.location);
    word(resource.identity_type);
    if (resource.public_network_access == PublicNetworkAccess::Unknown) {
      written(resource.public_network_access_text);
    }
    // Its firewall stands in a member that is dropped: that there is one must be told.
    const bool closed_elsewhere = resource.described && !resource.firewall.known &&
                                  resource.firewall.unresolved.empty() &&
                                  has_own_form(resource.service);
    if (!closed_elsewhere) return;
    Unknown properties;
    properties.members["firewallRules"] = "\"redacted\"";
    resource.unknown.parts.push_back({"properties", 0, std::move(properties)});
  }

  void in(Subnet& subnet) {
    named(subnet);
    words(subnet.service_endpoints);
  }

  void in(PrivateEndpoint& endpoint) {
    named(endpoint);
    words(endpoint.groups);
    in(endpoint.addresses);
    drop(endpoint.unknown_connection);
  }

  void in(PrivateDnsZone& zone) {
    const DomainName before = zone.name;
    zone.name = to_.host(zone.name);
    id(zone.id);
    for (DnsRecord& record : zone.records) {
      record.label = label(record.label, before, zone.name);
      in(record.addresses);
      drop(record.unknown);
    }
    for (ZoneLink& link : zone.links) {
      name(link.name);
      drop(link.unknown);
    }
    of_place(zone.place);
    drop(zone.unknown);
  }

  void in(DiagnosticSetting& setting) {
    named(setting);
    id(setting.scope);
    id(setting.storage_account);
    id(setting.workspace);
    id(setting.event_hub_rule);
    name(setting.event_hub);
    for (LogChoice& log : setting.logs) {
      word(log.category);
      drop(log.unknown);
    }
    in(setting.unresolved);
  }

  // A built-in role is everybody's; one's own is not.
  void in(RoleAssignment& assignment) {
    named(assignment);
    id(assignment.scope);
    const bool built_in = assignment.role && find_role(*assignment.role) != nullptr;
    if (assignment.role && !built_in) assignment.role = to_.guid(*assignment.role);
    if (!built_in) name(assignment.role_name);
    name(assignment.principal);
    id(assignment.principal_of);
    word(assignment.principal_type);
    in(assignment.unresolved);
    // Whose identity it is must still be read from it.
    for (Unresolved& one : assignment.unresolved) {
      if (one.setting == "principalId" && !assignment.principal_of.empty()) {
        one.expression = principal_expression(assignment.principal_of);
      }
    }
  }

  // As the whole name moves, without its zone.
  [[nodiscard]] std::string label(const std::string& text, const DomainName& zone,
                                  const DomainName& moved_zone) const {
    const auto whole = DomainName::parse(fmt::format("{}.{}", text, zone.text()));
    if (!whole) return to_.name(text);
    const std::string moved = to_.host(*whole).text();
    const std::string ending = '.' + moved_zone.text();
    return moved.ends_with(ending) ? moved.substr(0, moved.size() - ending.size()) : to_.name(text);
  }

  // Types of Microsoft and sentences stay; paths of members may hold anything.
  void count(std::map<std::string, std::size_t>& ignored) const {
    std::erase_if(ignored, [](const auto& entry) {
      return !lower(entry.first).starts_with("microsoft.") || entry.first.contains(' ');
    });
    if (dropped_ != 0) ignored[std::string(kDropped)] += dropped_;
  }

  const Redaction& to_;
  std::size_t dropped_ = 0;
};

}  // namespace

std::string own_key(const Environment& environment) {
  std::string key;
  const auto add = [&](std::string_view text) { (key += text) += '\n'; };
  for (const Perimeter& perimeter : environment.perimeters) {
    add(perimeter.id.key());
    add(to_string(perimeter.guid));
    for (const Profile& profile : perimeter.profiles) {
      for (const AccessRule& rule : profile.rules) {
        add(rule.name);
        for (const WrittenPrefix& prefix : rule.prefixes) add(prefix.text);
        for (const DomainPattern& pattern : rule.host_names) add(to_string(pattern));
      }
    }
  }
  for (const Resource& resource : environment.resources) {
    add(resource.id.key());
    for (const WrittenPrefix& prefix : resource.firewall.ip_rules) add(prefix.text);
  }
  for (const Subnet& subnet : environment.subnets) add(subnet.id.key());
  for (const PrivateEndpoint& endpoint : environment.private_endpoints) add(endpoint.id.key());
  return key;
}

Environment redact(const Environment& environment, const Redaction& redaction) {
  Environment redacted = environment;
  Redactor(redaction).all(redacted);
  return redacted;
}

// Sentences of drift name files: they are made anew.
BuildResult redact(const BuildResult& result, const Redaction& redaction) {
  BuildResult redacted{redact(result.environment, redaction), {}};
  for (const Diagnostic& diagnostic : without_drift(result)) {
    redacted.diagnostics.push_back(redaction.diagnostic(diagnostic));
  }
  for (Drift& drift : find_drift(redacted.environment)) {
    redacted.diagnostics.push_back(as_warning(std::move(drift)));
  }
  return redacted;
}

}  // namespace nsp

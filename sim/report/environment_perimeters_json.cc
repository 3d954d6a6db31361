// Perimeters and what belongs to them, as documents again.

#include <fmt/format.h>

#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/secrets.h"
#include "sim/report/environment_members.h"

namespace nsp {
namespace {

void write_rule_members(JsonWriter& json, const AccessRule& rule) {
  const std::vector<Unresolved>& unresolved = rule.unresolved;
  const Unresolved* direction = find_unresolved(unresolved, "direction");
  json.member("direction", direction != nullptr ? direction->expression
                                                : capitalised(to_string(rule.direction)));
  write_texts(json, "addressPrefixes",
              with_open(texts_of(rule.prefixes), "addressPrefixes", unresolved));
  std::vector<std::string> subscriptions;
  for (const Guid& guid : rule.subscriptions)
    subscriptions.push_back("/subscriptions/" + to_string(guid));
  write_objects(json, "subscriptions", "id",
                with_open(std::move(subscriptions), "subscriptions", unresolved),
                rule.unknown.at("properties").at("subscriptions"));
  write_texts(json, "serviceTags", with_open(rule.service_tags, "serviceTags", unresolved));
  write_patterns(json, "fullyQualifiedDomainNames", rule.host_names, unresolved);
}

void write_rule(JsonWriter& json, const Profile& profile, const AccessRule& rule) {
  open_resource(json, profile.id.child("accessRules", rule.name), types::kAccessRule);
  write_rule_members(json, rule);
  close_resource(json, rule.unknown);
}

void write_logging(JsonWriter& json, const Perimeter& perimeter) {
  if (!perimeter.has_logging) return;
  open_resource(json, perimeter.id.child("loggingConfigurations", "instance"),
                types::kLoggingConfiguration);
  json.member("enabledLogCategories", perimeter.configured_log_categories);
  close_resource(json, perimeter.unknown_logging);
}

void write_perimeter(JsonWriter& json, const Perimeter& perimeter) {
  if (perimeter.described) {
    open_resource(json, perimeter.id, types::kPerimeter, perimeter.location);
    if (!perimeter.guid_is_made) json.member("perimeterGuid", to_string(perimeter.guid));
    close_resource(json, perimeter.unknown);
  }
  for (const Profile& profile : perimeter.profiles) {
    if (profile.id.empty()) continue;  // stands for one that is not known
    if (perimeter.described) {
      open_resource(json, profile.id, types::kProfile);
      write_said(json, "accessRulesVersion", profile.rules_version);
      close_resource(json, profile.unknown);
    }
    for (const AccessRule& rule : profile.rules) write_rule(json, profile, rule);
  }
  write_logging(json, perimeter);
}

void write_association(JsonWriter& json, const Environment& environment,
                       const Association& association) {
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  open_resource(json, association.id, types::kAssociation);
  const Unknown& unknown = association.unknown.at("properties");
  write_reference(json, "privateLinkResource", environment.resources[association.resource].id,
                  unknown);
  if (const Unresolved* profile = find_unresolved(association.unresolved, "profile")) {
    json.key("profile").object().member("id", profile->expression).end();
  } else {
    write_reference(json, "profile", perimeter.profiles[association.profile].id, unknown);
  }
  json.member("accessMode", association.mode == AccessMode::Unknown
                                ? std::string_view(association.mode_text)
                                : to_string(association.mode));
  write_said(json, "provisioningState", association.provisioning_state);
  write_said(json, "hasProvisioningIssues", association.has_provisioning_issues);
  close_resource(json, association.unknown);
}

void write_issues(JsonWriter& json, const EffectiveConfiguration& configuration) {
  if (configuration.issues.empty()) return;
  json.key("provisioningIssues").array();
  for (const ProvisioningIssue& issue : configuration.issues) {
    json.object();
    write_said(json, "name", issue.name);
    json.key("properties").object();
    write_said(json, "issueType", issue.type);
    write_said(json, "severity", issue.severity);
    write_said(json, "description",
               looks_secret(issue.description) ? "redacted" : issue.description);
    close_resource(json, issue.unknown);
  }
  json.end();
}

void write_copied_profile(JsonWriter& json, const EffectiveConfiguration& configuration,
                          const Unknown& unknown) {
  json.key("profile").object().member("name", configuration.profile);
  write_said(json, "accessRulesVersion", configuration.rules_version);
  json.key("accessRules").array();
  for (const AccessRule& rule : configuration.rules) {
    json.object().member("name", rule.name).key("properties").object();
    write_rule_members(json, rule);
    close_resource(json, rule.unknown);
  }
  for (const Unresolved& open : configuration.unresolved) {
    if (open.setting == "accessRules") json.value(open.expression);
  }
  json.end();
  write_unknown(json, unknown.at("profile"));
  json.end();
}

// Of the association that it reports.
void write_copied_association(JsonWriter& json, const EffectiveConfiguration& configuration,
                              const Unknown& unknown) {
  const Unknown& inside = unknown.at("resourceAssociation");
  const bool says_nothing = configuration.association.empty() && configuration.mode_text.empty();
  if (says_nothing && inside.empty()) return;
  json.key("resourceAssociation").object();
  write_said(json, "name", configuration.association);
  write_said(json, "accessMode", configuration.mode_text);
  write_unknown(json, inside);
  json.end();
}

void write_configuration(JsonWriter& json, const Environment& environment,
                         const EffectiveConfiguration& configuration) {
  const Resource& resource = environment.resources[configuration.resource];
  const Perimeter& perimeter = environment.perimeters[configuration.perimeter];
  const Unknown& unknown = configuration.unknown.at("properties");
  open_resource(json, configuration.id,
                fmt::format("{}/{}", resource.arm_type, types::kConfigurationSegment));
  write_said(json, "provisioningState", configuration.provisioning_state);
  write_issues(json, configuration);
  json.key("networkSecurityPerimeter").object().member("id", perimeter.id.text());
  if (configuration.perimeter_guid) {
    json.member("perimeterGuid", to_string(*configuration.perimeter_guid));
  }
  write_said(json, "location", configuration.perimeter_location);
  write_unknown(json, unknown.at("networkSecurityPerimeter"));
  json.end();
  write_copied_profile(json, configuration, unknown);
  write_copied_association(json, configuration, unknown);
  close_resource(json, configuration.unknown);
}

std::vector<std::string> profile_names(const Perimeter& perimeter,
                                       const std::vector<Index>& profiles, bool all) {
  if (all) return {"*"};
  std::vector<std::string> names;
  for (const Index profile : profiles) names.push_back(perimeter.profiles[profile].name);
  return names;
}

void write_link(JsonWriter& json, const Environment& environment, const PerimeterLink& link) {
  const Perimeter& local = environment.perimeters[link.local];
  const Perimeter& remote = environment.perimeters[link.remote];
  const bool only_reference = link.only_reference;
  open_resource(json, local.id.child(only_reference ? "linkReferences" : "links", link.name),
                only_reference ? types::kLinkReference : types::kLink);
  json.member(
      only_reference ? "remotePerimeterResourceId" : "autoApprovedRemotePerimeterResourceId",
      remote.id.text());
  json.member("localInboundProfiles",
              profile_names(local, link.local_profiles, link.all_local_profiles));
  json.member("remoteInboundProfiles",
              profile_names(remote, link.remote_profiles, link.all_remote_profiles));
  if (looks_secret(link.description)) {
    json.member("description", "redacted");
  } else if (!link.description.empty()) {
    json.member("description", link.description);
  }
  // Always: an absent one would be read as approved.
  json.member("status", to_string(link.status));
  close_resource(json, link.unknown);
}

// The other side's document of the link. What both say, the link says for both.
void write_link_reference(JsonWriter& json, const Environment& environment,
                          const PerimeterLink& link) {
  if (!link.reference) return;
  const Perimeter& remote = environment.perimeters[link.remote];
  open_resource(json, link.reference->id, types::kLinkReference);
  json.member("remotePerimeterResourceId", environment.perimeters[link.local].id.text());
  json.member("localInboundProfiles",
              profile_names(remote, link.remote_profiles, link.all_remote_profiles));
  json.member("status", to_string(link.status));
  close_resource(json, link.reference->unknown);
}

}  // namespace

void write_perimeters(JsonWriter& json, const Environment& environment) {
  for (const Perimeter& perimeter : environment.perimeters) write_perimeter(json, perimeter);
}

void write_associations(JsonWriter& json, const Environment& environment) {
  for (const Association& association : environment.associations) {
    if (association.listed) write_association(json, environment, association);
  }
  for (const EffectiveConfiguration& configuration : environment.configurations) {
    write_configuration(json, environment, configuration);
  }
}

void write_links(JsonWriter& json, const Environment& environment) {
  for (const PerimeterLink& link : environment.links) {
    write_link(json, environment, link);
    write_link_reference(json, environment, link);
  }
}

}  // namespace nsp

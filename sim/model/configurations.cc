// Effective configurations: what a resource itself reports of its perimeter
// (`networkSecurityPerimeterConfigurations`).
//
// One holds the perimeter's id and GUID, the profile with all its rules, and the association. Where
// the perimeter's own documents are present they are taken, and a difference is drift (drift.h):
// the resource may lag behind. Where they are absent the configuration stands in for them. It is
// kept either way.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

struct Configuration {
  Spot body;
  Spot properties;
  Spot profile;
  Spot association;
  ResourceId perimeter;
  ResourceId resource;
  Unknown around;   // of the whole document
  Unknown unknown;  // inside `properties`
};

// What is not known of a part that stands in for a document of its own: there it would be a
// property.
Unknown as_document(const Unknown& part) {
  Unknown out;
  if (!part.empty()) out.parts.push_back({"properties", 0, part});
  return out;
}

Index find_or_make_perimeter(Builder& builder, const Configuration& configuration) {
  const auto found = builder.perimeter_at.find(configuration.perimeter.key());
  if (found != builder.perimeter_at.end()) return found->second;
  const Spot written = configuration.properties.find("networkSecurityPerimeter");
  Perimeter made;
  made.name = std::string(configuration.perimeter.name());
  made.id = configuration.perimeter;
  made.place = written.place();
  builder.read_guid(written, made);
  made.location = builder.text(written, "location");
  made.unknown = as_document(configuration.unknown.at("networkSecurityPerimeter"));
  return builder.add_perimeter(std::move(made), false);
}

std::vector<AccessRule> read_rules(Builder& builder, const Spot& profile, const Unknown& unknown) {
  const Spot list = builder.list(profile, "accessRules");
  std::vector<AccessRule> rules;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Spot item = list.item(i);
    if (builder.is_absent(item)) continue;
    std::string name = builder.text(item, "name");
    if (name.empty()) {
      builder.warn(item.place(), "an access rule without a `name` is ignored");
      continue;
    }
    auto rule = read_rule(builder, item, std::move(name));
    if (!rule) continue;
    rule->unknown = unknown.at("accessRules").item(i);
    rules.push_back(std::move(*rule));
  }
  return rules;
}

ProfileIndex take_profile(Builder& builder, const Configuration& configuration,
                          const EffectiveConfiguration& read) {
  const std::string& name = read.profile;
  const ResourceId id = configuration.perimeter.child("profiles", name);
  const auto found = builder.profile_at.find(id.key());
  if (found != builder.profile_at.end()) return found->second;
  if (builder.perimeter_has_document[read.perimeter]) {
    builder.warn(read.profile_place,
                 fmt::format("profile `{}` is not among the profiles described for perimeter "
                             "`{}`",
                             name, configuration.perimeter.name()));
  }
  Unknown own = configuration.unknown.at("profile");
  own.parts.clear();  // that of the rules, who keep it themselves
  Profile made{name, id, read.rules, read.profile_place, as_document(own), read.rules_version};
  if (const Unresolved* open = find_unresolved(read.unresolved, "accessRules")) {
    made.rules.push_back(any_rule(*open));
  }
  return builder.add_profile(read.perimeter, std::move(made));
}

// A configuration may leave its association out; the association needs a name all the same.
std::string association_name(const Configuration& configuration,
                             const EffectiveConfiguration& read) {
  if (!read.association.empty()) return read.association;
  return fmt::format("{}-association", configuration.resource.name());
}

// The association waits until the perimeters' own associations are known.
void keep_association(Builder& builder, const Configuration& configuration,
                      const EffectiveConfiguration& read, ProfileIndex at) {
  Association association;
  association.name = association_name(configuration, read);
  association.perimeter = at.perimeter;
  association.profile = at.profile;
  association.place = read.association_place;
  association.id = configuration.perimeter.child("resourceAssociations", association.name);
  // What is not said is `Learning`, as of an association's own document.
  if (!read.mode_text.empty()) association.mode = read.mode;
  association.mode_text = read.mode_text;
  if (const Unresolved* open = find_unresolved(read.unresolved, "accessMode")) {
    association.unresolved.push_back(*open);
  }
  association.unknown = as_document(configuration.unknown.at("resourceAssociation"));
  const auto index = static_cast<Index>(builder.environment.configurations.size());
  builder.effective.push_back({configuration.resource, std::move(association), index});
}

std::optional<Configuration> read_configuration(Builder& builder,
                                                const ResourceDocument& document) {
  Configuration out;
  out.body = body_of(document);
  out.properties = builder.properties(out.body);
  out.resource = document.id.parent();
  out.around = builder.unknown(document, kConfigurationShape);
  out.unknown = out.around.at("properties");
  const auto perimeter = builder.reference(out.properties, "networkSecurityPerimeter");
  out.profile = builder.object(out.properties, "profile");
  out.association = builder.object(out.properties, "resourceAssociation");
  if (!perimeter || !iequals(perimeter->type(), types::kPerimeter) || out.resource.empty() ||
      builder.text(out.profile, "name").empty()) {
    builder.warn(out.body.place(),
                 "an effective configuration without a perimeter and a profile is "
                 "ignored");
    ++builder.environment.ignored[document.type];
    return std::nullopt;
  }
  out.perimeter = *perimeter;
  return out;
}

std::vector<ProvisioningIssue> read_issues(Builder& builder, const Configuration& configuration) {
  const Spot list = builder.list(configuration.properties, "provisioningIssues");
  std::vector<ProvisioningIssue> issues;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Spot item = list.item(i);
    if (builder.is_absent(item)) continue;
    const Spot properties = builder.properties(item);
    issues.push_back({builder.text(item, "name"), builder.text(properties, "issueType"),
                      builder.text(properties, "severity"), builder.text(properties, "description"),
                      item.place(), configuration.unknown.at("provisioningIssues").item(i)});
  }
  return issues;
}

void read_perimeter_part(Builder& builder, const Configuration& configuration,
                         EffectiveConfiguration& out) {
  const Spot written = configuration.properties.find("networkSecurityPerimeter");
  out.perimeter_place = written.place();
  out.perimeter_guid = Guid::parse(builder.text(written, "perimeterGuid"));
  out.perimeter_location = builder.text(written, "location");
}

void read_profile_part(Builder& builder, const Configuration& configuration,
                       EffectiveConfiguration& out) {
  const Spot& profile = configuration.profile;
  out.profile_place = profile.place();
  out.profile = builder.text(profile, "name");
  out.rules_version = builder.scalar(profile, "accessRulesVersion");
  builder.leave_elements_open(profile, "accessRules", out.unresolved);
  out.rules = read_rules(builder, profile, configuration.unknown.at("profile"));
}

void read_association_part(Builder& builder, const Configuration& configuration,
                           EffectiveConfiguration& out) {
  const Spot& written = configuration.association ? configuration.association : configuration.body;
  out.association_place = written.place();
  out.association = builder.text(configuration.association, "name");
  Association read;
  builder.read_mode(configuration.association, read);
  out.mode = read.mode_text.empty() ? AccessMode::Unknown : read.mode;
  out.mode_text = std::move(read.mode_text);
  std::ranges::move(read.unresolved, std::back_inserter(out.unresolved));
}

EffectiveConfiguration read_parts(Builder& builder, const ResourceDocument& document,
                                  const Configuration& configuration) {
  EffectiveConfiguration out;
  out.name = document.name;
  out.id = document.id;
  out.place = configuration.body.place();
  out.provisioning_state = builder.text(configuration.properties, "provisioningState");
  out.issues = read_issues(builder, configuration);
  read_perimeter_part(builder, configuration, out);
  read_profile_part(builder, configuration, out);
  read_association_part(builder, configuration, out);
  out.unknown = configuration.around;
  return out;
}

}  // namespace

AccessRule any_rule(const Unresolved& open) {
  AccessRule any;
  any.name = open.expression;
  any.place = open.place;
  any.unresolved.push_back({"direction", open.expression, open.place});
  return any;
}

void build_configurations(Builder& builder) {
  for (const ResourceDocument* document : builder.configurations) {
    const auto configuration = read_configuration(builder, *document);
    if (!configuration) continue;
    EffectiveConfiguration read = read_parts(builder, *document, *configuration);
    read.perimeter = find_or_make_perimeter(builder, *configuration);
    const ProfileIndex at = take_profile(builder, *configuration, read);
    keep_association(builder, *configuration, read, at);
    builder.environment.configurations.push_back(std::move(read));
  }
}

}  // namespace nsp

// Effective configurations: what a resource itself reports of its perimeter
// (`networkSecurityPerimeterConfigurations`).
//
// One holds the perimeter's id and GUID, the profile with all its rules, and the association. Where
// the perimeter's own documents are present they win, and a difference is a warning: the resource
// may lag behind. Where they are absent the configuration stands in for them.

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

bool same_prefixes(const AccessRule& a, const AccessRule& b) {
  return std::ranges::is_permutation(a.prefixes, b.prefixes, {}, &WrittenPrefix::prefix,
                                     &WrittenPrefix::prefix);
}

bool same_rule(const AccessRule& a, const AccessRule& b) {
  return a.direction == b.direction && same_prefixes(a, b) &&
         std::ranges::is_permutation(a.subscriptions, b.subscriptions) &&
         std::ranges::is_permutation(a.service_tags, b.service_tags) &&
         std::ranges::is_permutation(a.host_names, b.host_names);
}

void sort_by_name(std::vector<AccessRule>& rules) {
  std::ranges::sort(rules,
                    [](const AccessRule& a, const AccessRule& b) { return iless(a.name, b.name); });
}

// Rules made by links are listed at the resource only, so they do not count as a difference.
bool same_rules(std::vector<AccessRule> a, std::vector<AccessRule> b) {
  const auto derived = [](const AccessRule& rule) { return rule.derived_from_link; };
  std::erase_if(a, derived);
  std::erase_if(b, derived);
  sort_by_name(a);
  sort_by_name(b);
  return std::ranges::equal(a, b, [](const AccessRule& x, const AccessRule& y) {
    return iequals(x.name, y.name) && same_rule(x, y);
  });
}

ProfileIndex take_profile(Builder& builder, const Configuration& configuration, Index perimeter) {
  const std::string name = builder.text(configuration.profile, "name");
  const ResourceId id = configuration.perimeter.child("profiles", name);
  const Place place = configuration.profile.place();
  const Unknown& unknown = configuration.unknown.at("profile");
  std::vector<AccessRule> rules = read_rules(builder, configuration.profile, unknown);
  const auto found = builder.profile_at.find(id.key());
  if (found != builder.profile_at.end()) {
    const ProfileIndex at = found->second;
    const Profile& known = builder.environment.perimeters[at.perimeter].profiles[at.profile];
    if (!same_rules(known.rules, std::move(rules))) {
      builder.warn(place,
                   fmt::format("the rules of profile `{}` differ from those described at {}, "
                               "which are taken",
                               name, shown_place(known.place)));
    }
    return at;
  }
  if (builder.perimeter_has_document[perimeter]) {
    builder.warn(place,
                 fmt::format("profile `{}` is not among the profiles described for perimeter "
                             "`{}`",
                             name, configuration.perimeter.name()));
  }
  Unknown own = unknown;  // without that of the rules, who keep it themselves
  own.parts.clear();
  return builder.add_profile(perimeter, {name, id, std::move(rules), place, as_document(own)});
}

// A configuration may leave its association out; the association needs a name all the same.
std::string association_name(Builder& builder, const Configuration& configuration) {
  std::string name = builder.text(configuration.association, "name");
  return name.empty() ? fmt::format("{}-association", configuration.resource.name()) : name;
}

// The association waits until the perimeters' own associations are known.
void keep_association(Builder& builder, const Configuration& configuration, ProfileIndex at) {
  const Spot written = configuration.association ? configuration.association : configuration.body;
  Association association;
  association.name = association_name(builder, configuration);
  association.perimeter = at.perimeter;
  association.profile = at.profile;
  association.place = written.place();
  association.id = configuration.perimeter.child("resourceAssociations", association.name);
  builder.read_mode(configuration.association, association);
  association.unknown = as_document(configuration.unknown.at("resourceAssociation"));
  builder.effective.push_back({configuration.resource, std::move(association)});
}

std::optional<Configuration> read_configuration(Builder& builder,
                                                const ResourceDocument& document) {
  Configuration out;
  out.body = body_of(document);
  out.properties = builder.properties(out.body);
  out.resource = document.id.parent();
  out.unknown = builder.unknown(document, kConfigurationShape).at("properties");
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

}  // namespace

void build_configurations(Builder& builder) {
  for (const ResourceDocument* document : builder.configurations) {
    const auto configuration = read_configuration(builder, *document);
    if (!configuration) continue;
    const Index perimeter = find_or_make_perimeter(builder, *configuration);
    keep_association(builder, *configuration, take_profile(builder, *configuration, perimeter));
  }
}

}  // namespace nsp

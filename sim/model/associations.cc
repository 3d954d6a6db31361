// Associations, and stubs for the resources that only they name.

#include <fmt/format.h>

#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// The kind of an account that is not described is not known; Foundry's facts cover all of its
// names.
Resource make_stub(const ResourceId& id, const Place& place) {
  Resource stub;
  stub.name = std::string(id.name());
  stub.id = id;
  stub.place = place;
  stub.arm_type = id.type();
  stub.service = service_of(id.type(), "AIServices");
  stub.described = false;
  stub.subscription = id.subscription();
  stub.public_network_access = PublicNetworkAccess::Unknown;
  stub.firewall.known = false;
  for (const ServiceHost& host : facts(stub.service).hosts) {
    auto name = DomainName::parse(fmt::format("{}.{}", stub.name, host.suffix));
    if (name) stub.host_names.push_back(std::move(*name));
  }
  return stub;
}

Index find_or_stub(Builder& builder, const ResourceId& id, const Place& place) {
  const auto next = static_cast<Index>(builder.environment.resources.size());
  const auto [found, is_new] = builder.resource_at.try_emplace(id.key(), next);
  if (!is_new) return found->second;
  builder.warn(place, fmt::format("resource `{}` is associated but not described: its own network "
                                  "settings are not known",
                                  id.name()));
  builder.environment.resources.push_back(make_stub(id, place));
  return next;
}

// The profile must belong to the association's perimeter, and exist where that perimeter is
// described.
ProfileIndex find_profile(Builder& builder, const ResourceId& id, Index perimeter,
                          const Place& place) {
  const Perimeter& owner = builder.environment.perimeters[perimeter];
  if (id.parent() != owner.id || !iequals(id.type(), types::kProfile)) {
    builder.error(place,
                  fmt::format("`{}` is not a profile of perimeter `{}`", id.text(), owner.name));
    return {};
  }
  if (builder.perimeter_has_document[perimeter] && !builder.profile_at.contains(id.key())) {
    builder.error(place, fmt::format("perimeter `{}` has no profile `{}`", owner.name, id.name()));
    return {};
  }
  return builder.profile(id, place);
}

// `{"id": …}` under `name`, or the bare value.
Spot reference_spot(const Spot& properties, std::string_view name) {
  const Spot spot = properties.find(name);
  return spot && spot.node->is_object() ? spot.find("id") : spot;
}

// A profile that is not known may hold any rule.
Index add_open_profile(Builder& builder, Index perimeter, const Spot& expression) {
  AccessRule any = any_rule({"profile", expression.node->text, expression.place()});
  auto& profiles = builder.environment.perimeters[perimeter].profiles;
  profiles.push_back({expression.node->text, {}, {std::move(any)}, expression.place()});
  return static_cast<Index>(profiles.size() - 1);
}

void join(Builder& builder, const ResourceId& target, const Spot& properties,
          Association association) {
  const Place place = properties.find("privateLinkResource").place();
  if (iequals(target.type(), types::kProject)) {
    return builder.error(place,
                         fmt::format("`{}` is a project, which cannot be associated: associate its "
                                     "account `{}`",
                                     target.name(), target.parent().name()));
  }
  association.resource = find_or_stub(builder, target, place);
  builder.add_association(std::move(association));
}

void build_association(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  Unknown unknown = builder.unknown(document, kAssociationShape);
  const Spot body = body_of(document);
  const Spot properties = builder.properties(body);
  if (!properties) return;
  const Index perimeter = builder.perimeter(document.id.parent(), body.place());
  Association association;
  association.unknown = std::move(unknown);
  association.name = document.name;
  association.id = document.id;
  association.perimeter = perimeter;
  association.place = body.place();
  builder.read_mode(properties, association);
  association.provisioning_state = builder.text(properties, "provisioningState");
  association.has_provisioning_issues = builder.text(properties, "hasProvisioningIssues");
  if (association.mode_text.empty()) {
    builder.note(body.place(), "`accessMode` is absent, taken as `Learning`");
  }
  const Spot target_spot = reference_spot(properties, "privateLinkResource");
  if (target_spot && is_unresolved(*target_spot.node)) {
    return builder.warn(
        target_spot.place(),
        fmt::format("`{}` is known only to a deployment: which resource association "
                    "`{}` joins is not known, and it is left out",
                    target_spot.node->text, document.name));
  }
  const auto target = builder.reference(properties, "privateLinkResource");
  const Spot profile_spot = reference_spot(properties, "profile");
  if (builder.leave_open(profile_spot, "profile", association.unresolved)) {
    association.profile = add_open_profile(builder, perimeter, profile_spot);
  }
  const auto profile = builder.reference(properties, "profile");
  if (association.profile != kNone && target) {
    return join(builder, *target, properties, std::move(association));
  }
  if (!target || !profile) {
    builder.error(body.place(), fmt::format("an association needs `{}` with an `id`",
                                            target ? "profile" : "privateLinkResource"));
    return;
  }
  const ProfileIndex at =
      find_profile(builder, *profile, perimeter, properties.find("profile").place());
  if (at.profile == kNone) return;
  association.profile = at.profile;
  join(builder, *target, properties, std::move(association));
}

// Where its perimeter lists one too, that one is taken: find_drift() tells how the two differ.
void add_effective(Builder& builder, EffectiveAssociation effective) {
  Association& association = effective.association;
  association.resource = find_or_stub(builder, effective.resource, association.place);
  builder.environment.configurations[effective.configuration].resource = association.resource;
  if (builder.environment.resources[association.resource].association != kNone) return;
  association.listed = !builder.perimeter_has_document[association.perimeter];
  builder.add_association(std::move(association));
}

}  // namespace

void Builder::read_mode(const Spot& parent, Association& association) {
  const Spot spot = parent.find("accessMode");
  if (leave_open(spot, "accessMode", association.unresolved)) {
    association.mode = AccessMode::Unknown;
    association.mode_text = spot.node->text;
    return;
  }
  const std::string& written = association.mode_text = text(parent, "accessMode");
  if (written.empty()) return;
  association.mode = parse_access_mode(written).value_or(AccessMode::Unknown);
  if (association.mode != AccessMode::Unknown) return;
  warn(parent.find("accessMode").place(),
       fmt::format("`{}` is not a known `accessMode`, expected `Learning`, `Enforced` or `Audit`",
                   written));
}

void Builder::add_association(Association association) {
  Resource& resource = environment.resources[association.resource];
  const auto index = static_cast<Index>(environment.associations.size());
  if (resource.association != kNone) {
    const Association& first = environment.associations[resource.association];
    const Severity severity = has_placeholder(resource.id) ? Severity::Warning : Severity::Error;
    diagnostics.push_back(
        {severity, association.place,
         fmt::format("resource `{}` is associated already, by `{}` of perimeter `{}` at {}",
                     resource.name, first.name, environment.perimeters[first.perimeter].name,
                     shown_place(first.place))});
    return;
  }
  if (!facts(resource.service).onboarded) {
    warn(association.place, fmt::format("`{}` is not onboarded: `{}` cannot be associated with a "
                                        "perimeter",
                                        resource.arm_type, resource.name));
  }
  resource.association = index;
  environment.associations.push_back(std::move(association));
}

void build_associations(Builder& builder) {
  for (const ResourceDocument* document : builder.of(types::kAssociation)) {
    build_association(builder, *document);
  }
  for (EffectiveAssociation& effective : builder.effective) {
    add_effective(builder, std::move(effective));
  }
}

}  // namespace nsp

// Perimeter links. A link at one perimeter and its reference at the other are one object: they are
// paired by their two perimeters, and where several links join the same two, by the link's name
// inside the reference's
// (`Ref-from-LINK-GUID`). The worse status of the two counts.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// One side's choice of profiles, by name.
struct Choice {
  bool given = false;
  bool all = false;
  std::vector<Spot> names;
};

// One end of a link, as its perimeter tells it.
struct LinkEnd {
  std::string name;
  ResourceId id;
  Index own = kNone;
  Index other = kNone;
  Choice own_profiles;
  Choice other_profiles;
  ConnectionStatus status = ConnectionStatus::Unknown;
  std::string description;
  std::optional<LinkReference> reference;  // of a link, once paired
  Place place;
  Unknown unknown;
  bool paired = false;
};

Choice read_choice(Builder& builder, const Spot& properties, std::string_view name) {
  Choice choice;
  choice.given = static_cast<bool>(builder.list(properties, name));
  for (Spot& item : builder.strings(properties, name)) {
    if (item.node->text == "*") {
      choice.all = true;
    } else {
      choice.names.push_back(std::move(item));
    }
  }
  return choice;
}

// A perimeter that only a link names is there to be linked, not to be judged: often it is
// somebody else's, so that is a note.
Index remote_perimeter(Builder& builder, const ResourceId& id, const Place& place) {
  const auto found = builder.perimeter_at.find(id.key());
  if (found != builder.perimeter_at.end()) return found->second;
  builder.note(place, fmt::format("perimeter `{}` is not described: which resources the link "
                                  "reaches there is not known",
                                  id.name()));
  Perimeter made;
  made.name = std::string(id.name());
  made.id = id;
  made.place = place;
  made.guid = Guid::from_text(id.key());
  made.guid_is_made = true;
  made.described = false;
  return builder.add_perimeter(std::move(made), false);
}

// By id where the document has one, else by GUID among the perimeters that are described.
Index read_remote(Builder& builder, const Spot& body, const Spot& properties) {
  for (const std::string_view name :
       {"autoApprovedRemotePerimeterResourceId", "remotePerimeterResourceId"}) {
    if (const auto id = builder.id(properties.find(name))) {
      if (iequals(id->type(), types::kPerimeter)) {
        return remote_perimeter(builder, *id, properties.find(name).place());
      }
      builder.error(properties.find(name).place(),
                    fmt::format("`{}` is not the id of a perimeter", id->text()));
      return kNone;
    }
  }
  const auto guid = Guid::parse(builder.text(properties, "remotePerimeterGuid"));
  const auto& perimeters = builder.environment.perimeters;
  const auto same = [&](const Perimeter& p) { return guid && !p.guid_is_made && p.guid == *guid; };
  const auto found = std::ranges::find_if(perimeters, same);
  if (found != perimeters.end()) return static_cast<Index>(found - perimeters.begin());
  builder.warn(body.place(), "a link that does not name its other perimeter is ignored");
  return kNone;
}

ConnectionStatus read_status(Builder& builder, const Spot& body, const Spot& properties) {
  if (properties.find("status")) return builder.status(properties, ConnectionStatus::Unknown);
  const bool approved_ahead =
      static_cast<bool>(properties.find("autoApprovedRemotePerimeterResourceId"));
  builder.warn(body.place(), fmt::format("`status` is absent, taken as `{}`",
                                         approved_ahead ? "Approved" : "Pending"));
  return approved_ahead ? ConnectionStatus::Approved : ConnectionStatus::Pending;
}

std::optional<LinkEnd> read_end(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  LinkEnd end;
  end.unknown = builder.unknown(document, kLinkShape);
  const Spot body = body_of(document);
  const Spot properties = builder.properties(body);
  if (!properties) return std::nullopt;
  end.name = document.name;
  end.id = document.id;
  end.place = body.place();
  end.own = builder.perimeter(document.id.parent(), body.place());
  end.other = read_remote(builder, body, properties);
  if (end.other == kNone) return std::nullopt;
  end.own_profiles = read_choice(builder, properties, "localInboundProfiles");
  end.other_profiles = read_choice(builder, properties, "remoteInboundProfiles");
  end.status = read_status(builder, body, properties);
  end.description = builder.text(properties, "description");
  return end;
}

std::vector<LinkEnd> read_ends(Builder& builder, std::string_view type) {
  std::vector<LinkEnd> ends;
  for (const ResourceDocument* document : builder.of(type)) {
    if (auto end = read_end(builder, *document)) ends.push_back(std::move(*end));
  }
  return ends;
}

bool names_link(const LinkEnd& reference, std::string_view link) {
  return lower(reference.name).find(lower(link)) != std::string::npos;
}

// The reference of `link`: joined the other way round, by name where there is a choice.
LinkEnd* find_reference(std::vector<LinkEnd>& references, const LinkEnd& link) {
  LinkEnd* found = nullptr;
  for (LinkEnd& reference : references) {
    if (reference.paired || reference.own != link.other || reference.other != link.own) continue;
    if (names_link(reference, link.name)) return &reference;
    if (found == nullptr) found = &reference;
  }
  return found;
}

// Names to indexes. A name that a described perimeter does not have is an error.
std::vector<Index> resolve(Builder& builder, const Choice& choice, Index perimeter) {
  std::vector<Index> out;
  const Perimeter& owner = builder.environment.perimeters[perimeter];
  for (const Spot& name : choice.names) {
    const ResourceId id = owner.id.child("profiles", name.node->text);
    const auto found = builder.profile_at.find(id.key());
    if (found != builder.profile_at.end()) {
      out.push_back(found->second.profile);
    } else if (builder.perimeter_has_document[perimeter]) {
      builder.error(name.place(),
                    fmt::format("perimeter `{}` has no profile `{}`", owner.name, name.node->text));
    } else if (!id.empty()) {
      out.push_back(
          builder.add_profile(perimeter, {name.node->text, id, {}, name.place()}).profile);
    }
  }
  return out;
}

void add_link(Builder& builder, LinkEnd& end) {
  PerimeterLink link;
  link.unknown = std::move(end.unknown);
  link.reference = std::move(end.reference);
  link.name = end.name;
  link.local = end.own;
  link.remote = end.other;
  link.place = end.place;
  link.local_profiles = resolve(builder, end.own_profiles, end.own);
  link.remote_profiles = resolve(builder, end.other_profiles, end.other);
  // Absent lists: the service's default is every profile.
  link.all_local_profiles = end.own_profiles.all || !end.own_profiles.given;
  link.all_remote_profiles = end.other_profiles.all || !end.other_profiles.given;
  link.status = end.status;
  link.description = end.description;
  builder.environment.links.push_back(std::move(link));
}

}  // namespace

void build_links(Builder& builder) {
  std::vector<LinkEnd> links = read_ends(builder, types::kLink);
  std::vector<LinkEnd> references = read_ends(builder, types::kLinkReference);
  for (LinkEnd& link : links) {
    if (LinkEnd* reference = find_reference(references, link)) {
      reference->paired = true;
      link.reference = LinkReference{reference->id, std::move(reference->unknown)};
      link.status = std::max(link.status, reference->status);
      // The far side chooses its own profiles.
      if (reference->own_profiles.given) link.other_profiles = reference->own_profiles;
    }
    add_link(builder, link);
  }
  for (LinkEnd& reference : references) {
    if (reference.paired) continue;
    add_link(builder, reference);
    builder.environment.links.back().only_reference = true;
  }
}

}  // namespace nsp

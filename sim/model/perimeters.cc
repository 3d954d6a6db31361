// Perimeters, profiles, access rules, logging configurations.

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

#include "sim/base/text.h"
#include "sim/document/types.h"
#include "sim/model/builder.h"

namespace nsp {
namespace {

// The lists that an outbound rule may hold; the others are inbound.
constexpr std::array<std::string_view, 3> kOutboundLists{"fullyQualifiedDomainNames",
                                                         "emailAddresses", "phoneNumbers"};
constexpr std::array<std::string_view, 3> kInboundLists{"addressPrefixes", "subscriptions",
                                                        "serviceTags"};

constexpr std::array<std::string_view, 1> kHostNameLists{"fullyQualifiedDomainNames"};

bool has_items(const Spot& properties, std::string_view name) {
  const Spot list = properties.find(name);
  return list && list.node->is_array() && list.size() != 0;
}

// Absent means Inbound, as the service answers a rule written without one, even when only
// outbound lists are filled. An unknown word leaves the rule out.
std::optional<Direction> read_direction(Builder& builder, const Spot& body,
                                        const Spot& properties) {
  const std::string word = builder.text(properties, "direction");
  if (word.empty()) {
    builder.warn(body.place(), "`direction` is absent, taken as `Inbound`");
    return Direction::Inbound;
  }
  const auto direction = parse_word<Direction>(word);
  if (!direction) {
    builder.warn(properties.find("direction").place(),
                 fmt::format("`{}` is not a direction, expected `Inbound` or `Outbound`: the rule "
                             "is left out",
                             word));
  }
  return direction;
}

// Of a rule whose direction is left open: what its lists are for. Either way it may match.
Direction guessed_direction(const Spot& properties) {
  return has_items(properties, kHostNameLists.front()) ? Direction::Outbound : Direction::Inbound;
}

void drop_misplaced(Builder& builder, const Spot& properties, Direction direction) {
  const bool inbound = direction == Direction::Inbound;
  for (const std::string_view name : inbound ? kOutboundLists : kInboundLists) {
    if (!has_items(properties, name)) continue;
    builder.warn(properties.find(name).place(),
                 fmt::format("`{}` does not fit the direction `{}` and is dropped", name,
                             inbound ? "Inbound" : "Outbound"));
  }
}

void read_prefixes(Builder& builder, const Spot& properties, AccessRule& rule) {
  for (const Spot& item : builder.strings(properties, "addressPrefixes")) {
    auto prefix = builder.prefix(item);
    if (!prefix) continue;
    if (prefix->text.find('/') == std::string::npos) {
      builder.warn(item.place(), fmt::format("`{}` has no prefix length, taken as `{}`",
                                             prefix->text, to_string(prefix->prefix)));
    }
    rule.prefixes.push_back(std::move(*prefix));
  }
}

// `/subscriptions/GUID` or a GUID.
std::optional<Guid> subscription_of(std::string_view text) {
  if (const auto guid = Guid::parse(text)) return guid;
  const auto id = ResourceId::parse(text);
  return id ? id->subscription() : std::nullopt;
}

void read_subscription(Builder& builder, const Spot& item, AccessRule& rule) {
  const Spot spot = item.node->is_object() ? item.find("id") : item;
  if (spot && is_unresolved(*spot.node)) return;
  if (!spot || !spot.node->is_string()) {
    return builder.error(item.place(),
                         "expected a subscription: `{\"id\":\"/subscriptions/GUID\"}`");
  }
  const auto guid = subscription_of(trim(spot.node->text));
  if (guid) {
    rule.subscriptions.push_back(*guid);
    return;
  }
  builder.error(spot.place(),
                fmt::format("`{}` is not a subscription, expected `/subscriptions/GUID` or a GUID",
                            spot.node->text));
}

void read_inbound(Builder& builder, const Spot& properties, AccessRule& rule) {
  read_prefixes(builder, properties, rule);
  const Spot subscriptions = builder.list(properties, "subscriptions");
  for (std::size_t i = 0; i < subscriptions.size(); ++i) {
    read_subscription(builder, subscriptions.item(i), rule);
  }
  for (const Spot& item : builder.strings(properties, "serviceTags")) {
    rule.service_tags.push_back(item.node->text);
  }
}

void read_outbound(Builder& builder, const Spot& properties, AccessRule& rule) {
  for (const Spot& item : builder.strings(properties, "fullyQualifiedDomainNames")) {
    auto pattern = DomainPattern::parse(trim(item.node->text));
    if (pattern) {
      rule.host_names.push_back(std::move(*pattern));
    } else {
      builder.error(item.place(), std::move(pattern.error()));
    }
  }
}

void build_perimeter(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  const Spot body = body_of(document);
  Perimeter perimeter;
  perimeter.unknown = builder.unknown(document, kPerimeterShape);
  perimeter.name = document.name;
  perimeter.id = document.id;
  perimeter.place = body.place();
  perimeter.location = builder.text(body, "location");
  builder.read_guid(builder.properties(body), perimeter);
  (void)builder.add_perimeter(std::move(perimeter), true);
}

void build_profile(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  const Spot body = body_of(document);
  const Index owner = builder.perimeter(document.id.parent(), body.place());
  Unknown unknown = builder.unknown(document, kProfileShape);
  std::string version = builder.scalar(builder.properties(body), "accessRulesVersion");
  (void)builder.add_profile(
      owner,
      {document.name, document.id, {}, body.place(), std::move(unknown), std::move(version)});
}

void build_rule(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  Unknown unknown = builder.unknown(document, kRuleShape);
  const Spot body = body_of(document);
  const ProfileIndex at = builder.profile(document.id.parent(), body.place());
  auto rule = read_rule(builder, body, document.name);
  if (!rule) return;
  rule->unknown = std::move(unknown);
  auto& profile = builder.environment.perimeters[at.perimeter].profiles[at.profile];
  profile.rules.push_back(std::move(*rule));
}

void build_logging(Builder& builder, const ResourceDocument& document) {
  builder.check_name(document);
  const Spot body = body_of(document);
  const Index owner = builder.perimeter(document.id.parent(), body.place());
  Perimeter& perimeter = builder.environment.perimeters[owner];
  perimeter.has_logging = true;
  perimeter.unknown_logging = builder.unknown(document, kLoggingShape);
  for (const Spot& item : builder.strings(builder.properties(body), "enabledLogCategories")) {
    perimeter.configured_log_categories.push_back(item.node->text);
  }
  perimeter.enabled_log_categories = perimeter.configured_log_categories;
}

}  // namespace

std::optional<AccessRule> read_rule(Builder& builder, const Spot& body, std::string name) {
  const Spot properties = builder.properties(body);
  if (!properties) return std::nullopt;
  AccessRule rule;
  const bool open = builder.leave_open(properties.find("direction"), "direction", rule.unresolved);
  const auto direction = open ? std::optional(guessed_direction(properties))
                              : read_direction(builder, body, properties);
  if (!direction) return std::nullopt;
  rule.name = std::move(name);
  rule.direction = *direction;
  rule.place = body.place();
  const bool inbound = *direction == Direction::Inbound;
  for (const std::string_view list :
       inbound ? std::span<const std::string_view>(kInboundLists) : kHostNameLists) {
    builder.leave_elements_open(properties, list, rule.unresolved);
  }
  drop_misplaced(builder, properties, *direction);
  if (*direction == Direction::Inbound) {
    read_inbound(builder, properties, rule);
  } else {
    read_outbound(builder, properties, rule);
  }
  rule.derived_from_link = builder.list(properties, "networkSecurityPerimeters").size() != 0;
  return rule;
}

void Builder::read_guid(const Spot& parent, Perimeter& perimeter) {
  const std::string written = text(parent, "perimeterGuid");
  const auto guid = Guid::parse(written);
  if (!guid && !written.empty()) {
    warn(parent.find("perimeterGuid").place(),
         fmt::format("`{}` is not a GUID: one is made from the id", written));
  }
  perimeter.guid = guid.value_or(Guid::from_text(perimeter.id.key()));
  perimeter.guid_is_made = !guid;
}

Index Builder::add_perimeter(Perimeter perimeter, bool has_document) {
  const auto index = static_cast<Index>(environment.perimeters.size());
  perimeter_at.emplace(perimeter.id.key(), index);
  environment.perimeters.push_back(std::move(perimeter));
  perimeter_has_document.push_back(has_document);
  return index;
}

ProfileIndex Builder::add_profile(Index perimeter, Profile profile) {
  auto& profiles = environment.perimeters[perimeter].profiles;
  const ProfileIndex at{perimeter, static_cast<Index>(profiles.size())};
  profile_at.emplace(profile.id.key(), at);
  profiles.push_back(std::move(profile));
  return at;
}

Index Builder::perimeter(const ResourceId& id, const Place& named_at) {
  const auto found = perimeter_at.find(id.key());
  if (found != perimeter_at.end()) return found->second;
  warn(named_at, fmt::format("perimeter `{}` is not described, only named here", id.name()));
  Perimeter made;
  made.name = std::string(id.name());
  made.id = id;
  made.place = named_at;
  made.guid = Guid::from_text(id.key());
  made.guid_is_made = true;
  return add_perimeter(std::move(made), false);
}

ProfileIndex Builder::profile(const ResourceId& id, const Place& named_at) {
  const auto found = profile_at.find(id.key());
  if (found != profile_at.end()) return found->second;
  const Index owner = perimeter(id.parent(), named_at);
  warn(named_at, fmt::format("profile `{}` is not described, only named here", id.name()));
  return add_profile(owner, {std::string(id.name()), id, {}, named_at});
}

void build_perimeters(Builder& builder) {
  for (const auto* document : builder.of(types::kPerimeter)) build_perimeter(builder, *document);
  for (const auto* document : builder.of(types::kProfile)) build_profile(builder, *document);
  for (const auto* document : builder.of(types::kAccessRule)) build_rule(builder, *document);
  for (const auto* document : builder.of(types::kLoggingConfiguration)) {
    build_logging(builder, *document);
  }
}

}  // namespace nsp

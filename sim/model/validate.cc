// The limits of the service (LIM, contradiction C2).

#include <fmt/format.h>

#include "sim/model/builder.h"
#include "sim/model/limits.h"

namespace nsp {
namespace {

void check_direction(Builder& builder, const Profile& profile, std::size_t count,
                     std::string_view direction) {
  if (count <= kMostElements) return;
  builder.error(profile.place, fmt::format("profile `{}` has {} {} rule elements, at most {} are "
                                           "allowed",
                                           profile.name, count, direction, kMostElements));
}

void check_profile(Builder& builder, const Profile& profile) {
  const RuleElements count = count_elements(profile);
  check_direction(builder, profile, count.inbound, "inbound");
  check_direction(builder, profile, count.outbound, "outbound");
  const std::size_t total = count.total();
  if (total <= kMostElements || count.inbound > kMostElements || count.outbound > kMostElements) {
    return;
  }
  builder.warn(profile.place,
               fmt::format("profile `{}` has {} rule elements in both directions: the "
                           "limit of {} may count them together",
                           profile.name, total, kMostElements));
}

void check_links(Builder& builder) {
  const std::vector<std::size_t> count = count_links(builder.environment);
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] <= kMostLinks) continue;
    const Perimeter& perimeter = builder.environment.perimeters[i];
    builder.error(perimeter.place,
                  fmt::format("perimeter `{}` has {} links, at most {} are allowed", perimeter.name,
                              count[i], kMostLinks));
  }
}

}  // namespace

RuleElements count_elements(const Profile& profile) {
  RuleElements count;
  for (const AccessRule& rule : profile.rules) {
    count.inbound += rule.prefixes.size() + rule.subscriptions.size() + rule.service_tags.size();
    count.outbound += rule.host_names.size();
  }
  return count;
}

std::vector<std::size_t> count_links(const Environment& environment) {
  std::vector<std::size_t> count(environment.perimeters.size());
  for (const PerimeterLink& link : environment.links) {
    ++count[link.local];
    if (link.remote != link.local) ++count[link.remote];
  }
  return count;
}

void check_limits(Builder& builder) {
  for (const Perimeter& perimeter : builder.environment.perimeters) {
    for (const Profile& profile : perimeter.profiles) check_profile(builder, profile);
  }
  check_links(builder);
}

}  // namespace nsp

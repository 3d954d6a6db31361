// The limits of the service (LIM, contradiction C2).

#include <fmt/format.h>

#include "sim/model/builder.h"

namespace nsp {
namespace {

// Of a profile: more in one direction is an error, more in both together a warning.
constexpr std::size_t kMostElements = 200;
// Of a perimeter.
constexpr std::size_t kMostLinks = 10;

struct Count {
  std::size_t inbound = 0;
  std::size_t outbound = 0;
};

// An element is one entry of one list of a rule.
Count count_elements(const Profile& profile) {
  Count count;
  for (const AccessRule& rule : profile.rules) {
    count.inbound += rule.prefixes.size() + rule.subscriptions.size() + rule.service_tags.size();
    count.outbound += rule.host_names.size();
  }
  return count;
}

void check_direction(Builder& builder, const Profile& profile, std::size_t count,
                     std::string_view direction) {
  if (count <= kMostElements) return;
  builder.error(profile.place, fmt::format("profile `{}` has {} {} rule elements, at most {} are "
                                           "allowed",
                                           profile.name, count, direction, kMostElements));
}

void check_profile(Builder& builder, const Profile& profile) {
  const Count count = count_elements(profile);
  check_direction(builder, profile, count.inbound, "inbound");
  check_direction(builder, profile, count.outbound, "outbound");
  const std::size_t total = count.inbound + count.outbound;
  if (total <= kMostElements || count.inbound > kMostElements || count.outbound > kMostElements) {
    return;
  }
  builder.warn(profile.place,
               fmt::format("profile `{}` has {} rule elements in both directions: the "
                           "limit of {} may count them together",
                           profile.name, total, kMostElements));
}

void check_links(Builder& builder) {
  std::vector<std::size_t> count(builder.environment.perimeters.size());
  for (const PerimeterLink& link : builder.environment.links) {
    ++count[link.local];
    if (link.remote != link.local) ++count[link.remote];
  }
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] <= kMostLinks) continue;
    const Perimeter& perimeter = builder.environment.perimeters[i];
    builder.error(perimeter.place,
                  fmt::format("perimeter `{}` has {} links, at most {} are allowed", perimeter.name,
                              count[i], kMostLinks));
  }
}

}  // namespace

void check_limits(Builder& builder) {
  for (const Perimeter& perimeter : builder.environment.perimeters) {
    for (const Profile& profile : perimeter.profiles) check_profile(builder, profile);
  }
  check_links(builder);
}

}  // namespace nsp

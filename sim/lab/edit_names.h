// What the names in a change stand for, or why they stand for nothing. Inside this folder only.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_EDIT_NAMES_H_
#define NSP_SIM_LAB_EDIT_NAMES_H_

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/environment.h"

namespace nsp::lab {

template <class T>
using Named = std::expected<T, std::string>;

[[nodiscard]] Named<Index> resource_named(const Environment& environment, const std::string& name);
// `*`: all of them, at least one.
[[nodiscard]] Named<std::vector<Index>> associations_named(const Environment& environment,
                                                           const std::string& name);

// A private endpoint, also one that only a resource tells of.
[[nodiscard]] Named<ResourceId> endpoint_named(const Environment& environment,
                                               const std::string& name);
// A shared private link: its resource and its place among the resource's.
struct SharedLinkRef {
  Index resource = kNone;
  std::size_t at = 0;
};
[[nodiscard]] Named<SharedLinkRef> shared_link_named(const Environment& environment,
                                                     const std::string& name);
[[nodiscard]] Named<Index> link_named(const Environment& environment, const std::string& name);
[[nodiscard]] Named<Index> subnet_named(const Environment& environment, const std::string& name);
[[nodiscard]] Named<Index> network_named(const Environment& environment, const std::string& name);
[[nodiscard]] Named<Index> zone_named(const Environment& environment, const std::string& name);

struct ProfileRef {
  const Perimeter* perimeter = nullptr;
  const Profile* profile = nullptr;

  [[nodiscard]] std::string text() const { return perimeter->name + '/' + profile->name; }
};
// Valid as long as the environment.
[[nodiscard]] Named<ProfileRef> profile_named(const Environment& environment,
                                              const std::string& name);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_EDIT_NAMES_H_

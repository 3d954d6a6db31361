// The limits of the service: rule elements of a profile, links of a perimeter, length of names.
//
// Sources: LIM and contradiction C2, which counts 200 elements a direction, or in total; LINK; REST
// for names. Thread safety: pure functions.
#ifndef NSP_SIM_MODEL_LIMITS_H_
#define NSP_SIM_MODEL_LIMITS_H_

#include <cstddef>
#include <vector>

#include "sim/model/environment.h"

namespace nsp {

// Of a profile: more in one direction is an error, more in both together a warning.
inline constexpr std::size_t kMostElements = 200;
// Of a perimeter.
inline constexpr std::size_t kMostLinks = 10;
// Of perimeters, profiles, rules, associations and links, in characters.
inline constexpr std::size_t kLongestName = 80;

// An element is one entry of one list of a rule.
struct RuleElements {
  std::size_t inbound = 0;
  std::size_t outbound = 0;

  [[nodiscard]] std::size_t total() const { return inbound + outbound; }
};
[[nodiscard]] RuleElements count_elements(const Profile& profile);

// Of each perimeter; a link counts at both its ends.
[[nodiscard]] std::vector<std::size_t> count_links(const Environment& environment);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_LIMITS_H_

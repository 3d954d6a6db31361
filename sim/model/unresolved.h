// Values that a document leaves to its deployment, kept beside the object that needs them.
//
// A template may take a prefix from a parameter that nobody gave, a plan an id that only the next
// apply will know. Such a value is never guessed: the object says of which of its settings it is,
// and the engine treats it as any missing fact. A verdict that needs it is undecided (G-10), and
// reports name the expression with its place.
//
// Thread safety: plain values.
#ifndef NSP_SIM_MODEL_UNRESOLVED_H_
#define NSP_SIM_MODEL_UNRESOLVED_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp {

struct Unresolved {
  std::string setting;     // `addressPrefixes`: of a list, one or more of its elements
  std::string expression;  // `[parameters('office')]`
  Place place;

  // Where it stands does not matter to what it means.
  bool operator==(const Unresolved& other) const {
    return setting == other.setting && expression == other.expression;
  }
};

// The first that is of this setting, or null. Lives as long as the list.
[[nodiscard]] inline const Unresolved* find_unresolved(const std::vector<Unresolved>& all,
                                                       std::string_view setting) {
  const auto found = std::ranges::find(all, setting, &Unresolved::setting);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace nsp

#endif  // NSP_SIM_MODEL_UNRESOLVED_H_

// Which side of drift verdicts use: what the perimeter says, or what the resource has of it.
//
// After a change the perimeter's documents show at once what was meant (the control plane is
// green); a resource obeys its own copy until the change has reached it (the data plane is red).
// Both sides of one environment can be judged: as it will be, and as it is now.
//
// Thread safety: pure function.
#ifndef NSP_SIM_MODEL_EFFECTIVE_H_
#define NSP_SIM_MODEL_EFFECTIVE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/vocabulary.h"
#include "sim/model/environment.h"

namespace nsp {

enum class EffectiveSide : std::uint8_t { Perimeter, Resource };

template <>
struct Vocabulary<EffectiveSide> {
  static constexpr std::array<std::string_view, 2> words{"perimeter", "resource"};
};

// The environment in which every resource that reports a configuration is in the perimeter, profile
// and accessMode that it reports, with the rules that it reports. What it does not say, and service
// tags, which no configuration has, stay the perimeter's. Where its rules are other than those of
// the profile, the perimeter gets a second profile of the same name and id, which takes part in the
// same links; such an environment is for judging, not for writing down.
//
// REQUIRES: an environment that build_environment() accepted.
[[nodiscard]] Environment as_reported(Environment environment);

// The environment as that side has it.
[[nodiscard]] Environment on_side(Environment environment, EffectiveSide side);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_EFFECTIVE_H_

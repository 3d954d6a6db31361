// An environment after a few edits, as a pull request makes them: a rule more, a mode flipped, a
// firewall closed, an endpoint gone.
#ifndef NSP_TESTS_DIFFERENTIAL_EDITED_WORLD_H_
#define NSP_TESTS_DIFFERENTIAL_EDITED_WORLD_H_

#include "sim/model/environment.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {

// Resources stay the same ones, at the same indices.
[[nodiscard]] Environment edited(Dice& dice, Environment environment, std::size_t edits);

}  // namespace nsp::differential

#endif  // NSP_TESTS_DIFFERENTIAL_EDITED_WORLD_H_

// Environments made from others: what a scope supposes as a real change, and the same environment
// in another order.
#ifndef NSP_TESTS_DIFFERENTIAL_CHANGED_WORLD_H_
#define NSP_TESTS_DIFFERENTIAL_CHANGED_WORLD_H_

#include "sim/decision/evaluate.h"
#include "sim/model/environment.h"
#include "tests/differential/random_world.h"

namespace nsp::differential {

// The environment in which everything is really as the scope supposes. Resources keep their
// indices.
[[nodiscard]] Environment as_supposed(Environment environment, const Scope& scope);

// Every list in another order, indices moved along. Only the host names of a resource keep theirs:
// the first is the default.
[[nodiscard]] Environment shuffled(Dice& dice, Environment environment);

// Every rule replaced, every mode and every publicNetworkAccess rolled anew.
[[nodiscard]] Environment with_other_policy(Dice& dice, Environment environment);

}  // namespace nsp::differential

#endif  // NSP_TESTS_DIFFERENTIAL_CHANGED_WORLD_H_

// Environments of any size, made from a seed, and attempts on them.
//
// Half of the resources are AI Search services that call, half Storage accounts that are called.
// Callers sit in perimeter `near`, destinations in perimeter `far`, so that no attempt ends at
// clause IN-2. Each profile holds as many elements a direction as asked for: inbound three prefixes
// for one subscription, outbound host names and wildcards. About half of the attempts are allowed.
#ifndef NSP_TESTS_BENCH_ENVIRONMENTS_H_
#define NSP_TESTS_BENCH_ENVIRONMENTS_H_

#include <cstddef>
#include <vector>

#include "sim/decision/bind.h"
#include "sim/model/environment.h"
#include "sim/traffic/attempt.h"

namespace nsp::bench {

struct Shape {
  std::size_t resources = 16;
  std::size_t profiles = 16;
  std::size_t elements = 200;  // a profile and direction
};

[[nodiscard]] Environment make_environment(const Shape& shape);

enum class Legs { InboundOnly, Both };

[[nodiscard]] std::vector<Attempt> make_attempts(const Environment& environment, Legs legs,
                                                 std::size_t count);

// Binds each; aborts on an attempt that does not bind.
[[nodiscard]] std::vector<BoundAttempt> bind_all(const Policy& policy,
                                                 const std::vector<Attempt>& attempts);

}  // namespace nsp::bench

#endif  // NSP_TESTS_BENCH_ENVIRONMENTS_H_

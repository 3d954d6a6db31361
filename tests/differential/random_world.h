// Large environments and attempts made from a seed, small in their choice of addresses and names,
// so that rules overlap and attempts hit them.
#ifndef NSP_TESTS_DIFFERENTIAL_RANDOM_WORLD_H_
#define NSP_TESTS_DIFFERENTIAL_RANDOM_WORLD_H_

#include <cstdint>
#include <random>
#include <vector>

#include "sim/decision/evaluate.h"
#include "sim/model/environment.h"
#include "sim/traffic/attempt.h"

namespace nsp::differential {

// The same numbers on every platform (the distributions of <random> are not).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // 0 … sides - 1
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  bool one_in(std::size_t sides) { return roll(sides) == 0; }

  template <class T>
  const T& pick(const std::vector<T>& choices) {
    return choices[roll(choices.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[roll(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

struct Size {
  std::size_t resources = 200;
  std::size_t rules = 12;  // at most, a profile
};

[[nodiscard]] Environment random_environment(Dice& dice, const Size& size = {});
[[nodiscard]] AccessRule random_rule(Dice& dice, std::string name, Direction direction);
[[nodiscard]] Attempt random_attempt(Dice& dice, const Environment& environment);
[[nodiscard]] Scope random_scope(Dice& dice, const Environment& environment);
[[nodiscard]] IpAddress random_address(Dice& dice);

}  // namespace nsp::differential

#endif  // NSP_TESTS_DIFFERENTIAL_RANDOM_WORLD_H_

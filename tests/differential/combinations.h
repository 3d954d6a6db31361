// Every combination of some choices, counted like a clock: the last digit turns fastest.
#ifndef NSP_TESTS_DIFFERENTIAL_COMBINATIONS_H_
#define NSP_TESTS_DIFFERENTIAL_COMBINATIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace nsp::differential {

template <std::size_t N>
using Digits = std::array<std::size_t, N>;

template <std::size_t N>
constexpr std::uint64_t count_of(const Digits<N>& sizes) {
  std::uint64_t count = 1;
  for (std::size_t size : sizes) count *= size;
  return count;
}

// The combination of that number, from 0 to count_of(sizes) - 1.
template <std::size_t N>
constexpr Digits<N> combination(std::uint64_t number, const Digits<N>& sizes) {
  Digits<N> digits{};
  for (std::size_t i = N; i-- > 0;) {
    digits[i] = static_cast<std::size_t>(number % sizes[i]);
    number /= sizes[i];
  }
  return digits;
}

}  // namespace nsp::differential

#endif  // NSP_TESTS_DIFFERENTIAL_COMBINATIONS_H_

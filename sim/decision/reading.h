// Contradictions (C…) and undocumented corners (U…) and the reading that is taken of each;
// `--assume` switches one.
//
// Some matters have one reading only (the table says so); switching those is a usage error. Choice
// 0 is the default. Thread safety: plain values and constant data.
#ifndef NSP_SIM_DECISION_READING_H_
#define NSP_SIM_DECISION_READING_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

enum class Matter : std::uint8_t {
  C1,
  C2,
  C3,
  C4,
  C5,
  C6,
  C7,
  C8,
  C10,
  C11,
  C12,
  C14,
  C16,
  C17,
  C19,
  C21,
  C22,
  U1,
  U2,
  U3,
  U4,
  U5,
  U6,
  U7,
  U9,
  U10,
  U11,
  U12,
  U14,
  U15,
  U16,
};
inline constexpr std::size_t kMatterCount = static_cast<std::size_t>(Matter::U16) + 1;

struct MatterFacts {
  Matter matter;
  std::string_view id;
  std::string_view question;
  std::string_view reading;  // what is taken, in a sentence
  std::span<const std::string_view>
      choices;  // words of `--assume`; the first is the default; empty: not switchable
};

[[nodiscard]] std::span<const MatterFacts> all_matters();
[[nodiscard]] const MatterFacts& facts(Matter matter);

using MatterSet = std::bitset<kMatterCount>;

struct Readings {
  std::array<std::uint8_t, kMatterCount> choice{};

  [[nodiscard]] std::uint8_t operator[](Matter m) const {
    return choice[static_cast<std::size_t>(m)];
  }
  [[nodiscard]] bool is_default(Matter m) const { return (*this)[m] == 0; }
  void set(Matter m, std::uint8_t value) { choice[static_cast<std::size_t>(m)] = value; }
  bool operator==(const Readings&) const = default;
};

// Adds `C5=publicNetworkAccess, U4=one-label` to `readings`; ids and words without case. The error
// says what was expected.
[[nodiscard]] std::expected<void, std::string> add_assumptions(Readings& readings,
                                                               std::string_view text);

// Every reading that differs from `base` in one switchable matter, with its text
// `C5=publicNetworkAccess`.
struct Alternative {
  Matter matter;
  std::string text;
  Readings readings;
};
[[nodiscard]] std::vector<Alternative> alternatives(const Readings& base);

}  // namespace nsp

#endif  // NSP_SIM_DECISION_READING_H_

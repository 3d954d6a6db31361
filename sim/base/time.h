// Points in time as captures and access logs tell them, and days of them.
//
// An Instant counts nanoseconds from 1970 in UTC (1678 to 2262). The library never asks what time
// it is: "now" is passed in. Source of the text form: RFC 3339. Thread safety: plain values.
#ifndef NSP_SIM_BASE_TIME_H_
#define NSP_SIM_BASE_TIME_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

// `2026-06-01T00:00:00Z`: a date, `T` or a space, a time with any number of decimals (those past
// the ninth are dropped), `Z`, an offset `+02:00`, or nothing, which reads as UTC. Nothing else.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

// In UTC, with as many decimals as the instant has: `2026-06-01T00:00:00.25Z`.
[[nodiscard]] std::string to_string(Instant instant);

// Days since 1970-01-01, UTC.
using Day = std::int32_t;
[[nodiscard]] Day day_of(Instant instant);
// `2026-06-01`, and nothing else.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);

// On which days something was seen: a bit a day from the first one on, so its size is bounded by
// the window, not by how often. Order of insertion does not matter.
class DaySet {
 public:
  void insert(Day day);
  void insert(Day first, Day last);  // every day from first to last
  void merge(const DaySet& other);

  [[nodiscard]] bool contains(Day day) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return bits_.empty(); }
  [[nodiscard]] std::vector<Day> days() const;  // in order

  bool operator==(const DaySet& other) const { return days() == other.days(); }

 private:
  Day base_ = 0;                     // of bit 0; a multiple of 64
  std::vector<std::uint64_t> bits_;  // without empty words at either end
};

}  // namespace nsp

#endif  // NSP_SIM_BASE_TIME_H_

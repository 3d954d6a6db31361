// Is what was recorded enough to say that nothing breaks?
//
// A log shows what happened, never what will. Gaps are the reasons why an empty list of blockers
// proves little: a window that is too short, a resource that nobody called, a category that nobody
// collects, a caller that was seen once and has sisters that were not. Each gap is a sentence with
// its numbers. A user may accept a kind of gap; that there are no records cannot be accepted.
//
// How likely was a caller missed? A caller that calls every `p` days at an unknown phase is absent
// from a window of `w` days with the chance max(0, 1 - w/p). Example: a weekly caller, five days of
// log: 2/7. `w` counts the days on which the log holds anything, so holes in it count against it.
//
// Days are days in UTC. "Now" is passed in. Thread safety: plain values, pure functions.
#ifndef NSP_SIM_ANALYSIS_COVERAGE_H_
#define NSP_SIM_ANALYSIS_COVERAGE_H_

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.h"
#include "sim/base/vocabulary.h"
#include "sim/traffic/observation.h"

namespace nsp {

enum class Gap : std::uint8_t {
  NoRecords,     // of this resource, or none at all
  Window,        // fewer days with records than asked
  SilentDays,    // too many days without a record of this resource
  Categories,    // what would show blockers is not collected, or nobody knows whether it is
  SeenOnce,      // callers or destinations of one day only
  Period,        // a caller of the period asked for could have been missed
  Capability,    // calls that the service may refuse although the network admits them
  PrivateHop,    // a private endpoint whose use leaves no records
  Disagreement,  // records that the configuration does not explain
  LostRecords,   // records that could not be read, or tell too little
  Undecided,     // verdicts that hang on a fact that nobody recorded
};
inline constexpr std::size_t kGapCount = static_cast<std::size_t>(Gap::Undecided) + 1;
using GapSet = std::bitset<kGapCount>;

template <>
struct Vocabulary<Gap> {
  static constexpr std::array<std::string_view, kGapCount> words{
      "no records", "window",      "silent days",  "categories",   "seen once", "period",
      "capability", "private hop", "disagreement", "lost records", "undecided"};
};

// No records and undecided verdicts are no matter of taste.
[[nodiscard]] constexpr bool may_be_accepted(Gap gap) {
  return gap != Gap::NoRecords && gap != Gap::Undecided;
}

struct EvidenceGap {
  Gap gap = Gap::NoRecords;
  std::string text;  // one sentence: lower case, no full stop
  bool accepted = false;

  bool operator==(const EvidenceGap&) const = default;
};

struct CoverageOptions {
  Day window = 14;                     // days that the log should cover
  std::optional<Day> max_silent_days;  // empty: half of the window
  Day period = 7;                      // callers of this period must not be missed
  std::optional<Instant> as_of;        // until when the log was collected; empty: its last record
  std::bitset<13> logged;              // categories said to be collected, by LogCategory
  std::uint64_t lost_records = 0;      // that could not be read, or tell too little
  GapSet accepted;
};

// What a log covers as a whole.
struct LogCoverage {
  std::optional<Instant> first;
  std::optional<Instant> last;
  Day first_day = 0;
  Day last_day = 0;        // with `as_of`, its day
  DaySet days;             // on which anything was recorded
  std::vector<Day> holes;  // in order: days between the two without a record
  Instant known_until;     // nothing is known after it: records arrive late (C10)

  [[nodiscard]] bool empty() const { return !first.has_value(); }
  [[nodiscard]] Day span() const { return empty() ? 0 : last_day - first_day + 1; }
  // Days with records: the window of the chance above.
  [[nodiscard]] Day covered() const { return static_cast<Day>(days.size()); }
};

// Records may take this long to arrive (C10).
inline constexpr std::chrono::minutes kLogLatency{45};

[[nodiscard]] LogCoverage log_coverage(const Activity& all, const CoverageOptions& options);

// The days among the last `window` ones of the log on which `seen` has nothing.
[[nodiscard]] Day silent_days(const LogCoverage& log, const DaySet& seen, Day window);

// max(0, 1 - window/period). REQUIRES: period > 0.
[[nodiscard]] double missed_chance(double period_days, double window_days);

// The mean distance between days on which a caller was seen; nothing when it was seen on fewer than
// two.
[[nodiscard]] std::optional<double> estimated_period(const DaySet& days);

// A caller seen on one day of a window has, if it is periodic, at least this period: with a shorter
// one it would have been seen again.
[[nodiscard]] Day least_period(Day seen, Day first_day, Day last_day);

// `2026-06-01`.
[[nodiscard]] std::string day_text(Day day);
// `2026-06-01, 2026-06-02 and 5 more`.
[[nodiscard]] std::string days_text(const std::vector<Day>& days, std::size_t at_most = 3);
// `29 %`; `below 1 %` for a chance that would round to nothing.
[[nodiscard]] std::string percent_text(double chance);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_COVERAGE_H_

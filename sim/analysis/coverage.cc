#include "sim/analysis/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nsp {

LogCoverage log_coverage(const Activity& all, const CoverageOptions& options) {
  LogCoverage log;
  if (all.days.empty()) return log;
  log.first = all.first;
  log.last = all.last;
  log.days = all.days;
  log.first_day = day_of(all.first);
  const Instant end = std::max(options.as_of.value_or(all.last), all.last);
  log.last_day = day_of(end);
  log.known_until = std::max(end - kLogLatency, all.first);
  for (Day day = log.first_day; day <= log.last_day; ++day) {
    if (!log.days.contains(day)) log.holes.push_back(day);
  }
  return log;
}

Day silent_days(const LogCoverage& log, const DaySet& seen, Day window) {
  if (log.empty()) return 0;
  Day silent = 0;
  for (Day day = std::max(log.first_day, log.last_day - window + 1); day <= log.last_day; ++day) {
    silent += seen.contains(day) ? 0 : 1;
  }
  return silent;
}

double missed_chance(double period_days, double window_days) {
  return std::max(0.0, 1.0 - window_days / period_days);
}

std::optional<double> estimated_period(const DaySet& days) {
  const std::vector<Day> all = days.days();
  if (all.size() < 2) return std::nullopt;
  return static_cast<double>(all.back() - all.front()) / static_cast<double>(all.size() - 1);
}

Day least_period(Day seen, Day first_day, Day last_day) {
  return std::max(seen - first_day, last_day - seen) + 1;
}

std::string day_text(Day day) {
  const Instant midnight{std::chrono::days{day}};
  return to_string(midnight).substr(0, 10);
}

std::string days_text(const std::vector<Day>& days, std::size_t at_most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(days.size(), at_most); ++i) {
    text += (i == 0 ? "" : ", ") + day_text(days[i]);
  }
  if (days.size() > at_most) text += fmt::format(" and {} more", days.size() - at_most);
  return text;
}

std::string percent_text(double chance) {
  const double percent = std::round(chance * 100);
  if (percent < 1 && chance > 0) return "below 1 %";
  return fmt::format("{:.0f} %", percent);
}

}  // namespace nsp

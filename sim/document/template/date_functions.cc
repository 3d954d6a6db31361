// Functions on times. A time is text in between; formats are those of .NET in its invariant
// culture, as Resource Manager's are: standard ones of one letter, and custom ones.

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/document/template/arguments.h"

namespace nsp {
namespace {

namespace chr = std::chrono;

constexpr std::string_view kCompact = "yyyyMMddTHHmmssZ";

// A moment and the pieces of it.
struct Moment {
  Instant at;
  chr::year_month_day date;
  chr::hh_mm_ss<chr::nanoseconds> time;

  explicit Moment(Instant instant)
      : at(instant),
        date(chr::floor<chr::days>(instant)),
        time(instant - chr::floor<chr::days>(instant)) {}
};

// `20260101T000000Z` as RFC 3339.
std::string spread(std::string_view text) {
  constexpr std::size_t kDate = 8;
  constexpr std::size_t kCompactSize = 16;
  if (text.size() != kCompactSize || text[kDate] != 'T') return std::string(text);
  return fmt::format("{}-{}-{}T{}:{}:{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                     text.substr(9, 2), text.substr(11, 2), text.substr(13));
}

// RFC 3339, a date alone, or the compact form.
std::optional<Instant> read_moment(std::string_view text) {
  constexpr std::size_t kDateOnly = 10;
  if (text.size() == kDateOnly) return parse_instant(std::string(text) + "T00:00:00Z");
  return parse_instant(spread(text));
}

// The custom format behind a standard one.
std::string_view custom_format(std::string_view format) {
  struct Standard {
    char letter;
    std::string_view custom;
  };
  static constexpr std::array kStandard{Standard{'d', "MM/dd/yyyy"},
                                        Standard{'D', "dddd, dd MMMM yyyy"},
                                        Standard{'f', "dddd, dd MMMM yyyy HH:mm"},
                                        Standard{'F', "dddd, dd MMMM yyyy HH:mm:ss"},
                                        Standard{'g', "MM/dd/yyyy HH:mm"},
                                        Standard{'G', "MM/dd/yyyy HH:mm:ss"},
                                        Standard{'m', "MMMM dd"},
                                        Standard{'M', "MMMM dd"},
                                        Standard{'o', "yyyy-MM-dd'T'HH:mm:ss.fffffffK"},
                                        Standard{'O', "yyyy-MM-dd'T'HH:mm:ss.fffffffK"},
                                        Standard{'r', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"},
                                        Standard{'R', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"},
                                        Standard{'s', "yyyy-MM-dd'T'HH:mm:ss"},
                                        Standard{'t', "HH:mm"},
                                        Standard{'T', "HH:mm:ss"},
                                        Standard{'u', "yyyy-MM-dd HH:mm:ss'Z'"},
                                        Standard{'U', "dddd, dd MMMM yyyy HH:mm:ss"},
                                        Standard{'y', "yyyy MMMM"},
                                        Standard{'Y', "yyyy MMMM"}};
  if (format.size() != 1) return format;
  for (const Standard& one : kStandard) {
    if (one.letter == format.front()) return one.custom;
  }
  return {};
}

std::string_view day_name(const Moment& moment) {
  static constexpr std::array<std::string_view, 7> kNames{
      "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  return kNames.at(chr::weekday(chr::sys_days(moment.date)).c_encoding());
}

std::string_view month_name(const Moment& moment) {
  static constexpr std::array<std::string_view, 12> kNames{
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return kNames.at(static_cast<unsigned>(moment.date.month()) - 1);
}

// A number in at least `width` digits, at most two of them asked for.
std::string padded(std::int64_t number, std::size_t width) {
  return fmt::format("{:0{}}", number, std::min<std::size_t>(width, 2));
}

std::string named_or_padded(unsigned number, std::size_t width, std::string_view name) {
  constexpr std::size_t kShort = 3;
  if (width < kShort) return padded(number, width);
  return std::string(width == kShort ? name.substr(0, kShort) : name);
}

std::string year_text(const Moment& moment, std::size_t width) {
  const int year = static_cast<int>(moment.date.year());
  constexpr int kCentury = 100;
  return width <= 2 ? padded(year % kCentury, width) : fmt::format("{:0{}}", year, width);
}

std::string fraction_text(const Moment& moment, std::size_t width) {
  return fmt::format("{:09}", moment.time.subseconds().count()).substr(0, width);
}

std::string half_day(const Moment& moment, std::size_t width) {
  return std::string(moment.time.hours().count() < 12 ? "AM" : "PM").substr(0, width);
}

std::int64_t hour_of_twelve(const Moment& moment) {
  const auto hour = moment.time.hours().count() % 12;
  return hour == 0 ? 12 : hour;
}

// A run of one letter; nothing when the letter stands for itself.
std::optional<std::string> run_text(const Moment& moment, char letter, std::size_t width) {
  switch (letter) {
    case 'y':
      return year_text(moment, width);
    case 'M':
      return named_or_padded(static_cast<unsigned>(moment.date.month()), width, month_name(moment));
    case 'd':
      return named_or_padded(static_cast<unsigned>(moment.date.day()), width, day_name(moment));
    case 'H':
      return padded(moment.time.hours().count(), width);
    case 'h':
      return padded(hour_of_twelve(moment), width);
    case 'm':
      return padded(moment.time.minutes().count(), width);
    case 's':
      return padded(moment.time.seconds().count(), width);
    case 'f':
      return fraction_text(moment, width);
    case 't':
      return half_day(moment, width);
    case 'K':
      return "Z";
    case 'z':
      return width == 1 ? "+0" : width == 2 ? "+00" : "+00:00";
    default:
      return std::nullopt;
  }
}

std::string formatted(const Moment& moment, std::string_view format) {
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = std::min(format.find(c, i + 1), format.size());
      out += format.substr(i + 1, end - i - 1);
      i = end + 1;
      continue;
    }
    const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
    if (c == '\\' && i + 1 < format.size()) {
      out += format[i + 1];
      i += 2;
    } else if (c == '%') {
      ++i;
    } else {
      out += run_text(moment, c, end - i).value_or(std::string(format.substr(i, end - i)));
      i = end;
    }
  }
  return out;
}

// An ISO 8601 duration in the parts that a calendar treats differently.
struct Duration {
  int months = 0;
  chr::nanoseconds rest{0};
};

// One part, `3Y`: how far it reaches; false when the letter is not one.
bool add_part(Duration& sum, double number, char letter, bool in_time) {
  constexpr int kMonths = 12;
  const auto seconds = [&](double each) {
    sum.rest += chr::nanoseconds(static_cast<std::int64_t>(number * each * 1e9));
    return true;
  };
  constexpr double kMost = 1e6;
  if (number > kMost) return false;
  if (!in_time && letter == 'Y') return sum.months += static_cast<int>(number) * kMonths, true;
  if (!in_time && letter == 'M') return sum.months += static_cast<int>(number), true;
  if (!in_time && letter == 'W') return seconds(7 * 86400.0);
  if (!in_time && letter == 'D') return seconds(86400.0);
  if (in_time && letter == 'H') return seconds(3600.0);
  if (in_time && letter == 'M') return seconds(60.0);
  return in_time && letter == 'S' && seconds(1.0);
}

std::optional<Duration> read_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  Duration sum;
  bool in_time = false;
  for (text.remove_prefix(1); !text.empty();) {
    if (!in_time && text.front() == 'T') {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    double number = 0;
    const auto [last, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || last == text.data() + text.size() || number < 0) return {};
    if (!add_part(sum, number, *last, in_time)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(last - text.data()) + 1);
  }
  if (negative) sum = {-sum.months, -sum.rest};
  return sum;
}

// A month that is too short for the day ends it, as in .NET.
std::optional<Instant> later(Instant from, const Duration& by) {
  const Moment moment(from);
  chr::year_month_day date = moment.date + chr::months(by.months);
  if (!date.ok()) date = date.year() / date.month() / chr::last;
  constexpr int kFirstYear = 1700;
  constexpr int kLastYear = 2200;
  constexpr auto kFarthest = chr::days(365 * 50);
  if (int(date.year()) < kFirstYear || int(date.year()) > kLastYear || by.rest > kFarthest ||
      by.rest < -kFarthest) {
    return std::nullopt;
  }
  return chr::sys_days(date) + moment.time.to_duration() + by.rest;
}

// The format argument at `i`, or `otherwise`.
std::expected<std::string_view, std::string> format_argument(const Call& call, std::size_t i,
                                                             std::string_view otherwise) {
  if (call.size() <= i) return otherwise;
  const auto given = string_argument(call, i);
  if (!given) return given;
  const std::string_view custom = custom_format(*given);
  if (custom.empty()) return NotThis(fmt::format("`{}` is no format of a time", *given));
  return custom;
}

std::expected<Instant, std::string> moment_argument(const Call& call, std::size_t i) {
  const auto text = string_argument(call, i);
  if (!text) return NotThis(text.error());
  const auto at = read_moment(*text);
  if (!at) {
    return NotThis(
        fmt::format("`{}` is no time, expected one such as `2026-01-31T12:00:00Z`", *text));
  }
  return *at;
}

FunctionResult run_utc_now(const Call& call) {
  const auto format = format_argument(call, 0, kCompact);
  if (!format) return NotThis(format.error());
  const auto now = read_moment(call.scope.facts().now);
  if (!now) return NotThis(fmt::format("`{}` is no time", call.scope.facts().now));
  return give(call, formatted(Moment(*now), *format));
}

// Without a format the result looks as Azure prints times, and a compact base stays compact.
FunctionResult run_date_time_add(const Call& call) {
  const auto base = moment_argument(call, 0);
  const auto text = string_argument(call, 1);
  if (!base || !text) return NotThis(!base ? base.error() : text.error());
  const auto by = read_duration(*text);
  if (!by) return NotThis(fmt::format("`{}` is no duration, expected one such as `P3Y`", *text));
  const bool compact = call[0].text.size() == kCompact.size() && call[0].text[8] == 'T';
  const auto format = format_argument(call, 2, compact ? kCompact : "M/d/yyyy h:mm:ss tt");
  if (!format) return NotThis(format.error());
  const auto sum = later(*base, *by);
  if (!sum) return NotThis("the time is outside the years 1700 to 2200");
  return give(call, formatted(Moment(*sum), *format));
}

FunctionResult run_date_time_from_epoch(const Call& call) {
  const auto seconds = integer_argument(call, 0);
  if (!seconds) return NotThis(seconds.error());
  constexpr std::int64_t kMost = 7'258'118'400;  // the year 2200
  if (*seconds < -kMost || *seconds > kMost) return NotThis("the time is outside 1740 to 2200");
  return give(call, formatted(Moment(Instant(chr::seconds(*seconds))), "yyyy-MM-dd'T'HH:mm:ss'Z'"));
}

FunctionResult run_date_time_to_epoch(const Call& call) {
  const auto at = moment_argument(call, 0);
  if (!at) return NotThis(at.error());
  return give(call, std::int64_t{chr::floor<chr::seconds>(*at).time_since_epoch().count()});
}

constexpr std::array kDateFunctions{
    Function{"dateTimeAdd", 2, 3, run_date_time_add, false, "template-functions-date#datetimeadd"},
    Function{"dateTimeFromEpoch", 1, 1, run_date_time_from_epoch, false,
             "template-functions-date#datetimefromepoch"},
    Function{"dateTimeToEpoch", 1, 1, run_date_time_to_epoch, false,
             "template-functions-date#datetimetoepoch"},
    Function{"utcNow", 0, 1, run_utc_now, false, "template-functions-date#utcnow"}};

}  // namespace

std::span<const Function> date_functions() { return kDateFunctions; }

}  // namespace nsp

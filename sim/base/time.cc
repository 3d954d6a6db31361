#include "sim/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace nsp {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr int kDecimals = 9;
constexpr Day kBitsPerWord = 64;

// Reads a text from its start, piece by piece.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // `.25` → 250000000; without a point 0; a point without digits is nothing.
  std::optional<std::int64_t> fraction() {
    if (!skip(".")) return 0;
    std::int64_t value = 0;
    int count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      if (count < kDecimals) value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count == 0) return std::nullopt;
    for (; count < kDecimals; ++count) value *= 10;
    return value;
  }

  [[nodiscard]] bool starts_with(char c) const { return rest_.starts_with(c); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_date(Pieces& text) {
  const auto year = text.digits(4);
  if (!year || !text.skip("-")) return std::nullopt;
  const auto month = text.digits(2);
  if (!month || !text.skip("-")) return std::nullopt;
  const auto day = text.digits(2);
  if (!day) return std::nullopt;
  constexpr int kFirstYear = 1678;
  constexpr int kLastYear = 2261;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::int64_t> read_time(Pieces& text) {
  const auto hour = text.digits(2);
  if (!hour || !text.skip(":")) return std::nullopt;
  const auto minute = text.digits(2);
  if (!minute || !text.skip(":")) return std::nullopt;
  const auto second = text.digits(2);
  const auto fraction = second ? text.fraction() : std::nullopt;
  // A leap second reads as the first second of the next minute.
  if (!fraction || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return ((*hour * 60 + *minute) * std::int64_t{60} + *second) * kNanosPerSecond + *fraction;
}

// Minutes east of UTC.
std::optional<int> read_offset(Pieces& text) {
  if (text.at_end() || text.skip("Zz")) return 0;
  const bool west = text.starts_with('-');
  if (!text.skip("+-")) return std::nullopt;
  const auto hours = text.digits(2);
  if (!hours || !text.skip(":")) return std::nullopt;
  const auto minutes = text.digits(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int offset = *hours * 60 + *minutes;
  return west ? -offset : offset;
}

Day floor_to_word(Day day) {
  return (day >= 0 ? day / kBitsPerWord : (day - kBitsPerWord + 1) / kBitsPerWord) * kBitsPerWord;
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  Pieces pieces(text);
  const auto date = read_date(pieces);
  if (!date || !pieces.skip("Tt ")) return std::nullopt;
  const auto time = read_time(pieces);
  const auto offset = time ? read_offset(pieces) : std::nullopt;
  if (!offset || !pieces.at_end()) return std::nullopt;
  return Instant(*date) + nanoseconds(*time) - std::chrono::minutes(*offset);
}

// By hand, since each record of a log has two of them. Years have four digits (time.h).
std::string to_string(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(instant - days);
  std::string text = "0000-00-00T00:00:00";
  const auto put = [&text](std::size_t end, std::int64_t value) {
    for (std::size_t i = end; value != 0; value /= 10)
      text[--i] = static_cast<char>('0' + value % 10);
  };
  put(4, static_cast<int>(date.year()));
  put(7, static_cast<unsigned>(date.month()));
  put(10, static_cast<unsigned>(date.day()));
  put(13, time.hours().count());
  put(16, time.minutes().count());
  put(19, time.seconds().count());
  if (const std::int64_t fraction = time.subseconds().count(); fraction != 0) {
    text += ".000000000";
    put(text.size(), fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

Day day_of(Instant instant) {
  return static_cast<Day>(
      std::chrono::floor<std::chrono::days>(instant).time_since_epoch().count());
}

std::optional<Day> parse_day(std::string_view text) {
  Pieces pieces(text);
  const auto date = read_date(pieces);
  if (!date || !pieces.at_end()) return std::nullopt;
  return static_cast<Day>(date->time_since_epoch().count());
}

void DaySet::insert(Day day) {
  const Day word = floor_to_word(day);
  if (bits_.empty()) {
    base_ = word;
    bits_.push_back(0);
  }
  if (word < base_) {
    bits_.insert(bits_.begin(), static_cast<std::size_t>((base_ - word) / kBitsPerWord), 0);
    base_ = word;
  }
  const auto index = static_cast<std::size_t>((word - base_) / kBitsPerWord);
  if (index >= bits_.size()) bits_.resize(index + 1);
  bits_[index] |= std::uint64_t{1} << (day - word);
}

void DaySet::insert(Day first, Day last) {
  for (Day day = first; day <= last; ++day) insert(day);
}

void DaySet::merge(const DaySet& other) {
  for (const Day day : other.days()) insert(day);
}

bool DaySet::contains(Day day) const {
  const Day word = floor_to_word(day);
  if (bits_.empty() || word < base_) return false;
  const auto index = static_cast<std::size_t>((word - base_) / kBitsPerWord);
  return index < bits_.size() && ((bits_[index] >> (day - word)) & 1) != 0;
}

std::size_t DaySet::size() const {
  std::size_t count = 0;
  for (const std::uint64_t word : bits_) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

std::vector<Day> DaySet::days() const {
  std::vector<Day> days;
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    for (std::uint64_t rest = bits_[i]; rest != 0; rest &= rest - 1) {
      days.push_back(base_ + static_cast<Day>(i) * kBitsPerWord + std::countr_zero(rest));
    }
  }
  return days;
}

}  // namespace nsp

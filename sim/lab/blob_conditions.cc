#include "sim/lab/blob_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Digits and nothing else.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole =
      !text.empty() && text[0] != '-' && error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<seconds> clock_of(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = number_of<int>(text.substr(0, 2));
  const auto minutes = number_of<int>(text.substr(3, 2));
  const auto whole = number_of<int>(text.substr(6, 2));
  if (!hours || !minutes || !whole || *hours > 23 || *minutes > 59 || *whole > 60) {
    return std::nullopt;
  }
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + seconds(*whole);
}

// Whether a list of entity tags names this one; `*` names any.
bool names(std::string_view list, const std::string* etag) {
  if (etag == nullptr) return false;
  return std::ranges::any_of(split_words(list, ','), [&](std::string_view tag) {
    tag = trim(tag);
    if (tag == "*" || tag == *etag) return true;
    return tag.size() + 2 == etag->size() && etag->substr(1, tag.size()) == tag;
  });
}

std::unexpected<BlobProblem> not_met() {
  return std::unexpected(
      BlobProblem{412, "ConditionNotMet",
                  "The condition specified using HTTP conditional header(s) is not met."});
}

BlobResult<void> fresh(Access access) {
  if (access == Access::Write) return not_met();
  return std::unexpected(BlobProblem{304, "ConditionNotMet", ""});
}

BlobResult<void> check_absence(std::string_view list, Access access, const std::string* etag) {
  if (!names(list, etag)) return {};
  if (access == Access::Write && trim(list) == "*") {
    return std::unexpected(
        BlobProblem{409, "BlobAlreadyExists", "The specified blob already exists."});
  }
  return fresh(access);
}

std::optional<Utc> date_in(const Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  return text ? parse_http_date(trim(*text)) : std::nullopt;
}

}  // namespace

std::string http_date(Utc time) {
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::optional<Utc> parse_http_date(std::string_view text) {
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.size() != 6 || words[5] != "GMT" || words[0].size() != 4) return std::nullopt;
  const auto day = number_of<unsigned>(words[1]);
  const auto month = std::ranges::find(kMonths, words[2]);
  const auto year = number_of<int>(words[3]);
  const auto clock = clock_of(words[4]);
  if (!day || month == kMonths.end() || !year || !clock || *year > 9999) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(*day));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + *clock;
}

BlobResult<void> check_conditions(const Headers& headers, Access access, const std::string* etag,
                                  Utc modified) {
  const Utc whole = floor<seconds>(modified);
  if (const auto match = headers.find("If-Match"); match && !names(*match, etag)) return not_met();
  if (const auto absent = headers.find("If-None-Match")) {
    if (auto holds = check_absence(*absent, access, etag); !holds) return holds;
  }
  if (etag == nullptr) return {};
  if (const auto since = date_in(headers, "If-Modified-Since"); since && whole <= *since) {
    return fresh(access);
  }
  if (const auto since = date_in(headers, "If-Unmodified-Since"); since && whole > *since) {
    return not_met();
  }
  return {};
}

BlobResult<std::optional<ByteRange>> range_of(const Headers& headers, std::size_t size) {
  const auto given = headers.find("x-ms-range");
  std::string_view text = trim(given ? *given : headers.find("Range").value_or(""));
  if (!text.starts_with("bytes=")) return std::nullopt;
  text.remove_prefix(6);
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number_of<std::size_t>(text.substr(0, dash));
  const auto last = number_of<std::size_t>(text.substr(dash + 1));
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) {
    return std::nullopt;
  }
  if (*first >= size) {
    return std::unexpected(
        BlobProblem{416, "InvalidRange",
                    "The range specified is invalid for the current size of the resource."});
  }
  const std::size_t end = last && *last < size ? *last + 1 : size;
  return ByteRange{*first, end - *first};
}

}  // namespace nsp::lab

// The members of an access-log record, in both of its shapes, and what each is to us.
//
// Raw records nest: `properties`, and in it `matchedRule`, `source`, `destination`. Rows of the
// table NSPAccessLogs are flat, with column names of their own. One set of names serves both,
// because no name means different things in the two. Names compare without case: the platform
// writes camelCase, AI Search PascalCase.
//
// Source: LOG (the record), the columns of the NSPAccessLogs table. Thread safety: pure functions.
#ifndef NSP_SIM_ACCESS_LOG_RECORD_FIELDS_H_
#define NSP_SIM_ACCESS_LOG_RECORD_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/base/time.h"

namespace nsp {

// What tells records apart: the fields of LogTuple. A matched rule is written as an object
// (MatchedRule → Rule) or as a text that holds one (RuleText).
enum class Slot : std::uint8_t {
  Category,
  Perimeter,
  Service,
  ServiceName,
  Profile,
  Rule,
  RuleText,
  Version,
  SourceAddress,
  SourceResource,
  SourceApp,
  SourceProtocol,
  DestinationName,
  DestinationResource,
  Operation,
};
inline constexpr std::size_t kSlotCount = 15;

// What a member is: one of the slots (same number), or one of these.
enum class RecordMember : std::uint8_t {
  FirstAfterSlots = kSlotCount,
  Time = FirstAfterSlots,
  EndTime,
  Count,
  SourceParameters,
  MatchedRule,
  Properties,
  Source,
  Destination,
  Wrapper,  // `records`, `tables`, `value`: holds records, is none
  Ignored,  // known, and of no use here
  Unknown,
};

[[nodiscard]] constexpr RecordMember member_of(Slot slot) {
  return static_cast<RecordMember>(slot);
}
[[nodiscard]] constexpr bool is_slot(RecordMember member) {
  return member < RecordMember::FirstAfterSlots;
}

// The object that a member stands in. The columns of a row stand in Top.
enum class Level : std::uint8_t { Top, Properties, MatchedRule, Source, Destination };
inline constexpr std::size_t kLevelCount = 5;

// Compared without case.
[[nodiscard]] RecordMember find_member(Level level, std::string_view name);

// How an unknown member is reported: `properties.source.NAME`, as written, cut to a length that
// fits a line.
[[nodiscard]] std::string_view level_path(Level level);
[[nodiscard]] std::string_view cut_name(std::string_view name);

// A record, read but not yet understood. Views live until the reader reads the next one.
struct RawRecord {
  // JSON tokens as written: a string with its quotes, a number; empty where absent or null.
  // INVARIANT: kPadding readable bytes stand behind each.
  static constexpr std::size_t kPadding = 32;
  std::array<std::string_view, kSlotCount> tokens;
  Instant first;
  Instant last;
  std::uint64_t count = 1;
  bool service_endpoint = false;
  // Why time or count cannot be used, for a person; empty: they can.
  std::string_view problem;
};

// Reads times; most of a log's share their date, which is then read once.
class TimeReader {
 public:
  // RFC 3339, or the portal's `6/1/2026, 12:00:00.000 AM`, which is UTC.
  [[nodiscard]] std::optional<Instant> read(std::string_view text);

 private:
  std::array<char, 10> date_{};  // `2026-06-01`
  Instant midnight_;
};

// Digits only, up to kMostEvents; an empty text is 1. More than that is not a count of events.
inline constexpr std::uint64_t kMostEvents = 1'000'000'000'000;
[[nodiscard]] std::optional<std::uint64_t> read_count(std::string_view text);

// `source.parameters` tells by this word that a service endpoint was used. Source: LOG.
[[nodiscard]] bool marks_service_endpoint(std::string_view parameters);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_RECORD_FIELDS_H_

#include "sim/access_log/record_fields.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <unordered_map>

#include "sim/base/text.h"

namespace nsp {
namespace {

struct Name {
  Level level;
  std::string_view name;  // lower case
  RecordMember member;
};

constexpr RecordMember kCategory = member_of(Slot::Category);
constexpr RecordMember kService = member_of(Slot::Service);
constexpr RecordMember kServiceName = member_of(Slot::ServiceName);
constexpr RecordMember kProfile = member_of(Slot::Profile);
constexpr RecordMember kVersion = member_of(Slot::Version);
constexpr RecordMember kIgnored = RecordMember::Ignored;

constexpr Name kNames[] = {
    // The envelope of raw records; some of its names are columns, too.
    {Level::Top, "time", RecordMember::Time},
    {Level::Top, "timegeneratedendtime", RecordMember::EndTime},
    {Level::Top, "count", RecordMember::Count},
    {Level::Top, "resourceid", member_of(Slot::Perimeter)},
    {Level::Top, "operationname", member_of(Slot::Operation)},
    {Level::Top, "operationversion", kIgnored},
    {Level::Top, "category", kCategory},
    {Level::Top, "location", kIgnored},
    {Level::Top, "properties", RecordMember::Properties},
    {Level::Top, "resultdescription", kIgnored},
    {Level::Top, "records", RecordMember::Wrapper},
    {Level::Top, "tables", RecordMember::Wrapper},
    {Level::Top, "value", RecordMember::Wrapper},
    // Columns of NSPAccessLogs.
    {Level::Top, "timegenerated", RecordMember::Time},
    {Level::Top, "resultaction", kIgnored},
    {Level::Top, "resultdirection", kIgnored},
    {Level::Top, "ruletype", kIgnored},
    {Level::Top, "traffictype", kIgnored},
    {Level::Top, "matchedrule", RecordMember::MatchedRule},
    {Level::Top, "accessruleversion", kVersion},
    {Level::Top, "profile", kProfile},
    {Level::Top, "serviceresourceid", kService},
    {Level::Top, "servicefqdn", kServiceName},
    {Level::Top, "appid", kIgnored},
    {Level::Top, "parameters", kIgnored},
    {Level::Top, "sourceipaddress", member_of(Slot::SourceAddress)},
    {Level::Top, "sourceport", kIgnored},
    {Level::Top, "sourceprotocol", member_of(Slot::SourceProtocol)},
    {Level::Top, "sourceresourceid", member_of(Slot::SourceResource)},
    {Level::Top, "sourceappid", member_of(Slot::SourceApp)},
    {Level::Top, "sourceperimeterguids", kIgnored},
    {Level::Top, "sourceparameters", RecordMember::SourceParameters},
    {Level::Top, "destinationfqdn", member_of(Slot::DestinationName)},
    {Level::Top, "destinationport", kIgnored},
    {Level::Top, "destinationprotocol", kIgnored},
    {Level::Top, "destinationresourceid", member_of(Slot::DestinationResource)},
    {Level::Top, "destinationparameters", kIgnored},
    {Level::Top, "destinationemailaddress", kIgnored},
    {Level::Top, "destinationphonenumber", kIgnored},
    {Level::Top, "_resourceid", member_of(Slot::Perimeter)},
    {Level::Top, "_subscriptionid", kIgnored},
    {Level::Top, "_billedsize", kIgnored},
    {Level::Top, "_isbillable", kIgnored},
    {Level::Top, "sourcesystem", kIgnored},
    {Level::Top, "tenantid", kIgnored},
    {Level::Top, "type", kIgnored},
    // What the command line adds to each row.
    {Level::Top, "tablename", kIgnored},

    {Level::Properties, "serviceresourceid", kService},
    {Level::Properties, "servicefqdn", kServiceName},
    {Level::Properties, "accessrulesversion", kVersion},
    {Level::Properties, "profile", kProfile},
    {Level::Properties, "appid", kIgnored},
    {Level::Properties, "parameters", kIgnored},
    {Level::Properties, "matchedrule", RecordMember::MatchedRule},
    {Level::Properties, "source", RecordMember::Source},
    {Level::Properties, "destination", RecordMember::Destination},

    {Level::MatchedRule, "accessrule", member_of(Slot::Rule)},

    {Level::Source, "resourceid", member_of(Slot::SourceResource)},
    {Level::Source, "ipaddress", member_of(Slot::SourceAddress)},
    {Level::Source, "port", kIgnored},
    {Level::Source, "protocol", member_of(Slot::SourceProtocol)},
    {Level::Source, "perimeterguids", kIgnored},
    {Level::Source, "appid", member_of(Slot::SourceApp)},
    {Level::Source, "parameters", RecordMember::SourceParameters},

    {Level::Destination, "resourceid", member_of(Slot::DestinationResource)},
    {Level::Destination, "fullyqualifieddomainname", member_of(Slot::DestinationName)},
    {Level::Destination, "appid", kIgnored},
    {Level::Destination, "port", kIgnored},
    {Level::Destination, "protocol", kIgnored},
    {Level::Destination, "parameters", kIgnored},
};

using Names = std::unordered_map<std::string_view, RecordMember>;

std::array<Names, kLevelCount> make_names() {
  std::array<Names, kLevelCount> names;
  for (const Name& name : kNames) {
    names[static_cast<std::size_t>(name.level)].emplace(name.name, name.member);
  }
  return names;
}

std::optional<int> two_digits(const char* at) {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  if (tens > 9 || ones > 9) return std::nullopt;
  return static_cast<int>(tens * 10 + ones);
}

constexpr std::size_t kDateLength = 10;    // `2026-06-01`
constexpr std::size_t kSecondLength = 19;  // `2026-06-01T00:00:00`
constexpr std::size_t kDecimals = 9;

// `T12:34:56` and decimals and `Z`, after a date: nanoseconds of the day. Nothing for all other
// forms.
std::optional<std::chrono::nanoseconds> time_of_day(std::string_view text) {
  const char* const at = text.data();
  if (text.size() <= kSecondLength || at[10] != 'T' || at[13] != ':' || at[16] != ':' ||
      text.back() != 'Z') {
    return std::nullopt;
  }
  const auto hour = two_digits(at + 11);
  const auto minute = two_digits(at + 14);
  const auto second = two_digits(at + 17);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  std::int64_t nanos = 0;
  const std::string_view decimals = text.substr(kSecondLength, text.size() - kSecondLength - 1);
  if (!decimals.empty()) {
    if (decimals.size() < 2 || decimals.size() > kDecimals + 1 || decimals[0] != '.') {
      return std::nullopt;
    }
    for (std::size_t i = 1; i <= kDecimals; ++i) {
      const char c = i < decimals.size() ? decimals[i] : '0';
      if (c < '0' || c > '9') return std::nullopt;
      nanos = nanos * 10 + (c - '0');
    }
  }
  return std::chrono::seconds((*hour * 60 + *minute) * 60 + *second) +
         std::chrono::nanoseconds(nanos);
}

// A number of one to `most` digits, taken off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
  std::size_t length = 0;
  int value = 0;
  while (length < text.size() && length < most && text[length] >= '0' && text[length] <= '9') {
    value = value * 10 + (text[length++] - '0');
  }
  if (length == 0) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// `6/1/2026, 12:00:00.000 AM`, month first: what the Azure portal writes in exported CSV files. The
// rewritten form is read by parse_instant, which checks ranges.
std::optional<Instant> portal_time(std::string_view text) {
  const auto month = take_number(text, 2);
  if (!month || !take(text, "/")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take(text, "/")) return std::nullopt;
  const auto year = take_number(text, 4);
  if (!year || !take(text, ", ")) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour < 1 || *hour > 12 || !text.starts_with(":")) return std::nullopt;
  const auto space = text.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view half = text.substr(space + 1);
  if (half != "AM" && half != "PM") return std::nullopt;
  const auto padded = [](int value, std::size_t width) {
    std::string digits = std::to_string(value);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
  };
  const int hour_of_day = *hour % 12 + (half == "PM" ? 12 : 0);
  return parse_instant(padded(*year, 4) + '-' + padded(*month, 2) + '-' + padded(*day, 2) + 'T' +
                       padded(hour_of_day, 2) + std::string(text.substr(0, space)) + 'Z');
}

}  // namespace

RecordMember find_member(Level level, std::string_view name) {
  static const std::array<Names, kLevelCount> names = make_names();
  const Names& here = names[static_cast<std::size_t>(level)];
  const auto found = here.find(lower(name));
  return found == here.end() ? RecordMember::Unknown : found->second;
}

std::string_view level_path(Level level) {
  switch (level) {
    case Level::Top:
      return "";
    case Level::Properties:
      return "properties.";
    case Level::MatchedRule:
      return "properties.matchedRule.";
    case Level::Source:
      return "properties.source.";
    case Level::Destination:
      return "properties.destination.";
  }
  return "";
}

std::string_view cut_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  if (name.size() <= kLongest) return name;
  std::size_t length = kLongest;
  // Not inside a character: its later bytes are 10xxxxxx.
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0U) == 0x80U) --length;
  return name.substr(0, length);
}

std::optional<Instant> TimeReader::read(std::string_view text) {
  const auto time = time_of_day(text);
  if (!time) {
    const auto instant = parse_instant(text);
    return instant ? instant : portal_time(text);
  }
  if (std::memcmp(text.data(), date_.data(), kDateLength) != 0) {
    const auto midnight = parse_instant(std::string(text.substr(0, kDateLength)) + "T00:00:00Z");
    if (!midnight) return std::nullopt;
    midnight_ = *midnight;
    std::memcpy(date_.data(), text.data(), kDateLength);
  }
  return midnight_ + *time;
}

std::optional<std::uint64_t> read_count(std::string_view text) {
  if (text.empty()) return 1;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > kMostEvents) {
    return std::nullopt;
  }
  return value;
}

bool marks_service_endpoint(std::string_view parameters) {
  constexpr std::string_view kMark = "serviceendpoint";
  const auto same = [](char a, char b) { return ascii_lower(a) == b; };
  return std::search(parameters.begin(), parameters.end(), kMark.begin(), kMark.end(), same) !=
         parameters.end();
}

}  // namespace nsp

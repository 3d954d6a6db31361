#include "sim/access_log/record_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "sim/access_log/line_protocol_text.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

namespace od = simdjson::ondemand;

constexpr std::string_view kNotJson = "not JSON";
constexpr std::string_view kNotUtf8 = "not UTF-8";

// A name as written, and what it is.
struct Known {
  std::string name;
  Member member = Member::Unknown;
  std::uint64_t* records = nullptr;  // of an unknown member
};

constexpr std::size_t kPlaces = 32;           // members of one object that are remembered by place
constexpr std::size_t kLongestName = 100;     // of a remembered name; below kPadding
constexpr std::size_t kMostSpellings = 4096;  // remembered an object; a log has a few

struct Names {
  std::array<const Known*, kPlaces> by_place{};
  std::unordered_map<std::string_view, std::unique_ptr<Known>> spellings;  // keys view Known::name
};

std::string_view trim_right(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// Inside the quotes, as written. REQUIRES: a trimmed string token.
std::string_view inside(std::string_view token) { return token.substr(1, token.size() - 2); }

bool is_whole_string(std::string_view token) {
  return token.size() >= 2 && token.front() == '"' && token.back() == '"';
}

bool is_number(std::string_view token) {
  return !token.empty() && (token.front() == '-' || (token.front() >= '0' && token.front() <= '9'));
}

}  // namespace

struct RecordReader::State {
  od::parser parser;
  std::array<Names, kLevelCount> names;
  std::map<std::string, std::uint64_t> unknown;
  std::vector<std::uint64_t*> pending;  // unknown members of the record that is being read
  std::string_view why;
  std::string why_text;  // what `why` refers to, where it is not fixed
  TimeReader times;

  // A JSON text inside a string: its characters, padded, and a parser of its own. One a level,
  // since an outer one is still being read.
  struct Nested {
    od::parser parser;
    std::vector<char> text;
  };
  std::array<std::unique_ptr<Nested>, kLevelCount> nested;
  std::array<std::string, kSlotCount> cells;  // tokens made of the texts of a CSV row

  ReadStatus fail(std::string_view reason) {
    why = reason;
    return ReadStatus::Unreadable;
  }
  ReadStatus fail(simdjson::error_code code) {
    return fail(code == simdjson::UTF8_ERROR ? kNotUtf8 : kNotJson);
  }
  ReadStatus wrong_type(Level level, const Known& known) {
    why_text = fmt::format("expected a string in `{}{}`", level_path(level), known.name);
    return fail(why_text);
  }

  std::uint64_t* counter(std::string_view path, std::string_view name) {
    return &unknown[fmt::format("{}{}", path, cut_name(name))];
  }

  void begin(RawRecord& into) {
    into.tokens.fill({});
    into.first = Instant::max();  // not said
    into.last = Instant::min();
    into.count = 1;
    into.service_endpoint = false;
    into.problem = {};
    pending.clear();
  }

  ReadStatus finish(RawRecord& into) {
    if (into.first == Instant::max() && into.problem.empty()) into.problem = "no time";
    if (into.last == Instant::min()) into.last = into.first;
    if (into.last < into.first) std::swap(into.first, into.last);
    for (std::uint64_t* records : pending) ++*records;
    return ReadStatus::Record;
  }

  // -- names --

  const Known* look_up(Level level, std::string_view name) {
    Names& here = names[static_cast<std::size_t>(level)];
    const auto found = here.spellings.find(name);
    if (found != here.spellings.end()) return found->second.get();
    if (here.spellings.size() >= kMostSpellings) forget(here);
    auto known = std::make_unique<Known>();
    known->name = name;
    known->member = find_member(level, name);
    if (known->member == Member::Unknown) known->records = counter(level_path(level), name);
    const std::string_view key = known->name;
    return here.spellings.emplace(key, std::move(known)).first->second.get();
  }

  static void forget(Names& here) {
    here.by_place.fill(nullptr);
    here.spellings.clear();
  }

  // Which member this is; `place` counts the members of the object. Null: the name is not JSON.
  const Known* identify(Level level, std::size_t place, od::field& field) {
    Names& here = names[static_cast<std::size_t>(level)];
    const char* const raw = field.key().raw();
    const Known* const expected = place < kPlaces ? here.by_place[place] : nullptr;
    if (expected != nullptr) {
      const std::string& name = expected->name;
      if (raw[name.size()] == '"' && std::memcmp(raw, name.data(), name.size()) == 0) {
        return expected;
      }
    }
    std::string_view name;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) return nullptr;
    const Known* const known = look_up(level, name);
    if (place < kPlaces && name.size() <= kLongestName && name.find_first_of("\"\\") == name.npos) {
      here.by_place[place] = known;
    }
    return known;
  }

  // -- values --

  ReadStatus read_object(od::object& object, Level level, RawRecord& into) {
    std::size_t place = 0;
    for (auto found : object) {
      od::field field;
      if (const auto code = std::move(found).get(field)) return fail(code);
      const Known* const known = identify(level, place++, field);
      if (known == nullptr) return fail(kNotJson);
      if (known->member == Member::Ignored) continue;
      const ReadStatus status = read_member(level, *known, field.value(), into);
      if (status != ReadStatus::Record) return status;
    }
    return ReadStatus::Record;
  }

  ReadStatus read_member(Level level, const Known& known, od::value value, RawRecord& into) {
    const std::string_view token = trim_right(value.raw_json_token());
    if (token.empty()) return fail(kNotJson);
    if (is_slot(known.member)) return keep_token(level, known, token, into);
    switch (known.member) {
      case Member::Unknown:
        pending.push_back(known.records);
        return ReadStatus::Record;
      case Member::Wrapper:
        if (token.front() == '[') return ReadStatus::NotOne;
        return ReadStatus::Record;
      case Member::MatchedRule:
        return read_rule(level, known, value, token, into);
      case Member::Properties:
        return read_nested(Level::Properties, level, known, value, token, into);
      case Member::Source:
        return read_nested(Level::Source, level, known, value, token, into);
      case Member::Destination:
        return read_nested(Level::Destination, level, known, value, token, into);
      case Member::SourceParameters:
        return read_parameters(value, token, into);
      default:
        return read_scalar(level, known, token, into);
    }
  }

  ReadStatus keep_token(Level level, const Known& known, std::string_view token, RawRecord& into) {
    const auto slot = static_cast<std::size_t>(known.member);
    if (is_whole_string(token) || is_number(token)) {
      into.tokens[slot] = token;
      return ReadStatus::Record;
    }
    if (token == "null") return ReadStatus::Record;
    return token.front() == '"' ? fail(kNotJson) : wrong_type(level, known);
  }

  // Documented as a string that holds JSON; looked at as text, whatever it is.
  ReadStatus read_parameters(od::value& value, std::string_view token, RawRecord& into) {
    if (token.front() == '{') {
      od::object object;
      if (const auto code = value.get_object().get(object)) return fail(code);
      if (const auto code = object.raw_json().get(token)) return fail(code);
    }
    take_scalar(Member::SourceParameters, token, into);
    return ReadStatus::Record;
  }

  // Time and count: read, or why not; a record of an unknown category needs none of
  // them.
  ReadStatus read_scalar(Level level, const Known& known, std::string_view token, RawRecord& into) {
    if (token == "null") return ReadStatus::Record;
    std::string_view text = token;
    if (token.front() == '"') {
      if (!is_whole_string(token)) return fail(kNotJson);
      text = inside(token);
    } else if (!is_number(token)) {
      return wrong_type(level, known);
    }
    take_scalar(known.member, text, into);
    return ReadStatus::Record;
  }

  void take_scalar(Member member, std::string_view text, RawRecord& into) {
    if (member == Member::SourceParameters) {
      into.service_endpoint = into.service_endpoint || marks_service_endpoint(text);
    } else if (member == Member::Count) {
      if (const auto count = read_count(text)) {
        into.count = *count;
      } else {
        into.problem = "`count` is not a number of events";
      }
    } else if (!text.empty()) {
      const auto time = times.read(text);
      if (!time) into.problem = "the time cannot be read";
      if (time) (member == Member::Time ? into.first : into.last) = *time;
    }
  }

  ReadStatus read_rule(Level level, const Known& known, od::value& value, std::string_view token,
                       RawRecord& into) {
    if (token.front() == '{') {
      return read_nested(Level::MatchedRule, level, known, value, token, into);
    }
    Known text = known;
    text.member = member_of(Slot::RuleText);
    return keep_token(level, text, token, into);
  }

  // An object, or a string that holds one.
  ReadStatus read_nested(Level inner, Level level, const Known& known, od::value& value,
                         std::string_view token, RawRecord& into) {
    if (token == "null") return ReadStatus::Record;
    if (token.front() == '"') return read_text_of_object(inner, value, into);
    if (token.front() != '{') {
      why_text = fmt::format("expected an object in `{}{}`", level_path(level), known.name);
      return fail(why_text);
    }
    od::object object;
    if (const auto code = value.get_object().get(object)) return fail(code);
    return read_object(object, inner, into);
  }

  ReadStatus read_text_of_object(Level inner, od::value& value, RawRecord& into) {
    std::string_view text;
    if (const auto code = value.get_string().get(text)) return fail(code);
    if (trim(text).empty()) return ReadStatus::Record;
    auto& mine = nested[static_cast<std::size_t>(inner)];
    if (!mine) mine = std::make_unique<Nested>();
    mine->text.assign(text.begin(), text.end());
    mine->text.resize(text.size() + kPadding);
    od::document document;
    const simdjson::padded_string_view padded(mine->text.data(), text.size(), mine->text.size());
    if (const auto code = mine->parser.iterate(padded).get(document)) return fail(code);
    return read_whole(document, inner, into);
  }

  // One object and nothing behind it.
  ReadStatus read_whole(od::document& document, Level level, RawRecord& into) {
    od::json_type type{};
    if (const auto code = document.type().get(type)) return fail(code);
    if (type == od::json_type::array && level == Level::Top) return ReadStatus::NotOne;
    if (type != od::json_type::object) return fail("not a record");
    od::object object;
    if (const auto code = document.get_object().get(object)) return fail(code);
    const ReadStatus status = read_object(object, level, into);
    if (status != ReadStatus::Record) return status;
    // Out of bounds is how the parser says that nothing stands behind the value.
    if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return status;
    return level == Level::Top ? ReadStatus::NotOne : fail(kNotJson);
  }

  // -- rows --

  ReadStatus read_row(od::document& document, const Columns& columns, RawRecord& into) {
    od::array array;
    if (const auto code = document.get_array().get(array)) return fail(code);
    std::size_t column = 0;
    for (auto found : array) {
      od::value value;
      if (const auto code = std::move(found).get(value)) return fail(code);
      if (column == columns.members.size()) return fail("a row is longer than its columns");
      const ReadStatus status = read_cell(columns, column++, value, into);
      if (status != ReadStatus::Record) return status;
    }
    if (column < columns.members.size()) return fail("a row is shorter than its columns");
    return ReadStatus::Record;
  }

  ReadStatus read_cell(const Columns& columns, std::size_t column, od::value& value,
                       RawRecord& into) {
    Known known;
    known.member = columns.members[column];
    if (known.member == Member::Ignored) return ReadStatus::Record;
    if (known.member == Member::Unknown) known.records = counter("", columns.unknown[column]);
    return read_member(Level::Top, known, value, into);
  }

  void keep_cell(Member member, std::string_view text, RawRecord& into) {
    if (text.empty()) return;
    if (member == Member::MatchedRule) member = member_of(Slot::RuleText);
    if (is_slot(member)) {
      std::string& token = cells[static_cast<std::size_t>(member)];
      token.clear();
      append_json_string(token, text);
      into.tokens[static_cast<std::size_t>(member)] = token;
    } else if (member == Member::Time || member == Member::EndTime || member == Member::Count ||
               member == Member::SourceParameters) {
      take_scalar(member, text, into);
    }
  }
};

RecordReader::RecordReader() : state_(std::make_unique<State>()) {}
RecordReader::~RecordReader() = default;

ReadStatus RecordReader::read(std::string_view text, RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  od::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + kPadding);
  if (const auto code = state.parser.iterate(padded).get(document)) return state.fail(code);
  const ReadStatus status = state.read_whole(document, Level::Top, into);
  return status == ReadStatus::Record ? state.finish(into) : status;
}

ReadStatus RecordReader::read_row(std::string_view text, const Columns& columns, RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  od::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + kPadding);
  if (const auto code = state.parser.iterate(padded).get(document)) return state.fail(code);
  const ReadStatus status = state.read_row(document, columns, into);
  return status == ReadStatus::Record ? state.finish(into) : status;
}

ReadStatus RecordReader::read_cells(std::span<const std::string> cells, const Columns& columns,
                                    RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_utf8(cells[i])) return state.fail(kNotUtf8);
    if (columns.members[i] == Member::Unknown) {
      state.pending.push_back(state.counter("", columns.unknown[i]));
    } else {
      state.keep_cell(columns.members[i], cells[i], into);
    }
  }
  return state.finish(into);
}

std::string_view RecordReader::why() const { return state_->why; }

const std::map<std::string, std::uint64_t>& RecordReader::unknown_members() const {
  return state_->unknown;
}

Columns make_columns(std::span<const std::string> names) {
  Columns columns;
  for (const std::string& written : names) {
    std::string_view name = trim(written);
    // The portal says in the header which zone its times are in; only UTC can be read.
    constexpr std::string_view kUtc = " [UTC]";
    if (name.ends_with(kUtc)) name.remove_suffix(kUtc.size());
    columns.members.push_back(find_member(Level::Top, name));
    const bool unknown = columns.members.back() == Member::Unknown;
    columns.unknown.push_back(unknown ? readable(name) : std::string());
  }
  return columns;
}

namespace {

// The `name` member of one element.
std::optional<std::string> name_of(simdjson::simdjson_result<od::value> element) {
  od::object object;
  if (std::move(element).get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  for (auto found : object) {
    od::field field;
    std::string_view key;
    std::string_view name;
    if (std::move(found).get(field) != simdjson::SUCCESS) return std::nullopt;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return std::nullopt;
    if (!iequals(key, "name")) continue;
    if (field.value().get_string().get(name) != simdjson::SUCCESS) return std::nullopt;
    return std::string(name);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> read_column_names(std::string_view text) {
  od::parser parser;
  od::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(),
                                            text.size() + RecordReader::kPadding);
  od::array array;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return {};
  if (document.get_array().get(array) != simdjson::SUCCESS) return {};
  std::vector<std::string> names;
  for (auto element : array) {
    auto name = name_of(std::move(element));
    if (!name) return {};
    names.push_back(std::move(*name));
  }
  return names;
}

std::optional<std::string> token_text(std::string_view token) {
  if (token.empty() || token.front() != '"') return std::string(token);
  if (!is_whole_string(token)) return std::nullopt;
  const std::string_view text = inside(token);
  if (text.find_first_of("\\\"") == std::string_view::npos) return std::string(text);
  const simdjson::padded_string padded(token);
  od::parser parser;
  od::document document;
  std::string_view unescaped;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document.get_string().get(unescaped) != simdjson::SUCCESS) return std::nullopt;
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return std::nullopt;
  return std::string(unescaped);
}

}  // namespace nsp

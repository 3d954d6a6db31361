#include "sim/access_log/record_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "sim/access_log/json_walk.h"
#include "sim/access_log/line_protocol_text.h"
#include "sim/base/secrets.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

namespace od = simdjson::ondemand;

constexpr std::string_view kNotJson = "not JSON";
constexpr std::string_view kNotUtf8 = "not UTF-8";

// A name as written, with the quote behind it, in words of eight bytes: so it is compared with what
// stands in a record without a call.
class NameWords {
 public:
  static constexpr std::size_t kLongest = 31;

  NameWords() = default;
  // REQUIRES: name.size() <= kLongest.
  explicit NameWords(std::string_view name) : count_(name.size() / 8 + 1) {
    std::array<char, 32> text{};
    std::array<char, 32> mask{};
    std::ranges::copy(name, text.begin());
    text[name.size()] = '"';
    std::fill_n(mask.begin(), name.size() + 1, '\xff');
    std::memcpy(words_.data(), text.data(), text.size());
    std::memcpy(masks_.data(), mask.data(), mask.size());
  }

  // REQUIRES: 32 readable bytes.
  [[nodiscard]] bool stand_at(const char* text) const {
    std::uint64_t difference = count_ == 0 ? 1 : 0;
    for (std::size_t i = 0; i < count_; ++i) {
      std::uint64_t word = 0;
      std::memcpy(&word, text + 8 * i, sizeof word);
      difference |= (word ^ words_[i]) & masks_[i];
    }
    return difference == 0;
  }

 private:
  std::array<std::uint64_t, 4> words_{};
  std::array<std::uint64_t, 4> masks_{};
  std::size_t count_ = 0;  // 0: stands nowhere
};

struct Known;

// The two members that last stood behind another one: one is not enough where a member may be
// absent.
struct Followers {
  std::array<Known*, 2> last{};

  void remember(Known* known) {
    last[1] = last[0];
    last[0] = known;
  }
};

// A name, and what it is.
struct Known {
  std::string name;
  NameWords words;
  RecordMember member = RecordMember::Unknown;
  std::uint64_t* records = nullptr;  // of an unknown member
  Followers followers;
};

constexpr std::size_t kMostSpellings = 4096;  // remembered an object; a log has a few

struct MemberNames {
  Followers first;  // the members that objects began with
  Known surplus;    // the last one that found no room below
  std::unordered_map<std::string_view, std::unique_ptr<Known>> spellings;  // keys view Known::name
};

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
  JsonWalk walk;
  std::array<MemberNames, kLevelCount> names;
  std::map<std::string, std::uint64_t> unknown;
  std::vector<std::uint64_t*> pending;  // unknown members of the record that is being read
  std::string_view why;
  std::string why_text;  // what `why` refers to, where it is not fixed
  TimeReader times;

  // A JSON text inside a string: its characters, padded, and a walk of its own. One a level, since
  // an outer one is still under way.
  struct Nested {
    JsonWalk walk;
    std::string text;
  };
  std::array<std::unique_ptr<Nested>, kLevelCount> nested;
  std::array<std::string, kSlotCount> cells;  // tokens made of the texts of a CSV row

  ReadStatus fail(std::string_view reason) {
    why = reason;
    return ReadStatus::Unreadable;
  }
  ReadStatus fail(JsonWalk::Fault fault) {
    return fail(fault == JsonWalk::Fault::NotUtf8 ? kNotUtf8 : kNotJson);
  }
  ReadStatus wrong_type(Level level, const Known& known) {
    why_text = fmt::format("expected a string in `{}{}`", level_path(level), known.name);
    return fail(why_text);
  }

  std::uint64_t* counter(std::string_view path, std::string_view name) {
    return &unknown[fmt::format("{}{}", path, looks_secret(name) ? kRedacted : cut_name(name))];
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

  Known* look_up(Level level, std::string_view name) {
    MemberNames& here = names[static_cast<std::size_t>(level)];
    const auto found = here.spellings.find(name);
    if (found != here.spellings.end()) return found->second.get();
    auto known = std::make_unique<Known>();
    known->name = name;
    if (name.size() <= NameWords::kLongest) known->words = NameWords(name);
    known->member = find_member(level, name);
    if (known->member == RecordMember::Unknown) known->records = counter(level_path(level), name);
    if (here.spellings.size() >= kMostSpellings) {
      here.surplus = std::move(*known);
      return &here.surplus;
    }
    const std::string_view key = known->name;
    return here.spellings.emplace(key, std::move(known)).first->second.get();
  }

  // Which member a name is, behind those in `before`. Null: the name is not JSON.
  Known* identify(Level level, Followers& before, const JsonWalk::Tokens& tokens,
                  std::size_t index) {
    const char* const name_at = tokens.from(index) + 1;
    for (Known* const expected : before.last) {
      if (expected != nullptr && expected->words.stand_at(name_at)) return expected;
    }
    const auto name = token_text(tokens.token(index));
    Known* const known = name ? look_up(level, *name) : nullptr;
    if (known != nullptr) before.remember(known);
    return known;
  }

  // -- values --

  // REQUIRES: at an opening brace.
  ReadStatus read_object(JsonWalk& in, Level level, RawRecord& into) {
    const JsonWalk::Tokens tokens = in.tokens();
    std::size_t at = in.index() + 1;
    if (tokens.peek(at) == '}') {
      in.move_to(at + 1);
      return ReadStatus::Record;
    }
    Followers* before = &names[static_cast<std::size_t>(level)].first;
    for (;;) {
      if (tokens.peek(at) != '"' || tokens.peek(at + 1) != ':') return fail(kNotJson);
      Known* const known = identify(level, *before, tokens, at);
      if (known == nullptr) return fail(kNotJson);
      before = &known->followers;
      at += 2;
      const ReadStatus status = read_member_at(in, tokens, at, level, *known, into);
      if (status != ReadStatus::Record) return status;
      const char c = tokens.peek(at++);
      if (c == ',') continue;
      in.move_to(at);
      return c == '}' ? ReadStatus::Record : fail(kNotJson);
    }
  }

  // The member whose value is at `at`, which moves behind it. Most are strings, and are done here.
  ReadStatus read_member_at(JsonWalk& in, const JsonWalk::Tokens& tokens, std::size_t& at,
                            Level level, const Known& known, RawRecord& into) {
    if (tokens.peek(at) == '"') {
      if (known.member == RecordMember::Ignored) {
        ++at;
        return ReadStatus::Record;
      }
      if (is_slot(known.member)) return keep_token(level, known, tokens.token(at++), into);
    }
    in.move_to(at);
    const ReadStatus status = read_member(in, level, known, into);
    at = in.index();
    return status;
  }

  ReadStatus read_member(JsonWalk& in, Level level, const Known& known, RawRecord& into) {
    if (is_slot(known.member)) return read_token(in, level, known, into);
    switch (known.member) {
      case RecordMember::Unknown:
        pending.push_back(known.records);
        return skip(in);
      case RecordMember::Ignored:
        return skip(in);
      case RecordMember::Wrapper:
        return in.peek() == '[' ? ReadStatus::NotOne : skip(in);
      case RecordMember::MatchedRule:
        return read_rule(in, level, known, into);
      case RecordMember::Properties:
        return read_nested(in, Level::Properties, level, known, into);
      case RecordMember::Source:
        return read_nested(in, Level::Source, level, known, into);
      case RecordMember::Destination:
        return read_nested(in, Level::Destination, level, known, into);
      case RecordMember::SourceParameters:
        return read_parameters(in, into);
      default:
        return read_scalar(in, level, known, into);
    }
  }

  ReadStatus skip(JsonWalk& in) {
    const char c = in.peek();
    if (c == ':' || c == ',' || c == '}' || c == ']') return fail(kNotJson);
    return in.skip_value() ? ReadStatus::Record : fail(kNotJson);
  }

  ReadStatus read_token(JsonWalk& in, Level level, const Known& known, RawRecord& into) {
    if (in.at_end()) return fail(kNotJson);
    const std::string_view token = in.token();
    in.skip(1);
    return keep_token(level, known, token, into);
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
  ReadStatus read_parameters(JsonWalk& in, RawRecord& into) {
    std::string_view text;
    if (!in.skip_value(&text)) return fail(kNotJson);
    take_scalar(RecordMember::SourceParameters, text, into);
    return ReadStatus::Record;
  }

  // Time and count: read, or why not; a record of an unknown category needs none of
  // them.
  ReadStatus read_scalar(JsonWalk& in, Level level, const Known& known, RawRecord& into) {
    if (in.at_end()) return fail(kNotJson);
    const std::string_view token = in.token();
    in.skip(1);
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

  void take_scalar(RecordMember member, std::string_view text, RawRecord& into) {
    if (member == RecordMember::SourceParameters) {
      into.service_endpoint = into.service_endpoint || marks_service_endpoint(text);
    } else if (member == RecordMember::Count) {
      if (const auto count = read_count(text)) {
        into.count = *count;
      } else {
        into.problem = "`count` is not a number of events";
      }
    } else if (!text.empty()) {
      const auto time = times.read(text);
      if (!time) into.problem = "the time cannot be read";
      if (time) (member == RecordMember::Time ? into.first : into.last) = *time;
    }
  }

  ReadStatus read_rule(JsonWalk& in, Level level, const Known& known, RawRecord& into) {
    if (in.peek() == '{') return read_object(in, Level::MatchedRule, into);
    Known text;
    text.name = known.name;
    text.member = member_of(Slot::RuleText);
    return read_token(in, level, text, into);
  }

  // An object, or a string that holds one.
  ReadStatus read_nested(JsonWalk& in, Level inner, Level level, const Known& known,
                         RawRecord& into) {
    if (in.peek() == '{') return read_object(in, inner, into);
    if (in.at_end()) return fail(kNotJson);
    const std::string_view token = in.token();
    in.skip(1);
    if (token == "null") return ReadStatus::Record;
    if (token.front() == '"') return read_text_of_object(inner, token, into);
    why_text = fmt::format("expected an object in `{}{}`", level_path(level), known.name);
    return fail(why_text);
  }

  ReadStatus read_text_of_object(Level inner, std::string_view token, RawRecord& into) {
    auto& mine = nested[static_cast<std::size_t>(inner)];
    if (!mine) mine = std::make_unique<Nested>();
    auto text = token_text(token);
    if (!text) return fail(kNotJson);
    if (trim(*text).empty()) return ReadStatus::Record;
    const std::size_t size = text->size();
    mine->text = std::move(*text);
    mine->text.resize(size + kPadding);
    return read_whole(mine->walk, std::string_view(mine->text).substr(0, size), inner, into);
  }

  // One object and nothing behind it.
  ReadStatus read_whole(JsonWalk& in, std::string_view text, Level level, RawRecord& into) {
    if (const auto fault = in.start(text); fault != JsonWalk::Fault::None) return fail(fault);
    if (in.peek() == '[' && level == Level::Top) return ReadStatus::NotOne;
    if (in.peek() != '{') return fail("not a record");
    const ReadStatus status = read_object(in, level, into);
    if (status != ReadStatus::Record || in.at_end()) return status;
    return level == Level::Top ? ReadStatus::NotOne : fail(kNotJson);
  }

  // -- rows --

  ReadStatus read_row(JsonWalk& in, const Columns& columns, RawRecord& into) {
    std::size_t column = 0;
    in.skip(1);
    if (in.peek() == ']') return end_row(column, columns);
    for (;;) {
      if (column == columns.members.size()) return fail("a row is longer than its columns");
      const ReadStatus status = read_cell(in, columns, column++, into);
      if (status != ReadStatus::Record) return status;
      const char c = in.peek();
      in.skip(1);
      if (c == ']') return end_row(column, columns);
      if (c != ',') return fail(kNotJson);
    }
  }

  ReadStatus end_row(std::size_t cells_read, const Columns& columns) {
    if (cells_read == columns.members.size()) return ReadStatus::Record;
    return fail("a row is shorter than its columns");
  }

  ReadStatus read_cell(JsonWalk& in, const Columns& columns, std::size_t column, RawRecord& into) {
    Known known;
    known.member = columns.members[column];
    if (known.member == RecordMember::Unknown) known.records = counter("", columns.unknown[column]);
    return read_member(in, Level::Top, known, into);
  }

  void keep_cell(RecordMember member, std::string_view text, RawRecord& into) {
    if (text.empty()) return;
    if (member == RecordMember::MatchedRule) member = member_of(Slot::RuleText);
    if (is_slot(member)) {
      std::string& token = cells[static_cast<std::size_t>(member)];
      token.clear();
      append_json_string(token, text);
      const std::size_t size = token.size();
      token.resize(size + RawRecord::kPadding);
      into.tokens[static_cast<std::size_t>(member)] = std::string_view(token).substr(0, size);
    } else if (member == RecordMember::Time || member == RecordMember::EndTime ||
               member == RecordMember::Count || member == RecordMember::SourceParameters) {
      take_scalar(member, text, into);
    }
  }
};

RecordReader::RecordReader() : state_(std::make_unique<State>()) {}
RecordReader::~RecordReader() = default;

ReadStatus RecordReader::read(std::string_view text, RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  const ReadStatus status = state.read_whole(state.walk, text, Level::Top, into);
  return status == ReadStatus::Record ? state.finish(into) : status;
}

ReadStatus RecordReader::read_row(std::string_view text, const Columns& columns, RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  const auto fault = state.walk.start(text);
  if (fault != JsonWalk::Fault::None) return state.fail(fault);
  if (state.walk.peek() != '[') return state.fail("not a row");
  const ReadStatus status = state.read_row(state.walk, columns, into);
  return status == ReadStatus::Record ? state.finish(into) : status;
}

ReadStatus RecordReader::read_cells(std::span<const std::string> cells, const Columns& columns,
                                    RawRecord& into) {
  State& state = *state_;
  state.begin(into);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_utf8(cells[i])) return state.fail(kNotUtf8);
    if (columns.members[i] == RecordMember::Unknown) {
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

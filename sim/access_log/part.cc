#include "sim/access_log/part.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <optional>

#include "sim/access_log/line_protocol_text.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kSchema = "nspsim.part/1";

// The texts of a tuple and what they are called, in the order in which they are written.
struct TextMember {
  std::string_view name;
  std::string LogTuple::*text;
};
constexpr std::array<TextMember, 13> kTexts{{
    {"perimeter", &LogTuple::perimeter},
    {"service", &LogTuple::service},
    {"serviceName", &LogTuple::service_name},
    {"profile", &LogTuple::profile},
    {"rule", &LogTuple::rule},
    {"version", &LogTuple::version},
    {"sourceAddress", &LogTuple::source_address},
    {"sourceResource", &LogTuple::source_resource},
    {"sourceApp", &LogTuple::source_app},
    {"sourceProtocol", &LogTuple::source_protocol},
    {"destinationName", &LogTuple::destination_name},
    {"destinationResource", &LogTuple::destination_resource},
    {"operation", &LogTuple::operation},
}};

using Counts = std::map<std::string, std::uint64_t>;

// -- writing --

// As JSON; names of files can be any bytes, and those that are not UTF-8 become U+FFFD.
void append_text(std::string& out, std::string_view text) {
  if (is_utf8(text)) return append_json_string(out, text);
  std::string readable;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      readable += c;
    } else {
      readable += "\xef\xbf\xbd";
    }
  }
  append_json_string(out, readable);
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  fmt::format_to(std::back_inserter(out), "\"{}\":", name);
  append_text(out, text);
}

// `{"name":…,…}` with the contents that `append` gives each item.
template <class Map, class Append>
void append_map(std::string& out, const Map& map, Append append) {
  out += '{';
  for (std::string_view comma; const auto& [key, value] : map) {
    out += comma;
    append_text(out, key);
    out += ':';
    append(value);
    comma = ",";
  }
  out += '}';
}

template <class Items, class Append>
void append_array(std::string& out, const Items& items, std::string_view separator, Append append) {
  out += '[';
  for (std::string_view comma; const auto& item : items) {
    out += comma;
    append(item);
    comma = separator;
  }
  out += ']';
}

void append_counts(std::string& out, std::string_view name, const Counts& counts) {
  fmt::format_to(std::back_inserter(out), "\"{}\":", name);
  append_map(out, counts, [&](std::uint64_t count) { out += std::to_string(count); });
  out += ",\n";
}

void append_request(std::string& out, const PartRequest& request) {
  out += "\"request\":{";
  append_member(out, "command", request.command);
  out += ",\"arguments\":";
  append_array(out, request.arguments, ",", [&](const auto& text) { append_text(out, text); });
  out += ",\"fingerprint\":";
  append_map(out, request.fingerprint, [&](const auto& text) { append_text(out, text); });
  out += "},\n";
}

void append_example(std::string& out, const Diagnostic& example) {
  out += '{';
  append_member(out, "severity", to_string(example.severity));
  out += ',';
  append_member(out, "file", example.place.file);
  fmt::format_to(std::back_inserter(out), R"(,"line":{},"column":{},)", example.place.line,
                 example.place.column);
  append_member(out, "message", example.message);
  out += '}';
}

// Empty texts are left out.
void append_tuple(std::string& out, const LogTuple& tuple, const Activity& activity) {
  out += '{';
  append_member(out, "category", to_string(tuple.category));
  for (const TextMember& member : kTexts) {
    if ((tuple.*member.text).empty()) continue;
    out += ',';
    append_member(out, member.name, tuple.*member.text);
  }
  if (tuple.service_endpoint) out += R"(,"serviceEndpoint":true)";
  fmt::format_to(std::back_inserter(out), R"(,"weight":{},"first":"{}","last":"{}","days":)",
                 activity.weight, to_string(activity.first), to_string(activity.last));
  append_array(out, activity.days.days(), ",", [&](Day day) { out += std::to_string(day); });
  out += '}';
}

// -- reading --

// Why a document is no part.
struct Wrong {
  std::string message;
};
template <class T>
using Expected = std::expected<T, Wrong>;

std::unexpected<Wrong> wrong(std::string_view name, std::string_view expected) {
  return std::unexpected(Wrong{fmt::format("expected {} in `{}`", expected, name)});
}

// The members of an object, each asked for by name; those that nobody asked for are an error, since
// a part that is half understood would be half merged.
class Members {
 public:
  // `path`: of the object, for messages; empty for the document itself.
  Members(dom::object object, std::string path) : object_(object), path_(std::move(path)) {}

  Expected<std::string> text(std::string_view name) {
    std::string_view value;
    if (find(name).get_string().get(value) != simdjson::SUCCESS) return wrong(at(name), "a string");
    return std::string(value);
  }
  Expected<std::uint64_t> number(std::string_view name) {
    std::uint64_t value = 0;
    if (find(name).get_uint64().get(value) != simdjson::SUCCESS) {
      return wrong(at(name), "a whole number");
    }
    return value;
  }
  Expected<bool> flag(std::string_view name) {
    bool value = false;
    if (find(name).get_bool().get(value) != simdjson::SUCCESS) {
      return wrong(at(name), "true or false");
    }
    return value;
  }
  Expected<Members> object(std::string_view name) {
    dom::object value;
    if (find(name).get_object().get(value) != simdjson::SUCCESS) {
      return wrong(at(name), "an object");
    }
    return Members(value, at(name));
  }
  Expected<dom::array> array(std::string_view name) {
    dom::array value;
    if (find(name).get_array().get(value) != simdjson::SUCCESS) return wrong(at(name), "an array");
    return value;
  }
  // The text of a member that may be missing.
  Expected<std::string> json(std::string_view name) {
    dom::element value;
    if (find(name).get(value) != simdjson::SUCCESS) return std::string();
    return simdjson::to_string(value);
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return object_.at_key(name).error() == simdjson::SUCCESS;
  }

  // REQUIRES: every member that may be there was asked for.
  Expected<void> check_all_known() const {
    for (const auto field : object_) {
      if (std::ranges::find(asked_, field.key) == asked_.end()) {
        return std::unexpected(Wrong{fmt::format("unknown member `{}`", at(field.key))});
      }
    }
    return {};
  }

  [[nodiscard]] std::string at(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  [[nodiscard]] dom::object raw() const { return object_; }

 private:
  simdjson::simdjson_result<dom::element> find(std::string_view name) {
    asked_.emplace_back(name);
    return object_.at_key(name);
  }

  dom::object object_;
  std::string path_;
  std::vector<std::string> asked_;
};

// Assigns, or passes the error on.
template <class T, class Into>
Expected<void> keep(Expected<T> value, Into& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = std::move(*value);
  return {};
}

// Runs steps until one fails.
Expected<void> in_turn(std::initializer_list<std::function<Expected<void>()>> steps) {
  for (const auto& step : steps) {
    if (auto done = step(); !done) return done;
  }
  return {};
}

Expected<void> read_texts(dom::array array, const std::string& path,
                          std::vector<std::string>& into) {
  for (const dom::element element : array) {
    std::string_view text;
    if (element.get_string().get(text) != simdjson::SUCCESS) return wrong(path, "strings");
    into.emplace_back(text);
  }
  return {};
}

Expected<void> read_request(Members& whole, PartRequest& into) {
  auto request = whole.object("request");
  if (!request) return std::unexpected(request.error());
  auto arguments = request->array("arguments");
  if (!arguments) return std::unexpected(arguments.error());
  auto fingerprint = request->object("fingerprint");
  if (!fingerprint) return std::unexpected(fingerprint.error());
  for (const auto field : fingerprint->raw()) {
    auto text = fingerprint->text(field.key);
    if (!text) return std::unexpected(text.error());
    into.fingerprint.emplace(field.key, *text);
  }
  return in_turn({
      [&] { return keep(request->text("command"), into.command); },
      [&] { return read_texts(*arguments, request->at("arguments"), into.arguments); },
      [&] { return request->check_all_known(); },
  });
}

Expected<void> read_shard(Members& whole, LogShard& into) {
  auto text = whole.text("shard");
  if (!text) return std::unexpected(text.error());
  const auto shard = parse_shard(*text);
  if (!shard) return std::unexpected(Wrong{shard.error()});
  into = *shard;
  return {};
}

Expected<void> read_counts(Members& whole, std::string_view name, Counts& into) {
  auto counts = whole.object(name);
  if (!counts) return std::unexpected(counts.error());
  for (const auto field : counts->raw()) {
    auto count = counts->number(field.key);
    if (!count) return std::unexpected(count.error());
    into.emplace(field.key, *count);
  }
  return {};
}

Expected<std::uint32_t> small_number(Members& members, std::string_view name) {
  const auto number = members.number(name);
  if (!number) return std::unexpected(number.error());
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, 0xffff'ffff));
}

Expected<void> read_example(Members example, Diagnostics& into) {
  Diagnostic diagnostic;
  std::string severity;
  auto done = in_turn({
      [&] { return keep(example.text("severity"), severity); },
      [&] { return keep(example.text("file"), diagnostic.place.file); },
      [&] { return keep(small_number(example, "line"), diagnostic.place.line); },
      [&] { return keep(small_number(example, "column"), diagnostic.place.column); },
      [&] { return keep(example.text("message"), diagnostic.message); },
      [&] { return example.check_all_known(); },
  });
  if (!done) return done;
  if (severity != to_string(Severity::Error)) return wrong(example.at("severity"), "`error`");
  into.push_back(std::move(diagnostic));
  return {};
}

Expected<Instant> read_instant(Members& members, std::string_view name) {
  const auto text = members.text(name);
  if (!text) return std::unexpected(text.error());
  const auto instant = parse_instant(*text);
  if (!instant) return wrong(members.at(name), "a time");
  return *instant;
}

Expected<LogCategory> read_category(Members& members) {
  const auto text = members.text("category");
  if (!text) return std::unexpected(text.error());
  const auto category = parse_word<LogCategory>(*text);
  if (!category) return wrong(members.at("category"), "a log category");
  return *category;
}

Expected<void> read_days(Members& members, DaySet& into) {
  const auto days = members.array("days");
  if (!days) return std::unexpected(days.error());
  for (const dom::element element : *days) {
    std::int64_t day = 0;
    // What an Instant can hold.
    constexpr std::int64_t kMostDays = 110'000;
    if (element.get_int64().get(day) != simdjson::SUCCESS || day < -kMostDays || day > kMostDays) {
      return wrong(members.at("days"), "days since 1970-01-01");
    }
    into.insert(static_cast<Day>(day));
  }
  return {};
}

Expected<void> read_tuple_texts(Members& members, LogTuple& tuple) {
  for (const TextMember& member : kTexts) {
    if (!members.has(member.name)) continue;
    if (auto done = keep(members.text(member.name), tuple.*member.text); !done) return done;
  }
  return {};
}

Expected<void> read_service_endpoint(Members& members, LogTuple& tuple) {
  if (!members.has("serviceEndpoint")) return {};
  return keep(members.flag("serviceEndpoint"), tuple.service_endpoint);
}

Expected<void> read_tuple(Members members, std::map<LogTuple, Activity>& into) {
  LogTuple tuple;
  Activity activity;
  auto done = in_turn({
      [&] { return keep(read_category(members), tuple.category); },
      [&] { return read_tuple_texts(members, tuple); },
      [&] { return read_service_endpoint(members, tuple); },
      [&] { return keep(members.number("weight"), activity.weight); },
      [&] { return keep(read_instant(members, "first"), activity.first); },
      [&] { return keep(read_instant(members, "last"), activity.last); },
      [&] { return read_days(members, activity.days); },
      [&] { return members.check_all_known(); },
  });
  if (!done) return done;
  if (!into.emplace(std::move(tuple), std::move(activity)).second) {
    return std::unexpected(Wrong{fmt::format("`{}` stands twice", members.at("category"))});
  }
  return {};
}

// Each element of the array `name` as an object.
template <class Read>
Expected<void> read_each(Members& whole, std::string_view name, Read read) {
  const auto array = whole.array(name);
  if (!array) return std::unexpected(array.error());
  std::size_t index = 0;
  for (const dom::element element : *array) {
    std::string path = fmt::format("{}[{}]", whole.at(name), index++);
    dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return wrong(path, "an object");
    if (auto done = read(Members(object, std::move(path))); !done) return done;
  }
  return {};
}

Expected<void> read_schema(Members& whole) {
  const auto schema = whole.text("schema");
  if (!schema || *schema != kSchema) {
    return std::unexpected(
        Wrong{fmt::format("is not a part, expected `\"schema\":\"{}\"`", kSchema)});
  }
  return {};
}

Expected<void> read_members(Members& whole, Part& part) {
  LogTable& table = part.table;
  return in_turn({
      [&] { return read_schema(whole); },
      [&] { return read_request(whole, part.request); },
      [&] { return read_shard(whole, part.shard); },
      [&] { return keep(whole.number("files"), table.files); },
      [&] { return keep(whole.number("records"), table.records); },
      [&] { return read_counts(whole, "unreadable", table.unreadable); },
      [&] { return read_counts(whole, "unknownCategories", table.unknown_categories); },
      [&] { return read_counts(whole, "unknownColumns", table.unknown_columns); },
      [&] {
        return read_each(whole, "examples", [&](Members example) {
          return read_example(std::move(example), table.examples);
        });
      },
      [&] {
        return read_each(whole, "tuples",
                         [&](Members tuple) { return read_tuple(std::move(tuple), table.tuples); });
      },
      [&] { return keep(whole.json("captures"), part.captures); },
      [&] { return whole.check_all_known(); },
  });
}

// -- merging --

class Merger {
 public:
  explicit Merger(std::span<const PartFile> parts) : parts_(parts) {}

  Result<Part> run() {
    const Part& first = parts_.front().part;
    for (const PartFile& other : parts_.subspan(1)) compare(other);
    if (errors_.empty()) check_shards(first.shard.count);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    Part whole{first.request, {}, {}, {}};
    for (const PartFile& part : parts_) whole.table.merge(part.part.table);
    return whole;
  }

 private:
  void fail(const PartFile& at, const std::string& message) {
    errors_.push_back(one_error({at.file, 0, 0, {}}, message).front());
  }

  // `WHAT is A, but B in FIRST`.
  void differ(const PartFile& other, std::string_view what, std::string_view a,
              std::string_view b) {
    fail(other, fmt::format("{} is `{}`, but `{}` in {}", what, a, b, parts_.front().file));
  }

  void compare(const PartFile& other) {
    const Part& a = other.part;
    const Part& b = parts_.front().part;
    if (a.request.command != b.request.command) {
      differ(other, "the command", a.request.command, b.request.command);
    }
    if (a.request.arguments != b.request.arguments) {
      differ(other, "the list of arguments", join(a.request.arguments, " "),
             join(b.request.arguments, " "));
    }
    compare_fingerprints(other);
    if (a.shard.count != b.shard.count) {
      differ(other, "the number of shards", std::to_string(a.shard.count),
             std::to_string(b.shard.count));
    }
  }

  void compare_fingerprints(const PartFile& other) {
    std::map<std::string, std::pair<std::string, std::string>> both;
    for (const auto& [name, text] : other.part.request.fingerprint) both[name].first = text;
    for (const auto& [name, text] : parts_.front().part.request.fingerprint) {
      both[name].second = text;
    }
    for (const auto& [name, texts] : both) {
      if (texts.first != texts.second) {
        differ(other, fmt::format("the fingerprint of the {}", name), texts.first, texts.second);
      }
    }
  }

  void check_shards(std::uint32_t count) {
    std::map<std::uint32_t, const PartFile*> seen;
    for (const PartFile& part : parts_) {
      const auto [at, is_new] = seen.try_emplace(part.part.shard.index, &part);
      if (!is_new) {
        fail(part,
             fmt::format("is shard {}, as is {}", to_string(part.part.shard), at->second->file));
      }
    }
    name_missing(seen, count);
  }

  // A few by name: of a million shards none may be there but one.
  void name_missing(const std::map<std::uint32_t, const PartFile*>& seen, std::uint32_t count) {
    constexpr std::size_t kMostNamed = 10;
    std::uint64_t missing = count - seen.size();
    std::size_t named = 0;
    for (std::uint32_t index = 1; missing > 0 && index <= count && named < kMostNamed; ++index) {
      if (seen.contains(index)) continue;
      fail(parts_.front(), fmt::format("no part is shard {}", to_string(LogShard{index, count})));
      --missing;
      ++named;
    }
    if (missing > 0) {
      fail(parts_.front(), fmt::format("{} more shards of {} are missing", missing, count));
    }
  }

  std::span<const PartFile> parts_;
  Diagnostics errors_;
};

}  // namespace

std::string write_part(const Part& part) {
  std::string out = fmt::format("{{\"schema\":\"{}\",\n", kSchema);
  append_request(out, part.request);
  append_member(out, "shard", to_string(part.shard));
  fmt::format_to(std::back_inserter(out), ",\n\"files\":{},\n\"records\":{},\n", part.table.files,
                 part.table.records);
  append_counts(out, "unreadable", part.table.unreadable);
  append_counts(out, "unknownCategories", part.table.unknown_categories);
  append_counts(out, "unknownColumns", part.table.unknown_columns);
  out += "\"examples\":";
  append_array(out, part.table.examples, ",\n",
               [&](const Diagnostic& example) { append_example(out, example); });
  out += ",\n\"tuples\":";
  append_array(out, part.table.tuples, ",\n",
               [&](const auto& item) { append_tuple(out, item.first, item.second); });
  if (!part.captures.empty()) out += ",\n\"captures\":" + part.captures;
  out += "}\n";
  return out;
}

Result<Part> read_part(std::string_view bytes, std::string file) {
  const auto fail = [&](std::string message) {
    return std::unexpected(one_error({std::move(file), 0, 0, {}}, std::move(message)));
  };
  const simdjson::padded_string padded(bytes);
  dom::parser parser;
  dom::object object;
  const auto code = parser.parse(padded).get_object().get(object);
  if (code != simdjson::SUCCESS) return fail("is not a part, expected a JSON object");
  Part part;
  Members whole(object, "");
  if (auto done = read_members(whole, part); !done) return fail(std::move(done.error().message));
  return part;
}

Result<Part> merge_parts(std::span<const PartFile> parts) { return Merger(parts).run(); }

}  // namespace nsp

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "sim/access_log/part.h"
#include "sim/access_log/part_members.h"

namespace nsp {
namespace {

namespace dom = simdjson::dom;

using Counts = std::map<std::string, std::uint64_t>;

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
  for (const PartText& member : kPartTexts) {
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
  if (!schema || *schema != kPartSchema) {
    return std::unexpected(
        Wrong{fmt::format("is not a part, expected `\"schema\":\"{}\"`", kPartSchema)});
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

}  // namespace

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

}  // namespace nsp

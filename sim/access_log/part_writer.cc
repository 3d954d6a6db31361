#include <fmt/format.h>

#include <iterator>

#include "sim/access_log/line_protocol_text.h"
#include "sim/access_log/part.h"
#include "sim/access_log/part_members.h"

namespace nsp {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

void append_text(std::string& out, std::string_view text) {
  append_json_string(out, readable(text));
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
  for (const PartText& member : kPartTexts) {
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

}  // namespace

std::string write_part(const Part& part) {
  std::string out = fmt::format("{{\"schema\":\"{}\",\n", kPartSchema);
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

}  // namespace nsp

#include "sim/report/json_writer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace nsp {

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonWriter::new_line() {
  if (style_ == Style::OneLine) return;
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

// The comma and the line break that come before a key, or before a value of an array.
void JsonWriter::before_value() {
  if (std::exchange(after_key_, false) || levels_.empty()) return;
  if (!std::exchange(levels_.back().empty, false)) out_ += ',';
  new_line();
}

JsonWriter& JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  levels_.push_back({.closing = bracket == '{' ? '}' : ']'});
  return *this;
}

JsonWriter& JsonWriter::end() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) new_line();
  out_ += level.closing;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  out_ += json_string(name);
  out_ += style_ == Style::OneLine ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) { return raw(json_string(text)); }

JsonWriter& JsonWriter::value(std::span<const std::string> texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += style_ == Style::OneLine ? "," : ", ";
    list += json_string(text);
  }
  return raw(list + "]");
}

JsonWriter& JsonWriter::seconds(double number) { return raw(fmt::format("{:.9f}", number)); }

std::string JsonWriter::take() {
  if (style_ == Style::Pretty) out_ += '\n';
  return std::exchange(out_, {});
}

namespace {
void write_position(JsonWriter& json, const Place& place) {
  json.member("file", place.file);
  if (place.line != 0) json.member("line", place.line).member("column", place.column);
  if (!place.pointer.empty()) json.member("pointer", place.pointer);
}
}  // namespace

void write_diagnostic(JsonWriter& json, const Diagnostic& diagnostic) {
  json.object().member("severity", to_string(diagnostic.severity));
  write_position(json, diagnostic.place);
  json.member("message", diagnostic.message).end();
}

void write_place(JsonWriter& json, const Place& place) {
  json.key("place").object();
  write_position(json, place);
  json.end();
}

}  // namespace nsp

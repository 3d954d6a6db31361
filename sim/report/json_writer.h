// Writes JSON, member by member, in the order given.
//
//   JsonWriter json;
//   json.object().member("schema", "nspsim.run/1").key("pages").array();
//   ...
//   json.end().end();
//   std::string text = json.take();   // pretty, two spaces, ended by a line end
//
// Strings that are not UTF-8 (a file's name can be any bytes) have each bad byte replaced by
// U+FFFD, so the output is always valid JSON. Objects and arrays that hold nothing are written `{}`
// and `[]`.
//
// REQUIRES: a key before each value inside an object, none inside an array; as many end() as
// object() and array(). Thread safety: one writer, one thread.
#ifndef NSP_SIM_REPORT_JSON_WRITER_H_
#define NSP_SIM_REPORT_JSON_WRITER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostic.h"

namespace nsp {

class JsonWriter {
 public:
  enum class Style : std::uint8_t {
    Pretty,
    OneLine,  // for line protocols: no line end inside or after
  };

  explicit JsonWriter(Style style = Style::Pretty) : style_(style) {}

  JsonWriter& object() { return open('{'); }
  JsonWriter& array() { return open('['); }
  JsonWriter& end();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
  JsonWriter& value(std::integral auto number) requires(!std::same_as<decltype(number), bool>) {
    return raw(std::to_string(number));
  }
  JsonWriter& null() { return raw("null"); }
  // An array of strings, on one line.
  JsonWriter& value(std::span<const std::string> texts);
  JsonWriter& value(const std::vector<std::string>& texts) { return value(std::span(texts)); }
  // With nine digits after the point: nanoseconds.
  JsonWriter& seconds(double number);
  // JSON text made elsewhere.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  [[nodiscard]] std::string take();

 private:
  struct Level {
    char closing;
    bool empty = true;
  };

  JsonWriter& open(char bracket);
  void before_value();
  void new_line();

  Style style_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

// `text` as a JSON string with its quotes.
[[nodiscard]] std::string json_string(std::string_view text);

// `{"severity":…,"file":…,"line":…,"column":…,"pointer":…,"message":…}`: how every JSON report
// writes a diagnostic. Line and column are left out where there is no position, the pointer where
// there is none.
void write_diagnostic(JsonWriter& json, const Diagnostic& diagnostic);

// The member `place`: `{"file":…,"line":…,"column":…}`.
void write_place(JsonWriter& json, const Place& place);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_JSON_WRITER_H_

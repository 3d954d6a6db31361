// Reading JSON bodies of services without a throw: the nesting is bounded before a parser sees it,
// and a member of another type than expected reads as absent.
//
// Templates over the JSON type, so that this header needs no library. Thread safety: pure
// functions.
#ifndef NSP_SIM_LAB_SERVICE_JSON_H_
#define NSP_SIM_LAB_SERVICE_JSON_H_

#include <optional>
#include <string>
#include <string_view>

namespace nsp::lab {

inline constexpr unsigned kDeepestJson = 32;
// Brackets outside of texts never go deeper than `deepest`.
[[nodiscard]] bool is_shallow(std::string_view json, unsigned deepest = kDeepestJson);

// Nothing: not JSON, or too deep.
template <class Json>
[[nodiscard]] std::optional<Json> parse_json(std::string_view text) {
  if (!is_shallow(text)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

template <class Json>
[[nodiscard]] std::optional<Json> parse_object(std::string_view text) {
  std::optional<Json> json = parse_json<Json>(text);
  if (!json || !json->is_object()) return std::nullopt;
  return json;
}

// Null where there is no such member.
template <class Json>
[[nodiscard]] const Json* member(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  auto found = json.find(name);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

template <class Json>
[[nodiscard]] std::string text_in(const Json& json, const char* name) {
  const Json* found = member(json, name);
  return found != nullptr && found->is_string() ? found->template get<std::string>()
                                                : std::string();
}

template <class Json>
[[nodiscard]] bool is_true(const Json& json, const char* name) {
  const Json* found = member(json, name);
  return found != nullptr && found->is_boolean() && found->template get<bool>();
}

// A whole number from 0; nothing: absent or not one.
template <class Json>
[[nodiscard]] std::optional<std::size_t> count_in(const Json& json, const char* name) {
  const Json* found = member(json, name);
  if (found == nullptr || !found->is_number_unsigned()) return std::nullopt;
  return found->template get<std::size_t>();
}

// Bytes that are no UTF-8 are written as replacement characters.
template <class Json>
[[nodiscard]] std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SERVICE_JSON_H_

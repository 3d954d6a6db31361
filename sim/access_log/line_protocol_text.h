// JSON text, appended to a string: what the line protocol writes without a JSON library.
//
// Cost: one pass; runs that need no escape are copied whole.
#ifndef NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_TEXT_H_
#define NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_TEXT_H_

#include <string>
#include <string_view>

namespace nsp {

// Appends the characters of `text` with what JSON needs escaped (RFC 8259), without the quotes.
// REQUIRES: UTF-8.
void append_json_characters(std::string& out, std::string_view text);

// Appends `text` as a JSON string.
void append_json_string(std::string& out, std::string_view text);
[[nodiscard]] std::string quoted_json(std::string_view text);

// `text` if it is UTF-8, else with each byte that is not ASCII replaced by U+FFFD: names of files
// and columns can be any bytes, and reports cannot.
[[nodiscard]] std::string readable(std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_ACCESS_LOG_LINE_PROTOCOL_TEXT_H_

// Texts counted in characters (code points), the format of items, and the two encodings of the
// string functions. Inside this folder only.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_CHARACTERS_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_CHARACTERS_H_

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sim/document/template/functions.h"

namespace nsp {

[[nodiscard]] std::size_t count_characters(std::string_view text);
// `count` characters from the one at `first`. REQUIRES: they are there.
[[nodiscard]] std::string_view characters(std::string_view text, std::size_t first,
                                          std::size_t count);

// What stands for `{0}` or `{1:D3}` in a format: the argument behind the pattern.
[[nodiscard]] std::expected<std::string, std::string> format_item(const Call& call,
                                                                  std::string_view item);

// RFC 4648 with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// RFC 3986 percent encoding; what is not well encoded stays as it is.
[[nodiscard]] std::string to_uri_component(std::string_view text);
[[nodiscard]] std::string from_uri_component(std::string_view text);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_CHARACTERS_H_

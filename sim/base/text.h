// Small ASCII text helpers. Azure compares ids, types, enum values and host names without case, and
// all of these are ASCII; bytes above 0x7f pass through unchanged.
#ifndef NSP_SIM_BASE_TEXT_H_
#define NSP_SIM_BASE_TEXT_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsp {

[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] std::string lower(std::string_view text);

// With its first letter in upper case, if it is one of ASCII.
[[nodiscard]] std::string capitalised(std::string_view word);

// Equal without case.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);

// Order without case; ties broken by the bytes, so that it is a total order.
[[nodiscard]] bool iless(std::string_view a, std::string_view b);

// Without leading and trailing spaces, tabs and line ends. A view into `text`.
[[nodiscard]] std::string_view trim(std::string_view text);

// The pieces between separators, each trimmed; empty pieces are kept. Views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

// As split, without the empty pieces.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text, char separator);

[[nodiscard]] std::string join(std::span<const std::string> pieces, std::string_view separator);

// The known word nearest to a misspelt one (edit distance at most 2), or empty: "did you mean".
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> known);

// True for well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace nsp

#endif  // NSP_SIM_BASE_TEXT_H_

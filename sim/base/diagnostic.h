// What a user did wrong, as data: every mistake with its place, never printed by the library.
//
// A Place is where a reader stood when it saw a thing: a file as the user named it, a line and a
// column (both counted from 1, columns in bytes), and for JSON the pointer (RFC 6901) of the value.
// A place of line 0 has no position inside its file.
//
// Messages follow one style: lower case, no full stop, the input in backticks, what was expected,
// one line.
//
// Thread safety: plain values. All functions are pure.
#ifndef NSP_SIM_BASE_DIAGNOSTIC_H_
#define NSP_SIM_BASE_DIAGNOSTIC_H_

#include <compare>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nsp {

struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string pointer;

  auto operator<=>(const Place&) const = default;
};

// Error: the input is not usable as it stands. Warning: usable, but probably not what was meant.
// Note: something worth knowing, such as a value that was assumed.
enum class Severity : std::uint8_t { Error, Warning, Note };

struct Diagnostic {
  Severity severity = Severity::Error;
  Place place;
  std::string message;
  // What a person wants to see below the message, such as an expression with a caret under the
  // mistake: indented lines, without a last line end. Not part of the one-line form.
  std::string excerpt;

  // Constructors, and no aggregate: GCC 12 takes a temporary aggregate of four strings for one that
  // is partly uninitialised.
  Diagnostic() = default;
  Diagnostic(Severity of, Place at, std::string says, std::string shows = {})
      : severity(of), place(std::move(at)), message(std::move(says)), excerpt(std::move(shows)) {}

  auto operator<=>(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

// A value, or every reason why there is none (never empty).
template <class T>
using Result = std::expected<T, Diagnostics>;

[[nodiscard]] std::string_view to_string(Severity severity);

// `file:line:column /pointer`; parts that are absent are left out.
[[nodiscard]] std::string to_string(const Place& place);

// `severity file:line:column /pointer: message`, the form of `document` blocks and of every error
// on stderr.
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

[[nodiscard]] bool has_errors(std::span<const Diagnostic> diagnostics);

// One error as a whole Diagnostics value.
[[nodiscard]] Diagnostics one_error(Place place, std::string message);

}  // namespace nsp

#endif  // NSP_SIM_BASE_DIAGNOSTIC_H_

#include "sim/base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace nsp {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  return "error";
}

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line != 0) text += fmt::format(":{}:{}", place.line, place.column);
  if (!place.pointer.empty()) {
    if (!text.empty()) text += ' ';
    text += place.pointer;
  }
  return text;
}

std::string to_string(const Diagnostic& diagnostic) {
  const std::string where = to_string(diagnostic.place);
  if (where.empty())
    return fmt::format("{}: {}", to_string(diagnostic.severity), diagnostic.message);
  return fmt::format("{} {}: {}", to_string(diagnostic.severity), where, diagnostic.message);
}

bool has_errors(std::span<const Diagnostic> diagnostics) {
  return std::ranges::any_of(diagnostics,
                             [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

Diagnostics one_error(Place place, std::string message) {
  return {Diagnostic{Severity::Error, std::move(place), std::move(message)}};
}

}  // namespace nsp

#include "sim/report/github.h"

#include <fmt/format.h>

namespace nsp {
namespace {

std::string escaped(std::string_view text, bool in_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (in_property && c == ':') {
      out += "%3A";
    } else if (in_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string_view github_level(Severity severity) {
  return severity == Severity::Note ? "notice" : to_string(severity);
}

std::string github_command(std::string_view level, const Place& place, std::string_view title,
                           std::string_view message) {
  std::string properties = "file=" + escaped(place.file, true);
  if (place.line != 0) properties += fmt::format(",line={},col={}", place.line, place.column);
  return fmt::format("::{} {},title={}::{}\n", level, properties, escaped(title, true),
                     escaped(message, false));
}

}  // namespace nsp

#include "sim/report/sarif.h"

#include <fmt/format.h>

namespace nsp {

std::string sarif_uri(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (c == '\\') {
      out += '/';
    } else if (kPlain.find(c) != kPlain.npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

void write_physical_location(JsonWriter& json, const Place& place, std::uint32_t character) {
  json.key("physicalLocation").object();
  json.key("artifactLocation").object().member("uri", sarif_uri(place.file)).end();
  if (place.line != 0) {
    json.key("region").object().member("startLine", place.line);
    if (character != 0) json.member("startColumn", character);
    json.end();
  }
  json.end();
}

void write_locations(JsonWriter& json, const Place& place, std::uint32_t character) {
  json.key("locations").array().object();
  write_physical_location(json, place, character);
  json.end().end();
}

void begin_sarif_run(JsonWriter& json) {
  json.object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.member("version", "2.1.0").key("runs").array().object();
}

}  // namespace nsp

// The columns of a table of records, as the service and the portal list them.
#include <simdjson.h>

#include <optional>
#include <utility>

#include "sim/access_log/line_protocol_text.h"
#include "sim/access_log/record_fields.h"
#include "sim/access_log/record_reader.h"
#include "sim/base/text.h"

namespace nsp {

Columns make_columns(std::span<const std::string> names) {
  Columns columns;
  for (const std::string& written : names) {
    std::string_view name = trim(written);
    // The portal says in the header which zone its times are in; only UTC can be read.
    constexpr std::string_view kUtc = " [UTC]";
    if (name.ends_with(kUtc)) name.remove_suffix(kUtc.size());
    columns.members.push_back(find_member(Level::Top, name));
    const bool unknown = columns.members.back() == RecordMember::Unknown;
    columns.unknown.push_back(unknown ? readable(name) : std::string());
  }
  return columns;
}

namespace {

namespace od = simdjson::ondemand;

// The `name` member of one element.
std::optional<std::string> name_of(simdjson::simdjson_result<od::value> element) {
  od::object object;
  if (std::move(element).get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  for (auto found : object) {
    od::field field;
    std::string_view key;
    std::string_view name;
    if (std::move(found).get(field) != simdjson::SUCCESS) return std::nullopt;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return std::nullopt;
    if (!iequals(key, "name")) continue;
    if (field.value().get_string().get(name) != simdjson::SUCCESS) return std::nullopt;
    return std::string(name);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> read_column_names(std::string_view text) {
  od::parser parser;
  od::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(),
                                            text.size() + RecordReader::kPadding);
  od::array array;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return {};
  if (document.get_array().get(array) != simdjson::SUCCESS) return {};
  std::vector<std::string> names;
  for (auto element : array) {
    auto name = name_of(element);
    if (!name) return {};
    names.push_back(std::move(*name));
  }
  return names;
}

}  // namespace nsp

#include "sim/lab/status.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/base/text_table.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->dump();
}

std::string first_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array() || found->empty()) return {};
  return (*found)[0].is_string() ? (*found)[0].get<std::string>() : "";
}

TextTable resource_table(const Json& resources) {
  TextTable table;
  table.header = {"resource", "service", "address", "private", "name", "profile", "mode"};
  for (const Json& one : resources) {
    table.rows.push_back({text_of(one, "resource"), text_of(one, "service"),
                          text_of(one, "address"), first_of(one, "privateAddresses"),
                          first_of(one, "names"), text_of(one, "profile"),
                          text_of(one, "accessMode")});
  }
  return table;
}

TextTable caller_table(const Json& callers) {
  TextTable table;
  table.header = {"caller", "address"};
  for (const Json& one : callers) {
    table.rows.push_back({text_of(one, "caller"), text_of(one, "address")});
  }
  return table;
}

// Empty where nothing was changed.
std::string changes_text(const Json& status) {
  const auto changes = status.find("changes");
  if (changes == status.end() || !changes->is_array() || changes->empty()) return {};
  TextTable table;
  table.header = {"edition", "what was changed"};
  for (const Json& one : *changes) {
    table.rows.push_back({text_of(one, "edition"), text_of(one, "change")});
  }
  return '\n' + to_string(table);
}

std::string planes(const Json& status) {
  const std::string control = text_of(status, "edition");
  const std::string data = text_of(status, "dataPlaneEdition");
  if (control == data) return fmt::format("edition {}, in effect", control);
  return fmt::format(
      "edition {} on the control plane, {} in effect; the data plane follows in {:.1f} s", control,
      data, status.value("behindMs", 0.0) / 1000);
}

// Empty: the lab has none.
std::string emulator_text(const Json& status) {
  const auto found = status.find("storageEmulator");
  if (found == status.end() || !found->is_object()) return {};
  const std::string trouble = text_of(*found, "trouble");
  return fmt::format("storage emulator {}{}{}\n", text_of(*found, "url"),
                     trouble.empty() ? "" : " does not serve the lab: ", trouble);
}

// Nothing where the answer is none.
std::expected<Json, std::string> read(std::string_view line) {
  Json status = Json::parse(line, nullptr, false);
  const bool whole = status.is_object() && status.contains("resources") &&
                     status["resources"].is_array() && status.contains("callers") &&
                     status["callers"].is_array();
  if (!whole) return std::unexpected("the lab's answer cannot be read");
  status.erase("ok");
  return status;
}

}  // namespace

std::expected<std::string, std::string> status_text(std::string_view line) {
  const auto status = read(line);
  if (!status) return std::unexpected(status.error());
  std::string text = to_string(resource_table((*status)["resources"]));
  if (!(*status)["callers"].empty()) text += '\n' + to_string(caller_table((*status)["callers"]));
  text += changes_text(*status);
  text += fmt::format("\n{}\nname server {}, {} requests, {} records\n", planes(*status),
                      text_of(*status, "nameServer"), text_of(*status, "requests"),
                      text_of(*status, "records"));
  if (text_of(*status, "enforced") == "false") {
    text += "enforcement is off: every call is admitted\n";
  }
  return text + emulator_text(*status);
}

std::expected<std::string, std::string> status_json(std::string_view line) {
  const auto status = read(line);
  if (!status) return std::unexpected(status.error());
  return status->dump(2) + '\n';
}

}  // namespace nsp::lab

#include "sim/lab/key_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/text.h"
#include "sim/base/text_table.h"
#include "sim/lab/azurite.h"
#include "sim/lab/caller_facts.h"
#include "sim/lab/control.h"
#include "sim/model/services.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint16_t kUsualHttps = 443;

struct NamedKey {
  std::string_view told;  // as the service calls it
  std::string_view name;  // of LabKeys
};
constexpr std::array<NamedKey, 2> kAccountKeys{{{"key1", "key1"}, {"key2", "key2"}}};
constexpr std::array<NamedKey, 3> kSearchKeys{
    {{"primary", "key1"}, {"secondary", "key2"}, {"query", LabKeys::kQuery}}};

std::span<const NamedKey> keys_given_by(Service service) {
  switch (service) {
    case Service::Search:
      return kSearchKeys;
    case Service::Storage:
    case Service::Foundry:
    case Service::OpenAi:
    case Service::CognitiveServices:
      return kAccountKeys;
    default:
      return {};
  }
}

// Of a Foundry account the name that its clients of OpenAI use; of others the first.
std::string key_endpoint(const Resource& resource, std::uint16_t port) {
  if (resource.host_names.empty()) return {};
  std::string host = resource.host_names.front().text();
  for (const DomainName& one : resource.host_names) {
    if (one.text().ends_with(".openai.azure.com")) host = one.text();
  }
  return port == kUsualHttps ? fmt::format("https://{}/", host)
                             : fmt::format("https://{}:{}/", host, port);
}

bool accepts_keys(const Resource& resource) {
  return resource.service == Service::Storage ? resource.shared_key_access != false
                                              : resource.local_auth_disabled != true;
}

Json key_entry(const Edition& edition, const LabKeys& keys, const LabPortOptions& ports,
               Index index) {
  const Resource& resource = edition.environment().resources[index];
  Json json;
  json["resource"] = display_name(edition.environment(), index);
  json["service"] = facts(resource.service).title;
  json["id"] = resource.id.text();
  json["endpoint"] = key_endpoint(resource, ports.https);
  json["accepted"] = accepts_keys(resource);
  json["keys"] = Json::array();
  for (const NamedKey& key : keys_given_by(resource.service)) {
    json["keys"].push_back({{"name", key.told}, {"value", keys.of_resource(resource, key.name)}});
  }
  if (resource.service != Service::Storage) return json;
  json["connectionString"] =
      fmt::format("DefaultEndpointsProtocol=https;AccountName={};AccountKey={};BlobEndpoint={}",
                  lower(resource.name), keys.of_resource(resource, LabKeys::kNames.front()),
                  json["endpoint"].get<std::string>());
  return json;
}

std::string member_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_key_entry(const Json& one) {
  if (!one.is_object() || !one.contains("keys") || !one["keys"].is_array()) return false;
  return std::ranges::all_of(one["keys"], [](const Json& key) { return key.is_object(); });
}

std::expected<Json, Refusal> parse_key_list(std::string_view line) {
  Json answer = Json::parse(line, nullptr, false);
  const bool whole = answer.is_object() && answer.contains("resources") &&
                     answer["resources"].is_array() &&
                     std::ranges::all_of(answer["resources"], is_key_entry);
  if (whole) return answer;
  auto refused = parse_answer(line);
  return std::unexpected(refused ? Refusal{"the lab's answer cannot be read"}
                                 : std::move(refused.error()));
}

// What clients of a service read. None: no variables are customary.
std::vector<std::pair<const char*, std::string>> variables_for(const Json& one) {
  const std::string service = member_text(one, "service");
  const std::string key =
      one["keys"].empty() ? std::string() : member_text(one["keys"].front(), "value");
  if (service == facts(Service::Storage).title) {
    return {{"AZURE_STORAGE_ACCOUNT", member_text(one, "resource")},
            {"AZURE_STORAGE_CONNECTION_STRING", member_text(one, "connectionString")},
            {"AZURE_STORAGE_KEY", key}};
  }
  if (service == facts(Service::Search).title) {
    return {{"AZURE_SEARCH_API_KEY", key}, {"AZURE_SEARCH_ENDPOINT", member_text(one, "endpoint")}};
  }
  return {{"AZURE_OPENAI_API_KEY", key}, {"AZURE_OPENAI_ENDPOINT", member_text(one, "endpoint")}};
}

}  // namespace

std::expected<std::string, std::string> key_line(const Edition& edition, const LabKeys& keys,
                                                 const LabPortOptions& ports,
                                                 const std::string& resource) {
  const std::vector<Resource>& all = edition.environment().resources;
  const Lookup asked = resource.empty() ? Lookup{} : edition.policy.find_resource(resource);
  if (asked.ambiguous) {
    return std::unexpected(
        fmt::format("`{}` is the name of several resources, expected one of their ids", resource));
  }
  if (!resource.empty() && asked.index == kNone) {
    return std::unexpected(fmt::format("`{}` is no resource of the lab", resource));
  }
  Json json;
  json["ok"] = true;
  json["resources"] = Json::array();
  for (Index i = 0; i < all.size(); ++i) {
    const bool wanted = resource.empty() || i == asked.index;
    if (!wanted || keys_given_by(all[i].service).empty()) continue;
    json["resources"].push_back(key_entry(edition, keys, ports, i));
  }
  if (!resource.empty() && json["resources"].empty()) {
    return std::unexpected(
        fmt::format("{} gives out no keys", facts(all[asked.index].service).title));
  }
  json["azurite"] = azurite_accounts(edition.environment(), keys);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::expected<std::string, Refusal> keys_text(std::string_view line) {
  const auto answer = parse_key_list(line);
  if (!answer) return std::unexpected(answer.error());
  TextTable table;
  table.header = {"resource", "service", "key", "value"};
  for (const Json& one : (*answer)["resources"]) {
    const std::string name = member_text(one, "resource");
    const std::string service = member_text(one, "service");
    const char* refused = one.value("accepted", true) ? "" : " (not accepted)";
    for (const Json& key : one["keys"]) {
      table.rows.push_back(
          {name, service, member_text(key, "name") + refused, member_text(key, "value")});
    }
    const std::string connection = member_text(one, "connectionString");
    if (!connection.empty()) table.rows.push_back({name, service, "connection", connection});
  }
  return to_string(table);
}

std::expected<std::string, Refusal> keys_json(std::string_view line) {
  const auto answer = parse_key_list(line);
  if (!answer) return std::unexpected(answer.error());
  Json document;
  document["schema"] = "nspsim.lab-keys/1";
  document["resources"] = (*answer)["resources"];
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::expected<std::string, Refusal> keys_env(std::string_view line) {
  const auto answer = parse_key_list(line);
  if (!answer) return std::unexpected(answer.error());
  Variables variables;
  for (const Json& one : (*answer)["resources"]) {
    for (auto& [name, value] : variables_for(one)) {
      if (variables.set.emplace(name, std::move(value)).second) continue;
      return std::unexpected(Refusal{fmt::format(
          "several resources would set {}, expected --resource with one of them", name)});
    }
  }
  return export_lines(variables);
}

std::expected<std::string, Refusal> keys_azurite(std::string_view line) {
  const auto answer = parse_key_list(line);
  if (!answer) return std::unexpected(answer.error());
  return member_text(*answer, "azurite") + '\n';
}

}  // namespace nsp::lab

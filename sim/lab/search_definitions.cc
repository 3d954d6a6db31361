#include "sim/lab/api/search_definitions.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/time.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

SearchResult<void> check_data_source(const Json& json) {
  if (text_in(json, "type") != "azureblob") {
    return search_lacks(
        fmt::format("data sources of type `{}`, only `azureblob`", text_in(json, "type")));
  }
  const Json* container = member(json, "container");
  if (container == nullptr || text_in(*container, "name").empty()) {
    return search_problem(400, "The request is invalid. Details: a data source needs a container.");
  }
  return {};
}

SearchResult<void> check_skillset(const Json& json) {
  const Json* skills = member(json, "skills");
  if (skills == nullptr || !skills->is_array() || skills->empty()) {
    return search_problem(400, "The request is invalid. Details: a skillset needs skills.");
  }
  for (const Json& skill : *skills) {
    const std::string type = text_in(skill, "@odata.type");
    if (type != "#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill") {
      return search_lacks(fmt::format("skill `{}`, only AzureOpenAIEmbeddingSkill", type));
    }
    const std::string context = text_in(skill, "context");
    if (!context.empty() && context != "/document") {
      return search_lacks(fmt::format("skills in the context `{}`, only `/document`", context));
    }
    for (const char* needed : {"resourceUri", "deploymentId"}) {
      if (!text_in(skill, needed).empty()) continue;
      return search_problem(
          400, fmt::format("The request is invalid. Details: the skill needs a `{}`.", needed));
    }
  }
  return {};
}

SearchResult<void> check_indexer(const Json& json) {
  static constexpr std::array<std::string_view, 6> kModes{"",     "default",   "text",
                                                          "json", "jsonArray", "jsonLines"};
  const Json* parameters = member(json, "parameters");
  const Json* configuration =
      parameters == nullptr ? nullptr : member(*parameters, "configuration");
  const std::string mode = configuration == nullptr ? "" : text_in(*configuration, "parsingMode");
  if (std::ranges::find(kModes, mode) != kModes.end()) return {};
  return search_lacks(fmt::format("parsing mode `{}`", mode));
}

}  // namespace

const std::array<SearchKind, 3> kSearchKinds{{{"datasources", "data source", check_data_source},
                                              {"skillsets", "skillset", check_skillset},
                                              {"indexers", "indexer", check_indexer}}};

std::string search_time(Utc now) { return nsp::to_string(Instant(now.time_since_epoch())); }

Json run_json(const IndexerRun& run) {
  using State = IndexerRun::State;
  Json json;
  json["status"] = run.state == State::Success   ? "success"
                   : run.state == State::Failure ? "transientFailure"
                                                 : "inProgress";
  json["errorMessage"] = run.message.empty() ? Json() : Json(run.message);
  json["startTime"] = search_time(run.started);
  json["endTime"] = run.state == State::InProgress ? Json() : Json(search_time(run.ended));
  json["itemsProcessed"] = run.processed + run.failed;
  json["itemsFailed"] = run.failed;
  json["initialTrackingState"] = Json();
  json["finalTrackingState"] = Json();
  json["errors"] = Json::array();
  for (const IndexerError& error : run.errors) {
    json["errors"].push_back({{"key", error.key},
                              {"name", error.name},
                              {"statusCode", error.status},
                              {"errorMessage", error.message},
                              {"details", nullptr},
                              {"documentationLink", nullptr}});
  }
  json["warnings"] = Json::array();
  return json;
}

}  // namespace nsp::lab

#include "sim/lab/foundry_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/crypto.h"
#include "sim/lab/denial.h"
#include "sim/lab/foundry_batch.h"
#include "sim/lab/foundry_files.h"
#include "sim/lab/foundry_models.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;
using FoundryOutcome = std::expected<Response, FoundryProblem>;

constexpr std::array<std::string_view, 4> kModels{"gpt-4o", "gpt-4o-mini", "text-embedding-3-large",
                                                  "text-embedding-3-small"};

std::unexpected<FoundryProblem> foundry_problem(unsigned status, std::string code,
                                                std::string message) {
  return std::unexpected(FoundryProblem{status, std::move(code), std::move(message)});
}

std::unexpected<FoundryProblem> not_in_foundry(std::string_view what) {
  return foundry_problem(501, "NotImplemented", fmt::format("the lab's Foundry has no {}", what));
}

Response json_answer(const Json& json, unsigned status = 200) {
  Response answer(status);
  answer.headers.set("Content-Type", "application/json");
  answer.body = json_text(json);
  return answer;
}

// A path without what differs between its spellings: `chat/completions`, `files/ID/content`.
struct FoundryRoute {
  std::string deployment;  // of the path; empty: the body's `model`
  std::vector<std::string> path;

  [[nodiscard]] bool is(std::initializer_list<std::string_view> words) const {
    return std::ranges::equal(path, words);
  }
  [[nodiscard]] std::string_view first() const {
    return path.empty() ? std::string_view() : std::string_view(path[0]);
  }
};

void drop_front(std::vector<std::string>& path, std::size_t count) {
  path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(count));
}

// Nothing: it is none of the service's.
std::optional<FoundryRoute> route_of(const Target& target) {
  FoundryRoute route{{}, target.path};
  std::vector<std::string>& path = route.path;
  if (path.size() > 3 && path[0] == "api" && path[1] == "projects") drop_front(path, 3);
  if (path.empty()) return std::nullopt;
  if (path[0] == "models" && path.size() > 1 && path[1] != "info") {
    drop_front(path, 1);
    return route;
  }
  if (path[0] != "openai") return std::nullopt;
  drop_front(path, 1);
  if (!path.empty() && path[0] == "v1") drop_front(path, 1);
  if (path.size() > 2 && path[0] == "deployments") {
    route.deployment = path[1];
    drop_front(path, 2);
  }
  return path.empty() ? std::nullopt : std::optional(std::move(route));
}

struct StoredFile {
  std::string id;
  std::string name;
  std::string purpose;
  std::string bytes;
  Utc created;
};

Json file_json(const StoredFile& file) {
  return {{"id", file.id},
          {"object", "file"},
          {"bytes", file.bytes.size()},
          {"created_at", unix_time(file.created)},
          {"filename", file.name},
          {"purpose", file.purpose},
          {"status", "processed"}};
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json batch_json(const FoundryBatch& batch) {
  Json json;
  json["id"] = batch.id;
  json["object"] = "batch";
  json["endpoint"] = batch.endpoint;
  json["input_file_id"] = text_or_null(batch.input_file);
  if (!batch.input_blob.empty()) json["input_blob"] = batch.input_blob;
  json["completion_window"] = "24h";
  json["status"] = batch.status;
  json["output_file_id"] = text_or_null(batch.output_file);
  if (!batch.output_folder.empty()) json["output_blob"] = text_or_null(batch.output_blob);
  json["error_file_id"] = nullptr;
  json["created_at"] = unix_time(batch.created);
  const Json ended(unix_time(batch.ended));
  json["completed_at"] = batch.status == "completed" ? ended : Json();
  json["failed_at"] = batch.status == "failed" ? ended : Json();
  json["errors"] = nullptr;
  if (!batch.error.empty()) {
    json["errors"] = {
        {"object", "list"},
        {"data", Json::array({{{"code", batch.error_code}, {"message", batch.error}}})}};
  }
  json["request_counts"] = {
      {"total", batch.total}, {"completed", batch.completed}, {"failed", batch.failed}};
  return json;
}

Json model_json(std::string_view name) {
  return {
      {"id", name},           {"object", "model"},     {"created", 0},
      {"owned_by", "nspsim"}, {"status", "succeeded"}, {"lifecycle_status", "generally-available"}};
}

Json list_json(Json data) {
  return {{"object", "list"}, {"data", std::move(data)}, {"has_more", false}};
}

std::optional<ModelCall> model_call(const FoundryRoute& route) {
  if (route.is({"chat", "completions"})) return ModelCall::Chat;
  if (route.is({"completions"})) return ModelCall::Completion;
  if (route.is({"embeddings"})) return ModelCall::Embedding;
  return std::nullopt;
}

// The text of `output_folder` is a URL or an object that holds one.
std::string output_folder_in(const Json& json) {
  const Json* folder = member(json, "output_folder");
  if (folder == nullptr) return {};
  return folder->is_object() ? text_in(*folder, "url") : text_in(json, "output_folder");
}

}  // namespace

struct FoundryApi::Inside : std::enable_shared_from_this<FoundryApi::Inside> {
  Service service = Service::Foundry;
  std::string region;
  Limits limits;
  std::map<std::string, StoredFile> files;
  std::vector<std::shared_ptr<FoundryBatch>> batches;
  std::size_t file_bytes = 0;
  std::uint64_t made = 0;

  [[nodiscard]] FoundryOutcome answer(const ServiceCall& call, const FoundryRoute& route,
                                      std::unique_ptr<Work>& work);
  [[nodiscard]] FoundryOutcome models(const ServiceCall& call, const FoundryRoute& route) const;
  [[nodiscard]] FoundryOutcome about_files(const ServiceCall& call, const FoundryRoute& route);
  [[nodiscard]] FoundryOutcome upload(const ServiceCall& call);
  [[nodiscard]] FoundryOutcome about_batches(const ServiceCall& call, const FoundryRoute& route,
                                             std::unique_ptr<Work>& work);
  [[nodiscard]] FoundryOutcome start_batch(const ServiceCall& call, std::unique_ptr<Work>& work);
  [[nodiscard]] const StoredFile* keep(std::string name, std::string purpose, std::string bytes,
                                       Utc now);
  [[nodiscard]] std::string next_id(std::string_view prefix) {
    return fmt::format("{}{:012x}", prefix, ++made);
  }
};

FoundryApi::FoundryApi(Service service, std::string region, Limits limits)
    : inside_(std::make_shared<Inside>()) {
  inside_->service = service;
  inside_->region = std::move(region);
  inside_->limits = limits;
}

FoundryApi::~FoundryApi() = default;

std::string FoundryApi::operation(const Request& head) const {
  const auto target = parse_target(head.target);
  const auto route = target ? route_of(*target) : std::nullopt;
  if (!route) return "data";
  if (route->first() == "fine_tuning" || route->first() == "fine-tunes") return "fine-tuning";
  const bool assists = route->first() == "assistants" || route->first() == "threads" ||
                       route->first() == "vector_stores";
  return assists ? "assistants" : "data";
}

ServiceAnswer FoundryApi::answer(const ServiceCall& call) {
  ServiceAnswer whole;
  const auto target = parse_target(call.request.target);
  const auto route = target ? route_of(*target) : std::nullopt;
  FoundryOutcome outcome = !target ? foundry_problem(400, "BadRequest", "the target cannot be read")
                           : route
                               ? inside_->answer(call, *route, whole.work)
                               : not_in_foundry(fmt::format(
                                     "`{} {}`", call.request.method,
                                     call.request.target.substr(0, call.request.target.find('?'))));
  whole.response =
      outcome ? *std::move(outcome)
              : error_answer(inside_->service, outcome.error().status, outcome.error().code,
                             outcome.error().message, call.request_id,
                             nsp::to_string(Instant(call.now.time_since_epoch())));
  whole.response.headers.set("apim-request-id", call.request_id);
  whole.response.headers.set("x-request-id", call.request_id);
  whole.response.headers.set("x-ms-region", inside_->region);
  return whole;
}

FoundryOutcome FoundryApi::Inside::answer(const ServiceCall& call, const FoundryRoute& route,
                                          std::unique_ptr<Work>& work) {
  if (const auto asked = model_call(route)) {
    if (call.request.method != "POST") {
      return foundry_problem(405, "MethodNotAllowed", "a model is asked with POST");
    }
    auto told = ask_model(*asked, route.deployment, call.request.body, call.now);
    if (!told) return std::unexpected(told.error());
    Response answer(200);
    answer.headers.set("Content-Type",
                       told->stream ? "text/event-stream; charset=utf-8" : "application/json");
    answer.body = std::move(told->body);
    return answer;
  }
  if (route.first() == "models") return models(call, route);
  if (route.first() == "files") return about_files(call, route);
  if (route.first() == "batches") return about_batches(call, route, work);
  return not_in_foundry(fmt::format("`{} {}`", call.request.method, join(route.path, "/")));
}

FoundryOutcome FoundryApi::Inside::models(const ServiceCall& call,
                                          const FoundryRoute& route) const {
  if (call.request.method != "GET" || route.path.size() > 2) {
    return not_in_foundry(fmt::format("`{}` of models", call.request.method));
  }
  if (route.path.size() == 2) {
    if (std::ranges::find(kModels, route.path[1]) != kModels.end()) {
      return json_answer(model_json(route.path[1]));
    }
    return foundry_problem(404, "ModelNotFound",
                           fmt::format("the lab lists no model `{}`", route.path[1]));
  }
  Json data = Json::array();
  for (const std::string_view name : kModels) data.push_back(model_json(name));
  return json_answer({{"object", "list"}, {"data", std::move(data)}});
}

const StoredFile* FoundryApi::Inside::keep(std::string name, std::string purpose, std::string bytes,
                                           Utc now) {
  const bool fits = file_bytes <= limits.file_bytes &&
                    bytes.size() <= limits.file_bytes - file_bytes && files.size() < limits.files;
  if (!fits) return nullptr;
  file_bytes += bytes.size();
  StoredFile file{next_id("file-"), std::move(name), std::move(purpose), std::move(bytes), now};
  const std::string id = file.id;
  return &files.emplace(id, std::move(file)).first->second;
}

FoundryOutcome FoundryApi::Inside::upload(const ServiceCall& call) {
  auto sent =
      parse_upload(call.request.headers.find("Content-Type").value_or(""), call.request.body);
  if (!sent) {
    return foundry_problem(400, "BadRequest",
                           "expected multipart/form-data with a `purpose` and a `file`");
  }
  const StoredFile* file =
      keep(std::move(sent->name), std::move(sent->purpose), std::move(sent->bytes), call.now);
  if (file == nullptr) {
    return foundry_problem(
        413, "FileLimitExceeded",
        fmt::format("an account of the lab holds at most {} files and {} bytes in them",
                    limits.files, limits.file_bytes));
  }
  return json_answer(file_json(*file), 201);
}

FoundryOutcome FoundryApi::Inside::about_files(const ServiceCall& call, const FoundryRoute& route) {
  const std::string& method = call.request.method;
  if (route.path.size() == 1 && method == "POST") return upload(call);
  if (route.path.size() == 1 && method == "GET") {
    Json data = Json::array();
    for (const auto& [id, file] : files) data.push_back(file_json(file));
    return json_answer(list_json(std::move(data)));
  }
  auto found = route.path.size() > 1 ? files.find(route.path[1]) : files.end();
  if (found == files.end()) return foundry_problem(404, "NotFound", "there is no such file");
  if (route.path.size() == 2 && method == "GET") return json_answer(file_json(found->second));
  if (route.path.size() == 3 && route.path[2] == "content" && method == "GET") {
    Response answer(200);
    answer.headers.set("Content-Type", "application/octet-stream");
    answer.body = found->second.bytes;
    return answer;
  }
  if (route.path.size() == 2 && method == "DELETE") {
    const Json gone{{"id", found->first}, {"object", "file"}, {"deleted", true}};
    file_bytes -= found->second.bytes.size();
    files.erase(found);
    return json_answer(gone);
  }
  return not_in_foundry(fmt::format("`{}` of files", method));
}

FoundryOutcome FoundryApi::Inside::about_batches(const ServiceCall& call, const FoundryRoute& route,
                                                 std::unique_ptr<Work>& work) {
  const std::string& method = call.request.method;
  if (route.path.size() == 1 && method == "POST") return start_batch(call, work);
  if (route.path.size() == 1 && method == "GET") {
    Json data = Json::array();
    for (const auto& batch : batches) data.push_back(batch_json(*batch));
    return json_answer(list_json(std::move(data)));
  }
  if (route.path.size() == 2 && method == "GET") {
    for (const auto& batch : batches) {
      if (batch->id == route.path[1]) return json_answer(batch_json(*batch));
    }
    return foundry_problem(404, "NotFound", "there is no such batch");
  }
  return not_in_foundry(fmt::format("`{}` of batches", method));
}

FoundryOutcome FoundryApi::Inside::start_batch(const ServiceCall& call,
                                               std::unique_ptr<Work>& work) {
  const auto json = parse_object<Json>(call.request.body);
  if (!json) return foundry_problem(400, "BadRequest", "the body is no JSON object");
  auto batch = std::make_shared<FoundryBatch>();
  batch->endpoint = text_in(*json, "endpoint");
  batch->input_file = text_in(*json, "input_file_id");
  batch->input_blob = text_in(*json, "input_blob");
  batch->output_folder = output_folder_in(*json);
  batch->created = call.now;
  auto file = files.find(batch->input_file);
  if (batch->input_file.empty() == batch->input_blob.empty()) {
    return foundry_problem(400, "BadRequest", "expected either `input_file_id` or `input_blob`");
  }
  if (!batch->input_file.empty() && file == files.end()) {
    return foundry_problem(400, "invalidPayload",
                           fmt::format("there is no file `{}`", batch->input_file));
  }
  if (batches.size() >= limits.batches) {
    return foundry_problem(
        429, "TooManyBatches",
        fmt::format("an account of the lab holds at most {} batches", limits.batches));
  }
  batch->id = next_id("batch_");
  batches.push_back(batch);
  const KeepFile keeps = [self = shared_from_this(), now = call.now](
                             std::string name, std::string bytes) -> std::optional<std::string> {
    const StoredFile* kept = self->keep(std::move(name), "batch_output", std::move(bytes), now);
    if (kept == nullptr) return std::nullopt;
    return kept->id;
  };
  std::optional<std::string> input;
  if (file != files.end()) input = file->second.bytes;
  work = make_batch_work(batch, std::move(input), keeps);
  return json_answer(batch_json(*batch));
}

}  // namespace nsp::lab

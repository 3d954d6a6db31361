#include "sim/lab/search_indexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_calls_out.h"
#include "sim/lab/crypto.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostErrors = 100;
constexpr std::size_t kMostBlobs = 10'000;
constexpr std::string_view kEmbeddingsVersion = "2024-10-21";

// `/document/content` → `content`.
std::string field_of(std::string_view path) {
  constexpr std::string_view kRoot = "/document/";
  return std::string(path.starts_with(kRoot) ? path.substr(kRoot.size()) : path);
}

// The first of a list whose `name` is that.
const Json* named(const Json* list, std::string_view name) {
  if (list == nullptr || !list->is_array()) return nullptr;
  for (const Json& item : *list) {
    if (text_in(item, "name") == name) return &item;
  }
  return nullptr;
}

struct Mapping {
  std::string from;
  std::string to;
  bool encoded = false;
};

std::vector<Mapping> mappings_in(const Json& indexer, const char* name) {
  std::vector<Mapping> mappings;
  const Json* list = member(indexer, name);
  if (list == nullptr || !list->is_array()) return mappings;
  for (const Json& item : *list) {
    Mapping mapping{field_of(text_in(item, "sourceFieldName")), text_in(item, "targetFieldName"),
                    false};
    if (mapping.to.empty()) mapping.to = mapping.from;
    const Json* function = member(item, "mappingFunction");
    mapping.encoded = function != nullptr && text_in(*function, "name") == "base64Encode";
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

// An embedding skill: whom to ask for what, and where to put it.
struct Skill {
  std::string url;
  std::string api_key;
  std::string input = "content";
  std::string output = "embedding";
  std::optional<std::size_t> dimensions;
  std::string name;
};

std::vector<Skill> skills_in(const std::string& skillset) {
  std::vector<Skill> skills;
  const Json json = parse_object<Json>(skillset).value_or(Json::object());
  const Json* list = member(json, "skills");
  if (list == nullptr || !list->is_array()) return skills;
  for (const Json& item : *list) {
    Skill skill;
    std::string uri = text_in(item, "resourceUri");
    while (uri.ends_with('/')) uri.pop_back();
    skill.url = fmt::format("{}/openai/deployments/{}/embeddings?api-version={}", uri,
                            url_encoded(text_in(item, "deploymentId")), kEmbeddingsVersion);
    skill.api_key = text_in(item, "apiKey");
    skill.dimensions = count_in(item, "dimensions");
    skill.name = fmt::format("Enrichment.AzureOpenAIEmbeddingSkill.#{}", skills.size() + 1);
    if (const Json* input = named(member(item, "inputs"), "text")) {
      skill.input = field_of(text_in(*input, "source"));
    }
    if (const Json* output = named(member(item, "outputs"), "embedding")) {
      const std::string target = text_in(*output, "targetName");
      if (!target.empty()) skill.output = target;
    }
    skills.push_back(std::move(skill));
  }
  return skills;
}

class IndexerWork : public Work {
 public:
  IndexerWork(IndexerPlan plan, std::shared_ptr<IndexerRun> run)
      : plan_(std::move(plan)),
        run_(std::move(run)),
        indexer_(parse_object<Json>(plan_.indexer).value_or(Json::object())),
        skills_(skills_in(plan_.skillset)),
        mappings_(mappings_in(indexer_, "fieldMappings")),
        output_mappings_(mappings_in(indexer_, "outputFieldMappings")) {
    const Json source = parse_object<Json>(plan_.data_source).value_or(Json::object());
    if (const Json* container = member(source, "container")) {
      container_ = text_in(*container, "name");
      prefix_ = text_in(*container, "query");
    }
    if (const Json* credentials = member(source, "credentials")) {
      connection_text_ = text_in(*credentials, "connectionString");
    }
    mode_ = "default";
    if (const Json* parameters = member(indexer_, "parameters")) {
      if (const Json* configuration = member(*parameters, "configuration")) {
        const std::string mode = text_in(*configuration, "parsingMode");
        if (!mode.empty()) mode_ = mode;
      }
    }
  }

  std::optional<OutCall> next(const OutResult* last, Utc now) override {
    if (run_->state != IndexerRun::State::InProgress) return std::nullopt;
    if (last == nullptr) return start(now);
    switch (step_) {
      case Step::List:
        return listed(*last, now);
      case Step::Read:
        return read(*last, now);
      case Step::Embed:
        return embedded(*last, now);
    }
    return std::nullopt;
  }

 private:
  enum class Step : std::uint8_t { List, Read, Embed };

  std::optional<OutCall> start(Utc now) {
    auto connection = parse_connection(connection_text_);
    if (!connection) return give_up(connection.error(), now);
    connection_ = *std::move(connection);
    return list("", now);
  }

  std::optional<OutCall> list(const std::string& marker, Utc now) {
    step_ = Step::List;
    std::string target = fmt::format("/{}?restype=container&comp=list", url_encoded(container_));
    if (!prefix_.empty()) target += "&prefix=" + url_encoded(prefix_);
    if (!marker.empty()) target += "&marker=" + url_encoded(marker);
    return blob_call(connection_, "GET", std::move(target), "", now);
  }

  std::optional<OutCall> listed(const OutResult& last, Utc now) {
    const bool good = last.response && last.response->status == 200;
    const auto page = good ? parse_blob_page(last.response->body) : std::nullopt;
    if (!page) {
      return give_up(fmt::format("the container `{}` of `{}` could not be listed: {}", container_,
                                 connection_.host, told_problem(last)),
                     now);
    }
    for (const std::string& name : page->names) blobs_.push_back(name);
    if (!page->next.empty() && blobs_.size() < kMostBlobs) return list(page->next, now);
    return next_blob(now);
  }

  std::optional<OutCall> next_blob(Utc now) {
    if (blobs_.empty()) return finish(now);
    step_ = Step::Read;
    blob_ = std::move(blobs_.front());
    blobs_.pop_front();
    return blob_call(connection_, "GET",
                     fmt::format("/{}/{}", url_encoded(container_), url_encoded(blob_, true)), "",
                     now);
  }

  std::optional<OutCall> read(const OutResult& last, Utc now) {
    if (!last.response || last.response->status != 200) {
      fail(blob_url(), "", last.response ? last.response->status : 0,
           fmt::format("Error with data source: the blob could not be read: {}",
                       told_problem(last)));
      return next_blob(now);
    }
    take_apart(*last.response);
    return next_document(now);
  }

  // A blob's documents: one of its text, or those that its JSON holds.
  void take_apart(const Response& response) {
    documents_.clear();
    if (mode_ == "default" || mode_ == "text") {
      Json document = about(response);
      document["content"] = response.body;
      if (!is_utf8(response.body)) {
        fail(blob_url(), "", 422, "Error processing the blob: its content is no UTF-8 text");
        return;
      }
      documents_.push_back(std::move(document));
      return;
    }
    std::vector<Json> parsed;
    if (mode_ == "jsonLines") {
      for (const std::string_view line : split_words(response.body, '\n')) {
        if (!trim(line).empty()) parsed.push_back(parse_json<Json>(line).value_or(Json()));
      }
    } else {
      const Json whole = parse_json<Json>(response.body).value_or(Json());
      if (mode_ == "jsonArray" && whole.is_array()) {
        parsed.assign(whole.begin(), whole.end());
      } else {
        parsed.push_back(whole);
      }
    }
    for (const Json& item : parsed) add_parsed(item, response);
  }

  void add_parsed(const Json& item, const Response& response) {
    if (!item.is_object()) {
      fail(blob_url(), "", 422,
           fmt::format("Error processing the blob: it is not what parsing mode `{}` expects",
                       mode_));
      return;
    }
    Json document = about(response);
    document.update(item);
    documents_.push_back(std::move(document));
  }

  [[nodiscard]] Json about(const Response& response) const {
    Json document = Json::object();
    document["metadata_storage_path"] = blob_url();
    document["metadata_storage_name"] = blob_.substr(blob_.rfind('/') + 1);
    document["metadata_storage_size"] = response.body.size();
    document["metadata_storage_content_type"] =
        std::string(response.headers.find("Content-Type").value_or(""));
    return document;
  }

  std::optional<OutCall> next_document(Utc now) {
    if (documents_.empty()) return next_blob(now);
    skill_ = 0;
    return next_skill(now);
  }

  std::optional<OutCall> next_skill(Utc now) {
    if (skill_ == skills_.size()) {
      put(documents_.front());
      documents_.pop_front();
      return next_document(now);
    }
    step_ = Step::Embed;
    const Skill& skill = skills_[skill_];
    OutCall call;
    call.url = skill.url;
    call.request.method = "POST";
    call.request.headers.set("Content-Type", "application/json");
    call.audience = "https://cognitiveservices.azure.com";
    if (!skill.api_key.empty()) {
      call.credential = Credential::Key;
      call.request.headers.set("api-key", skill.api_key);
    }
    Json body;
    body["input"] = text_in(documents_.front(), skill.input.c_str());
    if (skill.dimensions) body["dimensions"] = *skill.dimensions;
    call.request.body = json_text(body);
    return call;
  }

  std::optional<OutCall> embedded(const OutResult& last, Utc now) {
    const Skill& skill = skills_[skill_];
    Json answer;
    if (last.response && last.response->status == 200) {
      answer = parse_object<Json>(last.response->body).value_or(Json());
    }
    const Json* data = member(answer, "data");
    const Json* vector = data != nullptr && data->is_array() && !data->empty()
                             ? member((*data)[0], "embedding")
                             : nullptr;
    if (vector == nullptr) {
      fail(blob_url(), skill.name, last.response ? last.response->status : 0,
           fmt::format("Could not execute skill because the Web Api request failed: {}",
                       told_problem(last)));
      documents_.pop_front();
      return next_document(now);
    }
    documents_.front()[skill.output] = *vector;
    ++skill_;
    return next_skill(now);
  }

  void put(const Json& document) {
    Json item;
    item["@search.action"] = "mergeOrUpload";
    for (const auto& [name, value] : document.items()) {
      if (plan_.has_field(name)) item[name] = value;
    }
    for (const Mapping& mapping : mappings_) copy(document, mapping, item);
    for (const Mapping& mapping : output_mappings_) copy(document, mapping, item);
    if (!item.contains(plan_.key_field)) {
      item[plan_.key_field] = base64url(text_in(document, "metadata_storage_path"));
    }
    Json batch;
    batch["value"].push_back(item);
    const auto done = plan_.put(json_text(batch));
    const Json answer =
        done ? parse_object<Json>(done->body).value_or(Json::object()) : Json::object();
    const Json* results = member(answer, "value");
    if (done && results != nullptr && results->is_array() && is_true((*results)[0], "status")) {
      ++run_->processed;
      return;
    }
    const std::string why =
        done ? text_in(results == nullptr ? Json() : (*results)[0], "errorMessage")
             : done.error().message;
    fail(text_in(item, plan_.key_field.c_str()), "", done ? 400 : done.error().status,
         "Error in indexing: " + why);
  }

  static void copy(const Json& document, const Mapping& mapping, Json& item) {
    const Json* value = member(document, mapping.from.c_str());
    if (value == nullptr) return;
    item[mapping.to] =
        mapping.encoded && value->is_string() ? Json(base64url(value->get<std::string>())) : *value;
  }

  void fail(std::string key, std::string name, unsigned status, std::string message) {
    ++run_->failed;
    if (run_->errors.size() >= kMostErrors) return;
    run_->errors.push_back({std::move(key), std::move(name), status, std::move(message)});
  }

  std::optional<OutCall> give_up(const std::string& why, Utc now) {
    run_->state = IndexerRun::State::Failure;
    run_->message = "Error with data source: " + why;
    run_->ended = now;
    return std::nullopt;
  }

  // As Azure does by default: no failed item is forgiven.
  std::optional<OutCall> finish(Utc now) {
    run_->state = run_->failed == 0 ? IndexerRun::State::Success : IndexerRun::State::Failure;
    if (run_->failed > 0) run_->message = run_->errors.front().message;
    run_->ended = now;
    return std::nullopt;
  }

  [[nodiscard]] std::string blob_url() const {
    return fmt::format("https://{}/{}/{}", connection_.host, container_, url_encoded(blob_, true));
  }

  IndexerPlan plan_;
  std::shared_ptr<IndexerRun> run_;
  Json indexer_;
  std::vector<Skill> skills_;
  std::vector<Mapping> mappings_;
  std::vector<Mapping> output_mappings_;
  std::string container_;
  std::string prefix_;
  std::string connection_text_;
  std::string mode_;
  BlobConnection connection_;
  Step step_ = Step::List;
  std::deque<std::string> blobs_;
  std::string blob_;
  std::deque<Json> documents_;
  std::size_t skill_ = 0;
};

}  // namespace

std::unique_ptr<Work> make_indexer_work(IndexerPlan plan, std::shared_ptr<IndexerRun> run) {
  return std::make_unique<IndexerWork>(std::move(plan), std::move(run));
}

}  // namespace nsp::lab

#include "sim/lab/search_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/api/search_definitions.h"
#include "sim/lab/denial.h"
#include "sim/lab/keys.h"
#include "sim/lab/search_index.h"
#include "sim/lab/search_indexer.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

// `indexes('docs')` is the two segments that `indexes/docs` is.
std::vector<std::string> segments_of(const Target& target) {
  std::vector<std::string> segments;
  for (const std::string& segment : target.path) {
    const std::size_t open = segment.find("('");
    if (open == std::string::npos || !segment.ends_with("')")) {
      segments.push_back(segment);
      continue;
    }
    segments.push_back(segment.substr(0, open));
    segments.push_back(segment.substr(open + 2, segment.size() - open - 4));
  }
  if (!segments.empty()) segments[0] = lower(segments[0]);
  return segments;
}

struct Definition {
  std::string json;
  std::uint64_t version = 0;
  std::shared_ptr<IndexerRun> run;  // of an indexer: the last
  std::vector<IndexerRun> earlier;  // … before it
};

// A question in a query string as the JSON that a POST would send.
Json question_of(const Target& target) {
  Json question = Json::object();
  for (const auto& [name, value] : target.query) {
    const std::string key = name.starts_with('$') ? name.substr(1) : name;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    if (key == "facet") {
      question["facets"].push_back(value);
    } else if (key == "count") {
      question[key] = value == "true";
    } else if ((key == "top" || key == "skip") && whole) {
      question[key] = number;
    } else if (key != "api-version") {
      question[key] = value;
    }
  }
  return question;
}

bool is_good_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
    const char small = ascii_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

struct Asked {
  const ServiceCall& call;
  Target target;
  std::vector<std::string> path;
  std::unique_ptr<Work> work{};
  std::string etag{};  // of what is answered

  [[nodiscard]] const std::string& method() const { return call.request.method; }
  [[nodiscard]] std::size_t size() const { return path.size(); }
  [[nodiscard]] bool is(std::size_t at, std::string_view word) const {
    return at < path.size() && path[at] == word;
  }
};

// What a query key may do: read documents, however it asks for them.
bool reads_documents(const Asked& asked) {
  if (!asked.is(0, "indexes") || !asked.is(2, "docs")) return false;
  if (asked.method() == "GET") return true;
  const std::string verb = asked.size() > 3 ? asked.path[3] : "";
  return asked.method() == "POST" && !verb.empty() && verb != "index" && verb != "search.index";
}

std::string etag_of(std::uint64_t version) { return fmt::format("\"0x8DE{:012X}\"", version); }

SearchResult<void> check_match(const Asked& asked, const std::uint64_t* version) {
  const Headers& headers = asked.call.request.headers;
  const auto match = headers.find("If-Match");
  const bool gone = match && (version == nullptr || (*match != "*" && *match != etag_of(*version)));
  const auto absent = headers.find("If-None-Match");
  if (!gone && !(absent && *absent == "*" && version != nullptr)) return {};
  return search_problem(412,
                        "The precondition given in one of the request headers evaluated to false.");
}

}  // namespace

using Outcome = SearchResult<JsonReply>;

struct SearchApi::Inside : std::enable_shared_from_this<SearchApi::Inside> {
  std::string endpoint;
  Limits limits;
  std::map<std::string, std::shared_ptr<SearchIndex>> indexes;
  std::map<std::string, std::uint64_t> index_versions;
  std::array<std::map<std::string, Definition>, 3> defined;
  std::uint64_t changes = 0;

  [[nodiscard]] Outcome route(Asked& asked);
  [[nodiscard]] Outcome statistics() const;
  [[nodiscard]] Outcome index_collection(Asked& asked);
  [[nodiscard]] Outcome one_index(Asked& asked);
  [[nodiscard]] Outcome put_index(Asked& asked, const std::string& name);
  [[nodiscard]] Outcome documents(Asked& asked, SearchIndex& index);
  [[nodiscard]] Outcome definitions(Asked& asked, std::size_t kind);
  [[nodiscard]] Outcome one_definition(Asked& asked, std::size_t kind);
  [[nodiscard]] Outcome put_definition(Asked& asked, std::size_t kind, const std::string& name);
  [[nodiscard]] Outcome act_on_indexer(Asked& asked, Definition& indexer);
  [[nodiscard]] SearchResult<void> run(Asked& asked, Definition& indexer);
  [[nodiscard]] std::string index_json(const std::string& name) const;
  [[nodiscard]] std::string definition_json(std::size_t kind, const std::string& name) const;
  [[nodiscard]] std::size_t room() const;
};

SearchApi::SearchApi(std::string endpoint, Limits limits) : inside_(std::make_shared<Inside>()) {
  inside_->endpoint = std::move(endpoint);
  inside_->limits = limits;
}

SearchApi::~SearchApi() = default;

ServiceAnswer SearchApi::answer(const ServiceCall& call) {
  ServiceAnswer whole;
  auto target = parse_target(call.request.target);
  Outcome outcome =
      search_problem(400, "The request is invalid. Details: the target cannot be read.");
  if (target) {
    Asked asked{call, *std::move(target), {}};
    asked.path = segments_of(asked.target);
    outcome = inside_->route(asked);
    whole.work = std::move(asked.work);
    if (outcome && !asked.etag.empty()) whole.response.headers.set("ETag", asked.etag);
  }
  if (!outcome) {
    whole.response = error_answer(Service::Search, outcome.error().status, "",
                                  outcome.error().message, call.request_id, search_time(call.now));
  } else {
    whole.response.status = outcome->status;
    whole.response.body = std::move(outcome->body);
    if (!whole.response.body.empty()) {
      whole.response.headers.set("Content-Type",
                                 "application/json; odata.metadata=minimal; charset=utf-8");
    }
  }
  whole.response.headers.set("request-id", call.request_id);
  whole.response.headers.set("elapsed-time", "1");
  whole.response.headers.set("OData-Version", "4.0");
  return whole;
}

Outcome SearchApi::Inside::route(Asked& asked) {
  if (!asked.target.find("api-version")) {
    return search_problem(400, "Missing API version: the query has no `api-version`.");
  }
  if (asked.call.key_name == LabKeys::kQuery && !reads_documents(asked)) {
    return search_problem(403, "A query key may read documents, this needs an admin key.");
  }
  if (asked.is(0, "servicestats") && asked.size() == 1 && asked.method() == "GET") {
    return statistics();
  }
  if (asked.is(0, "indexes")) {
    return asked.size() == 1 ? index_collection(asked) : one_index(asked);
  }
  for (std::size_t kind = 0; kind < kSearchKinds.size(); ++kind) {
    if (!asked.is(0, kSearchKinds[kind].path)) continue;
    return asked.size() == 1 ? definitions(asked, kind) : one_definition(asked, kind);
  }
  return search_lacks(
      fmt::format("`{} {}`", asked.method(),
                  asked.call.request.target.substr(0, asked.call.request.target.find('?'))));
}

Outcome SearchApi::Inside::statistics() const {
  std::size_t documents = 0;
  std::size_t bytes = 0;
  std::size_t vectors = 0;
  for (const auto& [name, index] : indexes) {
    documents += index->count();
    bytes += index->bytes();
    vectors += index->vector_bytes();
  }
  const auto counter = [](std::size_t usage, Json quota) {
    return Json{{"usage", usage}, {"quota", std::move(quota)}};
  };
  Json json;
  Json& counters = json["counters"];
  counters["aliasesCount"] = counter(0, 0);
  counters["documentCount"] = counter(documents, nullptr);
  counters["indexesCount"] = counter(indexes.size(), limits.definitions);
  counters["indexersCount"] = counter(defined[2].size(), limits.definitions);
  counters["dataSourcesCount"] = counter(defined[0].size(), limits.definitions);
  counters["storageSize"] = counter(bytes, limits.document_bytes);
  counters["synonymMaps"] = counter(0, 0);
  counters["skillsetCount"] = counter(defined[1].size(), limits.definitions);
  counters["vectorIndexSize"] = counter(vectors, nullptr);
  json["limits"]["maxFieldsPerIndex"] = 1'000;
  json["limits"]["maxFieldNestingDepthPerIndex"] = 10;
  json["limits"]["maxComplexCollectionFieldsPerIndex"] = 40;
  json["limits"]["maxComplexObjectsInCollectionsPerDocument"] = 3'000;
  return JsonReply{200, json_text(json)};
}

std::size_t SearchApi::Inside::room() const {
  std::size_t used = 0;
  for (const auto& [name, index] : indexes) used += index->bytes();
  return limits.document_bytes - std::min(limits.document_bytes, used);
}

std::string SearchApi::Inside::index_json(const std::string& name) const {
  Json json;
  json["@odata.context"] = fmt::format("{}/$metadata#indexes/$entity", endpoint);
  json["@odata.etag"] = etag_of(index_versions.at(name));
  json.update(parse_object<Json>(indexes.at(name)->definition()).value_or(Json::object()));
  return json_text(json);
}

Outcome SearchApi::Inside::index_collection(Asked& asked) {
  if (asked.method() == "POST") return put_index(asked, "");
  if (asked.method() != "GET") return search_lacks(fmt::format("`{} /indexes`", asked.method()));
  Json json;
  json["value"] = Json::array();
  for (const auto& [name, index] : indexes) {
    json["value"].push_back(parse_object<Json>(index_json(name)).value_or(Json::object()));
  }
  return JsonReply{200, json_text(json)};
}

// `name`: of a PUT; empty: a POST, which only creates.
Outcome SearchApi::Inside::put_index(Asked& asked, const std::string& name) {
  const std::string& body = asked.call.request.body;
  if (body.size() > limits.definition_bytes)
    return search_problem(413, "The definition is too large.");
  auto made = SearchIndex::make(body);
  if (!made) return std::unexpected(made.error());
  const std::string made_name = (*made)->name();
  if (!is_good_name(made_name) || (!name.empty() && made_name != name)) {
    return search_problem(
        400, fmt::format("The request is invalid. Details: Invalid index name '{}'.", made_name));
  }
  auto existing = indexes.find(made_name);
  const bool is_new = existing == indexes.end();
  if (auto holds = check_match(asked, is_new ? nullptr : &index_versions[made_name]); !holds) {
    return std::unexpected(holds.error());
  }
  if (!is_new && name.empty()) {
    return search_problem(
        409, fmt::format("Cannot create index '{}' because it already exists.", made_name));
  }
  if (is_new && indexes.size() >= limits.definitions) {
    return search_problem(
        429, fmt::format("A service of the lab has at most {} indexes.", limits.definitions));
  }
  if (is_new) {
    indexes[made_name] = *std::move(made);
  } else if (auto good = existing->second->update(body); !good) {
    return std::unexpected(good.error());
  }
  index_versions[made_name] = ++changes;
  asked.etag = etag_of(changes);
  return JsonReply{is_new ? 201U : 200U, index_json(made_name)};
}

Outcome SearchApi::Inside::one_index(Asked& asked) {
  const std::string& name = asked.path[1];
  auto found = indexes.find(name);
  if (asked.size() == 2 && asked.method() == "PUT") return put_index(asked, name);
  if (found == indexes.end()) {
    return search_problem(
        404, fmt::format("No index with the name '{}' was found in the service.", name));
  }
  SearchIndex& index = *found->second;
  if (asked.size() == 2 && asked.method() == "GET") {
    asked.etag = etag_of(index_versions[name]);
    return JsonReply{200, index_json(name)};
  }
  if (asked.size() == 2 && asked.method() == "DELETE") {
    if (auto holds = check_match(asked, &index_versions[name]); !holds) {
      return std::unexpected(holds.error());
    }
    index_versions.erase(name);
    indexes.erase(found);
    return JsonReply{204, ""};
  }
  if (asked.is(2, "stats") || asked.is(2, "search.stats")) {
    const Json json{{"documentCount", index.count()},
                    {"storageSize", index.bytes()},
                    {"vectorIndexSize", index.vector_bytes()}};
    return JsonReply{200, json_text(json)};
  }
  if (asked.is(2, "docs")) return documents(asked, index);
  return search_lacks(
      fmt::format("`{}` of an index", asked.size() > 2 ? asked.path[2] : asked.method()));
}

Outcome SearchApi::Inside::documents(Asked& asked, SearchIndex& index) {
  const bool posts = asked.method() == "POST";
  const std::string verb = asked.size() > 3 ? asked.path[3] : "";
  const auto as_reply = [](SearchResult<std::string> json) -> Outcome {
    if (!json) return std::unexpected(json.error());
    return JsonReply{200, *std::move(json)};
  };
  if (asked.size() == 3 && !posts)
    return as_reply(index.search(json_text(question_of(asked.target))));
  if (posts && (verb == "search" || verb == "search.post.search")) {
    return as_reply(index.search(asked.call.request.body));
  }
  if (posts && (verb == "index" || verb == "search.index")) {
    return index.change(asked.call.request.body, room());
  }
  if (verb == "$count") return JsonReply{200, std::to_string(index.count())};
  if (asked.size() == 4 && asked.method() == "GET" && !verb.starts_with("search.") &&
      verb != "suggest" && verb != "autocomplete") {
    return as_reply(index.look_up(verb, asked.target.find("$select").value_or("")));
  }
  return search_lacks(fmt::format("`{} docs/{}`", asked.method(), verb));
}

// The secret of a data source is never told.
std::string SearchApi::Inside::definition_json(std::size_t kind, const std::string& name) const {
  const Definition& definition = defined[kind].at(name);
  Json json;
  json["@odata.context"] =
      fmt::format("{}/$metadata#{}/$entity", endpoint, kSearchKinds[kind].path);
  json["@odata.etag"] = etag_of(definition.version);
  json.update(parse_object<Json>(definition.json).value_or(Json::object()));
  if (kind == 0) json["credentials"] = {{"connectionString", nullptr}};
  if (const Json* skills = member(json, "skills"); kind == 1 && skills != nullptr) {
    for (Json& skill : json["skills"]) {
      if (skill.contains("apiKey")) skill["apiKey"] = "<redacted>";
    }
  }
  return json_text(json);
}

Outcome SearchApi::Inside::definitions(Asked& asked, std::size_t kind) {
  if (asked.method() == "POST") return put_definition(asked, kind, "");
  if (asked.method() != "GET") {
    return search_lacks(fmt::format("`{} /{}`", asked.method(), kSearchKinds[kind].path));
  }
  Json json;
  json["value"] = Json::array();
  for (const auto& [name, definition] : defined[kind]) {
    json["value"].push_back(parse_object<Json>(definition_json(kind, name)).value_or(Json()));
  }
  return JsonReply{200, json_text(json)};
}

Outcome SearchApi::Inside::put_definition(Asked& asked, std::size_t kind, const std::string& name) {
  const std::string& body = asked.call.request.body;
  if (body.size() > limits.definition_bytes)
    return search_problem(413, "The definition is too large.");
  const auto json = parse_object<Json>(body);
  if (!json) return search_problem(400, "The request is invalid. Details: expected a JSON object.");
  const std::string made_name = text_in(*json, "name").empty() ? name : text_in(*json, "name");
  if (!is_good_name(made_name) || (!name.empty() && made_name != name)) {
    return search_problem(
        400, fmt::format("The request is invalid. Details: `{}` is no name for a {}.", made_name,
                         kSearchKinds[kind].word));
  }
  if (auto good = kSearchKinds[kind].check(*json); !good) return std::unexpected(good.error());
  auto existing = defined[kind].find(made_name);
  const bool is_new = existing == defined[kind].end();
  if (auto holds = check_match(asked, is_new ? nullptr : &existing->second.version); !holds) {
    return std::unexpected(holds.error());
  }
  if (!is_new && name.empty()) {
    return search_problem(409, fmt::format("Cannot create {} '{}' because it already exists.",
                                           kSearchKinds[kind].word, made_name));
  }
  if (is_new && defined[kind].size() >= limits.definitions) {
    return search_problem(
        429, fmt::format("A service of the lab has at most {} of each kind.", limits.definitions));
  }
  Definition& definition = defined[kind][made_name];
  definition.json = json_text(*json);
  definition.version = ++changes;
  asked.etag = etag_of(changes);
  // A new indexer runs at once.
  if (kind == 2 && is_new && !is_true(*json, "disabled")) {
    if (auto started = run(asked, definition); !started) {
      defined[kind].erase(made_name);
      return std::unexpected(started.error());
    }
  }
  return JsonReply{is_new ? 201U : 200U, definition_json(kind, made_name)};
}

Outcome SearchApi::Inside::one_definition(Asked& asked, std::size_t kind) {
  const std::string& name = asked.path[1];
  if (asked.size() == 2 && asked.method() == "PUT") return put_definition(asked, kind, name);
  auto found = defined[kind].find(name);
  if (found == defined[kind].end()) {
    return search_problem(404, fmt::format("No {} with the name '{}' was found in the service.",
                                           kSearchKinds[kind].word, name));
  }
  if (asked.size() == 2 && asked.method() == "GET") {
    asked.etag = etag_of(found->second.version);
    return JsonReply{200, definition_json(kind, name)};
  }
  if (asked.size() == 2 && asked.method() == "DELETE") {
    if (auto holds = check_match(asked, &found->second.version); !holds) {
      return std::unexpected(holds.error());
    }
    defined[kind].erase(found);
    return JsonReply{204, ""};
  }
  if (kind == 2 && asked.size() == 3) return act_on_indexer(asked, found->second);
  return search_lacks(fmt::format("`{}` of a {}", asked.method(), kSearchKinds[kind].word));
}

Outcome SearchApi::Inside::act_on_indexer(Asked& asked, Definition& indexer) {
  std::string verb = asked.path[2];
  if (verb.starts_with("search.")) verb = verb.substr(7);
  if (verb == "run" && asked.method() == "POST") {
    if (auto started = run(asked, indexer); !started) return std::unexpected(started.error());
    return JsonReply{202, ""};
  }
  if (verb == "reset" && asked.method() == "POST") return JsonReply{204, ""};
  if (verb != "status" || asked.method() != "GET") {
    return search_lacks(fmt::format("`{}` of an indexer", asked.path[2]));
  }
  Json json;
  json["name"] = asked.path[1];
  json["status"] = "running";
  json["lastResult"] = indexer.run ? run_json(*indexer.run) : Json();
  json["executionHistory"] = Json::array();
  const bool ended = indexer.run && indexer.run->state != IndexerRun::State::InProgress;
  if (ended) json["executionHistory"].push_back(run_json(*indexer.run));
  for (const IndexerRun& earlier : indexer.earlier) {
    json["executionHistory"].push_back(run_json(earlier));
  }
  json["limits"] = {{"maxRunTime", "PT2H"},
                    {"maxDocumentExtractionSize", 64'000'000},
                    {"maxDocumentContentCharactersToExtract", 64'000'000}};
  return JsonReply{200, json_text(json)};
}

SearchResult<void> SearchApi::Inside::run(Asked& asked, Definition& indexer) {
  if (indexer.run && indexer.run->state == IndexerRun::State::InProgress) {
    return search_problem(409,
                          "Another indexer invocation is currently in progress; concurrent "
                          "invocations are not allowed.");
  }
  const Json json = parse_object<Json>(indexer.json).value_or(Json::object());
  const auto source = defined[0].find(text_in(json, "dataSourceName"));
  const auto index = indexes.find(text_in(json, "targetIndexName"));
  const std::string skillset = text_in(json, "skillsetName");
  const auto skills = defined[1].find(skillset);
  if (source == defined[0].end() || index == indexes.end() ||
      (!skillset.empty() && skills == defined[1].end())) {
    return search_problem(
        400,
        "The request is invalid. Details: the indexer names a data source, an index "
        "or a skillset that is not there.");
  }
  constexpr std::size_t kMostHistory = 49;
  if (indexer.run) indexer.earlier.insert(indexer.earlier.begin(), *indexer.run);
  if (indexer.earlier.size() > kMostHistory) indexer.earlier.resize(kMostHistory);
  indexer.run = std::make_shared<IndexerRun>();
  indexer.run->started = asked.call.now;
  IndexerPlan plan;
  plan.indexer = indexer.json;
  plan.data_source = source->second.json;
  if (skills != defined[1].end()) plan.skillset = skills->second.json;
  plan.endpoint = endpoint;
  plan.key_field = index->second->key_field();
  plan.has_field = [held = index->second](std::string_view field) {
    return held->has_field(field);
  };
  plan.put = [held = index->second, self = shared_from_this()](std::string_view batch) {
    return held->change(batch, self->room());
  };
  asked.work = make_indexer_work(std::move(plan), indexer.run);
  return {};
}

}  // namespace nsp::lab

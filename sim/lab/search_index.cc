#include "sim/lab/search_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/api/search_inside.h"
#include "sim/lab/service.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostFields = 1'000;

SearchResult<SearchField> read_field(const Json& json) {
  SearchField field;
  field.name = text_in(json, "name");
  field.type = text_in(json, "type");
  field.key = is_true(json, "key");
  const bool is_text = field.type == "Edm.String" || field.type == "Collection(Edm.String)";
  field.searchable = json.contains("searchable") ? is_true(json, "searchable") : is_text;
  field.retrievable = !json.contains("retrievable") || is_true(json, "retrievable");
  field.dimensions = count_in(json, "dimensions").value_or(0);
  if (field.name.empty() || field.type.empty()) {
    return search_problem(400,
                          "The request is invalid. Details: each field needs a name and a type.");
  }
  if (field.dimensions > kMostDimensions) {
    return search_problem(400,
                          fmt::format("The request is invalid. Details: the vector field '{}' has "
                                      "more than {} dimensions.",
                                      field.name, kMostDimensions));
  }
  const bool vector_type =
      field.type == "Collection(Edm.Single)" || field.type == "Collection(Edm.Half)";
  if (field.dimensions > 0 && !vector_type) {
    return search_lacks(fmt::format("vectors of type `{}`", field.type));
  }
  return field;
}

bool is_good_key(std::string_view key) {
  return !key.empty() && key.size() <= 1'024 && std::ranges::all_of(key, [](char c) {
    const char small = ascii_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '=';
  });
}

}  // namespace

namespace {

SearchResult<std::vector<SearchField>> read_fields(const Json& json) {
  const Json* list = member(json, "fields");
  if (list == nullptr || !list->is_array() || list->empty() || list->size() > kMostFields) {
    return search_problem(400, "The request is invalid. Details: an index needs a list of fields.");
  }
  std::vector<SearchField> fields;
  for (const Json& item : *list) {
    SearchResult<SearchField> field = read_field(item);
    if (!field) return std::unexpected(field.error());
    if (std::ranges::find(fields, field->name, &SearchField::name) != fields.end()) {
      return search_problem(
          400,
          fmt::format("The request is invalid. Details: there are two fields '{}'.", field->name));
    }
    fields.push_back(*std::move(field));
  }
  return fields;
}

Json outcome(const std::string& key, unsigned status, const char* message) {
  Json item;
  item["key"] = key;
  item["status"] = status < 300;
  item["errorMessage"] = message == nullptr ? Json() : Json(message);
  item["statusCode"] = status;
  return item;
}

}  // namespace

SearchIndex::SearchIndex(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
SearchIndex::~SearchIndex() = default;

SearchResult<std::unique_ptr<SearchIndex>> SearchIndex::make(std::string_view definition) {
  const auto json = parse_object<Json>(definition);
  if (!json) return search_problem(400, "The request is invalid. Details: expected a JSON object.");
  auto inside = std::make_unique<Inside>();
  inside->index_name = text_in(*json, "name");
  if (inside->index_name.empty()) {
    return search_problem(400, "The request is invalid. Details: the index has no name.");
  }
  auto fields = read_fields(*json);
  if (!fields) return std::unexpected(fields.error());
  inside->fields = *std::move(fields);
  if (std::ranges::count(inside->fields, true, &SearchField::key) != 1) {
    return search_problem(400,
                          "The request is invalid. Details: exactly one field must be the key.");
  }
  const SearchField& key = *std::ranges::find(inside->fields, true, &SearchField::key);
  if (key.type != "Edm.String") {
    return search_problem(400,
                          "The request is invalid. Details: the key must be of type Edm.String.");
  }
  inside->key_field = key.name;
  inside->definition = json_text(*json);
  return std::unique_ptr<SearchIndex>(new SearchIndex(std::move(inside)));
}

SearchResult<void> SearchIndex::update(std::string_view definition) {
  auto next = make(definition);
  if (!next) return std::unexpected(next.error());
  Inside& made = *(*next)->inside_;
  for (const SearchField& field : inside_->fields) {
    const SearchField* same = made.find(field.name);
    if (same == nullptr || same->type != field.type || same->key != field.key ||
        same->dimensions != field.dimensions) {
      return search_problem(
          400, fmt::format("Existing field '{}' cannot be changed or deleted.", field.name));
    }
  }
  inside_->fields = std::move(made.fields);
  inside_->definition = std::move(made.definition);
  return {};
}

const std::string& SearchIndex::name() const { return inside_->index_name; }
const std::string& SearchIndex::key_field() const { return inside_->key_field; }
bool SearchIndex::has_field(std::string_view name) const { return inside_->find(name) != nullptr; }
const std::string& SearchIndex::definition() const { return inside_->definition; }
std::size_t SearchIndex::count() const { return inside_->documents.size(); }
std::size_t SearchIndex::bytes() const { return inside_->bytes; }

std::size_t SearchIndex::vector_bytes() const {
  std::size_t numbers = 0;
  for (const SearchField& field : inside_->fields) numbers += field.dimensions;
  return numbers * sizeof(float) * inside_->documents.size();
}

SearchResult<void> SearchIndex::Inside::check_document(const Json& document) const {
  for (const auto& [name, value] : document.items()) {
    if (name.starts_with("@search.")) continue;
    const SearchField* field = find(name);
    if (field == nullptr) {
      return search_problem(
          400, fmt::format("The request is invalid. Details: The property '{}' does not "
                           "exist on type 'search.documentFields'.",
                           name));
    }
    if (!is_of(value, field->type)) {
      return search_problem(
          400, fmt::format("The request is invalid. Details: the value of '{}' is not of "
                           "type '{}'.",
                           name, field->type));
    }
    if (field->is_vector() && !value.is_null() && value.size() != field->dimensions) {
      return search_problem(
          400, fmt::format("The request is invalid. Details: the vector field '{}' has "
                           "{} dimensions, its value {}.",
                           name, field->dimensions, value.size()));
    }
  }
  return {};
}

Json SearchIndex::Inside::store(const std::string& key, Json document, std::size_t room) {
  auto before = documents.find(key);
  const bool is_new = before == documents.end();
  const std::size_t less = is_new ? 0 : json_text(before->second).size();
  const std::size_t more = json_text(document).size();
  if (more > less && more - less > room) {
    return outcome(key, 507, "the lab's AI Search has no more memory for documents");
  }
  if (is_new && documents.size() >= kMostDocuments) {
    return outcome(key, 507, "an index of the lab holds no more documents");
  }
  bytes = bytes - less + more;
  documents[key] = std::move(document);
  return outcome(key, is_new ? 201 : 200, nullptr);
}

Json SearchIndex::Inside::change_one(const Json& item, std::size_t room) {
  const std::string key = text_in(item, key_field.c_str());
  if (!is_good_key(key)) {
    return outcome(
        key, 400,
        "Invalid document key: keys are letters, digits, underscore, dash or equal sign.");
  }
  const std::string action = text_in(item, "@search.action");
  auto before = documents.find(key);
  if (action == "delete") {
    if (before != documents.end()) {
      bytes -= json_text(before->second).size();
      documents.erase(before);
    }
    return outcome(key, 200, nullptr);
  }
  if (action == "merge" && before == documents.end()) {
    return outcome(key, 404, "Document not found.");
  }
  const bool merges = action.starts_with("merge") && before != documents.end();
  Json document = merges ? before->second : Json::object();
  for (const auto& [name, value] : item.items()) {
    if (!name.starts_with("@search.")) document[name] = value;
  }
  return store(key, std::move(document), room);
}

SearchResult<JsonReply> SearchIndex::change(std::string_view batch, std::size_t room) {
  const auto json = parse_object<Json>(batch);
  const Json* items = json ? member(*json, "value") : nullptr;
  if (items == nullptr || !items->is_array()) {
    return search_problem(
        400, "The request is invalid. Details: expected an object with a list `value`.");
  }
  if (items->empty() || items->size() > kMostInBatch) {
    return search_problem(
        400,
        fmt::format("The request is invalid. Details: a batch has 1 to {} actions.", kMostInBatch));
  }
  for (const Json& item : *items) {
    const std::string action = text_in(item, "@search.action");
    const bool known = action.empty() || action == "upload" || action == "merge" ||
                       action == "mergeOrUpload" || action == "delete";
    if (!item.is_object() || !known) {
      return search_problem(
          400, fmt::format("The request is invalid. Details: `{}` is no action.", action));
    }
    if (auto good = inside_->check_document(item); !good) return std::unexpected(good.error());
  }
  JsonReply reply;
  Json answer;
  answer["value"] = Json::array();
  const std::size_t most = inside_->bytes + room;
  for (const Json& item : *items) {
    Json done = inside_->change_one(item, most - std::min(most, inside_->bytes));
    if (!done["status"].get<bool>()) reply.status = 207;
    answer["value"].push_back(std::move(done));
  }
  reply.body = json_text(answer);
  return reply;
}

SearchResult<void> SearchIndex::Inside::check_names(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (name == "*") continue;
    if (find(std::string_view(name).substr(0, name.find('/'))) == nullptr) {
      return search_problem(
          400, fmt::format("Invalid expression: Could not find a property named '{}' on "
                           "type 'search.document'.",
                           name));
    }
  }
  return {};
}

Json SearchIndex::Inside::shown(const Json& document,
                                const std::vector<std::string>& select) const {
  Json out = Json::object();
  for (const SearchField& field : fields) {
    const bool named = select.empty() || std::ranges::any_of(select, [&](const std::string& name) {
                         return name == "*" || name.substr(0, name.find('/')) == field.name;
                       });
    if (!named || !field.retrievable) continue;
    const Json* value = member(document, field.name.c_str());
    const Json absent = field.type.starts_with("Collection(") ? Json::array() : Json();
    out[field.name] = value == nullptr ? absent : *value;
  }
  return out;
}

SearchResult<std::string> SearchIndex::look_up(const std::string& key,
                                               std::string_view select) const {
  const std::vector<std::string> names = listed(select);
  if (auto good = inside_->check_names(names); !good) return std::unexpected(good.error());
  auto found = inside_->documents.find(key);
  if (found == inside_->documents.end()) {
    return search_problem(404, fmt::format("The document '{}' was not found in the index.", key));
  }
  return json_text(inside_->shown(found->second, names));
}

std::unexpected<SearchProblem> search_problem(unsigned status, std::string message) {
  return std::unexpected(SearchProblem{status, std::move(message)});
}

std::unexpected<SearchProblem> search_lacks(std::string_view what) {
  return search_problem(501, fmt::format("the lab's AI Search has no {}", what));
}

bool is_of(const Json& value, std::string_view type) {
  if (value.is_null()) return true;
  if (type.starts_with("Collection(")) {
    const std::string_view inner = type.substr(11, type.size() - 12);
    return value.is_array() && std::ranges::all_of(value, [&](const Json& item) {
             return !item.is_null() && is_of(item, inner);
           });
  }
  if (type == "Edm.String" || type == "Edm.DateTimeOffset") return value.is_string();
  if (type == "Edm.Boolean") return value.is_boolean();
  if (type == "Edm.Int32" || type == "Edm.Int64") return value.is_number_integer();
  if (type == "Edm.Double" || type == "Edm.Single" || type == "Edm.Half") return value.is_number();
  return value.is_object();
}

FieldValue value_of(const Json* value) {
  if (value == nullptr) return {};
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number()) return value->get<double>();
  if (value->is_string()) return value->get<std::string>();
  if (!value->is_array()) return {};
  std::vector<std::string> items;
  for (const Json& item : *value) {
    if (item.is_string()) items.push_back(item.get<std::string>());
  }
  return items;
}

const Json* at_path(const Json& document, std::string_view path) {
  const Json* value = &document;
  for (const std::string_view step : split(path, '/')) {
    value = member(*value, std::string(step).c_str());
    if (value == nullptr) return nullptr;
  }
  return value;
}

std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string_view name : split_words(text, ',')) {
    if (!trim(name).empty()) names.emplace_back(trim(name));
  }
  return names;
}

std::vector<std::string> names_in(const Json& question, const char* name) {
  const Json* value = member(question, name);
  if (value == nullptr) return {};
  if (value->is_string()) return listed(value->get<std::string>());
  std::vector<std::string> names;
  for (const Json& item : *value) {
    if (item.is_string()) names.push_back(item.get<std::string>());
  }
  return names;
}

}  // namespace nsp::lab

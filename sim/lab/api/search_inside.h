// What a SearchIndex is made of. Private to sim/lab/search_*.cc: it names the JSON library.
#ifndef NSP_SIM_LAB_API_SEARCH_INSIDE_H_
#define NSP_SIM_LAB_API_SEARCH_INSIDE_H_

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/search_filter.h"
#include "sim/lab/search_index.h"

namespace nsp::lab {

using Json = nlohmann::ordered_json;

struct SearchField {
  std::string name;
  std::string type;  // `Edm.String`, `Collection(Edm.Single)`
  bool key = false;
  bool searchable = false;
  bool retrievable = true;
  std::size_t dimensions = 0;  // of a vector

  [[nodiscard]] bool is_vector() const { return dimensions > 0; }
};

struct Scored {
  const std::string* key = nullptr;
  const Json* document = nullptr;
  double score = 0;
};

struct SearchIndex::Inside {
  std::string index_name;
  std::string key_field;
  std::string definition;
  std::vector<SearchField> fields;
  std::map<std::string, Json> documents;
  std::size_t bytes = 0;

  [[nodiscard]] const SearchField* find(std::string_view field) const {
    auto found = std::ranges::find(fields, field, &SearchField::name);
    return found == fields.end() ? nullptr : &*found;
  }

  [[nodiscard]] SearchResult<void> check_document(const Json& document) const;
  [[nodiscard]] Json change_one(const Json& item, std::size_t room);
  [[nodiscard]] Json store(const std::string& key, Json document, std::size_t room);
  [[nodiscard]] Json shown(const Json& document, const std::vector<std::string>& select) const;
  [[nodiscard]] SearchResult<void> check_names(const std::vector<std::string>& names) const;
  [[nodiscard]] SearchResult<std::vector<Scored>> candidates(const Json& question) const;
  [[nodiscard]] SearchResult<std::vector<Scored>> by_text(const Json& question,
                                                          const std::vector<Scored>& all) const;
  [[nodiscard]] SearchResult<std::vector<Scored>> by_vector(const Json& query,
                                                            const std::vector<Scored>& all) const;
  [[nodiscard]] SearchResult<std::vector<Scored>> ranked(const Json& question) const;
  [[nodiscard]] SearchResult<void> order(const Json& question, std::vector<Scored>& found) const;
  [[nodiscard]] SearchResult<Json> facets(const Json& question,
                                          const std::vector<Scored>& found) const;
};

[[nodiscard]] std::unexpected<SearchProblem> search_problem(unsigned status, std::string message);
// 501: `the lab's AI Search has no WHAT`.
[[nodiscard]] std::unexpected<SearchProblem> search_lacks(std::string_view what);
// Whether a value is of the type; nothing is of every type.
[[nodiscard]] bool is_of(const Json& value, std::string_view type);
[[nodiscard]] FieldValue value_of(const Json* value);
// `address/city`: through objects.
[[nodiscard]] const Json* at_path(const Json& document, std::string_view path);
[[nodiscard]] std::vector<std::string> listed(std::string_view text);
// GET sends `a,b`, some clients a list.
[[nodiscard]] std::vector<std::string> names_in(const Json& question, const char* name);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_API_SEARCH_INSIDE_H_

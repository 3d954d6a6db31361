// Questions to an index. See sim/lab/search_index.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/api/search_inside.h"
#include "sim/lab/search_filter.h"
#include "sim/lab/search_query.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostTerms = 128;
constexpr double kRankOffset = 60;

double cosine(const Json& a, const std::vector<double>& b) {
  double dot = 0;
  double length_a = 0;
  double length_b = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double x = a[i].get<double>();
    dot += x * b[i];
    length_a += x * x;
    length_b += b[i] * b[i];
  }
  const double lengths = std::sqrt(length_a) * std::sqrt(length_b);
  return lengths > 0 ? dot / lengths : 0;
}

void sort_by_score(std::vector<Scored>& found) {
  std::ranges::stable_sort(found, std::greater<>(), &Scored::score);
}

// Several rankings as one.
std::vector<Scored> fused(const std::vector<std::vector<Scored>>& rankings) {
  if (rankings.size() == 1) return rankings[0];
  std::map<std::string, Scored> all;
  for (const std::vector<Scored>& ranking : rankings) {
    for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
      Scored& sum =
          all.try_emplace(*ranking[rank].key, Scored{ranking[rank].key, ranking[rank].document, 0})
              .first->second;
      sum.score += 1 / (kRankOffset + static_cast<double>(rank + 1));
    }
  }
  std::vector<Scored> found;
  for (auto& [key, scored] : all) found.push_back(scored);
  sort_by_score(found);
  return found;
}

// Nothing before numbers and texts; what does not compare is equal.
bool is_before(const FieldValue& a, const FieldValue& b) {
  if (a.index() != b.index()) return a.index() < b.index();
  return a < b;
}

}  // namespace

// What the filter leaves, in order of keys.
SearchResult<std::vector<Scored>> SearchIndex::Inside::candidates(const Json& question) const {
  std::optional<SearchFilter> filter;
  const std::string text = text_in(question, "filter");
  if (!trim(text).empty()) {
    auto parsed = SearchFilter::parse(text);
    if (!parsed) return search_problem(parsed.error().status, parsed.error().message);
    if (auto good = check_names(parsed->fields()); !good) return std::unexpected(good.error());
    filter = *std::move(parsed);
  }
  std::vector<Scored> all;
  for (const auto& [key, document] : documents) {
    const auto field = [&](const std::string& path) { return value_of(at_path(document, path)); };
    if (!filter || filter->matches(field)) all.push_back({&key, &document, 1});
  }
  return all;
}

SearchResult<std::vector<Scored>> SearchIndex::Inside::by_text(
    const Json& question, const std::vector<Scored>& all) const {
  const TextQuery query =
      parse_text_query(text_in(question, "search"), text_in(question, "searchMode") == "all");
  if (query.terms.empty()) return all;
  if (query.terms.size() > kMostTerms) {
    return search_problem(400, fmt::format("a query of the lab has at most {} words", kMostTerms));
  }
  const std::vector<std::string> in = names_in(question, "searchFields");
  if (auto good = check_names(in); !good) return std::unexpected(good.error());
  std::vector<std::vector<std::size_t>> counts;
  std::vector<std::size_t> holders(query.terms.size());
  for (const Scored& candidate : all) {
    std::vector<std::size_t>& found = counts.emplace_back(query.terms.size());
    for (const SearchField& field : fields) {
      const bool named = in.empty() || std::ranges::find(in, field.name) != in.end();
      if (!field.searchable || field.is_vector() || !named) continue;
      const FieldValue value = value_of(member(*candidate.document, field.name.c_str()));
      std::vector<std::string> texts;
      if (const auto* text = std::get_if<std::string>(&value)) texts.push_back(*text);
      if (const auto* items = std::get_if<std::vector<std::string>>(&value)) texts = *items;
      for (const std::string& text : texts) {
        const std::vector<std::string> words = words_of(text);
        for (std::size_t i = 0; i < found.size(); ++i) {
          found[i] += occurrences(query.terms[i], words);
        }
      }
    }
    for (std::size_t i = 0; i < found.size(); ++i) holders[i] += found[i] > 0 ? 1 : 0;
  }
  std::vector<Scored> matching;
  for (std::size_t d = 0; d < all.size(); ++d) {
    if (!query.matches(counts[d])) continue;
    Scored scored = all[d];
    scored.score = 0;
    for (std::size_t i = 0; i < counts[d].size(); ++i) {
      if (counts[d][i] == 0 || query.terms[i].excluded) continue;
      scored.score += static_cast<double>(counts[d][i]) *
                      std::log1p(static_cast<double>(all.size()) / static_cast<double>(holders[i]));
    }
    matching.push_back(scored);
  }
  sort_by_score(matching);
  return matching;
}

SearchResult<std::vector<Scored>> SearchIndex::Inside::by_vector(
    const Json& query, const std::vector<Scored>& all) const {
  const std::string kind = text_in(query, "kind");
  if (!kind.empty() && kind != "vector") {
    return search_lacks(fmt::format("vector queries of kind `{}`: it has no vectorizers", kind));
  }
  const Json* given = member(query, "vector");
  if (given == nullptr || !is_of(*given, "Collection(Edm.Single)")) {
    return search_problem(400, "A vector query needs a `vector`, a list of numbers.");
  }
  const auto vector = given->get<std::vector<double>>();
  const std::vector<std::string> names = names_in(query, "fields");
  std::vector<Scored> found;
  for (const std::string& name : names) {
    const SearchField* field = find(name);
    if (field == nullptr || !field->is_vector() || field->dimensions != vector.size()) {
      return search_problem(400,
                            fmt::format("The vector query has {} dimensions, and '{}' is no vector "
                                        "field of as many.",
                                        vector.size(), name));
    }
    for (const Scored& candidate : all) {
      const Json* value = member(*candidate.document, name.c_str());
      if (value == nullptr) continue;
      Scored scored = candidate;
      scored.score = 1 / (2 - cosine(*value, vector));
      found.push_back(scored);
    }
  }
  if (names.empty()) return search_problem(400, "A vector query needs `fields`.");
  sort_by_score(found);
  found.resize(std::min(found.size(), count_in(query, "k").value_or(50)));
  return found;
}

SearchResult<std::vector<Scored>> SearchIndex::Inside::ranked(const Json& question) const {
  auto all = candidates(question);
  if (!all) return all;
  std::vector<std::vector<Scored>> rankings;
  const Json* vectors = member(question, "vectorQueries");
  const bool has_vectors = vectors != nullptr && vectors->is_array() && !vectors->empty();
  if (!has_vectors || !text_in(question, "search").empty()) {
    auto found = by_text(question, *all);
    if (!found) return found;
    rankings.push_back(*std::move(found));
  }
  if (has_vectors) {
    for (const Json& query : *vectors) {
      auto found = by_vector(query, *all);
      if (!found) return found;
      rankings.push_back(*std::move(found));
    }
  }
  return fused(rankings);
}

SearchResult<void> SearchIndex::Inside::order(const Json& question,
                                              std::vector<Scored>& found) const {
  std::vector<std::string> keys = names_in(question, "orderby");
  std::ranges::reverse(keys);  // stable: the last one first
  for (const std::string& key : keys) {
    const std::vector<std::string_view> words = split_words(key, ' ');
    if (words.empty() || words.size() > 2)
      return search_problem(400, "`orderby` is not `field desc`.");
    const std::string path(words[0]);
    const bool down = words.size() == 2 && words[1] == "desc";
    if (words.size() == 2 && !down && words[1] != "asc") {
      return search_problem(400,
                            fmt::format("`{}` is no direction, expected asc or desc.", words[1]));
    }
    if (path.starts_with("geo.")) return search_lacks("order by distance");
    const bool by_score = path == "search.score()";
    if (!by_score) {
      if (auto good = check_names({path}); !good) return good;
    }
    std::ranges::stable_sort(found, [&](const Scored& a, const Scored& b) {
      const Scored& first = down ? b : a;
      const Scored& second = down ? a : b;
      if (by_score) return first.score < second.score;
      return is_before(value_of(at_path(*first.document, path)),
                       value_of(at_path(*second.document, path)));
    });
  }
  return {};
}

// `category` or `category,count:5`: the values, the most frequent first.
SearchResult<Json> SearchIndex::Inside::facets(const Json& question,
                                               const std::vector<Scored>& found) const {
  Json out;
  const Json* list = member(question, "facets");
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& facet : *list) {
    const std::vector<std::string> parts =
        facet.is_string() ? listed(facet.get<std::string>()) : std::vector<std::string>();
    if (parts.empty()) return search_problem(400, "A facet is a text that starts with a field.");
    if (auto good = check_names({parts[0]}); !good) return std::unexpected(good.error());
    std::size_t most = 10;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const bool plain = parts[i].starts_with("count:") && parts[i].size() < 12 &&
                         parts[i].size() > 6 &&
                         parts[i].find_first_not_of("0123456789", 6) == std::string::npos;
      if (!plain) return search_lacks(fmt::format("facets with `{}`", parts[i]));
      most = std::stoul(parts[i].substr(6));
    }
    std::map<Json, std::size_t> counts;
    for (const Scored& scored : found) {
      const Json* value = at_path(*scored.document, parts[0]);
      if (value == nullptr) continue;
      if (value->is_array()) {
        for (const Json& item : *value) ++counts[item];
      } else {
        ++counts[*value];
      }
    }
    std::vector<std::pair<Json, std::size_t>> all(counts.begin(), counts.end());
    std::ranges::stable_sort(all, std::greater<>(), &std::pair<Json, std::size_t>::second);
    Json& values = out[parts[0]] = Json::array();
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
      values.push_back({{"count", all[i].second}, {"value", all[i].first}});
    }
  }
  return out;
}

SearchResult<std::string> SearchIndex::search(std::string_view question_text) const {
  const auto question = parse_object<Json>(question_text);
  if (!question)
    return search_problem(400, "The request is invalid. Details: expected a JSON object.");
  const std::string type = text_in(*question, "queryType");
  if (!type.empty() && type != "simple") return search_lacks(fmt::format("`{}` queries", type));
  for (const char* name : {"highlight", "scoringProfile", "semanticConfiguration", "answers"}) {
    if (!text_in(*question, name).empty()) return search_lacks(fmt::format("`{}`", name));
  }
  const std::vector<std::string> select = names_in(*question, "select");
  if (auto good = inside_->check_names(select); !good) return std::unexpected(good.error());
  auto found = inside_->ranked(*question);
  if (!found) return std::unexpected(found.error());
  if (auto good = inside_->order(*question, *found); !good) return std::unexpected(good.error());
  auto facets = inside_->facets(*question, *found);
  if (!facets) return std::unexpected(facets.error());
  Json answer;
  if (is_true(*question, "count")) answer["@odata.count"] = found->size();
  if (!facets->is_null()) answer["@search.facets"] = *std::move(facets);
  answer["value"] = Json::array();
  const std::size_t skip = std::min(found->size(), count_in(*question, "skip").value_or(0));
  const std::size_t top = std::min(count_in(*question, "top").value_or(50), kMostAnswered);
  for (const Scored& scored :
       std::span(*found).subspan(skip).first(std::min(top, found->size() - skip))) {
    Json item;
    item["@search.score"] = scored.score;
    item.update(inside_->shown(*scored.document, select));
    answer["value"].push_back(std::move(item));
  }
  return json_text(answer);
}

}  // namespace nsp::lab

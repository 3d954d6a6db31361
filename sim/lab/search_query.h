// The text of a simple query, taken apart; and how well a text answers it.
//
// Source: Microsoft's reference "Simple query syntax in Azure AI Search". Thread safety: pure.
#ifndef NSP_SIM_LAB_SEARCH_QUERY_H_
#define NSP_SIM_LAB_SEARCH_QUERY_H_

#include <string>
#include <string_view>
#include <vector>

namespace nsp::lab {

struct QueryTerm {
  std::vector<std::string> words;  // more than one: a phrase
  bool prefix = false;             // `word*`
  bool required = false;           // `+word`
  bool excluded = false;           // `-word`

  bool operator==(const QueryTerm&) const = default;
};

struct TextQuery {
  std::vector<QueryTerm> terms;  // none: everything matches
  bool all = false;              // searchMode: all

  // Per term how often it is found; a document matches by them.
  [[nodiscard]] bool matches(const std::vector<std::size_t>& found) const;
  bool operator==(const TextQuery&) const = default;
};

// `*` and nothing at all ask for everything.
[[nodiscard]] TextQuery parse_text_query(std::string_view text, bool all);
[[nodiscard]] std::size_t occurrences(const QueryTerm& term, const std::vector<std::string>& words);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SEARCH_QUERY_H_

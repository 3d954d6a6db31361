// One index of AI Search in memory: its schema, its documents, and questions to them.
//
// Texts are matched by whole words without case (bytes beyond ASCII are letters); a query may hold
// `+word`, `-word`, `word*` and `"a phrase"`. The score of a document is the sum over the words of
// occurrences times log(1 + documents / documents that hold it); of a vector query 1 / (2 -
// cosine); of several at once the sum of 1 / (60 + rank). Ties keep the order of keys, so that
// answers repeat.
//
// Source: Microsoft's REST reference of AI Search 2024-07-01 ("Search documents", "Index
// documents", "Simple query syntax"). JSON in, JSON out. Thread safety: none.
#ifndef NSP_SIM_LAB_SEARCH_INDEX_H_
#define NSP_SIM_LAB_SEARCH_INDEX_H_

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nsp::lab {

struct SearchProblem {
  unsigned status = 400;
  std::string message;

  bool operator==(const SearchProblem&) const = default;
};
template <class T>
using SearchResult = std::expected<T, SearchProblem>;

// An answer's status and JSON.
struct JsonReply {
  unsigned status = 200;
  std::string body;

  bool operator==(const JsonReply&) const = default;
};

class SearchIndex {
 public:
  static constexpr std::size_t kMostDocuments = 100'000;
  static constexpr std::size_t kMostInBatch = 1'000;
  static constexpr std::size_t kMostAnswered = 1'000;

  // `definition`: what is sent to create an index.
  [[nodiscard]] static SearchResult<std::unique_ptr<SearchIndex>> make(std::string_view definition);
  ~SearchIndex();
  SearchIndex(const SearchIndex&) = delete;
  SearchIndex& operator=(const SearchIndex&) = delete;

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& key_field() const;
  [[nodiscard]] bool has_field(std::string_view name) const;
  // As it was sent.
  [[nodiscard]] const std::string& definition() const;
  // The new one's fields must hold the old one's as they are.
  [[nodiscard]] SearchResult<void> update(std::string_view definition);

  [[nodiscard]] std::size_t count() const;
  // Bytes of JSON that the documents are, and of their vectors.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t vector_bytes() const;

  // `{"value": [{"@search.action": "upload", …}]}`: 200, or 207 where one of them failed. `room`:
  // how many bytes more there may be.
  [[nodiscard]] SearchResult<JsonReply> change(std::string_view batch, std::size_t room);
  [[nodiscard]] SearchResult<std::string> look_up(const std::string& key,
                                                  std::string_view select) const;
  // `{"search": "…", "filter": "…", …}`: the answer's JSON.
  [[nodiscard]] SearchResult<std::string> search(std::string_view question) const;

  struct Inside;  // sim/lab/search_index*.cc alone

 private:
  explicit SearchIndex(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// The words of a text, in lower case, as they are matched.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SEARCH_INDEX_H_

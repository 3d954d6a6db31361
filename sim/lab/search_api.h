// AI Search: the data-plane subset that its clients index and retrieve with, and indexers.
//
// Answered: service statistics; indexes, data sources (Azure Blob), skillsets (embedding skills)
// and indexers (create, update, get, list, delete); index statistics; documents (index, look up,
// count, search). All else is 501 and says so. Paths come as
// `/indexes('docs')/docs/search.post.search` or
// `/indexes/docs/docs/search`. A run of an indexer is Work (search_indexer.h).
//
// Source: Microsoft's REST reference of AI Search, 2024-07-01. Thread safety: none.
#ifndef NSP_SIM_LAB_SEARCH_API_H_
#define NSP_SIM_LAB_SEARCH_API_H_

#include <memory>
#include <string>

#include "sim/lab/service.h"

namespace nsp::lab {

class SearchApi : public ServiceApi {
 public:
  struct Limits {
    std::size_t document_bytes = 64'000'000;  // JSON of all documents
    std::size_t definition_bytes = 4'000'000;
    std::size_t definitions = 200;  // of each kind
  };

  // `endpoint`: `https://srch.search.windows.net`.
  explicit SearchApi(std::string endpoint) : SearchApi(std::move(endpoint), Limits()) {}
  SearchApi(std::string endpoint, Limits limits);
  ~SearchApi() override;
  SearchApi(const SearchApi&) = delete;
  SearchApi& operator=(const SearchApi&) = delete;

  [[nodiscard]] ServiceAnswer answer(const ServiceCall& call) override;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SEARCH_API_H_

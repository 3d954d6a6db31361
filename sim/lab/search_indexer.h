// What an indexer of AI Search does when it runs: it lists the blobs of its data source's
// container, reads each, asks for embeddings where its skillset has such a skill, and puts what
// came of it into the index.
//
// Each call is real and judged like any other: with the service's managed identity where the
// connection string says `ResourceId=/…;`, signed with the account's key where it says
// `AccountKey=…`, with a SAS where it says `SharedAccessSignature=…`. Embeddings are asked for with
// the skill's `apiKey` or, without one, with the managed identity.
//
// Sources: Microsoft's documentation "Index data from Azure Blob Storage", "Azure OpenAI Embedding
// skill"; REST reference "Indexers - Get Status". Thread safety: none.
#ifndef NSP_SIM_LAB_SEARCH_INDEXER_H_
#define NSP_SIM_LAB_SEARCH_INDEXER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/search_index.h"
#include "sim/lab/service.h"

namespace nsp::lab {

struct IndexerError {
  std::string key;
  std::string name;  // `Enrichment.AzureOpenAIEmbeddingSkill.#1`
  unsigned status = 0;
  std::string message;

  bool operator==(const IndexerError&) const = default;
};

struct IndexerRun {
  enum class State : std::uint8_t { InProgress, Success, Failure };
  State state = State::InProgress;
  std::string message;  // why all of it failed
  Utc started;
  Utc ended;
  std::size_t processed = 0;
  std::size_t failed = 0;
  std::vector<IndexerError> errors;

  bool operator==(const IndexerRun&) const = default;
};

// Everything a run needs, as JSON as it was created.
struct IndexerPlan {
  std::string indexer;
  std::string data_source;
  std::string skillset;  // empty: none
  std::string endpoint;  // `https://srch.search.windows.net`
  // Documents into the index; what room there is, is its matter.
  std::function<SearchResult<JsonReply>(std::string_view batch)> put;
  std::function<bool(std::string_view field)> has_field;
  std::string key_field;
};

// `run` is brought up to date as it goes; it outlives the work.
[[nodiscard]] std::unique_ptr<Work> make_indexer_work(IndexerPlan plan,
                                                      std::shared_ptr<IndexerRun> run);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SEARCH_INDEXER_H_

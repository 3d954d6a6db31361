// What services of AI Search are given besides indexes: data sources, skillsets, indexers. Private
// to sim/lab/search_*.cc: it names the JSON library.
#ifndef NSP_SIM_LAB_API_SEARCH_DEFINITIONS_H_
#define NSP_SIM_LAB_API_SEARCH_DEFINITIONS_H_

#include <array>
#include <string>
#include <string_view>

#include "sim/lab/api/search_inside.h"
#include "sim/lab/search_indexer.h"

namespace nsp::lab {

// What a kind of definition is called in paths and texts, and what it must hold.
struct SearchKind {
  std::string_view path;
  std::string_view word;
  SearchResult<void> (*check)(const Json&);
};
extern const std::array<SearchKind, 3> kSearchKinds;

// As `lastResult` of an indexer's status has it.
[[nodiscard]] Json run_json(const IndexerRun& run);
[[nodiscard]] std::string search_time(Utc now);  // RFC 3339

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_API_SEARCH_DEFINITIONS_H_

// The XML of the Blob service: lists that are written, block lists that are read.
//
// Source: Microsoft's REST reference "List Containers", "List Blobs", "Get Block List", "Put Block
// List", "Get Blob Service Properties". Thread safety: pure functions.
#ifndef NSP_SIM_LAB_BLOB_XML_H_
#define NSP_SIM_LAB_BLOB_XML_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/blob_store.h"
#include "sim/lab/keys.h"

namespace nsp::lab {

// What a list is asked for.
struct ListQuery {
  std::string prefix;
  std::string delimiter;  // empty: flat
  std::string marker;     // as a list before gave it; empty: from the start
  std::size_t most = 5'000;
  bool said_most = false;  // then the answer repeats it
  bool metadata = false;
  bool uncommitted = false;
  bool snapshots = false;
  Utc now;  // leases end with time
};

[[nodiscard]] std::string container_list(const BlobStore& store, std::string_view endpoint,
                                         const ListQuery& query);
[[nodiscard]] std::string blob_list(const Container& container, std::string_view name,
                                    std::string_view endpoint, const ListQuery& query);
// `blob` may be null, where blocks are staged for one that is not there yet.
[[nodiscard]] std::string block_list(const Blob* blob,
                                     const std::map<std::string, std::string>* staged,
                                     std::string_view which);
[[nodiscard]] std::string service_properties();

// From when until when a user delegation key shall be good, as written.
struct KeyTimes {
  std::string start;
  std::string expiry;

  bool operator==(const KeyTimes&) const = default;
};
// Of a `KeyInfo`. Nothing: it is none.
[[nodiscard]] std::optional<KeyTimes> parse_key_info(std::string_view xml);
[[nodiscard]] std::string delegation_key(const DelegationKeyFacts& facts, std::string_view key);

// Nothing: it is no block list.
[[nodiscard]] std::optional<std::vector<BlockChoice>> parse_block_list(std::string_view xml);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_XML_H_

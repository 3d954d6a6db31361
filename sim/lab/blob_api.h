// The Blob service of a storage account: the subset that clients upload, list and read with.
//
// Answered: account information and service properties; containers (create, delete, properties,
// metadata, list); blobs (Put Blob of block and append blobs, Get, Head, Delete, List flat and by
// hierarchy, Set Metadata, Set Properties, Put Block, Put Block List, Get Block List, Append Block,
// Copy within the account), with ranges, conditional headers and Content-MD5; snapshots; leases of
// blobs and containers; access tiers but for the archive; user delegation keys, for whoever shows a
// token. All else (versions, tags, page blobs, batches; the queue, file, table and dfs services) is
// 501 and says what is not there. What a SAS permits (`sp`) is held.
//
// Source: Microsoft's REST reference of the Blob service, version 2024-11-04. Thread safety: none.
#ifndef NSP_SIM_LAB_BLOB_API_H_
#define NSP_SIM_LAB_BLOB_API_H_

#include <functional>
#include <string>
#include <string_view>

#include "sim/lab/blob_store.h"
#include "sim/lab/keys.h"
#include "sim/lab/service.h"

namespace nsp::lab {

// The key that an account gives out for these facts: sim/lab/keys.h.
using DelegationKeyMaker = std::function<std::string(const DelegationKeyFacts& facts)>;

class BlobApi : public ServiceApi {
 public:
  static constexpr std::string_view kVersion = "2024-11-04";

  // `endpoint`: `https://stdocs.blob.core.windows.net/`.
  explicit BlobApi(std::string endpoint, BlobStore::Limits limits = {},
                   DelegationKeyMaker delegation_key = {})
      : endpoint_(std::move(endpoint)),
        store_(limits),
        delegation_key_(std::move(delegation_key)) {}

  [[nodiscard]] ServiceAnswer answer(const ServiceCall& call) override;
  [[nodiscard]] const BlobStore& store() const { return store_; }

 private:
  struct Asked;
  using Outcome = BlobResult<Response>;

  [[nodiscard]] Outcome route(const Asked& asked);
  [[nodiscard]] Outcome account(const Asked& asked);
  [[nodiscard]] Outcome give_delegation_key(const Asked& asked) const;
  [[nodiscard]] Outcome container(const Asked& asked);
  [[nodiscard]] Outcome lease_container(const Asked& asked);
  [[nodiscard]] Outcome create_container(const Asked& asked);
  [[nodiscard]] Outcome container_facts(const Asked& asked);
  [[nodiscard]] Outcome container_policies(const Asked& asked);
  [[nodiscard]] Outcome delete_container(const Asked& asked);
  [[nodiscard]] Outcome list(const Asked& asked);
  [[nodiscard]] Outcome blob(const Asked& asked);
  [[nodiscard]] Outcome put(const Asked& asked);
  [[nodiscard]] Outcome put_component(const Asked& asked);
  [[nodiscard]] Outcome put_blob(const Asked& asked);
  [[nodiscard]] Outcome put_block(const Asked& asked);
  [[nodiscard]] Outcome put_block_list(const Asked& asked);
  [[nodiscard]] Outcome append_block(const Asked& asked);
  [[nodiscard]] Outcome set_blob_metadata(const Asked& asked);
  [[nodiscard]] Outcome set_blob_headers(const Asked& asked);
  [[nodiscard]] Outcome set_tier(const Asked& asked);
  [[nodiscard]] Outcome take_snapshot(const Asked& asked);
  [[nodiscard]] BlobResult<void> remove_asked_snapshots(const Asked& asked, bool& blob_too);
  [[nodiscard]] Outcome copy(const Asked& asked);
  [[nodiscard]] Outcome get(const Asked& asked);
  [[nodiscard]] Outcome get_block_list(const Asked& asked);
  [[nodiscard]] Outcome delete_blob(const Asked& asked);
  [[nodiscard]] Outcome lease_blob(const Asked& asked);
  // Whether the lease that the request names, or none, lets it go on.
  [[nodiscard]] BlobResult<void> container_lease(const Asked& asked, bool needed) const;
  [[nodiscard]] BlobResult<void> blob_lease(const Asked& asked, bool needed) const;
  // Whether the request's conditions hold for the blob as it is.
  [[nodiscard]] BlobResult<void> conditions(const Asked& asked, bool write) const;

  std::string endpoint_;
  BlobStore store_;
  DelegationKeyMaker delegation_key_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_API_H_

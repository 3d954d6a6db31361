// The blobs of a storage account, in memory: containers, block and append blobs, staged blocks,
// snapshots.
//
// What a change leaves behind is exact: an entity tag that no other state of the account has had, a
// time of change, the bytes. What it may hold is bounded (Limits); a change that would pass a bound
// is refused and changes nothing. Bytes of staged blocks and of snapshots count like those of
// blobs.
//
// Source of the codes and messages: Microsoft's REST reference of the Blob service, "Blob service
// error codes". Thread safety: none. Pointers live until the next change.
#ifndef NSP_SIM_LAB_BLOB_STORE_H_
#define NSP_SIM_LAB_BLOB_STORE_H_

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/blob_lease.h"
#include "sim/lab/blob_problem.h"
#include "sim/lab/service.h"

namespace nsp::lab {

using Metadata = std::map<std::string, std::string>;  // names without `x-ms-meta-`

// What a download's headers will say.
struct BlobHeaders {
  std::string type = "application/octet-stream";
  std::string encoding;
  std::string language;
  std::string disposition;
  std::string cache_control;
  std::string md5;  // base64

  bool operator==(const BlobHeaders&) const = default;
};

enum class BlobKind : std::uint8_t { Block, Append };

struct Block {
  std::string id;  // base64
  std::size_t size = 0;

  bool operator==(const Block&) const = default;
};

struct Blob {
  BlobKind kind = BlobKind::Block;
  std::string content;
  BlobHeaders headers;
  Metadata metadata;
  std::string tier;            // of a block blob: `Cool`; empty: as the account has it
  std::vector<Block> blocks;   // one after the other, they are `content`; none: put as a whole
  std::uint32_t appended = 0;  // how many blocks, of an append blob
  // Of the copy that made it; empty: none.
  std::string copy_id;
  std::string copy_source;
  // Set by the store.
  Lease lease;
  Utc created;
  Utc modified;
  std::string etag;  // with its quotes
};

// What a blob was, by the moment of it: `2026-06-01T12:00:00.0000001Z`.
using Snapshots = std::map<std::string, Blob>;

struct Container {
  Metadata metadata;
  Lease lease;
  Utc modified;
  std::string etag;
  std::map<std::string, Blob> blobs;
  std::map<std::string, std::map<std::string, std::string>> staged;  // of a blob, by id: bytes
  std::map<std::string, Snapshots> snapshots;                        // of a blob; none empty
};

// One entry of a block list: where to look for the block.
struct BlockChoice {
  enum class From : std::uint8_t { Committed, Uncommitted, Latest };
  From from = From::Latest;
  std::string id;

  bool operator==(const BlockChoice&) const = default;
};

class BlobStore {
 public:
  struct Limits {
    std::size_t bytes = 256'000'000;  // names, metadata, content, and kOverhead for each entry
    std::size_t containers = 1'000;
    std::size_t blocks = 50'000;  // of one blob
  };
  static constexpr std::size_t kOverhead = 512;

  BlobStore() = default;
  explicit BlobStore(Limits limits) : limits_(limits) {}

  [[nodiscard]] const std::map<std::string, Container>& containers() const { return containers_; }
  [[nodiscard]] std::size_t used() const { return used_; }

  [[nodiscard]] BlobResult<const Container*> find(std::string_view container) const;
  [[nodiscard]] BlobResult<const Blob*> find(std::string_view container,
                                             std::string_view blob) const;

  // `moment` empty: the blob as it is now.
  [[nodiscard]] BlobResult<const Blob*> find(std::string_view container, std::string_view blob,
                                             std::string_view moment) const;
  // Null: there are none.
  [[nodiscard]] const Snapshots* snapshots(std::string_view container, std::string_view blob) const;

  [[nodiscard]] BlobResult<const Container*> create(const std::string& container, Metadata metadata,
                                                    Utc now);
  [[nodiscard]] BlobResult<void> remove(std::string_view container);
  [[nodiscard]] BlobResult<const Container*> describe(std::string_view container, Metadata metadata,
                                                      Utc now);

  // Instead of any blob and any staged blocks of that name.
  [[nodiscard]] BlobResult<const Blob*> put(std::string_view container, const std::string& name,
                                            Blob blob, Utc now);
  // Its snapshots stay; who removes a blob sees to them first.
  [[nodiscard]] BlobResult<void> remove(std::string_view container, std::string_view blob);
  [[nodiscard]] BlobResult<const Blob*> describe(std::string_view container, std::string_view blob,
                                                 Metadata metadata, Utc now);
  [[nodiscard]] BlobResult<const Blob*> set_headers(std::string_view container,
                                                    std::string_view blob, BlobHeaders headers,
                                                    Utc now);

  // The moment of the snapshot. `metadata` empty: the blob's own.
  [[nodiscard]] BlobResult<std::string> take_snapshot(std::string_view container,
                                                      std::string_view blob, Metadata metadata,
                                                      Utc now);
  // `moment` empty: all of them.
  [[nodiscard]] BlobResult<void> remove_snapshots(std::string_view container, std::string_view blob,
                                                  std::string_view moment);

  // Neither entity tag nor time of change follow these.
  [[nodiscard]] BlobResult<void> set_tier(std::string_view container, std::string_view blob,
                                          std::string tier);
  [[nodiscard]] BlobResult<void> set_lease(std::string_view container, Lease lease);
  [[nodiscard]] BlobResult<void> set_lease(std::string_view container, std::string_view blob,
                                           Lease lease);

  [[nodiscard]] BlobResult<void> stage(std::string_view container, const std::string& blob,
                                       const std::string& id, std::string bytes);
  // `blob` brings headers and metadata; its content is made of the blocks. What was staged and not
  // chosen is gone.
  [[nodiscard]] BlobResult<const Blob*> commit(std::string_view container, const std::string& name,
                                               const std::vector<BlockChoice>& list, Blob blob,
                                               Utc now);
  [[nodiscard]] BlobResult<const Blob*> append(std::string_view container, std::string_view blob,
                                               std::string_view bytes, Utc now);

 private:
  [[nodiscard]] BlobResult<Container*> change(std::string_view container);
  [[nodiscard]] BlobResult<Blob*> change(std::string_view container, std::string_view blob);
  [[nodiscard]] BlobResult<void> take(std::size_t more, std::size_t less);
  [[nodiscard]] const Blob* touched(Blob& blob, Utc now);
  [[nodiscard]] std::string next_etag();

  Limits limits_;
  std::map<std::string, Container> containers_;
  std::size_t used_ = 0;
  std::uint64_t changes_ = 0;
};

// Of the form that Azure asks for; the problem is Storage's own.
[[nodiscard]] BlobResult<void> check_container_name(std::string_view name);
[[nodiscard]] BlobResult<void> check_blob_name(std::string_view name);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_STORE_H_

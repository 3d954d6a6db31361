#include "sim/lab/blob_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/time.h"
#include "sim/lab/crypto.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostBlockIdBytes = 64;
constexpr std::size_t kMostNameBytes = 1'024;
constexpr std::size_t kMostNameCharacters = 63;
constexpr std::size_t kFewestNameCharacters = 3;

std::unexpected<BlobProblem> problem(unsigned status, std::string code, std::string message) {
  return blob_problem(status, std::move(code), std::move(message));
}

auto no_container() {
  return problem(404, "ContainerNotFound", "The specified container does not exist.");
}

auto no_blob() { return problem(404, "BlobNotFound", "The specified blob does not exist."); }

auto wrong_kind() {
  return problem(409, "InvalidBlobType", "The blob type is invalid for this operation.");
}

auto bad_block_list() {
  return problem(400, "InvalidBlockList", "The specified block list is invalid.");
}

std::size_t weight(const Metadata& metadata) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : metadata) bytes += name.size() + value.size();
  return bytes;
}

std::size_t weight(const BlobHeaders& headers) {
  return headers.type.size() + headers.encoding.size() + headers.language.size() +
         headers.disposition.size() + headers.cache_control.size() + headers.md5.size();
}

std::size_t weight(std::string_view name, const Blob& blob) {
  return BlobStore::kOverhead + name.size() + blob.content.size() + weight(blob.metadata) +
         weight(blob.headers) + blob.copy_source.size() +
         blob.blocks.size() * (sizeof(Block) + kMostBlockIdBytes);
}

std::size_t weight_of_blocks(const std::map<std::string, std::string>& staged) {
  std::size_t bytes = 0;
  for (const auto& [id, content] : staged)
    bytes += BlobStore::kOverhead + id.size() + content.size();
  return bytes;
}

std::size_t weight_of_staged(const Container& container, const std::string& blob) {
  auto found = container.staged.find(blob);
  return found == container.staged.end() ? 0 : weight_of_blocks(found->second);
}

std::size_t weight_of_blob(const Container& container, const std::string& name) {
  auto found = container.blobs.find(name);
  return found == container.blobs.end() ? 0 : weight(name, found->second);
}

std::size_t weight(std::string_view name, const Container& container) {
  std::size_t bytes = BlobStore::kOverhead + name.size() + weight(container.metadata);
  for (const auto& [blob_name, blob] : container.blobs) bytes += weight(blob_name, blob);
  for (const auto& [blob_name, staged] : container.staged) bytes += weight_of_blocks(staged);
  for (const auto& [blob_name, snapshots] : container.snapshots) {
    for (const auto& [moment, blob] : snapshots) bytes += weight(blob_name, blob);
  }
  return bytes;
}

// The committed blocks of a blob, by id.
std::map<std::string, std::string_view> committed_blocks(const Blob* blob) {
  std::map<std::string, std::string_view> blocks;
  if (blob == nullptr) return blocks;
  std::string_view rest = blob->content;
  for (const Block& block : blob->blocks) {
    blocks[block.id] = rest.substr(0, block.size);
    rest.remove_prefix(block.size);
  }
  return blocks;
}

}  // namespace

BlobResult<void> check_container_name(std::string_view name) {
  if (name == "$root" || name == "$web" || name == "$logs") return {};
  if (name.size() < kFewestNameCharacters || name.size() > kMostNameCharacters) {
    return problem(400, "OutOfRangeInput",
                   "The specified resource name length is not within the permissible limits.");
  }
  const bool plain = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!plain || name.contains("--") || name.starts_with('-') || name.ends_with('-')) {
    return problem(400, "InvalidResourceName",
                   "The specified resource name contains invalid characters.");
  }
  return {};
}

BlobResult<void> check_blob_name(std::string_view name) {
  if (name.empty() || name.size() > kMostNameBytes) {
    return problem(400, "OutOfRangeInput",
                   "The specified resource name length is not within the permissible limits.");
  }
  if (!is_utf8(name) || name.contains('\0')) {
    return problem(400, "InvalidUri", "The requested URI does not represent any resource.");
  }
  return {};
}

BlobResult<const Container*> BlobStore::find(std::string_view container) const {
  auto found = containers_.find(std::string(container));
  if (found == containers_.end()) return no_container();
  return &found->second;
}

BlobResult<const Blob*> BlobStore::find(std::string_view container, std::string_view blob) const {
  const auto held = find(container);
  if (!held) return std::unexpected(held.error());
  auto found = (*held)->blobs.find(std::string(blob));
  if (found == (*held)->blobs.end()) return no_blob();
  return &found->second;
}

BlobResult<const Blob*> BlobStore::find(std::string_view container, std::string_view blob,
                                        std::string_view moment) const {
  if (moment.empty()) return find(container, blob);
  if (auto held = find(container); !held) return std::unexpected(held.error());
  const Snapshots* all = snapshots(container, blob);
  if (all == nullptr) return no_blob();
  const auto found = all->find(std::string(moment));
  if (found == all->end()) return no_blob();
  return &found->second;
}

const Snapshots* BlobStore::snapshots(std::string_view container, std::string_view blob) const {
  const auto held = find(container);
  if (!held) return nullptr;
  const auto found = (*held)->snapshots.find(std::string(blob));
  return found == (*held)->snapshots.end() ? nullptr : &found->second;
}

BlobResult<Container*> BlobStore::change(std::string_view container) {
  auto found = containers_.find(std::string(container));
  if (found == containers_.end()) return no_container();
  return &found->second;
}

BlobResult<Blob*> BlobStore::change(std::string_view container, std::string_view blob) {
  const auto held = change(container);
  if (!held) return std::unexpected(held.error());
  auto found = (*held)->blobs.find(std::string(blob));
  if (found == (*held)->blobs.end()) return no_blob();
  return &found->second;
}

BlobResult<void> BlobStore::take(std::size_t more, std::size_t less) {
  const std::size_t kept = used_ - less;
  if (more > less && (kept > limits_.bytes || more > limits_.bytes - kept)) {
    return problem(507, "InsufficientStorage",
                   fmt::format("a storage account of the lab holds at most {} bytes in memory",
                               limits_.bytes));
  }
  used_ = kept + more;
  return {};
}

std::string BlobStore::next_etag() { return fmt::format("\"0x8DE{:012X}\"", ++changes_); }

const Blob* BlobStore::touched(Blob& blob, Utc now) {
  blob.modified = now;
  blob.etag = next_etag();
  blob.lease = after_write(blob.lease, now);
  return &blob;
}

BlobResult<const Container*> BlobStore::create(const std::string& container, Metadata metadata,
                                               Utc now) {
  if (auto good = check_container_name(container); !good) return std::unexpected(good.error());
  if (containers_.contains(container)) {
    return problem(409, "ContainerAlreadyExists", "The specified container already exists.");
  }
  if (containers_.size() >= limits_.containers) {
    return problem(507, "InsufficientStorage",
                   fmt::format("a storage account of the lab holds at most {} containers",
                               limits_.containers));
  }
  Container made;
  made.metadata = std::move(metadata);
  if (auto fits = take(weight(container, made), 0); !fits) return std::unexpected(fits.error());
  made.modified = now;
  made.etag = next_etag();
  return &containers_.emplace(container, std::move(made)).first->second;
}

BlobResult<void> BlobStore::remove(std::string_view container) {
  auto found = containers_.find(std::string(container));
  if (found == containers_.end()) return no_container();
  used_ -= weight(found->first, found->second);
  containers_.erase(found);
  return {};
}

BlobResult<const Container*> BlobStore::describe(std::string_view container, Metadata metadata,
                                                 Utc now) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  if (auto fits = take(weight(metadata), weight((*held)->metadata)); !fits) {
    return std::unexpected(fits.error());
  }
  (*held)->metadata = std::move(metadata);
  (*held)->modified = now;
  (*held)->etag = next_etag();
  return *held;
}

BlobResult<const Blob*> BlobStore::put(std::string_view container, const std::string& name,
                                       Blob blob, Utc now) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  if (auto good = check_blob_name(name); !good) return std::unexpected(good.error());
  Container& into = **held;
  const std::size_t less = weight_of_blob(into, name) + weight_of_staged(into, name);
  if (auto fits = take(weight(name, blob), less); !fits) return std::unexpected(fits.error());
  auto before = into.blobs.find(name);
  const bool is_new = before == into.blobs.end();
  blob.created = is_new ? now : before->second.created;
  blob.lease = is_new ? Lease() : before->second.lease;
  into.staged.erase(name);
  return touched(into.blobs.insert_or_assign(name, std::move(blob)).first->second, now);
}

BlobResult<void> BlobStore::remove(std::string_view container, std::string_view blob) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  auto found = (*held)->blobs.find(std::string(blob));
  if (found == (*held)->blobs.end()) return no_blob();
  used_ -= weight(found->first, found->second) + weight_of_staged(**held, found->first);
  (*held)->staged.erase(found->first);
  (*held)->blobs.erase(found);
  return {};
}

BlobResult<const Blob*> BlobStore::describe(std::string_view container, std::string_view blob,
                                            Metadata metadata, Utc now) {
  auto held = change(container, blob);
  if (!held) return std::unexpected(held.error());
  if (auto fits = take(weight(metadata), weight((*held)->metadata)); !fits) {
    return std::unexpected(fits.error());
  }
  (*held)->metadata = std::move(metadata);
  return touched(**held, now);
}

BlobResult<const Blob*> BlobStore::set_headers(std::string_view container, std::string_view blob,
                                               BlobHeaders headers, Utc now) {
  auto held = change(container, blob);
  if (!held) return std::unexpected(held.error());
  if (auto fits = take(weight(headers), weight((*held)->headers)); !fits) {
    return std::unexpected(fits.error());
  }
  (*held)->headers = std::move(headers);
  return touched(**held, now);
}

BlobResult<std::string> BlobStore::take_snapshot(std::string_view container, std::string_view blob,
                                                 Metadata metadata, Utc now) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  const auto found = (*held)->blobs.find(std::string(blob));
  if (found == (*held)->blobs.end()) return no_blob();
  Blob copy = found->second;
  if (!metadata.empty()) copy.metadata = std::move(metadata);
  copy.lease = Lease();
  if (auto fits = take(weight(found->first, copy), 0); !fits) return std::unexpected(fits.error());
  Snapshots& all = (*held)->snapshots[found->first];
  // Two of one millisecond are told apart by the digits behind it.
  const std::string second =
      nsp::to_string(Instant(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch()));
  const auto rest = (now.time_since_epoch() % std::chrono::seconds(1)).count() * 10'000;
  std::string moment;
  for (auto i = static_cast<std::uint64_t>(rest); moment.empty() || all.contains(moment); ++i) {
    moment = fmt::format("{}.{:07}Z", second.substr(0, 19), i);
  }
  all.emplace(moment, std::move(copy));
  return moment;
}

BlobResult<void> BlobStore::remove_snapshots(std::string_view container, std::string_view blob,
                                             std::string_view moment) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  const auto found = (*held)->snapshots.find(std::string(blob));
  const bool is_there = found != (*held)->snapshots.end() &&
                        (moment.empty() || found->second.contains(std::string(moment)));
  if (!is_there) return no_blob();
  for (const auto& [when, snapshot] : found->second) {
    if (moment.empty() || when == moment) used_ -= weight(found->first, snapshot);
  }
  if (!moment.empty()) found->second.erase(std::string(moment));
  if (moment.empty() || found->second.empty()) (*held)->snapshots.erase(found);
  return {};
}

BlobResult<void> BlobStore::set_tier(std::string_view container, std::string_view blob,
                                     std::string tier) {
  auto held = change(container, blob);
  if (!held) return std::unexpected(held.error());
  if ((*held)->kind != BlobKind::Block) return wrong_kind();
  (*held)->tier = std::move(tier);
  return {};
}

BlobResult<void> BlobStore::set_lease(std::string_view container, Lease lease) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  (*held)->lease = std::move(lease);
  return {};
}

BlobResult<void> BlobStore::set_lease(std::string_view container, std::string_view blob,
                                      Lease lease) {
  auto held = change(container, blob);
  if (!held) return std::unexpected(held.error());
  (*held)->lease = std::move(lease);
  return {};
}

BlobResult<void> BlobStore::stage(std::string_view container, const std::string& blob,
                                  const std::string& id, std::string bytes) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  if (auto good = check_blob_name(blob); !good) return good;
  const auto plain = parse_base64(id);
  if (!plain || plain->empty() || plain->size() > kMostBlockIdBytes) {
    return problem(
        400, "InvalidQueryParameterValue",
        "Value for one of the query parameters specified in the request URI is invalid.");
  }
  auto& staged = (*held)->staged[blob];
  if (!staged.empty() && staged.begin()->first.size() != id.size()) {
    return problem(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.");
  }
  auto before = staged.find(id);
  const bool is_new = before == staged.end();
  const std::size_t less = is_new ? 0 : kOverhead + id.size() + before->second.size();
  BlobResult<void> fits = take(kOverhead + id.size() + bytes.size(), less);
  if (fits && is_new && staged.size() >= limits_.blocks) {
    used_ -= kOverhead + id.size() + bytes.size();
    fits = problem(409, "BlockCountExceedsLimit",
                   "The uncommitted block count cannot exceed the maximum limit.");
  }
  if (fits) staged[id] = std::move(bytes);
  if (staged.empty()) (*held)->staged.erase(blob);
  return fits;
}

BlobResult<const Blob*> BlobStore::commit(std::string_view container, const std::string& name,
                                          const std::vector<BlockChoice>& list, Blob blob,
                                          Utc now) {
  auto held = change(container);
  if (!held) return std::unexpected(held.error());
  if (list.size() > limits_.blocks) {
    return problem(400, "BlockListTooLong",
                   "The block list may not contain more than 50,000 blocks.");
  }
  Container& into = **held;
  auto existing = into.blobs.find(name);
  const Blob* before = existing == into.blobs.end() ? nullptr : &existing->second;
  if (before != nullptr && before->kind != BlobKind::Block) return wrong_kind();
  const std::map<std::string, std::string_view> committed = committed_blocks(before);
  const std::map<std::string, std::string> none;
  auto uncommitted = into.staged.find(name);
  const auto& staged = uncommitted == into.staged.end() ? none : uncommitted->second;
  std::vector<std::pair<std::string_view, std::string_view>> chosen;  // id, bytes
  std::size_t size = 0;
  for (const BlockChoice& choice : list) {
    auto fresh = staged.find(choice.id);
    auto old = committed.find(choice.id);
    const bool use_fresh = choice.from != BlockChoice::From::Committed && fresh != staged.end();
    const bool use_old = choice.from != BlockChoice::From::Uncommitted && old != committed.end();
    if (!use_fresh && !use_old) return bad_block_list();
    chosen.emplace_back(choice.id, use_fresh ? std::string_view(fresh->second) : old->second);
    size += chosen.back().second.size();
    if (size > limits_.bytes) return std::unexpected(take(size, 0).error());
  }
  blob.content.clear();
  blob.content.reserve(size);
  for (const auto& [id, bytes] : chosen) {
    blob.content += bytes;
    blob.blocks.push_back({std::string(id), bytes.size()});
  }
  return put(container, name, std::move(blob), now);
}

BlobResult<const Blob*> BlobStore::append(std::string_view container, std::string_view blob,
                                          std::string_view bytes, Utc now) {
  auto held = change(container, blob);
  if (!held) return std::unexpected(held.error());
  if ((*held)->kind != BlobKind::Append) return wrong_kind();
  if ((*held)->appended >= limits_.blocks) {
    return problem(409, "BlockCountExceedsLimit",
                   "The committed block count cannot exceed the maximum limit of 50,000 blocks.");
  }
  if (auto fits = take(bytes.size(), 0); !fits) return std::unexpected(fits.error());
  (*held)->content += bytes;
  ++(*held)->appended;
  return touched(**held, now);
}

}  // namespace nsp::lab

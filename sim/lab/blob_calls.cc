// The calls of one blob. See sim/lab/blob_api.h.
#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "sim/base/text.h"
#include "sim/lab/blob_api.h"
#include "sim/lab/blob_asked.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/blob_xml.h"
#include "sim/lab/crypto.h"

namespace nsp::lab {
namespace {

// `x-ms-blob-content-type` and its like; those of the request itself where Put Blob allows them.
BlobHeaders headers_in(const Headers& headers, bool own_too) {
  const auto read = [&](std::string_view name, std::string_view own) {
    const auto value = headers.find(name);
    return std::string(trim(value ? *value : own_too ? headers.find(own).value_or("") : ""));
  };
  BlobHeaders out;
  if (std::string type = read("x-ms-blob-content-type", "Content-Type"); !type.empty()) {
    out.type = std::move(type);
  }
  out.encoding = read("x-ms-blob-content-encoding", "Content-Encoding");
  out.language = read("x-ms-blob-content-language", "Content-Language");
  out.disposition = read("x-ms-blob-content-disposition", "");
  out.cache_control = read("x-ms-blob-cache-control", "Cache-Control");
  out.md5 = read("x-ms-blob-content-md5", "");
  return out;
}

// The digest of the body, once it is found to be what the request says.
BlobResult<std::string> digest_of(const Request& request) {
  std::string digest = base64(md5(request.body));
  const auto said = request.headers.find("Content-MD5");
  if (!said || trim(*said) == digest) return digest;
  const auto plain = parse_base64(trim(*said));
  if (!plain || plain->size() != 16) {
    return blob_problem(400, "InvalidMd5",
                        "The MD5 value specified in the request is invalid. The MD5 value must be "
                        "128 bits and Base64-encoded.");
  }
  return blob_problem(400, "Md5Mismatch",
                      "The MD5 value specified in the request did not match with the MD5 value "
                      "calculated by the server.");
}

// Empty where the request names none.
BlobResult<std::string> tier_in(const Headers& headers) {
  const std::string_view said = trim(headers.find("x-ms-access-tier").value_or(""));
  if (said.empty()) return std::string();
  for (const std::string_view tier : {"Hot", "Cool", "Cold"}) {
    if (iequals(tier, said)) return std::string(tier);
  }
  if (iequals(said, "Archive")) return not_in_lab("archive tier");
  return blob_problem(400, "InvalidHeaderValue",
                      "The value for one of the HTTP headers is not in the correct format: "
                      "x-ms-access-tier.");
}

void mark_encrypted(Response& answer) {
  answer.headers.set("x-ms-request-server-encrypted", "true");
}

void describe(const Blob& blob, Utc now, Headers& headers) {
  const auto set = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) headers.set(std::string(name), value);
  };
  set("Content-Type", blob.headers.type);
  set("Content-Encoding", blob.headers.encoding);
  set("Content-Language", blob.headers.language);
  set("Content-Disposition", blob.headers.disposition);
  set("Cache-Control", blob.headers.cache_control);
  set("x-ms-copy-id", blob.copy_id);
  set("x-ms-copy-source", blob.copy_source);
  if (!blob.copy_id.empty()) headers.set("x-ms-copy-status", "success");
  headers.set("Accept-Ranges", "bytes");
  headers.set("x-ms-creation-time", http_date(blob.created));
  headers.set("x-ms-blob-type", blob.kind == BlobKind::Append ? "AppendBlob" : "BlockBlob");
  if (blob.kind == BlobKind::Append) {
    headers.set("x-ms-blob-committed-block-count", std::to_string(blob.appended));
  }
  if (blob.kind == BlobKind::Block) {
    headers.set("x-ms-access-tier", blob.tier.empty() ? "Hot" : blob.tier);
    if (blob.tier.empty()) headers.set("x-ms-access-tier-inferred", "true");
  }
  put_lease(blob.lease, now, headers);
  headers.set("x-ms-server-encrypted", "true");
  put_metadata(blob.metadata, headers);
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

BlobResult<void> BlobApi::conditions(const Asked& asked, bool write) const {
  const auto held = store_.find(asked.container, asked.blob, asked.moment());
  const std::string* etag = held ? &(*held)->etag : nullptr;
  return check_conditions(asked.request().headers, write ? Access::Write : Access::Read, etag,
                          held ? (*held)->modified : Utc{});
}

BlobApi::Outcome BlobApi::blob(const Asked& asked) {
  const std::string comp = asked.query("comp");
  const std::string& method = asked.method();
  if (method == "PUT") return put(asked);
  const bool reads = method == "GET" || method == "HEAD";
  if (reads && (comp.empty() || comp == "metadata")) return get(asked);
  if (method == "GET" && comp == "blocklist") return get_block_list(asked);
  if (method == "DELETE" && comp.empty()) return delete_blob(asked);
  return not_in_lab(comp.empty() ? fmt::format("`{}` of blobs", method)
                                 : fmt::format("`{} ?comp={}` of blobs", method, comp));
}

BlobApi::Outcome BlobApi::put(const Asked& asked) {
  for (const std::string_view name : {"x-ms-structured-body", "x-ms-content-crc64",
                                      "x-ms-encryption-key", "x-ms-tags", "x-ms-if-tags"}) {
    if (!asked.header(name).empty()) return not_in_lab(fmt::format("`{}`", name));
  }
  if (auto held = store_.find(asked.container); !held) return std::unexpected(held.error());
  // A block is staged whatever the blob is.
  if (asked.query("comp") != "block") {
    if (auto holds = conditions(asked, true); !holds) return std::unexpected(holds.error());
  }
  if (asked.query("comp") == "lease") return lease_blob(asked);
  // A snapshot changes nothing.
  const bool changes = asked.query("comp") != "snapshot";
  if (auto free = blob_lease(asked, changes); !free) return std::unexpected(free.error());
  return put_component(asked);
}

BlobApi::Outcome BlobApi::put_component(const Asked& asked) {
  const std::string comp = asked.query("comp");
  const bool copies = !asked.header("x-ms-copy-source").empty();
  if (comp.empty()) return copies ? copy(asked) : put_blob(asked);
  if (copies) return not_in_lab(fmt::format("`?comp={}` from a URL", comp));
  if (comp == "block") return put_block(asked);
  if (comp == "blocklist") return put_block_list(asked);
  if (comp == "appendblock") return append_block(asked);
  if (comp == "metadata") return set_blob_metadata(asked);
  if (comp == "properties") return set_blob_headers(asked);
  if (comp == "tier") return set_tier(asked);
  if (comp == "snapshot") return take_snapshot(asked);
  return not_in_lab(fmt::format("`PUT ?comp={}` of blobs", comp));
}

BlobApi::Outcome BlobApi::put_blob(const Asked& asked) {
  const std::string kind = asked.header("x-ms-blob-type");
  if (kind == "PageBlob") return not_in_lab("page blobs");
  if (kind.empty()) {
    return blob_problem(400, "MissingRequiredHeader",
                        "An HTTP header that's mandatory for this request is not specified: "
                        "x-ms-blob-type.");
  }
  if (kind != "BlockBlob" && kind != "AppendBlob") {
    return blob_problem(400, "InvalidHeaderValue",
                        "The value for one of the HTTP headers is not in the correct format: "
                        "x-ms-blob-type.");
  }
  Blob blob;
  blob.kind = kind == "AppendBlob" ? BlobKind::Append : BlobKind::Block;
  const bool is_block = blob.kind == BlobKind::Block;
  if (!is_block && !asked.request().body.empty()) {
    return blob_problem(400, "InvalidHeaderValue",
                        "An append blob is made empty: Content-Length must be 0.");
  }
  const auto digest = digest_of(asked.request());
  if (!digest) return std::unexpected(digest.error());
  auto tier = tier_in(asked.request().headers);
  if (!tier) return std::unexpected(tier.error());
  blob.tier = *std::move(tier);
  blob.headers = headers_in(asked.request().headers, true);
  if (is_block && blob.headers.md5.empty()) blob.headers.md5 = *digest;
  blob.metadata = metadata_in(asked.request().headers);
  blob.content = asked.request().body;
  auto made = store_.put(asked.container, asked.blob, std::move(blob), asked.call.now);
  if (!made) return std::unexpected(made.error());
  Response answer = changed(201, (*made)->etag, (*made)->modified);
  if (is_block) answer.headers.set("Content-MD5", *digest);
  mark_encrypted(answer);
  return answer;
}

BlobApi::Outcome BlobApi::put_block(const Asked& asked) {
  const auto digest = digest_of(asked.request());
  if (!digest) return std::unexpected(digest.error());
  const std::string id(asked.target.find("blockid").value_or(""));
  auto staged = store_.stage(asked.container, asked.blob, id, asked.request().body);
  if (!staged) return std::unexpected(staged.error());
  Response answer(201);
  answer.headers.set("Content-MD5", *digest);
  mark_encrypted(answer);
  return answer;
}

BlobApi::Outcome BlobApi::put_block_list(const Asked& asked) {
  const auto digest = digest_of(asked.request());
  if (!digest) return std::unexpected(digest.error());
  const auto list = parse_block_list(asked.request().body);
  if (!list) {
    return blob_problem(400, "InvalidXmlDocument",
                        "The specified XML is not syntactically valid: expected a BlockList of "
                        "Committed, Uncommitted and Latest.");
  }
  auto tier = tier_in(asked.request().headers);
  if (!tier) return std::unexpected(tier.error());
  Blob blob;
  blob.tier = *std::move(tier);
  blob.headers = headers_in(asked.request().headers, false);
  blob.metadata = metadata_in(asked.request().headers);
  auto made = store_.commit(asked.container, asked.blob, *list, std::move(blob), asked.call.now);
  if (!made) return std::unexpected(made.error());
  Response answer = changed(201, (*made)->etag, (*made)->modified);
  mark_encrypted(answer);
  return answer;
}

BlobApi::Outcome BlobApi::append_block(const Asked& asked) {
  const auto digest = digest_of(asked.request());
  if (!digest) return std::unexpected(digest.error());
  const auto before = store_.find(asked.container, asked.blob);
  if (!before) return std::unexpected(before.error());
  const std::size_t offset = (*before)->content.size();
  const std::string position = asked.header("x-ms-blob-condition-appendpos");
  if (!position.empty() && number_in(position) != offset) {
    return blob_problem(412, "AppendPositionConditionNotMet",
                        "The append position condition specified was not met.");
  }
  const std::string most = asked.header("x-ms-blob-condition-maxsize");
  if (!most.empty() && number_in(most).value_or(0) < offset + asked.request().body.size()) {
    return blob_problem(412, "MaxBlobSizeConditionNotMet",
                        "The max blob size condition specified was not met.");
  }
  auto made = store_.append(asked.container, asked.blob, asked.request().body, asked.call.now);
  if (!made) return std::unexpected(made.error());
  Response answer = changed(201, (*made)->etag, (*made)->modified);
  answer.headers.set("Content-MD5", *digest);
  answer.headers.set("x-ms-blob-append-offset", std::to_string(offset));
  answer.headers.set("x-ms-blob-committed-block-count", std::to_string((*made)->appended));
  mark_encrypted(answer);
  return answer;
}

BlobApi::Outcome BlobApi::set_blob_metadata(const Asked& asked) {
  auto held = store_.describe(asked.container, asked.blob, metadata_in(asked.request().headers),
                              asked.call.now);
  if (!held) return std::unexpected(held.error());
  Response answer = changed(200, (*held)->etag, (*held)->modified);
  mark_encrypted(answer);
  return answer;
}

BlobApi::Outcome BlobApi::set_blob_headers(const Asked& asked) {
  auto held = store_.set_headers(asked.container, asked.blob,
                                 headers_in(asked.request().headers, false), asked.call.now);
  if (!held) return std::unexpected(held.error());
  return changed(200, (*held)->etag, (*held)->modified);
}

BlobApi::Outcome BlobApi::set_tier(const Asked& asked) {
  auto tier = tier_in(asked.request().headers);
  if (!tier) return std::unexpected(tier.error());
  if (tier->empty()) {
    return blob_problem(400, "MissingRequiredHeader",
                        "An HTTP header that's mandatory for this request is not specified: "
                        "x-ms-access-tier.");
  }
  auto set = store_.set_tier(asked.container, asked.blob, *std::move(tier));
  if (!set) return std::unexpected(set.error());
  return Response(200);
}

// From a blob of this account: `https://account.blob.core.windows.net/container/blob?…`.
BlobApi::Outcome BlobApi::copy(const Asked& asked) {
  const std::string source = asked.header("x-ms-copy-source");
  std::string_view rest = source;
  // The port is the lab's.
  const std::size_t scheme = rest.find("://");
  const std::size_t slash =
      scheme == std::string_view::npos ? std::string_view::npos : rest.find('/', scheme + 3);
  const std::string_view host = std::string_view(endpoint_).substr(8, endpoint_.size() - 9);
  const std::string_view authority =
      slash == std::string_view::npos ? "" : rest.substr(scheme + 3, slash - scheme - 3);
  if (!iequals(authority.substr(0, authority.find(':')), host)) {
    return not_in_lab("copies from outside the account");
  }
  const auto target = parse_target(rest.substr(slash));
  if (!target || target->path.size() < 2) {
    return blob_problem(400, "InvalidHeaderValue",
                        "The value for one of the HTTP headers is not in the correct format: "
                        "x-ms-copy-source.");
  }
  const auto from = store_.find(target->path[0], join(std::span(target->path).subspan(1), "/"),
                                target->find("snapshot").value_or(""));
  if (!from) {
    return blob_problem(404, "CannotVerifyCopySource", "The specified blob does not exist.");
  }
  auto tier = tier_in(asked.request().headers);
  if (!tier) return std::unexpected(tier.error());
  Blob blob = **from;
  blob.tier = *std::move(tier);
  Metadata metadata = metadata_in(asked.request().headers);
  if (!metadata.empty()) blob.metadata = std::move(metadata);
  blob.copy_id = asked.call.request_id;
  blob.copy_source = source.substr(0, source.find('?'));
  auto made = store_.put(asked.container, asked.blob, std::move(blob), asked.call.now);
  if (!made) return std::unexpected(made.error());
  Response answer = changed(202, (*made)->etag, (*made)->modified);
  answer.headers.set("x-ms-copy-id", (*made)->copy_id);
  answer.headers.set("x-ms-copy-status", "success");
  return answer;
}

BlobApi::Outcome BlobApi::get(const Asked& asked) {
  const auto held = store_.find(asked.container, asked.blob, asked.moment());
  if (!held) return std::unexpected(held.error());
  if (auto holds = conditions(asked, false); !holds) return std::unexpected(holds.error());
  // A lease is of the blob, not of what it was.
  const bool is_now = asked.moment().empty();
  if (auto free = blob_lease(asked, false); is_now && !free) return std::unexpected(free.error());
  const Blob& blob = **held;
  Response answer = changed(200, blob.etag, blob.modified);
  if (asked.query("comp") == "metadata") {
    put_metadata(blob.metadata, answer.headers);
    return answer;
  }
  describe(blob, asked.call.now, answer.headers);
  const bool is_head = asked.method() == "HEAD";
  const auto range =
      is_head ? std::optional<ByteRange>() : range_of(asked.request().headers, blob.content.size());
  if (!range) return std::unexpected(range.error());
  const bool part = range->has_value();
  if (!blob.headers.md5.empty()) {
    answer.headers.set(part ? "x-ms-blob-content-md5" : "Content-MD5", blob.headers.md5);
  }
  if (part) {
    const ByteRange bytes = **range;
    answer.status = 206;
    answer.headers.set("Content-Range",
                       fmt::format("bytes {}-{}/{}", bytes.first, bytes.first + bytes.count - 1,
                                   blob.content.size()));
    answer.body = blob.content.substr(bytes.first, bytes.count);
    if (iequals(asked.header("x-ms-range-get-content-md5"), "true")) {
      answer.headers.set("Content-MD5", base64(md5(answer.body)));
    }
  } else if (!is_head) {
    answer.body = blob.content;
  }
  answer.headers.set("Content-Length",
                     std::to_string(is_head ? blob.content.size() : answer.body.size()));
  return answer;
}

BlobApi::Outcome BlobApi::get_block_list(const Asked& asked) {
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  auto staged = (*held)->staged.find(asked.blob);
  const bool has_staged = staged != (*held)->staged.end();
  const auto blob = store_.find(asked.container, asked.blob);
  if (!blob && !has_staged) return std::unexpected(blob.error());
  if (auto free = blob_lease(asked, false); !free) return std::unexpected(free.error());
  Response answer =
      xml_answer(block_list(blob ? *blob : nullptr, has_staged ? &staged->second : nullptr,
                            asked.query("blocklisttype")));
  if (!blob) return answer;
  answer.headers.set("ETag", (*blob)->etag);
  answer.headers.set("Last-Modified", http_date((*blob)->modified));
  answer.headers.set("x-ms-blob-content-length", std::to_string((*blob)->content.size()));
  return answer;
}

BlobApi::Outcome BlobApi::take_snapshot(const Asked& asked) {
  auto moment = store_.take_snapshot(asked.container, asked.blob,
                                     metadata_in(asked.request().headers), asked.call.now);
  if (!moment) return std::unexpected(moment.error());
  const auto held = store_.find(asked.container, asked.blob);
  Response answer = changed(201, (*held)->etag, (*held)->modified);
  answer.headers.set("x-ms-snapshot", *std::move(moment));
  mark_encrypted(answer);
  return answer;
}

// The one that is asked for, or as `x-ms-delete-snapshots` says; `blob_too`: the blob goes as well.
BlobResult<void> BlobApi::remove_asked_snapshots(const Asked& asked, bool& blob_too) {
  const std::string how = lower(asked.header("x-ms-delete-snapshots"));
  const std::string moment = asked.moment();
  const bool has = store_.snapshots(asked.container, asked.blob) != nullptr;
  blob_too = moment.empty() && how != "only";
  if (!how.empty() && (!moment.empty() || (how != "only" && how != "include"))) {
    return blob_problem(400, "InvalidHeaderValue",
                        "The value for one of the HTTP headers is not in the correct format: "
                        "x-ms-delete-snapshots.");
  }
  if (blob_too && has && how.empty()) {
    return blob_problem(409, "SnapshotsPresent",
                        "This operation is not permitted while the blob has snapshots.");
  }
  if (!has && moment.empty()) return {};
  return store_.remove_snapshots(asked.container, asked.blob, moment);
}

BlobApi::Outcome BlobApi::delete_blob(const Asked& asked) {
  if (auto held = store_.find(asked.container, asked.blob, asked.moment()); !held) {
    return std::unexpected(held.error());
  }
  if (auto holds = conditions(asked, true); !holds) return std::unexpected(holds.error());
  const bool is_now = asked.moment().empty();
  if (auto free = blob_lease(asked, true); is_now && !free) return std::unexpected(free.error());
  bool blob_too = false;
  auto gone = remove_asked_snapshots(asked, blob_too);
  if (gone && blob_too) gone = store_.remove(asked.container, asked.blob);
  if (!gone) return std::unexpected(gone.error());
  Response answer(202);
  answer.headers.set("x-ms-delete-type-permanent", "true");
  return answer;
}

}  // namespace nsp::lab

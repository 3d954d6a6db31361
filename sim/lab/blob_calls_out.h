// Calls to the Blob service that other services make: where to, how they prove themselves, and what
// came of them. Indexers of AI Search and batches of Foundry call so.
//
// Sources: Microsoft's documentation of connection strings of data sources ("Connect to Azure
// Storage using a managed identity") and "Authorize with Shared Key". Thread safety: pure
// functions.
#ifndef NSP_SIM_LAB_BLOB_CALLS_OUT_H_
#define NSP_SIM_LAB_BLOB_CALLS_OUT_H_

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/service.h"

namespace nsp::lab {

// Where a data source's blobs are and how it proves itself.
struct BlobConnection {
  std::string account;
  std::string host;  // `stdocs.blob.core.windows.net`
  Credential credential = Credential::ManagedIdentity;
  std::string secret;  // the account's key, or the SAS without `?`

  bool operator==(const BlobConnection&) const = default;
};
// The error says what was expected.
[[nodiscard]] std::expected<BlobConnection, std::string> parse_connection(std::string_view text);

// A GET of that path and query, proven as the connection says.
[[nodiscard]] OutCall blob_call(const BlobConnection& connection, std::string method,
                                std::string target, std::string body, Utc now);

// A page of a list of blobs.
struct BlobPage {
  std::vector<std::string> names;
  std::string next;  // marker; empty: the last page

  bool operator==(const BlobPage&) const = default;
};
// Nothing: it is no such list.
[[nodiscard]] std::optional<BlobPage> parse_blob_page(std::string_view xml);

// `403 AuthorizationFailure: This request is not …`, or why there was no answer.
[[nodiscard]] std::string told_problem(const OutResult& result);

// Percent-encoded, but for letters, digits and `-._~`, and slashes where they are kept.
[[nodiscard]] std::string url_encoded(std::string_view text, bool keep_slashes = false);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_CALLS_OUT_H_

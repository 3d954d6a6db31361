// What a signature of Storage is made over: the string-to-sign of shared keys and of SAS.
//
// Both are an HMAC-SHA256 in base64 under the account's key (a SAS of a user's delegation: under
// that user's key) of a text that is put together from the request. Versions of the protocol add
// lines; which one holds is told by `x-ms-version` and by `sv`.
//
// Sources: Microsoft's REST reference "Authorize with Shared Key", "Create an account SAS", "Create
// a service SAS", "Create a user delegation SAS"; where these leave a question (the order of
// headers that differ by a hyphen, the newest versions), the texts that Microsoft's clients sign.
// Thread safety: pure functions.
#ifndef NSP_SIM_LAB_STORAGE_SIGNATURE_H_
#define NSP_SIM_LAB_STORAGE_SIGNATURE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/message.h"

namespace nsp::lab {

struct Sas {
  enum class Kind : std::uint8_t { Account, Service, UserDelegation };
  Kind kind = Kind::Service;
  std::map<std::string, std::string> parameters;  // `se`, `sp`, …, and `sig`; in lower case

  // Empty where it says nothing of that.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;
  bool operator==(const Sas&) const = default;
};
// Nothing: the query holds no `sig`.
[[nodiscard]] std::optional<Sas> sas_of(const Target& target);

// Which of the account's services: of these, `dfs` and `web` are Blob.
enum class StorageService : std::uint8_t { Blob, File, Queue, Table };
// By `Host`: the label after the account's. Blob where there is none.
[[nodiscard]] StorageService storage_service_of(const Headers& headers);
// The word of that service where it is not Blob itself: `queue`, `dfs`, `web`. Empty: it is Blob.
[[nodiscard]] std::string_view other_storage_service(const Headers& headers);

// A request as signatures see it.
struct SignedRequest {
  const Request& request;
  const Target& target;  // of the request
  std::string_view account;
  StorageService service = StorageService::Blob;
};

// The texts of which one is signed: clients order headers in three ways.
[[nodiscard]] std::vector<std::string> shared_key_texts(const SignedRequest& request, bool lite);

// Signs for the Blob service, with headers in the order that Azurite knows: sets `Authorization`.
// `key` as accounts give it out, in base64. False, and nothing changed: the key or the target
// cannot be read.
[[nodiscard]] bool sign_shared_key(Request& request, std::string_view account,
                                   std::string_view key);

// Nothing: the version is not one that is known, or the target is nothing that such a SAS is for.
[[nodiscard]] std::optional<std::string> sas_text(const SignedRequest& request, const Sas& sas);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_STORAGE_SIGNATURE_H_

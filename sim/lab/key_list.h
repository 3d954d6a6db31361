// The keys of a lab's resources, told to whoever may use the lab's control socket: what `az storage
// account keys list`, `az search admin-key show` and `az cognitiveservices account keys list` tell
// of Azure's.
//
// Storage and Foundry have key1 and key2, AI Search a primary and a secondary admin key and a query
// key. Other services give out no keys. The answer to `keys` is one line:
//
//   {"ok":true,"resources":[{"resource":"stdocs","service":"Storage","id":"/subscriptions/…",
//    "endpoint":"https://stdocs.blob.core.windows.net:7443/","accepted":true,
//    "keys":[{"name":"key1","value":"…"},…],"connectionString":"…"}],"azurite":"stdocs:…:…"}
//
// `accepted` is false where the resource takes no keys (allowSharedKeyAccess, disableLocalAuth).
//
// Sources of the variables: Azure CLI (AZURE_STORAGE_…), the openai client (AZURE_OPENAI_…),
// samples of azure-search-documents (AZURE_SEARCH_…). Thread safety: pure functions.
#ifndef NSP_SIM_LAB_KEY_LIST_H_
#define NSP_SIM_LAB_KEY_LIST_H_

#include <expected>
#include <string>
#include <string_view>

#include "sim/lab/edition.h"
#include "sim/lab/keys.h"
#include "sim/lab/lab.h"

namespace nsp::lab {

// The lab's answer. `resource`: name or id; empty: all that have keys. The error is one line.
[[nodiscard]] std::expected<std::string, std::string> key_line(const Edition& edition,
                                                               const LabKeys& keys,
                                                               const LabPortOptions& ports,
                                                               const std::string& resource);

// What a program prints of it. `line`: the lab's answer; the errors are its refusal, or one line.
[[nodiscard]] std::expected<std::string, Refusal> keys_text(std::string_view line);
// The document `nspsim.lab-keys/1`.
[[nodiscard]] std::expected<std::string, Refusal> keys_json(std::string_view line);
// `export NAME='value'` for a POSIX shell. An error where two resources of a service would need the
// same variables.
[[nodiscard]] std::expected<std::string, Refusal> keys_env(std::string_view line);
// The value of AZURITE_ACCOUNTS.
[[nodiscard]] std::expected<std::string, Refusal> keys_azurite(std::string_view line);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_KEY_LIST_H_

// A request on its way from a storage account's node to the emulator (Azurite) that keeps its
// blobs, and what has to change in the answer.
//
// The node has judged perimeter and credential. The emulator knows neither tokens nor names of the
// lab: it is asked path-style, `/account/container/blob`, and believes a shared key. So whatever
// credential the caller has shown is taken out, and the request is signed anew with the account's
// own key:
//
//   GET /docs/a.txt?sv=…&sig=…  Host: stdocs.blob.core.windows.net
//   GET /stdocs/docs/a.txt      Host: 127.0.0.1:10000  Authorization: SharedKey stdocs:…
//
// Where an answer names the emulator, it names the account's own endpoint again.
//
// Sources: "Authorize with Shared Key" (the account stands twice in the path of an emulator's
// canonicalized resource); Azurite's README and BlobSharedKeyAuthenticator (it drops a parameter
// whose value holds a bare `=`, and wants no `Date` beside `x-ms-date`). Thread safety: pure
// functions.
#ifndef NSP_SIM_LAB_EMULATOR_REQUEST_H_
#define NSP_SIM_LAB_EMULATOR_REQUEST_H_

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/blob_store.h"
#include "sim/lab/message.h"
#include "sim/lab/service.h"

namespace nsp::lab {

// A storage account at an emulator.
struct EmulatedAccount {
  std::string name;       // as the emulator knows it
  std::string key;        // in base64
  std::string endpoint;   // in the lab: `https://stdocs.blob.core.windows.net`
  std::string authority;  // of the emulator: `127.0.0.1:10000`
};

// False: the node's own service answers it even so. Delegation keys are the lab's to give out, and
// other services of the account than Blob are none of the emulator's.
[[nodiscard]] bool is_for_emulator(const Request& request);

// What the emulator is sent instead; without the body, whose length stands in `Content-Length`. An
// error is what the caller gets: the URL cannot be read (400), a SAS does not permit it (403), or
// it cannot be passed on (501): batches, whose parts are signed each, and copies from elsewhere.
[[nodiscard]] BlobResult<Request> emulator_request(const Request& request,
                                                   const EmulatedAccount& account, Utc now);

// Whether the answer's body names the emulator: then it is to be read whole and restored.
[[nodiscard]] bool lists(const Request& request);

// The account's own endpoint instead of the emulator's: in the head; in the body of a list.
void restore_head(Response& head, const EmulatedAccount& account);
[[nodiscard]] std::string restore_list(std::string xml, const EmulatedAccount& account);

// Set where the emulator does not know the account or its key, which is no fault of the caller's.
[[nodiscard]] std::optional<std::string> refused_by_emulator(const Response& head,
                                                             const EmulatedAccount& account);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_EMULATOR_REQUEST_H_

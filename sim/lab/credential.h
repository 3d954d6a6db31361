// Which credential a request shows, and whether it proves what it claims.
//
//   Authorization: Bearer JWT                 a token: managed identity, user, service principal
//   Authorization: Bearer anything else       a key (Foundry and Azure OpenAI take keys so, too)
//   Authorization: SharedKey account:sig      a key, shown by a signature under it; also
//   SharedKeyLite api-key: KEY                              a key (also Ocp-Apim-Subscription-Key)
//   …?sig=…                                   a SAS: of the account, of a service, or of a user's
//                                             delegation key
//   nothing of these                          anonymous
//
// A `problem` is what authentication will say, after the network has decided (clause G-4): the
// perimeter judges by `credential` whether or not it proves anything. A key or a SAS that proves
// nothing is judged as one, which is as an anonymous caller is; a token that the lab has not signed
// tells of nobody and is anonymous; an expired one, or one for another service, tells who holds it.
//
// What a SAS permits (`sp`), from where (`sip`) and how (`spr`) is given and not judged: that is
// authorization, the service's own matter. So is what a stored access policy (`si`) says.
//
// Thread safety: pure but for the verifier's memory; one thread.
#ifndef NSP_SIM_LAB_CREDENTIAL_H_
#define NSP_SIM_LAB_CREDENTIAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/lab/gate.h"
#include "sim/lab/keys.h"
#include "sim/lab/message.h"
#include "sim/lab/storage_signature.h"
#include "sim/lab/token.h"
#include "sim/model/environment.h"

namespace nsp::lab {

enum class CredentialProblem : std::uint8_t {
  Malformed,      // not of the form that it announces
  BadSignature,   // of a token, of a shared key, of a SAS
  Expired,        // a token, a SAS
  NotYetValid,    // a token, a SAS
  WrongAudience,  // a token for another service
  WrongAccount,   // a shared key for another account
  UnknownKey,     // an api key that is none of the resource's
  KeysDisabled,   // allowSharedKeyAccess is false, disableLocalAuth is true
  NotAccepted,    // the service takes no such credential
};
[[nodiscard]] std::string_view to_string(CredentialProblem problem);  // `wrong audience`

struct Shown {
  Credential credential = Credential::Anonymous;
  std::optional<Claims>
      claims{};            // of a token whose signature is good, even if it is of no use here
  std::string key_name{};  // `key1`, `key2`, `query`: of a key, a shared key or a SAS that is good
  std::optional<Sas> sas{};
  std::optional<CredentialProblem> problem{};
  std::string detail{};  // of the problem, in words

  bool operator==(const Shown&) const = default;
};

// The audiences that a resource takes tokens for: `https://storage.azure.com` and the URL of each
// of its names. Without a slash at the end.
[[nodiscard]] std::vector<std::string> audiences(const Resource& resource);

// What a node knows when it reads a request. Lives as long as the lab.
struct CredentialReader {
  const LabKeys& keys;
  Verifier& verifier;

  // Reads method, target and headers; the body is not looked at. `Host` tells a storage account's
  // service apart (blob where it is missing).
  [[nodiscard]] Shown read(const Request& request, const Resource& resource, Seconds now) const;
};

// What a token says of its holder: managed identity, user, service principal.
[[nodiscard]] Credential credential_of(const Claims& claims);

// What a gate judges by. Of a managed identity also whose it is and where its token says it
// belongs.
[[nodiscard]] Proven proven_of(const Shown& shown);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_CREDENTIAL_H_

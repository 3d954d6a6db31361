// Who gets which token: the identities of a lab, and the endpoints that hand tokens out.
//
// Every resource with a managed identity has one, and every caller whose credential is one. Callers
// that are users or service principals have what those have: a password, a client secret.
// Everybody's ids are made of the seat's key, so they are the same in every lab.
//
// The endpoints, all at one server, told apart by path (whatever stands before it):
//   GET  …/msi/token                       App Service (IDENTITY_ENDPOINT). Who asks is known by
//                                          the secret in X-IDENTITY-HEADER
//   GET  /metadata/identity/oauth2/token   IMDS. Who asks is known by the address it calls from
//   POST /TENANT/oauth2/v2.0/token         Entra ID: client credentials, password
//   GET  /TENANT/…/openid-configuration, /TENANT/discovery/…keys, /common/discovery/instance,
//        /common/userrealm/USER            what clients look up on the way
//
// A token carries the membership that its resource has in the edition passed in, at the moment
// when it is issued (see token.h).
//
// Sources: Microsoft's "How to use managed identities for App Service" and "… on a virtual machine"
// (requests, answers, errors), "OAuth 2.0 client credentials flow", RFC 6749 (errors).
//
// Thread safety: immutable value, pure functions. Time is passed in.
#ifndef NSP_SIM_LAB_IDENTITY_H_
#define NSP_SIM_LAB_IDENTITY_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/edition.h"
#include "sim/lab/keys.h"
#include "sim/lab/message.h"
#include "sim/lab/token.h"
#include "sim/model/environment.h"

namespace nsp::lab {

// The lab's one tenant.
[[nodiscard]] const Guid& lab_tenant();

// Somebody who can be given a token.
struct Identity {
  Seat seat;
  Credential credential = Credential::ManagedIdentity;  // or User, ServicePrincipal
  Guid object;                                          // oid
  Guid client;                                          // appid: of a user, of the client it uses
  std::string mirid;                                    // of a managed identity
  std::vector<Guid> perimeters;                         // of its resource now
  std::string user_name;                                // of a user: `alice@lab.example`

  bool operator==(const Identity&) const = default;
};

// Nothing: it has none.
[[nodiscard]] std::optional<Identity> identity_of(const Environment& environment,
                                                  const Resource& resource);
[[nodiscard]] std::optional<Identity> identity_of(const Caller& caller);
// … of whoever has the seat: of a post that acts for a resource, the resource's.
[[nodiscard]] std::optional<Identity> identity_at(const Edition& edition, const Seat& seat);

struct IdentityOptions {
  std::chrono::seconds lifetime{3600};
  // How clients reach the server, without a slash at the end:
  // `https://login.microsoftonline.com`.
  std::string authority = "https://login.microsoftonline.com";
};

// What the endpoints look at for one request.
struct IdentityQuestion {
  const Request& request;
  const Seat* from = nullptr;  // who sits at the address that the request comes from; null: nobody
  Seconds now{};
};

class IdentityService {
 public:
  // Both references must outlive the service.
  IdentityService(const Signer& signer, const LabKeys& keys, IdentityOptions options)
      : signer_(signer), keys_(keys), options_(std::move(options)) {}

  // REQUIRES: `audience` is not empty. An audience is what a client calls `resource`.
  [[nodiscard]] Claims claims(const Identity& identity, std::string_view audience,
                              Seconds now) const;
  [[nodiscard]] std::string issue(const Identity& identity, std::string_view audience,
                                  Seconds now) const;

  // The edition is that of the control plane: identities are managed there.
  [[nodiscard]] Response answer(const Edition& edition, const IdentityQuestion& question) const;

  [[nodiscard]] const Signer& signer() const { return signer_; }
  [[nodiscard]] const LabKeys& keys() const { return keys_; }
  [[nodiscard]] const IdentityOptions& options() const { return options_; }

 private:
  const Signer& signer_;
  const LabKeys& keys_;
  IdentityOptions options_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_IDENTITY_H_

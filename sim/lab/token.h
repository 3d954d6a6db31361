// Access tokens: JWTs that the lab signs for its identities and reads again at its nodes.
//
// A token says who its holder is as Azure's do: `oid`, `appid`, `tid`, `idtyp` (`user` or `app`);
// of a managed identity also `xms_mirid`, the ARM id that it belongs to, and `xms_az_nwperimid`,
// the perimeters of its resource when the token was issued. So a token that was issued before its
// resource moved tells of the old perimeter until it expires, which is what a node then judges by.
//
// A token is signed with RS256 by a key that is made when the lab starts; the public half is given
// out as a JSON Web Key Set. A verifier takes RS256 by that key and nothing else: not `none`, not
// an HMAC keyed with public text, not a key that the token brings along.
//
// Sources: RFC 7515 (JWS), RFC 7517 (JWK), RFC 7519 (JWT), RFC 7638 (the key id is the key's
// thumbprint), Microsoft's "Access token claims reference"; the two `xms_` claims as observed in
// tokens. Times are whole seconds, and now is passed in.
//
// Thread safety: Signer is immutable; a Verifier keeps what it has seen and belongs to one thread.
#ifndef NSP_SIM_LAB_TOKEN_H_
#define NSP_SIM_LAB_TOKEN_H_

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/guid.h"

namespace nsp::lab {

using Seconds = std::chrono::sys_seconds;

struct Claims {
  std::string issuer;                         // iss
  std::string audience;                       // aud
  std::string object;                         // oid; a GUID
  std::string subject;                        // sub
  std::string tenant;                         // tid
  std::string app;                            // appid
  std::string kind;                           // idtyp: `user`, `app`
  std::string mirid;                          // xms_mirid; empty: not of a managed identity
  std::vector<Guid> perimeters;               // xms_az_nwperimid
  Seconds issued{};                           // iat
  Seconds not_before{};                       // nbf
  Seconds expires{};                          // exp
  std::map<std::string, std::string> others;  // further claims whose value is a text

  bool operator==(const Claims&) const = default;
};

enum class TokenProblem : std::uint8_t {
  Malformed,
  BadSignature,
  Expired,
  NotYetValid,
  WrongAudience,
};
[[nodiscard]] std::string_view to_string(TokenProblem problem);  // `bad signature`

// Longer tokens are malformed.
inline constexpr std::size_t kMostTokenBytes = 16'384;
// How far the clocks of issuer and verifier may differ. The lab has one clock.
inline constexpr std::chrono::seconds kClockSkew{0};

// A private key and what is derived from it.
class Signer {
 public:
  // A new key of 2048 bits, from the system's randomness. The error is OpenSSL's, in words.
  [[nodiscard]] static std::expected<Signer, std::string> make();

  [[nodiscard]] std::string sign(const Claims& claims) const;

  [[nodiscard]] const std::string& key_id() const { return key_id_; }
  // `{"keys":[…]}`: the public key.
  [[nodiscard]] const std::string& key_set() const { return key_set_; }

 private:
  friend class Verifier;
  struct Key;

  explicit Signer(std::shared_ptr<const Key> key);

  std::shared_ptr<const Key> key_;
  std::string key_id_;
  std::string key_set_;
};

// Reads tokens. The signature of a token is looked at once: a client shows one token with every
// request. At most kMostRemembered are remembered; then all are forgotten.
class Verifier {
 public:
  static constexpr std::size_t kMostRemembered = 4096;

  explicit Verifier(const Signer& signer) : key_(signer.key_), key_id_(signer.key_id_) {}

  // The claims of a token that is the lab's, whatever they say: Malformed, BadSignature. The claims
  // are valid until the next call.
  [[nodiscard]] std::expected<const Claims*, TokenProblem> read(std::string_view token);
  // What is wrong with them now and here: Expired, NotYetValid, WrongAudience, the first of them.
  // Audiences compare without case and without a slash at the end.
  [[nodiscard]] static std::optional<TokenProblem> problem_of(
      const Claims& claims, Seconds now, std::span<const std::string> audiences);
  // Both.
  [[nodiscard]] std::expected<Claims, TokenProblem> verify(std::string_view token, Seconds now,
                                                           std::span<const std::string> audiences);

  [[nodiscard]] std::size_t remembered() const { return known_.size(); }

 private:
  // So that a token is looked for without being copied.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::shared_ptr<const Signer::Key> key_;
  std::string key_id_;
  std::unordered_map<std::string, Claims, Hash, std::equal_to<>> known_;  // signature checked
};

// It has the outer form of a JWT: three parts between dots. What else comes as `Bearer` is a key.
[[nodiscard]] bool looks_like_token(std::string_view text);

// What a client that discovers an issuer reads: `…/.well-known/openid-configuration`. `authority`
// is the issuer's URL with the tenant, without a slash at the end:
// `https://login.microsoftonline.com/TENANT`.
[[nodiscard]] std::string openid_configuration(std::string_view authority, std::string_view issuer);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_TOKEN_H_

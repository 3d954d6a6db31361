// The keys of the lab's resources: what Azure keeps secret, derived here from one secret of the
// lab, so that a client can be told a resource's key before its node exists and a node needs to
// keep none.
//
// Each is an HMAC of what it is for under the lab's secret: the same secret and the same resource
// give the same keys, another secret others, and no key tells of another.
//
// Thread safety: immutable value.
#ifndef NSP_SIM_LAB_KEYS_H_
#define NSP_SIM_LAB_KEYS_H_

#include <array>
#include <expected>
#include <string>
#include <string_view>

#include "sim/lab/address_plan.h"
#include "sim/model/environment.h"

namespace nsp::lab {

// As a storage account gives it out: whom it was given to, from when, until when; the words of SAS
// parameters (skoid, sktid, skt, ske, sks, skv).
struct DelegationKeyFacts {
  std::string object;
  std::string tenant;
  std::string start;
  std::string expiry;
  std::string service;
  std::string version;

  bool operator==(const DelegationKeyFacts&) const = default;
};

class LabKeys {
 public:
  explicit LabKeys(std::string secret) : secret_(std::move(secret)) {}
  // A secret of 32 random bytes. The error: the system has no randomness to give.
  [[nodiscard]] static std::expected<LabKeys, std::string> make();

  static constexpr std::array<std::string_view, 2> kNames{"key1", "key2"};

  // Of AI Search only: it may query, and nothing else.
  static constexpr std::string_view kQuery = "query";

  // `name` is one of kNames, or kQuery. In the form that its service gives keys out: 64 bytes in
  // base64 for Storage, 52 hexadecimal digits for AI Search, 32 for Foundry and all others.
  [[nodiscard]] std::string of_resource(const Resource& resource, std::string_view name) const;
  // 32 bytes in base64.
  [[nodiscard]] std::string delegation(const Resource& resource,
                                       const DelegationKeyFacts& facts) const;

  // Of who sits there (see identity.h): what it proves itself with at the App Service endpoint; the
  // secret of its application or the password of its user. 64 hexadecimal digits.
  [[nodiscard]] std::string identity_header(const Seat& seat) const;
  [[nodiscard]] std::string client_secret(const Seat& seat) const;

 private:
  std::string secret_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_KEYS_H_

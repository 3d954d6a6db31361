#include "sim/lab/keys.h"

#include <fmt/format.h>

#include <optional>

#include "sim/lab/crypto.h"

namespace nsp::lab {

std::expected<LabKeys, std::string> LabKeys::make() {
  std::optional<std::string> secret = random_bytes(32);
  if (!secret) return std::unexpected("the system gives no random bytes");
  return LabKeys(*std::move(secret));
}

std::string LabKeys::of_resource(const Resource& resource, std::string_view name) const {
  std::string bytes =
      hmac_sha512(secret_, fmt::format("resource key\n{}\n{}", name, resource.id.key()));
  if (resource.service == Service::Storage) return base64(bytes);
  return hex(bytes).substr(0, resource.service == Service::Search ? 52 : 32);
}

std::string LabKeys::delegation(const Resource& resource, const DelegationKeyFacts& facts) const {
  return base64(hmac_sha256(
      secret_,
      fmt::format("delegation key\n{}\n{}\n{}\n{}\n{}\n{}\n{}", resource.id.key(), facts.object,
                  facts.tenant, facts.start, facts.expiry, facts.service, facts.version)));
}

std::string LabKeys::identity_header(const Seat& seat) const {
  return hex(hmac_sha256(
      secret_, fmt::format("identity header\n{}\n{}", static_cast<int>(seat.kind), seat.key)));
}

std::string LabKeys::client_secret(const Seat& seat) const {
  return hex(hmac_sha256(
      secret_, fmt::format("client secret\n{}\n{}", static_cast<int>(seat.kind), seat.key)));
}

}  // namespace nsp::lab

#include "sim/lab/wire/core.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/guid.h"

namespace nsp::lab {

std::expected<LabSecrets, std::string> LabSecrets::make(const std::string& key_secret) {
  auto keys = key_secret.empty() ? LabKeys::make() : LabKeys(key_secret);
  if (!keys) return std::unexpected(std::move(keys.error()));
  auto authority = Authority::make(std::chrono::system_clock::now());
  if (!authority) return std::unexpected(std::move(authority.error()));
  auto signer = Signer::make();
  if (!signer) return std::unexpected(std::move(signer.error()));
  auto tls = ClientTls::make(authority->certificate_pem());
  if (!tls) return std::unexpected(std::move(tls.error().text));
  return LabSecrets{*std::move(keys), *std::move(authority), *std::move(signer), *std::move(tls)};
}

Core::Core(IoContext& context, Timeline states, const Readings& readings, LabSecrets secrets,
           const IdentityOptions& identity_options, LabPorts where)
    : io(context),
      timeline(std::move(states)),
      gate(readings),
      keys(std::move(secrets.keys)),
      authority(std::move(secrets.authority)),
      signer(std::move(secrets.signer)),
      verifier(signer),
      identities(signer, keys, identity_options),
      client(context, std::move(secrets.tls), {}),
      ports(where) {}

std::string Core::next_request_id() {
  return nsp::to_string(Guid::from_text(fmt::format("request {}", ++requests)));
}

}  // namespace nsp::lab

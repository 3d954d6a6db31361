// What all nodes of a lab share: the one thread's io_context, the state of the environment, keys
// and identities, the client that calls go out by, and whoever listens to decisions.
//
// A node holds a reference to it; it outlives them all. Thread safety: none.
#ifndef NSP_SIM_LAB_WIRE_CORE_H_
#define NSP_SIM_LAB_WIRE_CORE_H_

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "sim/lab/authority.h"
#include "sim/lab/credential.h"
#include "sim/lab/edition.h"
#include "sim/lab/gate.h"
#include "sim/lab/identity.h"
#include "sim/lab/ruling.h"
#include "sim/lab/service.h"
#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/http_client.h"
#include "sim/lab/wire/tls.h"

namespace nsp::lab {

// Where nodes listen: the same ports at every address.
struct LabPorts {
  std::uint16_t https = 443;
  std::uint16_t http = 0;  // 0: no plain HTTP
};

// What nobody outside may know, and what follows from it.
struct LabSecrets {
  LabKeys keys;
  Authority authority;
  Signer signer;
  std::shared_ptr<ClientTls> tls;  // trusts the authority

  // New ones. `key_secret`: see LabOptions. The error is one line.
  [[nodiscard]] static std::expected<LabSecrets, std::string> make(const std::string& key_secret);
};

// Told of each decision that a node makes, before the answer is sent.
using OnDecision = std::function<void(const Ruling&)>;

struct Core {
  Core(IoContext& context, Timeline states, const Readings& readings, LabSecrets secrets,
       const IdentityOptions& identity_options, LabPorts where);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  IoContext& io;
  Timeline timeline;
  Gate gate;
  LabKeys keys;
  Authority authority;
  Signer signer;
  Verifier verifier;
  IdentityService identities;
  HttpClient client;  // trusts the authority
  LabPorts ports;
  // Without enforcement every request is admitted and nothing is decided: to measure what
  // enforcement costs.
  bool enforce = true;
  OnDecision on_decision = nullptr;
  std::uint64_t requests = 0;

  // What acts now.
  [[nodiscard]] const EditionPtr& data_plane() { return timeline.data_plane(Clock::now()); }
  // A GUID as Azure's request ids are; the same sequence in every lab.
  [[nodiscard]] std::string next_request_id();
};

[[nodiscard]] inline Utc utc_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}
[[nodiscard]] inline Seconds whole_seconds(Utc time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_CORE_H_

#include "sim/lab/wire/relay_plan.h"

#include <set>

#include "sim/lab/address_plan.h"

namespace nsp::lab {
namespace {

constexpr std::uint16_t kRelayedHttps = 443;
constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kDns = 53;

// 127.77.0.0/16 and 127.78.0.0/16: what can be called.
bool is_called(const IpAddress& address) {
  const auto network = static_cast<std::uint32_t>(address.bits >> 16);
  return address.v4 && (network == 0x7f4d || network == 0x7f4e);
}

}  // namespace

std::vector<Door> doors_of(const LabPortOptions& ports) {
  // The lab's own ports, too: a URL that names one leads there in either way of running.
  std::set<std::uint16_t> everywhere{kRelayedHttps, kHttp, ports.https, ports.http, ports.identity};
  everywhere.erase(0);
  everywhere.erase(kDns);
  std::vector<Door> doors{{{kNameServer, kDns}, true}, {{kNameServer, kDns}, false}};
  for (const std::uint16_t port : everywhere) {
    doors.push_back({{IpAddress::from_v4(0), port}, false});
  }
  return doors;
}

std::optional<Endpoint> way_on(const LabPortOptions& ports, const Endpoint& called) {
  const bool metadata = called.address == kMetadataService;
  if (!metadata && !is_called(called.address)) return std::nullopt;
  if (called.port == kDns) {
    if (called.address != kNameServer) return std::nullopt;
    return Endpoint{kNameServer, ports.dns};
  }
  const bool identity = metadata || called.address == kIdentityEndpoint;
  if (identity && (called.port == kHttp || called.port == ports.identity)) {
    return Endpoint{kIdentityEndpoint, ports.identity};
  }
  if (metadata) return std::nullopt;
  if (called.port == kRelayedHttps || called.port == ports.https) {
    return Endpoint{called.address, ports.https};
  }
  if (ports.http == 0 || (called.port != kHttp && called.port != ports.http)) return std::nullopt;
  return Endpoint{called.address, ports.http};
}

}  // namespace nsp::lab

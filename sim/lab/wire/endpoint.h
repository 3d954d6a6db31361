// Addresses with ports, as the lab's sockets have them, and what may be listened on.
#ifndef NSP_SIM_LAB_WIRE_ENDPOINT_H_
#define NSP_SIM_LAB_WIRE_ENDPOINT_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/lab/wire/problem.h"
#include "sim/net/address.h"

namespace nsp::lab {

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;  // to listen on 0: any free one

  bool operator==(const Endpoint&) const = default;
  auto operator<=>(const Endpoint&) const = default;
};
// `127.77.1.1:443`, `[::1]:443`.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

struct SocketAddress {
  sockaddr_storage storage;
  socklen_t size;
};
[[nodiscard]] SocketAddress to_socket_address(const Endpoint& endpoint);
// Nothing for other families than IPv4 and IPv6.
[[nodiscard]] std::optional<Endpoint> to_endpoint(const sockaddr_storage& storage);

// Who may reach the lab: programs on this machine, or anybody who reaches the address. The latter
// only where the user said so.
enum class Reach : std::uint8_t { Loopback, Anywhere };

// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const IpAddress& address);

// A TCP socket that listens: not blocking, closed on exec. Refused where `reach` does not cover the
// address or somebody else listens there. `endpoint` becomes the one listened on.
[[nodiscard]] Result<int> listen_at(Endpoint& endpoint, Reach reach);

// Raises the number of files that this process may have open to the most that it may choose.
// Returns that number.
std::size_t raise_open_files();

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_ENDPOINT_H_

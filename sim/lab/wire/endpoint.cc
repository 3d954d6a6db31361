#include "sim/lab/wire/endpoint.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace nsp::lab {
namespace {

SocketAddress to_v4(const Endpoint& endpoint) {
  SocketAddress made{};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(endpoint.address.bits));
  std::memcpy(&made.storage, &address, sizeof address);
  made.size = sizeof address;
  return made;
}

SocketAddress to_v6(const Endpoint& endpoint) {
  SocketAddress made{};
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(endpoint.port);
  for (std::size_t i = 0; i < 16; ++i) {
    address.sin6_addr.s6_addr[i] =
        static_cast<std::uint8_t>(endpoint.address.bits >> (8 * (15 - i)));
  }
  std::memcpy(&made.storage, &address, sizeof address);
  made.size = sizeof address;
  return made;
}

Endpoint from_v6(const sockaddr_in6& address) {
  IpAddress read{0, false};
  for (std::uint8_t byte : address.sin6_addr.s6_addr) read.bits = (read.bits << 8) | byte;
  return {read, ntohs(address.sin6_port)};
}

std::unexpected<Problem> cannot_listen(const Endpoint& endpoint, int error) {
  const bool refused = error == EADDRINUSE || error == EADDRNOTAVAIL || error == EACCES;
  return problem(refused ? Problem::Kind::Refused : Problem::Kind::System,
                 fmt::format("cannot listen on {}: {}", to_string(endpoint),
                             std::generic_category().message(error)));
}

// The port that the system chose.
void read_back(int fd, Endpoint& endpoint) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return;
  if (std::optional<Endpoint> bound = to_endpoint(storage)) endpoint = *bound;
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
  std::string address = to_string(endpoint.address);
  return endpoint.address.v4 ? fmt::format("{}:{}", address, endpoint.port)
                             : fmt::format("[{}]:{}", address, endpoint.port);
}

SocketAddress to_socket_address(const Endpoint& endpoint) {
  return endpoint.address.v4 ? to_v4(endpoint) : to_v6(endpoint);
}

std::optional<Endpoint> to_endpoint(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof address);
    return Endpoint{IpAddress::from_v4(ntohl(address.sin_addr.s_addr)), ntohs(address.sin_port)};
  }
  if (storage.ss_family != AF_INET6) return std::nullopt;
  sockaddr_in6 address{};
  std::memcpy(&address, &storage, sizeof address);
  return from_v6(address);
}

bool is_loopback(const IpAddress& address) {
  return address.v4 ? (address.bits >> 24) == 127 : address.bits == 1;
}

Result<int> listen_at(Endpoint& endpoint, Reach reach) {
  if (reach == Reach::Loopback && !is_loopback(endpoint.address)) {
    return problem(Problem::Kind::Refused,
                   fmt::format("cannot listen on `{}`: expected an address of 127.0.0.0/8 or ::1",
                               to_string(endpoint.address)));
  }
  const int family = endpoint.address.v4 ? AF_INET : AF_INET6;
  int fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot_listen(endpoint, errno);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  SocketAddress address = to_socket_address(endpoint);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  if (bind(fd, raw, address.size) != 0 || ::listen(fd, SOMAXCONN) != 0) {
    int error = errno;
    ::close(fd);
    return cannot_listen(endpoint, error);
  }
  read_back(fd, endpoint);
  return fd;
}

std::size_t raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace nsp::lab

#include "sim/lab/wire/dns_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "sim/lab/dns_message.h"
#include "sim/lab/wire/accept.h"

namespace nsp::lab {
namespace {

using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;
using Acceptor = AcceptorOf<Tcp>;
using TcpSocket = SocketOf<Tcp>;
using UdpSocket = asio::basic_datagram_socket<Udp, Executor>;

IpAddress address_of(const asio::ip::address& address) {
  if (address.is_v4()) return IpAddress::from_v4(address.to_v4().to_uint());
  IpAddress read{0, false};
  for (const unsigned char byte : address.to_v6().to_bytes()) read.bits = (read.bits << 8) | byte;
  return read;
}

// A UDP socket at an address that listen_at() has already found fit.
Result<int> open_udp(const Endpoint& at) {
  const int family = at.address.v4 ? AF_INET : AF_INET6;
  const int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const SocketAddress address = to_socket_address(at);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  if (fd >= 0 && ::bind(fd, raw, address.size) == 0) return fd;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  return problem(
      error == EADDRINUSE || error == EACCES ? Problem::Kind::Refused : Problem::Kind::System,
      fmt::format("cannot listen on {} over UDP: {}", to_string(at),
                  std::generic_category().message(error)));
}

// After the system refused something: it is out of files or memory, and others may give some back.
constexpr std::chrono::milliseconds kPause{50};

// Somebody who asks over TCP, and how long he may still take.
struct DnsConnection {
  TcpSocket socket;
  Timer deadline;
};
using ConnectionPointer = std::shared_ptr<DnsConnection>;

// Closes the connection unless it is given a new deadline before this one has passed.
void give_time(const ConnectionPointer& connection, std::chrono::milliseconds time) {
  connection->deadline.expires_after(time);
  connection->deadline.async_wait([weak = std::weak_ptr(connection)](const ErrorCode& error) {
    const ConnectionPointer late = weak.lock();
    if (error || !late || late->deadline.expiry() > Clock::now()) return;
    ErrorCode ignored;
    late->socket.close(ignored);
  });
}

}  // namespace

// Coroutines keep what they use alive: they are static and hold it by pointer.
struct DnsServer::Inside {
  using Self = std::shared_ptr<Inside>;

  IoContext& io;
  Answer answer;
  DnsLimits limits;
  Reach reach;
  Counts counts{};
  std::vector<std::shared_ptr<Acceptor>> acceptors{};
  std::vector<std::shared_ptr<UdpSocket>> datagrams{};
  std::vector<std::weak_ptr<DnsConnection>> connections{};

  [[nodiscard]] std::string respond(std::string_view query, DnsTransport transport,
                                    const asio::ip::address& from) const {
    return answer_dns(query, transport, [&](std::string_view name, std::uint16_t type) {
      return answer(address_of(from), name, type);
    });
  }

  static Awaitable<void> serve_udp(Self self, std::shared_ptr<UdpSocket> socket) {
    // One byte more than is read, so that what is too long is seen to be.
    std::array<char, kMostQueryBytes + 1> buffer{};
    Timer pause(self->io.get_executor());
    while (socket->is_open()) {
      Udp::endpoint from;
      ErrorCode error;
      const std::size_t size =
          co_await socket->async_receive_from(asio::buffer(buffer), from, into(error));
      if (!socket->is_open()) co_return;
      if (error) {
        pause.expires_after(kPause);
        co_await pause.async_wait(into(error));
        continue;
      }
      ++self->counts.over_udp;
      const std::string response =
          self->respond({buffer.data(), size}, DnsTransport::Udp, from.address());
      if (!response.empty()) socket->send_to(asio::buffer(response), from, 0, error);
    }
  }

  void admit(const Self& self, TcpSocket socket) {
    if (counts.open >= limits.connections) {
      ++counts.turned_away;
      return;
    }
    ++counts.open;
    const auto connection =
        std::make_shared<DnsConnection>(DnsConnection{std::move(socket), Timer(io.get_executor())});
    std::erase_if(connections, [](const auto& known) { return known.expired(); });
    connections.push_back(connection);
    spawn(io, serve_tcp(self, connection));
  }

  static Awaitable<void> serve_tcp(Self self, ConnectionPointer connection) {
    ErrorCode error;
    const Tcp::endpoint from = connection->socket.remote_endpoint(error);
    for (std::uint32_t i = 0; !error && i < self->limits.queries; ++i) {
      give_time(connection, self->limits.patience);
      const bool goes_on = co_await serve_query(self, connection, from);
      if (!goes_on) break;
    }
    connection->deadline.cancel();
    connection->socket.close(error);
    --self->counts.open;
  }

  // Reads one query and writes its answer. False: the connection is of no more use.
  static Awaitable<bool> serve_query(Self self, ConnectionPointer connection, Tcp::endpoint from) {
    std::array<unsigned char, 2> length{};
    ErrorCode error;
    co_await asio::async_read(connection->socket, asio::buffer(length), into(error));
    const std::size_t size = std::size_t{length[0]} << 8 | length[1];
    if (error || size > kMostQueryBytes) co_return false;
    std::string query(size, '\0');
    co_await asio::async_read(connection->socket, asio::buffer(query), into(error));
    if (error) co_return false;
    ++self->counts.over_tcp;
    std::string response = self->respond(query, DnsTransport::Tcp, from.address());
    if (response.empty()) co_return false;
    const std::string prefix{static_cast<char>(response.size() >> 8),
                             static_cast<char>(response.size() & 0xff)};
    response.insert(0, prefix);
    co_await asio::async_write(connection->socket, asio::buffer(response), into(error));
    co_return !error;
  }

  void stop() {
    ErrorCode ignored;
    for (const auto& acceptor : acceptors) acceptor->close(ignored);
    for (const auto& socket : datagrams) socket->close(ignored);
    for (const auto& known : connections) {
      if (const ConnectionPointer open = known.lock()) open->socket.close(ignored);
    }
    acceptors.clear();
    datagrams.clear();
    connections.clear();
  }

  // Takes both sockets over.
  Result<void> start(const Self& self, const Endpoint& at, int tcp, int udp) {
    ErrorCode error;
    auto acceptor = std::make_shared<Acceptor>(io.get_executor());
    auto socket = std::make_shared<UdpSocket>(io.get_executor());
    acceptor->assign(at.address.v4 ? Tcp::v4() : Tcp::v6(), tcp, error);
    if (error) ::close(tcp);
    ErrorCode also;
    socket->assign(at.address.v4 ? Udp::v4() : Udp::v6(), udp, also);
    if (also) ::close(udp);
    if (!also) socket->non_blocking(true, also);
    if (error || also) {
      return problem(Problem::Kind::System, fmt::format("cannot listen on {}: {}", to_string(at),
                                                        (error ? error : also).message()));
    }
    acceptors.push_back(acceptor);
    datagrams.push_back(socket);
    spawn(io, serve_udp(self, socket));
    spawn(io, accept_all<Tcp>(acceptor,
                              [self](TcpSocket client) { self->admit(self, std::move(client)); }));
    return {};
  }
};

DnsServer::DnsServer(IoContext& io, Answer answer, DnsLimits limits, Reach reach)
    : inside_(new Inside{io, std::move(answer), limits, reach}) {}

DnsServer::~DnsServer() { stop(); }

void DnsServer::stop() { inside_->stop(); }

const DnsServer::Counts& DnsServer::counts() const { return inside_->counts; }

Result<Endpoint> DnsServer::listen(const Endpoint& at) {
  // A port that the system chose for TCP may be taken for UDP: then another one is tried.
  constexpr int kTries = 16;
  for (int i = 1;; ++i) {
    Endpoint chosen = at;
    const Result<int> tcp = listen_at(chosen, inside_->reach);
    if (!tcp) return std::unexpected(tcp.error());
    const Result<int> udp = open_udp(chosen);
    if (udp) {
      const Result<void> started = inside_->start(inside_, chosen, *tcp, *udp);
      if (!started) return std::unexpected(started.error());
      return chosen;
    }
    ::close(*tcp);
    if (at.port != 0 || i == kTries) return std::unexpected(udp.error());
  }
}

}  // namespace nsp::lab

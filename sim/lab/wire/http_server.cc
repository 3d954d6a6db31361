#include "sim/lab/wire/http_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <vector>

#include "sim/lab/wire/connection.h"

namespace nsp::lab {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

constexpr unsigned kAcceptInARow = 64;

// So short that it fits any socket; whether the client sees it is up to the client.
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n"
    "Retry-After: 1\r\n\r\n";

Endpoint local_of(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return to_endpoint(storage).value_or(Endpoint{});
}

}  // namespace

struct HttpServer::Inside : std::enable_shared_from_this<HttpServer::Inside> {
  struct Listener {
    explicit Listener(IoContext& io) : acceptor(io.get_executor()) {}
    Acceptor acceptor;
    Endpoint at;
    std::shared_ptr<Site> site;
    Transport transport = Transport::Plain;
    bool closed = false;
  };

  Inside(IoContext& io, HttpLimits limits, Reach reach)
      : core(std::make_shared<ServerCore>(io, limits, reach)) {}

  static Awaitable<void> accept(std::shared_ptr<ServerCore> core,
                                std::shared_ptr<Listener> listener);

  std::shared_ptr<ServerCore> core;
  std::vector<std::shared_ptr<Listener>> listeners;
};

namespace {

void turn_away(ServerCore& core, int fd, Transport transport) {
  ++core.counts.turned_away;
  if (transport == Transport::Plain) {
    (void)::send(fd, kTooMany.data(), kTooMany.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  ::close(fd);
}

void start(const std::shared_ptr<ServerCore>& core, Socket socket, Peer peer,
           std::shared_ptr<Site> site, Transport transport) {
  peer.connection = ++core->counts.accepted;
  peer.accepted = Clock::now();
  peer.tls = transport == Transport::Tls;
  auto connection =
      std::make_unique<Connection>(core, std::move(site), std::move(socket), std::move(peer));
  spawn(core->io, Connection::run(std::move(connection), transport));
}

bool is_full(const ServerCore& core, const Site& site) {
  return core.counts.open >= core.limits.connections || site.open >= site.connections;
}

void welcome(const std::shared_ptr<ServerCore>& core, int fd, const sockaddr_storage& from,
             const std::shared_ptr<Site>& site, Transport transport) {
  if (is_full(*core, *site)) {
    turn_away(*core, fd, transport);
    return;
  }
  Socket socket(core->io.get_executor());
  ErrorCode error;
  socket.assign(asio::generic::stream_protocol(from.ss_family, 0), fd, error);
  if (error) {
    ::close(fd);
    return;
  }
  Peer peer;
  peer.remote = to_endpoint(from).value_or(Endpoint{});
  peer.local = local_of(fd);
  start(core, std::move(socket), std::move(peer), site, transport);
}

// Errors of one connection that nobody waits for any more.
bool is_passing(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM;
}

}  // namespace

// Where the process has no files left, it tries again a little later: connections that end give
// theirs back.
Awaitable<void> HttpServer::Inside::accept(std::shared_ptr<ServerCore> core,
                                           std::shared_ptr<Listener> listener) {
  Timer pause(core->io.get_executor());
  unsigned in_a_row = 0;
  while (!listener->closed) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd = ::accept4(listener->acceptor.native_handle(), reinterpret_cast<sockaddr*>(&from),
                             &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    const int failed = errno;
    ErrorCode error;
    if (fd >= 0) {
      welcome(core, fd, from, listener->site, listener->transport);
      if (++in_a_row % kAcceptInARow == 0) {
        co_await asio::post(core->io.get_executor(), kAwait);
      }
    } else if (failed == EAGAIN || failed == EWOULDBLOCK) {
      co_await listener->acceptor.async_wait(Acceptor::wait_read, into(error));
    } else if (!is_passing(failed)) {
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(into(error));
    }
  }
}

HttpServer::HttpServer(IoContext& io, HttpLimits limits, Reach reach)
    : inside_(std::make_shared<Inside>(io, limits, reach)) {}

namespace {

template <class Listeners, class Which>
void close_listeners(Listeners& listeners, const Which& which) {
  std::erase_if(listeners, [&](const auto& listener) {
    if (!which(*listener)) return false;
    listener->closed = true;
    ErrorCode ignored;
    listener->acceptor.close(ignored);
    return true;
  });
}

}  // namespace

HttpServer::~HttpServer() {
  close_listeners(inside_->listeners, [](const auto&) { return true; });
  inside_->core->stopping = true;
  for (Connection* connection : inside_->core->connections) connection->cut();
}

Result<Endpoint> HttpServer::listen(Endpoint at, std::shared_ptr<Site> site, Transport transport) {
  Result<int> fd = listen_at(at, inside_->core->reach);
  if (!fd) return std::unexpected(fd.error());
  auto listener = std::make_shared<Inside::Listener>(inside_->core->io);
  ErrorCode error;
  const auto protocol = at.address.v4 ? asio::ip::tcp::v4() : asio::ip::tcp::v6();
  listener->acceptor.assign(protocol, *fd, error);
  if (error) {
    ::close(*fd);
    return problem(Problem::Kind::System, error.message());
  }
  listener->at = at;
  listener->site = std::move(site);
  listener->transport = transport;
  inside_->listeners.push_back(listener);
  spawn(inside_->core->io, Inside::accept(inside_->core, std::move(listener)));
  return at;
}

void HttpServer::stop_listening(const Endpoint& at) {
  close_listeners(inside_->listeners, [&](const auto& listener) { return listener.at == at; });
}

void HttpServer::serve(Socket socket, Peer peer, std::shared_ptr<Site> site, Transport transport) {
  start(inside_->core, std::move(socket), std::move(peer), std::move(site), transport);
}

Awaitable<void> HttpServer::stop(std::chrono::milliseconds grace) {
  // The server itself may be gone before this ends.
  std::shared_ptr<ServerCore> core = inside_->core;
  close_listeners(inside_->listeners, [](const auto&) { return true; });
  core->stopping = true;
  for (Connection* connection : core->connections) connection->stop_when_idle();
  ErrorCode ignored;
  if (!core->connections.empty()) {
    core->drained.expires_after(grace);
    co_await core->drained.async_wait(into(ignored));
  }
  for (Connection* connection : core->connections) connection->cut();
  if (!core->connections.empty()) {
    // Those that were cut off end in their next step; a handler that waits for something else may
    // take longer, and nobody waits for it.
    core->drained.expires_after(std::chrono::milliseconds(100));
    co_await core->drained.async_wait(into(ignored));
  }
}

const HttpServer::Counts& HttpServer::counts() const { return inside_->core->counts; }

}  // namespace nsp::lab

#include "sim/lab/wire/relay.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

#include "sim/lab/address_plan.h"
#include "sim/lab/wire/accept.h"

namespace nsp::lab {
namespace {

using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;
using Acceptor = AcceptorOf<Tcp>;
using TcpSocket = SocketOf<Tcp>;
using UdpSocket = asio::basic_datagram_socket<Udp, Executor>;

constexpr std::size_t kRelayPiece = 16'384;
constexpr std::size_t kMostDatagram = 65'535;
// After the system refused something: it is out of files or memory, and others may give some back.
constexpr std::chrono::milliseconds kRelayPause{50};

asio::ip::address asio_address(const IpAddress& address) {
  return asio::ip::address_v4(static_cast<std::uint32_t>(address.bits));
}

Endpoint endpoint_of(const Tcp::endpoint& endpoint) {
  const asio::ip::address& address = endpoint.address();
  if (!address.is_v4()) return {};
  return {IpAddress::from_v4(address.to_v4().to_uint()), endpoint.port()};
}

// The program in the namespace, and the node that it called.
struct Pair {
  explicit Pair(TcpSocket socket) : client(std::move(socket)), node(client.get_executor()) {}

  TcpSocket client;
  TcpSocket node;

  // Both sides see a reset.
  void cut() {
    for (TcpSocket* socket : {&client, &node}) {
      ErrorCode ignored;
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }
};
using PairPointer = std::shared_ptr<Pair>;

// One way of the two.
Awaitable<void> pump(PairPointer pair, TcpSocket* from, TcpSocket* to) {
  std::array<char, kRelayPiece> piece;
  ErrorCode error;
  bool taken = true;
  while (taken) {
    const std::size_t size = co_await from->async_read_some(asio::buffer(piece), into(error));
    if (error) break;
    co_await asio::async_write(*to, asio::buffer(piece.data(), size), into(error));
    taken = !error;
  }
  ErrorCode ignored;
  if (!taken) {
    // Whoever does not read any more may still have something to say.
    from->shutdown(TcpSocket::shutdown_receive, ignored);
  } else if (error == asio::error::eof) {
    to->shutdown(TcpSocket::shutdown_send, ignored);
  } else {
    pair->cut();
  }
}

}  // namespace

// Coroutines keep what they use alive: they are static and hold it by pointer.
struct Relay::Inside {
  using Self = std::shared_ptr<Inside>;

  Inside(IoContext& context, IpAddress address, const LabPortOptions& lab, RelayLimits bounds)
      : io(context), seat(address), ports(lab), limits(bounds) {}

  IoContext& io;
  IpAddress seat;
  LabPortOptions ports;
  RelayLimits limits;
  std::vector<std::shared_ptr<Acceptor>> acceptors;
  std::vector<std::shared_ptr<UdpSocket>> datagrams;
  std::vector<std::weak_ptr<Pair>> pairs;
  std::vector<std::weak_ptr<UdpSocket>> queries;
  bool stopped = false;

  void admit(const Self& self, TcpSocket socket) {
    ErrorCode error;
    const Endpoint called = endpoint_of(socket.local_endpoint(error));
    const auto pair = std::make_shared<Pair>(std::move(socket));
    const std::optional<Endpoint> goal = way_on(ports, called);
    std::erase_if(pairs, [](const auto& known) { return known.expired(); });
    if (error || !goal || pairs.size() >= limits.connections) {
      pair->cut();
      return;
    }
    pairs.push_back(pair);
    spawn(io, connect(self, pair, *goal));
  }

  static Awaitable<void> connect(Self self, PairPointer pair, Endpoint goal) {
    ErrorCode error;
    pair->node.open(Tcp::v4(), error);
    if (!error) pair->node.bind(Tcp::endpoint(asio_address(self->seat), 0), error);
    const Tcp::endpoint there(asio_address(goal.address), goal.port);
    if (!error) co_await pair->node.async_connect(there, into(error));
    if (error || self->stopped) {
      pair->cut();
      co_return;
    }
    for (TcpSocket* socket : {&pair->client, &pair->node}) {
      socket->set_option(Tcp::no_delay(true), error);
    }
    spawn(self->io, pump(pair, &pair->client, &pair->node));
    spawn(self->io, pump(pair, &pair->node, &pair->client));
  }

  static Awaitable<void> serve_datagrams(Self self, std::shared_ptr<UdpSocket> door) {
    std::vector<char> buffer(kMostDatagram);
    Timer pause(self->io.get_executor());
    while (door->is_open()) {
      Udp::endpoint from;
      ErrorCode error;
      const std::size_t size =
          co_await door->async_receive_from(asio::buffer(buffer), from, into(error));
      if (!door->is_open()) co_return;
      if (error) {
        pause.expires_after(kRelayPause);
        co_await pause.async_wait(into(error));
        continue;
      }
      self->ask(self, door, from, std::string(buffer.data(), size));
    }
  }

  void ask(const Self& self, const std::shared_ptr<UdpSocket>& door, const Udp::endpoint& from,
           std::string query) {
    std::erase_if(queries, [](const auto& known) { return known.expired(); });
    if (queries.size() >= limits.queries) return;
    const auto socket = std::make_shared<UdpSocket>(io.get_executor());
    queries.push_back(socket);
    spawn(io, pass_on(self, door, from, std::move(query), socket));
  }

  // Closes the socket when its time is over.
  static void give_time(Timer& deadline, const std::shared_ptr<UdpSocket>& socket) {
    deadline.async_wait([weak = std::weak_ptr(socket)](const ErrorCode& error) {
      const auto late = weak.lock();
      ErrorCode ignored;
      if (!error && late) late->close(ignored);
    });
  }

  static Awaitable<void> pass_on(Self self, std::shared_ptr<UdpSocket> door, Udp::endpoint from,
                                 std::string query, std::shared_ptr<UdpSocket> socket) {
    ErrorCode error;
    socket->open(Udp::v4(), error);
    if (!error) socket->bind(Udp::endpoint(asio_address(self->seat), 0), error);
    const Udp::endpoint there(asio_address(kNameServer), self->ports.dns);
    if (!error) socket->connect(there, error);
    if (!error) socket->send(asio::buffer(query), 0, error);
    if (error) co_return;
    Timer deadline(self->io.get_executor(), self->limits.patience);
    give_time(deadline, socket);
    std::vector<char> answer(kMostDatagram);
    const std::size_t size = co_await socket->async_receive(asio::buffer(answer), into(error));
    if (error || !door->is_open()) co_return;
    door->send_to(asio::buffer(answer.data(), size), from, 0, error);
  }

  void stop() {
    stopped = true;
    ErrorCode ignored;
    for (const auto& acceptor : acceptors) acceptor->close(ignored);
    for (const auto& door : datagrams) door->close(ignored);
    for (const auto& weak : pairs) {
      if (const auto pair = weak.lock()) pair->cut();
    }
    for (const auto& weak : queries) {
      if (const auto socket = weak.lock()) socket->close(ignored);
    }
  }
};

Relay::Relay(IoContext& io, IpAddress seat, const LabPortOptions& ports, RelayLimits limits)
    : inside_(std::make_shared<Inside>(io, seat, ports, limits)) {}

Relay::~Relay() { stop(); }

void Relay::open(const Door& door, int fd) {
  const Executor executor = inside_->io.get_executor();
  ErrorCode error;
  if (door.datagrams) {
    const auto socket = std::make_shared<UdpSocket>(executor);
    socket->assign(Udp::v4(), fd, error);
    inside_->datagrams.push_back(socket);
    if (!error) spawn(inside_->io, Inside::serve_datagrams(inside_, socket));
  } else {
    const auto acceptor = std::make_shared<Acceptor>(executor);
    acceptor->assign(Tcp::v4(), fd, error);
    inside_->acceptors.push_back(acceptor);
    if (!error) {
      spawn(inside_->io, accept_all<Tcp>(acceptor, [self = inside_](TcpSocket socket) {
              self->admit(self, std::move(socket));
            }));
    }
  }
  if (error) ::close(fd);
}

void Relay::stop() { inside_->stop(); }

}  // namespace nsp::lab

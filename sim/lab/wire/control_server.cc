#include "sim/lab/wire/control_server.h"

#include <poll.h>
#include <sys/stat.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <limits>
#include <list>
#include <utility>

#include "sim/lab/wire/accept.h"

namespace nsp::lab {
namespace {

using Protocol = asio::local::stream_protocol;
using LocalSocket = SocketOf<Protocol>;
using LocalAcceptor = AcceptorOf<Protocol>;

std::string refusal_line(std::string text) {
  return answer_line(std::unexpected(Refusal{std::move(text)}));
}

// The peer has closed both ways: it may have ended its own alone, and read on.
bool is_closed(int socket) {
  pollfd asked{socket, 0, 0};
  return ::poll(&asked, 1, 0) == 1 && (asked.revents & POLLHUP) != 0;
}

// Somebody who asks, and how long it may still take. Coroutines keep it alive.
struct ControlClient {
  LocalSocket socket;
  Timer deadline;
};
using ControlClientPointer = std::shared_ptr<ControlClient>;

// Closes the connection unless it is given a new deadline, or all the time it wants, before.
void give_time(const ControlClientPointer& client, std::chrono::milliseconds time) {
  client->deadline.expires_after(time);
  client->deadline.async_wait([weak = std::weak_ptr(client)](const ErrorCode& error) {
    const ControlClientPointer late = weak.lock();
    if (error || !late || late->deadline.expiry() > Clock::now()) return;
    ErrorCode ignored;
    late->socket.close(ignored);
  });
}

}  // namespace

struct ControlServer::Inside : std::enable_shared_from_this<ControlServer::Inside> {
  Inside(IoContext& context, RecordFeed& records, Answer how, std::chrono::milliseconds longest)
      : io(context),
        acceptor(std::make_shared<LocalAcceptor>(context)),
        feed(records),
        answer(std::move(how)),
        patience(longest) {}

  void admit(LocalSocket socket);
  Awaitable<void> serve(ControlClientPointer client);
  Awaitable<bool> reply(ControlClientPointer client, std::string_view line);
  Awaitable<bool> follow(ControlClientPointer client, bool go_on);
  Awaitable<bool> send(ControlClientPointer client, std::string text);
  void stop();

  IoContext& io;
  std::shared_ptr<LocalAcceptor> acceptor;
  RecordFeed& feed;
  Answer answer;
  std::chrono::milliseconds patience;
  std::list<ControlClientPointer> clients;
};

// One too many hears why, where its socket takes the line at once, as a new one does.
void ControlServer::Inside::admit(LocalSocket socket) {
  if (clients.size() >= kMostConnections) {
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    const std::string line = refusal_line("the lab has too many control connections") + '\n';
    socket.write_some(asio::buffer(line), ignored);
    return;
  }
  clients.push_front(
      std::make_shared<ControlClient>(ControlClient{std::move(socket), Timer(io.get_executor())}));
  spawn(io, serve(clients.front()));
}

Awaitable<void> ControlServer::Inside::serve(ControlClientPointer client) {
  const std::shared_ptr<Inside> self = shared_from_this();
  std::string buffer;
  bool more = true;
  while (more && client->socket.is_open()) {
    give_time(client, patience);
    ErrorCode error;
    const std::size_t size = co_await asio::async_read_until(
        client->socket, asio::dynamic_buffer(buffer, kMostControlBytes), '\n', into(error));
    if (error == asio::error::not_found) {
      const bool sent = co_await send(client, refusal_line("the line is longer than 1 MiB"));
      (void)sent;
    }
    if (error) break;
    const std::string line = buffer.substr(0, size - 1);
    buffer.erase(0, size);
    more = co_await reply(client, line);
  }
  client->deadline.cancel();
  clients.remove(client);
}

// False: the connection has ended.
Awaitable<bool> ControlServer::Inside::reply(ControlClientPointer client, std::string_view line) {
  const auto request = parse_control(line);
  bool sent = false;
  if (!request) {
    sent = co_await send(client, refusal_line(request.error()));
  } else if (const auto* logs = std::get_if<AskLogs>(&*request)) {
    sent = co_await follow(client, logs->follow);
  } else {
    sent = co_await send(client, answer(*request));
  }
  co_return sent;
}

// What is kept, and with `go_on` what comes, until the client goes. The end of the former is told
// by the end of the connection. Piece by piece: a client that does not read holds up one piece.
Awaitable<bool> ControlServer::Inside::follow(ControlClientPointer client, bool go_on) {
  constexpr std::size_t kPiece = 200;
  LocalSocket& socket = client->socket;
  const auto gone = std::make_shared<bool>(false);
  // When this has returned, the socket may be gone before its last event is.
  socket.async_wait(LocalSocket::wait_error,
                    [here = std::weak_ptr(gone), &socket, this](const ErrorCode& error) {
                      const auto told = here.lock();
                      if (error || !told) return;
                      *told = is_closed(socket.native_handle());
                      if (*told) feed.wake();
                    });
  std::uint64_t next = 0;
  const std::uint64_t end = go_on ? std::numeric_limits<std::uint64_t>::max() : feed.count();
  while (next < end && socket.is_open()) {
    give_time(client, patience);
    const std::string lines = feed.since(next, kPiece);
    ErrorCode error;
    co_await asio::async_write(socket, asio::buffer(lines), into(error));
    if (error) co_return false;
    client->deadline.cancel();
    while (go_on && next >= feed.count()) {
      if (*gone || feed.closed() || !socket.is_open()) co_return false;
      co_await feed.wait();
    }
  }
  co_return false;
}

Awaitable<bool> ControlServer::Inside::send(ControlClientPointer client, std::string text) {
  give_time(client, patience);
  text += '\n';
  ErrorCode error;
  co_await asio::async_write(client->socket, asio::buffer(text), into(error));
  co_return !error;
}

void ControlServer::Inside::stop() {
  ErrorCode ignored;
  acceptor->close(ignored);
  for (const ControlClientPointer& client : clients) client->socket.close(ignored);
}

ControlServer::ControlServer(IoContext& io, RecordFeed& feed, Answer answer,
                             std::chrono::milliseconds patience)
    : inside_(std::make_shared<Inside>(io, feed, std::move(answer), patience)) {}

ControlServer::~ControlServer() { stop(); }

Result<void> ControlServer::listen(const std::filesystem::path& path) {
  constexpr std::size_t kMostPath = 107;
  if (path.native().size() > kMostPath) {
    return problem(Problem::Kind::System, "the path of the control socket is too long: " +
                                              path.string() + ", expected at most 107 bytes");
  }
  ErrorCode error;
  LocalAcceptor& acceptor = *inside_->acceptor;
  acceptor.open(Protocol(), error);
  const mode_t before = ::umask(S_IRWXG | S_IRWXO | S_IXUSR);
  if (!error) acceptor.bind(Protocol::endpoint(path.native()), error);
  ::umask(before);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return problem(Problem::Kind::System,
                   "cannot listen at " + path.string() + ": " + error.message());
  }
  spawn(inside_->io, accept_all<Protocol>(inside_->acceptor, [self = inside_](LocalSocket socket) {
          self->admit(std::move(socket));
        }));
  return {};
}

void ControlServer::stop() { inside_->stop(); }

}  // namespace nsp::lab

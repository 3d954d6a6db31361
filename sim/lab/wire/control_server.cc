#include "sim/lab/wire/control_server.h"

#include <sys/stat.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
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

}  // namespace

struct ControlServer::Inside : std::enable_shared_from_this<ControlServer::Inside> {
  Inside(IoContext& context, RecordFeed& records, Answer how)
      : io(context),
        acceptor(std::make_shared<LocalAcceptor>(context)),
        feed(records),
        answer(std::move(how)) {}

  void admit(LocalSocket socket);
  Awaitable<void> serve(std::list<LocalSocket>::iterator socket);
  Awaitable<bool> reply(LocalSocket& socket, std::string_view line);
  Awaitable<bool> follow(LocalSocket& socket, bool go_on);
  Awaitable<bool> send(LocalSocket& socket, std::string text);
  void stop();

  IoContext& io;
  std::shared_ptr<LocalAcceptor> acceptor;
  RecordFeed& feed;
  Answer answer;
  std::list<LocalSocket> sockets;
};

void ControlServer::Inside::admit(LocalSocket socket) {
  if (sockets.size() >= kMostConnections) return;
  sockets.push_front(std::move(socket));
  spawn(io, serve(sockets.begin()));
}

Awaitable<void> ControlServer::Inside::serve(std::list<LocalSocket>::iterator socket) {
  const std::shared_ptr<Inside> self = shared_from_this();
  std::string buffer;
  bool more = true;
  while (more && socket->is_open()) {
    ErrorCode error;
    const std::size_t size = co_await asio::async_read_until(
        *socket, asio::dynamic_buffer(buffer, kMostControlBytes), '\n', into(error));
    if (error == asio::error::not_found) {
      const bool sent = co_await send(*socket, refusal_line("the line is longer than 1 MiB"));
      (void)sent;
    }
    if (error) break;
    const std::string line = buffer.substr(0, size - 1);
    buffer.erase(0, size);
    more = co_await reply(*socket, line);
  }
  sockets.erase(socket);
}

// False: the connection has ended.
Awaitable<bool> ControlServer::Inside::reply(LocalSocket& socket, std::string_view line) {
  const auto request = parse_control(line);
  bool sent = false;
  if (!request) {
    sent = co_await send(socket, refusal_line(request.error()));
  } else if (const auto* logs = std::get_if<AskLogs>(&*request)) {
    sent = co_await follow(socket, logs->follow);
  } else {
    sent = co_await send(socket, answer(*request));
  }
  co_return sent;
}

// What is kept, and with `go_on` what comes, until the client goes. The end of the former is told
// by the end of the connection.
Awaitable<bool> ControlServer::Inside::follow(LocalSocket& socket, bool go_on) {
  std::uint64_t next = 0;
  do {
    std::string lines = feed.since(next);
    ErrorCode error;
    co_await asio::async_write(socket, asio::buffer(lines), into(error));
    if (error) co_return false;
    if (go_on) co_await feed.wait(next);
  } while (go_on && !feed.closed() && socket.is_open());
  co_return false;
}

Awaitable<bool> ControlServer::Inside::send(LocalSocket& socket, std::string text) {
  text += '\n';
  ErrorCode error;
  co_await asio::async_write(socket, asio::buffer(text), into(error));
  co_return !error;
}

void ControlServer::Inside::stop() {
  ErrorCode ignored;
  acceptor->close(ignored);
  for (LocalSocket& socket : sockets) socket.close(ignored);
}

ControlServer::ControlServer(IoContext& io, RecordFeed& feed, Answer answer)
    : inside_(std::make_shared<Inside>(io, feed, std::move(answer))) {}

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

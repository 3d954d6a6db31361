#include "sim/lab/wire/stream.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "sim/lab/wire/socket_bio.h"

namespace nsp::lab {
namespace {

std::string words_of(int error) { return std::generic_category().message(error); }

bool blocks(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// Loopback has no reason to wait for more to send.
void send_at_once(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Problem::Kind kind_of(int error) {
  switch (error) {
    case ECONNREFUSED:
    case EADDRNOTAVAIL:
    case ENETUNREACH:
      return Problem::Kind::Refused;
    case ETIMEDOUT:
      return Problem::Kind::TimedOut;
    case ECANCELED:
      return Problem::Kind::Stopped;
    default:
      return Problem::Kind::System;
  }
}

std::unexpected<Problem> could_not_connect(Endpoint to, int error) {
  const Problem::Kind kind = kind_of(error);
  return problem(kind, fmt::format("cannot connect to {}: {}", to_string(to), words_of(error)));
}

bool bind_source(int fd, const IpAddress& from) {
#ifdef IP_BIND_ADDRESS_NO_PORT
  // The port is chosen when the other end is known: a port is then free per destination.
  int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
  SocketAddress address = to_socket_address({from, 0});
  return bind(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0;
}

}  // namespace

Stream::Side::Side(std::shared_ptr<Deadlines> deadlines, Stream& stream)
    : slot(std::move(deadlines), [this, &stream] {
        expired = true;
        stream.wake();
      }) {}

Stream::Stream(Socket socket, const std::shared_ptr<Deadlines>& deadlines)
    : socket_(std::move(socket)),
      fd_(socket_.native_handle()),
      reading_(deadlines, *this),
      writing_(deadlines, *this) {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  send_at_once(socket_.native_handle());
}

Stream::~Stream() = default;

void Stream::wake() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

Awaitable<Result<std::unique_ptr<Stream>>> Stream::connect(IoContext& io,
                                                           std::shared_ptr<Deadlines> deadlines,
                                                           std::optional<IpAddress> from,
                                                           Endpoint to, Clock::time_point due) {
  const int family = to.address.v4 ? AF_INET : AF_INET6;
  int fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return could_not_connect(to, errno);
  Socket socket(io.get_executor());
  ErrorCode error;
  socket.assign(asio::generic::stream_protocol(family, IPPROTO_TCP), fd, error);
  if (error) {
    ::close(fd);
    co_return could_not_connect(to, error.value());
  }
  auto stream = std::make_unique<Stream>(std::move(socket), deadlines);
  if (from && !bind_source(fd, *from)) co_return could_not_connect(to, errno);
  SocketAddress address = to_socket_address(to);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  if (::connect(fd, raw, address.size) == 0) co_return std::move(stream);
  if (errno != EINPROGRESS) co_return could_not_connect(to, errno);
  const int failed = co_await stream->finish_connecting(due);
  if (failed == 0) co_return std::move(stream);
  co_return could_not_connect(to, failed);
}

Awaitable<int> Stream::finish_connecting(Clock::time_point due) {
  Result<void> waited = co_await wait(Waits::Write, Step::Kind::WantWrite, due);
  if (!waited) co_return waited.error().kind == Problem::Kind::TimedOut ? ETIMEDOUT : ECANCELED;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size);
  co_return error;
}

Awaitable<Result<void>> Stream::handshake(SslPtr ssl, Clock::time_point due) {
  ssl_ = std::move(ssl);
  if (!attach_socket(*ssl_, fd_)) {
    co_return problem(Problem::Kind::System, "no memory for a TLS connection");
  }
  while (true) {
    ERR_clear_error();
    int result = SSL_do_handshake(ssl_.get());
    if (result == 1) co_return Result<void>();
    Step step = failed_tls(result);
    if (step.kind == Step::Kind::End) {
      co_return problem(Problem::Kind::Closed, "the peer closed during the TLS handshake");
    }
    if (step.kind == Step::Kind::Failed) co_return std::unexpected(failure_);
    Result<void> waited = co_await wait(Waits::Read, step.kind, due);
    if (!waited) co_return waited;
  }
}

Step Stream::failed_plain(int error) {
  if (error == ECONNRESET || error == EPIPE || error == ENOTCONN) {
    failure_ = {Problem::Kind::Closed, "the peer closed the connection"};
  } else {
    failure_ = {Problem::Kind::System, words_of(error)};
  }
  return {Step::Kind::Failed};
}

// What SSL_get_error makes of it.
Step Stream::failed_tls(int result) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Step::Kind::WantRead};
    case SSL_ERROR_WANT_WRITE:
      return {Step::Kind::WantWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {Step::Kind::End};
    case SSL_ERROR_SYSCALL:
      return failed_plain(system_error == 0 ? ECONNRESET : system_error);
    default:
      break;
  }
  failure_ = tls_problem(*ssl_);
  return {Step::Kind::Failed};
}

Step Stream::try_read(std::span<char> into) {
  if (ssl_) {
    ERR_clear_error();
    std::size_t count = 0;
    int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    return result == 1 ? Step{Step::Kind::Done, count} : failed_tls(result);
  }
  ssize_t count = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  if (count > 0) return {Step::Kind::Done, static_cast<std::size_t>(count)};
  if (count == 0) return {Step::Kind::End};
  return blocks(errno) ? Step{Step::Kind::WantRead} : failed_plain(errno);
}

Step Stream::try_write(std::string_view bytes) {
  if (ssl_) {
    ERR_clear_error();
    std::size_t count = 0;
    int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    return result == 1 ? Step{Step::Kind::Done, count} : failed_tls(result);
  }
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  ssize_t count = ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags);
  if (count >= 0) return {Step::Kind::Done, static_cast<std::size_t>(count)};
  return blocks(errno) ? Step{Step::Kind::WantWrite} : failed_plain(errno);
}

bool Stream::has_pending() const { return ssl_ && SSL_pending(ssl_.get()) > 0; }

Awaitable<Result<void>> Stream::wait(Waits way, Step::Kind want, Clock::time_point due) {
  Side& mine = side(way);
  ErrorCode error;
  if (!mine.stopped && !mine.expired) {
    mine.slot.set(due);
    co_await socket_.async_wait(
        want == Step::Kind::WantWrite ? Socket::wait_write : Socket::wait_read, into(error));
    mine.slot.clear();
  }
  if (mine.stopped) co_return problem(Problem::Kind::Stopped, "this side is closing");
  if (std::exchange(mine.expired, false)) {
    co_return problem(Problem::Kind::TimedOut, "the peer was too slow");
  }
  if (error && error != asio::error::operation_aborted) {
    co_return problem(Problem::Kind::System, error.message());
  }
  co_return Result<void>();
}

Awaitable<Result<std::size_t>> Stream::read_some(std::span<char> into, Patience& patience) {
  while (true) {
    Step step = try_read(into);
    if (step.kind == Step::Kind::Done) {
      patience.moved(step.count);
      co_return step.count;
    }
    if (step.kind == Step::Kind::End) co_return 0;
    if (step.kind == Step::Kind::Failed) co_return std::unexpected(failure_);
    const Clock::time_point start = Clock::now();
    Result<void> waited = co_await wait(Waits::Read, step.kind, start + patience.left());
    if (!waited) co_return std::unexpected(waited.error());
    patience.waited(Clock::now() - start);
  }
}

Awaitable<Result<void>> Stream::write_all(std::string_view bytes, Patience& patience) {
  while (!bytes.empty()) {
    Step step = try_write(bytes);
    if (step.kind == Step::Kind::Done) {
      patience.moved(step.count);
      bytes.remove_prefix(step.count);
      continue;
    }
    if (step.kind == Step::Kind::End) {
      co_return problem(Problem::Kind::Closed, "the peer closed the connection");
    }
    if (step.kind == Step::Kind::Failed) co_return std::unexpected(failure_);
    const Clock::time_point start = Clock::now();
    Result<void> waited = co_await wait(Waits::Write, step.kind, start + patience.left());
    if (!waited) co_return waited;
    patience.waited(Clock::now() - start);
  }
  co_return Result<void>();
}

void Stream::stop(Waits way) {
  side(way).stopped = true;
  wake();
}

void Stream::end_writing() {
  if (ssl_ && SSL_is_init_finished(ssl_.get())) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Stream::cut() {
  cut_ = true;
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  stop(Waits::Read);
  stop(Waits::Write);
}

// Reads the socket itself: what TLS would make of it no longer matters.
Awaitable<void> Stream::linger(Clock::time_point due, std::uint64_t most) {
  if (cut_) co_return;
  reading_.stopped = false;
  std::vector<char> dropped(16'384);
  std::uint64_t count = 0;
  while (count < most && Clock::now() < due) {
    ssize_t got = ::recv(socket_.native_handle(), dropped.data(), dropped.size(), MSG_DONTWAIT);
    if (got > 0) count += static_cast<std::uint64_t>(got);
    if (got > 0) continue;
    if (got == 0 || !blocks(errno)) co_return;
    Result<void> waited = co_await wait(Waits::Read, Step::Kind::WantRead, due);
    if (!waited) co_return;
  }
}

bool Stream::is_stale() {
  char one = 0;
  ssize_t got = ::recv(socket_.native_handle(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || !blocks(errno) || has_pending();
}

}  // namespace nsp::lab

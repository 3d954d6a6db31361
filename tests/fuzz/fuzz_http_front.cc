// Bytes → a server's connection: no crash, it ends when the client has closed, whatever was said,
// and what it answers starts like an answer. The first byte says how the bytes are cut into pieces,
// so that they arrive in several.
#include "sim/lab/wire/asio.h"
//
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/lab/wire/http_server.h"

namespace {

using namespace nsp::lab;

void require(bool holds) {
  if (!holds) std::abort();
}

// Reads the body of every other connection piece by piece, and answers in pieces, too.
Awaitable<void> handle(Exchange& exchange) {
  if (exchange.request().method == "POST") {
    Result<std::string> body = co_await exchange.whole_body(10'000);
    if (!body) co_return;
    Response response;
    response.headers.add("x-target", exchange.request().target);
    response.body = *std::move(body);
    Result<void> sent = co_await exchange.answer(std::move(response));
    (void)sent;
    co_return;
  }
  Response head;
  Result<void> sent = co_await exchange.begin(head, std::nullopt);
  std::string piece(7, '\0');
  while (sent) {
    Result<std::size_t> got = co_await exchange.read(piece);
    if (!got || *got == 0) break;
    sent = co_await exchange.write(std::string_view(piece).substr(0, *got));
  }
  if (sent) sent = co_await exchange.finish();
}

HttpLimits limits() {
  HttpLimits made;
  made.head_bytes = 2'000;
  made.body_bytes = 20'000;
  made.linger = std::chrono::milliseconds(20);
  return made;
}

// Lets the server do all that it can without waiting for time to pass.
void settle(IoContext& io) {
  while (io.poll() != 0) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  int pair[2];
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
  IoContext io;
  HttpServer server(io, limits());
  auto site = std::make_shared<Site>();
  site->handler = handle;
  Socket socket(io.get_executor(), asio::generic::stream_protocol(AF_UNIX, 0), pair[0]);
  server.serve(std::move(socket), {}, site, Transport::Plain);
  settle(io);

  std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t step = data[0] % 4 == 0 ? bytes.size() + 1 : 1U + data[0];
  std::string said;
  char buffer[4096];
  const auto listen = [&] {
    for (ssize_t got = 0; (got = recv(pair[1], buffer, sizeof buffer, 0)) > 0;) {
      said.append(buffer, static_cast<std::size_t>(got));
    }
  };
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    if (send(pair[1], piece.data(), piece.size(), MSG_NOSIGNAL) <= 0) break;
    settle(io);
    listen();
  }
  shutdown(pair[1], SHUT_WR);
  settle(io);
  listen();
  close(pair[1]);
  settle(io);
  require(server.counts().open == 0);
  require(said.empty() || said.starts_with("HTTP/1.1 "));
  return 0;
}

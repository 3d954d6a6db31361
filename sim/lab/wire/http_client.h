// An HTTP/1.1 client that calls from an address of one's choice.
//
// A call goes from a source address to an address and port, never to a name: who calls has resolved
// it, as the one who calls would. With TLS, the server's name is sent (SNI) and its certificate
// must be valid for it. Connections are kept alive and used again for the same route.
//
//   HttpClient client(io, tls, {});
//   Result<Response> answer = co_await client.fetch(route, request, 1'000'000);
//
// or in pieces, both ways at once:
//
//   Result<Call> call = co_await client.begin(route, head, length);
//   co_await call->write(bytes); … co_await call->finish();   // one coroutine
//   Result<Response> head = co_await call->head();            // another
//   Result<std::size_t> count = co_await call->read(buffer);  // 0: the end
//
// Errors are values. Thread safety: none. Lifetime: a client outlives its calls.
#ifndef NSP_SIM_LAB_WIRE_HTTP_CLIENT_H_
#define NSP_SIM_LAB_WIRE_HTTP_CLIENT_H_

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/lab/message.h"
#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/tls.h"

namespace nsp::lab {

struct Route {
  std::optional<IpAddress> from;  // nothing: as the system chooses
  Endpoint to;
  bool tls = false;
  std::string name;  // of the server, for TLS: host name without port

  bool operator==(const Route&) const = default;
  auto operator<=>(const Route&) const = default;
};

struct HttpClientLimits {
  std::chrono::milliseconds connect{10'000};  // TCP and TLS together
  std::chrono::milliseconds head{100'000};    // from the request's end to the answer's head
  std::chrono::milliseconds idle{30'000};     // bodies, both ways; see HttpLimits
  std::uint64_t lowest_rate = 1'000;
  std::uint32_t head_bytes = 64 * 1024;
  std::chrono::milliseconds keep{30'000};  // a connection not in use
  std::size_t kept_a_route = 16;
  std::size_t kept = 256;
};

class ClientConnection;
struct ClientCore;

// One request under way at a client. Closes its connection when it ends early, else gives it back.
class Call {
 public:
  Call(Call&&) noexcept;
  Call& operator=(Call&&) noexcept;
  ~Call();

  // The request's body. REQUIRES: as many bytes as were announced.
  [[nodiscard]] Awaitable<Result<void>> write(std::string_view bytes);
  [[nodiscard]] Awaitable<Result<void>> finish();

  // Status and headers of the answer; interim answers (1xx) are skipped. May come before the
  // request's end.
  [[nodiscard]] Awaitable<Result<Response>> head();
  // As announced; nothing where it is not. REQUIRES: `head` returned one.
  [[nodiscard]] std::optional<std::uint64_t> body_length() const;
  // The next bytes of its body, at least one unless it has ended: then 0.
  [[nodiscard]] Awaitable<Result<std::size_t>> read(std::span<char> into);

  // Wakes whoever waits in this call, with the error Stopped; its connection is not used again.
  void stop();

 private:
  friend class HttpClient;
  Call(std::shared_ptr<ClientCore> core, std::unique_ptr<ClientConnection> connection);
  void release();

  std::shared_ptr<ClientCore> core_;
  std::unique_ptr<ClientConnection> connection_;
};

class HttpClient {
 public:
  // Without `tls`, routes with TLS fail.
  HttpClient(IoContext& io, std::shared_ptr<ClientTls> tls, HttpClientLimits limits);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends the head. `length` of the body that follows; nothing: in chunks. Headers that frame a
  // message are the wire's own, as in an Exchange; Host is added where there is none.
  [[nodiscard]] Awaitable<Result<Call>> begin(Route route, Request head,
                                              std::optional<std::uint64_t> length);

  // A connection without HTTP: `write` and `read` of the call pass bytes as they are, `finish`
  // tells the server that no more will come. TLS where the route has it.
  [[nodiscard]] Awaitable<Result<Call>> open(Route route);

  // Request and answer whole. TooLarge where the answer's body is more than `most`. A kept
  // connection that turns out to be closed is replaced once.
  [[nodiscard]] Awaitable<Result<Response>> fetch(Route route, Request request, std::size_t most);

  [[nodiscard]] IoContext& io() const;
  // Connections kept for later, now.
  [[nodiscard]] std::size_t kept() const;
  // Closes those kept.
  void forget();

 private:
  [[nodiscard]] Awaitable<Result<Call>> begin_on(Route route, const Request& head,
                                                 std::optional<std::uint64_t> length, bool fresh);
  [[nodiscard]] static Awaitable<Result<Response>> finish_call(Call& call, const Request& request,
                                                               std::size_t most);

  std::shared_ptr<ClientCore> core_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_HTTP_CLIENT_H_

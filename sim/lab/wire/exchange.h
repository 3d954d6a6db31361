// One request under way at a server, and the answer to it.
//
// A handler sees plain TCP and TLS alike. The request's head is there from the start; its body is
// read whole or in pieces, or not at all (then what little of it is still to come is skipped, and
// the connection closed where it is more). The answer goes out whole or in pieces, before, while or
// after the body is read: one coroutine may read while another writes.
//
//   Awaitable<void> greet(Exchange& exchange) {
//     Result<std::string> body = co_await exchange.whole_body(1'000);
//     if (!body) co_return;  // too large, too slow, gone: the server answers what can be answered
//     Result<void> sent = co_await exchange.answer({200, {}, "hello " + *body});
//   }
//
// A handler that returns without an answer leaves it to the server: 413, 408 or 400 where reading
// the body failed that way, else 500. Errors are values; after one of `write` there is nobody to
// talk to and the handler should return. Headers that frame a message (Content-Length,
// Transfer-Encoding, Connection) are the wire's own: what a handler sets of them is left out. Date
// is added where there is none.
//
// Lifetime: until the handler returns. Thread safety: none.
#ifndef NSP_SIM_LAB_WIRE_EXCHANGE_H_
#define NSP_SIM_LAB_WIRE_EXCHANGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/lab/message.h"
#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/problem.h"

namespace nsp::lab {

// The connection that a request came on.
struct Peer {
  Endpoint remote;  // who it came from
  Endpoint local;   // what it was made to
  bool tls = false;
  std::string sni;               // lower case; empty where the client named no host
  std::uint64_t connection = 0;  // 1, 2, … in order of acceptance at this server
  Clock::time_point accepted;
  // What the handler keeps from one request of the connection to the next.
  std::shared_ptr<void> state;
};

class Connection;

class Exchange {
 public:
  // The head: method, target and headers. The body is empty until `whole_body`'s caller puts it
  // there.
  [[nodiscard]] Request& request();
  [[nodiscard]] const Request& request() const;
  [[nodiscard]] Peer& peer();

  // As announced; nothing where it comes in chunks. 0: there is none.
  [[nodiscard]] std::optional<std::uint64_t> body_length() const;

  // The next bytes, at least one unless the body has ended: then 0. REQUIRES: `into` is not empty.
  [[nodiscard]] Awaitable<Result<std::size_t>> read(std::span<char> into);
  // All that is still to come; TooLarge where it is more than `most`.
  [[nodiscard]] Awaitable<Result<std::string>> whole_body(std::size_t most);

  // The whole answer. To HEAD and with status 304, a Content-Length that the handler sets is kept:
  // it knows what a GET would get. REQUIRES: none was begun.
  [[nodiscard]] Awaitable<Result<void>> answer(Response response);

  // An answer in pieces: the head (`head.body` is sent with it, and counts), then any number of
  // `write`s, then `finish`. With `length`, exactly that many bytes must follow. Answers to HEAD,
  // and those of status 1xx, 204 and 304, have no body: what is written is dropped.
  [[nodiscard]] Awaitable<Result<void>> begin(Response head, std::optional<std::uint64_t> length);
  [[nodiscard]] Awaitable<Result<void>> write(std::string_view bytes);
  [[nodiscard]] Awaitable<Result<void>> finish();
  [[nodiscard]] bool begun() const;

  // For CONNECT: answers 200, and from then on `read` and `write` pass the connection's own bytes;
  // `finish` tells the client that no more will come. The connection ends with the handler.
  [[nodiscard]] Awaitable<Result<void>> begin_tunnel();

  // Wakes a coroutine that waits in `read`, which then has the error Stopped.
  void stop_reading();
  // Closes the connection now: whoever waits for it has the error Stopped.
  void cut();
  // Closes the connection once the handler has returned, whatever was answered.
  void close_afterwards();

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  friend class Connection;
  explicit Exchange(Connection& connection) : connection_(connection) {}
  Connection& connection_;
};

using Handler = std::function<Awaitable<void>(Exchange&)>;

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_EXCHANGE_H_

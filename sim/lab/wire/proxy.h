// A server's exchange joined to a client's call, and a client's connection joined to another.
#ifndef NSP_SIM_LAB_WIRE_PROXY_H_
#define NSP_SIM_LAB_WIRE_PROXY_H_

#include <functional>
#include <optional>
#include <utility>

#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/http_client.h"

namespace nsp::lab {

// Passes an exchange on to another server and its answer back: bodies stream both ways at once
// through 64 KB each, headers of the connection itself (RFC 9110 section 7.6.1) are taken out.
struct Filters {
  Filters() = default;
  explicit Filters(std::function<void(Request&)> of_request,
                   std::function<void(Response&)> of_response = {})
      : request(std::move(of_request)), response(std::move(of_response)) {}

  std::function<void(Request&)> request;    // before it is sent
  std::function<void(Response&)> response;  // the head, before it is sent back
  // What is answered instead of a head that came back; nothing: that head, with its body.
  std::function<std::optional<Response>(const Response&)> instead = nullptr;
  // What is answered where the other server gives no answer; not set: 502, or 504 where it is too
  // slow, with the problem as text.
  std::function<Response(const Problem&)> failure = nullptr;
};
// Where the other server gives no answer, the problem is returned. Once the answer is begun, a
// failure cuts the connection.
[[nodiscard]] Awaitable<Result<void>> proxy(Exchange& exchange, HttpClient& client, Route route,
                                            const Filters& filters);

// Answers a CONNECT request: opens a TCP connection and then passes bytes both ways, whatever they
// are, until one side has closed both or nothing has moved for `idle`. 502 or 504 where it cannot
// be opened.
[[nodiscard]] Awaitable<Result<void>> tunnel(Exchange& exchange, HttpClient& client, Route route,
                                             std::chrono::milliseconds idle);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_PROXY_H_

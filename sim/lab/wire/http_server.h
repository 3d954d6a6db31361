// An HTTP/1.1 server on any number of addresses: all listeners of a lab are one server.
//
// Keep-alive and pipelining (answers in order, one request at a time a connection), chunked bodies,
// `Expect: 100-continue`, HEAD; plain and TLS by the same code.
//
// Nothing that one client does touches another: each wait for a client has its limit below, and a
// client that exceeds one loses its connection, after an answer that says so where one can still be
// sent: 400 not HTTP, 408 too slow, 413 body too large, 431 head too large, 503 too many
// connections (plain HTTP only).
//
// An idle connection holds no buffers. Thread safety: none; everything happens in the io_context's
// one thread.
#ifndef NSP_SIM_LAB_WIRE_HTTP_SERVER_H_
#define NSP_SIM_LAB_WIRE_HTTP_SERVER_H_

#include <chrono>
#include <cstdint>
#include <memory>

#include "sim/lab/wire/endpoint.h"
#include "sim/lab/wire/exchange.h"
#include "sim/lab/wire/tls.h"

namespace nsp::lab {

struct HttpLimits {
  std::uint32_t head_bytes = 32 * 1024;  // request line and headers
  // Of a request; the storage service's largest block is 4 000 MiB, 5 000 in a single upload.
  std::uint64_t body_bytes = 5'000ULL * 1024 * 1024;
  std::size_t connections = 20'000;  // in all; each site may have a limit of its own

  std::chrono::milliseconds handshake{10'000};    // TLS, from accept to its end
  std::chrono::milliseconds head{15'000};         // from its first byte to its last
  std::chrono::milliseconds keep_alive{120'000};  // between requests, and before the first
  // Bodies, both ways: the longest wait for a client that reads or sends nothing. One that is
  // merely slow earns its waiting time back at `lowest_rate`, so that trickling does not help.
  std::chrono::milliseconds idle{30'000};
  std::uint64_t lowest_rate = 1'000;  // bytes a second
  // After a last answer, how long and how much the client may still send before it is cut off: cut
  // off at once, it could miss the answer.
  std::chrono::milliseconds linger{1'000};
  std::uint64_t linger_bytes = 1'048'576;
};

// Who answers at some addresses: a node. Shared by its listeners and connections. REQUIRES: handler
// and tls stay as they are while it listens.
struct Site {
  Handler handler;
  std::shared_ptr<ServerTls> tls;   // for listeners with TLS
  std::size_t connections = 5'000;  // at all its listeners together
  std::size_t open = 0;             // kept by the server
};

enum class Transport : std::uint8_t { Plain, Tls };

class HttpServer {
 public:
  struct Counts {
    std::size_t open = 0;           // connections now
    std::uint64_t accepted = 0;     // connections ever
    std::uint64_t turned_away = 0;  // for there were too many
    std::uint64_t requests = 0;     // that reached a handler

    bool operator==(const Counts&) const = default;
  };

  HttpServer(IoContext& io, HttpLimits limits, Reach reach = Reach::Loopback);
  // What is still open is closed. Coroutines of handlers that wait for something else go on until
  // they notice.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The endpoint listened on (its port chosen, where 0 was asked for). REQUIRES: `site->tls` where
  // transport is Tls.
  [[nodiscard]] Result<Endpoint> listen(Endpoint at, std::shared_ptr<Site> site,
                                        Transport transport);
  // Established connections go on.
  void stop_listening(const Endpoint& at);

  // Serves a connected socket, whoever accepted it: a Unix socket, a pair in a test.
  void serve(Socket socket, Peer peer, std::shared_ptr<Site> site, Transport transport);

  // Listens no more, closes idle connections, lets requests under way end (their answers say
  // `Connection: close`) and closes what is left after `grace`. Returns when nothing is open.
  [[nodiscard]] Awaitable<void> stop(std::chrono::milliseconds grace);

  [[nodiscard]] const Counts& counts() const;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_HTTP_SERVER_H_

// A server of the lab on a thread of its own, and clients that say any bytes.
#ifndef NSP_TESTS_UNIT_LAB_WIRE_FIXTURE_H_
#define NSP_TESTS_UNIT_LAB_WIRE_FIXTURE_H_

#include "sim/lab/wire/asio.h"
//
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "sim/lab/authority.h"
#include "sim/lab/wire/http_client.h"
#include "sim/lab/wire/http_server.h"

namespace nsp::lab {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Nothing that a test waits for takes longer.
inline constexpr seconds kLongest{20};

// An io_context that runs on a thread until the end of the test.
class Loop {
 public:
  Loop() : work_(io_.get_executor()), thread_([this] { io_.run(); }) {}
  ~Loop() { end(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  IoContext& io() { return io_; }

  // Runs `task` there and waits for its result.
  template <class Task>
  auto run(Task task) {
    using Out = decltype(task());
    std::packaged_task<Out()> packaged(std::move(task));
    std::future<Out> result = packaged.get_future();
    asio::post(io_, [&packaged] { packaged(); });
    return result.get();
  }

  // Runs a coroutine there and waits for its result.
  template <class T>
  T wait_for(Awaitable<T> coroutine) {
    std::promise<T> promise;
    asio::post(io_, [this, &promise, &coroutine] {
      asio::co_spawn(io_.get_executor(), fulfil(std::move(coroutine), promise), asio::detached);
    });
    return promise.get_future().get();
  }
  void wait_for(Awaitable<void> coroutine) { wait_for(with_value(std::move(coroutine))); }

  void end() {
    work_.reset();
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }

 private:
  template <class T>
  static Awaitable<void> fulfil(Awaitable<T> coroutine, std::promise<T>& promise) {
    T result = co_await std::move(coroutine);
    promise.set_value(std::move(result));
  }
  static Awaitable<bool> with_value(Awaitable<void> coroutine) {
    co_await std::move(coroutine);
    co_return true;
  }

  IoContext io_;
  asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

inline const IpAddress kHere = IpAddress::from_v4(0x7f00'0001);

// A server with one site.
class TestServer {
 public:
  TestServer(Handler handler, HttpLimits limits = {}, std::shared_ptr<ServerTls> tls = nullptr)
      : site(std::make_shared<Site>()) {
    site->handler = std::move(handler);
    site->tls = std::move(tls);
    loop.run([&] {
      server = std::make_unique<HttpServer>(loop.io(), limits);
      const Transport transport = site->tls ? Transport::Tls : Transport::Plain;
      at = server->listen({kHere, 0}, site, transport).value();
    });
  }
  ~TestServer() {
    loop.run([&] { server.reset(); });
  }

  HttpServer::Counts counts() {
    return loop.run([&] { return server->counts(); });
  }
  // Until nothing is open, or for as long as a test may take.
  bool empties() {
    for (int i = 0; i < 1'000; ++i) {
      if (counts().open == 0) return true;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }

  Loop loop;
  std::shared_ptr<Site> site;
  std::unique_ptr<HttpServer> server;
  Endpoint at;
};

// A blocking socket that sends and reads bytes as they are.
class RawClient {
 public:
  explicit RawClient(const Endpoint& to) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    timeval longest{kLongest.count(), 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    SocketAddress address = to_socket_address(to);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address.storage), address.size) == 0;
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void shut() { ::shutdown(fd_, SHUT_WR); }

  // How many went out before the peer closed.
  std::size_t send(std::string_view bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      ssize_t count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    return sent;
  }

  // Everything until the peer closes or resets; `(timed out)` at the end where it does not.
  std::string rest() {
    std::string all;
    while (read_more(all)) {
    }
    return all;
  }
  // Until `end` has been read.
  std::string until(std::string_view end) {
    std::string all;
    while (all.find(end) == std::string::npos && read_more(all)) {
    }
    return all;
  }

 private:
  bool read_more(std::string& all) {
    char buffer[16 * 1024];
    ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
    if (count > 0) all.append(buffer, static_cast<std::size_t>(count));
    if (count < 0 && errno == EAGAIN) all += "(timed out)";
    return count > 0;
  }

  int fd_;
  bool connected_ = false;
};

// Says the same bytes to everybody who connects, one after the other, once it has read `until`;
// then closes.
class CannedServer {
 public:
  explicit CannedServer(std::string answer, std::string until = "\r\n\r\n")
      : answer_(std::move(answer)), until_(std::move(until)) {
    at = {kHere, 0};
    fd_ = listen_at(at, Reach::Loopback).value();
    thread_ = std::thread([this] { serve(); });
  }
  ~CannedServer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

  Endpoint at;

 private:
  void serve() {
    while (true) {
      fd_set set;
      FD_ZERO(&set);
      FD_SET(fd_, &set);
      ::select(fd_ + 1, &set, nullptr, nullptr, nullptr);
      int peer = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      answer(peer);
      ::close(peer);
    }
  }
  void answer(int peer) {
    timeval longest{kLongest.count(), 0};
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    std::string read;
    char buffer[4096];
    while (read.find(until_) == std::string::npos) {
      ssize_t count = ::recv(peer, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      read.append(buffer, static_cast<std::size_t>(count));
    }
    (void)::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL);
  }

  std::string answer_;
  std::string until_;
  int fd_ = -1;
  std::thread thread_;
};

inline Authority test_authority() {
  return Authority::make(std::chrono::system_clock::now()).value();
}

inline std::shared_ptr<ServerTls> test_tls(const Authority& authority, LeafNames names) {
  Certificate leaf = authority.issue(names, std::chrono::system_clock::now()).value();
  return ServerTls::make(leaf).value();
}

// Answers with a head that does not change from day to day.
inline Response fixed(unsigned status, std::string body) {
  Response response{status, {}, std::move(body)};
  response.headers.add("Date", "today");
  return response;
}

inline Awaitable<void> say_hello(Exchange& exchange) {
  Result<void> sent = co_await exchange.answer(fixed(200, "hello"));
  EXPECT_TRUE(sent);
}

// What came, as the answer: method, target and body.
inline Awaitable<void> say_again(Exchange& exchange) {
  Result<std::string> body = co_await exchange.whole_body(100'000);
  if (!body) co_return;
  std::string text = exchange.request().method + ' ' + exchange.request().target + ' ' + *body;
  Result<void> sent = co_await exchange.answer(fixed(200, std::move(text)));
}

// The same as a client reads it.
inline Result<Response> fixed_answer(std::string body) {
  Response response = fixed(200, std::move(body));
  response.headers.add("Content-Length", std::to_string(response.body.size()));
  return response;
}

// The body that came, as it comes.
inline Awaitable<void> echo(Exchange& exchange) {
  Result<void> sent = co_await exchange.begin(fixed(200, ""), exchange.body_length());
  std::vector<char> piece(50'000);
  while (sent) {
    Result<std::size_t> got = co_await exchange.read(piece);
    if (!got) co_return;
    if (*got == 0) break;
    sent = co_await exchange.write({piece.data(), *got});
  }
  if (sent) sent = co_await exchange.finish();
}

inline std::string answer_of(std::string_view body, std::string_view status = "200 OK",
                             std::string_view more = "") {
  return "HTTP/1.1 " + std::string(status) +
         "\r\nDate: today\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more) + "\r\n" + std::string(body);
}

}  // namespace nsp::lab

#endif  // NSP_TESTS_UNIT_LAB_WIRE_FIXTURE_H_

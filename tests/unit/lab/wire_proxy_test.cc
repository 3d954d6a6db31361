#include <atomic>
#include <fstream>

#include "sim/lab/wire/proxy.h"
#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A server that passes everything on to another one. On its own thread, as the other.
struct ProxyServer {
  ProxyServer(Endpoint to, Filters with, HttpClientLimits limits = {}, HttpLimits own = {})
      : route({}, to),
        filters(std::move(with)),
        server([this](Exchange& exchange) { return pass(exchange); }, own) {
    server.loop.run(
        [&] { client = std::make_unique<HttpClient>(server.loop.io(), nullptr, limits); });
  }
  ~ProxyServer() {
    server.loop.run([&] { server.server->stop_listening(server.at); });
    EXPECT_TRUE(server.empties());
    server.loop.run([&] { client.reset(); });
  }
  Awaitable<void> pass(Exchange& exchange) {
    Result<void> passed = co_await proxy(exchange, *client, route, filters);
    last = passed ? "passed" : passed.error().text;
  }

  Route route;
  Filters filters;
  std::unique_ptr<HttpClient> client;
  std::string last;  // read once the server is empty
  TestServer server;
};

Awaitable<void> tell_headers(Exchange& exchange) {
  std::string text = exchange.request().method + ' ' + exchange.request().target + '\n';
  for (const auto& [name, value] : exchange.request().headers.all())
    text += name + ": " + value + '\n';
  Response response = fixed(201, std::move(text));
  response.headers.add("Keep-Alive", "timeout=5");
  response.headers.add("x-ms-request-id", "7");
  Result<void> sent = co_await exchange.answer(std::move(response));
  EXPECT_TRUE(sent);
}

TEST(WireProxy, PassesHeadersButThoseOfTheConnection) {
  TestServer backend(tell_headers);
  ProxyServer proxy(backend.at,
                    Filters([](Request& request) { request.headers.set("Host", "backend"); },
                            [](Response& response) { response.headers.set("x-nspsim", "1"); }));
  RawClient client(proxy.server.at);
  client.send(
      "GET /c/b?comp=list HTTP/1.1\r\nHost: front\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\n"
      "TE: trailers\r\nKeep-Alive: 5\r\nProxy-Authorization: x\r\nUpgrade: y\r\nx-ms-version: 2\r\n"
      "x-ms-version: 3\r\n\r\n");
  EXPECT_EQ(client.rest(),
            "HTTP/1.1 201 Created\r\nDate: today\r\nx-ms-request-id: 7\r\nx-nspsim: 1\r\n"
            "Content-Length: 65\r\nConnection: close\r\n\r\n"
            "GET /c/b?comp=list\nx-ms-version: 2\nx-ms-version: 3\nHost: backend\n");
}

TEST(WireProxy, PassesChunksOn) {
  TestServer backend(echo);
  ProxyServer proxy(backend.at, Filters());
  RawClient client(proxy.server.at);
  client.send(
      "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n"
      "Connection: close\r\n\r\n");
  std::string all = client.until("Continue\r\n\r\n");
  client.send("3\r\nabc\r\n");
  all += client.until("abc\r\n");
  client.send("1\r\nd\r\n0\r\n\r\n");
  all += client.rest();
  EXPECT_EQ(
      all,
      "HTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 200 OK\r\nDate: today\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n");
}

// The most memory that this process ever had, in KB, since `forget_peak`.
long peak_kb() {
  std::ifstream in("/proc/self/status");
  std::string word;
  long kb = 0;
  while (in >> word && word != "VmHWM:") {
  }
  in >> kb;
  return kb;
}
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5\n"; }

constexpr std::size_t kMuch = 64 * 1024 * 1024;

Awaitable<bool> send_much(Call& call) {
  const std::string piece(256 * 1024, 'x');
  for (std::size_t sent = 0; sent < kMuch; sent += piece.size()) {
    Result<void> written = co_await call.write(piece);
    if (!written) co_return false;
  }
  Result<void> finished = co_await call.finish();
  co_return finished.has_value();
}

Awaitable<std::size_t> receive_much(Call& call) {
  Result<Response> head = co_await call.head();
  std::size_t count = 0;
  std::vector<char> piece(256 * 1024);
  while (head) {
    Result<std::size_t> got = co_await call.read(piece);
    if (!got || *got == 0) break;
    count += *got;
  }
  co_return count;
}

TEST(WireProxy, StreamsMuchBothWaysThroughLittleMemory) {
  TestServer backend(echo);
  ProxyServer proxy(backend.at, Filters());
  Loop loop;
  HttpClient client(loop.io(), nullptr, {});
  Result<Call> call =
      loop.wait_for(client.begin({{}, proxy.server.at}, Request("PUT", "/"), kMuch));
  ASSERT_TRUE(call);
  forget_peak();
  const long before = peak_kb();
  std::promise<bool> sent;
  asio::post(loop.io(), [&] {
    asio::co_spawn(loop.io().get_executor(), send_much(*call),
                   [&](const std::exception_ptr&, bool all) { sent.set_value(all); });
  });
  EXPECT_EQ(loop.wait_for(receive_much(*call)), kMuch);
  EXPECT_TRUE(sent.get_future().get());
  // Sanitizers keep what was freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  EXPECT_LT(peak_kb() - before, static_cast<long>(4 * kMuch / 1024));
#else
  EXPECT_LT(peak_kb() - before, 16 * 1024);
#endif
  loop.run([&] { Call gone = *std::move(call); });
  EXPECT_EQ(loop.run([&] { return client.kept(); }), 1);
  loop.run([&] { client.forget(); });
}

// A client that does not read holds the other server back, not this one's memory.
Awaitable<void> say_much_through(Exchange& exchange) {
  Result<void> sent = co_await exchange.begin(fixed(200, ""), std::nullopt);
  const std::string piece(100'000, 'a');
  for (int i = 0; sent && i < 2'000; ++i) sent = co_await exchange.write(piece);
  EXPECT_FALSE(sent);
}

TEST(WireProxy, IsHeldBackByAClientThatDoesNotRead) {
  HttpLimits limits;
  limits.idle = milliseconds(300);
  TestServer backend(say_much_through);
  ProxyServer proxy(backend.at, Filters(), {}, limits);
  forget_peak();
  const long before = peak_kb();
  RawClient client(proxy.server.at);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (proxy.server.counts().requests == 0) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(proxy.server.empties());
  EXPECT_TRUE(backend.empties());
  EXPECT_EQ(proxy.last, "the peer was too slow");
  EXPECT_LT(peak_kb() - before, 16 * 1024);
}

Awaitable<void> refuse_early(Exchange& exchange) {
  Result<void> sent = co_await exchange.answer(fixed(403, "no"));
  EXPECT_TRUE(sent);
}

TEST(WireProxy, PassesAnAnswerThatComesBeforeTheRequestsEnd) {
  TestServer backend(refuse_early);
  ProxyServer proxy(backend.at, Filters());
  RawClient client(proxy.server.at);
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nabc");
  EXPECT_THAT(client.rest(), ::testing::AllOf(StartsWith("HTTP/1.1 403 Forbidden\r\n"),
                                              ::testing::EndsWith("\r\n\r\nno")));
}

std::string proxy_gist(const std::string& answer) {
  return answer.substr(9, 3) + ' ' + answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST(WireProxy, SaysWhenTheOtherServerDoesNotAnswer) {
  Endpoint nowhere;
  {
    TestServer gone(echo);
    nowhere = gone.at;
  }
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  {
    ProxyServer proxy(nowhere, Filters());
    RawClient client(proxy.server.at);
    client.send(get);
    EXPECT_EQ(proxy_gist(client.rest()),
              "502 cannot connect to " + to_string(nowhere) + ": Connection refused\n");
  }
  {
    CannedServer backend("nonsense\r\n\r\n");
    ProxyServer proxy(backend.at, Filters());
    RawClient client(proxy.server.at);
    client.send(get);
    EXPECT_EQ(proxy_gist(client.rest()), "502 not HTTP: bad version\n");
  }
  HttpClientLimits limits;
  limits.head = milliseconds(100);
  CannedServer backend("", "never said");
  ProxyServer proxy(backend.at, Filters(), limits);
  RawClient client(proxy.server.at);
  client.send(get);
  EXPECT_EQ(proxy_gist(client.rest()), "504 the peer was too slow\n");
}

TEST(WireProxy, CutsOffAnAnswerThatBreaksOff) {
  CannedServer backend("HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 9\r\n\r\nabc");
  ProxyServer proxy(backend.at, Filters());
  RawClient client(proxy.server.at);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.rest(), "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 9\r\n\r\nabc");
}

TEST(WireProxy, EndsWhenTheClientGoes) {
  TestServer backend(say_again);
  ProxyServer proxy(backend.at, Filters());
  {
    RawClient client(proxy.server.at);
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    while (backend.counts().requests == 0) std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(proxy.server.empties());
  EXPECT_TRUE(backend.empties());
  EXPECT_EQ(proxy.last, "the peer closed within a body");
}

TEST(WireProxy, TellsTheClientThatIsTooSlow) {
  HttpLimits limits;
  limits.idle = milliseconds(100);
  TestServer backend(say_again);
  ProxyServer proxy(backend.at, Filters(), {}, limits);
  RawClient client(proxy.server.at);
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(proxy_gist(client.rest()), "408 the peer was too slow\n");
}

// Tunnels.

struct TunnelServer {
  TunnelServer(Endpoint to, milliseconds longest)
      : route({}, to),
        idle(longest),
        server([this](Exchange& exchange) { return pass(exchange); }) {
    server.loop.run([&] {
      client = std::make_unique<HttpClient>(server.loop.io(), nullptr, HttpClientLimits{});
    });
  }
  ~TunnelServer() {
    EXPECT_TRUE(server.empties());
    server.loop.run([&] { client.reset(); });
  }
  Awaitable<void> pass(Exchange& exchange) {
    Result<void> passed = co_await tunnel(exchange, *client, route, idle);
    last = passed ? "passed" : passed.error().text;
  }

  Route route;
  milliseconds idle;
  std::unique_ptr<HttpClient> client;
  std::string last;
  TestServer server;
};

const std::string kConnect = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";
const std::string kConnected = "HTTP/1.1 200 Connection established\r\n\r\n";

TEST(WireTunnel, PassesBytesBothWaysToTheirEnd) {
  TestServer backend(say_again);
  TunnelServer proxy(backend.at, seconds(10));
  RawClient client(proxy.server.at);
  // What follows the head at once is the tunnel's, too.
  client.send(kConnect + "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(client.until("/a x"), kConnected + answer_of("PUT /a x"));
  client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.until("/b "), answer_of("GET /b "));
  client.shut();
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(proxy.server.empties());
  EXPECT_EQ(proxy.last, "passed");
}

TEST(WireTunnel, EndsWhenNothingMoves) {
  TestServer backend(say_again);
  TunnelServer proxy(backend.at, milliseconds(100));
  RawClient client(proxy.server.at);
  client.send(kConnect);
  EXPECT_EQ(client.rest(), kConnected);
  EXPECT_TRUE(proxy.server.empties());
  EXPECT_EQ(proxy.last, "this side is closing");
  EXPECT_TRUE(backend.empties());
}

TEST(WireTunnel, SaysWhereNobodyListens) {
  Endpoint nowhere;
  {
    TestServer gone(echo);
    nowhere = gone.at;
  }
  TunnelServer proxy(nowhere, seconds(10));
  RawClient client(proxy.server.at);
  client.send(kConnect);
  EXPECT_EQ(proxy_gist(client.rest()),
            "502 cannot connect to " + to_string(nowhere) + ": Connection refused\n");
}

}  // namespace
}  // namespace nsp::lab

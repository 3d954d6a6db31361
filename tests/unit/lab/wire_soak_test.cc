// Everything at once for a few seconds: good clients, slow ones, rude ones and liars, over plain
// connections and TLS, through a proxy. Nobody who behaves notices the others, and afterwards
// nothing is left open (and, in the asan preset, nothing is left allocated).
#include <atomic>
#include <random>

#include "sim/lab/wire/proxy.h"
#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

constexpr milliseconds kLength{4'000};

struct Soak {
  std::atomic<bool> over = false;
  std::atomic<int> good = 0;
  std::atomic<int> bad = 0;
};

// Fetches until it is over: each answer must be whole.
Awaitable<void> behave(HttpClient& client, Route route, std::size_t size, Soak& soak) {
  const std::string body(size, 'b');
  while (!soak.over) {
    Result<Response> answer =
        co_await client.fetch(route, Request("PUT", "/", {}, body), 10'000'000);
    ++(answer && answer->status == 200 && answer->body == body ? soak.good : soak.bad);
  }
}

void misbehave(const Endpoint& at, unsigned seed, Soak& soak) {
  static const std::vector<std::string> kLines = {
      "GET / HT",
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc",
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
      std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10),
      std::string(40'000, 'x')};
  std::minstd_rand random(seed);
  while (!soak.over) {
    RawClient client(at);
    client.send(kLines[random() % kLines.size()]);
    const unsigned then = random() % 4;
    if (then == 0) client.shut();
    if (then == 1) {
      linger reset{1, 0};
      setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    if (then == 2) std::this_thread::sleep_for(milliseconds(random() % 150));
    if (then == 3) client.send(kLines[random() % kLines.size()]);
  }
}

HttpLimits short_limits() {
  HttpLimits limits;
  limits.handshake = limits.head = milliseconds(100);
  limits.linger = milliseconds(50);
  return limits;
}

TEST(WireSoak, LeavesNothingBehind) {
  Authority authority = test_authority();
  TestServer plain(echo, short_limits());
  TestServer tls(echo, short_limits(), test_tls(authority, {{"a.test"}, {}}));
  std::unique_ptr<HttpClient> through;
  TestServer front(
      [&](Exchange& exchange) -> Awaitable<void> {
        Result<void> passed =
            co_await proxy(exchange, *through, Route({}, tls.at, true, "a.test"), Filters());
        (void)passed;
      },
      short_limits());
  std::shared_ptr<ClientTls> trust = ClientTls::make(authority.certificate_pem()).value();
  front.loop.run(
      [&] { through = std::make_unique<HttpClient>(front.loop.io(), trust, HttpClientLimits{}); });
  Soak soak;
  Loop loop;
  HttpClient client(loop.io(), trust, {});
  std::vector<std::thread> threads;
  for (std::size_t size : {std::size_t{0}, std::size_t{1'000}, std::size_t{300'000}}) {
    for (Route route :
         {Route({}, plain.at), Route({}, tls.at, true, "a.test"), Route({}, front.at)}) {
      asio::post(loop.io(),
                 [&, route, size] { spawn(loop.io(), behave(client, route, size, soak)); });
    }
  }
  unsigned seed = 1;
  for (const TestServer* server : {&plain, &tls, &front}) {
    threads.emplace_back([&soak, at = server->at, seed = seed++] { misbehave(at, seed, soak); });
  }
  std::this_thread::sleep_for(kLength);
  soak.over = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(soak.bad, 0);
  EXPECT_GT(soak.good, 100);
  // The calls still under way end, and with them the last connections.
  for (int i = 0; i < 500 && loop.run([&] { return client.kept(); }) < 9; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  loop.run([&] { client.forget(); });
  EXPECT_TRUE(plain.empties());
  EXPECT_TRUE(front.empties());
  front.loop.run([&] { through.reset(); });
  EXPECT_TRUE(tls.empties());
}

}  // namespace
}  // namespace nsp::lab

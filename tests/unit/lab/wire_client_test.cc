#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMost = 1'000'000;

struct TestClient {
  explicit TestClient(HttpClientLimits limits = {}) : client(loop.io(), nullptr, limits) {}
  ~TestClient() {
    loop.run([&] { client.forget(); });
  }
  Result<Response> fetch(Route route, Request request, std::size_t most = kMost) {
    return loop.wait_for(client.fetch(std::move(route), std::move(request), most));
  }
  Result<Response> get(Route route) { return fetch(std::move(route), Request("GET", "/")); }
  std::size_t kept() {
    return loop.run([&] { return client.kept(); });
  }
  Loop loop;
  HttpClient client;
};

HttpClientLimits tight_client() {
  HttpClientLimits limits;
  limits.connect = limits.head = limits.idle = limits.keep = milliseconds(150);
  return limits;
}

Awaitable<void> tell_who(Exchange& exchange) {
  const Peer& peer = exchange.peer();
  std::string text = std::to_string(peer.connection) + ' ' + to_string(peer.remote.address);
  Result<void> sent = co_await exchange.answer(fixed(200, std::move(text)));
  EXPECT_TRUE(sent);
}

TEST(WireClient, SendsARequestWhole) {
  TestServer server(say_again);
  TestClient client;
  EXPECT_EQ(client.fetch({{}, server.at}, Request("PUT", "/a b\r\n", {}, "body")),
            fixed_answer("PUT /a%20b%0D%0A body"));
  const std::string large(90'000, 'x');
  EXPECT_EQ(client.fetch({{}, server.at}, Request("PUT", "/", {}, large)),
            fixed_answer("PUT / " + large));
}

TEST(WireClient, CallsFromAnAddressAndKeepsConnectionsByRoute) {
  TestServer server(tell_who);
  TestClient client;
  const IpAddress office = *IpAddress::parse("127.79.1.1");
  const IpAddress home = *IpAddress::parse("127.79.1.2");
  EXPECT_EQ(client.get({office, server.at}), fixed_answer("1 127.79.1.1"));
  EXPECT_EQ(client.get({office, server.at}), fixed_answer("1 127.79.1.1"));
  EXPECT_EQ(client.get({home, server.at}), fixed_answer("2 127.79.1.2"));
  EXPECT_EQ(client.get({office, server.at}), fixed_answer("1 127.79.1.1"));
  EXPECT_EQ(client.kept(), 2);
  client.loop.run([&] { client.client.forget(); });
  EXPECT_EQ(client.get({office, server.at}), fixed_answer("3 127.79.1.1"));
}

TEST(WireClient, ReplacesAConnectionThatWasClosed) {
  HttpLimits limits;
  limits.keep_alive = milliseconds(50);
  TestServer server(tell_who, limits);
  TestClient client;
  EXPECT_EQ(client.get({{}, server.at}), fixed_answer("1 127.0.0.1"));
  EXPECT_TRUE(server.empties());
  EXPECT_EQ(client.get({{}, server.at}), fixed_answer("2 127.0.0.1"));
}

TEST(WireClient, DropsConnectionsThatNobodyUses) {
  TestServer server(tell_who);
  TestClient client(tight_client());
  EXPECT_EQ(client.get({{}, server.at}), fixed_answer("1 127.0.0.1"));
  EXPECT_EQ(client.kept(), 1);
  EXPECT_TRUE(server.empties());
  EXPECT_EQ(client.kept(), 0);
}

TEST(WireClient, KeepsNoMoreThanTheLimit) {
  HttpClientLimits limits;
  limits.kept = 1;
  TestServer server(tell_who);
  TestClient client(limits);
  EXPECT_TRUE(client.get({*IpAddress::parse("127.79.1.1"), server.at}));
  EXPECT_TRUE(client.get({*IpAddress::parse("127.79.1.2"), server.at}));
  EXPECT_EQ(client.kept(), 1);
}

TEST(WireClient, SaysWhenNobodyListens) {
  Endpoint at;
  {
    TestServer server(tell_who);
    at = server.at;
  }
  TestClient client;
  EXPECT_EQ(client.get({{}, at}).error(),
            (Problem{Problem::Kind::Refused,
                     "cannot connect to " + to_string(at) + ": Connection refused"}));
  // Not an address of this machine.
  EXPECT_EQ(client.get({*IpAddress::parse("192.0.2.1"), at}).error(),
            (Problem{Problem::Kind::Refused,
                     "cannot connect to " + to_string(at) + ": Cannot assign requested address"}));
}

TEST(WireClient, ReadsAnswersOfAllShapes) {
  TestClient client;
  const auto answer = [&](std::string said) {
    CannedServer server(std::move(said));
    Result<Response> got = client.get({{}, server.at});
    return got ? std::to_string(got->status) + ' ' + got->body : got.error().text;
  };
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), "200 abc");
  EXPECT_EQ(answer("HTTP/1.1 404 Gone fishing\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "1\r\na\r\n2;x\r\nbc\r\n0\r\nT: t\r\n\r\n"),
            "404 abc");
  EXPECT_EQ(answer("HTTP/1.0 200 OK\r\n\r\nto the end"), "200 to the end");
  EXPECT_EQ(answer("HTTP/1.1 204 No Content\r\n\r\n"), "204 ");
  EXPECT_EQ(answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"),
            "200 a");
  EXPECT_EQ(answer("HTTP/1.1 101 Switching\r\n\r\n"), "the server speaks another protocol");
  EXPECT_EQ(answer(""), "the peer closed the connection without an answer");
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"),
            "the peer closed within a message");
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"),
            "the peer closed within a message");
  EXPECT_EQ(answer("SSH-2.0-OpenSSH\r\n"), "not HTTP: bad version");
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x')),
            "the head is larger than allowed");
  EXPECT_EQ(
      answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(90'000, 'x')),
      "not HTTP: a chunk header without end");
}

TEST(WireClient, TakesNoMoreThanItWants) {
  TestServer server(say_hello);
  TestClient client;
  EXPECT_EQ(client.fetch({{}, server.at}, Request("GET", "/"), 4).error(),
            (Problem{Problem::Kind::TooLarge, "the answer is larger than expected"}));
  EXPECT_EQ(client.fetch({{}, server.at}, Request("GET", "/"), 5), fixed_answer("hello"));
}

Awaitable<void> say_nothing(Exchange& exchange) {
  Timer timer(co_await asio::this_coro::executor);
  timer.expires_after(seconds(1));
  ErrorCode ignored;
  co_await timer.async_wait(into(ignored));
  exchange.cut();
}

Awaitable<void> begin_only(Exchange& exchange) {
  Result<void> sent = co_await exchange.begin(fixed(200, "a"), 2);
  EXPECT_TRUE(sent);
  co_await say_nothing(exchange);
}

TEST(WireClient, GivesUpSlowServers) {
  TestClient client(tight_client());
  const Problem slow{Problem::Kind::TimedOut, "the peer was too slow"};
  TestServer silent(say_nothing);
  EXPECT_EQ(client.get({{}, silent.at}).error(), slow);
  TestServer half(begin_only);
  EXPECT_EQ(client.get({{}, half.at}).error(), slow);
}

TEST(WireClient, KnowsLengthsOfBodiesThatDoNotCome) {
  TestClient client;
  CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
  struct Outcome {
    std::optional<std::uint64_t> length;
    Result<std::size_t> read;
  };
  const auto head = [](HttpClient& on, Endpoint at) -> Awaitable<Outcome> {
    Result<Call> call = co_await on.begin(Route({}, at), Request("HEAD", "/"), 0);
    Result<void> sent = co_await call->finish();
    EXPECT_TRUE(sent);
    Result<Response> answer = co_await call->head();
    EXPECT_TRUE(answer);
    char one = 0;
    Result<std::size_t> read = co_await call->read({&one, 1});
    co_return Outcome{call->body_length(), read};
  };
  Outcome outcome = client.loop.wait_for(head(client.client, server.at));
  EXPECT_EQ(outcome.length, 7);
  EXPECT_EQ(outcome.read, 0);
}

TEST(WireClient, HoldsTheCallerToTheLengthAnnounced) {
  TestServer server(say_again);
  TestClient client;
  const auto misuse = [](HttpClient& on, Endpoint at,
                         std::string_view body) -> Awaitable<std::string> {
    Result<Call> call = co_await on.begin(Route({}, at), Request("PUT", "/"), 2);
    Result<void> sent = co_await call->write(body);
    if (sent) sent = co_await call->finish();
    co_return sent ? "sent" : sent.error().text;
  };
  EXPECT_EQ(client.loop.wait_for(misuse(client.client, server.at, "ab")), "sent");
  EXPECT_EQ(client.loop.wait_for(misuse(client.client, server.at, "a")),
            "the request is shorter than announced");
  EXPECT_EQ(client.loop.wait_for(misuse(client.client, server.at, "abc")),
            "the request is longer than announced");
  EXPECT_TRUE(server.empties());
}

TEST(WireClient, NamesTheHost) {
  TestServer server(+[](Exchange& exchange) -> Awaitable<void> {
    const std::string host(*exchange.request().headers.find("Host"));
    Result<void> sent = co_await exchange.answer(fixed(200, host));
    EXPECT_TRUE(sent);
  });
  TestClient client;
  EXPECT_EQ(client.get({{}, server.at}), fixed_answer(to_string(server.at)));
  EXPECT_EQ(client.get({{}, server.at, false, "a.test"}),
            fixed_answer("a.test:" + std::to_string(server.at.port)));
  Request named("GET", "/");
  named.headers.add("host", "b.test");
  EXPECT_EQ(client.fetch({{}, server.at}, named), fixed_answer("b.test"));
}

}  // namespace
}  // namespace nsp::lab

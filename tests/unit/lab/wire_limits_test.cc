// What hostile and slow clients get: the end of their connection and nothing else.
#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

using ::testing::HasSubstr;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kPost = "POST / HTTP/1.1\r\nHost: a\r\n";

HttpLimits tight() {
  HttpLimits limits;
  limits.head_bytes = 1'000;
  limits.body_bytes = 50'000;
  limits.handshake = limits.head = limits.idle = limits.keep_alive = milliseconds(200);
  limits.linger = milliseconds(200);
  return limits;
}

// The status line and the text of an answer that refuses.
std::string gist(const std::string& answer) {
  const std::size_t line = answer.find("\r\n");
  const std::size_t end = answer.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
  return answer.substr(9, line - 9) + ": " + answer.substr(end + 4);
}

// What comes back for these bytes, and then the server still answers others and holds nothing.
std::string told(TestServer& server, const std::string& bytes) {
  std::string answer;
  {
    RawClient client(server.at);
    client.send(bytes);
    answer = client.rest();
  }
  EXPECT_TRUE(server.empties());
  RawClient other(server.at);
  other.send(kGet);
  EXPECT_EQ(other.until("GET / "), answer_of("GET / "));
  return gist(answer);
}

TEST(WireLimits, RefuseWhatIsNotHttp) {
  TestServer server(say_again, tight());
  EXPECT_EQ(told(server, "hello\r\n\r\n"), "400 Bad Request: not HTTP: bad method\n");
  EXPECT_EQ(told(server, std::string("\x16\x03\x01\x02\x00\x01\x00", 7)),
            "400 Bad Request: not HTTP: bad method\n");
  EXPECT_EQ(told(server, "GET / HTTP/3.0\r\n\r\n"), "400 Bad Request: not HTTP: bad version\n");
  EXPECT_EQ(told(server, "GET / HTTP/1.1\r\n\r\n"), "400 Bad Request: expected one Host header\n");
  EXPECT_EQ(told(server, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            "400 Bad Request: expected one Host header\n");
}

TEST(WireLimits, RefuseTwoLengths) {
  TestServer server(say_again, tight());
  EXPECT_EQ(
      told(server, kPost + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      "400 Bad Request: not HTTP: bad Transfer-Encoding\n");
  EXPECT_EQ(told(server, kPost + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "400 Bad Request: not HTTP: bad Content-Length\n");
}

TEST(WireLimits, RefuseLargeHeads) {
  TestServer server(say_again, tight());
  const std::string large(1'000, 'a');
  const std::string refused =
      "431 Request Header Fields Too Large: the head is larger than allowed\n";
  EXPECT_EQ(told(server, "GET /" + large), refused);
  EXPECT_EQ(told(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + large), refused);
  EXPECT_EQ(told(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + large + "\r\n\r\n"), refused);
  // Each field is short, and all of them come at once.
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 165; ++i) many += "X: a\r\n";
  EXPECT_EQ(told(server, many + "\r\n"), refused);
}

TEST(WireLimits, RefuseLargeBodies) {
  TestServer server(say_again, tight());
  const std::string refused = "413 Payload Too Large: the body is larger than allowed\n";
  EXPECT_EQ(told(server, kPost + "Content-Length: 50001\r\n\r\n"), refused);
  EXPECT_EQ(told(server, kPost + "Content-Length: 99999999999999999999\r\n\r\n"),
            "400 Bad Request: not HTTP: bad Content-Length\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'a') + "\r\n";
  EXPECT_EQ(
      told(server, kPost + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + chunk),
      refused);
  EXPECT_EQ(told(server, kPost + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
            refused);
}

TEST(WireLimits, RefuseMoreThanTheHandlerWants) {
  HttpLimits limits = tight();
  limits.body_bytes = 1'000'000;
  TestServer server(say_again, limits);
  const std::string refused = "413 Payload Too Large: the body is larger than allowed\n";
  EXPECT_EQ(told(server, kPost + "Content-Length: 100001\r\n\r\n"), refused);
  std::string chunks = kPost + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 30; ++i) chunks += "1000\r\n" + std::string(0x1000, 'a') + "\r\n";
  EXPECT_EQ(told(server, chunks), refused);
}

TEST(WireLimits, RefuseChunksThatAreNone) {
  TestServer server(say_again, tight());
  EXPECT_EQ(told(server, kPost + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            "400 Bad Request: not HTTP: bad chunk\n");
  EXPECT_EQ(told(server, kPost + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(20'000, 'x')),
            "400 Bad Request: not HTTP: a chunk header without end\n");
  EXPECT_EQ(
      told(server, kPost + "Transfer-Encoding: chunked\r\n\r\n0\r\nT: " + std::string(20'000, 'x')),
      "400 Bad Request: not HTTP: a chunk header without end\n");
}

TEST(WireLimits, TellAClientThatStillSends) {
  TestServer server(say_again, tight());
  RawClient client(server.at);
  client.send(kPost + "Content-Length: 600000\r\n\r\n" + std::string(600'000, 'a'));
  EXPECT_EQ(gist(client.rest()), "413 Payload Too Large: the body is larger than allowed\n");
}

TEST(WireLimits, EndGiantRequests) {
  HttpLimits limits = tight();
  limits.linger_bytes = 1'000'000;
  TestServer server(say_again, limits);
  RawClient client(server.at);
  client.send(kPost + "Content-Length: 6000000000\r\n\r\n");
  const std::string megabyte(1'000'000, 'a');
  std::size_t sent = 0;
  for (int i = 0; i < 64; ++i) {
    const std::size_t count = client.send(megabyte);
    sent += count;
    if (count < megabyte.size()) break;
  }
  EXPECT_LT(sent, 64'000'000);
  EXPECT_TRUE(server.empties());
}

TEST(WireLimits, EndSlowHeads) {
  TestServer server(say_again, tight());
  EXPECT_EQ(told(server, "GET / HT"), "408 Request Timeout: the request took too long\n");
  // Not even by sending one byte after the other.
  RawClient client(server.at);
  std::string answer;
  for (int i = 0; i < 100 && client.send("G") == 1; ++i)
    std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(gist(client.rest()).substr(0, 3), "408");
}

TEST(WireLimits, EndSlowBodies) {
  TestServer server(say_again, tight());
  EXPECT_EQ(told(server, kPost + "Content-Length: 10\r\n\r\nabc"),
            "408 Request Timeout: the peer was too slow\n");
  RawClient client(server.at);
  client.send(kPost + "Content-Length: 1000\r\n\r\n");
  for (int i = 0; i < 100 && client.send("a") == 1; ++i)
    std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(gist(client.rest()).substr(0, 3), "408");
  EXPECT_TRUE(server.empties());
}

TEST(WireLimits, DoNotEndAFastEnoughBody) {
  HttpLimits limits = tight();
  limits.lowest_rate = 100;
  TestServer server(say_again, limits);
  RawClient client(server.at);
  client.send(kPost + "Connection: close\r\nContent-Length: 400\r\n\r\n");
  for (int i = 0; i < 40; ++i) {
    client.send("aaaaaaaaaa");
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(client.rest(),
            answer_of("POST / " + std::string(400, 'a'), "200 OK", "Connection: close\r\n"));
}

TEST(WireLimits, EndIdleConnections) {
  TestServer server(say_again, tight());
  EXPECT_EQ(told(server, ""), "");
  RawClient client(server.at);
  client.send(kGet);
  EXPECT_EQ(client.rest(), answer_of("GET / "));
}

TEST(WireLimits, EndHalfOpenConnections) {
  TestServer server(say_again, tight());
  RawClient in_a_head(server.at);
  in_a_head.send("GET / HT");
  in_a_head.shut();
  EXPECT_EQ(in_a_head.rest(), "");
  RawClient in_a_body(server.at);
  in_a_body.send(kPost + "Content-Length: 10\r\n\r\nabc");
  in_a_body.shut();
  EXPECT_EQ(in_a_body.rest(), "");
  // Half closed, but with a whole request: it is answered.
  RawClient whole(server.at);
  whole.send(kGet);
  whole.shut();
  EXPECT_EQ(whole.rest(), answer_of("GET / "));
  EXPECT_TRUE(server.empties());
}

Awaitable<void> say_much(Exchange& exchange) {
  Result<void> sent = co_await exchange.answer(fixed(200, std::string(50'000'000, 'a')));
  EXPECT_EQ(sent.error(), (Problem{Problem::Kind::TimedOut, "the peer was too slow"}));
}

TEST(WireLimits, EndClientsThatDoNotRead) {
  TestServer server(say_much, tight());
  RawClient client(server.at);
  client.send(kGet);
  for (int i = 0; i < 500 && server.counts().requests == 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(server.empties());
}

TEST(WireLimits, EndSlowHandshakes) {
  Authority authority = test_authority();
  TestServer server(say_hello, tight(), test_tls(authority, {{"a"}, {}}));
  RawClient silent(server.at);
  EXPECT_EQ(silent.rest(), "");
  RawClient half(server.at);
  half.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_EQ(half.rest(), "");
  RawClient plain(server.at);
  plain.send(kGet);
  EXPECT_EQ(plain.rest(), "");
  EXPECT_TRUE(server.empties());
  EXPECT_EQ(server.counts().requests, 0);
}

TEST(WireLimits, TurnAwayTooManyConnections) {
  const std::string turned_away =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n"
      "Retry-After: 1\r\n\r\n";
  HttpLimits limits;
  limits.connections = 2;
  TestServer server(say_again, limits);
  {
    RawClient first(server.at);
    RawClient second(server.at);
    EXPECT_EQ(RawClient(server.at).rest(), turned_away);
    first.send(kGet);
    EXPECT_EQ(first.until("GET / "), answer_of("GET / "));
  }
  EXPECT_TRUE(server.empties());
  server.loop.run([&] { server.site->connections = 1; });
  RawClient first(server.at);
  EXPECT_EQ(RawClient(server.at).rest(), turned_away);
  EXPECT_EQ(server.counts().turned_away, 2);
}

// Stopping.

Awaitable<void> wait_a_little(Exchange& exchange) {
  Result<std::string> body = co_await exchange.whole_body(10);
  if (!body) co_return;
  Result<void> sent = co_await exchange.answer(fixed(200, *body));
  EXPECT_TRUE(sent);
}

TEST(WireServerStop, LetsRequestsUnderWayEnd) {
  TestServer server(wait_a_little);
  RawClient idle(server.at);
  RawClient under_way(server.at);
  under_way.send(kPost + "Content-Length: 2\r\n\r\na");
  for (int i = 0; i < 500 && server.counts().requests == 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  std::thread stopping([&] { server.loop.wait_for(server.server->stop(kLongest)); });
  EXPECT_EQ(idle.rest(), "");
  EXPECT_FALSE(RawClient(server.at).connected());
  under_way.send("b");
  EXPECT_EQ(under_way.rest(), answer_of("ab", "200 OK", "Connection: close\r\n"));
  stopping.join();
  EXPECT_EQ(server.counts().open, 0);
}

TEST(WireServerStop, CutsOffWhatTakesLongerThanTheGrace) {
  TestServer server(wait_a_little);
  RawClient under_way(server.at);
  under_way.send(kPost + "Content-Length: 2\r\n\r\na");
  for (int i = 0; i < 500 && server.counts().requests == 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  server.loop.wait_for(server.server->stop(milliseconds(50)));
  EXPECT_EQ(server.counts().open, 0);
  EXPECT_EQ(under_way.rest(), "");
}

}  // namespace
}  // namespace nsp::lab

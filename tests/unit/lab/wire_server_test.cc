#include <atomic>

#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kServerGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kLast = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const std::string kClose = "Connection: close\r\n";

TEST(WireServer, AnswersAndCloses) {
  TestServer server(say_again);
  RawClient client(server.at);
  client.send(
      "PUT /x?y=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(client.rest(), answer_of("PUT /x?y=1 abc", "200 OK", kClose));
}

Awaitable<void> count_on_connection(Exchange& exchange) {
  Peer& peer = exchange.peer();
  if (!peer.state) peer.state = std::make_shared<int>(0);
  int& count = *static_cast<int*>(peer.state.get());
  ++count;
  std::string text = std::to_string(peer.connection) + '.' + std::to_string(count);
  Result<void> sent = co_await exchange.answer(fixed(200, std::move(text)));
  EXPECT_TRUE(sent);
}

TEST(WireServer, KeepsConnectionsAndWhatTheHandlerKeepsThere) {
  TestServer server(count_on_connection);
  RawClient first(server.at);
  first.send(kServerGet);
  EXPECT_EQ(first.until("1.1"), answer_of("1.1"));
  first.send(kServerGet);
  EXPECT_EQ(first.until("1.2"), answer_of("1.2"));
  RawClient second(server.at);
  second.send(kLast);
  EXPECT_EQ(second.rest(), answer_of("2.1", "200 OK", kClose));
  HttpServer::Counts counts = server.counts();
  EXPECT_EQ(counts.accepted, 2);
  EXPECT_EQ(counts.requests, 3);
}

TEST(WireServer, AnswersPipelinedRequestsInOrder) {
  TestServer server(say_again);
  RawClient client(server.at);
  std::string sent;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string body = std::to_string(i);
    sent += "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body;
    expected += answer_of("POST /p " + body);
  }
  client.send(sent + kLast);
  EXPECT_EQ(client.rest(), expected + answer_of("GET / ", "200 OK", kClose));
}

TEST(WireServer, TakesRequestsByteByByte) {
  TestServer server(say_again);
  RawClient client(server.at);
  for (char c :
       std::string("\r\nPOST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                   "Connection: close\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n")) {
    client.send(std::string_view(&c, 1));
  }
  EXPECT_EQ(client.rest(), answer_of("POST /b abcde", "200 OK", kClose));
}

TEST(WireServer, SpeaksTheOlderVersion) {
  TestServer server(say_again);
  RawClient closes(server.at);
  closes.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closes.rest(), answer_of("GET /a ", "200 OK", kClose));
  RawClient keeps(server.at);
  keeps.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(keeps.until("/a "), answer_of("GET /a ", "200 OK", "Connection: keep-alive\r\n"));
}

Awaitable<void> in_pieces(Exchange& exchange) {
  Result<void> sent = co_await exchange.begin(fixed(200, "a"), std::nullopt);
  EXPECT_TRUE(sent);
  sent = co_await exchange.write("bc");
  EXPECT_TRUE(sent);
  sent = co_await exchange.finish();
  EXPECT_TRUE(sent);
}

TEST(WireServer, SendsPiecesAsChunks) {
  TestServer server(in_pieces);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_EQ(client.rest(),
            "HTTP/1.1 200 OK\r\nDate: today\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
            "\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
  RawClient older(server.at);
  older.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(older.rest(), "HTTP/1.1 200 OK\r\nDate: today\r\nConnection: close\r\n\r\nabc");
}

Awaitable<void> fixed_length(Exchange& exchange) {
  Response head = fixed(206, "");
  Result<void> sent = co_await exchange.begin(head, 4);
  EXPECT_TRUE(sent);
  sent = co_await exchange.write("wxyz");
  EXPECT_TRUE(sent);
  sent = co_await exchange.finish();
  EXPECT_TRUE(sent);
}

TEST(WireServer, SendsPiecesOfAKnownLength) {
  TestServer server(fixed_length);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_EQ(client.rest(), answer_of("wxyz", "206 Partial Content", kClose));
}

TEST(WireServer, SendsNoBodyToHead) {
  TestServer server(fixed_length);
  RawClient client(server.at);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.rest(),
            "HTTP/1.1 206 Partial Content\r\nDate: today\r\nContent-Length: 4\r\n"
            "Connection: close\r\n\r\n");
}

Awaitable<void> as_a_get_would(Exchange& exchange) {
  Response response = fixed(200, "");
  response.headers.add("content-length", "4194304");
  Result<void> sent = co_await exchange.answer(std::move(response));
  EXPECT_TRUE(sent);
}

TEST(WireServer, LetsTheHandlerSayWhatAGetWouldGet) {
  TestServer server(as_a_get_would);
  RawClient client(server.at);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(
      client.rest(),
      "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 4194304\r\nConnection: close\r\n\r\n");
  RawClient get(server.at);
  get.send(kLast);
  EXPECT_EQ(get.rest(), answer_of("", "200 OK", kClose));
}

Awaitable<void> no_content(Exchange& exchange) {
  Result<void> sent = co_await exchange.answer(fixed(204, "dropped"));
  EXPECT_TRUE(sent);
}

TEST(WireServer, SendsNoLengthWhereThereIsNoContent) {
  TestServer server(no_content);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_EQ(client.rest(), "HTTP/1.1 204 No Content\r\nDate: today\r\nConnection: close\r\n\r\n");
}

TEST(WireServer, GivesLeaveToSendABody) {
  TestServer server(say_again);
  RawClient client(server.at);
  client.send(
      "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(client.rest(), answer_of("PUT / ok", "200 OK", kClose));
}

TEST(WireServer, ClosesAfterAnAnswerThatSparesTheBody) {
  TestServer server(say_hello);
  RawClient client(server.at);
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.rest(), answer_of("hello", "200 OK", kClose));
}

TEST(WireServer, SkipsASmallBodyThatNobodyRead) {
  TestServer server(say_hello);
  RawClient client(server.at);
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nunread" + kLast);
  EXPECT_EQ(client.rest(), answer_of("hello") + answer_of("hello", "200 OK", kClose));
}

Awaitable<void> split_the_head(Exchange& exchange) {
  Response response = fixed(200, "");
  response.headers.add("x-said", "a\r\nSet-Cookie: b\r\n\r\nc");
  response.headers.add("bad name\r\n", "left out");
  response.headers.add("Transfer-Encoding", "left out");
  Result<void> sent = co_await exchange.answer(std::move(response));
  EXPECT_TRUE(sent);
}

TEST(WireServer, LetsNoHeaderEndTheHead) {
  TestServer server(split_the_head);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_EQ(
      client.rest(),
      "HTTP/1.1 200 OK\r\nDate: today\r\nx-said: a  Set-Cookie: b    c\r\nContent-Length: 0\r\n"
      "Connection: close\r\n\r\n");
}

Awaitable<void> date_of_its_own(Exchange& exchange) {
  Result<void> sent = co_await exchange.answer({200, {}, ""});
  EXPECT_TRUE(sent);
}

TEST(WireServer, TellsTheDate) {
  TestServer server(date_of_its_own);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_THAT(client.rest(),
              ::testing::MatchesRegex("HTTP/1.1 200 OK\r\nDate: [A-Z][a-z][a-z], [0-9][0-9] "
                                      "[A-Z][a-z][a-z] [0-9]{4} [0-9:]{8} GMT\r\n"
                                      "Content-Length: 0\r\nConnection: close\r\n\r\n"));
}

Awaitable<void> leave(Exchange&) { co_return; }
Awaitable<void> fail(Exchange&) {
  throw std::runtime_error("no");
  co_return;
}
Awaitable<void> fall_short(Exchange& exchange) {
  Result<void> sent = co_await exchange.begin(fixed(200, "abc"), 4);
  EXPECT_TRUE(sent);
  sent = co_await exchange.finish();
  EXPECT_EQ(sent.error(), (Problem{Problem::Kind::System, "the answer is shorter than announced"}));
}

TEST(WireServer, AnswersForAHandlerThatDoesNot) {
  for (Handler handler : {Handler(leave), Handler(fail)}) {
    TestServer server(handler);
    RawClient client(server.at);
    client.send(kLast);
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 500 Internal Server Error\r\nDate: "));
  }
  TestServer server(fall_short);
  RawClient client(server.at);
  client.send(kServerGet);
  EXPECT_EQ(client.rest(), "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 4\r\n\r\nabc");
}

Awaitable<void> who_is_there(Exchange& exchange) {
  const Peer& peer = exchange.peer();
  std::string text = to_string(peer.remote.address) + " to " + to_string(peer.local.address) +
                     (peer.tls ? " by TLS" : " in plain") +
                     (peer.sni.empty() ? "" : ' ' + peer.sni);
  Result<void> sent = co_await exchange.answer(fixed(200, std::move(text)));
  EXPECT_TRUE(sent);
}

TEST(WireServer, KnowsBothEndsOfAConnection) {
  TestServer server(who_is_there);
  RawClient client(server.at);
  client.send(kLast);
  EXPECT_EQ(client.rest(), answer_of("127.0.0.1 to 127.0.0.1 in plain", "200 OK", kClose));
}

TEST(WireServer, ListensOnLoopbackOnlyUnlessToldOtherwise) {
  TestServer server(say_hello);
  const auto listen = [&](std::string_view address) {
    return server.loop.run([&] {
      return server.server->listen({*IpAddress::parse(address), 0}, server.site, Transport::Plain);
    });
  };
  EXPECT_EQ(listen("0.0.0.0").error(),
            (Problem{Problem::Kind::Refused,
                     "cannot listen on `0.0.0.0`: expected an address of 127.0.0.0/8 or ::1"}));
  EXPECT_EQ(listen("::").error().text,
            "cannot listen on `::`: expected an address of 127.0.0.0/8 or ::1");
  EXPECT_EQ(listen("192.168.1.1").error().kind, Problem::Kind::Refused);
  EXPECT_EQ(listen("127.77.1.1")->address, *IpAddress::parse("127.77.1.1"));
  // An address of nobody's: the system refuses it, not we.
  Endpoint elsewhere{*IpAddress::parse("192.0.2.1"), 1};
  EXPECT_EQ(listen_at(elsewhere, Reach::Anywhere).error().text,
            "cannot listen on 192.0.2.1:1: Cannot assign requested address");
}

TEST(WireServer, SaysWhereSomebodyElseListens) {
  TestServer server(say_hello);
  Result<Endpoint> again = server.loop.run(
      [&] { return server.server->listen(server.at, server.site, Transport::Plain); });
  EXPECT_EQ(again.error(),
            (Problem{Problem::Kind::Refused,
                     "cannot listen on " + to_string(server.at) + ": Address already in use"}));
}

TEST(WireServer, StopsListeningAtOneAddress) {
  TestServer server(count_on_connection);
  RawClient before(server.at);
  before.send(kServerGet);
  EXPECT_EQ(before.until("1.1"), answer_of("1.1"));
  server.loop.run([&] { server.server->stop_listening(server.at); });
  EXPECT_FALSE(RawClient(server.at).connected());
  before.send(kServerGet);
  EXPECT_EQ(before.until("1.2"), answer_of("1.2"));
}

}  // namespace
}  // namespace nsp::lab

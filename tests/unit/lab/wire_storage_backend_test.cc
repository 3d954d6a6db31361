// Nodes pass requests on to an emulator: here one that tells what it was sent.
#include <gmock/gmock.h>

#include "sim/lab/credential.h"
#include "sim/lab/wire/storage_backend.h"
#include "tests/unit/lab/lab_world.h"
#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A node's place: every request is admitted.
struct Front {
  explicit Front(Endpoint emulator, const Emulator* process = nullptr)
      : server([this](Exchange& exchange) { return pass(exchange); }) {
    server.loop.run([&] {
      client = std::make_unique<HttpClient>(server.loop.io(), nullptr, HttpClientLimits());
      backend = std::make_unique<StorageBackend>(*client, keys, emulator, process);
    });
  }
  ~Front() {
    server.loop.run([&] { server.server->stop_listening(server.at); });
    EXPECT_TRUE(server.empties());
    server.loop.run([&] { client.reset(); });
  }
  Awaitable<void> pass(Exchange& exchange) {
    Passage passage{account, "request-1", Utc(test::kNow),
                    [](Headers& headers) { headers.set("x-nspsim-verdict", "allow"); }};
    co_await backend->pass_on(exchange, std::move(passage));
  }
  std::string trouble() {
    return server.loop.run([&] { return backend->trouble(); });
  }
  std::string ask(const std::string& head, const std::string& body = "") {
    RawClient raw(server.at);
    raw.send(head + "\r\nHost: stlab.blob.core.windows.net\r\nConnection: close\r\n\r\n" + body);
    return raw.rest();
  }

  Resource account = test::make_resource(Service::Storage, "stlab");
  LabKeys keys{"lab secret"};
  std::unique_ptr<HttpClient> client;
  std::unique_ptr<StorageBackend> backend;
  TestServer server;
};

// Whether the request proves the account's key, its target, and its body as it comes.
Awaitable<void> tell_request(Exchange& exchange) {
  const Resource account = test::make_resource(Service::Storage, "stlab");
  const LabKeys keys("lab secret");
  Verifier verifier(test::signer());
  const CredentialReader reader{keys, verifier};
  const Shown shown = reader.read(exchange.request(), account, test::kNow);
  std::string text = shown.problem ? shown.detail : shown.key_name;
  text += ' ' + exchange.request().target + '\n';
  Result<void> sent = co_await exchange.begin(fixed(201, std::move(text)), std::nullopt);
  std::vector<char> piece(50'000);
  while (sent) {
    const Result<std::size_t> got = co_await exchange.read(piece);
    if (!got || *got == 0) break;
    sent = co_await exchange.write({piece.data(), *got});
  }
  if (sent) sent = co_await exchange.finish();
}

TEST(StorageBackend, StreamsARequestSignedAnew) {
  TestServer emulator(tell_request);
  Front front(emulator.at);
  const std::string said =
      front.ask("PUT /docs/a?sv=2021-08-06&sp=w&sig=x HTTP/1.1\r\nContent-Length: 5", "hello");
  EXPECT_THAT(
      said, AllOf(StartsWith("HTTP/1.1 201 Created\r\n"), HasSubstr("x-nspsim-verdict: allow\r\n"),
                  HasSubstr("key1 /stlab/docs/a\n"), HasSubstr("hello")));
  EXPECT_EQ(front.trouble(), "");
}

// The piece that was sent is back before the next one is.
TEST(StorageBackend, StreamsBothWaysAtOnce) {
  TestServer emulator(tell_request);
  Front front(emulator.at);
  RawClient raw(front.server.at);
  raw.send(
      "PUT /docs/a HTTP/1.1\r\nHost: stlab.blob.core.windows.net\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  EXPECT_THAT(raw.until("abc\r\n"), HasSubstr("key1 /stlab/docs/a\n"));
  raw.send("3\r\ndef\r\n0\r\n\r\n");
  EXPECT_THAT(raw.rest(), StartsWith("3\r\ndef\r\n"));
}

Awaitable<void> tell_list(Exchange& exchange) {
  const std::string host(exchange.request().headers.find("Host").value_or(""));
  Response list = fixed(200, "<EnumerationResults ServiceEndpoint=\"http://" + host + "/stlab\">");
  Result<void> sent = co_await exchange.answer(std::move(list));
}

TEST(StorageBackend, RestoresLists) {
  TestServer emulator(tell_list);
  Front front(emulator.at);
  EXPECT_THAT(
      front.ask("GET /?comp=list HTTP/1.1"),
      EndsWith(
          "\r\n\r\n<EnumerationResults ServiceEndpoint=\"https://stlab.blob.core.windows.net/\">"));
}

TEST(StorageBackend, AnswersItselfWhatIsNotPassedOn) {
  TestServer emulator(tell_request);
  Front front(emulator.at);
  const std::string said = front.ask("POST /?comp=batch HTTP/1.1\r\nContent-Length: 0");
  EXPECT_THAT(said, AllOf(StartsWith("HTTP/1.1 501 Not Implemented\r\n"),
                          HasSubstr("x-ms-error-code: NotImplemented\r\n"),
                          HasSubstr("x-nspsim-verdict: allow\r\n"),
                          HasSubstr("<Message>the lab passes no batches on to a storage emulator\n"
                                    "RequestId:request-1\n")));
  EXPECT_EQ(emulator.counts().accepted, 0U);
}

TEST(StorageBackend, TellsThatNobodyAnswers) {
  Endpoint gone;
  {
    const TestServer emulator(tell_request);
    gone = emulator.at;
  }
  Front front(gone);
  const std::string trouble = "cannot connect to " + to_string(gone) + ": Connection refused";
  for (const char* request : {"GET /docs/a HTTP/1.1", "GET /?comp=list HTTP/1.1"}) {
    EXPECT_THAT(front.ask(request),
                AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"),
                      HasSubstr("x-ms-error-code: ServerBusy\r\n"),
                      HasSubstr("<Message>the storage emulator at http://" + to_string(gone) +
                                " does not serve the lab: " + trouble + "\nRequestId:")));
  }
  EXPECT_EQ(front.trouble(), trouble);
}

const std::string kOtherKeys =
    "it does not accept the lab's key of `stlab` (AuthorizationFailure), start it with "
    "AZURITE_ACCOUNTS as `nspsim lab keys --format azurite` prints it";

Awaitable<void> refuse_signature(Exchange& exchange) {
  Response refusal = fixed(403, "<Error/>");
  refusal.headers.add("x-ms-error-code", "AuthorizationFailure");
  Result<void> sent = co_await exchange.answer(std::move(refusal));
}

// The caller's credential was good: that the emulator has other keys is no fault of it.
TEST(StorageBackend, TellsThatTheEmulatorHasOtherKeys) {
  TestServer emulator(refuse_signature);
  Front front(emulator.at);
  for (const char* request : {"GET /docs/a HTTP/1.1", "GET /?comp=list HTTP/1.1"}) {
    EXPECT_THAT(front.ask(request), AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"),
                                          HasSubstr("does not serve the lab: " + kOtherKeys)));
  }
  EXPECT_EQ(front.trouble(), kOtherKeys);
}

TEST(StorageBackend, IsTriedOut) {
  TestServer emulator(refuse_signature);
  Front front(emulator.at);
  front.server.loop.wait_for(front.backend->try_out(front.account, Utc(test::kNow)));
  EXPECT_EQ(front.trouble(), kOtherKeys);
}

TEST(StorageBackend, IsNamedByAUrl) {
  const auto at = [](const std::string& url) {
    const auto endpoint = emulator_endpoint(url);
    return endpoint ? to_string(*endpoint) : endpoint.error();
  };
  EXPECT_EQ(at("http://127.0.0.1:10001"), "127.0.0.1:10001");
  EXPECT_EQ(at("http://127.0.0.1/"), "127.0.0.1:10000");
  EXPECT_EQ(at("http://[::1]:10002"), "[::1]:10002");
  EXPECT_EQ(at("https://127.0.0.1:1"),
            "`https://127.0.0.1:1` is no URL of a storage emulator, expected one like "
            "`http://127.0.0.1:10000`");
  EXPECT_EQ(at("http://127.0.0.1:1/devstoreaccount1"),
            "`http://127.0.0.1:1/devstoreaccount1` is no URL of a storage emulator, expected one "
            "like `http://127.0.0.1:10000`");
  EXPECT_EQ(at("here"),
            "`here` is no URL of a storage emulator, expected one like `http://127.0.0.1:10000`");
}

}  // namespace
}  // namespace nsp::lab

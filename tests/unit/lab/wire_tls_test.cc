#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

constexpr std::size_t kMostTlsBytes = 1'000'000;

Awaitable<void> name_the_host(Exchange& exchange) {
  const Peer& peer = exchange.peer();
  Result<void> sent =
      co_await exchange.answer(fixed(200, (peer.tls ? "tls " : "plain ") + peer.sni));
  EXPECT_TRUE(sent);
}

// A client that trusts `authority`, on a thread of its own.
struct TlsTestClient {
  explicit TlsTestClient(const Authority& authority, HttpClientLimits limits = {})
      : client(loop.io(), ClientTls::make(authority.certificate_pem()).value(), limits) {}
  ~TlsTestClient() {
    loop.run([&] { client.forget(); });
  }
  Result<Response> get(Route route) {
    return loop.wait_for(client.fetch(std::move(route), Request("GET", "/"), kMostTlsBytes));
  }
  Loop loop;
  HttpClient client;
};

TEST(WireTls, ShakesHandsByName) {
  Authority authority = test_authority();
  TestServer server(
      name_the_host, {},
      test_tls(authority, {{"st.blob.core.windows.net", "*.search.windows.net"}, {kHere}}));
  TlsTestClient client(authority);
  EXPECT_EQ(client.get({{}, server.at, true, "st.blob.core.windows.net"}),
            fixed_answer("tls st.blob.core.windows.net"));
  EXPECT_EQ(client.get({{}, server.at, true, "ST.search.windows.net"}),
            fixed_answer("tls st.search.windows.net"));
  // An address is not named, and must stand in the certificate.
  EXPECT_EQ(client.get({{}, server.at, true, "127.0.0.1"}), fixed_answer("tls "));
}

TEST(WireTls, RefusesOtherNames) {
  Authority authority = test_authority();
  TestServer server(name_the_host, {}, test_tls(authority, {{"a.test"}, {}}));
  TlsTestClient client(authority);
  EXPECT_EQ(
      client.get({{}, server.at, true, "b.test"}).error(),
      (Problem{Problem::Kind::Tls, "the server's certificate is not accepted: hostname mismatch"}));
  EXPECT_EQ(client.get({{}, server.at, true, "127.0.0.1"}).error().text,
            "the server's certificate is not accepted: ip address mismatch");
  EXPECT_EQ(client.get({{}, server.at, true, "a.test"}), fixed_answer("tls a.test"));
}

TEST(WireTls, RefusesOtherAuthorities) {
  Authority authority = test_authority();
  TestServer server(name_the_host, {}, test_tls(authority, {{"a.test"}, {}}));
  TlsTestClient client(test_authority());
  EXPECT_EQ(client.get({{}, server.at, true, "a.test"}).error(),
            (Problem{Problem::Kind::Tls,
                     "the server's certificate is not accepted: unable to get local issuer "
                     "certificate"}));
  EXPECT_TRUE(server.empties());
}

TEST(WireTls, SaysWhenTheOtherSideSpeaksNone) {
  Authority authority = test_authority();
  TestServer server(name_the_host);
  TlsTestClient client(authority);
  EXPECT_EQ(client.get({{}, server.at, true, "a.test"}).error(),
            (Problem{Problem::Kind::Tls, "TLS failed: wrong version number"}));
  HttpClient none(client.loop.io(), nullptr, {});
  EXPECT_EQ(
      client.loop
          .wait_for(none.fetch({{}, server.at, true, "a.test"}, Request("GET", "/"), kMostTlsBytes))
          .error(),
      (Problem{Problem::Kind::Tls, "no TLS to `a.test`: no authority or not a name"}));
}

TEST(WireTls, MintsCertificatesForWhateverNameIsAsked) {
  Authority authority = test_authority();
  std::vector<std::string> asked;
  std::shared_ptr<ServerTls> tls =
      ServerTls::make([&](std::string_view name) -> std::expected<Certificate, std::string> {
        asked.emplace_back(name);
        if (name.empty()) return std::unexpected("no name");
        return authority.issue({{std::string(name)}, {}}, std::chrono::system_clock::now());
      }).value();
  TestServer server(name_the_host, {}, tls);
  TlsTestClient client(authority);
  const std::string name = "api.example.com";
  EXPECT_EQ(client.get({{}, server.at, true, name}), fixed_answer("tls " + name));
  client.loop.run([&] { client.client.forget(); });
  EXPECT_EQ(client.get({{}, server.at, true, name}), fixed_answer("tls " + name));
  EXPECT_EQ(client.get({{}, server.at, true, "127.0.0.1"}).error().kind, Problem::Kind::Tls);
  EXPECT_THAT(asked, testing::ElementsAre(name, ""));
}

TEST(WireTls, CarriesMuchBothWays) {
  Authority authority = test_authority();
  TestServer server(echo, {}, test_tls(authority, {{"a.test"}, {}}));
  TlsTestClient client(authority);
  std::string body(900'000, 'a');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  Result<Response> answer = client.loop.wait_for(client.client.fetch(
      {{}, server.at, true, "a.test"}, Request("PUT", "/", {}, body), kMostTlsBytes));
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_TRUE(answer->body == body);
}

TEST(WireTls, RefusesWhatIsNoCertificate) {
  EXPECT_EQ(ServerTls::make(Certificate{"x", "y"}).error().text,
            "the certificate or its key is not readable PEM");
  Authority authority = test_authority();
  const auto now = std::chrono::system_clock::now();
  Certificate one = authority.issue({{"a"}, {}}, now).value();
  Certificate other = authority.issue({{"a"}, {}}, now).value();
  EXPECT_EQ(ServerTls::make(Certificate{one.chain_pem, other.key_pem}).error().text,
            "the key does not fit the certificate");
  EXPECT_EQ(ClientTls::make("x").error().text, "the authority's certificate is not readable PEM");
}

}  // namespace
}  // namespace nsp::lab

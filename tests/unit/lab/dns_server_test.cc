// Over real sockets on loopback; asked by plain sockets, and by dig where that is installed.
#include "sim/lab/wire/dns_server.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include "sim/capture/synthetic_messages.h"
#include "sim/lab/dns_message.h"
#include "tests/unit/lab/dns_world.h"

namespace nsp::lab {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;

// The world's name server at the lab's own address, run by a thread of its own until the end.
class DnsServerTest : public testing::Test {
 protected:
  void serve(DnsLimits limits = {}) {
    server_ = std::make_unique<DnsServer>(
        io_,
        [this](const IpAddress& from, std::string_view name, std::uint16_t type) {
          return look_up(*world_.edition, asker_at(*world_.edition, from), name, type);
        },
        limits);
    const auto listened = server_->listen({kNameServer, 0});
    ASSERT_TRUE(listened.has_value()) << listened.error().text;
    at_ = *listened;
    runner_ = std::thread([this] { io_.run(); });
  }

  void TearDown() override {
    if (!runner_.joinable()) return;
    in_the_lab([this] {
      server_.reset();
      work_.reset();
    });
    runner_.join();  // nothing is left to do: the server has ended whole
  }

  // Runs in the one thread that may touch the server, and waits for it.
  template <class Work>
  void in_the_lab(Work work) {
    std::atomic<bool> done = false;
    asio::post(io_, [&] {
      work();
      done = true;
      done.notify_one();
    });
    done.wait(false);
  }

  DnsServer::Counts counts() {
    DnsServer::Counts seen;
    in_the_lab([&] { seen = server_->counts(); });
    return seen;
  }

  [[nodiscard]] Tcp::endpoint tcp() const {
    return {asio::ip::make_address(to_string(at_.address)), at_.port};
  }

  Tcp::socket connected() {
    Tcp::socket socket(client_io_);
    socket.connect(tcp());
    return socket;
  }

  static std::string query(std::string_view name, std::uint16_t id) {
    const Message message = make_dns_question(DomainName::parse(name).value(), true, id);
    return {message.begin(), message.end()};
  }
  static std::string with_length(const std::string& message) {
    return std::string{static_cast<char>(message.size() >> 8),
                       static_cast<char>(message.size() & 0xff)} +
           message;
  }

  // The next response on a connection; empty: it has ended.
  static std::string next(Tcp::socket& socket) {
    std::array<unsigned char, 2> length{};
    ErrorCode error;
    asio::read(socket, asio::buffer(length), error);
    if (error) return {};
    std::string response(std::size_t{length[0]} * 256 + length[1], '\0');
    asio::read(socket, asio::buffer(response), error);
    return error ? "" : response;
  }

  // What dig prints with `+short`, asking from that address; lines joined by spaces.
  [[nodiscard]] std::string dig(const std::string& arguments, const IpAddress& from) const {
    const std::string command = "dig @" + to_string(at_.address) + " -p " +
                                std::to_string(at_.port) + " -b " + to_string(from) +
                                " +tries=1 +time=5 +noidnin +noidnout " + arguments + " 2>&1";
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
      text.push_back(c == '\n' ? ' ' : static_cast<char>(c));
    }
    while (text.ends_with(' ')) text.pop_back();
    return text;
  }

  static bool has_dig() { return std::filesystem::exists("/usr/bin/dig"); }

  [[nodiscard]] IpAddress caller(std::string_view name) const {
    return world_.edition->plan.of_caller(world_.edition->find_post(std::string(name))->caller);
  }

  test::DnsWorld world_;
  IoContext io_;
  // The thread goes on after the server has stopped.
  asio::executor_work_guard<Executor> work_ = asio::make_work_guard(io_);
  asio::io_context client_io_;
  std::unique_ptr<DnsServer> server_;
  Endpoint at_;
  std::thread runner_;
};

TEST_F(DnsServerTest, AnswersDigByWhoAsks) {
  if (!has_dig()) GTEST_SKIP() << "dig is not installed (bind9-dnsutils)";
  serve();
  const std::string name = "st.blob.core.windows.net +short";
  const std::string link = "st.privatelink.blob.core.windows.net. ";
  for (const std::string transport : {" +notcp", " +tcp"}) {
    EXPECT_EQ(dig(name + transport, caller("inside")), link + "127.78.1.1");
    EXPECT_EQ(dig(name + transport, caller("beside")), link + "127.77.1.1");
    EXPECT_EQ(dig("example.com +short" + transport, caller("away")), "127.77.0.1");
  }
  EXPECT_EQ(dig("AAAA st.blob.core.windows.net +short", caller("away")),
            "st.privatelink.blob.core.windows.net.");
  EXPECT_EQ(dig("-x 127.77.1.1 +short", caller("away")), "st.blob.core.windows.net.");
}

// A name that exists has nothing of all these types, and the zone says so; none hangs.
TEST_F(DnsServerTest, AnswersDigForEveryType) {
  if (!has_dig()) GTEST_SKIP() << "dig is not installed (bind9-dnsutils)";
  serve();
  std::string queries;
  std::string expected;
  for (const std::string type :
       {"AAAA", "CAA",   "CNAME", "DNAME", "DNSKEY", "DS",    "HINFO", "HTTPS",    "LOC",
        "MX",   "NAPTR", "NS",    "NSEC3", "PTR",    "RRSIG", "SOA",   "SRV",      "SSHFP",
        "SVCB", "TLSA",  "TXT",   "URI",   "NULL",   "OPT",   "TYPE0", "TYPE65280"}) {
    queries += " find.search.windows.net " + type;
    expected +=
        "search.windows.net.\t60\tIN\tSOA\tnspsim.invalid. nobody.nspsim.invalid. 1 3600 300 "
        "2419200 "
        "60 ";
  }
  expected.pop_back();
  EXPECT_EQ(dig("+noall +authority" + queries, caller("away")), expected);
  EXPECT_EQ(dig("find.search.windows.net ANY +short +notcp", caller("away")), "127.77.1.4");
  EXPECT_EQ(dig("privatelink.blob.core.windows.net SOA +short", caller("inside")),
            "nspsim.invalid. nobody.nspsim.invalid. 1 3600 300 2419200 10");
  EXPECT_EQ(dig("find.search.windows.net IXFR=1 +noall +answer", caller("away")),
            "; Transfer failed.");
  for (const char* type : {"MAILA", "MAILB", "TKEY"}) {
    EXPECT_NE(
        dig(std::string("find.search.windows.net +noall +comments +answer ") + type, caller("away"))
            .find("status: NOTIMP"),
        std::string::npos)
        << type;
  }
}

TEST_F(DnsServerTest, TellsDigTheWholeAnswer) {
  if (!has_dig()) GTEST_SKIP() << "dig is not installed (bind9-dnsutils)";
  serve();
  const std::string only = " +noall +comments +answer +nocookie +qid=7";
  EXPECT_EQ(dig("ST.blob.core.windows.net +noedns" + only, caller("inside")),
            ";; Got answer: ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7 ;; flags: qr rd "
            "ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 0  ;; ANSWER SECTION: "
            "ST.blob.core.windows.net. 10\tIN\tCNAME\tst.privatelink.blob.core.windows.net. "
            "st.privatelink.blob.core.windows.net. 10 IN A\t127.78.1.1");
  EXPECT_EQ(dig("nothing.corp.internal +noedns" + only, caller("inside")),
            ";; Got answer: ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 7 ;; flags: qr rd "
            "ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 0");
  EXPECT_EQ(
      dig("example.com +edns=0 +noednsneg" + only, caller("inside")),
      ";; Got answer: ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7 ;; flags: qr rd "
      "ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1  ;; OPT PSEUDOSECTION: ; EDNS: "
      "version: 0, flags:; udp: 1232 ;; ANSWER SECTION: example.com.\t\t60\tIN\tA\t127.77.0.1");
}

TEST_F(DnsServerTest, AnswersManyQueriesOnOneConnectionInOrder) {
  serve();
  Tcp::socket socket = connected();
  std::string all;
  for (std::uint16_t id = 1; id <= 100; ++id) all += with_length(query("example.com", id));
  asio::write(socket, asio::buffer(all));
  for (std::uint16_t id = 1; id <= 100; ++id) {
    const std::string response = next(socket);
    ASSERT_GT(response.size(), 12U);
    EXPECT_EQ(response.substr(0, 4), ""s + '\0' + static_cast<char>(id) + "\x81\x80");
  }
  EXPECT_EQ(counts().over_tcp, 100U);
  EXPECT_EQ(counts().open, 1U);
}

TEST_F(DnsServerTest, ReadsAQueryInPieces) {
  serve();
  Tcp::socket socket = connected();
  for (const char byte : with_length(query("example.com", 9))) {
    asio::write(socket, asio::buffer(&byte, 1));
  }
  EXPECT_EQ(next(socket).substr(0, 2), "\x00\x09"s);
}

TEST_F(DnsServerTest, EndsTheConnectionOfWhoSendsNoQuery) {
  serve();
  for (const std::string& bytes :
       {with_length(""), with_length("short"), "\xff\xff"s + std::string(5000, 'x'),
        with_length(std::string(12, '\xff'))}) {
    Tcp::socket socket = connected();
    ErrorCode ignored;
    asio::write(socket, asio::buffer(bytes), ignored);
    EXPECT_EQ(next(socket), "");
  }
  Tcp::socket socket = connected();
  asio::write(socket, asio::buffer(with_length(query("example.com", 9))));
  EXPECT_EQ(next(socket).substr(0, 2), "\x00\x09"s);
}

TEST_F(DnsServerTest, EndsTheConnectionOfWhoIsSlow) {
  serve({.patience = 100ms});
  Tcp::socket idle = connected();
  Tcp::socket half = connected();
  asio::write(half, asio::buffer("\x00"s));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(next(idle), "");
  EXPECT_EQ(next(half), "");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 90ms);
  EXPECT_EQ(counts().open, 0U);
}

TEST_F(DnsServerTest, EndsAConnectionThatAsksTooMuch) {
  serve({.queries = 2});
  Tcp::socket socket = connected();
  asio::write(socket,
              asio::buffer(with_length(query("a.example", 1)) + with_length(query("a.example", 2)) +
                           with_length(query("a.example", 3))));
  EXPECT_NE(next(socket), "");
  EXPECT_NE(next(socket), "");
  EXPECT_EQ(next(socket), "");
  EXPECT_EQ(counts().over_tcp, 2U);
}

TEST_F(DnsServerTest, TurnsAwayTooManyConnections) {
  serve({.connections = 1});
  Tcp::socket first = connected();
  asio::write(first, asio::buffer(with_length(query("a.example", 1))));
  EXPECT_NE(next(first), "");
  Tcp::socket second = connected();
  EXPECT_EQ(next(second), "");
  EXPECT_EQ(counts().turned_away, 1U);
  asio::write(first, asio::buffer(with_length(query("a.example", 2))));
  EXPECT_NE(next(first), "");
}

TEST_F(DnsServerTest, GoesOnAfterGarbageOverUdp) {
  serve();
  Udp::socket socket(client_io_, Udp::endpoint(Udp::v4(), 0));
  const Udp::endpoint server(asio::ip::make_address(to_string(at_.address)), at_.port);
  socket.send_to(asio::buffer("\xff"s), server);
  socket.send_to(asio::buffer(std::string(kMostQueryBytes + 1, '\0')), server);
  socket.send_to(asio::buffer(query("example.com", 7)), server);
  std::array<char, 512> buffer{};
  std::size_t size = socket.receive(asio::buffer(buffer));
  EXPECT_EQ(std::string(buffer.data(), size), "\0\0\x80\x01\0\0\0\0\0\0\0\0"s);
  size = socket.receive(asio::buffer(buffer));
  EXPECT_EQ(std::string(buffer.data(), 4), "\x00\x07\x81\x80"s);
  EXPECT_EQ(counts().over_udp, 3U);
}

TEST_F(DnsServerTest, RefusesToListenWhereItMayNot) {
  serve();
  DnsServer other(io_, {});
  EXPECT_EQ(other.listen(at_).error().kind, Problem::Kind::Refused);
  EXPECT_EQ(other.listen({*IpAddress::parse("192.0.2.1"), 0}).error().text,
            "cannot listen on `192.0.2.1`: expected an address of 127.0.0.0/8 or ::1");
}

TEST_F(DnsServerTest, StopsAtOnce) {
  serve();
  Tcp::socket socket = connected();
  asio::write(socket, asio::buffer(with_length(query("a.example", 1))));
  EXPECT_NE(next(socket), "");
  in_the_lab([this] { server_->stop(); });
  EXPECT_EQ(next(socket), "");
  EXPECT_EQ(counts().open, 0U);
  ErrorCode refused;
  Tcp::socket(client_io_).connect(tcp(), refused);
  EXPECT_EQ(refused, asio::error::connection_refused);
}

}  // namespace
}  // namespace nsp::lab

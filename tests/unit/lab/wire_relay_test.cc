#include <fcntl.h>

#include <array>
#include <thread>

#include "sim/lab/address_plan.h"
#include "sim/lab/wire/enclosure.h"
#include "sim/lab/wire/relay.h"
#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

using ::testing::SizeIs;

constexpr IpAddress kNode = IpAddress::from_v4(0x7f4d'fa01);    // 127.77.250.1
constexpr IpAddress kCaller = IpAddress::from_v4(0x7f4f'fa01);  // 127.79.250.1
const LabPortOptions kPorts{7443, 0, 7053, 7080, 7128};

std::string onward(const IpAddress& address, std::uint16_t port,
                   const LabPortOptions& ports = kPorts) {
  const auto goal = way_on(ports, {address, port});
  return goal ? to_string(*goal) : "nowhere";
}

TEST(RelayPlan, LeadsWhereTheLabListens) {
  const IpAddress endpoint = *IpAddress::parse("127.78.0.9");
  EXPECT_EQ(onward(kNode, 443), "127.77.250.1:7443");
  EXPECT_EQ(onward(kNode, 7443), "127.77.250.1:7443");
  EXPECT_EQ(onward(endpoint, 443), "127.78.0.9:7443");
  EXPECT_EQ(onward(kNameServer, 53), "127.77.0.53:7053");
  EXPECT_EQ(onward(kIdentityEndpoint, 80), "127.77.0.169:7080");
  EXPECT_EQ(onward(kIdentityEndpoint, 7080), "127.77.0.169:7080");
  EXPECT_EQ(onward(kIdentityEndpoint, 443), "127.77.0.169:7443");
  EXPECT_EQ(onward(kMetadataService, 80), "127.77.0.169:7080");
}

TEST(RelayPlan, LeadsNowhereElse) {
  EXPECT_EQ(onward(kNode, 80), "nowhere");  // no plain HTTP
  EXPECT_EQ(onward(kNode, 53), "nowhere");
  EXPECT_EQ(onward(kNode, 22), "nowhere");
  EXPECT_EQ(onward(kNode, 0), "nowhere");
  EXPECT_EQ(onward(kNode, 7080), "nowhere");
  EXPECT_EQ(onward(kCaller, 443), "nowhere");
  EXPECT_EQ(onward(*IpAddress::parse("127.0.0.1"), 443), "nowhere");
  EXPECT_EQ(onward(*IpAddress::parse("10.0.0.1"), 443), "nowhere");
  EXPECT_EQ(onward(*IpAddress::parse("::7f4d:fa01"), 443), "nowhere");
  EXPECT_EQ(onward(kMetadataService, 443), "nowhere");
  LabPortOptions with_http = kPorts;
  with_http.http = 7081;
  EXPECT_EQ(onward(kNode, 80, with_http), "127.77.250.1:7081");
  EXPECT_EQ(onward(kNode, 7081, with_http), "127.77.250.1:7081");
}

TEST(RelayPlan, HasEveryDoorOnce) {
  const auto words = [](const LabPortOptions& ports) {
    std::string text;
    for (const Door& door : doors_of(ports)) {
      text += to_string(door.at) + (door.datagrams ? " udp\n" : "\n");
    }
    return text;
  };
  EXPECT_EQ(words(kPorts),
            "127.77.0.53:53 udp\n127.77.0.53:53\n0.0.0.0:80\n0.0.0.0:443\n0.0.0.0:7080\n"
            "0.0.0.0:7443\n");
  EXPECT_EQ(words({443, 80, 53, 80, 3128}),
            "127.77.0.53:53 udp\n127.77.0.53:53\n0.0.0.0:80\n0.0.0.0:443\n");
  EXPECT_THAT(doors_of({1, 2, 3, 4, 5}), SizeIs(kMostDoors));
}

TEST(Enclosure, AsksFilesAndDnsForHosts) {
  EXPECT_EQ(with_hosts_by_dns("passwd: files\nhosts:   files mdns4 [NOTFOUND=return] resolve\n"
                              "# hosts: none\n\n"),
            "passwd: files\n# hosts: none\nhosts: files dns\n");
  EXPECT_EQ(with_hosts_by_dns(""), "hosts: files dns\n");
}

TEST(Enclosure, SaysWhatCannotBeDone) {
  using Step = SetupFailure::Step;
  EXPECT_EQ(to_string(SetupFailure{Step::Namespace, EPERM}),
            "cannot make a network namespace: Operation not permitted");
  EXPECT_EQ(to_string(SetupFailure{Step::Names, ENOENT}),
            "cannot set up name resolution in the namespace: No such file or directory");
}

// A door at the node's own address, port 443, and a node that listens at another port.
class RelayTest : public testing::Test {
 protected:
  void SetUp() override {
    node_ = {kNode, 0};
    listener_ = listen_at(node_, Reach::Loopback).value();
    const int flags = ::fcntl(listener_, F_GETFL);
    ::fcntl(listener_, F_SETFL, flags & ~O_NONBLOCK);
    door_ = {kNode, 443};
    const auto door = listen_at(door_, Reach::Loopback);
    if (!door) GTEST_SKIP() << "port 443 cannot be listened on: " << door.error().text;
    ports_.https = node_.port;
    loop_.run([&] {
      relay_ = std::make_unique<Relay>(loop_.io(), kCaller, ports_, limits_);
      relay_->open({door_, false}, *door);
    });
  }
  void TearDown() override {
    loop_.run([&] { relay_.reset(); });
    if (listener_ >= 0) ::close(listener_);
  }

  // What the node accepts, and who it is from.
  int accept(Endpoint* from = nullptr) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int fd = ::accept(listener_, reinterpret_cast<sockaddr*>(&storage), &size);
    timeval longest{kLongest.count(), 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    if (from != nullptr) *from = to_endpoint(storage).value();
    return fd;
  }
  static std::string rest(int fd) {
    std::string all;
    std::array<char, 65'536> piece;
    for (ssize_t count = 1; count > 0;) {
      count = ::recv(fd, piece.data(), piece.size(), 0);
      if (count > 0) all.append(piece.data(), static_cast<std::size_t>(count));
      if (count < 0) all += "(broken)";
    }
    return all;
  }

  LabPortOptions ports_ = kPorts;
  RelayLimits limits_;
  Endpoint node_;
  Endpoint door_;
  int listener_ = -1;
  Loop loop_;
  std::unique_ptr<Relay> relay_;
};

TEST_F(RelayTest, ComesFromTheCallerAndKeepsHalvesApart) {
  RawClient client(door_);
  ASSERT_TRUE(client.connected());
  Endpoint from;
  const int node = accept(&from);
  EXPECT_EQ(from.address, kCaller);
  EXPECT_EQ(client.send("question"), 8U);
  client.shut();
  EXPECT_EQ(rest(node), "question");
  // The other way is still open.
  EXPECT_EQ(::send(node, "answer", 6, MSG_NOSIGNAL), 6);
  ::close(node);
  EXPECT_EQ(client.rest(), "answer");
}

TEST_F(RelayTest, CarriesMuch) {
  const std::string much(8 << 20, 'x');
  RawClient client(door_);
  const int node = accept();
  std::thread writer([&] {
    EXPECT_EQ(client.send(much), much.size());
    client.shut();
  });
  EXPECT_EQ(rest(node).size(), much.size());
  writer.join();
  ::close(node);
  EXPECT_EQ(client.rest(), "");
}

TEST_F(RelayTest, BreaksWhereTheNodeBreaks) {
  RawClient client(door_);
  const int node = accept();
  const linger now{1, 0};
  setsockopt(node, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(node);
  char byte = 0;
  EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(RelayTest, BreaksWhereNobodyListens) {
  ::close(std::exchange(listener_, -1));
  RawClient client(door_);
  char byte = 0;
  EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(RelayTest, EndsEverythingWhenItStops) {
  RawClient client(door_);
  const int node = accept();
  loop_.run([&] { relay_->stop(); });
  EXPECT_EQ(rest(node), "(broken)");
  EXPECT_EQ(client.rest(), "");
  ::close(node);
  EXPECT_FALSE(RawClient(door_).connected());
}

class NarrowRelayTest : public RelayTest {
 protected:
  NarrowRelayTest() { limits_.connections = 1; }
};

TEST_F(NarrowRelayTest, RefusesOneTooMany) {
  RawClient first(door_);
  const int node = accept();
  RawClient second(door_);
  char byte = 0;
  EXPECT_EQ(::recv(second.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
  EXPECT_EQ(first.send("on"), 2U);
  first.shut();
  EXPECT_EQ(rest(node), "on");
  ::close(node);
}

}  // namespace
}  // namespace nsp::lab

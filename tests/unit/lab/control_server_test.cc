#include "sim/lab/wire/control_server.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>

#include "tests/unit/lab/wire_fixture.h"

namespace nsp::lab {
namespace {

RecordText kept_text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// A control server at a socket in a folder of its own; it answers with the caller's name.
class ControlServers : public ::testing::Test {
 protected:
  ControlServers() : feed_(loop_.io()) {
    std::string pattern = ::testing::TempDir() + "nspsim-control-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    loop_.run([&] {
      server_ = std::make_unique<ControlServer>(
          loop_.io(), feed_,
          [](const ControlRequest& request) {
            return std::holds_alternative<AskCaller>(request) ? std::get<AskCaller>(request).name
                                                              : "something";
          },
          milliseconds(150));
      EXPECT_TRUE(server_->listen(path()).has_value());
    });
  }
  ~ControlServers() override {
    loop_.run([&] {
      server_.reset();
      feed_.close();
    });
    loop_.end();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string path() const { return folder_ + "/s"; }

  // Connected; reads wait for a second at most.
  [[nodiscard]] int connect() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const timeval most{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    return fd;
  }
  static void send(int fd, std::string_view bytes) {
    EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // What comes until the end of the connection; `…` where it does not end.
  static std::string rest(int fd) {
    std::string all;
    char piece[4096];
    ssize_t size = 0;
    while ((size = ::recv(fd, piece, sizeof piece, 0)) > 0) all.append(piece, size);
    ::close(fd);
    return size == 0 ? all : all + "…";
  }
  std::string asked(std::string_view bytes) {
    const int fd = connect();
    send(fd, bytes);
    ::shutdown(fd, SHUT_WR);
    return rest(fd);
  }

  Loop loop_;
  RecordFeed feed_;
  std::unique_ptr<ControlServer> server_;
  std::string folder_;
};

constexpr const char* kWho = "{\"do\":\"caller\",\"caller\":\"office\"}\n";

TEST_F(ControlServers, AnswerLineByLine) {
  EXPECT_EQ(asked(kWho), "office\n");
  EXPECT_EQ(asked(std::string(kWho) + "{}\n" + kWho),
            "office\n{\"ok\":false,\"errors\":[\"`do` is missing\"]}\noffice\n");
  struct stat facts {};
  ASSERT_EQ(::stat(path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(ControlServers, EndWhoDawdles) {
  const int silent = connect();
  const int slow = connect();
  send(slow, "{\"do\":");
  EXPECT_EQ(asked(kWho), "office\n");
  EXPECT_EQ(rest(silent), "");
  EXPECT_EQ(rest(slow), "");
}

TEST_F(ControlServers, FollowersMayWait) {
  const int follower = connect();
  send(follower, "{\"do\":\"logs\",\"follow\":true}\n");
  std::this_thread::sleep_for(milliseconds(300));
  loop_.run([&] { feed_.add(kept_text("record"), {}); });
  std::string line;
  append_record("record", {}, line);
  std::string got(line.size() + 1, ' ');
  got.resize(static_cast<std::size_t>(::recv(follower, got.data(), got.size(), 0)));
  EXPECT_EQ(got, line);
  ::close(follower);
}

TEST_F(ControlServers, EndFollowersWhoDoNotRead) {
  const int follower = connect();
  send(follower, "{\"do\":\"logs\",\"follow\":true}\n");
  const RecordText much = kept_text(std::string(10'000, 'x'));
  loop_.run([&] {
    for (int i = 0; i < 1'000; ++i) feed_.add(much, {});
  });
  std::this_thread::sleep_for(milliseconds(400));
  const std::string got = rest(follower);
  EXPECT_LT(got.size(), 10'000'000U);
  EXPECT_FALSE(got.ends_with("…"));
  EXPECT_EQ(asked(kWho), "office\n");
}

// Also those who have ended their own side first, and when nothing is recorded meanwhile.
TEST_F(ControlServers, FollowersWhoGoMakeRoom) {
  std::vector<int> followers;
  for (std::size_t i = 0; i < ControlServer::kMostConnections; ++i) {
    followers.push_back(connect());
    send(followers.back(), "{\"do\":\"logs\",\"follow\":true}\n");
    ::shutdown(followers.back(), SHUT_WR);
  }
  std::this_thread::sleep_for(milliseconds(200));
  for (const int fd : followers) ::close(fd);
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(asked(kWho), "office\n");
}

TEST_F(ControlServers, TellOneTooMany) {
  std::vector<int> many;
  for (std::size_t i = 0; i < ControlServer::kMostConnections; ++i) many.push_back(connect());
  EXPECT_EQ(rest(connect()),
            "{\"ok\":false,\"errors\":[\"the lab has too many control connections\"]}\n");
  for (const int fd : many) EXPECT_EQ(rest(fd), "");
  EXPECT_EQ(asked(kWho), "office\n");
}

TEST_F(ControlServers, RefuseLongLines) {
  EXPECT_EQ(asked(std::string(kMostControlBytes + 10, ' ')).substr(0, 12), "{\"ok\":false,");
}

}  // namespace
}  // namespace nsp::lab

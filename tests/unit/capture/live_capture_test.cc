#include "sim/capture/live_capture.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::uint16_t kPort = 47653;
const std::atomic<bool> kNeverStops{false};

std::string refusal(const LiveOptions& options) {
  const auto result = live_capture(
      options, [](Flow&&) {}, kNeverStops);
  return result ? "nothing was refused" : to_string(result.error().front());
}

// Without the right to listen the tests of listening say nothing.
bool may_listen() {
  return refusal({.interface = "lo", .duration = milliseconds(1)}) == "nothing was refused";
}

// Sends `count` datagrams to this machine.
void send(int count) {
  const int out = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(kPort);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    ::sendto(out, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  ::close(out);
}

struct TemporaryFolder {
  TemporaryFolder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path = fs::temp_directory_path() / "nspsim-live-capture";
};

TEST(LiveCapture, HearsFiltersAndWrites) {
  if (!may_listen()) GTEST_SKIP() << "without CAP_NET_RAW nothing can be listened to";
  const TemporaryFolder folder;
  const LiveOptions options{.interface = "lo",
                            .filter = "udp dst port 47653",
                            .duration = milliseconds(400),
                            .write = folder.path / "heard.pcap"};
  std::vector<Flow> flows;
  std::jthread sender([] {
    std::this_thread::sleep_for(milliseconds(150));
    send(3);
  });
  const auto heard = live_capture(
      options, [&](Flow&& flow) { flows.push_back(std::move(flow)); }, kNeverStops);
  ASSERT_TRUE(heard.has_value()) << to_string(heard.error().front());
  EXPECT_TRUE(heard->warnings.empty());
  EXPECT_EQ(heard->counts.packets, 3U);
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows[0].transport, Transport::Udp);
  EXPECT_EQ(flows[0].sent.packets + flows[0].received.packets, 3U);

  std::vector<Flow> again;
  const auto read = read_capture(options.write, [&](Flow&& flow) { again.push_back(flow); });
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].first, flows[0].first);
  EXPECT_EQ(read->counts, heard->counts);
  EXPECT_EQ(folder.files(), 1U);
}

TEST(LiveCapture, EndsWhenItIsToldTo) {
  if (!may_listen()) GTEST_SKIP() << "without CAP_NET_RAW nothing can be listened to";
  std::atomic<bool> stop = false;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(50));
    stop = true;
  });
  const auto heard = live_capture(
      {.interface = "lo", .filter = "port 1"}, [](Flow&&) {}, stop);
  ASSERT_TRUE(heard.has_value());
  EXPECT_EQ(heard->counts.packets, 0U);
}

TEST(LiveCapture, SaysWhatIsWrong) {
  if (!may_listen()) GTEST_SKIP() << "without CAP_NET_RAW nothing can be listened to";
  const std::string message = refusal({.interface = "nowhere9", .duration = milliseconds(1)});
  EXPECT_TRUE(message.starts_with("error nowhere9: is no interface, expected one of `")) << message;
  EXPECT_NE(message.find("`lo`"), std::string::npos) << message;
  EXPECT_EQ(refusal({.interface = "lo", .filter = "tpc", .duration = milliseconds(1)}),
            "error lo: `tpc` is not a filter that libpcap understands: can't parse filter "
            "expression: syntax error");
  EXPECT_EQ(
      refusal({.interface = "lo", .duration = milliseconds(1), .write = "/nonexistent/heard.pcap"}),
      "error /nonexistent/heard.pcap: cannot be written: No such file or directory");
}

// In a process of its own, which gives its rights away.
std::string refusal_without_rights() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const bool dropped = ::geteuid() != 0 || ::setuid(65534) == 0;
    const std::string message = dropped ? refusal({.interface = "lo"}) : "still root";
    const auto written = ::write(ends[1], message.data(), message.size());
    ::_exit(written < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  std::array<char, 1000> text{};
  const auto count = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

TEST(LiveCapture, NamesTheMissingCapability) {
  if (::geteuid() != 0 && may_listen()) GTEST_SKIP() << "this program has CAP_NET_RAW itself";
  // Of a process that changed its user the link may not be read; the message then says `nspsim`.
  std::error_code error;
  const std::string message = refusal_without_rights();
  const std::string start =
      "error lo: may not be listened to: the capability CAP_NET_RAW is missing; run with sudo, or "
      "give it once with `sudo setcap cap_net_raw+ep ";
  const std::string self = fs::read_symlink("/proc/self/exe", error).string();
  EXPECT_TRUE(message == start + self + "`" || message == start + "nspsim`") << message;
}

}  // namespace
}  // namespace nsp

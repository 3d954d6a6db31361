#include "sim/capture/read_capture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sim/capture/write_capture.h"
#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests
namespace fs = std::filesystem;

// A folder of its own for each test.
class ReadCapture : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("nspsim-capture-") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file(std::string_view bytes, std::string_view name = "a.pcap") const {
    fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  Result<CaptureResult> read(const fs::path& path, const CaptureOptions& options = {}) {
    flows_.clear();
    return read_capture(
        path, [this](Flow&& flow) { flows_.push_back(std::move(flow)); }, options);
  }
  std::string refusal(const fs::path& path, const CaptureOptions& options = {}) {
    const auto result = read(path, options);
    if (result) return "nothing was refused";
    EXPECT_EQ(result.error().size(), 1U);
    return to_string(result.error().front());
  }

  fs::path folder_;
  std::vector<Flow> flows_;
};

std::vector<SyntheticFlow> sample() {
  return {{.client = socket("10.0.0.4", 0),
           .server = socket("10.1.0.5", 443),
           .name = name("stdocs.blob.core.windows.net"),
           .privatelink = true,
           .time = at(0)},
          {.client = socket("203.0.113.7", 50000),
           .server = socket("20.60.1.4", 80),
           .name = name("srch.search.windows.net"),
           .first_message = FirstMessage::HttpRequest,
           .time = at(0.0005)},
          {.client = socket("2001:db8::7", 0),
           .server = socket("2001:db8::1:4", 2049),
           .name = name("stdocs.file.core.windows.net"),
           .first_message = FirstMessage::None,
           .time = at(0.2)},
          {.client = socket("10.0.0.9", 0), .server = socket("20.60.1.9", 443), .time = at(0.3)}};
}

// Without those of DNS.
std::vector<Flow> tcp_flows(std::vector<Flow> flows) {
  std::erase_if(flows, [](const Flow& flow) { return flow.transport == Transport::Udp; });
  std::ranges::sort(flows, {}, &Flow::first);
  return flows;
}

TEST_F(ReadCapture, FindsAgainWhatWasWritten) {
  const std::vector<SyntheticFlow> flows = sample();
  const auto result = read(file(make_capture(flows)));
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->warnings.empty());
  EXPECT_TRUE(problems(result->counts).empty());
  EXPECT_EQ(result->counts.dns_answers, 3U);
  EXPECT_EQ(result->counts.flows, 7U);
  const std::vector<Flow> found = tcp_flows(flows_);
  ASSERT_EQ(found.size(), flows.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].client.address, flows[i].client.address);
    EXPECT_EQ(found[i].server, flows[i].server);
    EXPECT_EQ(found[i].name, flows[i].name);
    EXPECT_EQ(found[i].privatelink, flows[i].privatelink);
    EXPECT_FALSE(found[i].client_by_port);
  }
  EXPECT_EQ(found[0].client.port, 49152);
  EXPECT_EQ(found[0].name_source, NameSource::ServerName);
  EXPECT_EQ(found[1].client.port, 50000);
  EXPECT_EQ(found[1].name_source, NameSource::HttpHost);
  EXPECT_EQ(found[1].first, at(0.0025));
  EXPECT_EQ(found[2].name_source, NameSource::DnsAnswer);
  EXPECT_EQ(found[3].name_source, NameSource::None);
  EXPECT_EQ(found[3].sent.packets, 5U);
  EXPECT_EQ(found[3].received.packets, 3U);
}

TEST_F(ReadCapture, WritesTheSameBytesEachTime) {
  ASSERT_TRUE(write_capture(folder_ / "b.pcap", sample()).has_value());
  std::ifstream in(folder_ / "b.pcap", std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(written, make_capture(sample()));
}

// The same packets in each of the four forms of pcap.
std::string converted(const std::string& capture, bool big, bool nano) {
  const auto little32 = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value |= std::uint32_t{static_cast<unsigned char>(capture[at + i])} << (8 * i);
    }
    return value;
  };
  std::string out;
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      out += static_cast<char>(value >> (8 * (big ? bytes - 1 - i : i)));
    }
  };
  put(nano ? 0xa1b2'3c4d : 0xa1b2'c3d4, 4);
  put(2, 2);
  put(4, 2);
  for (std::size_t at = 8; at < 24; at += 4) put(little32(at), 4);
  for (std::size_t at = 24; at < capture.size();) {
    put(little32(at), 4);
    put(nano ? little32(at + 4) : little32(at + 4) / 1000, 4);
    put(little32(at + 8), 4);
    put(little32(at + 12), 4);
    out.append(capture, at + 16, little32(at + 8));
    at += 16 + little32(at + 8);
  }
  return out;
}

TEST_F(ReadCapture, ReadsBothByteOrdersAndPrecisions) {
  const std::string original = make_capture(sample());
  for (const bool big : {false, true}) {
    for (const bool nano : {false, true}) {
      const auto result = read(file(converted(original, big, nano)));
      ASSERT_TRUE(result.has_value());
      EXPECT_EQ(result->counts.flows, 7U);
      EXPECT_EQ(tcp_flows(flows_)[1].first, at(0.0025));
    }
  }
}

// A section header, an interface and one packet, as the draft of pcapng lays them out.
TEST_F(ReadCapture, ReadsPcapng) {
  const Message frame = ipv4({}, tcp_header(49152, 443, tcp_flag::kSyn, 1));
  ByteWriter out;
  out.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u64(~0ULL).u32(28);
  out.u32(1).u32(32).u16(101).u16(0).u32(0).u16(9).u16(1).u8(9).u24(0).u32(0).u32(32);  // ns
  const auto time = static_cast<std::uint64_t>(at(1.000000005).time_since_epoch().count());
  out.u32(6).u32(72).u32(0).u64(time).u32(40).u32(40).block(frame).u32(72);
  const auto result = read(file(as_text(out.bytes()), "a.pcapng"));
  ASSERT_TRUE(result.has_value()) << to_string(result.error().front());
  ASSERT_EQ(flows_.size(), 1U);
  EXPECT_EQ(flows_[0].client, socket("10.0.0.4", 49152));
  EXPECT_EQ(flows_[0].first, at(1.000000005));
}

TEST_F(ReadCapture, KeepsWhatStandsBeforeACut) {
  const std::string whole = make_capture(sample());
  const fs::path path = file(whole.substr(0, whole.size() - 10));
  const auto result = read(path);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(tcp_flows(flows_).size(), 4U);
  ASSERT_EQ(result->warnings.size(), 1U);
  EXPECT_EQ(to_string(result->warnings[0]),
            "warning " + path.string() +
                ": ends in the middle of a packet after 35 packets, which were read: truncated "
                "dump file; tried to read 54 captured bytes, only got 44");
}

// Cut anywhere: refused, or what stands before, and never a crash.
TEST_F(ReadCapture, SurvivesACutAnywhere) {
  const std::string whole = make_capture(std::vector{sample()[0]});
  for (std::size_t length = 0; length < whole.size(); length += 3) {
    const auto result = read(file(whole.substr(0, length)));
    EXPECT_EQ(result.has_value(), length >= 24) << length;
    for (const Flow& flow : flows_) {
      EXPECT_TRUE(flow.name.empty() || flow.name == sample()[0].name);
    }
  }
}

TEST_F(ReadCapture, AppliesAFilter) {
  const auto result = read(file(make_capture(sample())), {.filter = "tcp port 443"});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(flows_.size(), 2U);
}

TEST_F(ReadCapture, ReadsStandardInput) {
  const fs::path path = file(make_capture(sample()));
  ASSERT_NE(std::freopen(path.c_str(), "rb", stdin), nullptr);
  const auto result = read("-");
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->counts.flows, 7U);
}

TEST_F(ReadCapture, StopsWhenItIsTold) {
  std::uint64_t seen = 0;
  const auto result = read(file(make_capture(sample())), {.progress = [&](std::uint64_t bytes) {
                             seen = bytes;
                             return false;
                           }});
  ASSERT_TRUE(result.has_value());
  EXPECT_GT(seen, 24U);
}

TEST_F(ReadCapture, SaysWhatIsWrong) {
  const fs::path good = file(make_capture(sample()));
  EXPECT_EQ(refusal(good, {.filter = "tcp prot 443"}),
            "error " + good.string() +
                ": `tcp prot 443` is not a filter that libpcap understands: can't parse filter "
                "expression: syntax error");
  const fs::path nothing = folder_ / "nothing.pcap";
  EXPECT_EQ(refusal(nothing),
            "error " + nothing.string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(refusal(folder_),
            "error " + folder_.string() + ": is a folder, expected a capture file");
  const fs::path words = file("what is this, not a capture", "words.pcap");
  EXPECT_EQ(refusal(words), "error " + words.string() +
                                ": is not a capture that can be read, expected pcap or pcapng: "
                                "unknown file format");
  const fs::path packed = file("\x1f\x8b\x08\x01 and so on", "a.pcap.gz");
  EXPECT_EQ(refusal(packed), "error " + packed.string() +
                                 ": is compressed, expected pcap or pcapng; unpack it with `gunzip "
                                 "-k " +
                                 packed.string() + "`");
  std::string wireless = make_capture(sample());
  wireless[20] = 105;
  const fs::path path = file(wireless, "wireless.pcap");
  EXPECT_EQ(refusal(path),
            "error " + path.string() +
                ": has link type `IEEE802_11`, expected Ethernet, Linux cooked, raw IP or BSD "
                "loopback");
}

}  // namespace
}  // namespace nsp

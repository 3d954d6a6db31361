#include "sim/capture/client_hello.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using namespace packets;  // NOLINT: the words of these tests
using State = SpokenName::State;

constexpr std::string_view kName = "stdocs.blob.core.windows.net";

Message hello(const HelloOptions& options = {}) { return make_client_hello(name(kName), options); }

// The same message in records of at most `size` bytes.
Message in_records(const Message& whole, std::size_t size) {
  ByteWriter out;
  for (std::size_t at = 5; at < whole.size(); at += size) {
    const std::size_t length = std::min(size, whole.size() - at);
    out.u8(22).u16(0x0301).counted16(Bytes(whole).subspan(at, length));
  }
  return out.bytes();
}

void expect_name(const SpokenName& spoken, std::string_view expected) {
  EXPECT_EQ(spoken.state, State::Found);
  EXPECT_EQ(spoken.name, expected);
  EXPECT_TRUE(spoken.is_server_name);
}

TEST(ClientHello, SaysTheServerName) {
  ClientHelloReader reader;
  const Message message = hello();  // which the name views
  const SpokenName spoken = reader.read(message);
  expect_name(spoken, kName);
  EXPECT_FALSE(spoken.encrypted);
}

TEST(ClientHello, MayComeInRecordsOfAnySize) {
  ClientHelloReader reader;
  for (std::size_t size = 1; size <= hello().size(); ++size) {
    expect_name(reader.read(in_records(hello(), size)), kName);
  }
  const Message large = hello({.post_quantum = true});
  EXPECT_GT(large.size(), 1400U);
  for (const std::size_t size : {1, 5, 100, 1399}) {
    expect_name(reader.read(in_records(large, size)), kName);
  }
}

TEST(ClientHello, NeedsMoreAtEveryLengthButTheWhole) {
  ClientHelloReader reader;
  for (const std::size_t size : {std::size_t{1}, std::size_t{60}, std::size_t{16384}}) {
    const Message whole = in_records(hello(), size);
    for (std::size_t length = 1; length < whole.size(); ++length) {
      const SpokenName spoken = reader.read(Bytes(whole).first(length));
      EXPECT_EQ(spoken.state, State::NeedMore) << length;
      EXPECT_GT(spoken.need, length);
      EXPECT_LE(spoken.need, whole.size());
      // Half a name is none.
      EXPECT_TRUE(spoken.name.empty() || spoken.name == kName) << spoken.name;
    }
  }
}

TEST(ClientHello, MarksAnEncryptedOne) {
  ClientHelloReader reader;
  const Message whole = hello({.encrypted_hello = true});
  const SpokenName spoken = reader.read(whole);
  expect_name(spoken, kName);
  EXPECT_TRUE(spoken.encrypted);
}

TEST(ClientHello, MaySayNoName) {
  ClientHelloReader reader;
  EXPECT_EQ(reader.read(make_client_hello({})).state, State::None);
  // TLS 1.0 without extensions.
  ByteWriter body;
  body.u16(0x0301).block(Message(32, 1)).u8(0).u16(2).u16(0x002f).u8(1).u8(0);
  const Message old = ByteWriter()
                          .u8(22)
                          .u16(0x0301)
                          .u16(static_cast<std::uint32_t>(body.size() + 4))
                          .u8(1)
                          .u24(static_cast<std::uint32_t>(body.size()))
                          .block(body.bytes())
                          .bytes();
  EXPECT_EQ(reader.read(old).state, State::None);
}

TEST(ClientHello, IsNoOtherProtocol) {
  ClientHelloReader reader;
  const auto with = [](std::size_t at, std::uint8_t byte) {
    Message whole = hello();
    whole[at] = byte;
    return whole;
  };
  EXPECT_EQ(reader.read(with(0, 23)).state, State::Other);  // application data
  EXPECT_EQ(reader.read(with(1, 2)).state, State::Other);
  EXPECT_EQ(reader.read(with(3, 0x7f)).state, State::Other);  // a record of 32 KiB
  EXPECT_EQ(reader.read(with(5, 2)).state, State::Other);     // a ServerHello
  EXPECT_EQ(reader.read(with(43, 250)).state, State::Other);  // the session id runs over the end
  EXPECT_EQ(reader.read(Message{22, 3, 1, 0, 0}).state, State::Other);
}

// Every single damaged byte: the name, another name, or none, and never a crash.
TEST(ClientHello, SurvivesEveryDamagedByte) {
  ClientHelloReader reader;
  const Message whole = hello();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const std::uint8_t byte : Message{0x00, 0x01, 0x7f, 0x80, 0xff}) {
      Message damaged = whole;
      damaged[at] = byte;
      const SpokenName spoken = reader.read(damaged);
      EXPECT_LE(spoken.name.size(), whole.size());
    }
  }
}

}  // namespace
}  // namespace nsp

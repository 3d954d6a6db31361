#include "sim/capture/client_hello.h"

#include <algorithm>

namespace nsp {
namespace {

using State = SpokenName::State;

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kMessageHeader = 4;
constexpr std::size_t kLongestRecord = 1U << 14;
constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint16_t kServerName = 0;
constexpr std::uint16_t kEncryptedClientHello = 0xfe0d;

// The bytes of one record that are there.
struct TlsRecord {
  Bytes payload;
  std::size_t length = 0;  // as its header says
};

// False for what is no handshake record, as far as can be seen.
bool read_record(Bytes stream, TlsRecord& record) {
  const std::size_t there = std::min(stream.size(), kRecordHeader);
  if (there > 0 && stream[0] != kHandshake) return false;
  if (there > 1 && stream[1] != 3) return false;
  if (there < kRecordHeader) return true;
  record.length = big16(stream.data() + 3);
  if (record.length == 0 || record.length > kLongestRecord) return false;
  record.payload =
      stream.subspan(kRecordHeader).first(std::min(record.length, stream.size() - kRecordHeader));
  return true;
}

// The message's bytes that are there, its length (0: not known yet), and what is needed for more.
struct Handshake {
  bool is_hello = true;
  Bytes bytes;
  std::size_t length = 0;
  std::size_t need = 0;
};

std::size_t message_length(Bytes bytes) {
  if (bytes.size() < kMessageHeader) return 0;
  return kMessageHeader + ((std::size_t{bytes[1]} << 16) | big16(bytes.data() + 2));
}

// Joins records until the message is whole. In place where one record holds all that is there.
Handshake join_records(Bytes stream, std::vector<std::uint8_t>& joined) {
  Handshake message;
  joined.clear();
  for (std::size_t at = 0;;) {
    TlsRecord record;
    if (!read_record(stream.subspan(at), record)) {
      message.is_hello = false;
      return message;
    }
    if (at == 0) {
      message.bytes = record.payload;
    } else {
      if (joined.empty()) joined.assign(message.bytes.begin(), message.bytes.end());
      joined.insert(joined.end(), record.payload.begin(), record.payload.end());
      message.bytes = joined;
    }
    if (!message.bytes.empty() && message.bytes[0] != kClientHello) message.is_hello = false;
    message.length = message_length(message.bytes);
    const std::size_t wanted = std::max(message.length, kMessageHeader);
    const bool whole = record.length != 0 && record.payload.size() == record.length;
    if (!message.is_hello || message.bytes.size() >= wanted) return message;
    if (!whole) {
      const std::size_t missing = wanted - message.bytes.size();
      message.need = std::max(stream.size() + missing, at + kRecordHeader + 1);
      return message;
    }
    at += kRecordHeader + record.length;
  }
}

// The first host name of the extension's list.
std::string_view first_host_name(Bytes extension) {
  ByteReader list(extension);
  ByteReader names(list.take(list.u16()));
  while (!names.empty()) {
    const std::uint8_t type = names.u8();
    const Bytes name = names.take(names.u16());
    if (names.failed()) return {};
    if (type == 0) return as_text(name);
  }
  return {};
}

// What stands before the extensions. True when it is all there and well formed.
bool skip_to_extensions(ByteReader& body) {
  body.take(2 + 32);  // version, random
  const std::size_t session = body.u8();
  body.take(session);
  const std::size_t suites = body.u16();
  body.take(suites);
  const std::size_t compressions = body.u8();
  body.take(compressions);
  return !body.failed();
}

// Bytes of the message that are there → the name. `whole`: there will not be more.
SpokenName read_body(Bytes bytes, bool whole) {
  SpokenName name{.state = whole ? State::Other : State::NeedMore, .is_server_name = true};
  ByteReader body(bytes);
  if (!skip_to_extensions(body)) return name;
  if (whole && body.empty()) return {.state = State::None};  // without extensions, as of old
  const std::size_t length = body.u16();
  if (body.failed() || (whole && length != body.rest().size())) return name;
  while (!body.empty()) {
    const std::uint16_t type = body.u16();
    const Bytes extension = body.take(body.u16());
    if (body.failed()) return name;
    if (type == kServerName && name.name.empty()) name.name = first_host_name(extension);
    if (type == kEncryptedClientHello) name.encrypted = true;
  }
  if (whole) name.state = name.name.empty() ? State::None : State::Found;
  return name;
}

}  // namespace

SpokenName ClientHelloReader::read(Bytes stream) {
  const Handshake message = join_records(stream, joined_);
  if (!message.is_hello) return {.state = State::Other};
  if (message.bytes.size() <= kMessageHeader) {
    return {.state = State::NeedMore, .need = std::max(message.need, stream.size() + 1)};
  }
  const bool whole = message.length != 0 && message.bytes.size() >= message.length;
  const Bytes there = message.bytes.first(whole ? message.length : message.bytes.size());
  SpokenName name = read_body(there.subspan(kMessageHeader), whole);
  name.need = std::max(message.need, stream.size() + 1);
  return name;
}

}  // namespace nsp

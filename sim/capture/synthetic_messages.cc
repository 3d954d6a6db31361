#include "sim/capture/synthetic_messages.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/capture/byte_writer.h"

namespace nsp {
namespace {

// Bytes that look like a key and are none.
Message filler(std::size_t count, std::uint32_t seed) {
  Message bytes(count);
  std::uint32_t state = seed | 1U;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

void put_extension(ByteWriter& out, std::uint32_t type, const ByteWriter& body) {
  out.u16(type).counted16(body.bytes());
}

ByteWriter server_name(const DomainName& name) {
  ByteWriter entry;
  entry.u8(0).counted16(as_bytes(name.text()));
  ByteWriter body;
  body.counted16(entry.bytes());
  return body;
}

constexpr std::uint32_t kX25519 = 0x001d;
constexpr std::uint32_t kX25519MlKem768 = 0x11ec;

ByteWriter groups(bool post_quantum) {
  ByteWriter list;
  if (post_quantum) list.u16(kX25519MlKem768);
  list.u16(kX25519);
  ByteWriter body;
  body.counted16(list.bytes());
  return body;
}

ByteWriter key_shares(bool post_quantum) {
  ByteWriter shares;
  if (post_quantum) shares.u16(kX25519MlKem768).counted16(filler(1216, 3));
  shares.u16(kX25519).counted16(filler(32, 5));
  ByteWriter body;
  body.counted16(shares.bytes());
  return body;
}

// An outer ClientHello's extension: cipher suite, configuration, key, sealed inner hello.
ByteWriter encrypted_hello() {
  ByteWriter body;
  body.u8(0).u16(1).u16(1).u8(7);
  body.counted16(filler(32, 7)).counted16(filler(144, 9));
  return body;
}

ByteWriter extensions(const DomainName& name, const HelloOptions& options) {
  ByteWriter out;
  if (!name.empty()) put_extension(out, 0, server_name(name));
  put_extension(out, 10, groups(options.post_quantum));
  put_extension(out, 13, ByteWriter().u16(4).u16(0x0804).u16(0x0403));  // signatures
  put_extension(out, 43, ByteWriter().u8(2).u16(0x0304));               // TLS 1.3
  put_extension(out, 51, key_shares(options.post_quantum));
  if (options.encrypted_hello) put_extension(out, 0xfe0d, encrypted_hello());
  return out;
}

void put_dns_name(ByteWriter& out, const DomainName& name) {
  std::string_view rest = name.text();
  while (!rest.empty()) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    out.u8(static_cast<std::uint32_t>(label.size())).block(as_bytes(label));
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  out.u8(0);
}

constexpr std::uint32_t kTypeA = 1;
constexpr std::uint32_t kTypeCname = 5;
constexpr std::uint32_t kTypeAaaa = 28;
constexpr std::uint32_t kClassInternet = 1;

void put_dns_head(ByteWriter& out, const DomainName& name, bool v4, std::uint16_t id,
                  std::uint32_t flags, std::size_t answers) {
  out.u16(id).u16(flags).u16(1).u16(static_cast<std::uint32_t>(answers)).u32(0);
  put_dns_name(out, name);
  out.u16(v4 ? kTypeA : kTypeAaaa).u16(kClassInternet);
}

void put_record(ByteWriter& out, const DomainName& owner, std::uint32_t type, std::uint32_t ttl,
                const ByteWriter& data) {
  put_dns_name(out, owner);
  out.u16(type).u16(kClassInternet).u32(ttl).counted16(data.bytes());
}

ByteWriter address_data(const IpAddress& address) {
  ByteWriter data;
  if (address.v4) return data.u32(static_cast<std::uint32_t>(address.bits));
  return data.u64(static_cast<std::uint64_t>(address.bits >> 64))
      .u64(static_cast<std::uint64_t>(address.bits));
}

}  // namespace

Message make_client_hello(const DomainName& name, const HelloOptions& options) {
  ByteWriter body;
  body.u16(0x0303).block(filler(32, 11));
  body.u8(32).block(filler(32, 13));
  body.u16(6).u16(0x1301).u16(0x1302).u16(0x1303);
  body.u8(1).u8(0);
  body.counted16(extensions(name, options).bytes());
  ByteWriter record;
  record.u8(22).u16(0x0301).u16(static_cast<std::uint32_t>(body.size() + 4));
  record.u8(1).u24(static_cast<std::uint32_t>(body.size())).block(body.bytes());
  return record.bytes();
}

Message make_http_request(const DomainName& name) {
  const std::string text =
      name.empty() ? "GET / HTTP/1.0\r\n\r\n"
                   : fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n\r\n", name.text());
  return {text.begin(), text.end()};
}

Message make_dns_question(const DomainName& name, bool v4, std::uint16_t id) {
  ByteWriter out;
  put_dns_head(out, name, v4, id, 0x0100, 0);
  return out.bytes();
}

Message make_dns_answer(const DomainName& name, const std::vector<DomainName>& aliases,
                        const IpAddress& address, std::uint32_t ttl, std::uint16_t id) {
  ByteWriter out;
  put_dns_head(out, name, address.v4, id, 0x8180, aliases.size() + 1);
  const DomainName* owner = &name;
  for (const DomainName& alias : aliases) {
    ByteWriter data;
    put_dns_name(data, alias);
    put_record(out, *owner, kTypeCname, ttl, data);
    owner = &alias;
  }
  put_record(out, *owner, address.v4 ? kTypeA : kTypeAaaa, ttl, address_data(address));
  return out.bytes();
}

}  // namespace nsp

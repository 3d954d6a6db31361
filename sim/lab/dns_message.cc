#include "sim/lab/dns_message.h"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "sim/lab/freed.h"

namespace nsp::lab {
namespace {

using OwnedPacket = std::unique_ptr<ldns_pkt, Freed<ldns_pkt_free>>;
using Data = std::unique_ptr<ldns_rdf, Freed<ldns_rdf_deep_free>>;
using OwnedRecord = std::unique_ptr<ldns_rr, Freed<ldns_rr_free>>;
using Allocated = std::unique_ptr<char, Freed<std::free>>;
using Octets = std::unique_ptr<std::uint8_t, Freed<std::free>>;

constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint8_t kIsResponse = 0x80;  // in the third byte

OwnedPacket parsed(std::string_view bytes) {
  ldns_pkt* packet = nullptr;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (ldns_wire2pkt(&packet, data, bytes.size()) != LDNS_STATUS_OK) return nullptr;
  return OwnedPacket(packet);
}

std::string bytes_of(const ldns_pkt* packet) {
  std::uint8_t* raw = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&raw, packet, &size) != LDNS_STATUS_OK) return {};
  const Octets octets(raw);
  return {reinterpret_cast<const char*>(octets.get()), size};
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

// A header alone, with the query's id and operation: for queries that cannot be read.
std::string bare_response(std::string_view query, ldns_pkt_rcode code) {
  std::string bytes(kHeaderBytes, '\0');
  bytes[0] = query[0];
  bytes[1] = query[1];
  // The operation and `recursion desired` as they were.
  bytes[2] = static_cast<char>(kIsResponse | (static_cast<unsigned char>(query[2]) & 0x79));
  bytes[3] = static_cast<char>(code);
  return bytes;
}

// `example.com`, with ldns's escapes.
std::optional<std::string> text_of(const ldns_rdf* name) {
  const Allocated text(ldns_rdf2str(name));
  if (!text) return std::nullopt;
  std::string written(text.get());
  if (written.ends_with('.')) written.pop_back();
  return written;
}

// Types that ask for something else than records of a name: zone transfers and the like.
bool is_no_record_type(std::uint16_t type) {
  constexpr std::uint16_t kFirst =
      249;  // TKEY; 250 TSIG, 251 IXFR, 252 AXFR, 253 and 254 mailboxes
  return type >= kFirst && type < std::to_underlying(DnsType::Any);
}

// Writes one response to a query that could be read.
class PacketWriter {
 public:
  PacketWriter(const ldns_pkt* query, DnsTransport transport)
      : query_(query), transport_(transport), response_(ldns_pkt_new()) {
    ldns_pkt_set_id(response_.get(), ldns_pkt_id(query));
    ldns_pkt_set_opcode(response_.get(), ldns_pkt_get_opcode(query));
    ldns_pkt_set_qr(response_.get(), true);
    ldns_pkt_set_rd(response_.get(), ldns_pkt_rd(query));
    ldns_pkt_set_ra(response_.get(), true);
    if (ldns_pkt_edns(query)) ldns_pkt_set_edns_udp_size(response_.get(), kMostUdpBytes);
  }

  std::string error(ldns_pkt_rcode code) {
    echo_question();
    ldns_pkt_set_rcode(response_.get(), code);
    return bytes_of(response_.get());
  }

  // An extended code (RFC 6891): its low four bits are in the header, which are none here.
  std::string bad_version() {
    echo_question();
    ldns_pkt_set_edns_extended_rcode(response_.get(), 1);
    return bytes_of(response_.get());
  }

  std::string answer(const DnsAnswer& answer) {
    echo_question();
    ldns_pkt_set_rcode(response_.get(), static_cast<std::uint8_t>(answer.code));
    for (const std::string& alias : answer.aliases) {
      if (!push(LDNS_RR_TYPE_CNAME, name_data(alias), answer.ttl)) return {};
      owner_ = name_data(alias);
    }
    if (!push_last(answer)) return {};
    if (answer.start) push_start(*answer.start, answer.ttl);
    std::string bytes = bytes_of(response_.get());
    return bytes.size() <= limit() ? bytes : truncated();
  }

 private:
  void echo_question() {
    const ldns_rr_list* questions = ldns_pkt_question(query_);
    if (ldns_rr_list_rr_count(questions) == 0) return;
    ldns_rr* question = ldns_rr_list_rr(questions, 0);
    owner_.reset(ldns_rdf_clone(ldns_rr_owner(question)));
    ldns_pkt_push_rr(response_.get(), LDNS_SECTION_QUESTION, ldns_rr_clone(question));
  }

  static Data name_data(const std::string& name) {
    return Data(ldns_dname_new_frm_str(name.c_str()));
  }

  static Data address_data(const IpAddress& address) {
    const auto type = address.v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA;
    return Data(ldns_rdf_new_frm_str(type, nsp::to_string(address).c_str()));
  }

  bool push_last(const DnsAnswer& answer) {
    if (answer.address) {
      const auto type = answer.address->v4 ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_AAAA;
      return push(type, address_data(*answer.address), answer.ttl);
    }
    return answer.pointer.empty() || push(LDNS_RR_TYPE_PTR, name_data(answer.pointer), answer.ttl);
  }

  // In the authority section, unless it is the answer. A zone whose name cannot be written says
  // nothing of itself.
  void push_start(const DnsZoneStart& start, std::uint32_t ttl) {
    const std::string text =
        fmt::format("{}. {} IN SOA nspsim.invalid. nobody.nspsim.invalid. {} 3600 300 2419200 {}",
                    start.zone, ttl, static_cast<std::uint32_t>(start.serial), ttl);
    ldns_rr* record = nullptr;
    if (ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) return;
    const auto section = start.asked_for ? LDNS_SECTION_ANSWER : LDNS_SECTION_AUTHORITY;
    if (!ldns_pkt_push_rr(response_.get(), section, record)) ldns_rr_free(record);
  }

  bool push(ldns_rr_type type, Data data, std::uint32_t ttl) {
    if (!data || !owner_) return false;
    OwnedRecord record(ldns_rr_new());
    ldns_rr_set_owner(record.get(), ldns_rdf_clone(owner_.get()));
    ldns_rr_set_type(record.get(), type);
    ldns_rr_set_class(record.get(), LDNS_RR_CLASS_IN);
    ldns_rr_set_ttl(record.get(), ttl);
    ldns_rr_push_rdf(record.get(), data.release());
    return ldns_pkt_push_rr(response_.get(), LDNS_SECTION_ANSWER, record.release());
  }

  [[nodiscard]] std::size_t limit() const {
    if (transport_ == DnsTransport::Tcp) return kMostTcpBytes;
    const std::size_t stated = ldns_pkt_edns(query_) ? ldns_pkt_edns_udp_size(query_) : 0;
    return std::clamp(stated, kPlainUdpBytes, kMostUdpBytes);
  }

  std::string truncated() {
    PacketWriter again(query_, transport_);
    again.echo_question();
    ldns_pkt_set_tc(again.response_.get(), true);
    return bytes_of(again.response_.get());
  }

  const ldns_pkt* query_;
  DnsTransport transport_;
  OwnedPacket response_;
  Data owner_;  // of the next record
};

}  // namespace

std::string answer_dns(std::string_view query, DnsTransport transport, const DnsLookUp& look_up) {
  if (query.size() < kHeaderBytes) return {};
  if ((static_cast<unsigned char>(query[2]) & kIsResponse) != 0) return {};
  if (query.size() > kMostQueryBytes || number_at(query, 4) != 1) {
    return bare_response(query, LDNS_RCODE_FORMERR);
  }
  const OwnedPacket packet = parsed(query);
  if (!packet) return bare_response(query, LDNS_RCODE_FORMERR);
  PacketWriter writer(packet.get(), transport);
  if (ldns_pkt_get_opcode(packet.get()) != LDNS_PACKET_QUERY) {
    return writer.error(LDNS_RCODE_NOTIMPL);
  }
  if (ldns_pkt_edns(packet.get()) && ldns_pkt_edns_version(packet.get()) != 0) {
    return writer.bad_version();
  }
  ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
  if (ldns_rr_get_class(question) != LDNS_RR_CLASS_IN) return writer.error(LDNS_RCODE_REFUSED);
  const auto type = static_cast<std::uint16_t>(ldns_rr_get_type(question));
  if (is_no_record_type(type)) return writer.error(LDNS_RCODE_NOTIMPL);
  const std::optional<std::string> name = text_of(ldns_rr_owner(question));
  if (!name) return writer.error(LDNS_RCODE_SERVFAIL);
  return writer.answer(look_up(*name, type));
}

}  // namespace nsp::lab

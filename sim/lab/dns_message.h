// DNS messages: bytes of a query in, bytes of the response out.
//
// One question of class IN is answered. The name of the question is given back letter by letter, in
// the case it came in (clients that mix case compare it). EDNS is spoken in version 0. What does
// not fit is cut: the response then says so (TC) and holds no records, and the client comes back
// over TCP. Compression is ldns's.
//
// What is not a query at all (shorter than a header, or itself a response) is not answered: nobody
// can be made to talk to itself.
//
// The ldns library reads and writes the messages. Sources: RFC 1035 (messages), RFC 6891 (EDNS),
// RFC 2181 (truncation), RFC 8482 (ANY). Thread safety: pure functions.
#ifndef NSP_SIM_LAB_DNS_MESSAGE_H_
#define NSP_SIM_LAB_DNS_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/lab/dns_view.h"

namespace nsp::lab {

// Longer queries are not read: a name, a type and a few options are far shorter.
inline constexpr std::size_t kMostQueryBytes = 4096;
// Of a response over UDP: what a client without EDNS takes, and the most that one with EDNS gets
// (no fragments on any network).
inline constexpr std::size_t kPlainUdpBytes = 512;
inline constexpr std::size_t kMostUdpBytes = 1232;
inline constexpr std::size_t kMostTcpBytes = 65535;

enum class DnsTransport : std::uint8_t { Udp, Tcp };

// What a name is: without a dot at the end, in the case it came in; characters that no host name
// has are escaped as `\032` or `\.`.
using DnsLookUp = std::function<DnsAnswer(std::string_view name, std::uint16_t type)>;

// The response; empty: none is to be sent. `look_up` is called at most once.
[[nodiscard]] std::string answer_dns(std::string_view query, DnsTransport transport,
                                     const DnsLookUp& look_up);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_DNS_MESSAGE_H_

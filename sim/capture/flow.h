// A flow: one conversation of a client with a server, as packets show it.
//
// Addresses are those of the wire: of a client behind a NAT the private one, of a tunnel the inner
// one nowhere. The client is the side that sent the SYN; where no SYN was seen, the side with the
// higher port (`client_by_port`). The host name is what the client asked for, from the best source
// that the capture has: the TLS server name, the HTTP `Host`, an answer of DNS to this client that
// held the server's address. A name that cannot be read stays empty; none is guessed.
//
// Sources: RFC 8446 and 6066 (server name), RFC 9110 (Host), RFC 1035 (DNS). Thread safety: plain
// values.
#ifndef NSP_SIM_CAPTURE_FLOW_H_
#define NSP_SIM_CAPTURE_FLOW_H_

#include <cstdint>

#include "sim/base/time.h"
#include "sim/base/vocabulary.h"
#include "sim/net/address.h"
#include "sim/net/domain.h"

namespace nsp {

struct SocketAddress {
  IpAddress address;
  std::uint16_t port = 0;

  bool operator==(const SocketAddress&) const = default;
};

enum class Transport : std::uint8_t { Tcp, Udp };
template <>
struct Vocabulary<Transport> {
  static constexpr std::array<std::string_view, 2> words{"tcp", "udp"};
};

enum class NameSource : std::uint8_t { None, ServerName, HttpHost, DnsAnswer };
template <>
struct Vocabulary<NameSource> {
  static constexpr std::array<std::string_view, 4> words{"none", "TLS server name", "HTTP host",
                                                         "DNS answer"};
};

struct Volume {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of the network layer, as sent, not as captured
};

struct Flow {
  SocketAddress client;
  SocketAddress server;
  Transport transport = Transport::Tcp;
  bool client_by_port = false;  // no SYN was seen
  Instant first;
  Instant last;
  Volume sent;      // by the client
  Volume received;  // … and by the server
  DomainName name;
  NameSource name_source = NameSource::None;
  bool encrypted_client_hello = false;  // `name` is then the outer name
  // An answer of DNS led the client to the server's address through a `privatelink` name.
  bool privatelink = false;
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_FLOW_H_

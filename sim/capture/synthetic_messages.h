// What clients and servers say, made up: valid messages that name a host, for synthetic captures
// and tests.
//
// The same arguments give the same bytes. Thread safety: pure functions.
#ifndef NSP_SIM_CAPTURE_SYNTHETIC_MESSAGES_H_
#define NSP_SIM_CAPTURE_SYNTHETIC_MESSAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/net/address.h"
#include "sim/net/domain.h"

namespace nsp {

using Message = std::vector<std::uint8_t>;

struct HelloOptions {
  bool post_quantum = false;     // a key share of X25519MLKEM768: more than a packet in all
  bool encrypted_hello = false;  // with the extension encrypted_client_hello
};
// A TLS 1.3 ClientHello in one record; without server_name where `name` is empty.
[[nodiscard]] Message make_client_hello(const DomainName& name, const HelloOptions& options = {});

// `GET / HTTP/1.1` with `Host`; HTTP/1.0 without it where `name` is empty.
[[nodiscard]] Message make_http_request(const DomainName& name);

// The question for the address of `name`, A or AAAA by `v4`.
[[nodiscard]] Message make_dns_question(const DomainName& name, bool v4, std::uint16_t id);
// Its answer: each alias a CNAME of the one before, the last one's address at the end.
[[nodiscard]] Message make_dns_answer(const DomainName& name,
                                      const std::vector<DomainName>& aliases,
                                      const IpAddress& address, std::uint32_t ttl,
                                      std::uint16_t id);

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_SYNTHETIC_MESSAGES_H_

// Bytes → the name server's response: no crash; at most one question is looked up; a response has
// the query's id, is a response, fits its transport, and is never taken for a query again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/lab/dns_message.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

nsp::lab::DnsAnswer some_answer(std::string_view name, std::uint16_t type) {
  nsp::lab::DnsAnswer answer;
  if (name.size() % 3 == 0) answer.aliases = {"st.privatelink.blob.core.windows.net"};
  if (type == 1) answer.address = nsp::lab::kOutsideWorld;
  if (type == 12) answer.pointer = "st.blob.core.windows.net";
  if (!answer.address && answer.pointer.empty()) {
    answer.start = {std::string(name.substr(name.find('.') + 1)), name.size(), type == 6};
  }
  if (name.size() % 7 == 0) answer.code = nsp::lab::DnsAnswer::Code::NxDomain;
  return answer;
}

void check(std::string_view query, nsp::lab::DnsTransport transport) {
  int asked = 0;
  const std::string response =
      nsp::lab::answer_dns(query, transport, [&](std::string_view name, std::uint16_t type) {
        ++asked;
        return some_answer(name, type);
      });
  require(asked <= 1);
  if (response.empty()) return;
  require(response.size() >= 12 && response.substr(0, 2) == query.substr(0, 2));
  require((static_cast<unsigned char>(response[2]) & 0x80) != 0);
  require(transport == nsp::lab::DnsTransport::Tcp || response.size() <= nsp::lab::kMostUdpBytes);
  require(nsp::lab::answer_dns(response, transport, some_answer).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  check(query, nsp::lab::DnsTransport::Udp);
  check(query, nsp::lab::DnsTransport::Tcp);
  return 0;
}

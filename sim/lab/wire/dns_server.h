// The lab's name server: UDP and TCP on one address, answers by who asks.
//
// Over TCP a client may send many queries on one connection, each after a length of two bytes. What
// one client does touches no other: a query must be whole, and its answer be taken, within
// `patience`; there are at most `connections` at a time, and at most `queries` on each. A query
// that is none, or longer than kMostQueryBytes, ends its connection. Over UDP an answer that cannot
// be sent at once is dropped, as networks do.
//
// Sources: RFC 1035 4.2 and RFC 7766 (DNS over TCP). Thread safety: none; everything happens in the
// io_context's one thread.
#ifndef NSP_SIM_LAB_WIRE_DNS_SERVER_H_
#define NSP_SIM_LAB_WIRE_DNS_SERVER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "sim/lab/dns_view.h"
#include "sim/lab/wire/asio.h"
#include "sim/lab/wire/endpoint.h"

namespace nsp::lab {

struct DnsLimits {
  std::size_t connections = 256;               // over TCP, at all listeners together
  std::uint32_t queries = 10'000;              // on one connection
  std::chrono::milliseconds patience{10'000};  // between queries, for a query, for its answer
};

class DnsServer {
 public:
  // Called once a question, with the address that it comes from; throws nothing. `name` and `type`
  // as in DnsLookUp.
  using Answer =
      std::function<DnsAnswer(const IpAddress& from, std::string_view name, std::uint16_t type)>;

  struct Counts {
    std::size_t open = 0;           // connections now
    std::uint64_t turned_away = 0;  // connections, for there were too many
    std::uint64_t over_udp = 0;     // datagrams read
    std::uint64_t over_tcp = 0;     // queries read

    bool operator==(const Counts&) const = default;
  };

  DnsServer(IoContext& io, Answer answer, DnsLimits limits = {}, Reach reach = Reach::Loopback);
  // As stop().
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  // Both ways, on one port; port 0: any that is free for both. What was listened on.
  [[nodiscard]] Result<Endpoint> listen(const Endpoint& at);

  // Closes everything at once.
  void stop();

  [[nodiscard]] const Counts& counts() const;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_WIRE_DNS_SERVER_H_

// What DNS told which client: the names behind addresses.
//
// A capture often holds the answers that led a client to an address. From each answer the table
// remembers, for the client that asked: this address was given for the name that was asked for, for
// so long, and whether an alias on the way was a `privatelink` name. A flow that shows no name of
// its own is then known by the name that its client had asked for.
//
// An answer holds for its TTL, at least a minute (clients hold on to addresses a little longer than
// they should) and at most a day. Where a client was given one address for several names at a time,
// the table does not choose: `ambiguous`. (Storage serves `blob` and `file` of one account from one
// address, so that happens.)
//
// Only answers to A and AAAA questions with one question count; aliases are followed from the name
// asked for, in any order of records, at most kMostAliases of them. Compression pointers must lead
// backwards, so a name ends.
//
// Sources: RFC 1035 section 4, RFC 3596 (AAAA), RFC 1034 section 3.6.2 (aliases). Memory: the cap
// of CaptureLimits::dns_addresses. Thread safety: none; one reader, one table.
#ifndef NSP_SIM_CAPTURE_DNS_ANSWERS_H_
#define NSP_SIM_CAPTURE_DNS_ANSWERS_H_

#include <deque>
#include <expected>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/time.h"
#include "sim/capture/bytes.h"
#include "sim/capture/limits.h"
#include "sim/net/address.h"
#include "sim/net/domain.h"

namespace nsp {

// One response, read.
struct DnsResponse {
  struct Address {
    IpAddress address;
    std::uint32_t ttl = 0;  // seconds; the least on the way to it
    bool privatelink = false;
  };
  DomainName asked;
  std::vector<Address> addresses;
};
inline constexpr int kMostAliases = 16;

enum class DnsFault : std::uint8_t {
  Irrelevant,  // a question, a failure, an answer without an address
  Damaged,     // lengths or pointers that lead nowhere
};

// A message as UDP carries it. A name that is no host name (RFC 2181 allows any bytes) gives
// nothing: Irrelevant.
[[nodiscard]] std::expected<DnsResponse, DnsFault> read_dns_response(Bytes message);

// True for a host name with the label `privatelink`.
[[nodiscard]] bool has_privatelink_label(std::string_view lower_case_name);

class DnsAnswers {
 public:
  explicit DnsAnswers(const CaptureLimits& limits) : limits_(limits) {}

  // A message that a server sent to `client`.
  void add(const IpAddress& client, Bytes message, Instant now, CaptureCounts& counts);

  struct Found {
    DomainName name;  // empty where it is ambiguous
    bool privatelink = false;
    bool ambiguous = false;
  };
  // What `client` had asked for when it was given `server`, of the answers that still hold.
  [[nodiscard]] std::optional<Found> find(const IpAddress& client, const IpAddress& server,
                                          Instant now) const;

 private:
  struct Key {
    IpAddress client;
    IpAddress server;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Answer {
    DomainName name;
    Instant until;
    bool privatelink = false;
  };
  static constexpr std::size_t kMostNames = 8;  // of one address; the first to end goes first

  void remember(const Key& key, Answer answer, Instant now, CaptureCounts& counts);

  CaptureLimits limits_;
  std::unordered_map<Key, std::vector<Answer>, KeyHash> answers_;
  std::deque<Key> order_;  // of first mention
};

}  // namespace nsp

#endif  // NSP_SIM_CAPTURE_DNS_ANSWERS_H_

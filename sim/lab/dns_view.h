// What a name is, to whom: the answers of the lab's name server as a pure function.
//
// The path that the engine gives an attempt (sim/decision/choose_path.h, clauses P-1 to P-5) is the
// one decision here, too: where it is private, the answer is the seat of a private endpoint
// (127.78), where it is not, the resource's public seat (127.77). So what a client is told and what
// the engine assumes cannot differ.
//
// A name of a resource that has a private endpoint is an alias of its `privatelink` name, for
// everybody, as in Azure's public DNS; who asks from a virtual network with the linked zone gets
// the private address for that. A host outside the environment is kOutsideWorld, or kOutsidePrivate
// where the path to it is private; the login servers of Azure are the lab's own
// (kIdentityEndpoint). What a linked private zone holds of nobody we know leads to the same two,
// never to the address of its record, which may be somebody's real one; what such a zone does not
// hold does not exist.
//
// Not as in Azure: where a network is linked to the zone of a name and the zone lacks the record,
// Azure answers NXDOMAIN for a resource with a private endpoint elsewhere (unless the link says
// NxDomainRedirect); here, as clause P-2 has it, the name is public.
//
// There are no AAAA records: the name exists, the answer is empty. An empty answer, and that a name
// does not exist, come with the start of authority of the zone that says so, so that resolvers know
// for how long they may believe it (RFC 2308): not long, as a lab changes while it runs.
//
// Thread safety: pure functions. Cost: a few hash look-ups; a private answer also
// looks through the private endpoints.
#ifndef NSP_SIM_LAB_DNS_VIEW_H_
#define NSP_SIM_LAB_DNS_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/edition.h"

namespace nsp::lab {

enum class DnsType : std::uint16_t {
  A = 1,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Aaaa = 28,
  Any = 255,
};

// Who asks: a resource, or somebody in a subnet (an index of the policy, as BoundAttempt's), or
// neither.
struct Asker {
  Index resource = kNone;
  Index subnet = kNone;

  bool operator==(const Asker&) const = default;
};
// Whoever sits at the address. A subnet that nobody describes is none.
[[nodiscard]] Asker asker_at(const Edition& edition, const IpAddress& address);

// Where a zone starts. Its serial number is that of the lab's edition.
struct DnsZoneStart {
  std::string zone;          // empty: the root
  std::uint64_t serial = 0;  // of it the low 32 bits
  bool asked_for = false;    // the question is for the very record

  bool operator==(const DnsZoneStart&) const = default;
};

struct DnsAnswer {
  enum class Code : std::uint8_t { NoError = 0, NxDomain = 3, NotImplemented = 4, Refused = 5 };
  Code code = Code::NoError;
  std::vector<std::string> aliases{};  // each the target of a CNAME of the one before it
  std::optional<IpAddress> address{};  // of the last of them, or of the name itself
  std::string pointer{};               // of a PTR question: the name that has the address
  std::uint32_t ttl = 0;               // seconds
  // Where there is nothing of what was asked for at the end of the aliases.
  std::optional<DnsZoneStart> start{};

  bool operator==(const DnsAnswer&) const = default;
};

// `name` in any case, with or without a dot at the end. `type` is one of DnsType or any other
// number: then a name that exists has no such records.
[[nodiscard]] DnsAnswer look_up(const Edition& edition, const Asker& asker, std::string_view name,
                                std::uint16_t type);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_DNS_VIEW_H_

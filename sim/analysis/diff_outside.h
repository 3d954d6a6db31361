// What the outside world is asked at one destination: each fact alone. Inside of diff_verdicts().
//
// A claim is one fact that a caller shows: an address, a subscription, a subnet, being a trusted
// service. Claims whose four answers are equal are one group; the pieces of the address line are
// joined again, across private addresses too, which never arrive (P-6) and so belong to neither.
#ifndef NSP_SIM_ANALYSIS_DIFF_OUTSIDE_H_
#define NSP_SIM_ANALYSIS_DIFF_OUTSIDE_H_

#include <string>
#include <vector>

#include "sim/analysis/diff_cell.h"
#include "sim/net/address_range.h"

namespace nsp {

struct Claim {
  Asked asked = Asked::Anyone;
  AddressRange range{};                                 // Address; its first is asked about
  Guid subscription{};                                  // Subscription
  Credential credential = Credential::ManagedIdentity;  // … proved by this
  std::string subnet{};  // Subnet: its id; empty: one that nobody names
  bool is_other = false;

  // The attempt and its bound form with the claim made.
  void apply(Attempt& attempt) const;
  void apply(const Policy& policy, BoundAttempt& bound) const;
};

struct ClaimGroup {
  Claim claim;  // one of them
  Cell cell;
  CellKey key;
  VerdictChange change;              // as make() tells it, without `to`
  std::vector<AddressRange> ranges;  // in order
  std::vector<std::string> shown;    // as texts: prefixes, subnets, `trusted service`
};

// Answers under one protocol.
struct OutsideAnswers {
  Cell anyone;
  CellKey anyone_key;
  VerdictChange anyone_change;
  std::vector<ClaimGroup> groups;
};

// HTTPS, and the other protocols where the perimeter tells them apart (C11).
inline constexpr std::array<Protocol, 2> kAskedProtocols{Protocol::Https, Protocol::Nfs};
// The words of all that are judged as the second of them is.
[[nodiscard]] std::vector<std::string> protocol_words(std::size_t protocol);
[[nodiscard]] bool tells_protocols_apart(const DiffWorld& world, const ResourceClass& destination);

[[nodiscard]] OutsideAnswers ask_outside(Judge& judge, const ResourceClass& destination,
                                         Protocol protocol);

// The changes that these answers show, all protocols of the destination together.
[[nodiscard]] std::vector<VerdictChange> outside_changes(
    Judge& judge, const ResourceClass& destination, const std::vector<OutsideAnswers>& answers);

}  // namespace nsp

#endif  // NSP_SIM_ANALYSIS_DIFF_OUTSIDE_H_

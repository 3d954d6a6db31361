// Where everything of a lab lives: one loopback address for each thing that has an address.
//
//   127.77.x.y  the public address of a resource, and the source address of its own calls
//   127.78.x.y  the private address of a private endpoint
//   127.79.x.y  the source address of a caller from outside the resources
//   127.77.0.z  the lab's own: name server, identity endpoints, proxy, and one node for every
//               host outside the environment (127.78.0.1 where a private zone names it)
//
// So an address tells a node what it needs to know of a connection: the one that it was made to,
// which path it took; the one that it came from, who sits there. What the simulated network would
// show instead of the loopback address is the caller's own `address`, as in every attempt.
//
// An address once given stays: a plan made from an older one keeps the seat of everything that is
// still there, and gives no seat of the old plan to anybody else. So names that clients have
// resolved go on pointing to the right node when an environment is loaded again.
//
// Thread safety: plain values. Cost: linear in the environment, looking up is logarithmic.
#ifndef NSP_SIM_LAB_ADDRESS_PLAN_H_
#define NSP_SIM_LAB_ADDRESS_PLAN_H_

#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "sim/model/environment.h"
#include "sim/net/address.h"

namespace nsp::lab {

enum class SeatKind : std::uint8_t { Resource, PrivateEndpoint, Caller };

// Who sits at an address. The key outlives any one environment: a resource's id in lower case, an
// endpoint's id and its target's with `>` between (an endpoint with several connections has one
// seat for each target), a caller's name.
//
// A resource that is reached privately by no endpoint that the environment describes (a zone has a
// record for a name of it, or somebody's shared private link leads to it) has one private seat of
// its own, `>` and its id.
struct Seat {
  SeatKind kind = SeatKind::Resource;
  std::string key;

  auto operator<=>(const Seat&) const = default;
};

inline constexpr IpAddress kOutsideWorld = IpAddress::from_v4(0x7f4d'0001);      // 127.77.0.1
inline constexpr IpAddress kOutsidePrivate = IpAddress::from_v4(0x7f4e'0001);    // 127.78.0.1
inline constexpr IpAddress kNameServer = IpAddress::from_v4(0x7f4d'0035);        // 127.77.0.53
inline constexpr IpAddress kIdentityEndpoint = IpAddress::from_v4(0x7f4d'00a9);  // 127.77.0.169
inline constexpr IpAddress kProxy = IpAddress::from_v4(0x7f4d'0050);             // 127.77.0.80
inline constexpr IpAddress kEmulator = IpAddress::from_v4(0x7f4d'0064);          // 127.77.0.100

class AddressPlan {
 public:
  // Of each kind.
  static constexpr std::size_t kMostSeats = 64'770;  // 255 × 254

  // The seats of `previous` that are still wanted, and new ones for the rest. An error, in words,
  // where there are more than kMostSeats of a kind.
  [[nodiscard]] static std::expected<AddressPlan, std::string> make(
      const Environment& environment, std::span<const Caller> callers,
      const AddressPlan* previous = nullptr);

  // REQUIRES: the seat is of this plan.
  [[nodiscard]] IpAddress of_resource(const Resource& resource) const;
  [[nodiscard]] IpAddress of_endpoint(const Environment& environment,
                                      const PrivateEndpoint& endpoint) const;
  [[nodiscard]] IpAddress of_caller(const Caller& caller) const;
  // Nothing: it has none.
  [[nodiscard]] std::optional<IpAddress> of_private_access(const Resource& resource) const;

  // Null: nobody's. Valid as long as the plan.
  [[nodiscard]] const Seat* at(const IpAddress& address) const;

  // Every seat with its address, in order of seats.
  [[nodiscard]] const std::map<Seat, IpAddress>& seats() const { return seats_; }

 private:
  [[nodiscard]] bool add(Seat seat, const AddressPlan* previous);
  [[nodiscard]] IpAddress of(const Seat& seat) const;

  std::map<Seat, IpAddress> seats_;
  std::map<IpAddress, Seat> by_address_;
  // By kind: the number of the next seat. Seats that were given up are not given again.
  std::array<std::uint32_t, 3> next_{};
};

// The keys of seats, for whoever keeps something by them.
[[nodiscard]] Seat seat_of(const Resource& resource);
[[nodiscard]] Seat seat_of(const Environment& environment, const PrivateEndpoint& endpoint);
[[nodiscard]] Seat seat_of(const Caller& caller);
[[nodiscard]] Seat private_seat_of(const Resource& resource);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_ADDRESS_PLAN_H_

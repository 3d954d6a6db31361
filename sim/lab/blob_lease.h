// Leases of blobs and containers: who may write, and for how long.
//
// A lease is taken for 15 to 60 seconds or for ever, and ends by its time, by its release, or by
// being broken, which may take a while. Whoever does not name a lease that holds cannot write or
// delete; whoever names one that does not hold can do nothing.
//
//   Leased    until it expires, is released or broken
//   Expired   nobody holds it; its last holder may renew it as long as nobody wrote
//   Breaking  it still holds, cannot be renewed, and is Broken when its time is over
//
// Source: Microsoft's REST reference "Lease Blob" and "Lease Container", with their tables of
// outcomes by state. Thread safety: plain values, pure functions; time is passed in.
#ifndef NSP_SIM_LAB_BLOB_LEASE_H_
#define NSP_SIM_LAB_BLOB_LEASE_H_

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/blob_problem.h"
#include "sim/lab/message.h"
#include "sim/lab/service.h"

namespace nsp::lab {

enum class LeaseState : std::uint8_t { Available, Leased, Expired, Breaking, Broken };
[[nodiscard]] std::string_view to_string(LeaseState state);  // `leased`

struct Lease {
  std::string id;  // empty: there is none
  // Of a fixed one; nothing: it is for ever.
  std::optional<std::chrono::seconds> duration{};
  std::optional<Utc> end{};  // of a fixed one, and of one that breaks
  bool broken = false;       // breaking until `end`

  [[nodiscard]] LeaseState state(Utc now) const;
  [[nodiscard]] bool holds(Utc now) const;  // Leased or Breaking: `locked`
  bool operator==(const Lease&) const = default;
};

// What a request asks of a lease: `x-ms-lease-action` and its like.
enum class LeaseAction : std::uint8_t { Acquire, Renew, Change, Release, Break };
struct LeaseOrder {
  LeaseAction action = LeaseAction::Acquire;
  std::string id;
  std::string proposed;
  std::optional<std::chrono::seconds> duration{};      // to acquire; nothing: for ever
  std::optional<std::chrono::seconds> break_period{};  // nothing: not said

  bool operator==(const LeaseOrder&) const = default;
};
[[nodiscard]] BlobResult<LeaseOrder> lease_order_in(const Headers& headers);

// The lease afterwards. `fresh_id`: for one that is acquired without a proposed id.
[[nodiscard]] BlobResult<Lease> change_lease(const Lease& lease, const LeaseOrder& order,
                                             std::string_view fresh_id, Utc now);
// What one that breaks still has, in whole seconds, rounded up.
[[nodiscard]] std::chrono::seconds time_left(const Lease& lease, Utc now);

enum class Leased : std::uint8_t { Blob, Container };
// Whether an operation that names the lease `given` (empty: none) may go on. `needed`: it changes
// what is leased, so that a lease that holds must be named.
[[nodiscard]] BlobResult<void> check_lease(const Lease& lease, std::string_view given, Leased what,
                                           bool needed, Utc now);
// Once somebody wrote, a lease that does not hold any more is forgotten.
[[nodiscard]] Lease after_write(const Lease& lease, Utc now);

// `x-ms-lease-state`, `-status` and, of one that holds by its holder, `-duration`.
void put_lease(const Lease& lease, Utc now, Headers& headers);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_BLOB_LEASE_H_

#include "sim/lab/blob_lease.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/base/guid.h"
#include "sim/base/text.h"

namespace nsp::lab {
namespace {

using std::chrono::seconds;

constexpr seconds kShortestLease{15};
constexpr seconds kLongestLease{60};
constexpr seconds kLongestBreak{60};
constexpr std::array<std::string_view, 5> kActionWords{"acquire", "renew", "change", "release",
                                                       "break"};

std::unexpected<BlobProblem> bad_lease_header(std::string_view name) {
  return blob_problem(
      400, "InvalidHeaderValue",
      fmt::format("The value for one of the HTTP headers is not in the correct format: {}.", name));
}

std::unexpected<BlobProblem> missing_lease_header(std::string_view name) {
  return blob_problem(
      400, "MissingRequiredHeader",
      fmt::format("An HTTP header that's mandatory for this request is not specified: {}.", name));
}

auto already_leased() {
  return blob_problem(409, "LeaseAlreadyPresent", "There is already a lease present.");
}

auto other_lease() {
  return blob_problem(
      409, "LeaseIdMismatchWithLeaseOperation",
      "The lease ID specified did not match the lease ID for the resource with the specified lease "
      "operation.");
}

auto no_lease() {
  return blob_problem(409, "LeaseNotPresentWithLeaseOperation",
                      "There is currently no lease on the resource.");
}

// Nothing: the header is not there. The value is a number of seconds.
BlobResult<std::optional<seconds>> seconds_in(const Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  if (!text) return std::nullopt;
  int number = 0;
  const std::string_view digits = trim(*text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return bad_lease_header(name);
  return seconds(number);
}

// The id in a header, in lower case; empty where it is not there.
BlobResult<std::string> id_in(const Headers& headers, std::string_view name, bool needed) {
  const auto text = headers.find(name);
  if (!text && needed) return missing_lease_header(name);
  if (!text) return std::string();
  if (!Guid::parse(trim(*text))) return bad_lease_header(name);
  return lower(trim(*text));
}

// -1 stands for ever.
BlobResult<void> read_duration(const Headers& headers, LeaseOrder& order) {
  constexpr std::string_view kName = "x-ms-lease-duration";
  const auto said = seconds_in(headers, kName);
  if (!said) return std::unexpected(said.error());
  if (!*said) return missing_lease_header(kName);
  if (**said == seconds(-1)) return {};
  if (**said < kShortestLease || **said > kLongestLease) return bad_lease_header(kName);
  order.duration = **said;
  return {};
}

BlobResult<void> read_break_period(const Headers& headers, LeaseOrder& order) {
  constexpr std::string_view kName = "x-ms-lease-break-period";
  const auto said = seconds_in(headers, kName);
  if (!said) return std::unexpected(said.error());
  if (*said && (**said < seconds(0) || **said > kLongestBreak)) return bad_lease_header(kName);
  order.break_period = *said;
  return {};
}

Lease begun(std::string id, std::optional<seconds> duration, Utc now) {
  Lease lease{std::move(id), duration};
  if (duration) lease.end = now + *duration;
  return lease;
}

BlobResult<Lease> acquire(const Lease& lease, const LeaseOrder& order, std::string_view fresh_id,
                          Utc now) {
  const bool same = !order.proposed.empty() && order.proposed == lease.id;
  if (lease.state(now) == LeaseState::Breaking && same) {
    return blob_problem(409, "LeaseIsBreakingAndCannotBeAcquired",
                        "The lease ID matched, but the lease is currently in breaking state and "
                        "cannot be acquired until it is broken.");
  }
  if (lease.holds(now) && !same) return already_leased();
  return begun(order.proposed.empty() ? std::string(fresh_id) : order.proposed, order.duration,
               now);
}

BlobResult<Lease> renew(const Lease& lease, const LeaseOrder& order, Utc now) {
  if (lease.id != order.id) return other_lease();
  if (lease.broken) {
    return blob_problem(
        409, "LeaseIsBrokenAndCannotBeRenewed",
        "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.");
  }
  return begun(lease.id, lease.duration, now);
}

BlobResult<Lease> change_held(const Lease& lease, const LeaseOrder& order, Utc now) {
  if (!lease.holds(now)) return no_lease();
  if (lease.id != order.id && lease.id != order.proposed) return other_lease();
  if (lease.broken) {
    return blob_problem(409, "LeaseIsBreakingAndCannotBeChanged",
                        "The lease ID matched, but the lease is currently in breaking state and "
                        "cannot be changed.");
  }
  Lease changed = lease;
  changed.id = order.proposed;
  return changed;
}

BlobResult<Lease> release(const Lease& lease, const LeaseOrder& order) {
  if (lease.id != order.id) return other_lease();
  return Lease{};
}

// A shorter period than what is left shortens it; a longer one does nothing.
BlobResult<Lease> broken(const Lease& lease, const LeaseOrder& order, Utc now) {
  if (lease.id.empty()) return no_lease();
  Lease out = lease;
  out.broken = true;
  out.duration.reset();
  if (!lease.holds(now)) {
    out.end = std::min(lease.end.value_or(now), now);
  } else if (order.break_period) {
    out.end = std::min(lease.end.value_or(Utc::max()), now + *order.break_period);
  } else {
    out.end = lease.end.value_or(now);
  }
  return out;
}

std::string_view noun(Leased what) { return what == Leased::Blob ? "blob" : "container"; }

}  // namespace

std::string_view to_string(LeaseState state) {
  constexpr std::array<std::string_view, 5> kWords{"available", "leased", "expired", "breaking",
                                                   "broken"};
  return kWords[static_cast<std::size_t>(state)];
}

LeaseState Lease::state(Utc now) const {
  if (id.empty()) return LeaseState::Available;
  const bool over = end && *end <= now;
  if (broken) return over ? LeaseState::Broken : LeaseState::Breaking;
  return over ? LeaseState::Expired : LeaseState::Leased;
}

bool Lease::holds(Utc now) const {
  const LeaseState now_is = state(now);
  return now_is == LeaseState::Leased || now_is == LeaseState::Breaking;
}

BlobResult<LeaseOrder> lease_order_in(const Headers& headers) {
  constexpr std::string_view kName = "x-ms-lease-action";
  const auto word = headers.find(kName);
  if (!word) return missing_lease_header(kName);
  const auto found = std::ranges::find(kActionWords, lower(trim(*word)));
  if (found == kActionWords.end()) return bad_lease_header(kName);
  LeaseOrder order;
  order.action = static_cast<LeaseAction>(found - kActionWords.begin());
  const bool acquires = order.action == LeaseAction::Acquire;
  const bool changes = order.action == LeaseAction::Change;
  auto id = id_in(headers, "x-ms-lease-id", !acquires && order.action != LeaseAction::Break);
  if (!id) return std::unexpected(id.error());
  auto proposed = id_in(headers, "x-ms-proposed-lease-id", changes);
  if (!proposed) return std::unexpected(proposed.error());
  order.id = *std::move(id);
  order.proposed = *std::move(proposed);
  BlobResult<void> times;
  if (acquires) times = read_duration(headers, order);
  if (order.action == LeaseAction::Break) times = read_break_period(headers, order);
  if (!times) return std::unexpected(times.error());
  return order;
}

BlobResult<Lease> change_lease(const Lease& lease, const LeaseOrder& order,
                               std::string_view fresh_id, Utc now) {
  switch (order.action) {
    case LeaseAction::Acquire:
      return acquire(lease, order, fresh_id, now);
    case LeaseAction::Renew:
      return renew(lease, order, now);
    case LeaseAction::Change:
      return change_held(lease, order, now);
    case LeaseAction::Release:
      return release(lease, order);
    case LeaseAction::Break:
      return broken(lease, order, now);
  }
  return lease;
}

seconds time_left(const Lease& lease, Utc now) {
  if (!lease.end || *lease.end <= now) return seconds(0);
  return std::chrono::ceil<seconds>(*lease.end - now);
}

BlobResult<void> check_lease(const Lease& lease, std::string_view given, Leased what, bool needed,
                             Utc now) {
  const std::string_view thing = noun(what);
  const std::string operation = what == Leased::Blob ? "BlobOperation" : "ContainerOperation";
  if (given.empty()) {
    if (!needed || !lease.holds(now)) return {};
    return blob_problem(412, "LeaseIdMissing",
                        fmt::format("There is currently a lease on the {} and no lease ID was "
                                    "specified in the request.",
                                    thing));
  }
  if (lease.id.empty()) {
    return blob_problem(412, "LeaseNotPresentWith" + operation,
                        fmt::format("There is currently no lease on the {}.", thing));
  }
  if (lease.id != lower(given)) {
    return blob_problem(
        412, "LeaseIdMismatchWith" + operation,
        fmt::format("The lease ID specified did not match the lease ID for the {}.", thing));
  }
  if (lease.holds(now)) return {};
  return blob_problem(
      412, "LeaseLost",
      fmt::format("A lease ID was specified, but the lease for the {} has expired.", thing));
}

Lease after_write(const Lease& lease, Utc now) { return lease.holds(now) ? lease : Lease{}; }

void put_lease(const Lease& lease, Utc now, Headers& headers) {
  const LeaseState state = lease.state(now);
  headers.set("x-ms-lease-status", lease.holds(now) ? "locked" : "unlocked");
  headers.set("x-ms-lease-state", std::string(to_string(state)));
  if (state == LeaseState::Leased) {
    headers.set("x-ms-lease-duration", lease.duration ? "fixed" : "infinite");
  }
}

}  // namespace nsp::lab

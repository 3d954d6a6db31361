// The calls of the Blob service that give out rights: leases and user delegation keys. See
// sim/lab/blob_api.h.
#include <fmt/format.h>

#include "sim/base/guid.h"
#include "sim/base/time.h"
#include "sim/lab/blob_api.h"
#include "sim/lab/blob_asked.h"
#include "sim/lab/blob_conditions.h"
#include "sim/lab/blob_lease.h"
#include "sim/lab/blob_xml.h"

namespace nsp::lab {
namespace {

constexpr std::chrono::days kLongestKey{7};

constexpr std::array<unsigned, 5> kLeaseStatus{201, 200, 200, 200, 202};  // by LeaseAction

// `etag` and `modified`: of what is leased.
Response lease_answer(const LeaseOrder& order, const Lease& lease, const std::string& etag,
                      Utc modified, Utc now) {
  Response answer = changed(kLeaseStatus[static_cast<std::size_t>(order.action)], etag, modified);
  if (order.action == LeaseAction::Break) {
    answer.headers.set("x-ms-lease-time", std::to_string(time_left(lease, now).count()));
  } else if (order.action != LeaseAction::Release) {
    answer.headers.set("x-ms-lease-id", lease.id);
  }
  return answer;
}

BlobResult<void> check_times(const KeyTimes& times, Utc now) {
  const auto start = parse_instant(times.start);
  const auto expiry = parse_instant(times.expiry);
  const Instant latest = Instant(now.time_since_epoch()) + kLongestKey;
  if (start && expiry &&
      *start<*expiry&& * expiry <= latest&& * expiry> Instant(now.time_since_epoch())) {
    return {};
  }
  return blob_problem(400, "InvalidXmlNodeValue",
                      "The value for one of the XML nodes is not in the correct format: a key "
                      "begins before its expiry, which is at most 7 days from now.");
}

struct LeaseMade {
  Lease lease;
  Response answer;
};

// As the request orders it. `thing`: the container or blob that is leased.
template <class Thing>
BlobResult<LeaseMade> lease_anew(const ServiceCall& call, const Thing& thing) {
  const auto order = lease_order_in(call.request.headers);
  if (!order) return std::unexpected(order.error());
  const std::string fresh = nsp::to_string(Guid::from_text(call.request_id));
  auto lease = change_lease(thing.lease, *order, fresh, call.now);
  if (!lease) return std::unexpected(lease.error());
  Response answer = lease_answer(*order, *lease, thing.etag, thing.modified, call.now);
  return LeaseMade{*std::move(lease), std::move(answer)};
}

}  // namespace

BlobResult<void> BlobApi::container_lease(const Asked& asked, bool needed) const {
  const auto held = store_.find(asked.container);
  return check_lease(held ? (*held)->lease : Lease(), asked.header("x-ms-lease-id"),
                     Leased::Container, needed, asked.call.now);
}

BlobResult<void> BlobApi::blob_lease(const Asked& asked, bool needed) const {
  const auto held = store_.find(asked.container, asked.blob);
  return check_lease(held ? (*held)->lease : Lease(), asked.header("x-ms-lease-id"), Leased::Blob,
                     needed, asked.call.now);
}

BlobApi::Outcome BlobApi::lease_container(const Asked& asked) {
  const auto held = store_.find(asked.container);
  if (!held) return std::unexpected(held.error());
  auto holds =
      check_conditions(asked.request().headers, Access::Write, &(*held)->etag, (*held)->modified);
  if (!holds) return std::unexpected(holds.error());
  auto made = lease_anew(asked.call, **held);
  if (!made) return std::unexpected(made.error());
  auto kept = store_.set_lease(asked.container, std::move(made->lease));
  if (!kept) return std::unexpected(kept.error());
  return std::move(made->answer);
}

// The caller has looked at the conditions.
BlobApi::Outcome BlobApi::lease_blob(const Asked& asked) {
  const auto held = store_.find(asked.container, asked.blob);
  if (!held) return std::unexpected(held.error());
  auto made = lease_anew(asked.call, **held);
  if (!made) return std::unexpected(made.error());
  auto kept = store_.set_lease(asked.container, asked.blob, std::move(made->lease));
  if (!kept) return std::unexpected(kept.error());
  return std::move(made->answer);
}

// Whose token it is, and the times, are in the key; whoever has it signs in that name.
BlobApi::Outcome BlobApi::give_delegation_key(const Asked& asked) const {
  if (asked.call.claims == nullptr) {
    return blob_problem(403, "AuthenticationFailed",
                        "A user delegation key is given to whoever shows a token: only "
                        "authentication scheme Bearer is supported.");
  }
  if (!delegation_key_) return not_in_lab("keys to give out");
  auto times = parse_key_info(asked.request().body);
  if (!times) {
    return blob_problem(400, "InvalidXmlDocument",
                        "The specified XML is not syntactically valid: expected a KeyInfo of Start "
                        "and Expiry.");
  }
  if (auto good = check_times(*times, asked.call.now); !good) return std::unexpected(good.error());
  const std::string version = asked.header("x-ms-version");
  const DelegationKeyFacts facts{asked.call.claims->object,
                                 asked.call.claims->tenant,
                                 std::move(times->start),
                                 std::move(times->expiry),
                                 "b",
                                 version.empty() ? std::string(kVersion) : version};
  return xml_answer(delegation_key(facts, delegation_key_(facts)));
}

}  // namespace nsp::lab

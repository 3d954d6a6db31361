#include "sim/lab/address_plan.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

namespace nsp::lab {
namespace {

// 127.77.1.1 is the first of the resources: 127.77.0.z is the lab's own.
IpAddress address_of_number(SeatKind kind, std::uint32_t number) {
  constexpr std::uint32_t kFirst = 0x7f4d'0000;  // 127.77.0.0
  std::uint32_t block = kFirst + (static_cast<std::uint32_t>(kind) << 16);
  return IpAddress::from_v4(block + ((1 + number / 254) << 8) + 1 + number % 254);
}

bool has_endpoint(const Environment& environment, Index resource) {
  return std::ranges::any_of(environment.private_endpoints, [&](const PrivateEndpoint& endpoint) {
    return endpoint.resource == resource;
  });
}

// The ids that shared private links lead to, and the labels of all records of private zones.
struct PrivateTargets {
  std::set<std::string> ids;
  std::set<std::string, std::less<>> labels;

  explicit PrivateTargets(const Environment& environment) {
    for (const Resource& resource : environment.resources) {
      for (const SharedPrivateLink& link : resource.shared_private_links) {
        ids.insert(link.target.key());
      }
    }
    for (const PrivateDnsZone& zone : environment.zones) {
      for (const DnsRecord& record : zone.records) labels.insert(record.label);
    }
  }

  // Some zone may hold a record for it: which one does not matter for who has a seat.
  [[nodiscard]] bool may_hold(const DomainName& name) const {
    const std::string_view text = name.text();
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
         dot = text.find('.', dot + 1)) {
      if (labels.contains(text.substr(0, dot))) return true;
    }
    return false;
  }

  [[nodiscard]] bool contain(const Resource& resource) const {
    return ids.contains(resource.id.key()) ||
           std::ranges::any_of(resource.host_names,
                               [&](const DomainName& name) { return may_hold(name); });
  }
};

std::string too_many() {
  return "the lab has addresses for 64770 resources, private endpoints and callers of each kind";
}

}  // namespace

Seat seat_of(const Resource& resource) { return {SeatKind::Resource, resource.id.key()}; }

Seat seat_of(const Environment& environment, const PrivateEndpoint& endpoint) {
  std::string target =
      endpoint.resource == kNone ? "" : environment.resources[endpoint.resource].id.key();
  return {SeatKind::PrivateEndpoint, endpoint.id.key() + '>' + target};
}

Seat seat_of(const Caller& caller) { return {SeatKind::Caller, caller.name}; }

Seat private_seat_of(const Resource& resource) {
  return {SeatKind::PrivateEndpoint, '>' + resource.id.key()};
}

std::expected<AddressPlan, std::string> AddressPlan::make(const Environment& environment,
                                                          std::span<const Caller> callers,
                                                          const AddressPlan* previous) {
  AddressPlan plan;
  if (previous != nullptr) plan.next_ = previous->next_;
  bool fits = true;
  for (const Resource& resource : environment.resources) {
    fits = plan.add(seat_of(resource), previous) && fits;
  }
  for (const PrivateEndpoint& endpoint : environment.private_endpoints) {
    fits = plan.add(seat_of(environment, endpoint), previous) && fits;
  }
  const PrivateTargets targets(environment);
  for (Index i = 0; i < environment.resources.size(); ++i) {
    const Resource& resource = environment.resources[i];
    if (!targets.contain(resource) || has_endpoint(environment, i)) continue;
    fits = plan.add(private_seat_of(resource), previous) && fits;
  }
  for (const Caller& caller : callers) fits = plan.add(seat_of(caller), previous) && fits;
  if (!fits) return std::unexpected(too_many());
  return plan;
}

bool AddressPlan::add(Seat seat, const AddressPlan* previous) {
  if (seats_.contains(seat)) return true;
  IpAddress address;
  if (previous != nullptr && previous->seats_.contains(seat)) {
    address = previous->of(seat);
  } else {
    std::uint32_t& next = next_[static_cast<std::size_t>(seat.kind)];
    if (next == kMostSeats) return false;
    address = address_of_number(seat.kind, next++);
  }
  by_address_.emplace(address, seat);
  seats_.emplace(std::move(seat), address);
  return true;
}

IpAddress AddressPlan::of(const Seat& seat) const {
  auto found = seats_.find(seat);
  assert(found != seats_.end());
  return found->second;
}

IpAddress AddressPlan::of_resource(const Resource& resource) const { return of(seat_of(resource)); }

IpAddress AddressPlan::of_endpoint(const Environment& environment,
                                   const PrivateEndpoint& endpoint) const {
  return of(seat_of(environment, endpoint));
}

std::optional<IpAddress> AddressPlan::of_private_access(const Resource& resource) const {
  const auto found = seats_.find(private_seat_of(resource));
  if (found == seats_.end()) return std::nullopt;
  return found->second;
}

IpAddress AddressPlan::of_caller(const Caller& caller) const { return of(seat_of(caller)); }

const Seat* AddressPlan::at(const IpAddress& address) const {
  auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &found->second;
}

}  // namespace nsp::lab

#include "sim/decision/choose_path.h"

namespace nsp {
PrivateState shared_link_state(const Policy& policy, const Route& route) {
  PrivateState state = PrivateState::NotDescribed;
  if (route.caller == kNone || route.destination == kNone) return state;
  const Environment& environment = policy.environment();
  const Resource& target = environment.resources[route.destination];
  for (const SharedPrivateLink& link : environment.resources[route.caller].shared_private_links) {
    if (link.target != target.id || !serves_host(target, link.group, route.host)) continue;
    if (link.status == ConnectionStatus::Approved) return PrivateState::Approved;
    state = PrivateState::NotApproved;
  }
  return state;
}

PathChoice choose_path(const Policy& policy, const Route& route) {
  const Environment& environment = policy.environment();
  const Subnet* subnet =
      route.subnet < environment.subnets.size() ? &environment.subnets[route.subnet] : nullptr;
  if (subnet != nullptr && subnet->network != kNone) {
    const Index zone = policy.private_zone(subnet->network, route.host);
    if (zone != kNone) return {Path::PrivateEndpoint, zone};
  }
  if (shared_link_state(policy, route) == PrivateState::Approved) return {Path::PrivateEndpoint};
  const bool by_service_endpoint =
      subnet != nullptr && route.destination != kNone &&
      has_service_endpoint(*subnet, policy.resource(route.destination).service);
  return {by_service_endpoint ? Path::ServiceEndpoint : Path::Public};
}

}  // namespace nsp

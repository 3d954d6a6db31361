#include "sim/lab/sending.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

// Why it cannot be sent; empty: it can.
std::string obstacle(const Policy& policy, const Attempt& attempt, const BoundAttempt& bound) {
  if (bound.protocol != Protocol::Https) {
    return fmt::format("a lab speaks HTTPS, not {}", to_string(bound.protocol));
  }
  if (bound.operation == Operation::Control) return "a lab has no management endpoint";
  if (bound.operation == Operation::Capability && !bound.limited_capability) {
    return fmt::format("no call of a lab is known as `{}`", attempt.operation);
  }
  if (bound.credential == Credential::Unknown) return "nobody stated the credential";
  if (bound.host.text.empty()) return "the destination has no host name";
  const bool outside = bound.caller == kNone;
  if (outside && bound.destination == kNone) return "neither end is a resource";
  if (bound.operation == Operation::Capability && bound.destination != kNone) {
    const Service service = policy.resource(bound.destination).service;
    if (service != Service::Foundry && service != Service::OpenAi) {
      return fmt::format("only Foundry and Azure OpenAI know `{}`", attempt.operation);
    }
  }
  return {};
}

bool serves(const PrivateEndpoint& endpoint, const BoundAttempt& bound, const Resource& target) {
  if (endpoint.resource != bound.destination) return false;
  if (target.service != Service::Storage || endpoint.groups.empty()) return true;
  return std::ranges::any_of(endpoint.groups, [&](const std::string& group) {
    return bound.host.text.find('.' + lower(group) + '.') != std::string::npos;
  });
}

Index endpoint_for(const Policy& policy, const BoundAttempt& bound) {
  if (bound.path != Path::PrivateEndpoint || bound.destination == kNone) return kNone;
  const Environment& env = policy.environment();
  Index best = kNone;
  for (Index i = 0; i < env.private_endpoints.size(); ++i) {
    if (!serves(env.private_endpoints[i], bound, env.resources[bound.destination])) continue;
    if (env.private_endpoints[i].status == ConnectionStatus::Approved) return i;
    if (best == kNone) best = i;
  }
  return best;
}

ResourceId made_identity(const Attempt& attempt) {
  const std::string subscription =
      attempt.subscription ? to_string(*attempt.subscription) : "unknown";
  return *ResourceId::parse(
      fmt::format("/subscriptions/{}/resourceGroups/lab/providers/Microsoft.ManagedIdentity/"
                  "userAssignedIdentities/outside",
                  subscription));
}

Proven prove(const Policy& policy, const Attempt& attempt, const BoundAttempt& bound) {
  Proven proven;
  proven.credential = bound.credential;
  if (bound.credential != Credential::ManagedIdentity) return proven;
  proven.identity = bound.caller == kNone ? made_identity(attempt)
                                          : policy.environment().resources[bound.caller].id;
  return proven;
}

Post post_of(const Policy& policy, const Attempt& attempt, const BoundAttempt& bound) {
  Post post;
  post.caller.name = attempt.from;
  post.caller.address = attempt.address;
  post.caller.address_hidden = attempt.address_hidden;
  post.caller.credential = bound.credential;
  post.caller.subscription = attempt.subscription;
  post.caller.subnet = attempt.subnet;
  post.caller.trusted_service = attempt.trusted_service;
  if (bound.caller != kNone) post.acts_for = policy.environment().resources[bound.caller].id;
  if (attempt.via != Via::Auto) post.via = attempt.via;
  return post;
}

// It says of itself no more than its own address does.
bool calls_from_home(const Attempt& attempt, const BoundAttempt& bound) {
  return bound.caller != kNone && !attempt.address && !attempt.address_hidden &&
         attempt.subnet.empty() && !attempt.trusted_service && attempt.via == Via::Auto;
}

}  // namespace

std::expected<Sending, std::string> plan_sending(const Policy& policy, const Attempt& attempt,
                                                 const BoundAttempt& bound) {
  std::string why_not = obstacle(policy, attempt, bound);
  if (!why_not.empty()) return std::unexpected(std::move(why_not));
  Sending sending;
  sending.caller = bound.caller;
  sending.own_address = calls_from_home(attempt, bound);
  sending.destination = bound.destination;
  sending.endpoint = endpoint_for(policy, bound);
  if (!sending.own_address) sending.post = post_of(policy, attempt, bound);
  // Nobody describes the endpoint, so there is no address that would tell.
  if (bound.path == Path::PrivateEndpoint && sending.endpoint == kNone) {
    sending.post.via = Via::PrivateEndpoint;
  }
  sending.host = bound.host.text;
  sending.operation = attempt.operation;
  sending.proven = prove(policy, attempt, bound);
  return sending;
}

IpAddress address_called(const Edition& edition, const Sending& sending) {
  const Environment& env = edition.environment();
  if (sending.destination == kNone) return kOutsideWorld;
  if (sending.endpoint == kNone)
    return edition.plan.of_resource(env.resources[sending.destination]);
  return edition.plan.of_endpoint(env, env.private_endpoints[sending.endpoint]);
}

IpAddress address_calling(const Edition& edition, const Sending& sending) {
  if (!sending.own_address) return edition.plan.of_caller(sending.post.caller);
  return edition.plan.of_resource(edition.environment().resources[sending.caller]);
}

}  // namespace nsp::lab

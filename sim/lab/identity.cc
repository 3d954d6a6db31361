#include "sim/lab/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/text.h"

namespace nsp::lab {
namespace {

Guid guid_of(std::string_view what, const Seat& seat) {
  return Guid::from_text(
      fmt::format("nspsim lab {} {} {}", what, static_cast<int>(seat.kind), seat.key));
}

Identity made_for(Seat seat, Credential credential) {
  Identity identity;
  identity.credential = credential;
  identity.object = guid_of("object", seat);
  identity.client = guid_of("client", seat);
  identity.seat = std::move(seat);
  return identity;
}

// What can stand in an id or before an `@`: other characters become hyphens.
std::string plain_name(std::string_view name) {
  std::string plain = lower(name);
  std::ranges::replace_if(
      plain,
      [](char c) {
        const bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        return !is_plain;
      },
      '-');
  return plain.empty() ? "-" : plain;
}

// Of a caller that nobody describes, an identity in its subscription; where that is not stated, in
// none.
std::string mirid_of(const Caller& caller) {
  const std::string name = plain_name(caller.name);
  constexpr std::string_view kType = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";
  if (!caller.subscription) return fmt::format("/{}/{}", kType, name);
  return fmt::format("/subscriptions/{}/resourceGroups/lab/{}/{}", to_string(*caller.subscription),
                     kType, name);
}

}  // namespace

const Guid& lab_tenant() {
  static const Guid kTenant = Guid::from_text("nspsim lab tenant");
  return kTenant;
}

std::optional<Identity> identity_of(const Environment& environment, const Resource& resource) {
  if (resource.identity != true) return std::nullopt;
  Identity identity = made_for(seat_of(resource), Credential::ManagedIdentity);
  identity.mirid = resource.id.text();
  if (resource.association != kNone) {
    const Association& association = environment.associations[resource.association];
    identity.perimeters = {environment.perimeters[association.perimeter].guid};
  }
  return identity;
}

std::optional<Identity> identity_of(const Caller& caller) {
  if (!caller.credential) return std::nullopt;
  Identity identity = made_for(seat_of(caller), *caller.credential);
  switch (*caller.credential) {
    case Credential::ManagedIdentity:
      identity.mirid = mirid_of(caller);
      return identity;
    case Credential::User:
      identity.user_name = plain_name(caller.name) + "@lab.example";
      return identity;
    case Credential::ServicePrincipal:
      return identity;
    default:
      return std::nullopt;
  }
}

std::optional<Identity> identity_at(const Edition& edition, const Seat& seat) {
  if (seat.kind == SeatKind::PrivateEndpoint) return std::nullopt;
  std::string id = seat.key;
  if (seat.kind == SeatKind::Caller) {
    const Post* post = edition.find_post(seat.key);
    if (post == nullptr) return std::nullopt;
    if (post->acts_for.empty()) return identity_of(post->caller);
    id = post->acts_for.key();
  }
  const Index resource = edition.policy.find_resource(id).index;
  if (resource == kNone) return std::nullopt;
  return identity_of(edition.environment(), edition.environment().resources[resource]);
}

Claims IdentityService::claims(const Identity& identity, std::string_view audience,
                               Seconds now) const {
  Claims claims;
  claims.issuer = fmt::format("https://sts.windows.net/{}/", to_string(lab_tenant()));
  claims.audience = audience;
  claims.object = to_string(identity.object);
  claims.subject = claims.object;
  claims.tenant = to_string(lab_tenant());
  claims.app = to_string(identity.client);
  claims.kind = identity.credential == Credential::User ? "user" : "app";
  claims.mirid = identity.mirid;
  claims.perimeters = identity.perimeters;
  claims.issued = now;
  claims.not_before = now;
  claims.expires = now + options_.lifetime;
  claims.others = {{"ver", "1.0"}};
  if (!identity.user_name.empty()) claims.others.emplace("upn", identity.user_name);
  return claims;
}

std::string IdentityService::issue(const Identity& identity, std::string_view audience,
                                   Seconds now) const {
  return signer_.sign(claims(identity, audience, now));
}

}  // namespace nsp::lab

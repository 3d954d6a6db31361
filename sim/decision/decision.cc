#include "sim/decision/decision.h"

namespace nsp {

std::string_view to_string(Note note) {
  switch (note) {
    case Note::AuditAsLearning:
      return "accessMode Audit is judged as Learning (C1)";
    case Note::Widening:
      return "widening: Learning admits what the resource itself would refuse";
    case Note::DisabledWhileLearning:
      return "the documents disagree whether perimeter rules admit while Learning with "
             "publicNetworkAccess Disabled (C5)";
    case Note::MaskedProtocol:
      return "masked: will stop when enforced";
    case Note::CapabilityMayBeUnavailable:
      return "capability may be unavailable";
    case Note::LinkUnsupported:
      return "a perimeter link does not carry traffic of this service";
    case Note::TagUnsupported:
      return "this service does not support service tags, so a rule with one does not match (C6)";
    case Note::PrivateMayNotBeLogged:
      return "may not be logged (C3)";
    case Note::PrivateSourceOnPublicPath:
      return "a private source address never arrives on the public path, so no IP rule matches "
             "(P-6)";
    case Note::NoOutboundRulesForService:
      return "Key Vault never uses outbound rules";
    case Note::KeySwitchedOff:
      return "the network admits it or not; the service will refuse keys, they are switched off "
             "there";
    case Note::Ipv6Varies:
      return "IPv6 support varies by service (U2)";
    case Note::NoIdentityOutbound:
      return "the caller has no managed identity and cannot act as a member outbound "
             "(MissingIdentityConfiguration)";
    case Note::SasNeverProvesMembership:
      return "a SAS never proves membership or a subscription; the service answers with an "
             "authentication error (R-7)";
    case Note::EndpointNotDescribed:
      return "the attempt states the private path; the environment describes no private endpoint "
             "connection for it";
    case Note::ServiceEndpointHidesAddress:
      return "through a service endpoint no address is visible, so no IP rule matches (P-5)";
  }
  return {};
}

const Leg* Decision::find(Direction direction) const {
  for (const Leg& one : legs()) {
    if (one.direction == direction) return &one;
  }
  return nullptr;
}

WrittenCategories written_categories(const Decision& decision) {
  WrittenCategories written;
  for (std::uint8_t i = 0; i < decision.leg_count; ++i) {
    const Leg& leg = decision.leg[i];
    for (const LogCategory category : leg.categories.view()) {
      written.leg[written.count] = i;
      written.list[written.count++] = category;
    }
    if (leg.direction == Direction::Outbound && leg.verdict == Verdict::Deny) break;
  }
  return written;
}

Change change_between(Verdict now, Verdict then) {
  if (now == then) return now == Verdict::Undecided ? Change::Undecided : Change::Unchanged;
  if (now == Verdict::Undecided || then == Verdict::Undecided) return Change::Undecided;
  return now == Verdict::Allow ? Change::Revoked : Change::Gained;
}

}  // namespace nsp

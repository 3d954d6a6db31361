#include "sim/analysis/suggest_reasons.h"

#include <fmt/format.h>

namespace nsp {
namespace {

std::string why_inbound(const Policy& policy, const BoundAttempt& bound, const SeenLeg& leg) {
  switch (bound.address_view) {
    case AddressView::Private:
      return fmt::format(
          "{} is private and never arrives on the public path (P-6): bind the address that the "
          "service sees",
          to_string(bound.address));
    case AddressView::Missing:
      return "no address was recorded and the caller is no resource of the environment: bind it, "
             "or "
             "describe it";
    case AddressView::Hidden:
      if (bound.path == Path::ServiceEndpoint) {
        return "through a service endpoint no address is visible (P-5): use a private endpoint, or "
               "a "
               "managed identity that a subscription rule lists";
      }
      break;
    case AddressView::Visible:
      return leg.reason_after;
  }
  if (bound.caller == kNone) {
    return "no address is visible (P-7), and the caller shows nothing that a rule could match: it "
           "needs a managed identity, or a private endpoint";
  }
  const bool in_perimeter = policy.resource(bound.caller).association != kNone;
  return fmt::format(
      "`{}` shows no address (P-8) and {}: it needs a managed identity that is of the perimeter or "
      "that a subscription rule lists, or a private endpoint",
      policy.display_name(bound.caller),
      in_perimeter ? "its membership does not count here" : "is in no perimeter");
}

std::string why_outbound(const BoundAttempt& bound, const SeenLeg& leg) {
  if (bound.host.text.empty()) {
    return "the host name of the destination was not recorded, so no rule can name it";
  }
  if (leg.notes.test(static_cast<std::size_t>(Note::NoOutboundRulesForService))) {
    return "the service never uses outbound rules (KV)";
  }
  return leg.reason_after;
}

}  // namespace

std::string why_unresolved(const Policy& policy, const ReadinessReport& report, std::size_t number,
                           const Refusals& refusals) {
  const auto refused = refusals.find(number);
  if (refused != refusals.end()) return refused->second;
  const SeenLeg& leg = report.legs[number];
  if (!leg.judged) return fmt::format("it cannot be judged: {}", leg.reason_after);
  if (leg.clause_after == Clause::C11) {
    return "NFS, SMB and SFTP end when Enforced (C11): use HTTPS, or a private endpoint";
  }
  if (leg.after == Verdict::Undecided) {
    return fmt::format("{}: state it with bindings, or describe it in the environment",
                       leg.reason_after);
  }
  const BoundAttempt& bound = report.judged[leg.observation].then.bound;
  return leg.direction == Direction::Inbound ? why_inbound(policy, bound, leg)
                                             : why_outbound(bound, leg);
}

}  // namespace nsp

#include "sim/decision/describe.h"

#include <fmt/format.h>

namespace nsp {
namespace {

std::string words(const Policy& policy, Reason reason, Fact missing, const RuleRef& rule) {
  if (reason == Reason::Missing) return fmt::format("missing {}", to_string(missing));
  if (names_a_rule(reason)) return fmt::format("{} {}", to_string(reason), policy.rule_name(rule));
  return std::string(to_string(reason));
}

using OpenValues = std::vector<const Unresolved*>;

void add_setting(OpenValues& all, const std::vector<Unresolved>& list, std::string_view setting) {
  if (const Unresolved* found = find_unresolved(list, setting)) all.push_back(found);
}

void add_all(OpenValues& all, const std::vector<Unresolved>& list) {
  for (const Unresolved& one : list) all.push_back(&one);
}

void add_rule_values(OpenValues& all, const Policy& policy, const Leg& leg) {
  const Environment& environment = policy.environment();
  const Association& association = environment.associations[leg.association];
  const Perimeter& perimeter = environment.perimeters[association.perimeter];
  for (const AccessRule& rule : perimeter.profiles[association.profile].rules) {
    const bool either = find_unresolved(rule.unresolved, "direction") != nullptr;
    if (either || rule.direction == leg.direction) add_all(all, rule.unresolved);
  }
}

}  // namespace

std::vector<const Unresolved*> open_values(const Policy& policy, const Leg& leg) {
  OpenValues all;
  const Resource& resource = policy.environment().resources[leg.resource];
  switch (leg.missing) {
    case Fact::PublicNetworkAccess:
      add_setting(all, resource.unresolved, "publicNetworkAccess");
      break;
    case Fact::Identity:
      add_setting(all, resource.unresolved, "identity");
      break;
    case Fact::EgressLimit:
      add_setting(all, resource.unresolved, "restrictOutboundNetworkAccess");
      add_setting(all, resource.unresolved, "allowedFqdnList");
      break;
    case Fact::Firewall:
      add_all(all, resource.firewall.unresolved);
      break;
    case Fact::AccessMode:
      add_all(all, policy.environment().associations[leg.association].unresolved);
      break;
    case Fact::RuleValue:
      add_rule_values(all, policy, leg);
      break;
    default:
      break;
  }
  return all;
}

std::string open_value_text(const Unresolved& value) {
  return fmt::format("{} is `{}`, which only a deployment tells ({})", value.setting,
                     value.expression, to_string(value.place));
}

std::vector<std::string> note_texts(const Policy& policy, const Leg& leg) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kNoteCount; ++i) {
    if (leg.notes[i]) texts.emplace_back(to_string(static_cast<Note>(i)));
  }
  for (const Unresolved* value : open_values(policy, leg)) {
    texts.push_back(open_value_text(*value));
  }
  return texts;
}

std::string reason_text(const Policy& policy, const Leg& leg) {
  return words(policy, leg.reason, leg.missing, leg.rule);
}

std::string reason_text(const Policy& policy, const Decision& decision) {
  if (decision.leg_count == 0) return std::string(to_string(decision.reason));
  return reason_text(policy, decision.leg[decision.deciding_leg]);
}

std::string matched_rule(const Policy& policy, const Leg& leg) {
  if (leg.reason == Reason::TrustedService) return std::string(to_string(leg.reason));
  return policy.rule_name(leg.rule);
}

std::string outcome_text(const Policy& policy, const Decision& decision) {
  return fmt::format("{}: {}", to_string(decision.verdict), reason_text(policy, decision));
}

std::string categories_text(std::span<const LogCategory> categories) {
  if (categories.empty()) return "none";
  std::string text;
  for (const LogCategory category : categories) {
    if (!text.empty()) text += " + ";
    text += to_string(category);
  }
  return text;
}

std::string_view grid_mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::Allow:
      return ".";
    case Verdict::Deny:
      return "X";
    case Verdict::Undecided:
      break;
  }
  return "?";
}

namespace {

const Denial* denial_by_resource(Service service) {
  static constexpr Denial kStorage{
      "403", "AuthorizationFailure", "the request is not authorized to perform this operation",
      "a missing role and the perimeter answer with the same code", Grade::Observed};
  static constexpr Denial kSearch{"403", "", "forbidden, or public network access is disabled", "",
                                  Grade::Documented};
  static constexpr Denial kKeyVault{
      "403", "Forbidden", "the request was not allowed by NSP rules, or public access is disabled",
      "the text names NSP rules although no perimeter is involved", Grade::Documented};
  static constexpr Denial kMonitor{
      "403", "InsufficientAccessError",
      "access from this address is denied (inner NspValidationFailedError)",
      "the code names the perimeter although none is involved", Grade::Observed};
  switch (service) {
    case Service::Storage:
      return &kStorage;
    case Service::Search:
      return &kSearch;
    case Service::KeyVault:
      return &kKeyVault;
    case Service::Monitor:
      return &kMonitor;
    default:
      return nullptr;
  }
}

const Denial* denial_by_perimeter(Service service) {
  static constexpr Denial kStorage{
      "403", "AuthorizationFailure", "not authorized by network security perimeter",
      "the account's own firewall and a missing role answer with the same code", Grade::Observed};
  static constexpr Denial kFoundry{
      "401", "PermissionDenied", "the principal lacks access to the operation",
      "identical to a missing role; the documents say that the error names the perimeter (C14)",
      Grade::Observed};
  static constexpr Denial kSearch{"403", "", "forbidden, or public network access is disabled", "",
                                  Grade::Documented};
  static constexpr Denial kKeyVault{"403", "Forbidden", "the request was not allowed by NSP rules",
                                    "vaults in no perimeter answer with the same text",
                                    Grade::Documented};
  static constexpr Denial kSql{"", "42118", "login failed, the perimeter denied inbound access", "",
                               Grade::Documented};
  static constexpr Denial kMonitor{
      "403", "InsufficientAccessError",
      "access from this address is denied (inner NspValidationFailedError)",
      "workspaces in no perimeter answer with the same code", Grade::Observed};
  switch (service) {
    case Service::Storage:
      return &kStorage;
    case Service::Foundry:
    case Service::OpenAi:
      return &kFoundry;
    case Service::Search:
      return &kSearch;
    case Service::KeyVault:
      return &kKeyVault;
    case Service::Sql:
      return &kSql;
    case Service::Monitor:
      return &kMonitor;
    default:
      return nullptr;
  }
}

}  // namespace

bool denied_by_perimeter(Clause clause) { return clause == Clause::In5 || clause == Clause::C11; }

const Denial* denial_seen(Service service, Clause clause) {
  return denied_by_perimeter(clause) ? denial_by_perimeter(service) : denial_by_resource(service);
}

}  // namespace nsp

// Subscription rules that nobody needs who is known: never matches, as far as the environment and
// its callers tell.
//
// A subscription rule admits managed identities alone. Where the user says who calls, and
// none of them shows one of that subscription, it admits nobody; each known caller and resource is
// tried against the associated services with and without the rule. Where nobody says who calls, a
// rule whose described resources are all members already (IN-2) is worth a note.
#include <fmt/format.h>

#include <algorithm>

#include "sim/access_log/line_protocol_callers.h"
#include "sim/analysis/lint_families.h"
#include "sim/analysis/lint_rules.h"
#include "sim/analysis/rule_proof.h"

namespace nsp {
namespace {

const Guid& subscription_at(const Environment& environment, const ElementAt& element) {
  return rule_of(environment, element.at).subscriptions[element.index];
}

// What is not known may be such an identity.
bool may_show_identity(const Caller& caller, const Guid& subscription, const Readings& readings) {
  const bool proves =
      !caller.credential || *caller.credential == Credential::ManagedIdentity ||
      (*caller.credential == Credential::ServicePrincipal && !readings.is_default(Matter::U6));
  return proves && (!caller.subscription || *caller.subscription == subscription);
}

// Everybody who is known calls each service of the profile.
std::vector<Attempt> known_attempts(const LintInput& input, const RuleAt& at) {
  const Environment& environment = input.environment();
  std::vector<Attempt> attempts;
  for (const Resource* member : representatives(environment, at)) {
    for (const Caller& caller : *input.callers) {
      attempts.push_back(attempt_of(caller));
      attempts.back().to = member->id.text();
      attempts.back().via = Via::Public;
    }
    for (const Resource& resource : environment.resources) {
      if (resource.id == member->id) continue;
      Attempt& attempt = attempts.emplace_back();
      attempt.from = resource.id.text();
      attempt.to = member->id.text();
      attempt.via = Via::Public;
    }
  }
  return attempts;
}

void find_without_identities(const LintInput& input, FindingSink& sink) {
  if (input.callers == nullptr || input.callers->empty()) return;
  const Environment& environment = input.environment();
  for_each_element(environment, [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Subscription) return;
    const Guid& subscription = subscription_at(environment, element);
    if (std::ranges::any_of(*input.callers, [&](const Caller& caller) {
          return may_show_identity(caller, subscription, input.readings);
        })) {
      return;
    }
    const auto attempts = known_attempts(input, element.at);
    const Policy without = compile(without_rules(environment, {}, {element}));
    if (attempts.empty() || first_change(input.policy, without, attempts, input.readings)) return;
    sink.add(rule_of(environment, element.at).place, subject_of(environment, element.at),
             fmt::format("subscription {} admits nobody: no caller shows a managed identity of it, "
                         "and no resource needs it",
                         describe(environment, element)));
  });
}

// The resources of the subscription that may call with a managed identity.
std::vector<const Resource*> identities_of(const Environment& environment,
                                           const Guid& subscription) {
  std::vector<const Resource*> resources;
  for (const Resource& resource : environment.resources) {
    if (resource.subscription == subscription && resource.identity != false) {
      resources.push_back(&resource);
    }
  }
  return resources;
}

bool is_member(const Environment& environment, const Resource& resource, Index perimeter) {
  return resource.association != kNone &&
         environment.associations[resource.association].perimeter == perimeter;
}

void find_members_only(const LintInput& input, FindingSink& sink) {
  if (input.callers != nullptr) return;
  const Environment& environment = input.environment();
  for_each_element(environment, [&](const ElementAt& element) {
    if (element.kind != ElementAt::Kind::Subscription) return;
    const auto resources = identities_of(environment, subscription_at(environment, element));
    const bool members = std::ranges::all_of(resources, [&](const Resource* resource) {
      return is_member(environment, *resource, element.at.perimeter);
    });
    if (resources.empty() || !members) return;
    sink.add(rule_of(environment, element.at).place, subject_of(environment, element.at),
             fmt::format("subscription {} is not needed by the {} of it described here: {} of "
                         "perimeter `{}` already",
                         describe(environment, element),
                         resources.size() == 1 ? std::string("one identity")
                                               : fmt::format("{} identities", resources.size()),
                         resources.size() == 1 ? "it is a member" : "they are members",
                         environment.perimeters[element.at.perimeter].name));
  });
}

constexpr std::array kCallersChecks{
    Check{.id = "NSP108",
          .name = "subscription-without-identities",
          .severity = Severity::Warning,
          .title = "a subscription rule stands where no caller shows a managed identity of it",
          .basis = {Basis{"R-2"}, Basis{"R-7"}, Basis{"U6"}},
          .remedy = "let the callers use managed identities, or admit their addresses and remove "
                    "the subscription",
          .find = find_without_identities},
    Check{.id = "NSP115",
          .name = "subscription-of-members",
          .severity = Severity::Note,
          .title = "the described resources of an admitted subscription are members already",
          .basis = {Basis{"IN-2"}, Basis{"R-2"}},
          .remedy = "keep it only where identities that the environment does not describe should "
                    "be admitted",
          .find = find_members_only},
};

}  // namespace

std::span<const Check> subscription_rule_checks() { return kCallersChecks; }

}  // namespace nsp

// A small environment made in code, so that tests of the engine need no document reader.
//
//   perimeter nsp: profile p1 (rules below), profile p2 (none)
//   perimeter far: profile q
//   st (Storage, nsp/p1), search (AI Search, nsp/p2), kv (Key Vault, far/q), lone (Storage, in no
//   perimeter)
#ifndef NSP_TESTS_UNIT_DECISION_SMALL_ENVIRONMENT_H_
#define NSP_TESTS_UNIT_DECISION_SMALL_ENVIRONMENT_H_

#include <string>

#include "sim/decision/bind.h"
#include "sim/decision/describe.h"
#include "sim/decision/evaluate.h"
#include "sim/model/environment.h"

namespace nsp::test {

inline constexpr std::string_view kListed = "11111111-1111-1111-1111-111111111111";
inline constexpr std::string_view kOther = "22222222-2222-2222-2222-222222222222";

inline ResourceId id_of(std::string_view type, std::string_view name) {
  return ResourceId::parse("/subscriptions/" + std::string(kOther) +
                           "/resourceGroups/g/providers/" + std::string(type) + "/" +
                           std::string(name))
      .value();
}

inline Resource make_resource(Service service, std::string_view name, std::string_view host) {
  Resource resource;
  resource.service = service;
  resource.name = name;
  resource.id = id_of(facts(service).arm_type, name);
  resource.identity = true;
  resource.subscription = Guid::parse(kOther);
  resource.host_names = {DomainName::parse(host).value()};
  resource.firewall.default_allow = false;
  return resource;
}

inline AccessRule inbound_rule(std::string_view name, std::string_view prefix,
                               std::string_view subscription = {}) {
  AccessRule rule;
  rule.name = name;
  if (!prefix.empty()) rule.prefixes = {{IpPrefix::parse(prefix).value(), std::string(prefix)}};
  if (!subscription.empty()) rule.subscriptions = {Guid::parse(subscription).value()};
  return rule;
}

inline AccessRule outbound_rule(std::string_view name, std::string_view host) {
  AccessRule rule;
  rule.name = name;
  rule.direction = Direction::Outbound;
  rule.host_names = {DomainPattern::parse(host).value()};
  return rule;
}

inline void associate(Environment& environment, Index resource, Index perimeter, Index profile,
                      AccessMode mode) {
  Association association;
  association.resource = resource;
  association.perimeter = perimeter;
  association.profile = profile;
  association.mode = mode;
  environment.resources[resource].association = static_cast<Index>(environment.associations.size());
  environment.associations.push_back(association);
}

inline Environment small_environment(AccessMode mode = AccessMode::Enforced) {
  Environment environment;
  Perimeter nsp;
  nsp.name = "nsp";
  Profile p1;
  p1.name = "p1";
  p1.rules = {inbound_rule("office", "203.0.113.0/28"), inbound_rule("ci", "", kListed),
              outbound_rule("models", "*.openai.azure.com")};
  Profile p2;
  p2.name = "p2";
  nsp.profiles = {p1, p2};
  Perimeter far;
  far.name = "far";
  Profile q;
  q.name = "q";
  far.profiles = {q};
  environment.perimeters = {nsp, far};
  environment.resources = {make_resource(Service::Storage, "st", "st.blob.core.windows.net"),
                           make_resource(Service::Search, "search", "search.search.windows.net"),
                           make_resource(Service::KeyVault, "kv", "kv.vault.azure.net"),
                           make_resource(Service::Storage, "lone", "lone.blob.core.windows.net")};
  associate(environment, 0, 0, 0, mode);
  associate(environment, 1, 0, 1, mode);
  associate(environment, 2, 1, 0, mode);
  return environment;
}

inline Attempt from_outside(std::string_view to, Credential credential, std::string_view address) {
  Attempt attempt;
  attempt.from = "office";
  attempt.outside = true;
  attempt.to = to;
  attempt.credential = credential;
  if (!address.empty()) attempt.address = IpAddress::parse(address);
  return attempt;
}

inline Attempt between(std::string_view from, std::string_view to) {
  Attempt attempt;
  attempt.from = from;
  attempt.to = to;
  return attempt;
}

// `verdict: reason` of an attempt, or the error of binding it.
inline std::string outcome(const Policy& policy, const Attempt& attempt, const Scope& scope = {},
                           const Readings& readings = {}) {
  const auto bound = bind(policy, attempt, readings);
  if (!bound) return "error: " + bound.error();
  return outcome_text(policy, evaluate(policy, *bound, scope, readings));
}

}  // namespace nsp::test

#endif  // NSP_TESTS_UNIT_DECISION_SMALL_ENVIRONMENT_H_

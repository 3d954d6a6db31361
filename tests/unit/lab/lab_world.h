// What tests of the lab share: resources and callers made in code, a key made once, one moment.
#ifndef NSP_TESTS_UNIT_LAB_LAB_WORLD_H_
#define NSP_TESTS_UNIT_LAB_LAB_WORLD_H_

#include <chrono>
#include <string>
#include <string_view>

#include "sim/lab/token.h"
#include "sim/model/environment.h"

namespace nsp::lab::test {

inline constexpr std::string_view kSubscription = "22222222-2222-2222-2222-222222222222";

// 2026-06-01T12:00:00Z
inline constexpr Seconds kNow{std::chrono::seconds(1'780'315'200)};

inline ResourceId id_of(std::string_view type, std::string_view name) {
  return ResourceId::parse("/subscriptions/" + std::string(kSubscription) +
                           "/resourceGroups/g/providers/" + std::string(type) + "/" +
                           std::string(name))
      .value();
}

// With a managed identity and the names of its service.
inline Resource make_resource(Service service, std::string_view name) {
  Resource resource;
  resource.service = service;
  resource.name = name;
  resource.id = id_of(facts(service).arm_type, name);
  resource.identity = true;
  resource.subscription = Guid::parse(kSubscription);
  for (const ServiceHost& host : facts(service).hosts) {
    resource.host_names.push_back(
        DomainName::parse(std::string(name) + "." + std::string(host.suffix)).value());
  }
  return resource;
}

inline Caller make_caller(std::string_view name, Credential credential) {
  Caller caller;
  caller.name = name;
  caller.credential = credential;
  return caller;
}

// Making a key takes a while: one for all tests.
inline const Signer& signer() {
  static const Signer kSigner = Signer::make().value();
  return kSigner;
}

}  // namespace nsp::lab::test

#endif  // NSP_TESTS_UNIT_LAB_LAB_WORLD_H_

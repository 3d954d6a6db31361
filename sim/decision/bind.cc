#include "sim/decision/bind.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace nsp {
namespace {

using Failure = std::unexpected<std::string>;

// Fills a BoundAttempt in the order of the clauses: who, to whom, with what, by which path, from
// which address.
class Binder {
 public:
  Binder(const Policy& policy, const Attempt& attempt, const Readings& readings)
      : policy_(policy), attempt_(attempt), readings_(readings) {}

  std::expected<BoundAttempt, std::string> run() {
    using Step = std::expected<void, std::string> (Binder::*)();
    for (const Step step : {&Binder::bind_caller, &Binder::bind_destination,
                            &Binder::bind_credential, &Binder::bind_subnet}) {
      if (auto done = (this->*step)(); !done) return Failure(std::move(done.error()));
    }
    bind_operation();
    bind_path();
    bind_address();
    return std::move(bound_);
  }

 private:
  [[nodiscard]] const Environment& env() const { return policy_.environment(); }

  static std::string ambiguous(std::string_view name) {
    return fmt::format("`{}` is the name of several resources, expected one of their ids", name);
  }

  // `, did you mean …?` where a resource's name is close to a misspelt one.
  // Not in large environments, where looking would cost more than the decision.
  [[nodiscard]] std::string nearest(std::string_view name) const {
    constexpr std::size_t kFew = 500;
    if (env().resources.size() > kFew) return {};
    std::vector<std::string_view> names;
    for (const Resource& resource : env().resources) names.push_back(resource.name);
    const std::string_view found = nearest_word(name, names);
    return found.empty() ? std::string() : fmt::format(", did you mean `{}`?", found);
  }

  std::expected<void, std::string> bind_caller() {
    if (attempt_.outside) return {};
    const Lookup found = policy_.find_resource(attempt_.from);
    if (found.ambiguous) return Failure(ambiguous(attempt_.from));
    if (found.index == kNone) {
      return Failure(fmt::format(
          "unknown caller `{}`, expected a resource of the environment or a declared caller{}",
          attempt_.from, nearest(attempt_.from)));
    }
    bound_.caller = found.index;
    return {};
  }

  std::expected<void, std::string> bind_destination() {
    if (attempt_.to.empty()) return bind_unknown();
    const Lookup found = policy_.find_resource(attempt_.to);
    if (found.ambiguous) return Failure(ambiguous(attempt_.to));
    if (found.index != kNone) return bind_modelled(found.index);
    const auto host = DomainName::parse(attempt_.to);
    if (!host || host->text().find('.') == std::string::npos) {
      return Failure(fmt::format(
          "unknown destination `{}`, expected a resource of the environment or a host name{}",
          attempt_.to, nearest(attempt_.to)));
    }
    bound_.destination = policy_.find_host(host->text());
    bound_.host = HostName::of(*host);
    if (bound_.destination == kNone && bound_.caller == kNone) {
      return Failure(
          fmt::format("nothing to judge: neither `{}` nor `{}` is a resource of the environment",
                      attempt_.from.empty() ? "the caller" : attempt_.from, attempt_.to));
    }
    return {};
  }

  // Nobody knows the destination: only a modelled caller's own leg can be judged.
  std::expected<void, std::string> bind_unknown() {
    if (bound_.caller != kNone) return {};
    return Failure(fmt::format("nothing to judge: the destination of `{}` is not known",
                               attempt_.from.empty() ? "the caller" : attempt_.from));
  }

  std::expected<void, std::string> bind_modelled(Index resource) {
    bound_.destination = resource;
    const std::vector<HostName>& hosts = policy_.resource(resource).hosts;
    if (!attempt_.name) {
      if (!hosts.empty()) bound_.host = hosts.front();
      return {};
    }
    if (!hosts.empty() && std::ranges::none_of(hosts, [&](const HostName& h) {
          return h.text == attempt_.name->text();
        })) {
      return Failure(fmt::format("`{}` is no name of `{}`, expected one like `{}`",
                                 attempt_.name->text(), attempt_.to, hosts.front().text));
    }
    bound_.host = HostName::of(*attempt_.name);
    return {};
  }

  std::expected<void, std::string> bind_credential() {
    bound_.trusted_service = attempt_.trusted_service;
    if (bound_.caller == kNone) {
      bound_.credential = attempt_.credential.value_or(Credential::Unknown);
      bound_.subscription_known = attempt_.subscription.has_value();
      if (attempt_.subscription) bound_.subscription = policy_.subscription(*attempt_.subscription);
      return {};
    }
    const Resource& caller = env().resources[bound_.caller];
    bound_.subscription_known = true;
    bound_.subscription = policy_.resource(bound_.caller).subscription;
    bound_.credential = attempt_.credential.value_or(default_credential(caller));
    bound_.identity_unknown = bound_.credential == Credential::Unknown && !caller.identity;
    if (bound_.credential == Credential::ManagedIdentity && caller.identity == false) {
      return Failure(fmt::format(
          "`{}` has no managed identity, so it cannot send that credential (P-9)", attempt_.from));
    }
    return {};
  }

  static Credential default_credential(const Resource& caller) {
    if (!caller.identity) return Credential::Unknown;
    return *caller.identity ? Credential::ManagedIdentity : Credential::Key;
  }

  std::expected<void, std::string> bind_subnet() {
    if (attempt_.unlisted_subnet) bound_.subnet = kUnlistedSubnet;
    if (attempt_.subnet.empty()) return {};
    const Lookup found = policy_.find_subnet(attempt_.subnet);
    if (found.ambiguous) {
      return Failure(fmt::format("`{}` is the name of several subnets, expected one of their ids",
                                 attempt_.subnet));
    }
    if (found.index == kNone) {
      return Failure(fmt::format("unknown subnet `{}`, expected `vnet/subnet` of the environment",
                                 attempt_.subnet));
    }
    bound_.subnet = found.index;
    return {};
  }

  void bind_operation() {
    bound_.protocol = attempt_.protocol;
    if (iequals(attempt_.operation, "data") || attempt_.operation.empty()) return;
    if (iequals(attempt_.operation, "control")) {
      bound_.readings.set(static_cast<std::size_t>(Matter::C8));
      bound_.operation = readings_.is_default(Matter::C8) ? Operation::Control : Operation::Data;
      return;
    }
    bound_.operation = Operation::Capability;
    bound_.limited_capability =
        iequals(attempt_.operation, "fine-tuning") || iequals(attempt_.operation, "assistants");
  }

  void bind_path() {
    switch (attempt_.via) {
      case Via::Auto:
        bound_.path = resolve();
        break;
      case Via::Public:
        bound_.path = Path::Public;
        break;
      case Via::ServiceEndpoint:
        bound_.path = Path::ServiceEndpoint;
        break;
      case Via::PrivateEndpoint:
        bound_.path = Path::PrivateEndpoint;
        break;
    }
    if (bound_.path == Path::PrivateEndpoint && bound_.destination != kNone) {
      bound_.private_state = private_state();
    }
  }

  [[nodiscard]] Route route() const {
    return {bound_.caller, bound_.subnet, bound_.destination, bound_.host.text};
  }

  Path resolve() {
    const PathChoice choice = choose_path(policy_, route());
    bound_.resolved_by_zone = choice.zone;
    return choice.path;
  }

  // The destination's connections and the caller's shared private links, all taken together.
  [[nodiscard]] PrivateState private_state() const {
    const EndpointState endpoints = endpoint_state();
    const PrivateState shared = shared_link_state(policy_, route());
    if (endpoints == EndpointState::Approved || shared == PrivateState::Approved) {
      return PrivateState::Approved;
    }
    const bool described =
        endpoints == EndpointState::NotApproved || shared == PrivateState::NotApproved;
    return described ? PrivateState::NotApproved : PrivateState::NotDescribed;
  }

  [[nodiscard]] EndpointState endpoint_state() const {
    const CompiledResource& target = policy_.resource(bound_.destination);
    if (target.hosts.empty()) return target.endpoints.front();
    for (std::size_t i = 0; i < target.hosts.size(); ++i) {
      if (target.hosts[i].text == bound_.host.text) return target.endpoints[i];
    }
    return EndpointState::NotDescribed;
  }

  void bind_address() {
    const bool modelled = bound_.caller != kNone;
    if (attempt_.address && hidden_in_region()) {
      bound_.readings.set(static_cast<std::size_t>(Matter::U3));
    }
    const bool hidden =
        attempt_.address_hidden || bound_.path != Path::Public || hidden_in_region();
    if (hidden || (modelled && !attempt_.address)) {
      bound_.address_view = AddressView::Hidden;
    } else if (!attempt_.address) {
      bound_.address_view = AddressView::Missing;
    } else {
      bound_.address = *attempt_.address;
      bound_.address_view =
          bound_.address.is_private() ? AddressView::Private : AddressView::Visible;
    }
  }

  // P-7 under the other reading of U3: service-to-storage traffic that may stay inside a region.
  [[nodiscard]] bool hidden_in_region() const {
    if (readings_.is_default(Matter::U3) || bound_.caller == kNone || bound_.destination == kNone) {
      return false;
    }
    const Resource& caller = env().resources[bound_.caller];
    const Resource& target = env().resources[bound_.destination];
    const bool apart = !caller.location.empty() && !target.location.empty() &&
                       !iequals(caller.location, target.location);
    return target.service == Service::Storage && !apart;
  }

  const Policy& policy_;
  const Attempt& attempt_;
  const Readings& readings_;
  BoundAttempt bound_;
};

}  // namespace

std::expected<BoundAttempt, std::string> bind(const Policy& policy, const Attempt& attempt,
                                              const Readings& readings) {
  return Binder(policy, attempt, readings).run();
}

}  // namespace nsp

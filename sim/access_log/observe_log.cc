#include "sim/access_log/observe_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "sim/base/resource_id.h"
#include "sim/base/text.h"

namespace nsp {
namespace {

// The resource that an id names, or the one that it is a part of (`…/blobServices/default`).
Index find_by_id(const Policy& policy, std::string_view text) {
  auto id = ResourceId::parse(text).value_or(ResourceId());
  for (; !id.empty(); id = id.parent()) {
    const Lookup found = policy.find_resource(id.key());
    if (found.index != kNone && !found.ambiguous) return found.index;
  }
  return kNone;
}

// `https://name:443/path` → `name`; names are logged bare as a rule.
std::string_view host_in(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  return text.substr(0, text.find_first_of(":/?"));
}

// `NFS:TCP`, `NFSv3`, …: the storage protocols begin with their word; all else is HTTPS to the
// model.
Protocol protocol_of(std::string_view text) {
  const std::string word = lower(text);
  if (word.starts_with("nfs")) return Protocol::Nfs;
  if (word.starts_with("smb")) return Protocol::Smb;
  if (word.starts_with("sftp")) return Protocol::Sftp;
  return Protocol::Https;
}

// Equal observations have equal keys.
std::string key_of(const Observation& observation) {
  const Attempt& attempt = observation.attempt;
  const Recorded& recorded = *observation.recorded;
  const auto number = [](auto value) { return std::to_string(static_cast<unsigned>(value)); };
  const std::array<std::string, 14> pieces{
      number(recorded.category),
      attempt.to,
      attempt.from,
      number(attempt.outside),
      attempt.credential ? number(*attempt.credential) : "",
      number(attempt.via),
      attempt.address ? to_string(*attempt.address) : "",
      number(attempt.address_hidden) + number(attempt.trusted_service),
      attempt.subscription ? to_string(*attempt.subscription) : "",
      attempt.subnet,
      attempt.name ? attempt.name->text() : "",
      number(attempt.protocol),
      recorded.rule,
      recorded.profile};
  return join(pieces, std::string_view("\0", 1));
}

class Observer {
 public:
  Observer(const Policy& policy, const Bindings& bindings) : policy_(policy), bindings_(bindings) {
    for (const Binding& binding : bindings.all()) {
      if (!binding.caller.address) continue;
      const auto [at, is_new] = by_visible_.try_emplace(*binding.caller.address, &binding);
      if (!is_new) at->second = nullptr;
    }
  }

  void add(const LogTuple& tuple, const Activity& activity) {
    if (tuple.service.empty() && tuple.service_name.empty()) {
      result_.unusable["no service resource"] += activity.weight;
      return;
    }
    Observation observation;
    observation.attempt =
        direction_of(tuple.category) == Direction::Inbound ? inbound(tuple) : outbound(tuple);
    observation.recorded = Recorded{tuple.category, tuple.rule, tuple.profile};
    observation.seen = activity;
    keep(std::move(observation), tuple);
  }

  LogObservations take() { return std::move(result_); }

 private:
  void keep(Observation&& observation, const LogTuple& tuple) {
    const auto [at, is_new] =
        index_of_.try_emplace(key_of(observation), result_.observations.size());
    if (is_new) {
      result_.observations.push_back(std::move(observation));
      result_.tuples.push_back({&tuple});
    } else {
      result_.observations[at->second].seen.merge(observation.seen);
      result_.tuples[at->second].push_back(&tuple);
    }
  }

  // The resource that wrote the record, or its id (else its host name) where the environment does
  // not have it.
  std::string service_of(const LogTuple& tuple, Index& index) const {
    index = find_by_id(policy_, tuple.service);
    if (index == kNone && tuple.service.empty()) {
      index = policy_.find_host(lower(host_in(tuple.service_name)));
    }
    if (index != kNone) return policy_.display_name(index);
    return tuple.service.empty() ? tuple.service_name : tuple.service;
  }

  // The host name, where it is one of the resource's; the resource has its own default otherwise.
  std::optional<DomainName> name_of(Index resource, std::string_view text) const {
    const auto name = DomainName::parse(host_in(text));
    if (!name || resource == kNone || policy_.find_host(name->text()) != resource) {
      return std::nullopt;
    }
    return *name;
  }

  Attempt inbound(const LogTuple& tuple) const {
    Attempt attempt;
    Index service = kNone;
    attempt.to = service_of(tuple, service);
    attempt.name = name_of(service, tuple.service_name);
    attempt.protocol = protocol_of(tuple.source_protocol);
    set_path(tuple, attempt);
    set_caller(tuple, attempt);
    return attempt;
  }

  static void set_path(const LogTuple& tuple, Attempt& attempt) {
    attempt.address = parse_logged_address(tuple.source_address);
    if (tuple.category == LogCategory::NspPrivateInboundAllowed) {
      attempt.via = Via::PrivateEndpoint;
    } else if (tuple.service_endpoint) {
      attempt.via = Via::ServiceEndpoint;
    } else {
      attempt.via = Via::Public;
    }
    // An address that cannot be read was seen by the service: it is missing here, not hidden.
    attempt.address_hidden = tuple.service_endpoint || trim(tuple.source_address).empty();
  }

  // A record shows the address that the service saw: a caller's own, or the one of a NAT that the
  // binding states. A NAT in front of several callers names none of them.
  const Binding* binding_of(const IpAddress& address) const {
    if (const Binding* const found = bindings_.find(address)) return found;
    const auto found = by_visible_.find(address);
    return found == by_visible_.end() ? nullptr : found->second;
  }

  void set_caller(const LogTuple& tuple, Attempt& attempt) const {
    const Binding* const binding = attempt.address ? binding_of(*attempt.address) : nullptr;
    const Index resource = find_by_id(policy_, tuple.source_resource);
    if (resource != kNone) {
      attempt.from = policy_.display_name(resource);
    } else if (tuple.source_resource.empty() && binding != nullptr && !binding->resource.empty()) {
      attempt.from = binding->resource;
    } else {
      attempt.outside = true;
      attempt.from = outside_name(tuple, attempt, binding);
      set_subscription(tuple, binding, attempt);
    }
    if (binding == nullptr) return;
    attempt.credential = binding->caller.credential;
    attempt.subnet = binding->caller.subnet;
    attempt.trusted_service = binding->caller.trusted_service;
  }

  // What to call it in reports.
  static std::string outside_name(const LogTuple& tuple, const Attempt& attempt,
                                  const Binding* binding) {
    if (binding != nullptr && binding->resource.empty()) return binding->caller.name;
    const auto id = ResourceId::parse(tuple.source_resource);
    if (id && !id->name().empty()) return std::string(id->name());
    if (attempt.address) return to_string(*attempt.address);
    return tuple.source_resource.empty() ? tuple.source_address : tuple.source_resource;
  }

  static void set_subscription(const LogTuple& tuple, const Binding* binding, Attempt& attempt) {
    const auto id = ResourceId::parse(tuple.source_resource);
    if (id) attempt.subscription = id->subscription();
    if (!attempt.subscription && binding != nullptr) {
      attempt.subscription = binding->caller.subscription;
    }
  }

  Attempt outbound(const LogTuple& tuple) const {
    Attempt attempt;
    Index service = kNone;
    attempt.from = service_of(tuple, service);
    attempt.via = Via::Public;
    const DomainName host =
        DomainName::parse(host_in(tuple.destination_name)).value_or(DomainName());
    Index destination = find_by_id(policy_, tuple.destination_resource);
    if (destination == kNone && !host.empty()) destination = policy_.find_host(host.text());
    if (destination != kNone) {
      attempt.to = policy_.display_name(destination);
      attempt.name = name_of(destination, tuple.destination_name);
    } else {
      attempt.to = host.empty() ? tuple.destination_resource : host.text();
    }
    return attempt;
  }

  const Policy& policy_;
  const Bindings& bindings_;
  std::map<IpAddress, const Binding*> by_visible_;  // null: of several bindings
  LogObservations result_;
  std::unordered_map<std::string, std::size_t> index_of_;
};

bool is_port(std::string_view text) {
  unsigned port = 0;
  constexpr unsigned kMostPort = 65535;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port <= kMostPort;
}

}  // namespace

std::optional<IpAddress> parse_logged_address(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    const auto address = IpAddress::parse(text.substr(1, close - 1));
    return address;
  }
  const auto colon = text.find(':');
  const bool has_port = colon != text.npos && text.find(':', colon + 1) == text.npos;
  if (!has_port) return IpAddress::parse(text);
  if (!is_port(text.substr(colon + 1))) return std::nullopt;
  return IpAddress::parse(text.substr(0, colon));
}

LogObservations observe_log(const LogTable& table, const Policy& policy, const Bindings& bindings) {
  Observer observer(policy, bindings);
  for (const auto& [tuple, activity] : table.tuples) observer.add(tuple, activity);
  return observer.take();
}

}  // namespace nsp

#include "sim/lab/dns_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text.h"
#include "sim/decision/choose_path.h"
#include "sim/model/services.h"

namespace nsp::lab {
namespace {

// As Azure has them: records of private endpoints are short-lived.
constexpr std::uint32_t kPrivateTtl = 10;
constexpr std::uint32_t kPublicTtl = 60;

constexpr std::array<std::string_view, 3> kLoginHosts{"login.microsoftonline.com",
                                                      "login.windows.net", "sts.windows.net"};

// What stands before `.suffix`; empty where the name does not lie under it.
std::string_view label_under(std::string_view name, std::string_view suffix) {
  if (name.size() <= suffix.size() + 1 || !name.ends_with(suffix)) return {};
  name.remove_suffix(suffix.size());
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : std::string_view();
}

// A service's name, both as clients use it and as `privatelink`.
struct ServiceName {
  std::string host;      // `st.blob.core.windows.net`
  std::string link;      // `st.privatelink.blob.core.windows.net`
  bool is_link = false;  // it was asked for by the latter
};

std::optional<ServiceName> service_name(std::string_view name) {
  for (const ServiceFacts& service : all_services()) {
    for (const ServiceHost& host : service.hosts) {
      const std::string_view linked = label_under(name, host.zone);
      const std::string_view plain = label_under(name, host.suffix);
      const std::string_view label = linked.empty() ? plain : linked;
      // `x.privatelink.blob…` lies under `blob…`, too, but no account is called so.
      if (label.empty() || label.find('.') != std::string_view::npos) continue;
      return ServiceName{fmt::format("{}.{}", label, host.suffix),
                         fmt::format("{}.{}", label, host.zone), !linked.empty()};
    }
  }
  return std::nullopt;
}

// How good an endpoint is as the way to a resource: one whose address the zone's record holds, then
// one that serves the name and is approved, then any.
int rank_of(const PrivateEndpoint& endpoint, const Resource& resource, std::string_view host,
            const std::vector<IpAddress>& recorded) {
  const bool is_recorded = std::ranges::any_of(endpoint.addresses, [&](const IpAddress& address) {
    return std::ranges::find(recorded, address) != recorded.end();
  });
  return (is_recorded ? 4 : 0) + (serves_host(resource, endpoint.groups, host) ? 2 : 0) +
         (endpoint.status == ConnectionStatus::Approved ? 1 : 0);
}

// Answers one question.
class View {
 public:
  View(const Edition& edition, const Asker& asker, std::uint16_t type)
      : policy_(edition.policy),
        plan_(edition.plan),
        serial_(edition.number),
        asker_(asker),
        type_(type) {}

  // Says who says so, where nothing was found.
  DnsAnswer with_authority(DnsAnswer answer, const std::string& name) const {
    const bool is_found = answer.address || !answer.pointer.empty();
    const bool is_alias = !answer.aliases.empty() && is(DnsType::Cname);
    if (is_found || is_alias) return answer;
    const std::string& last = answer.aliases.empty() ? name : answer.aliases.back();
    const PrivateDnsZone* zone = zone_over(last);
    answer.start = {zone != nullptr ? zone->name.text() : parent_of(last), serial_};
    answer.start->asked_for = is(DnsType::Soa) && zone != nullptr && zone->name.text() == last;
    if (answer.ttl == 0) answer.ttl = kPrivateTtl;
    return answer;
  }

  DnsAnswer of_name(const std::string& name) {
    if (std::ranges::find(kLoginHosts, name) != kLoginHosts.end()) {
      return found(kIdentityEndpoint, kPublicTtl);
    }
    const std::optional<ServiceName> service = service_name(name);
    if (service && policy_.find_host(service->host) != kNone) {
      return of_resource(policy_.find_host(service->host), *service);
    }
    if (const Index resource = policy_.find_host(name); resource != kNone) {
      return of_resource(resource, {name, {}, false});
    }
    return of_stranger(name, service);
  }

  DnsAnswer of_address(std::string_view name) {
    const std::vector<std::string_view> labels =
        split(name.substr(0, name.size() - std::string_view(".in-addr.arpa").size()), '.');
    std::vector<std::string> turned(labels.rbegin(), labels.rend());
    const auto address = IpAddress::parse(join(turned, "."));
    const Seat* seat = address ? plan_.at(*address) : nullptr;
    if (seat == nullptr || seat->kind == SeatKind::Caller) return missing();
    const std::string_view key = seat->key;
    const Index resource = policy_.find_resource(key.substr(key.find('>') + 1)).index;
    if (resource == kNone || policy_.resource(resource).hosts.empty()) return missing();
    DnsAnswer answer;
    answer.ttl = kPublicTtl;
    if (is(DnsType::Ptr)) answer.pointer = policy_.resource(resource).hosts.front().text;
    return answer;
  }

 private:
  [[nodiscard]] bool is(DnsType type) const {
    return type_ == std::to_underlying(type) || type_ == std::to_underlying(DnsType::Any);
  }

  // What lies above the first label; of reverse names the whole tree.
  static std::string parent_of(std::string_view name) {
    for (const std::string_view tree : {"in-addr.arpa", "ip6.arpa"}) {
      if (!label_under(name, tree).empty()) return std::string(tree);
    }
    const std::size_t dot = name.find('.');
    return std::string(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  }

  static DnsAnswer missing() { return {.code = DnsAnswer::Code::NxDomain}; }

  [[nodiscard]] DnsAnswer found(const IpAddress& address, std::uint32_t ttl) const {
    DnsAnswer answer{.ttl = ttl};
    if (is(DnsType::A)) answer.address = address;
    return answer;
  }

  [[nodiscard]] PathChoice path_to(Index destination, const std::string& host) const {
    return choose_path(policy_, {asker_.resource, asker_.subnet, destination, host});
  }

  DnsAnswer of_resource(Index index, const ServiceName& name) const {
    const Resource& resource = policy_.environment().resources[index];
    const PathChoice choice = path_to(index, name.host);
    const bool is_private = choice.path == Path::PrivateEndpoint;
    const bool has_link = !name.link.empty() && (is_private || has_endpoint(index, name.host));
    if (name.is_link && !has_link) return missing();
    DnsAnswer answer = is_private ? found(private_address(index, name.host, choice), kPrivateTtl)
                                  : found(plan_.of_resource(resource), kPublicTtl);
    if (has_link && !name.is_link) answer.aliases.push_back(name.link);
    return answer;
  }

  [[nodiscard]] bool has_endpoint(Index index, std::string_view host) const {
    const CompiledResource& resource = policy_.resource(index);
    for (std::size_t i = 0; i < resource.hosts.size(); ++i) {
      if (resource.hosts[i].text == host) {
        return resource.endpoints[i] != EndpointState::NotDescribed;
      }
    }
    return false;
  }

  [[nodiscard]] IpAddress private_address(Index index, const std::string& host,
                                          const PathChoice& choice) const {
    const Environment& environment = policy_.environment();
    const Resource& resource = environment.resources[index];
    const std::vector<IpAddress> recorded = recorded_addresses(choice.zone, host);
    const PrivateEndpoint* best = nullptr;
    int best_rank = -1;
    for (const PrivateEndpoint& endpoint : environment.private_endpoints) {
      if (endpoint.resource != index) continue;
      const int rank = rank_of(endpoint, resource, host, recorded);
      if (rank > best_rank) best = &endpoint;
      best_rank = std::max(rank, best_rank);
    }
    if (best != nullptr) return plan_.of_endpoint(environment, *best);
    return plan_.of_private_access(resource).value_or(kOutsidePrivate);
  }

  // What the zone holds for the host's first label: enough to tell endpoints apart.
  [[nodiscard]] std::vector<IpAddress> recorded_addresses(Index zone, std::string_view host) const {
    if (zone == kNone) return {};
    for (const DnsRecord& record : policy_.environment().zones[zone].records) {
      if (host.starts_with(record.label + '.')) return record.addresses;
    }
    return {};
  }

  // A name of nobody in the environment.
  DnsAnswer of_stranger(const std::string& name, const std::optional<ServiceName>& service) const {
    const std::string& host = service ? service->host : name;
    if (path_to(kNone, host).path == Path::PrivateEndpoint) {
      DnsAnswer answer = found(kOutsidePrivate, kPrivateTtl);
      if (service && !service->is_link) answer.aliases.push_back(service->link);
      return answer;
    }
    if (name.find('.') == std::string::npos) return missing();
    if (const PrivateDnsZone* zone = zone_over(name)) return of_zone(*zone, name);
    return found(kOutsideWorld, kPublicTtl);
  }

  // The narrowest zone linked to the asker's network that the name lies in.
  [[nodiscard]] const PrivateDnsZone* zone_over(const std::string& name) const {
    const Environment& environment = policy_.environment();
    if (asker_.subnet >= environment.subnets.size()) return nullptr;
    const Index network = environment.subnets[asker_.subnet].network;
    const PrivateDnsZone* narrowest = nullptr;
    for (const PrivateDnsZone& zone : environment.zones) {
      const std::string& suffix = zone.name.text();
      const bool lies_in = name == suffix || !label_under(name, suffix).empty();
      if (!lies_in || std::ranges::find(zone.networks, network) == zone.networks.end()) continue;
      if (narrowest == nullptr || suffix.size() > narrowest->name.text().size()) narrowest = &zone;
    }
    return narrowest;
  }

  [[nodiscard]] DnsAnswer of_zone(const PrivateDnsZone& zone, const std::string& name) const {
    const bool is_apex = name == zone.name.text();
    const std::string_view label = is_apex ? "@" : label_under(name, zone.name.text());
    const bool holds = std::ranges::any_of(
        zone.records, [&](const DnsRecord& record) { return record.label == label; });
    if (holds) return found(kOutsideWorld, kPrivateTtl);
    return is_apex ? DnsAnswer{} : missing();
  }

  const Policy& policy_;
  const AddressPlan& plan_;
  std::uint64_t serial_;
  const Asker& asker_;
  std::uint16_t type_;
};

}  // namespace

Asker asker_at(const Edition& edition, const IpAddress& address) {
  const Seat* seat = edition.plan.at(address);
  if (seat == nullptr || seat->kind == SeatKind::PrivateEndpoint) return {};
  const Policy& policy = edition.policy;
  if (seat->kind == SeatKind::Resource) return {.resource = policy.find_resource(seat->key).index};
  const Post* post = edition.find_post(seat->key);
  if (post == nullptr) return {};
  Asker asker;
  if (!post->acts_for.empty()) asker.resource = policy.find_resource(post->acts_for.key()).index;
  if (post->caller.subnet.empty()) return asker;
  const Index subnet = policy.find_subnet(post->caller.subnet).index;
  if (subnet < edition.environment().subnets.size()) asker.subnet = subnet;
  return asker;
}

DnsAnswer look_up(const Edition& edition, const Asker& asker, std::string_view name,
                  std::uint16_t type) {
  if (name.ends_with('.')) name.remove_suffix(1);
  View view(edition, asker, type);
  if (name.empty()) return view.with_authority({}, {});  // the root exists
  const auto parsed = DomainName::parse(name);
  const DnsAnswer missing{.code = DnsAnswer::Code::NxDomain};
  if (!parsed) return view.with_authority(missing, lower(name));
  const std::string& text = parsed->text();
  // Nobody in a lab has an IPv6 address.
  if (parsed->is_under("ip6.arpa")) return view.with_authority(missing, text);
  return view.with_authority(
      parsed->is_under("in-addr.arpa") ? view.of_address(text) : view.of_name(text), text);
}

}  // namespace nsp::lab

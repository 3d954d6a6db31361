// Compiling: every list of an environment that a decision searches becomes a table that answers in
// a few steps.
//
// Rules are ranked by name once per profile; all tables of the profile answer with ranks, so "first
// by name" (R-8) is a minimum. Subscriptions and subnets are numbered, so that a decision compares
// numbers and never texts.

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "sim/base/text.h"
#include "sim/policy/policy.h"

namespace nsp {

class Compiler {
 public:
  explicit Compiler(Environment environment) { policy_.environment_ = std::move(environment); }

  Policy run() {
    number_subscriptions();
    index_names();
    compile_profiles();
    compile_resources();
    compile_links();
    index_private_names();
    return std::move(policy_);
  }

 private:
  [[nodiscard]] const Environment& env() const { return policy_.environment_; }

  void number_subscriptions() {
    auto& all = policy_.subscriptions_;
    for (const Perimeter& perimeter : env().perimeters) {
      for (const Profile& profile : perimeter.profiles) {
        for (const AccessRule& rule : profile.rules) {
          all.insert(all.end(), rule.subscriptions.begin(), rule.subscriptions.end());
        }
      }
    }
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
  }

  static void add_name(std::unordered_map<std::string, Lookup>& names, std::string key,
                       Index index) {
    const auto [at, fresh] = names.try_emplace(std::move(key), Lookup{index, false});
    if (!fresh && at->second.index != index) at->second.ambiguous = true;
  }

  void index_names() {
    for (Index i = 0; i < env().resources.size(); ++i) {
      const Resource& resource = env().resources[i];
      add_name(policy_.resource_names_, lower(resource.name), i);
      add_name(policy_.resource_names_, resource.id.key(), i);
      for (const DomainName& host : resource.host_names) policy_.hosts_.try_emplace(host.text(), i);
    }
    for (Index i = 0; i < env().subnets.size(); ++i) add_subnet(env().subnets[i].id, i);
  }

  void add_subnet(const ResourceId& id, Index number) {
    const ResourceId network = id.parent();
    add_name(policy_.subnet_names_, lower(network.name()) + "/" + lower(id.name()), number);
    add_name(policy_.subnet_names_, id.key(), number);
    next_subnet_ = std::max(next_subnet_, number + 1);
  }

  Index subnet_number(const ResourceId& id) {
    const auto known = policy_.subnet_names_.find(id.key());
    if (known != policy_.subnet_names_.end()) return known->second.index;
    const Index number = next_subnet_;
    add_subnet(id, number);
    return number;
  }

  void compile_profiles() {
    for (const Perimeter& perimeter : env().perimeters) {
      first_profile_.push_back(static_cast<Index>(policy_.profiles_.size()));
      for (const Profile& profile : perimeter.profiles) {
        policy_.profiles_.push_back(compile_profile(profile));
      }
    }
  }

  // Indices of `rules` in order of their names; rank r is the r-th of them.
  template <class Rules, class NameOf>
  static std::vector<Index> rank_by_name(const Rules& rules, NameOf name_of) {
    std::vector<Index> order(rules.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::stable_sort(
        order, [&](Index a, Index b) { return iless(name_of(rules[a]), name_of(rules[b])); });
    return order;
  }

  CompiledProfile compile_profile(const Profile& profile) const {
    CompiledProfile compiled;
    compiled.rule_of_rank = rank_by_name(
        profile.rules, [](const AccessRule& rule) -> const std::string& { return rule.name; });
    std::vector<PrefixTable::Entry> prefixes;
    std::vector<PrefixTable::Entry> tag_prefixes;
    std::vector<SubscriptionTable::Entry> subscriptions;
    std::vector<NameTable::Entry> names;
    for (Index rank = 0; rank < compiled.rule_of_rank.size(); ++rank) {
      const AccessRule& rule = profile.rules[compiled.rule_of_rank[rank]];
      mark_open(rule, compiled);
      if (rule.direction == Direction::Outbound) {
        for (const DomainPattern& pattern : rule.host_names) names.push_back({pattern, rank});
        continue;
      }
      for (const WrittenPrefix& written : rule.prefixes) {
        prefixes.push_back({written.prefix, rank});
        if (written.prefix.is_private()) continue;
        (written.prefix.network.v4 ? compiled.has_public_v4 : compiled.has_public_v6) = true;
      }
      for (const Guid& guid : rule.subscriptions) {
        subscriptions.push_back({policy_.subscription(guid), rank});
      }
      add_tags(rule, rank, compiled, tag_prefixes);
    }
    compiled.prefixes = PrefixTable(prefixes);
    compiled.tag_prefixes = PrefixTable(tag_prefixes);
    compiled.subscriptions = SubscriptionTable(subscriptions);
    compiled.names = NameTable(names);
    return compiled;
  }

  static void mark_open(const AccessRule& rule, CompiledProfile& compiled) {
    if (rule.unresolved.empty()) return;
    const bool either = find_unresolved(rule.unresolved, "direction") != nullptr;
    compiled.open_inbound |= either || rule.direction == Direction::Inbound;
    compiled.open_outbound |= either || rule.direction == Direction::Outbound;
  }

  void add_tags(const AccessRule& rule, Index rank, CompiledProfile& compiled,
                std::vector<PrefixTable::Entry>& tag_prefixes) const {
    for (const std::string& tag : rule.service_tags) {
      compiled.has_tags = true;
      const auto known = env().service_tags.find(lower(tag));
      if (known == env().service_tags.end()) {
        compiled.has_unknown_tag = true;
        continue;
      }
      for (const IpPrefix& prefix : known->second) tag_prefixes.push_back({prefix, rank});
    }
  }

  void compile_resources() {
    for (const PrivateEndpoint& endpoint : env().private_endpoints) {
      if (endpoint.resource != kNone) described_endpoints_.insert(endpoint.id.key());
    }
    for (const Resource& resource : env().resources) {
      policy_.resources_.push_back(compile_resource(resource));
    }
    for (const PrivateEndpoint& endpoint : env().private_endpoints) {
      if (endpoint.resource == kNone) continue;
      join_endpoint(env().resources[endpoint.resource], policy_.resources_[endpoint.resource],
                    endpoint.groups, endpoint.status);
    }
  }

  // An endpoint that describes itself overrules what a resource says of it: build_environment() has
  // brought the two words together there.
  CompiledResource compile_resource(const Resource& resource) {
    CompiledResource compiled;
    compiled.service = resource.service;
    compiled.association = resource.association;
    if (resource.association != kNone) {
      const Association& association = env().associations[resource.association];
      compiled.perimeter = association.perimeter;
      compiled.profile = association.profile;
      compiled.compiled_profile = first_profile_[association.perimeter] + association.profile;
    }
    if (resource.subscription) compiled.subscription = policy_.subscription(*resource.subscription);
    compile_firewall(resource.firewall, compiled);
    std::vector<NameTable::Entry> egress;
    for (const DomainPattern& pattern : resource.allowed_fqdns) egress.push_back({pattern, 0});
    compiled.egress = NameTable(egress);
    for (const DomainName& host : resource.host_names) compiled.hosts.push_back(HostName::of(host));
    compiled.endpoints.resize(std::max<std::size_t>(1, compiled.hosts.size()),
                              EndpointState::NotDescribed);
    for (const PrivateConnection& connection : resource.private_connections) {
      if (described_endpoints_.contains(connection.endpoint.key())) continue;
      join_endpoint(resource, compiled, connection.groups, connection.status);
    }
    return compiled;
  }

  void compile_firewall(const Firewall& firewall, CompiledResource& compiled) {
    compiled.ip_rule_of_rank =
        rank_by_name(firewall.ip_rules,
                     [](const WrittenPrefix& rule) -> const std::string& { return rule.text; });
    std::vector<PrefixTable::Entry> entries;
    for (Index rank = 0; rank < compiled.ip_rule_of_rank.size(); ++rank) {
      const IpPrefix& prefix = firewall.ip_rules[compiled.ip_rule_of_rank[rank]].prefix;
      entries.push_back({prefix, rank});
      compiled.has_public_ip_rule |= !prefix.is_private();
    }
    compiled.ip_rules = PrefixTable(entries);
    for (const ResourceId& id : firewall.subnet_rules) {
      compiled.subnet_rules.push_back(subnet_number(id));
    }
    compiled.subnet_rules_by_name = rank_by_name(firewall.subnet_rules, [](const ResourceId& id) {
      return fmt::format("{}/{}", id.parent().name(), id.name());
    });
    compiled.instance_rules_by_name =
        rank_by_name(firewall.instance_rules, [](const ResourceId& id) { return id.name(); });
  }

  // One Approved connection is enough to carry traffic. Only storage has an endpoint per
  // sub-service.
  static void join_endpoint(const Resource& resource, CompiledResource& compiled,
                            const std::vector<std::string>& groups, ConnectionStatus status) {
    const EndpointState state =
        status == ConnectionStatus::Approved ? EndpointState::Approved : EndpointState::NotApproved;
    for (std::size_t i = 0; i < compiled.endpoints.size(); ++i) {
      const std::string host = compiled.hosts.empty() ? std::string() : compiled.hosts[i].text;
      if (!serves_host(resource, groups, host)) continue;
      compiled.endpoints[i] = std::max(compiled.endpoints[i], state);
    }
  }

  void compile_links() {
    const std::size_t count = env().perimeters.size();
    policy_.links_of_.resize(count);
    policy_.reachable_.assign(count, std::vector<bool>(count, false));
    for (Index i = 0; i < env().links.size(); ++i) {
      const PerimeterLink& link = env().links[i];
      if (link.status != ConnectionStatus::Approved) continue;
      policy_.links_of_[link.local].push_back(i);
      policy_.links_of_[link.remote].push_back(i);
    }
    for (Index start = 0; start < count; ++start) mark_reachable(start);
  }

  // Which perimeters `start` reaches by two or more links, that is through another neighbour than
  // the perimeter itself: walk from each neighbour with `start` taken out.
  void mark_reachable(Index start) {
    for (const Index i : policy_.links_of_[start]) {
      const Index neighbour = other_end(env().links[i], start);
      std::vector<bool> seen(env().perimeters.size(), false);
      seen[start] = seen[neighbour] = true;
      std::vector<Index> todo{neighbour};
      while (!todo.empty()) {
        const Index at = todo.back();
        todo.pop_back();
        for (const Index j : policy_.links_of_[at]) {
          const Index next = other_end(env().links[j], at);
          if (seen[next]) continue;
          seen[next] = true;
          policy_.reachable_[start][next] = true;
          todo.push_back(next);
        }
      }
    }
  }

  static Index other_end(const PerimeterLink& link, Index one) {
    return link.local == one ? link.remote : link.local;
  }

  // A zone that is linked to a network answers there for the names that it shadows (P-2, P-4).
  void index_private_names() {
    policy_.zones_of_.resize(env().networks.size());
    for (Index z = 0; z < env().zones.size(); ++z) {
      const PrivateDnsZone& zone = env().zones[z];
      PrivateNames& names = policy_.private_names_.emplace_back();
      names.suffix = shadowed_suffix(zone.name.text());
      if (names.suffix.empty()) continue;
      for (const DnsRecord& record : zone.records) names.labels.insert(record.label);
      for (const Index network : zone.networks) policy_.zones_of_[network].push_back(z);
    }
  }

  // `blob.core.windows.net` for `privatelink.blob.core.windows.net`. Key Vault's zone has another
  // name than its hosts, so the services' own table is asked first; a service that is not in it
  // follows the usual form.
  static std::string shadowed_suffix(std::string_view zone) {
    constexpr std::string_view kPrefix = "privatelink.";
    if (!zone.starts_with(kPrefix)) return {};
    const std::string_view usual = zone.substr(kPrefix.size());
    for (const ServiceFacts& service : all_services()) {
      for (const ServiceHost& host : service.hosts) {
        if (host.zone == zone) return std::string(host.suffix);
        if (host.suffix == usual) return {};
      }
    }
    return std::string(usual);
  }

  Policy policy_;
  std::vector<Index> first_profile_;  // perimeter → compiled profile of its profile 0
  Index next_subnet_ = 0;
  std::unordered_set<std::string> described_endpoints_;
};

Policy compile(Environment environment) { return Compiler(std::move(environment)).run(); }

}  // namespace nsp

// From every subnet that both sides describe: does a name resolve to another path now (P-1 to P-5)?
#include <algorithm>
#include <map>

#include "sim/analysis/diff_parts.h"

namespace nsp {
namespace {

struct SubnetPair {
  std::array<Index, 2> at;
  std::string id;
  std::string name;  // `vnet/subnet`
};

std::vector<SubnetPair> pair_subnets(const DiffWorld& world) {
  std::vector<SubnetPair> pairs;
  const auto& bases = world.policies[0]->environment().subnets;
  for (Index i = 0; i < bases.size(); ++i) {
    const Lookup other = world.policies[1]->find_subnet(bases[i].id.text());
    if (other.index >= world.policies[1]->environment().subnets.size()) continue;
    const std::string& id = bases[i].id.text();
    const std::string network(bases[i].id.parent().name());
    pairs.push_back({{i, other.index}, id, network + "/" + bases[i].name});
  }
  return pairs;
}

// The path to a host as the subnet's own facts give it, without a caller's shared private links.
Path path_of(const Policy& policy, const Subnet& subnet, const std::string& host, Service service) {
  if (subnet.network != kNone && policy.private_zone(subnet.network, host) != kNone) {
    return Path::PrivateEndpoint;
  }
  return has_service_endpoint(subnet, service) ? Path::ServiceEndpoint : Path::Public;
}

class Paths {
 public:
  explicit Paths(Judge& judge) : judge_(judge) {}

  std::vector<VerdictChange> run() {
    for (const SubnetPair& subnet : pair_subnets(judge_.world())) {
      for (Index i = 0; i < judge_.world().resources.size(); ++i) ask(subnet, i);
      flush();
    }
    return std::move(changes_);
  }

 private:
  // What is told of one resource together: its host names of one pair of paths and one key.
  using Group = std::map<std::pair<std::array<Path, 2>, CellKey>, VerdictChange>;

  [[nodiscard]] std::array<Path, 2> paths(const SubnetPair& subnet, Index resource,
                                          std::size_t host) const {
    std::array<Path, 2> both{};
    for (const std::size_t side : kSides) {
      const Policy& policy = *judge_.world().policies[side];
      const Resource& at = *judge_.world().resource(side, resource);
      const std::string name =
          host < at.host_names.size() ? at.host_names[host].text() : std::string();
      both[side] = path_of(policy, policy.environment().subnets[subnet.at[side]], name, at.service);
    }
    return both;
  }

  void ask(const SubnetPair& subnet, Index resource) {
    const DiffWorld& world = judge_.world();
    if (!world.resources[resource].in_both()) return;
    const Resource& any = world.any(resource);
    const std::size_t hosts = std::max<std::size_t>(1, any.host_names.size());
    Group group;
    for (std::size_t host = 0; host < hosts; ++host) {
      const auto both = paths(subnet, resource, host);
      if (both[0] != both[1]) add(group, subnet, resource, host, both);
    }
    for (auto& [key, change] : group) {
      if (change.host_names.size() == hosts) change.host_names.clear();
      gather(std::move(change));
    }
  }

  void add(Group& group, const SubnetPair& subnet, Index resource, std::size_t host,
           const std::array<Path, 2>& both) {
    Attempt attempt;
    attempt.outside = true;
    attempt.from = "someone";
    attempt.credential = Credential::Anonymous;
    attempt.address_hidden = true;
    attempt.subnet = subnet.id;
    const AttemptPair attempts = judge_.in_names(attempt, kNone, resource, host);
    const Cell cell = judge_.judge(judge_.bind(attempts));
    const auto [at, fresh] = group.try_emplace({both, judge_.key(cell)});
    if (fresh) {
      at->second = judge_.change(Asked::Path, cell, attempts);
      if (!cell.differs()) at->second.turn = Turn::Path;
      at->second.paths = both;
      at->second.values = {subnet.name};
      at->second.to = {judge_.world().resources[resource].name};
    } else {
      judge_.add_reasons(at->second, cell);
    }
    at->second.host_names.push_back(host_word(judge_.world().any(resource), host));
  }

  // Of one subnet: resources of equal answers are told together.
  void gather(VerdictChange change) {
    const auto twin = std::ranges::find_if(of_subnet_, [&](const VerdictChange& other) {
      return other.paths == change.paths && other.host_names == change.host_names &&
             other.now == change.now && other.enforced == change.enforced;
    });
    if (twin == of_subnet_.end()) {
      of_subnet_.push_back(std::move(change));
    } else {
      twin->to.insert(twin->to.end(), change.to.begin(), change.to.end());
    }
  }

  // Subnets of equal changes are told together.
  void flush() {
    for (VerdictChange& change : of_subnet_) {
      const auto twin = std::ranges::find_if(changes_, [&](const VerdictChange& other) {
        return other.paths == change.paths && other.host_names == change.host_names &&
               other.now == change.now && other.enforced == change.enforced &&
               other.to == change.to;
      });
      if (twin == changes_.end()) {
        changes_.push_back(std::move(change));
      } else {
        twin->values.insert(twin->values.end(), change.values.begin(), change.values.end());
      }
    }
    of_subnet_.clear();
  }

  Judge& judge_;
  std::vector<VerdictChange> of_subnet_;
  std::vector<VerdictChange> changes_;
};

}  // namespace

std::vector<VerdictChange> path_changes(Judge& judge) { return Paths(judge).run(); }

}  // namespace nsp

#include <fmt/format.h>

#include <iterator>

#include "sim/policy/policy.h"

namespace nsp {
namespace {

void dump_profile(const Perimeter& perimeter, const Profile& profile,
                  const CompiledProfile& compiled, std::string& out) {
  fmt::format_to(std::back_inserter(out),
                 "profile {}/{}: {} rules, {} address intervals, {} host names\n", perimeter.name,
                 profile.name, compiled.rule_of_rank.size(), compiled.prefixes.interval_count(),
                 compiled.names.size());
  for (Index rank = 0; rank < compiled.rule_of_rank.size(); ++rank) {
    const AccessRule& rule = profile.rules[compiled.rule_of_rank[rank]];
    fmt::format_to(std::back_inserter(out), "  rank {} {} {}\n", rank, to_string(rule.direction),
                   rule.name);
  }
}

void dump_resource(const Environment& environment, const Resource& resource, std::string& out) {
  fmt::format_to(std::back_inserter(out), "resource {} ({}): publicNetworkAccess {}", resource.name,
                 facts(resource.service).title, to_string(resource.public_network_access));
  if (resource.association != kNone) {
    const Association& association = environment.associations[resource.association];
    const Perimeter& perimeter = environment.perimeters[association.perimeter];
    fmt::format_to(std::back_inserter(out), ", {}/{} {}", perimeter.name,
                   perimeter.profiles[association.profile].name, to_string(association.mode));
  }
  out += '\n';
}

}  // namespace

std::string dump(const Policy& policy) {
  const Environment& environment = policy.environment();
  std::string out;
  Index compiled = 0;
  for (const Perimeter& perimeter : environment.perimeters) {
    for (const Profile& profile : perimeter.profiles) {
      dump_profile(perimeter, profile, policy.profile(compiled++), out);
    }
  }
  for (const Resource& resource : environment.resources) dump_resource(environment, resource, out);
  for (const PerimeterLink& link : environment.links) {
    fmt::format_to(std::back_inserter(out), "link {}: {} - {}, {}\n", link.name,
                   environment.perimeters[link.local].name,
                   environment.perimeters[link.remote].name, to_string(link.status));
  }
  return out;
}

}  // namespace nsp

// Documents to an environment: no input crashes it, every diagnostic has a place, and what is built
// keeps the invariant of sim/model/environment.h.

#include <cstdint>
#include <cstdlib>

#include "sim/model/build.h"

namespace {

using nsp::Index;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_association(const nsp::Environment& environment, std::size_t index) {
  const nsp::Association& association = environment.associations[index];
  require(association.resource < environment.resources.size());
  require(environment.resources[association.resource].association == static_cast<Index>(index));
  require(association.perimeter < environment.perimeters.size());
  require(association.profile < environment.perimeters[association.perimeter].profiles.size());
}

void check_link(const nsp::Environment& environment, const nsp::PerimeterLink& link) {
  require(link.local < environment.perimeters.size());
  require(link.remote < environment.perimeters.size());
  for (const Index profile : link.local_profiles) {
    require(profile < environment.perimeters[link.local].profiles.size());
  }
  for (const Index profile : link.remote_profiles) {
    require(profile < environment.perimeters[link.remote].profiles.size());
  }
}

void check_networks(const nsp::Environment& environment) {
  for (const auto& subnet : environment.subnets) {
    require(subnet.network < environment.networks.size());
  }
  for (const auto& endpoint : environment.private_endpoints) {
    require(endpoint.subnet == nsp::kNone || endpoint.subnet < environment.subnets.size());
    require(endpoint.resource == nsp::kNone || endpoint.resource < environment.resources.size());
  }
  for (const auto& zone : environment.zones) {
    for (const Index network : zone.networks) require(network < environment.networks.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto built = nsp::build_environment(nsp::read_documents(bytes, "fuzz"));
  for (const auto& diagnostic : built.diagnostics) require(diagnostic.place.line != 0);
  for (std::size_t i = 0; i < built.environment.associations.size(); ++i) {
    check_association(built.environment, i);
  }
  for (const auto& link : built.environment.links) check_link(built.environment, link);
  check_networks(built.environment);
  return 0;
}

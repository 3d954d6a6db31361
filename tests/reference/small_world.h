// Builds environments in code, for tests: no documents, no reading, only the structs.
//
// Indices returned are those of the Environment's vectors. Ids are made of the names, all in one
// subscription and one resource group unless said otherwise.
#ifndef NSP_TESTS_REFERENCE_SMALL_WORLD_H_
#define NSP_TESTS_REFERENCE_SMALL_WORLD_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/environment.h"

namespace nsp::reference {

// A profile of a perimeter, by index.
struct ProfileRef {
  Index perimeter = kNone;
  Index profile = kNone;
};

struct SmallWorld {
  Environment env;

  Index add_perimeter(std::string_view name, std::initializer_list<std::string_view> profiles);
  // A described resource with a managed identity, an open firewall and the host names of its
  // service.
  Resource& add_resource(std::string_view name, Service service, const Guid& subscription);
  // As if only an association named it: nothing else is known.
  static void make_stub(Resource& resource);
  void associate(Index resource, ProfileRef to, AccessMode mode);
  AccessRule& add_rule(ProfileRef to, std::string_view name, Direction direction);
  PerimeterLink& add_link(std::string_view name, Index local, Index remote,
                          ConnectionStatus status);
  // The virtual network is made when it is new.
  Index add_subnet(std::string_view network, std::string_view subnet,
                   std::vector<std::string> service_endpoints);
  // A zone with one record, linked to these networks.
  PrivateDnsZone& add_zone(std::string_view name, std::string_view label,
                           std::vector<Index> networks);

  PrivateEndpoint& add_endpoint(std::string_view name, Index resource, ConnectionStatus status);

  Index last_resource() const { return static_cast<Index>(env.resources.size() - 1); }
};

// Parsers for constants of tests. REQUIRES: well-formed text.
WrittenPrefix prefix(std::string_view text);
IpAddress address(std::string_view text);
DomainPattern pattern(std::string_view text);
DomainName host(std::string_view text);
Guid guid(std::uint64_t low);

}  // namespace nsp::reference

#endif  // NSP_TESTS_REFERENCE_SMALL_WORLD_H_

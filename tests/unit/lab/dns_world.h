// A small world of names.
//
//   network v (subnet apps): linked to privatelink.blob.core.windows.net and to corp.internal
//   network w (subnet other): linked to nothing
//   st    Storage with an approved private endpoint for blob; the zone holds its record
//   late  Storage with an approved private endpoint for blob; the zone holds no record
//   bare  Storage without an endpoint; the zone holds a record all the same
//   find  AI Search with a shared private link to st's blob
//   callers: inside (v/apps), beside (w/other), away, and job, which is find in v/apps
#ifndef NSP_TESTS_UNIT_LAB_DNS_WORLD_H_
#define NSP_TESTS_UNIT_LAB_DNS_WORLD_H_

#include <string>
#include <vector>

#include "sim/lab/dns_view.h"
#include "tests/unit/lab/lab_world.h"

namespace nsp::lab::test {

inline Subnet make_subnet(std::string_view name, Index network) {
  Subnet subnet;
  subnet.name = name;
  subnet.id = id_of(
      "Microsoft.Network/virtualNetworks/" + std::string(network == 0 ? "v" : "w") + "/subnets",
      name);
  subnet.network = network;
  return subnet;
}

inline PrivateEndpoint make_endpoint(std::string_view name, Index resource,
                                     std::string_view address) {
  PrivateEndpoint endpoint;
  endpoint.name = name;
  endpoint.id = id_of("Microsoft.Network/privateEndpoints", name);
  endpoint.resource = resource;
  endpoint.subnet = 0;
  endpoint.groups = {"blob"};
  endpoint.addresses = {IpAddress::parse(address).value()};
  return endpoint;
}

inline PrivateDnsZone make_zone(std::string_view name, std::vector<std::string> labels) {
  PrivateDnsZone zone;
  zone.name = DomainName::parse(name).value();
  zone.id = id_of("Microsoft.Network/privateDnsZones", name);
  for (std::string& label : labels) {
    zone.records.push_back({std::move(label), {IpAddress::parse("10.0.0.4").value()}, {}});
  }
  zone.networks = {0};
  return zone;
}

inline Caller make_caller_in(std::string_view name, std::string_view subnet) {
  Caller caller;
  caller.name = name;
  caller.subnet = subnet;
  return caller;
}

struct DnsWorld {
  EditionPtr edition = make_edition(environment(), posts()).value();

  static std::vector<Post> posts() {
    std::vector<Post> made{{make_caller_in("inside", "v/apps"), {}, {}},
                           {make_caller_in("beside", "w/other"), {}, {}},
                           {make_caller_in("away", ""), {}, {}},
                           {make_caller_in("job", "v/apps"), {}, {}}};
    made[3].acts_for = environment().resources[3].id;
    return made;
  }

  static Environment environment() {
    Environment made;
    made.resources = {
        make_resource(Service::Storage, "st"), make_resource(Service::Storage, "late"),
        make_resource(Service::Storage, "bare"), make_resource(Service::Search, "find")};
    made.resources[3].shared_private_links = {
        {"shared", made.resources[0].id, "blob", ConnectionStatus::Approved, {}}};
    made.networks.resize(2);
    made.networks[0].name = "v";
    made.networks[0].id = id_of("Microsoft.Network/virtualNetworks", "v");
    made.networks[1].name = "w";
    made.networks[1].id = id_of("Microsoft.Network/virtualNetworks", "w");
    made.subnets = {make_subnet("apps", 0), make_subnet("other", 1)};
    made.private_endpoints = {make_endpoint("pe-st", 0, "10.0.0.4"),
                              make_endpoint("pe-late", 1, "10.0.0.5")};
    made.zones = {make_zone("privatelink.blob.core.windows.net", {"st", "bare", "stranger"}),
                  make_zone("corp.internal", {"db", "@"})};
    return made;
  }

  // As somebody who sits at that address.
  [[nodiscard]] Asker asker(std::string_view name) const {
    const Index resource = edition->policy.find_resource(name).index;
    if (resource != kNone) {
      const Resource& found = edition->environment().resources[resource];
      return asker_at(*edition, edition->plan.of_resource(found));
    }
    const Post* post = edition->find_post(std::string(name));
    return post == nullptr ? Asker{} : asker_at(*edition, edition->plan.of_caller(post->caller));
  }
};

}  // namespace nsp::lab::test

#endif  // NSP_TESTS_UNIT_LAB_DNS_WORLD_H_

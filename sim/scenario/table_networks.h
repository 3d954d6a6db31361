// The `subnet` and `private endpoint` tables: virtual networks, endpoints and the private DNS that
// leads to them.
#ifndef NSP_SIM_SCENARIO_TABLE_NETWORKS_H_
#define NSP_SIM_SCENARIO_TABLE_NETWORKS_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "sim/base/vocabulary.h"
#include "sim/model/environment.h"
#include "sim/scenario/page.h"
#include "sim/scenario/page_names.h"
#include "sim/scenario/page_problems.h"
#include "sim/scenario/table_nodes.h"
#include "sim/scenario/table_view.h"

namespace nsp {

// A row of a `private endpoint` table.
struct EndpointRow {
  PageCell name;
  std::string id;
  std::string resource_id;
  std::string subnet;   // id
  std::string network;  // id
  std::string address;
  ConnectionStatus status = ConnectionStatus::Approved;
  std::vector<std::string> hosts;  // every name of the resource
};

// A private DNS zone. Each virtual network has its own copy of a zone, so that `unlinked` on one
// row says nothing about the others; Azure allows that, one copy a resource group.
struct ZonePlan {
  std::string name;
  std::string id;
  std::string network;  // the linked virtual network's id; empty: unlinked
  PageCell where;
  std::map<std::string, std::vector<std::string>> records;  // label → addresses
};

class TableNetworks {
 public:
  // REQUIRES: all outlive this object.
  TableNetworks(PageNames& names, const TableNodes& nodes, PageProblems& problems)
      : names_(names), nodes_(nodes), problems_(problems) {}

  void read_subnets(const std::vector<PageTable>& tables);
  void read_endpoints(const std::vector<PageTable>& tables);
  void read_callers(std::span<const Caller> callers);

  // `[{"name":…,"properties":{…}}]` for the resource's own document; an empty array when it has no
  // endpoint.
  [[nodiscard]] Node connections_of(const std::string& resource_id, const PageCell& where) const;
  // Networks, endpoints, zones with their records and links.
  void write(Node& resources) const;

 private:
  void read_subnet(const TableView& view, const PageRow& row);
  void read_endpoint(const TableView& view, const PageRow& row);
  void plan_zones(const EndpointRow& endpoint, const NamedResource& resource, const PageCell* cell);
  void plan_zone(const EndpointRow& endpoint, const NamedResource& resource,
                 const ServiceHost& host, bool linked, const PageCell& cell);
  [[nodiscard]] std::string service_endpoint(const PageCell& kind);
  [[nodiscard]] const ServiceHost* find_host(const NamedResource& resource, const PageCell& word);

  [[nodiscard]] Node subnet_node(const NamedThing& subnet) const;
  [[nodiscard]] Node connection_state(const EndpointRow& endpoint) const;
  void write_networks(Node& resources) const;
  void write_endpoint(const EndpointRow& endpoint, Node& resources) const;
  void write_zone(const ZonePlan& zone, Node& resources) const;

  PageNames& names_;
  const TableNodes& nodes_;
  PageProblems& problems_;
  std::map<std::string, std::vector<PageCell>> service_endpoints_;  // subnet id → endpoints
  std::vector<EndpointRow> endpoints_;
  std::vector<ZonePlan> zones_;
};

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TABLE_NETWORKS_H_

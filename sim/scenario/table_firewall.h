// The `firewall` cell of a `resource` table as the service's own properties.
#ifndef NSP_SIM_SCENARIO_TABLE_FIREWALL_H_
#define NSP_SIM_SCENARIO_TABLE_FIREWALL_H_

#include "sim/scenario/page_names.h"
#include "sim/scenario/page_problems.h"
#include "sim/scenario/table_nodes.h"

namespace nsp {

// Adds `networkAcls` (or AI Search's `networkRuleSet`) to `properties`. `cell` may be null: open.
// `where`: the row's name, for what has no cell of its own.
//
// `open` and `closed` mean bypass None; a list means closed, but for what it names.
void add_firewall(Node& properties, const NamedResource& resource, const PageCell* cell,
                  const PageCell& where, PageNames& names, const TableNodes& nodes,
                  PageProblems& problems);

// The subnet that a cell names: `vnet/name` (made where nobody describes it) or an id. Empty, and
// reported, otherwise.
[[nodiscard]] std::string subnet_id(const PageCell& cell, PageNames& names, PageProblems& problems);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TABLE_FIREWALL_H_

// The tables of a page that build a virtual perimeter, expanded to the plain shape
// `{"resources":[…]}`.
//
// Each node stands at the cell it comes from, so that everything later says line and column of the
// page. Perimeters, profiles, virtual networks, subnets and private DNS zones exist by being named.
// What the page's environment files already hold is referred to by its own id instead of being made
// again.
//
// Example: `| st | storage | nsp/data | Enforced |` gives the account `st`, the perimeter `nsp`,
// its profile `data` and the association `st-association`.
//
// Thread safety: pure function.
#ifndef NSP_SIM_SCENARIO_TABLES_H_
#define NSP_SIM_SCENARIO_TABLES_H_

#include <span>
#include <string>

#include "sim/document/resource_document.h"
#include "sim/scenario/page.h"

namespace nsp {

struct Expansion {
  Node root;
  Diagnostics diagnostics;
};

// `given`: the documents of the section's environment files. `callers`: their subnets exist by
// being named, too.
[[nodiscard]] Expansion expand_tables(const BuildTables& tables, std::span<const Caller> callers,
                                      const DocumentSet& given, const std::string& file);

}  // namespace nsp

#endif  // NSP_SIM_SCENARIO_TABLES_H_

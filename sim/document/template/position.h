// Where a resource of a template will stand: its id, made of scope, type and names.
//
// A name has one segment for each of its type: type `a/b/c` and name `x/y` of namespace `a` become
// `…/providers/a/b/x/c/y`. A nested child may write type and name in full or only the last segment
// of each. An extension resource stands behind the id that its `scope` names.
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_POSITION_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_POSITION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/resource_id.h"
#include "sim/document/deployment.h"

namespace nsp {

struct Position {
  std::string base;  // what stands before `/providers/…`
  std::string type;  // in full
  std::vector<std::string> names;

  // Nothing when a segment is empty.
  [[nodiscard]] std::optional<ResourceId> id() const;
};

// What the schema of a template says of where it goes.
[[nodiscard]] std::optional<DeploymentFacts::Level> template_level(const Node& root);

// The group, subscription or management group that a deployment goes to; empty for a tenant.
[[nodiscard]] std::string base_of(const DeploymentFacts& target);

// The id that a `scope` names: in full, or a type with its names in the deployment's group.
[[nodiscard]] std::string scope_id(std::string_view scope, const DeploymentFacts& target);

// Nothing when the name does not fit the type. `parent` is that of a nested child, or null.
[[nodiscard]] std::optional<Position> position_of(std::string_view type, std::string_view name,
                                                  const std::string& base, const Position* parent);

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_POSITION_H_

// The built-in roles that let an identity reach data, and what each of them grants.
//
// A role assignment names its role by a GUID that is the same in every tenant. The network admits a
// call before any role is looked at (G-4); these tell whether what comes after can succeed. Roles
// of the management plane stand here with no grant: Contributor may list an account's keys, but an
// identity that shows its own token reads no blob with it. A role that is not listed may grant
// anything.
//
// Source: Azure RBAC, "Azure built-in roles". Thread safety: constant data and pure functions.
#ifndef NSP_SIM_MODEL_ROLES_H_
#define NSP_SIM_MODEL_ROLES_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/base/guid.h"

namespace nsp {

// What a call needs at its destination. Whoever may write may read.
enum class DataAccess : std::uint8_t {
  ReadBlobs,
  WriteBlobs,
  QueryIndexes,  // of AI Search
  WriteIndexes,
  CallModels,  // of Foundry and Azure OpenAI: completions, embeddings
  ReadSecrets,
  UseKeys,  // wrap and unwrap, for encryption with keys of a vault
};

struct BuiltInRole {
  Guid id;
  std::string_view name;
  std::uint8_t grants = 0;  // a bit for each DataAccess

  [[nodiscard]] bool grants_access(DataAccess access) const {
    return (grants >> static_cast<unsigned>(access) & 1U) != 0;
  }
};

// In order of their names.
[[nodiscard]] std::span<const BuiltInRole> built_in_roles();
// Null for a role of somebody's own, and for one that is not listed.
[[nodiscard]] const BuiltInRole* find_role(const Guid& id);
// By its name, without case.
[[nodiscard]] const BuiltInRole* find_role(std::string_view name);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_ROLES_H_

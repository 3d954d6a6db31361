#include "sim/lab/scoped.h"

#include <algorithm>

#include "sim/base/vocabulary.h"

namespace nsp::lab {
namespace {

void set_modes(Environment& environment, const Scope& scope) {
  for (Index i = 0; i < environment.associations.size(); ++i) {
    if (scope.only != nullptr && !(*scope.only)[i]) continue;
    environment.associations[i].mode = *scope.mode;
    environment.associations[i].mode_text = to_string(*scope.mode);
    environment.associations[i].unresolved.clear();
  }
}

void set_access(Resource& resource, PublicNetworkAccess access) {
  resource.public_network_access = access;
  resource.public_network_access_text = to_string(access);
  std::erase_if(resource.unresolved,
                [](const Unresolved& one) { return one.setting == "publicNetworkAccess"; });
}

// The last association takes the place of the one that goes.
void dissociate(Environment& environment, Index resource) {
  const Index gone = environment.resources[resource].association;
  if (gone == kNone) return;
  environment.resources[resource].association = kNone;
  std::vector<Association>& all = environment.associations;
  if (gone + 1 != all.size()) {
    all[gone] = std::move(all.back());
    environment.resources[all[gone].resource].association = gone;
  }
  all.pop_back();
}

}  // namespace

Environment environment_in(const Environment& environment, const Scope& scope) {
  Environment changed = environment;
  if (scope.mode) set_modes(changed, scope);
  if (scope.resource_with_access != kNone) {
    set_access(changed.resources[scope.resource_with_access], scope.public_network_access);
  }
  if (scope.not_associated != kNone) dissociate(changed, scope.not_associated);
  return changed;
}

}  // namespace nsp::lab

// An environment as a Scope of the evaluator sees it: for nodes, which know no scopes.
//
// Thread safety: pure function.
#ifndef NSP_SIM_LAB_SCOPED_H_
#define NSP_SIM_LAB_SCOPED_H_

#include "sim/decision/evaluate.h"

namespace nsp::lab {

// Modes set, one resource's publicNetworkAccess set, one association gone. Evaluating in the result
// without a scope is evaluating in `environment` with it.
[[nodiscard]] Environment environment_in(const Environment& environment, const Scope& scope);

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_SCOPED_H_

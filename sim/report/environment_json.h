// An environment as documents again: the plain shape `{"resources":[…]}`, every object a REST
// resource.
//
// Reading it back gives an equal environment; places, counts of what was ignored and members that
// the model does not know outside `properties` are lost. What only others name (stubs, undescribed
// perimeters) is not written, since reading makes it anew. Service tags stand beside the resources,
// as `values` of the public download. Secrets among the members that the model does not know are
// written as `redacted` (sim/model/secrets.h).
//
// Thread safety: pure function.
#ifndef NSP_SIM_REPORT_ENVIRONMENT_JSON_H_
#define NSP_SIM_REPORT_ENVIRONMENT_JSON_H_

#include <string>
#include <string_view>

#include "sim/model/environment.h"

namespace nsp {

// `schema` stands in the first member; none where it is empty.
[[nodiscard]] std::string environment_as_json(const Environment& environment,
                                              std::string_view schema = {});

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENVIRONMENT_JSON_H_

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

#include <functional>
#include <string>
#include <string_view>

#include "sim/model/environment.h"
#include "sim/report/json_writer.h"

namespace nsp {

// `schema` stands in the first member; none where it is empty. `more` may add members at the end,
// which reading passes over.
[[nodiscard]] std::string environment_as_json(const Environment& environment,
                                              std::string_view schema = {},
                                              const std::function<void(JsonWriter&)>& more = {});

}  // namespace nsp

#endif  // NSP_SIM_REPORT_ENVIRONMENT_JSON_H_

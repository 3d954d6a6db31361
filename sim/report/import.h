// What reading a set of documents understood, assumed and ignored.
//
// Thread safety: pure functions.
#ifndef NSP_SIM_REPORT_IMPORT_H_
#define NSP_SIM_REPORT_IMPORT_H_

#include <string>

#include "sim/model/build.h"
#include "sim/report/format.h"

namespace nsp {

// REQUIRES: result.ok().
[[nodiscard]] std::string import_as_text(const BuildResult& result, const RenderOptions& options);
// `"schema":"nspsim.import/1"`: the environment in the plain shape, to be read again.
[[nodiscard]] std::string import_as_json(const BuildResult& result);

}  // namespace nsp

#endif  // NSP_SIM_REPORT_IMPORT_H_

// Documents to one validated environment, or every reason why not.
//
// Everything wrong is found at once, each with its place: dangling ids, a profile of another
// perimeter, a second association of a resource (U1), a rule kind in the wrong direction (R-6, a
// warning), a bad prefix or host name, duplicate names, limits (C2: an error above 200 elements a
// profile and direction, a warning above 200 in total; 10 links a perimeter), name pattern and
// length. A resource that is associated but not described becomes a stub with a warning.
#ifndef NSP_SIM_MODEL_BUILD_H_
#define NSP_SIM_MODEL_BUILD_H_

#include <filesystem>
#include <span>

#include "sim/document/resource_document.h"
#include "sim/model/environment.h"

namespace nsp {

// `environment` is meaningful only when `diagnostics` holds no error.
struct BuildResult {
  Environment environment;
  Diagnostics diagnostics;  // in order of place

  [[nodiscard]] bool ok() const { return !has_errors(diagnostics); }
};

[[nodiscard]] BuildResult build_environment(const DocumentSet& documents);

// load_documents() and build_environment() in one.
[[nodiscard]] BuildResult load_environment(std::span<const std::filesystem::path> paths);

}  // namespace nsp

#endif  // NSP_SIM_MODEL_BUILD_H_
